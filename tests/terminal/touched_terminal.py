"""python -m tests.terminal.touched_terminal CONFIG: a terminal with its window, composed as ``kiosk run`` does, that is
touched by another process.

Lines on standard input are names of controls; each is touched as soon as it stands. Every change is told on standard
output, a JSON object a line: ``page``, ``open`` (the service can be begun), ``asked`` (something is to be done before
the camera), ``action`` and ``dot`` (what). Nothing that tells who is there passes through here.
"""

import json
import sys
import threading
from collections import deque
from pathlib import Path

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from kiosk.app.memory import leave_no_core_dump, overwrite_freed_memory
from kiosk.app.preparation import Prepared, prepare
from kiosk.app.system import SystemClock, end_on_defect
from kiosk.face.stages import Acting
from kiosk.flow.session_state import Serving
from kiosk.flow.touches import Pressed
from kiosk.steps.capture_face import Watching
from ui.app import TerminalWindow
from ui.view_models.home import HomeProps

TICK_MS = 20


class Touched:
    """Looks at the window every tick: touches what is to be touched, tells what has changed."""

    def __init__(self, window: TerminalWindow) -> None:
        self._window = window
        self._wanted: deque[str] = deque()
        self._told: dict[str, object] = {}
        self._device = QTest.createTouchDevice()
        self._timer = QTimer(interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            self._wanted.append(line.strip())

    def _tick(self) -> None:
        self._tell()
        if not self._wanted:
            return
        control = self._window.control(self._wanted[0])
        if control is None:
            return
        self._wanted.popleft()
        point, view = QPoint(round(control.centre.x()), round(control.centre.y())), self._window.view
        QTest.touchEvent(view, self._device).press(0, point, view).commit()
        QTest.touchEvent(view, self._device).release(0, point, view).commit()

    def _tell(self) -> None:
        now = {"page": self._window.page, "open": _opens(self._window), **_asked(self._window)}
        if now != self._told:
            self._told = now
            sys.stdout.write(json.dumps(now) + "\n")
            sys.stdout.flush()


def _opens(window: TerminalWindow) -> bool:
    props = window.props
    return isinstance(props, HomeProps) and props.service is not None and isinstance(props.service.event, Pressed)


def _asked(window: TerminalWindow) -> dict[str, object]:
    phase = window._state.phase
    stage = phase.journey.stage if isinstance(phase, Serving) else None
    asked = stage.trace.stage if isinstance(stage, Watching) and stage.trace is not None else None
    if not isinstance(asked, Acting):
        return {"asked": False}
    return {"asked": True, "action": asked.action.value, "dot": asked.dot}


def main(config: Path) -> None:
    overwrite_freed_memory()
    leave_no_core_dump()
    end_on_defect()
    application = QGuiApplication(sys.argv[:1])
    prepared = prepare(config)
    assert isinstance(prepared, Prepared), prepared
    window = TerminalWindow(site=prepared.settings.site, clock=SystemClock())
    prepared.join(window)
    window.show()
    touched = Touched(window)
    application.exec()
    del touched


if __name__ == "__main__":
    main(Path(sys.argv[1]))
