"""The terminal's side of a camera that lives in a process of its own."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from devices.camera.hosted.process import CameraProcess, Hosted, Note, SizedSettings
from kiosk.domain.picture import Frame
from kiosk.ports.camera import Camera, CameraSilent
from kiosk.ports.clock import Clock
from kiosk.ports.device_status import DeviceStatus, Unavailable

Settings = TypeVar("Settings", bound=SizedSettings)

HANGS_S = 10.0
"""A started child that tells nothing for this long hangs; its start is in it."""

ANSWER_S = 120.0
"""The same for the answer to ``status``: a driver may dial a camera that does not answer."""

_TRIES = 3
"""A child may be ended by ``stop``, or have died idle, while it is asked."""

_PAUSE_S = 0.2
_MOST_DOUBLINGS = 5
_REMEDY = "restart the terminal; if it comes back, tell the maker of this software"


class HostedCamera:
    """``kiosk.ports.camera.Camera`` around any driver: ``driver`` is a class, opened in the child with the plain
    values of ``settings`` and a clock. ``width`` and ``height`` bound the pictures.

    A child is started ahead and waits with its driver open. ``start`` sets it going, ``stop`` overwrites its pictures,
    ends it and starts the next. The pixels of a frame are a view of shared memory; they stay as they are while the
    frame is held, and turn to zeros with ``stop``. One that dies while it is wanted is replaced after a growing pause.

    Reasons of ``CameraSilent`` beside the driver's own: process-died, process-hangs.
    """

    def __init__(self, settings: Settings, driver: Callable[[Settings, Clock], Camera], clock: Clock) -> None:
        self._hosted = Hosted(driver, settings)
        self._clock = clock
        self._changed = threading.Condition()
        self._turn = threading.Lock()
        self._process: CameraProcess | None = None
        self._over = threading.Event()
        self._over.set()
        self._newest: Frame | None = None
        self._sequence = self._before = 0
        self._heard_at = 0.0
        self._trouble = "stopped"
        self._present: DeviceStatus | None = None
        self._deaths = 0

    def status(self) -> DeviceStatus:
        """What the driver in the child says; starts a child where none waits."""
        for _ in range(_TRIES):
            process = self._waiting_process()
            try:
                answer = process.status(ANSWER_S)
            except TimeoutError:
                process.kill()
                return _unavailable("process-hangs")
            if answer is not None:
                return answer
        return _unavailable("process-died")

    def present(self) -> DeviceStatus | None:
        """What the driver said last of the running stream; None while there is none."""
        return self._present

    def start(self) -> None:
        with self._turn:
            if not self._over.is_set():
                return
            self._over.clear()
            with self._changed:
                self._trouble, self._deaths = "connecting", 0
            self._begin()

    def stop(self) -> None:
        """As the port tells; the next child is on its way up when this returns."""
        with self._turn:
            if self._over.is_set():
                return
            self._end()
            self._process = self._new_process()

    def close(self) -> None:
        """Leaves no process."""
        with self._turn:
            self._end()

    def next_frame(self, after: int, timeout_s: float) -> Frame | CameraSilent:
        with self._changed:
            self._changed.wait_for(lambda: self._trouble == "stopped" or self._newer(after) is not None, timeout_s)
            found = self._newer(after) or CameraSilent(self._trouble)
            hangs = self._trouble != "stopped" and self._clock.monotonic() - self._heard_at > HANGS_S
            process = self._process
        if hangs and process is not None and isinstance(found, CameraSilent):
            process.kill()
            return CameraSilent("process-hangs")
        return found

    def _newer(self, after: int) -> Frame | None:
        return self._newest if self._newest and self._newest.sequence > after else None

    def _waiting_process(self) -> CameraProcess:
        with self._turn:
            if self._over.is_set() and self._process is not None and self._process.dead:
                self._process.end()
                self._process = None
            if self._process is None:
                self._process = self._new_process()
            return self._process

    def _new_process(self) -> CameraProcess:
        return CameraProcess(self._hosted, self._heard, self._died)

    def _begin(self) -> None:
        """Sets the waiting child going, or a new one."""
        if self._process is not None and self._process.dead:
            self._process.end()
            self._process = None
        self._process = self._process or self._new_process()
        with self._changed:
            self._before, self._heard_at = self._sequence, self._clock.monotonic()
        self._process.begin()

    def _end(self) -> None:
        self._over.set()
        with self._changed:
            process, self._process = self._process, None
            self._newest, self._trouble, self._present = None, "stopped", None
            self._changed.notify_all()
        if process is not None:
            process.end()

    def _heard(self, process: CameraProcess, note: Note) -> None:
        with self._changed:
            if process is not self._process or self._over.is_set():
                return
            self._heard_at, self._trouble, self._present = self._clock.monotonic(), note.silent, note.present
            if note.frame is not None:
                self._sequence = self._before + note.frame.sequence
                self._newest = replace(note.frame, sequence=self._sequence)
                self._deaths = 0
            self._changed.notify_all()

    def _died(self, process: CameraProcess) -> None:
        """On the dead child's own thread, which ``stop`` waits for: the next child is begun on another."""
        with self._changed:
            if process is not self._process or self._over.is_set():
                return
            self._newest, self._trouble, self._present = None, "process-died", _unavailable("process-died")
            pause = _PAUSE_S * 2 ** min(self._deaths, _MOST_DOUBLINGS)
            self._deaths += 1
            self._changed.notify_all()
        threading.Thread(target=self._replace, args=(process, pause), name="camera pause", daemon=True).start()

    def _replace(self, process: CameraProcess, pause: float) -> None:
        if self._over.wait(pause):
            return
        with self._turn:
            if process is self._process and not self._over.is_set():
                self._begin()


def _unavailable(word: str) -> Unavailable:
    return Unavailable(f"camera-{word}", _REMEDY)
