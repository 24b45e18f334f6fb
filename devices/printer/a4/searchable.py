"""Has the text of a PDF read as it was written.

Noto draws 示 and the radical ⽰ with one glyph, and Qt names a glyph by the first character that it draws. So whoever
searched a paper for 示例 found nothing. The names stand in the PDF's ToUnicode tables, plain and four digits each, and
are set right where they stand. Characters beyond the first 65,536 have no name there: they print, but are not found.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtGui import QRawFont

from devices.printer.glyphs import Cell, Cut, font

_TABLE = re.compile(rb"beginbfrange\n.*?endbfrange", re.DOTALL)
_NAME = re.compile(rb"<([0-9A-F]{4})>(?=[ \]])")
_CHARACTERS = "".join(chr(code) for code in (*range(0x20, 0xD800), *range(0xE000, 0x10000)))


def with_true_names(pdf: bytes, cells: Iterable[Cell]) -> bytes:
    """``cells`` are all that the PDF says; its length stays."""
    written = set(cells)
    spoken = {cell.text for cell in written}
    names = {}
    for cut, bold in {(cell.cut, cell.bold) for cell in written if cell.cut is not Cut.BOX}:
        others = _other_names(cut, bold)
        names.update({others[text]: text for text in spoken if text in others and others[text] not in spoken})
    hexadecimal = {f"{ord(other):04X}".encode(): f"{ord(text):04X}".encode() for other, text in names.items()}
    return _TABLE.sub(lambda table: _NAME.sub(lambda name: _renamed(name[1], hexadecimal), table[0]), pdf)


def _renamed(name: bytes, names: dict[bytes, bytes]) -> bytes:
    return b"<" + names.get(name, name) + b">"


@lru_cache(maxsize=8)
def _other_names(cut: Cut, bold: bool) -> dict[str, str]:
    """Of every character that is not the first with its glyph, the first."""
    glyphs = QRawFont.fromFont(font(cut, bold, 24)).glyphIndexesForString(_CHARACTERS)
    first: dict[int, str] = {}
    for glyph, character in zip(glyphs, _CHARACTERS, strict=True):
        first.setdefault(glyph, character)
    return {
        character: first[glyph]
        for glyph, character in zip(glyphs, _CHARACTERS, strict=True)
        if glyph and first[glyph] != character
    }
