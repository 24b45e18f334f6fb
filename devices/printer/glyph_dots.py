"""The dots of single glyphs, painted once and kept: a page is put together from them without another call of Qt.

Painted grey and antialiased by Qt, and cut at the grey value that keeps most counters open at 203 dpi (measured: Sans
144, Serif 160, white on black 170). Advances are whole dots, so that a glyph looks the same wherever it stands.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from devices.printer.glyphs import BOX_PADDING, Cell, Cut, font
from devices.printer.page import Bits

_BLACK_BELOW = {Cut.SANS: 144, Cut.BOX: 144, Cut.SERIF: 160, Cut.RARE: 192}
_WHITE_FROM = 170


@dataclass(frozen=True, slots=True)
class Dots:
    """Ink in the smallest rectangle that holds it; ``left`` and ``top`` are its place from the pen on the baseline."""

    left: int
    top: int
    ink: Bits


@lru_cache(maxsize=8192)
def glyph_dots(cell: Cell, white: bool = False) -> Dots:
    """Of a cell's character, or of the number inside its box. Needs a QGuiApplication."""
    reach = 2 * cell.size
    width, height = cell.advance + 2 * reach, 2 * reach
    ink, ground = Qt.GlobalColor.black, Qt.GlobalColor.white
    image = QImage(width, height, QImage.Format.Format_Grayscale8)
    image.fill(ground if not white else ink)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font(Cut.SANS if cell.cut is Cut.BOX else cell.cut, cell.bold, cell.size))
    painter.setPen(QColor(ink if not white else ground))
    inset = 2 * BOX_PADDING if cell.cut is Cut.BOX else 0
    painter.drawText(QPoint(reach + inset, reach - cell.rise), cell.text)
    painter.end()
    grey = _grey(image, width)
    return _cropped(grey >= _WHITE_FROM if white else grey < _BLACK_BELOW[cell.cut], reach)


@lru_cache(maxsize=8)
def tick_dots(size: int) -> Bits:
    """White dots of a tick in a disc, shape (size + 2, size + 2), its place one dot up and left."""
    image = QImage(size + 2, size + 2, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(Qt.GlobalColor.white))
    painter.drawEllipse(1, 1, size, size)
    pen = QPen(QColor(Qt.GlobalColor.black), size * 0.11)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    corners = ((0.25, 0.51), (0.43, 0.69), (0.77, 0.35))
    painter.drawPolyline(QPolygonF([QPointF(1 + size * x, 1 + size * y) for x, y in corners]))
    painter.end()
    return _grey(image, size + 2) >= _WHITE_FROM


def _grey(image: QImage, width: int) -> npt.NDArray[np.uint8]:
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, :width].copy()


def _cropped(ink: Bits, origin: int) -> Dots:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return Dots(0, 0, np.zeros((0, 0), dtype=np.bool_))
    top, left = int(rows[0]), int(columns[0])
    return Dots(left - origin, top - origin, ink[top : rows[-1] + 1, left : columns[-1] + 1].copy())
