"""The picture of a seal: ring, name along it, outlined star, purpose. It is drawn, never a copy of a real one.

Proportions follow the round seals of public bodies; between purpose and lower line the seal is empty, for the date.
Painted four times as large and averaged, so that the ring stays round at 203 dpi.
"""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from devices.printer.glyphs import Cell, Cut, cells_of, font
from devices.printer.grid import Face, Style
from devices.printer.page import Bits
from kiosk.domain.paper import Seal

_SCALE = 4
_BLACK_BELOW = 166
_ARC = 208.0
"""Degrees of the ring that the name may take."""

_STEP = 26.0
"""Degrees between the characters of a short name."""

_RING, _CHARACTER, _RADIUS = 1 / 64, 0.1, 0.404
"""Ring's stroke, a character's size, and where the middle of the characters runs, as shares of the diameter."""

_STAR = (0.4, 0.145)
"""Height of the star's middle, and its radius."""

_PURPOSE, _LOWER = (0.635, 0.1, 0.66), (0.885, 0.085, 0.46)
"""Height of the line's middle, size of a character, and the room across."""


@lru_cache(maxsize=16)
def seal_dots(seal: Seal, size: int) -> Bits:
    """Shape (size, size). Needs a QGuiApplication."""
    across = size * _SCALE
    image = QImage(across, across, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    _draw_ring(painter, across)
    _draw_name(painter, seal.body, across)
    for text, (middle, share, room) in ((seal.purpose, _PURPOSE), (seal.lower, _LOWER)):
        _draw_line(painter, text, across, middle, share, room)
    painter.end()
    grey = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(across, image.bytesPerLine())[:, :across]
    mean: npt.NDArray[np.float64] = grey.reshape(size, _SCALE, size, _SCALE).mean(axis=(1, 3))
    return mean < _BLACK_BELOW


def _draw_ring(painter: QPainter, across: int) -> None:
    stroke = across * _RING
    pen = QPen(QColor(Qt.GlobalColor.black), stroke)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.drawEllipse(QRectF(stroke, stroke, across - 2 * stroke, across - 2 * stroke))
    middle, radius = across * _STAR[0], across * _STAR[1]
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    corners = []
    for corner in range(10):
        angle, reach = math.radians(36 * corner - 90), inner if corner % 2 else radius
        corners.append(QPointF(across / 2 + reach * math.cos(angle), middle + reach * math.sin(angle)))
    painter.setPen(QPen(QColor(Qt.GlobalColor.black), stroke * 0.7))
    painter.drawPolygon(QPolygonF(corners))


def _draw_name(painter: QPainter, name: str, across: int) -> None:
    """Characters stand on the ring's inside; where they are many, each is made narrower, never smaller."""
    size = round(across * _CHARACTER)
    cells = [cell for cell in cells_of(name, Style(Face.SERIF_BOLD, size, size)) if not cell.is_space]
    step = min(_STEP, _ARC / max(1, len(cells) - 1))
    narrow = min(1.0, math.radians(step) * across * _RADIUS * 0.96 / size)
    for index, cell in enumerate(cells):
        painter.save()
        painter.translate(across / 2, across / 2)
        painter.rotate(step * (index - (len(cells) - 1) / 2))
        painter.translate(0, -across * _RADIUS)
        painter.scale(narrow, 1.0)
        _draw_cell(painter, cell, -cell.advance / 2, size * 0.38)
        painter.restore()


def _draw_line(painter: QPainter, text: str, across: int, middle: float, share: float, room: float) -> None:
    size = round(across * share)
    cells = cells_of(text, Style(Face.SANS_BOLD, size, size))
    width = sum(cell.advance for cell in cells)
    if not width:
        return
    painter.save()
    painter.translate(across / 2, across * middle)
    painter.scale(min(1.0, across * room / width), 1.0)
    x = -width / 2
    for cell in cells:
        _draw_cell(painter, cell, x, size * 0.38)
        x += cell.advance
    painter.restore()


def _draw_cell(painter: QPainter, cell: Cell, x: float, baseline: float) -> None:
    """A character that no font draws is an empty box of its width."""
    painter.setPen(QColor(Qt.GlobalColor.black))
    if cell.cut is Cut.BOX:
        painter.drawRect(QRectF(x, baseline - cell.size, cell.advance, cell.size))
        return
    face = font(cell.cut, cell.bold, cell.size)
    painter.setFont(face)
    painter.drawText(QPointF(x, baseline), cell.text)
