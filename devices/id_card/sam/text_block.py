"""The 256-byte text file of the card (GA/T 490-2019): UTF-16LE, blank padded, four layouts by one character."""

from datetime import date

from kiosk.domain.citizen_number import CitizenNumber, NumberProblem, parse_citizen_number
from kiosk.domain.identity_document import DocumentKind, IdentityDocument, Sex
from kiosk.domain.person_name import PersonName
from kiosk.ports.id_card import CardContradictory, WrongCard

TEXT_BYTES = 256

_KIND_AT = 248
_FOREVER = "长期"
_NUMBER_FIELDS = {
    NumberProblem.LENGTH: "number",
    NumberProblem.CHARACTERS: "number",
    NumberProblem.BIRTH_DATE: "birth-date",
    NumberProblem.CHECK_DIGIT: "check-digit",
}


class _ContradictionError(Exception):
    """Carries the name of the contradicting field out of the field parsers below, never its content."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def parse_text_block(block: bytes) -> IdentityDocument | CardContradictory | WrongCard:
    """A resident ID card whose fields agree with each other, or why it is none.

    ``block`` is exactly 256 bytes. The kind of card is decided before any other byte is looked at: the other
    layouts put other things at the same offsets.
    """
    kind = _kind(block)
    if kind is not DocumentKind.RESIDENT_ID:
        return WrongCard()
    try:
        return _resident(block)
    except _ContradictionError as contradiction:
        return CardContradictory(contradiction.field)


def _kind(block: bytes) -> DocumentKind | None:
    character = int.from_bytes(block[_KIND_AT : _KIND_AT + 2], "little")
    return next((kind for kind in DocumentKind if ord(kind.value) == character), None)


def _resident(block: bytes) -> IdentityDocument:
    number = _number(_text(block, 122, 36, "number"))
    if _date(_text(block, 36, 16, "birth-date"), "birth-date") != number.birth_date:
        raise _ContradictionError("birth-date")
    valid_from = _date(_text(block, 188, 16, "validity"), "validity")
    valid_to = _valid_to(_text(block, 204, 16, "validity"))
    if valid_to is not None and valid_to < valid_from:
        raise _ContradictionError("validity")
    return IdentityDocument(
        name=_name(_text(block, 0, 30, "name")),
        number=number,
        sex=_sex(_text(block, 30, 2, "sex"), number),
        ethnicity_code=_ethnicity(_text(block, 32, 4, "ethnicity")),
        address=_text(block, 52, 70, "address"),
        authority=_text(block, 158, 30, "authority"),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _text(block: bytes, offset: int, width: int, field: str) -> str:
    try:
        return block[offset : offset + width].decode("utf-16-le").rstrip(" \0")
    except UnicodeDecodeError:
        raise _ContradictionError(field) from None


def _number(text: str) -> CitizenNumber:
    number = parse_citizen_number(text)
    if isinstance(number, NumberProblem):
        raise _ContradictionError(_NUMBER_FIELDS[number])
    return number


def _name(text: str) -> PersonName:
    if not text:
        raise _ContradictionError("name")
    return PersonName(text)


def _sex(text: str, number: CitizenNumber) -> Sex:
    try:
        sex = Sex(text)
    except ValueError:
        raise _ContradictionError("sex") from None
    if sex in (Sex.MALE, Sex.FEMALE) and (sex is Sex.MALE) != number.is_male:
        raise _ContradictionError("sex")
    return sex


def _ethnicity(text: str) -> str:
    """Two digits; codes outside GB/T 3304 are kept, local registers have used some."""
    if not (len(text) == 2 and text.isascii() and text.isdigit()):
        raise _ContradictionError("ethnicity")
    return text


def _valid_to(text: str) -> date | None:
    return None if text == _FOREVER else _date(text, "validity")


def _date(text: str, field: str) -> date:
    if not (len(text) == 8 and text.isascii() and text.isdigit()):
        raise _ContradictionError(field)
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise _ContradictionError(field) from None
