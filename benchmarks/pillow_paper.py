"""A page drawn by Pillow: the same marks at the same places with the same fonts, as a program without Qt would do it.

Neighbouring characters of one font are drawn as one text, grey as Pillow does best, and cut to black and white. A seal
is a picture made before and pasted, as programs have it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import groupby, pairwise
from typing import assert_never

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from devices.printer.fonts import FONT_FILES, RARE, SANS, SERIF
from devices.printer.glyphs import Cut
from devices.printer.page import Arrow, Bits, Block, Checkbox, Dotted, Glyph, Hatch, Mark, Matrix, Page, Stamp, Tick
from devices.printer.rasterise import rasterise

BLACK, WHITE = 0, 255
_THRESHOLD = 144
_SIMPLIFIED = 2
"""Number of the SC face in Noto's collections."""


class PillowPaper:
    """``paint`` draws the page anew at every call; fonts stay loaded, and texts are put together once."""

    def __init__(self, page: Page) -> None:
        self._size = (page.width, page.height)
        self._strokes = [stroke for mark in page.marks for stroke in _strokes(mark)]
        self._texts = _texts(mark for mark in page.marks if isinstance(mark, Glyph))

    def paint(self) -> Image.Image:
        """Mode "1", white 255."""
        picture = Image.new("L", self._size, WHITE)
        pen = ImageDraw.Draw(picture)
        for stroke in self._strokes:
            stroke(picture, pen)
        for place, text, font, ink in self._texts:
            pen.text(place, text, ink, font, anchor="ls")
        return picture.point(_CUT, mode="1")


_CUT = [0] * _THRESHOLD + [1] * (256 - _THRESHOLD)
_Stroke = Callable[[Image.Image, ImageDraw.ImageDraw], None]
_Text = tuple[tuple[int, int], str, ImageFont.FreeTypeFont, int]


def _strokes(mark: Mark) -> list[_Stroke]:
    match mark:
        case Block(x, y, width, height, white):
            box, ink = (x, y, x + width - 1, y + height - 1), WHITE if white else BLACK
            return [lambda _, pen: pen.rectangle(box, ink)]
        case Dotted(x, y, width):
            return _lines([(left, y, left + 1, y) for left in range(x, x + width, 6)])
        case Hatch(x, y, width, height):
            return _lines([(left, y, left + height, y + height) for left in range(x, x + width - height, 8)])
        case Matrix(x, y, module, modules):
            return [_pasted(np.kron(modules, np.ones((module, module), np.bool_)), x, y)]
        case Stamp(x, y, size):
            return [_pasted(rasterise(Page(size, size, (replace(mark, x=0, y=0),))), x, y)]
        case Arrow(x, y, width, height, tip, stroke):
            right, middle = x + width, y + height // 2
            outline = [(x, y), (right - tip, y), (right, middle), (right - tip, y + height), (x, y + height), (x, y)]
            return [lambda _, pen: pen.line(outline, BLACK, stroke)]
        case Tick(x, y, size):
            disc = (x, y, x + size, y + size)
            return [lambda _, pen: pen.ellipse(disc, WHITE), _tick(x, y, size)]
        case Checkbox(x, y, size, ticked):
            square = (x, y, x + size - 1, y + size - 1)
            framed: _Stroke = lambda _, pen: pen.rectangle(square, outline=BLACK, width=2)  # noqa: E731
            return [framed, *((_tick(x, y, size),) if ticked else ())]
        case Glyph():
            return []
        case _:
            assert_never(mark)


def _lines(ends: list[tuple[int, int, int, int]]) -> list[_Stroke]:
    def draw(_: Image.Image, pen: ImageDraw.ImageDraw) -> None:
        for line in ends:
            pen.line(line, BLACK)

    return [draw]


def _pasted(dots: Bits, x: int, y: int) -> _Stroke:
    ink = Image.fromarray(np.where(dots, BLACK, WHITE).astype(np.uint8))
    return lambda picture, _: picture.paste(ink, (x, y))


def _tick(x: int, y: int, size: int) -> _Stroke:
    corners = [(x + size * across, y + size * down) for across, down in ((0.25, 0.51), (0.43, 0.69), (0.77, 0.35))]
    return lambda _, pen: pen.line(corners, BLACK, max(2, round(size * 0.11)))


def _texts(glyphs: Iterable[Glyph]) -> list[_Text]:
    texts: list[_Text] = []
    ordered = sorted(glyphs, key=lambda glyph: (*_pen(glyph), glyph.x))
    for (baseline, cut, bold, size, white), line in groupby(ordered, _pen):
        font = _font(Cut(cut), bold, size)
        for run in _runs(list(line)):
            text = "".join(glyph.cell.text for glyph in run)
            texts.append(((run[0].x, baseline), text, font, WHITE if white else BLACK))
    return texts


def _pen(glyph: Glyph) -> tuple[int, str, bool, int, bool]:
    cell = glyph.cell
    return glyph.baseline - cell.rise, cell.cut.value, cell.bold, cell.size, glyph.white


def _runs(line: list[Glyph]) -> list[list[Glyph]]:
    """Broken where more than half an em is empty."""
    runs = [[line[0]]]
    for before, glyph in pairwise(line):
        if glyph.x - before.x - before.cell.advance > before.cell.size / 2:
            runs.append([])
        runs[-1].append(glyph)
    return runs


@lru_cache(maxsize=32)
def _font(cut: Cut, bold: bool, size: int) -> ImageFont.FreeTypeFont:
    family = {Cut.SERIF: SERIF, Cut.RARE: RARE}.get(cut, SANS)
    files = [file for file in FONT_FILES if file.family == family]
    file = files[-1] if bold else files[0]
    return ImageFont.truetype(str(file.path), size, index=_SIMPLIFIED if file.path.suffix == ".ttc" else 0)
