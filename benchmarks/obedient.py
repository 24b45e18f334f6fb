"""A citizen of the virtual hall who does whatever the camera page asks, after a second."""

import threading
import time

from kiosk.cli.demo.hall import HallError, Program
from kiosk.cli.demo.obeying import ObeyingHead
from kiosk.face.stages import Acting

REACTION_S = 1.0
"""From the asking to the beginning of the movement."""

TURN_DEGREES, TURN_S = 20.0, 1.8
LOOK_S = 0.05


class ObedientCitizen:
    """Moves the camera's simulator from a thread of its own. ``show`` may be called from any thread; ``trouble`` is
    what it did not do."""

    def __init__(self, camera: Program) -> None:
        self._head = ObeyingHead(camera.do, TURN_DEGREES, TURN_S, reaction_s=REACTION_S)
        self._asked: Acting | None = None
        self._over = threading.Event()
        self.trouble: HallError | None = None
        self._thread = threading.Thread(target=self._obey, name="obedient-citizen", daemon=True)
        self._thread.start()

    def show(self, asked: Acting | None) -> None:
        """What the page asks now."""
        self._asked = asked

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _obey(self) -> None:
        while not self._over.wait(LOOK_S):
            asked = self._asked
            action, dot = (None, None) if asked is None else (asked.action, asked.dot)
            try:
                self._head.see(action, dot, time.monotonic())
            except HallError as problem:
                self.trouble = problem
