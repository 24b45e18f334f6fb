"""EF05 (card) and EF06 (holder) of the social-security application (LD/T 32): records of tag, length and value."""

import unicodedata
from collections.abc import Mapping
from datetime import date

from kiosk.domain.citizen_number import CitizenNumber, NumberProblem, parse_citizen_number
from kiosk.domain.identity_document import Sex
from kiosk.domain.person_name import PersonName
from kiosk.domain.social_security_card import SocialSecurityCard
from kiosk.ports.id_card import CardContradictory, CardUnreadable

IDENTIFICATION, VERSION, ISSUED, EXPIRES, CARD_NUMBER = 0x01, 0x03, 0x05, 0x06, 0x07
NUMBER, NAME, NAME_REST, SEX, ETHNICITY, BIRTH = 0x08, 0x09, 0x4E, 0x0A, 0x0B, 0x0D

EF05_TAGS = (VERSION, IDENTIFICATION, ISSUED, EXPIRES, CARD_NUMBER)
EF06_TAGS = (NUMBER, NAME, NAME_REST, SEX, ETHNICITY, BIRTH)
_OPTIONAL = {NAME_REST}
"""Cards of version 1 have no extension of the name."""

_VERSIONS = {b"1.00": 1, b"2.00": 2, b"3.00": 3}
_SEXES = {sex.value.encode(): sex for sex in Sex} | {bytes((int(sex.value),)): sex for sex in Sex}
"""Cards carry the digit of GB/T 2261.1 as a character or as a number."""

_PADDING = b"\x00 \xff"
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


def record_value(answer: bytes) -> tuple[int, bytes] | None:
    """Tag and value of one record; None when it ends before its length says. What follows the value is padding."""
    if len(answer) < 2 or len(answer) < 2 + answer[1]:
        return None
    return answer[0], answer[2 : 2 + answer[1]]


def parse_card(records: Mapping[int, bytes]) -> SocialSecurityCard | CardContradictory | CardUnreadable:
    """The card that ``records`` (values by tag, of both files) tell of, or what is missing or at odds in them."""
    missing = [tag for tag in EF05_TAGS + EF06_TAGS if tag not in records and tag not in _OPTIONAL]
    if missing:
        return CardUnreadable(f"no-record-{missing[0]:02x}")
    try:
        return _card(records)
    except _ContradictionError as contradiction:
        return CardContradictory(contradiction.field)


def _card(records: Mapping[int, bytes]) -> SocialSecurityCard:
    number = _number(records[NUMBER])
    if _date(records[BIRTH], "birth-date") != number.birth_date:
        raise _ContradictionError("birth-date")
    issued_on, valid_to = (_date(records[tag], "validity") for tag in (ISSUED, EXPIRES))
    if valid_to < issued_on:
        raise _ContradictionError("validity")
    return SocialSecurityCard(
        name=_name(records[NAME], records.get(NAME_REST, b"")),
        number=number,
        sex=_sex(records[SEX], number),
        ethnicity_code=_digits(records[ETHNICITY], 2, "ethnicity"),
        card_number=_card_number(records[CARD_NUMBER]),
        area_code=_digits(records[IDENTIFICATION][:3], 6, "area-code"),
        version=_version(records[VERSION]),
        issued_on=issued_on,
        valid_to=valid_to,
    )


def _number(value: bytes) -> CitizenNumber:
    number = parse_citizen_number(_ascii(value, "number"))
    if isinstance(number, NumberProblem):
        raise _ContradictionError(_NUMBER_FIELDS[number])
    return number


def _name(value: bytes, rest: bytes) -> PersonName:
    """GBK, and GB18030 which contains it; a character may begin in one record and end in the other."""
    try:
        name = (value.rstrip(_PADDING) + rest.rstrip(_PADDING)).decode("gb18030")
    except UnicodeDecodeError:
        raise _ContradictionError("name") from None
    if not name.strip() or any(unicodedata.category(character) == "Cc" for character in name):
        raise _ContradictionError("name")
    return PersonName(name)


def _sex(value: bytes, number: CitizenNumber) -> Sex:
    sex = _SEXES.get(value)
    if sex is None or (sex in (Sex.MALE, Sex.FEMALE) and (sex is Sex.MALE) != number.is_male):
        raise _ContradictionError("sex")
    return sex


def _card_number(value: bytes) -> str:
    text = _ascii(value, "card-number")
    if not text.isalnum():
        raise _ContradictionError("card-number")
    return text


def _version(value: bytes) -> int:
    try:
        return _VERSIONS[value.rstrip(_PADDING)]
    except KeyError:
        raise _ContradictionError("version") from None


def _date(value: bytes, field: str) -> date:
    digits = _digits(value, 8, field)
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise _ContradictionError(field) from None


def _digits(value: bytes, count: int, field: str) -> str:
    """Exactly ``count`` BCD digits."""
    digits = value.hex()
    if len(digits) != count or not digits.isdecimal():
        raise _ContradictionError(field)
    return digits


def _ascii(value: bytes, field: str) -> str:
    try:
        return value.rstrip(_PADDING).decode("ascii")
    except UnicodeDecodeError:
        raise _ContradictionError(field) from None
