"""The printer's built-in font: cells of 24x24 dots for Chinese, 12x24 for the rest, drawn from Debian's Noto file.

A character the font lacks is a blank frame, as on printers with a small font memory.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from simulators.printer.line import CHARACTER_ROWS, NARROW, WIDE, Dots

_FILE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
_FACE = {WIDE: 2, NARROW: 7}
"""Noto Sans CJK SC and Noto Sans Mono CJK SC, whose narrow letters are half an em wide."""
_BASELINE = {WIDE: 21, NARROW: 19}
"""Rows from the cell's top; narrow letters hang below theirs and must not leave the cell."""
_INK_FROM = 112

_LACKING = "\ufffd"
_UNDRAWN = (_LACKING, "\N{IDEOGRAPHIC SPACE}", " ")


@lru_cache(maxsize=4096)
def character_dots(character: str, width: int) -> Dots:
    """Shape (24, width), ``width`` NARROW or WIDE; U+FFFD stands for what the font lacks."""
    if character == _LACKING:
        return _frame(width)
    image = Image.new("L", (width, CHARACTER_ROWS))
    pen = ImageDraw.Draw(image)
    pen.text((width / 2, _BASELINE[width]), character, fill=255, font=_face(width), anchor="ms")
    dots = np.asarray(image) >= _INK_FROM
    return dots if dots.any() or character in _UNDRAWN else _frame(width)


@lru_cache(maxsize=2)
def _face(width: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FILE), CHARACTER_ROWS, index=_FACE[width])


def _frame(width: int) -> Dots:
    dots = np.zeros((CHARACTER_ROWS, width), dtype=np.bool_)
    dots[[2, -3], 1:-1] = dots[2:-2, [1, -2]] = True
    return dots
