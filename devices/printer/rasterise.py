"""From marks to black and white dots.

Black text, then rules, boxes and codes as whole dots, then what is knocked out of black, then the text that keeps the
dots around it free. May run on any thread while a QGuiApplication exists.
"""

from typing import assert_never

import cv2
import numpy as np

from devices.printer.glyph_dots import glyph_dots, tick_dots
from devices.printer.glyphs import Cut
from devices.printer.page import (
    Arrow,
    Bits,
    Block,
    Checkbox,
    Dotted,
    Glyph,
    Hatch,
    Mark,
    Matrix,
    Page,
    Stamp,
    Tick,
)
from devices.printer.seal import seal_dots

_HALO = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
"""Three dots around."""

_TICK = ((0.2, 0.5), (0.42, 0.74), (0.84, 0.22))
_HATCH_STEP, _HATCH_STROKE = 12, 4


def rasterise(page: Page) -> Bits:
    """Shape (page.height, page.width)."""
    bits = np.zeros((page.height, page.width), dtype=np.bool_)
    rest: list[Mark] = []
    for mark in page.marks:
        if isinstance(mark, Glyph) and not mark.white and not mark.halo:
            dots = glyph_dots(mark.cell)
            _set(bits, mark.x + dots.left, mark.baseline + dots.top, dots.ink)
            if mark.cell.cut is not Cut.BOX:
                continue
        rest.append(mark)
    for mark in rest:
        _set_dots(bits, mark)
    for mark in rest:
        if isinstance(mark, Tick):
            _clear(bits, mark.x - 1, mark.y - 1, tick_dots(mark.size))
        elif isinstance(mark, Glyph) and mark.white:
            dots = glyph_dots(mark.cell, white=True)
            _clear(bits, mark.x + dots.left, mark.baseline + dots.top, dots.ink)
    _set_haloed(bits, [mark for mark in rest if isinstance(mark, Glyph) and mark.halo])
    return bits


def _set(bits: Bits, x: int, y: int, ink: Bits) -> None:
    """What lies outside the page is cut off."""
    up, left = max(0, -y), max(0, -x)
    part = bits[y + up : y + ink.shape[0], x + left : x + ink.shape[1]]
    part |= ink[up : up + part.shape[0], left : left + part.shape[1]]


def _clear(bits: Bits, x: int, y: int, ink: Bits) -> None:
    up, left = max(0, -y), max(0, -x)
    part = bits[y + up : y + ink.shape[0], x + left : x + ink.shape[1]]
    part &= ~ink[up : up + part.shape[0], left : left + part.shape[1]]


def _set_haloed(bits: Bits, glyphs: list[Glyph]) -> None:
    """Works on the rows around the glyphs alone: ink reaches at most twice a glyph's size from its baseline."""
    if not glyphs:
        return
    top = max(0, min(glyph.baseline - 2 * glyph.cell.size for glyph in glyphs) - 3)
    band = bits[top : max(glyph.baseline + 2 * glyph.cell.size for glyph in glyphs) + 3]
    text = np.zeros_like(band)
    for glyph in glyphs:
        dots = glyph_dots(glyph.cell)
        _set(text, glyph.x + dots.left, glyph.baseline + dots.top - top, dots.ink)
    band &= cv2.dilate(text.view(np.uint8), _HALO) == 0
    band |= text


def _set_dots(bits: Bits, mark: Mark) -> None:
    match mark:
        case Block():
            bits[mark.y : mark.y + mark.height, mark.x : mark.x + mark.width] = not mark.white
        case Dotted():
            on = np.arange(mark.width) % 6 < 2
            bits[mark.y, mark.x : mark.x + mark.width] |= on
        case Matrix():
            dots = mark.modules.repeat(mark.module, axis=0).repeat(mark.module, axis=1)
            bits[mark.y : mark.y + dots.shape[0], mark.x : mark.x + dots.shape[1]] = dots
        case Arrow():
            _set_arrow(bits, mark)
        case Checkbox():
            _set_checkbox(bits, mark)
        case Hatch():
            rows, columns = np.ogrid[: mark.height, : mark.width]
            area = bits[mark.y : mark.y + mark.height, mark.x : mark.x + mark.width]
            area |= (rows + columns) % _HATCH_STEP < _HATCH_STROKE
        case Stamp():
            _set(bits, mark.x, mark.y, seal_dots(mark.seal, mark.size))
        case Glyph():
            if mark.cell.cut is Cut.BOX:
                _set_box(bits, mark)
        case Tick():
            pass
        case _:
            assert_never(mark)


def _set_checkbox(bits: Bits, box: Checkbox) -> None:
    dots = np.zeros((box.size, box.size), dtype=np.uint8)
    cv2.rectangle(dots, (0, 0), (box.size - 1, box.size - 1), 1, 1)
    cv2.rectangle(dots, (1, 1), (box.size - 2, box.size - 2), 1, 1)
    if box.ticked:
        corners = np.array([(round(box.size * x), round(box.size * y)) for x, y in _TICK], dtype=np.int32)
        cv2.polylines(dots, [corners], isClosed=False, color=1, thickness=4)
    _set(bits, box.x, box.y, dots.astype(np.bool_))


def _set_arrow(bits: Bits, arrow: Arrow) -> None:
    """The distance from the middle row says where the tip's edge runs; the stroke keeps its width along the row."""
    half = arrow.height / 2
    slope = arrow.tip / half
    across = round(arrow.stroke * (1 + slope**2) ** 0.5)
    right = arrow.x + arrow.width
    for row in range(arrow.height):
        edge = right - round(slope * abs(row + 0.5 - half))
        border = row < arrow.stroke or row >= arrow.height - arrow.stroke
        bits[arrow.y + row, arrow.x if border else edge - across : edge] = True


def _set_box(bits: Bits, glyph: Glyph) -> None:
    cell = glyph.cell
    left, right = glyph.x + 1, glyph.x + cell.advance - 1
    top, bottom = glyph.baseline - round(0.88 * cell.size), glyph.baseline + round(0.12 * cell.size)
    value = not glyph.white
    bits[top : top + 2, left:right] = value
    bits[bottom - 2 : bottom, left:right] = value
    bits[top:bottom, left : left + 2] = value
    bits[top:bottom, right - 2 : right] = value
