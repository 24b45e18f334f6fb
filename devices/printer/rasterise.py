"""From marks to black and white dots.

Text is painted grey and antialiased by Qt, each face on its own sheet, and cut at the grey value that keeps most
counters open at 203 dpi (measured: Sans 144, Serif 160, white on black 170). Rules, boxes and codes are set as
whole dots afterwards. May run on any thread while a QGuiApplication exists.
"""

from collections.abc import Sequence
from enum import Enum
from itertools import groupby
from typing import assert_never

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from devices.printer.glyphs import BOX_PADDING, Cut, font
from devices.printer.page import Arrow, Bits, Block, Dotted, Glyph, Mark, Matrix, Page, Tick


class _Sheet(Enum):
    """A sheet of grey; the value is where black ends."""

    SANS = 144
    SERIF = 160
    RARE = 192
    WHITE = 170


def rasterise(page: Page) -> Bits:
    """Shape (page.height, page.width)."""
    bits = np.zeros((page.height, page.width), dtype=np.bool_)
    glyphs = [mark for mark in page.marks if isinstance(mark, Glyph)]
    for sheet in (_Sheet.SANS, _Sheet.SERIF, _Sheet.RARE):
        on_sheet = [glyph for glyph in glyphs if _sheet_of(glyph) is sheet]
        if on_sheet:
            bits |= _painted(page, on_sheet) < sheet.value
    for mark in page.marks:
        _set_dots(bits, mark)
    knocked_out = [mark for mark in page.marks if isinstance(mark, Tick) or (isinstance(mark, Glyph) and mark.white)]
    if knocked_out:
        bits &= _painted(page, knocked_out, Qt.GlobalColor.black) < _Sheet.WHITE.value
    return bits


def _sheet_of(glyph: Glyph) -> _Sheet:
    if glyph.white:
        return _Sheet.WHITE
    match glyph.cell.cut:
        case Cut.SERIF:
            return _Sheet.SERIF
        case Cut.RARE:
            return _Sheet.RARE
        case _:
            return _Sheet.SANS


def _painted(
    page: Page, marks: Sequence[Glyph | Tick], ground: Qt.GlobalColor = Qt.GlobalColor.white
) -> npt.NDArray[np.uint8]:
    image = QImage(page.width, page.height, QImage.Format.Format_Grayscale8)
    image.fill(ground)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    for mark in marks:
        if isinstance(mark, Tick):
            _paint_tick(painter, mark)
    glyphs = sorted((mark for mark in marks if isinstance(mark, Glyph)), key=_pen_of)
    for (cut, bold, size, white), alike in groupby(glyphs, _pen_of):
        painter.setFont(font(Cut(cut), bold, size))
        painter.setPen(QColor(Qt.GlobalColor.white if white else Qt.GlobalColor.black))
        for glyph in alike:
            inset = 2 * BOX_PADDING if glyph.cell.cut is Cut.BOX else 0
            painter.drawText(QPoint(glyph.x + inset, glyph.baseline - glyph.cell.rise), glyph.cell.text)
    painter.end()
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(page.height, image.bytesPerLine())
    return rows[:, : page.width].copy()


def _pen_of(glyph: Glyph) -> tuple[str, bool, int, bool]:
    """What the painter is set to for this glyph; the number of a box is set in Sans."""
    cut = Cut.SANS if glyph.cell.cut is Cut.BOX else glyph.cell.cut
    return cut.value, glyph.cell.bold, glyph.cell.size, glyph.white


def _paint_tick(painter: QPainter, tick: Tick) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(Qt.GlobalColor.white))
    painter.drawEllipse(tick.x, tick.y, tick.size, tick.size)
    pen = QPen(QColor(Qt.GlobalColor.black), tick.size * 0.11)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    corners = ((0.25, 0.51), (0.43, 0.69), (0.77, 0.35))
    painter.drawPolyline(QPolygonF([QPointF(tick.x + tick.size * x, tick.y + tick.size * y) for x, y in corners]))


def _set_dots(bits: Bits, mark: Mark) -> None:
    match mark:
        case Block():
            bits[mark.y : mark.y + mark.height, mark.x : mark.x + mark.width] = not mark.white
        case Dotted():
            on = np.arange(mark.width) % 6 < 2
            bits[mark.y, mark.x : mark.x + mark.width] |= on
        case Matrix():
            dots = np.kron(mark.modules, np.ones((mark.module, mark.module), dtype=np.bool_))
            bits[mark.y : mark.y + dots.shape[0], mark.x : mark.x + dots.shape[1]] = dots
        case Arrow():
            _set_arrow(bits, mark)
        case Glyph():
            if mark.cell.cut is Cut.BOX:
                _set_box(bits, mark)
        case Tick():
            pass
        case _:
            assert_never(mark)


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
