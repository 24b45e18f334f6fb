"""Training cards: the records of EF05 and EF06 of a social-security card (LD/T 32), each tag, length, value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

Records = tuple[bytes, ...]
"""In the order of their numbers, which begin at 1."""


class CardKind(Enum):
    SOCIAL_SECURITY = "social-security"
    BANK = "bank"
    """Has no social-security application."""
    PIN_PROTECTED = "pin-protected"
    """Gives EF06 only after the holder's PIN."""
    BY_SHORT_IDENTIFIER = "by-short-identifier"
    """Knows no SELECT of its files."""
    BY_NUMBER = "by-number"
    """Finds records by number only."""


@dataclass(frozen=True, slots=True)
class Card:
    kind: CardKind
    files: dict[str, Records] = field(repr=False)
    """Records by the file's name in hexadecimal."""


def _characters(width: int) -> Callable[[str], bytes]:
    return lambda text: text.encode("gb18030")[:width].ljust(width, b"\x00")


def _bcd(width: int) -> Callable[[str], bytes]:
    return lambda digits: bytes.fromhex(digits.ljust(2 * width, "F"))


_NAME_WIDTH, _REST_WIDTH = 30, 20

DEFAULTS = {
    "version": "3.00",
    "area_code": "360700",
    "card_number": "T00000001",
    "issued_on": "20200101",
    "valid_to": "20300101",
    "ethnicity": "01",
    "birth_place": "360700",
}
"""Fields that a training card has without being told."""

FIELDS = frozenset((*DEFAULTS, "name", "number", "sex", "birth"))


def social_security_card(kind: CardKind, fields: dict[str, Any]) -> Card:
    """Contradictions between the fields are kept as given; a field without a default stays empty."""
    unknown = set(fields) - FIELDS
    if unknown:
        raise ValueError(f"this card has no field {', '.join(sorted(unknown))}")
    text = {name: str(value) for name, value in (DEFAULTS | fields).items()}
    return Card(kind, {"EF05": _card_file(text), "EF06": _holder_file(text)})


def _card_file(text: dict[str, str]) -> Records:
    return (
        _record(0x01, _bcd(16)(text["area_code"] + "D156000005" + "0000000001")),
        _record(0x02, b"1"),
        _record(0x03, _characters(4)(text["version"])),
        _record(0x04, _bcd(12)("0000000001")),
        _record(0x05, _bcd(4)(text["issued_on"])),
        _record(0x06, _bcd(4)(text["valid_to"])),
        _record(0x07, _characters(9)(text["card_number"])),
    )


def _holder_file(text: dict[str, str]) -> Records:
    """Version 1 has no extension of the name, so that the numbers of what follows differ."""
    name = text.get("name", "").encode("gb18030")
    first, rest = name[:_NAME_WIDTH], name[_NAME_WIDTH : _NAME_WIDTH + _REST_WIDTH]
    extension = () if text["version"].startswith("1") else (_record(0x4E, rest.ljust(_REST_WIDTH, b"\x00")),)
    return (
        _record(0x08, _characters(18)(text.get("number", ""))),
        _record(0x09, first.ljust(_NAME_WIDTH, b"\x00")),
        *extension,
        _record(0x0A, _characters(1)(text.get("sex", ""))),
        _record(0x0B, _bcd(1)(text["ethnicity"])),
        _record(0x0C, _bcd(3)(text["birth_place"])),
        _record(0x0D, _bcd(4)(text.get("birth", ""))),
    )


def _record(tag: int, value: bytes) -> bytes:
    return bytes((tag, len(value))) + value
