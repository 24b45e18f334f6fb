"""From marks to a PDF: Qt embeds of every font just the characters used, and text stays text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPainterPath, QPdfWriter, QPen, QPolygonF

from devices.printer.a4.grid import SHEET_HEIGHT, SHEET_WIDTH
from devices.printer.a4.searchable import with_true_names
from devices.printer.glyphs import BOX_PADDING, Cut, font
from devices.printer.page import Arrow, Block, Checkbox, Dotted, Glyph, Hatch, Mark, Matrix, Stamp, Tick
from devices.printer.seal import seal_dots

_RESOLUTION = 1200
_HALO = 3
_STAMP_FINENESS = 3
"""Times 203 dpi."""
_BLACK, _WHITE = QColor(Qt.GlobalColor.black), QColor(Qt.GlobalColor.white)


@dataclass(frozen=True, slots=True)
class PdfDocument:
    """``data`` is the file, ``sheets`` the number of its A4 pages."""

    data: bytes
    sheets: int

    @property
    def rows(self) -> int:
        """Length of the paper in dots of 0.125 mm."""
        return self.sheets * SHEET_HEIGHT


def pdf_of_marks(pages: Sequence[Sequence[Mark]], title: str) -> PdfDocument:
    """``title`` is shown by viewers and must name no person. Needs a QGuiApplication; runs on any thread."""
    buffer, writer, painter = _opened(title)
    for index, marks in enumerate(pages):
        if index:
            writer.newPage()
        for mark in marks:
            _paint(painter, mark)
    painter.end()
    cells = (mark.cell for marks in pages for mark in marks if isinstance(mark, Glyph))
    return PdfDocument(with_true_names(bytes(buffer.data().data()), cells), len(pages))


def pdf_of_pictures(pictures: Sequence[QImage], title: str) -> PdfDocument:
    """One sheet a picture, as large as A4 lets it be with its own proportions."""
    buffer, writer, painter = _opened(title)
    for index, picture in enumerate(pictures):
        if index:
            writer.newPage()
        scale = min(SHEET_WIDTH / picture.width(), SHEET_HEIGHT / picture.height())
        width, height = picture.width() * scale, picture.height() * scale
        painter.drawImage(QRectF((SHEET_WIDTH - width) / 2, (SHEET_HEIGHT - height) / 2, width, height), picture)
    painter.end()
    return PdfDocument(bytes(buffer.data().data()), len(pictures))


def _opened(title: str) -> tuple[QBuffer, QPdfWriter, QPainter]:
    """The painter's unit is the dot of the A4 grid. The caller ends it before the others go."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_RESOLUTION)
    writer.setColorModel(QPdfWriter.ColorModel.Grayscale)
    writer.setTitle(title)
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    painter = QPainter(writer)
    painter.setWindow(0, 0, SHEET_WIDTH, SHEET_HEIGHT)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.LosslessImageRendering)
    return buffer, writer, painter


def _paint(painter: QPainter, mark: Mark) -> None:
    match mark:
        case Glyph():
            _paint_glyph(painter, mark)
        case Block():
            colour = _WHITE if mark.white else _BLACK
            painter.fillRect(QRectF(mark.x, mark.y, mark.width, mark.height), colour)
        case Dotted():
            for x in range(mark.x, mark.x + mark.width, 6):
                painter.fillRect(QRectF(x, mark.y, 2, 1), _BLACK)
        case Matrix():
            _paint_matrix(painter, mark)
        case Arrow():
            _paint_arrow(painter, mark)
        case Tick():
            _paint_tick(painter, mark)
        case Checkbox():
            _paint_checkbox(painter, mark)
        case Hatch():
            _paint_hatch(painter, mark)
        case Stamp():
            _paint_stamp(painter, mark)
        case _:
            assert_never(mark)


def _paint_glyph(painter: QPainter, glyph: Glyph) -> None:
    cell, colour = glyph.cell, _WHITE if glyph.white else _BLACK
    boxed = cell.cut is Cut.BOX
    if glyph.halo and not boxed:
        _paint_halo(painter, glyph)
    painter.setPen(QPen(colour, 2))
    if boxed:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(glyph.x + 2, glyph.baseline - 0.88 * cell.size + 1, cell.advance - 4, cell.size - 2))
    painter.setFont(font(Cut.SANS if boxed else cell.cut, cell.bold, cell.size))
    painter.drawText(QPointF(glyph.x + (2 * BOX_PADDING if boxed else 0), glyph.baseline - cell.rise), cell.text)


def _paint_matrix(painter: QPainter, matrix: Matrix) -> None:
    """Runs of black modules as one rectangle each, so that no hairline parts them."""
    for row, modules in enumerate(matrix.modules):
        run = 0
        for column in range(len(modules) + 1):
            if column < len(modules) and modules[column]:
                run += 1
            elif run:
                left, top = matrix.x + (column - run) * matrix.module, matrix.y + row * matrix.module
                painter.fillRect(QRectF(left, top, run * matrix.module, matrix.module), _BLACK)
                run = 0


def _paint_arrow(painter: QPainter, arrow: Arrow) -> None:
    half = arrow.stroke / 2
    left, right = arrow.x + half, arrow.x + arrow.width - half
    top, bottom = arrow.y + half, arrow.y + arrow.height - half
    corners = (
        (left, top),
        (right - arrow.tip, top),
        (right, (top + bottom) / 2),
        (right - arrow.tip, bottom),
        (left, bottom),
    )
    pen = QPen(_BLACK, arrow.stroke)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))


def _paint_tick(painter: QPainter, tick: Tick) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_WHITE)
    painter.drawEllipse(QRectF(tick.x, tick.y, tick.size, tick.size))
    pen = QPen(_BLACK, tick.size * 0.11)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    corners = ((0.25, 0.51), (0.43, 0.69), (0.77, 0.35))
    painter.drawPolyline(QPolygonF([QPointF(tick.x + tick.size * x, tick.y + tick.size * y) for x, y in corners]))


def _paint_halo(painter: QPainter, glyph: Glyph) -> None:
    cell, outline = glyph.cell, QPainterPath()
    outline.addText(QPointF(glyph.x, glyph.baseline - cell.rise), font(cell.cut, cell.bold, cell.size), cell.text)
    pen = QPen(_WHITE, 2 * _HALO)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(outline, pen)


def _paint_checkbox(painter: QPainter, box: Checkbox) -> None:
    painter.setPen(QPen(_BLACK, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(box.x + 1, box.y + 1, box.size - 2, box.size - 2))
    if box.ticked:
        painter.setPen(QPen(_BLACK, 4))
        corners = ((0.2, 0.5), (0.42, 0.74), (0.84, 0.22))
        painter.drawPolyline(QPolygonF([QPointF(box.x + box.size * x, box.y + box.size * y) for x, y in corners]))


def _paint_hatch(painter: QPainter, hatch: Hatch) -> None:
    painter.save()
    painter.setClipRect(QRectF(hatch.x, hatch.y, hatch.width, hatch.height))
    painter.setPen(QPen(_BLACK, 3))
    for x in range(hatch.x, hatch.x + hatch.width + hatch.height, 12):
        painter.drawLine(QPointF(x, hatch.y), QPointF(x - hatch.height, hatch.y + hatch.height))
    painter.restore()


def _paint_stamp(painter: QPainter, stamp: Stamp) -> None:
    """A picture finer than any office printer's dots."""
    dots = seal_dots(stamp.seal, stamp.size * _STAMP_FINENESS)
    grey = np.where(dots, 0, 255).astype(np.uint8)
    side = grey.shape[0]
    picture = QImage(grey.tobytes(), side, side, side, QImage.Format.Format_Grayscale8)
    painter.drawImage(QRectF(stamp.x, stamp.y, stamp.size, stamp.size), picture)
