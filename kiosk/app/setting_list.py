"""Every option a technician may set, found in the settings' own declarations."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from textwrap import dedent
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kiosk.app.settings import TerminalSettings


@dataclass(frozen=True, slots=True)
class Option:
    """``name`` is the dotted place in the settings file, with the model in brackets where several may stand;
    ``default`` is None where the option must be set."""

    name: str
    kind: str
    default: str | None
    description: str


def options(model: type[BaseModel] = TerminalSettings, prefix: str = "") -> Iterator[Option]:
    for name, info in model.model_fields.items():
        kind = info.annotation
        fragments = list(_fragments(kind))
        if fragments:
            for fragment in fragments:
                choice = f"[{fragment.model_fields['model'].default}]" if len(fragments) > 1 else ""
                yield from options(fragment, f"{prefix}{name}{choice}.")
        elif inspect.isclass(kind) and is_dataclass(kind):
            yield from _dataclass_options(kind, f"{prefix}{name}.")
        else:
            yield Option(f"{prefix}{name}", _words(kind), _default(info), info.description or "")


def _fragments(kind: object) -> Iterator[type[BaseModel]]:
    """The tables a value of ``kind`` may be: one, or one of several models."""
    if inspect.isclass(kind) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _fragments(part)


def _dataclass_options(kind: type[Any], prefix: str) -> Iterator[Option]:
    described = _attribute_docstrings(kind)
    for declared in fields(kind):
        default = None if declared.default is MISSING else str(declared.default)
        text = described.get(declared.name, " ".join((kind.__doc__ or "").split()))
        yield Option(f"{prefix}{declared.name}", _words(declared.type), default, text)


def _attribute_docstrings(kind: type[Any]) -> dict[str, str]:
    """The strings that stand under the attributes they describe; one string may serve the lines above it."""
    body = ast.parse(dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)
    described: dict[str, str] = {}
    waiting: list[str] = []
    for node in body.body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)):
                waiting.append(name)
            case ast.Expr(value=ast.Constant(value=str(text))):
                described.update(dict.fromkeys(waiting, " ".join(text.split())))
                waiting = []
            case _:
                waiting = []
    return described


def _default(info: FieldInfo) -> str | None:
    return None if info.is_required() else str(info.get_default(call_default_factory=True))


def _words(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) else str(kind).replace("typing.", "")
