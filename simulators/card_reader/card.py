"""Training cards: the 256-byte text block of GA/T 490 in its four layouts, and the appended addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Layout = tuple[tuple[int, int, str], ...]

_COMMON: Layout = ((36, 16, "birth"), (122, 36, "number"), (188, 16, "valid_from"), (204, 16, "valid_to"))

LAYOUTS: dict[str, Layout] = {
    " ": (
        *_COMMON,
        (0, 30, "name"),
        (30, 2, "sex"),
        (32, 4, "ethnicity"),
        (52, 70, "address"),
        (158, 30, "authority"),
    ),
    "J": (
        *_COMMON,
        (0, 30, "name"),
        (30, 2, "sex"),
        (52, 70, "address"),
        (158, 30, "authority"),
        (220, 18, "travel_permit"),
        (238, 4, "times_issued"),
    ),
    "Y": (
        *_COMMON,
        (0, 30, "name"),
        (30, 2, "sex"),
        (32, 4, "times_issued"),
        (52, 70, "english_name"),
        (220, 22, "english_name_rest"),
        (242, 6, "country"),
        (250, 6, "association"),
    ),
    "I": (
        (0, 120, "english_name"),
        (120, 2, "sex"),
        (122, 30, "number"),
        (152, 6, "country"),
        (158, 30, "name"),
        (188, 16, "valid_from"),
        (204, 16, "valid_to"),
        (220, 16, "birth"),
        (236, 4, "version"),
        (240, 8, "accepting_authority"),
    ),
}
"""Byte offset, width and field of each layout, by the card-type character at offset 248."""


MOST_ADDRESSES = 4
MOST_FINGERPRINTS = 2
FINGERPRINT_BYTES = 512
MANAGEMENT_NUMBER_BYTES = 28


@dataclass(frozen=True, slots=True)
class Card:
    """What lies on the plate: files as the SAM hands them out. ``addresses`` are 70-byte appended records, newest
    first; ``fingerprints`` none, one or two templates of 512 bytes; ``management_number`` IIN 4, SN 8 and DN 16 bytes.
    ``delays_s`` is how long the card takes over a command, by its code."""

    text: bytes = field(repr=False)
    photo: bytes = field(repr=False)
    addresses: tuple[bytes, ...] = field(default=(), repr=False)
    fingerprints: bytes = field(default=b"", repr=False)
    management_number: bytes = field(default=bytes(MANAGEMENT_NUMBER_BYTES), repr=False)
    delays_s: Mapping[int, float] = field(default_factory=dict)


def _padded(value: str, width: int) -> bytes:
    """UTF-16LE cut to whole characters that fit ``width`` bytes, filled with spaces."""
    encoded = b""
    for character in value:
        unit = character.encode("utf-16-le")
        if len(encoded) + len(unit) > width:
            break
        encoded += unit
    return encoded + " ".encode("utf-16-le") * ((width - len(encoded)) // 2)


def text_block(kind: str, fields: dict[str, Any]) -> bytes:
    """256 bytes; fields absent from ``fields`` stay blank, contradictions between them are kept as given."""
    block = bytearray(" ".encode("utf-16-le") * 128)
    for offset, width, name in LAYOUTS[kind]:
        block[offset : offset + width] = _padded(str(fields.get(name, "")), width)
    block[248:250] = kind.encode("utf-16-le")
    return bytes(block)


def address_record(address: str) -> bytes:
    """One appended address, 35 characters in 70 bytes."""
    return _padded(address, 70)
