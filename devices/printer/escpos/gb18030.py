"""Text in the printer's own Chinese font, as GB18030 bytes.

Only characters of a proven coverage get bytes: a printer prints anything else as a blank, a frame or a question mark,
and its host never learns of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

HAN_DOTS, LATIN_DOTS = 24, 12
"""Widths of the font's cells; both are 24 rows high."""
ROWS = 24


class Coverage(Enum):
    """How many characters a font is proven to have beyond ASCII; each level holds the one before it.
    ``GB18030_2005`` is the part of two bytes, with the characters of personal names such as U+4DAE."""

    GB2312 = "GB2312"
    GBK = "GBK"
    GB18030_2005 = "GB18030-2005"


@dataclass(frozen=True, slots=True)
class PlacedText:
    """Characters in cells side by side, the first one ``x`` dots from the left edge of the paper."""

    x: int
    text: str


def code_of(character: str, coverage: Coverage) -> bytes | None:
    """One byte for printable ASCII, two for what ``coverage`` holds, None for all else."""
    code = character.encode("gb18030", "replace")
    if len(code) == 1:
        return code if 0x20 <= code[0] < 0x7F and code.decode("ascii") == character else None
    if len(code) != len(b"\xa1\xa1") or "\ue000" <= character <= "\uf8ff":
        return None
    return code if _holds(coverage, code) else None


def cell_width(character: str) -> int:
    """In dots, of a character that has a code."""
    return LATIN_DOTS if character.isascii() else HAN_DOTS


def text_line(pieces: Sequence[PlacedText], coverage: Coverage) -> bytes:
    """One line of ``ROWS`` rows, after which the paper stands right below it. Every character must have a code.

    Each line sets up all it depends on, so that a line lost on the way spoils no other: page 0 of the letters and the
    American set (in the Chinese one ``$`` is a yuan sign), single size, no space between characters. ``ESC J`` and
    ``ESC $`` count in dots: the job sets the motion unit.
    """
    return b"".join((_SET_UP, *(_placed(piece, coverage) for piece in pieces), _LETTERS_ALONE, _PRINT))


_SET_UP = b"\x1bt\0\x1bR\0\x1d!\0\x1b \0\x1cS\0\0\x1c&"
"""``ESC t``, ``ESC R``, ``GS !``, ``ESC SP``, ``FS S`` and ``FS &``."""
_LETTERS_ALONE = b"\x1c."
_PRINT = b"\x1bJ%c" % ROWS


def _placed(piece: PlacedText, coverage: Coverage) -> bytes:
    return b"\x1b$%c%c" % (piece.x & 0xFF, piece.x >> 8) + b"".join(
        _certain_code(character, coverage) for character in piece.text
    )


def _certain_code(character: str, coverage: Coverage) -> bytes:
    code = code_of(character, coverage)
    assert code is not None, character
    return code


def _holds(coverage: Coverage, code: bytes) -> bool:
    if coverage is Coverage.GB18030_2005:
        return True
    try:
        code.decode(coverage.value)
    except UnicodeDecodeError:
        return False
    return True
