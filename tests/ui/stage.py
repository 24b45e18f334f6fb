"""The window under test, and what a citizen in front of it can do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import numpy as np
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPointingDevice
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.picture import Frame, Picture
from kiosk.flow.session_state import SessionTimes
from kiosk.ports.device_status import DeviceStatus, Ready
from kiosk.ports.speaker import Language
from tests.ui.states import NOW, SITE, State, attract
from ui.app import Control, TerminalWindow
from ui.view_models.local import Local

_TOUCHSCREEN: QPointingDevice | None = None


class FakeClock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return self.seconds


class FakeSpeaker:
    """Remembers what it was asked to say and speaks until told to stop."""

    def __init__(self, status: DeviceStatus | None = None) -> None:
        self.said: list[tuple[str, Language]] = []
        self.busy = False
        self._status = status or Ready()

    def status(self) -> DeviceStatus:
        return self._status

    def speak(self, text: str, language: Language) -> None:
        self.said.append((text, language))
        self.busy = True

    def speaking(self) -> bool:
        return self.busy

    def stop(self) -> None:
        self.busy = False


def drawn_figure(sequence: int = 1) -> Frame:
    """A faceless figure, a dark block on the left of the picture as the camera sees it."""
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(QColor("#C9D0D4"))
    painter = QPainter(image)
    painter.fillRect(150, 0, 40, 480, QColor("#0B4A82"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#607284"))
    painter.drawEllipse(255, 130, 130, 180)
    painter.drawEllipse(180, 340, 280, 300)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(480, 640, 4)[:, :, :3]
    return Frame(sequence, 0.0, Picture(640, 480, np.ascontiguousarray(pixels).tobytes()))


class Stage:
    """Owns a window; ``posted`` holds what the engine would have got."""

    def __init__(self, qtbot: QtBot, *, speaker: FakeSpeaker | None = None, size: QSize | None = None) -> None:
        self.qtbot = qtbot
        self.clock = FakeClock()
        self.speaker = speaker or FakeSpeaker()
        self.posted: list[object] = []
        self.frame: Frame | None = drawn_figure()
        self.window = TerminalWindow(site=SITE, clock=self.clock, size=size, motion=False)
        self.window.join(
            site=SITE,
            times=SessionTimes(),
            post=self.posted.append,
            latest_frame=lambda: self.frame,
            speaker=self.speaker,
        )
        self.window.publish(attract())
        self.window.show()
        qtbot.waitExposed(self.window.view)
        self.settle()

    def close(self) -> None:
        self.window.close()
        QTest.qWait(0)

    def settle(self) -> None:
        """Time enough for a page to be drawn and to take touches."""
        self.clock.seconds += 1.0
        self.qtbot.waitUntil(self.window.settled)
        self.window.grab()

    def show(self, state: State, local: Local | None = None) -> None:
        """The engine tells a state; ``local`` is what the citizen chose on the screen itself."""
        self.window.publish(state)
        self.qtbot.waitUntil(lambda: self.window._state is state and self.window._next is None)
        if local is not None:
            self.window._touched()
            self.window._local = local
            self.window._refresh()
        self.settle()

    def control(self, name: str) -> Control:
        found = self.window.control(name)
        assert found is not None, f"no control {name} on page {self.window.page}"
        return found

    def click(self, name: str) -> None:
        """A real mouse click in the middle of the control."""
        QTest.mouseClick(self.window.view, Qt.MouseButton.LeftButton, pos=_point(self.control(name)))
        self.settle()

    def touch(self, name: str) -> None:
        """A real finger, down and up."""
        point = _point(self.control(name))
        QTest.touchEvent(self.window.view, touchscreen()).press(0, point, self.window.view).commit()
        QTest.touchEvent(self.window.view, touchscreen()).release(0, point, self.window.view).commit()
        self.settle()

    def presses(self) -> list[object]:
        """What was posted beside the bare signs of life."""
        return [event for event in self.posted if type(event).__name__ != "Touched"]

    def items(self, visible_only: bool = True) -> Iterator[QQuickItem]:
        yield from _items(self.window.view.contentItem(), visible_only)

    def texts(self, visible_only: bool = True) -> Iterator[tuple[QQuickItem, str]]:
        for item in self.items(visible_only):
            if item.inherits("QQuickText") and item.property("text"):
                yield item, item.property("text")

    def elder(self, state: State) -> State:
        return replace(state, elder=True)


def touchscreen() -> QPointingDevice:
    """One touch device for the whole run: Qt keeps every device it is given."""
    global _TOUCHSCREEN  # noqa: PLW0603
    if _TOUCHSCREEN is None:
        _TOUCHSCREEN = QTest.createTouchDevice()
    return _TOUCHSCREEN


def _point(control: Control) -> QPoint:
    return QPoint(round(control.centre.x()), round(control.centre.y()))


def _items(item: QQuickItem, visible_only: bool) -> Iterator[QQuickItem]:
    for child in item.childItems():
        if child.isVisible() or not visible_only:
            yield child
            yield from _items(child, visible_only)
