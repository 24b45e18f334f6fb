"""Items painted by hand, QML module ``Terminal``: a ring, a QR code, the oval for a face, eyes that close, the frame
for a code, the camera's mirrored picture."""

from collections.abc import Callable

from PySide6.QtCore import Property, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

from kiosk.domain.picture import Frame

QML_IMPORT_NAME = "Terminal"
QML_IMPORT_MAJOR_VERSION = 1

FRAME_INTERVAL_MS = 33
STRIP = 90
"""Rows painted at a time: of 96 and more Qt gives a part to each of its threads, and a row of the picture would stay on
the stack of each."""
_LASHES_FROM = 0.85
_RING_REACH = 21
"""From the oval to the outer edge of its ring."""
_TURNS = {"right": 0, "down": 90, "left": 180, "up": 270}


@QmlElement
class Ring(QQuickPaintedItem):
    """An elliptic ring, filled from the top by ``share`` (0 to 1), clockwise, or the other way with ``reverse``."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self._thickness = 8.0
        self._ink = QColor()
        self._track = QColor()
        self._reverse = False
        self.setAntialiasing(True)
        self.changed.connect(self.update)

    def paint(self, painter: QPainter) -> None:
        half = self._thickness / 2
        box = QRectF(half, half, self.width() - self._thickness, self.height() - self._thickness)
        painter.setPen(QPen(self._track, self._thickness))
        painter.drawEllipse(box)
        if self._share > 0:
            painter.setPen(QPen(self._ink, self._thickness, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            span = min(self._share, 1.0) * 360 * 16
            painter.drawArc(box, 90 * 16, round(span if self._reverse else -span))

    def _set(self, name: str, value: object) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.emit()

    share = Property(float, lambda self: self._share, lambda self, value: self._set("_share", value), notify=changed)
    thickness = Property(
        float, lambda self: self._thickness, lambda self, value: self._set("_thickness", value), notify=changed
    )
    ink = Property(QColor, lambda self: self._ink, lambda self, value: self._set("_ink", value), notify=changed)
    track = Property(QColor, lambda self: self._track, lambda self, value: self._set("_track", value), notify=changed)
    reverse = Property(
        bool, lambda self: self._reverse, lambda self, value: self._set("_reverse", value), notify=changed
    )


@QmlElement
class QrCode(QQuickPaintedItem):
    """``text`` as a QR code, black on white with its quiet zone of four modules, each a whole number of pixels; empty
    without text. Painted, not an image with an address: Qt names addresses in its warnings and keeps their pictures."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.changed.connect(self.update)

    def paint(self, painter: QPainter) -> None:
        if not self._text:
            return
        import qrcode  # type: ignore[import-untyped]  # noqa: PLC0415  only a terminal without paper needs it

        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
        code.add_data(self._text)
        rows = code.get_matrix()
        module = max(1, int(min(self.width(), self.height())) // len(rows))
        left, top = (int(length - module * len(rows)) // 2 for length in (self.width(), self.height()))
        painter.fillRect(left, top, module * len(rows), module * len(rows), QColor("#FFFFFF"))
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    painter.fillRect(left + x * module, top + y * module, module, module, QColor("#000000"))

    def _set_text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.changed.emit()

    text = Property(str, lambda self: self._text, _set_text, notify=changed)


@QmlElement
class OvalMask(QQuickPaintedItem):
    """Lays ``veil`` over all but an oval for the face. Dotted while the face finds its place; with ``ring`` ("left" or
    "right") a ring that fills by ``progress`` that way; with ``side`` chevrons beside it that point there."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._side = ""
        self._ring = ""
        self._progress = 0.0
        self._radius = 0.0
        self._surround = QColor()
        self._veil = QColor()
        self._ink = QColor()
        self._track = QColor()
        self.setAntialiasing(True)
        self.changed.connect(self.update)

    def oval(self) -> QRectF:
        """Its place: a face's proportions, a little below the middle, whatever the item's own shape."""
        across = min(0.345 * self.width(), 0.29 * self.height())
        along = across * 1.346
        middle = 0.555 * self.height()
        return QRectF(self.width() / 2 - across, middle - along, 2 * across, 2 * along)

    def paint(self, painter: QPainter) -> None:
        oval = self.oval()
        around = QPainterPath()
        around.addRect(QRectF(0, 0, self.width(), self.height()))
        around.addEllipse(oval)
        painter.fillPath(around, self._veil)
        self._paint_chevrons(painter, oval)
        if self._ring:
            self._paint_ring(painter, oval)
        else:
            dots = QPen(QColor("#FFFFFF"), 12, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
            dots.setDashPattern([0.01, 2.6])
            painter.setPen(dots)
            painter.drawEllipse(oval)
        paint_corners(painter, QRectF(0, 0, self.width(), self.height()), self._radius, self._surround)

    def _paint_ring(self, painter: QPainter, oval: QRectF) -> None:
        ring = oval.adjusted(-8, -8, 8, 8)
        painter.setPen(QPen(self._track, 26))
        painter.drawEllipse(ring)
        if self._progress > 0:
            painter.setPen(QPen(self._ink, 26, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            span = round(min(self._progress, 1.0) * 360 * 16)
            painter.drawArc(ring, 90 * 16, span if self._ring == "left" else -span)

    def _paint_chevrons(self, painter: QPainter, oval: QRectF) -> None:
        turn = _TURNS.get(self._side)
        if turn is None:
            return
        beside, upright = oval.width() / 2, self._side in ("up", "down")
        room = min(114, self.width() / 2 - beside - _RING_REACH)
        middle = beside + _RING_REACH + room / 2
        for place in (-middle, middle) if upright else (0.0,):
            painter.save()
            painter.translate(oval.center())
            painter.rotate(turn)
            painter.translate(-66 if upright else beside + 34, place)
            _paint_three(painter, *((44, room / 2 - 13) if upright else (26, 56)))
            painter.restore()

    def _set(self, name: str, value: object) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.emit()

    side = Property(str, lambda self: self._side, lambda self, value: self._set("_side", value), notify=changed)
    ring = Property(str, lambda self: self._ring, lambda self, value: self._set("_ring", value), notify=changed)
    radius = Property(float, lambda self: self._radius, lambda self, value: self._set("_radius", value), notify=changed)
    surround = Property(
        QColor, lambda self: self._surround, lambda self, value: self._set("_surround", value), notify=changed
    )
    veil = Property(QColor, lambda self: self._veil, lambda self, value: self._set("_veil", value), notify=changed)
    ink = Property(QColor, lambda self: self._ink, lambda self, value: self._set("_ink", value), notify=changed)
    track = Property(QColor, lambda self: self._track, lambda self, value: self._set("_track", value), notify=changed)
    progress = Property(
        float, lambda self: self._progress, lambda self, value: self._set("_progress", value), notify=changed
    )


def _paint_three(painter: QPainter, step: float, half: float) -> None:
    """Three chevrons along x, ``step`` apart and twice ``half`` high, that grow stronger and point to larger x."""
    for place, strength in enumerate((90, 170, 255)):
        x = step * place
        pen = QPen(QColor(255, 255, 255, strength), 18, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline([QPointF(x, -half), QPointF(x + 26, 0), QPointF(x, half)])


def paint_corners(painter: QPainter, whole: QRectF, radius: float, surround: QColor) -> None:
    """Rounds the picture below by painting the page's colour over its corners."""
    corners = QPainterPath()
    corners.addRect(whole)
    corners.addRoundedRect(whole, radius, radius)
    painter.fillPath(corners, surround)


@QmlElement
class ClosingEyes(QQuickPaintedItem):
    """A pair of eyes whose upper lids come down by ``lid``: 0 open, 1 closed with the lashes hanging."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._lid = 0.0
        self._ink = QColor()
        self.setAntialiasing(True)
        self.changed.connect(self.update)

    def paint(self, painter: QPainter) -> None:
        width = 0.44 * self.width()
        for middle in (width / 2, self.width() - width / 2):
            painter.save()
            painter.translate(middle, self.height() / 2)
            self._paint_eye(painter, width / 2 - 4, 0.38 * self.height())
            painter.restore()

    def _paint_eye(self, painter: QPainter, across: float, along: float) -> None:
        """From -``across`` to ``across``; its lids reach ``along`` down and, while it is open, up."""
        eye = QPainterPath(QPointF(-across, 0))
        eye.quadTo(QPointF(0, 2 * along * (2 * self._lid - 1)), QPointF(across, 0))
        eye.quadTo(QPointF(0, 2 * along), QPointF(-across, 0))
        painter.setClipPath(eye)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ink)
        painter.drawEllipse(QPointF(0, 0), 0.6 * along, 0.6 * along)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._ink, 9, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(eye)
        for place in (-0.55, 0.0, 0.55) if self._lid > _LASHES_FROM else ():
            x, y = place * across, along * (1 - place * place)
            painter.drawLine(QPointF(x, y), QPointF(1.28 * x, y + 0.36 * along))

    def _set(self, name: str, value: object) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.emit()

    lid = Property(float, lambda self: self._lid, lambda self, value: self._set("_lid", value), notify=changed)
    ink = Property(QColor, lambda self: self._ink, lambda self, value: self._set("_ink", value), notify=changed)


@QmlElement
class CodeMask(QQuickPaintedItem):
    """Dims all but a square for a code, with bright corners."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._radius = 0.0
        self._surround = QColor()
        self.setAntialiasing(True)
        self.changed.connect(self.update)

    def frame(self) -> QRectF:
        """Its place: a little below the middle."""
        side = min(0.66 * self.width(), 0.62 * self.height())
        return QRectF((self.width() - side) / 2, 0.56 * self.height() - side / 2, side, side)

    def paint(self, painter: QPainter) -> None:
        frame = self.frame()
        around = QPainterPath()
        around.addRect(QRectF(0, 0, self.width(), self.height()))
        around.addRoundedRect(frame, 36, 36)
        painter.fillPath(around, QColor(23, 33, 43, 178))
        painter.setPen(QPen(QColor("#FFFFFF"), 16, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        arm = frame.width() / 5
        corners = QPainterPath()
        for x in (frame.left(), frame.right() - arm):
            for y in (frame.top(), frame.bottom() - arm):
                corners.addRect(QRectF(x - 10, y - 10, arm + 20, arm + 20))
        painter.setClipPath(corners)
        painter.drawRoundedRect(frame, 36, 36)
        painter.setClipping(False)
        paint_corners(painter, QRectF(0, 0, self.width(), self.height()), self._radius, self._surround)

    def _set(self, name: str, value: object) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.emit()

    radius = Property(float, lambda self: self._radius, lambda self, value: self._set("_radius", value), notify=changed)
    surround = Property(
        QColor, lambda self: self._surround, lambda self, value: self._set("_surround", value), notify=changed
    )


@QmlElement
class CameraView(QQuickPaintedItem):
    """The camera's newest picture, mirrored and cropped to fill, while ``live``. Blank, and wiped, otherwise."""

    live_changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._live = False
        self._latest: Callable[[], Frame | None] | None = None
        self._sequence = -1
        self._image: QImage | None = None
        self._timer = QTimer(self, interval=FRAME_INTERVAL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.take_frame)
        self.setOpaquePainting(True)

    def watch(self, latest: Callable[[], Frame | None]) -> None:
        self._latest = latest

    @Slot()
    def take_frame(self) -> None:
        """Copies a newer frame into the buffer, mirrored, and asks to be painted. Not by Qt: its conversion runs on a
        pool of threads, and a row of the picture would stay on the stack of each."""
        frame = self._latest() if self._latest is not None else None
        if frame is None or frame.sequence == self._sequence:
            return
        self._sequence = frame.sequence
        picture = frame.picture
        size = QSize(picture.width, picture.height)
        if self._image is None or self._image.size() != size:
            self._image = QImage(size, QImage.Format.Format_RGB32)
            self._image.fill(Qt.GlobalColor.white)
        import numpy as np  # noqa: PLC0415  no camera runs before the first frame

        shown = np.frombuffer(self._image.bits(), np.uint8).reshape(picture.height, picture.width, 4)
        shown[:, ::-1, :3] = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width, 3)
        self.update()

    def paint(self, painter: QPainter) -> None:
        box = QRectF(0, 0, self.width(), self.height())
        if self._image is None:
            painter.fillRect(box, QColor("#2A3541"))
            return
        scale = max(box.width() / self._image.width(), box.height() / self._image.height())
        source = QRectF(0, 0, box.width() / scale, box.height() / scale)
        source.moveCenter(QPointF(self._image.width() / 2, self._image.height() / 2))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for top in range(0, round(box.height()), STRIP):
            painter.setClipRect(QRectF(0, top, box.width(), STRIP))
            painter.drawImage(box, self._image, source)

    def _read_live(self) -> bool:
        return self._live

    def _write_live(self, live: bool) -> None:
        if live == self._live:
            return
        self._live = live
        if live:
            self._timer.start()
        else:
            self._timer.stop()
            self._forget()
        self.live_changed.emit()

    def _forget(self) -> None:
        if self._image is not None:
            self._image.fill(Qt.GlobalColor.white)
        self._image = None
        self._sequence = -1
        self.update()

    live = Property(bool, _read_live, _write_live, notify=live_changed)
