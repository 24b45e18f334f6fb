"""Binds frozen page props to QML: one typed QObject class for each props class, emitting only what changed."""

from collections.abc import Callable
from dataclasses import Field, fields, is_dataclass
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Property, QObject, Signal, Slot

from ui.view_models.page import Choice

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_PLAIN = (str, bool, int, float)
_ANY = cast(type, "QVariant")


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def to_qml(value: object) -> Any:
    """Tuples become arrays, dataclasses objects; of a choice's event only whether there is one (``live``)."""
    if isinstance(value, tuple):
        return [to_qml(item) for item in value]
    if is_dataclass(value):
        names = [field.name for field in fields(value) if field.name != "event"]
        shown = {_camel(name): to_qml(getattr(value, name)) for name in names}
        return {**shown, "live": value.event is not None} if isinstance(value, Choice) else shown
    return value


class PageModel(QObject):
    """Holds the props of a page, or of the bars around it. ``press`` posts the event of the choice in that field."""

    def __init__(self, blank: "DataclassInstance", post: Callable[[object], None]) -> None:
        super().__init__()
        self._blank = blank
        self._props = blank
        self._post = post

    @property
    def props(self) -> "DataclassInstance":
        return self._props

    def show(self, props: "DataclassInstance") -> None:
        """Takes new props and tells QML which fields differ."""
        before, self._props = self._props, props
        for field in fields(props):
            if getattr(before, field.name) != getattr(props, field.name):
                getattr(self, f"{_camel(field.name)}Changed").emit()

    def clear(self) -> None:
        """Back to the empty page: nothing of a person stays behind a page that is not shown."""
        self.show(self._blank)

    @Slot(str)
    @Slot(str, int)
    def press(self, name: str, index: int = -1) -> None:
        chosen = getattr(self._props, name)
        choice = cast(Choice | None, chosen[index] if isinstance(chosen, tuple) else chosen)
        if choice is not None and choice.event is not None:
            self._post(choice.event)


def _property(field: "Field[Any]", notify: Signal) -> Property:
    def read(model: PageModel) -> Any:
        return to_qml(getattr(model.props, field.name))

    return Property(cast(type, field.type) if field.type in _PLAIN else _ANY, read, notify=notify)


def model_class(props: "type[DataclassInstance]") -> type[PageModel]:
    """The QObject class whose properties are the fields of ``props`` in camel case."""
    members: dict[str, Any] = {}
    for field in fields(props):
        signal = Signal()
        members[f"{_camel(field.name)}Changed"] = signal
        members[_camel(field.name)] = _property(field, signal)
    return cast(type[PageModel], type(f"{props.__name__.removesuffix('Props')}Model", (PageModel,), members))
