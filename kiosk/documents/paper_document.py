"""A paper as a JSON document, so that it can be kept, sent and printed again elsewhere."""

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from kiosk.domain.paper import Paper
from kiosk.domain.receipt_number import parse_receipt_number

_PAPER = TypeAdapter(Paper)


@dataclass(frozen=True, slots=True)
class NotAPaper:
    """``places`` names the members that are missing or wrong, never their values."""

    places: tuple[str, ...]


def paper_to_json(paper: Paper) -> bytes:
    """UTF-8, one object, members as in ``Paper``."""
    return _PAPER.dump_json(paper, indent=2)


def paper_from_json(document: bytes) -> Paper | NotAPaper:
    """The paper, when every member is there and the check character of its number, if it has one, holds."""
    try:
        paper = _PAPER.validate_json(document)
    except ValidationError as problem:
        errors = problem.errors(include_input=False, include_url=False, include_context=False)
        return NotAPaper(tuple(dict.fromkeys(_place(error["loc"]) for error in errors)))
    holds = paper.number is None or parse_receipt_number(paper.number.value) == paper.number
    return paper if holds else NotAPaper(("number",))


def _place(location: tuple[int | str, ...]) -> str:
    """The member's name; of a block only where it stands, for it was tried as every kind."""
    within = 2 if location[:1] == ("blocks",) else len(location)
    return ".".join(str(part) for part in location[:within]) or "document"
