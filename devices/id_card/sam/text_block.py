"""The 256-byte text file of the card (GA/T 490-2019): UTF-16LE, blank padded, four layouts by one character.

Offsets and widths are bytes. Whatever the chip says about itself twice must agree; names and addresses keep their code
points, only the padding behind them goes.
"""

from collections.abc import Callable, Mapping
from datetime import date

from devices.id_card.country import COUNTRY_DIGITS
from kiosk.domain.citizen_number import CitizenNumber, NumberProblem, parse_citizen_number
from kiosk.domain.foreign_number import ForeignNumber, earlier_number, parse_foreign_number
from kiosk.domain.identity_document import DocumentKind, ForeignPermit, IdentityDocument, ResidencePermit, Sex
from kiosk.domain.person_name import PersonName
from kiosk.ports.id_card import CardContradictory, WrongCard

TEXT_BYTES = 256

_ADDRESS_BYTES = 70
_KIND_AT = 248
_FOREVER = "长期"
_PERMIT_AREAS = ("81", "82", "83")
"""Hong Kong, Macao, Taiwan."""

_NUMBER_FIELDS = {
    NumberProblem.LENGTH: "number",
    NumberProblem.CHARACTERS: "number",
    NumberProblem.BIRTH_DATE: "birth-date",
    NumberProblem.CHECK_DIGIT: "check-digit",
}

Document = IdentityDocument | ResidencePermit | ForeignPermit


class _ContradictionError(Exception):
    """Carries the name of the contradicting field out of the field parsers below, never its content."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def parse_text_block(block: bytes, today: date) -> Document | CardContradictory | WrongCard:
    """A card whose fields agree with each other, or why it is none. Nobody is born after ``today``.

    ``block`` is exactly 256 bytes. The kind of card is decided before any other byte is looked at: layouts put
    different things at the same offsets.
    """
    layout = _LAYOUTS.get(int.from_bytes(block[_KIND_AT : _KIND_AT + 2], "little"))
    if layout is None:
        return WrongCard()
    try:
        return layout(block, today)
    except _ContradictionError as contradiction:
        return CardContradictory(contradiction.field)


def parse_address_records(data: bytes) -> tuple[str, ...]:
    """Appended addresses, newest first, of records of 70 bytes. Empty where a record is no text: the next one would
    pass for the newest."""
    try:
        records = [_text(data, at, _ADDRESS_BYTES, "address") for at in range(0, len(data), _ADDRESS_BYTES)]
    except _ContradictionError:
        return ()
    return tuple(record for record in records if record)


def _resident(block: bytes, today: date) -> IdentityDocument:
    number = _citizen_number(block, today)
    return IdentityDocument(
        name=_name(_text(block, 0, 30, "name")),
        number=number,
        sex=_sex_of(block, 30, number.value),
        ethnicity_code=_ethnicity(_text(block, 32, 4, "ethnicity")),
        address=_text(block, 52, 70, "address"),
        authority=_text(block, 158, 30, "authority"),
        valid_from=_valid_from(block),
        valid_to=_valid_to(block),
    )


def _residence_permit(block: bytes, today: date) -> ResidencePermit:
    number = _citizen_number(block, today)
    if not number.value.startswith(_PERMIT_AREAS):
        raise _ContradictionError("number")
    return ResidencePermit(
        name=_name(_text(block, 0, 30, "name")),
        number=number,
        sex=_sex_of(block, 30, number.value),
        address=_text(block, 52, 70, "address"),
        authority=_text(block, 158, 30, "authority"),
        valid_from=_valid_from(block),
        valid_to=_valid_to(block),
        travel_permit=_text(block, 220, 18, "travel-permit"),
        times_issued=_text(block, 238, 4, "times-issued"),
    )


def _foreign_2017(block: bytes, today: date) -> ForeignPermit:
    number = _foreign_number(_text(block, 122, 30, "number"), 15)
    country = _country(_text(block, 152, 6, "country"))
    if not number.value.startswith(country):
        raise _ContradictionError("country")
    return ForeignPermit(
        kind=DocumentKind.FOREIGN_PERMANENT_2017,
        name=_name(_text(block, 0, 120, "name")),
        chinese_name=_name_or_none(_text(block, 158, 30, "chinese-name")),
        number=number,
        sex=_sex(_text(block, 120, 2, "sex")),
        birth_date=_birth_date(_text(block, 220, 16, "birth-date"), today),
        country=country,
        valid_from=_valid_from(block),
        valid_to=_last_day(block),
    )


def _foreign_2023(block: bytes, today: date) -> ForeignPermit:
    number = _foreign_number(_text(block, 122, 36, "number"), 18)
    birth_date = _birth_date(_text(block, 36, 16, "birth-date"), today)
    if number.value[6:14] != _text(block, 36, 16, "birth-date"):
        raise _ContradictionError("birth-date")
    country = _country(_text(block, 242, 6, "country"))
    if COUNTRY_DIGITS.get(country, number.value[3:6]) != number.value[3:6]:
        raise _ContradictionError("country")
    association = _text(block, 250, 6, "association")
    if association and not (len(association) == 3 and _are_digits(association)):
        raise _ContradictionError("association")
    return ForeignPermit(
        kind=DocumentKind.FOREIGN_PERMANENT_2023,
        name=_name(_text(block[52:122] + block[220:242], 0, 92, "name")),
        chinese_name=_name_or_none(_text(block, 0, 30, "chinese-name")),
        number=number,
        sex=_sex_of(block, 30, number.value),
        birth_date=birth_date,
        country=country,
        valid_from=_valid_from(block),
        valid_to=_last_day(block),
        earlier_number=earlier_number(number, country, association) if association else None,
    )


_LAYOUTS: Mapping[int, Callable[[bytes, date], Document]] = {
    ord(DocumentKind.RESIDENT_ID.value): _resident,
    ord(DocumentKind.HK_MACAO_TAIWAN_PERMIT.value): _residence_permit,
    ord(DocumentKind.FOREIGN_PERMANENT_2017.value): _foreign_2017,
    ord(DocumentKind.FOREIGN_PERMANENT_2023.value): _foreign_2023,
}


def _text(block: bytes, offset: int, width: int, field: str) -> str:
    try:
        return block[offset : offset + width].decode("utf-16-le").rstrip(" \0")
    except UnicodeDecodeError:
        raise _ContradictionError(field) from None


def _citizen_number(block: bytes, today: date) -> CitizenNumber:
    """The number at the place it has on cards of residents, agreeing with the birth date."""
    number = parse_citizen_number(_text(block, 122, 36, "number"))
    if isinstance(number, NumberProblem):
        raise _ContradictionError(_NUMBER_FIELDS[number])
    if _birth_date(_text(block, 36, 16, "birth-date"), today) != number.birth_date:
        raise _ContradictionError("birth-date")
    return number


def _foreign_number(text: str, length: int) -> ForeignNumber:
    number = parse_foreign_number(text) if len(text) == length else NumberProblem.LENGTH
    if isinstance(number, NumberProblem):
        raise _ContradictionError(_NUMBER_FIELDS[number])
    return number


def _name(text: str) -> PersonName:
    if not text:
        raise _ContradictionError("name")
    return PersonName(text)


def _name_or_none(text: str) -> PersonName | None:
    return PersonName(text) if text else None


def _sex(text: str) -> Sex:
    try:
        return Sex(text)
    except ValueError:
        raise _ContradictionError("sex") from None


def _sex_of(block: bytes, offset: int, number: str) -> Sex:
    """The last digit of the sequence in an 18-character ``number`` is odd for men; a sex not stated says nothing."""
    sex = _sex(_text(block, offset, 2, "sex"))
    if sex in (Sex.MALE, Sex.FEMALE) and (sex is Sex.MALE) != (int(number[16]) % 2 == 1):
        raise _ContradictionError("sex")
    return sex


def _ethnicity(text: str) -> str:
    """Two digits; codes outside GB/T 3304 are kept, local registers have used some."""
    if not (len(text) == 2 and _are_digits(text)):
        raise _ContradictionError("ethnicity")
    return text


def _country(text: str) -> str:
    """Three capitals; letters outside GB/T 2659 are kept."""
    if not (len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()):
        raise _ContradictionError("country")
    return text


def _birth_date(text: str, today: date) -> date:
    birth_date = _date(text, "birth-date")
    if birth_date > today:
        raise _ContradictionError("birth-date")
    return birth_date


def _valid_from(block: bytes) -> date:
    return _date(_text(block, 188, 16, "validity"), "validity")


def _valid_to(block: bytes) -> date | None:
    """None for 长期."""
    return None if _text(block, 204, 16, "validity") == _FOREVER else _last_day(block)


def _last_day(block: bytes) -> date:
    valid_to = _date(_text(block, 204, 16, "validity"), "validity")
    if valid_to < _valid_from(block):
        raise _ContradictionError("validity")
    return valid_to


def _date(text: str, field: str) -> date:
    if not (len(text) == 8 and _are_digits(text)):
        raise _ContradictionError(field)
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise _ContradictionError(field) from None


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
