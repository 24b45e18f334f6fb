"""From text to cells: one drawable piece each, with the face that has the character and its advance in whole dots.

No character ever vanishes. A code point that none of the fonts draws, above all the private-use characters of old
name registers, becomes a framed box with its hexadecimal number, legible at the size of the text around it.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from PySide6.QtGui import QFont, QFontMetrics

from devices.printer.fonts import RARE, SANS, SERIF
from devices.printer.grid import Face, Style

_PIECE = re.compile(r".[\ufe00-\ufe0f\U000e0100-\U000e01ef]*", re.DOTALL)
"""A character with the variation selectors after it."""

_WHITE_SPACE = re.compile(r"[ \t\r\n\f\v]+")
BOX_PADDING = 4


class Cut(StrEnum):
    """What draws a cell: a face of the house, the rare-character font, or the marked box."""

    SANS = SANS
    SERIF = SERIF
    RARE = RARE
    BOX = "box"


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` is one character (with its variation selector) or the hexadecimal number inside a marked box.

    ``advance`` and ``size`` are dots; ``rise`` lifts the baseline (negative lowers it).
    """

    text: str
    cut: Cut
    bold: bool
    size: int
    advance: int
    rise: int = 0

    is_space: bool = field(init=False, compare=False, repr=False)
    is_han: bool = field(init=False, compare=False, repr=False)
    is_latin: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """What the line breaking asks of every cell, found out once."""
        drawn = self.cut is not Cut.BOX
        space = drawn and self.text.isspace()
        object.__setattr__(self, "is_space", space)
        object.__setattr__(self, "is_han", drawn and unicodedata.east_asian_width(self.text[0]) in ("W", "F"))
        object.__setattr__(self, "is_latin", drawn and self.text.isascii() and not space)


def cells_of(text: str, style: Style) -> tuple[Cell, ...]:
    """The cells of one paragraph; ASCII white space becomes single spaces, none at the ends."""
    return tuple(_cell(piece, style) for piece in _PIECE.findall(_WHITE_SPACE.sub(" ", text).strip(" ")))


def font(cut: Cut, bold: bool, size: int) -> QFont:
    """The font as measured and painted: antialiased, fully hinted, with no substitution by Qt."""
    face = QFont(cut.value)
    face.setPixelSize(size)
    face.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    face.setHintingPreference(QFont.HintingPreference.PreferFullHinting)
    strategy = QFont.StyleStrategy
    face.setStyleStrategy(
        strategy.PreferAntialias | strategy.NoFontMerging | strategy.PreferMatch | strategy.NoSubpixelAntialias
    )
    face.setKerning(False)
    return face


@lru_cache(maxsize=4096)
def _cell(piece: str, style: Style) -> Cell:
    cut, bold = _cut(piece, style.face)
    if cut is Cut.BOX:
        number = "-".join(f"{ord(character):04X}" for character in piece)
        inner = QFontMetrics(font(Cut.SANS, False, style.size)).horizontalAdvance(number)
        return Cell(number, Cut.BOX, False, style.size, inner + 4 * BOX_PADDING)
    advance = QFontMetrics(font(cut, bold, style.size)).horizontalAdvance(piece)
    rise = -round(0.19 * style.size) if piece == "*" else 0
    return Cell(piece, cut, bold, style.size, advance, rise)


def _cut(piece: str, face: Face) -> tuple[Cut, bool]:
    bold = face is not Face.SANS
    if face is Face.SERIF_BOLD and not piece.isascii() and _draws(Cut.SERIF, bold, piece):
        return Cut.SERIF, bold
    if _draws(Cut.SANS, bold, piece):
        return Cut.SANS, bold
    if _draws(Cut.RARE, False, piece):
        return Cut.RARE, bold
    return Cut.BOX, False


_UNDRAWN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "Mc", "Zl", "Zp"))


def _draws(cut: Cut, bold: bool, piece: str) -> bool:
    """Only characters that stand alone and leave ink count: leaning marks and invisible ones get their box."""
    if piece in (" ", "　"):
        return True
    if unicodedata.category(piece[0]) in _UNDRAWN:
        return False
    metrics = QFontMetrics(font(cut, bold, 24))
    return metrics.inFontUcs4(ord(piece[0])) and not metrics.tightBoundingRect(piece).isEmpty()
