"""The face analyser that runs on the terminal's own processor, in a process of its own."""

import mmap
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import devices
from devices.face_analyser.embedded.channel import PICTURE_BYTES, ChannelClosedError, receive, send
from devices.face_analyser.embedded.model_digests import MODEL_NAME
from devices.face_analyser.embedded.observed import unpacked
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from kiosk.domain.face import FaceObservation
from kiosk.domain.picture import Frame, Picture
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.face_analyser import AnalyserFault, Distances, NoReferenceFace, ReferenceReady

_REMEDIES = {
    "model-missing": "kiosk models install",
    "model-altered": "kiosk models install",
}
_OTHER_REMEDY = "restart the terminal; if it comes back, run kiosk models verify"


class EmbeddedFaceAnalyser:
    """``kiosk.ports.face_analyser.FaceAnalyser``.

    The worker starts with the first call and stays for the next sessions. When it dies or hangs, every call of that
    session answers ``AnalyserFault``; ``forget`` or a new reference begins a session with a new worker. Calls may come
    from any thread and are served one after another.
    """

    def __init__(self, settings: EmbeddedFaceSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._worker: _WorkerProcess | None = None
        self._broken: AnalyserFault | None = None
        self._in_use = False

    def status(self) -> DeviceStatus:
        """Starts the worker where it is not running, so that ``Ready`` means models checked and loaded; not while a
        session has faces in one that is gone."""
        if not self._lock.acquire(blocking=False):
            return Ready(MODEL_NAME)
        try:
            if not self._in_use:
                self._clear_away_broken()
            elif self._worker is not None and self._worker.dead:
                self._stop()
                self._broken = AnalyserFault("worker-died")
            fault = self._broken or (self._start() if self._worker is None else None)
        finally:
            self._lock.release()
        return Ready(MODEL_NAME) if fault is None else _unavailable(fault.reason)

    def present(self) -> DeviceStatus | None:
        """Whether the worker lives; None where none was started yet."""
        broken, worker = self._broken, self._worker
        if broken is not None:
            return _unavailable(broken.reason)
        if worker is None:
            return None
        return _unavailable("worker-died") if worker.dead else Ready(MODEL_NAME)

    def set_reference(self, picture: Picture) -> ReferenceReady | NoReferenceFace | AnalyserFault:
        with self._lock:
            self._in_use = True
            self._clear_away_broken()
            answer = self._ask({"do": "set_reference"}, self._settings.compare_deadline_s, picture)
        if isinstance(answer, AnalyserFault):
            return answer
        head, _ = answer
        return ReferenceReady(head["model"], tuple(head["refused"])) if head["found"] else NoReferenceFace()

    def observe(self, frame: Frame) -> FaceObservation | AnalyserFault:
        request = {"do": "observe", "sequence": frame.sequence, "at": frame.at}
        with self._lock:
            self._in_use = True
            answer = self._ask(request, self._settings.frame_deadline_s, frame.picture, frame.infrared)
        return answer if isinstance(answer, AnalyserFault) else unpacked(frame.sequence, frame.at, *answer)

    def compare(self, sequences: tuple[int, ...], witnesses: tuple[int, ...] = ()) -> Distances | AnalyserFault:
        request = {"do": "compare", "sequences": sequences, "witnesses": witnesses}
        with self._lock:
            answer = self._ask(request, self._settings.compare_deadline_s)
        if isinstance(answer, AnalyserFault):
            return answer
        head, _ = answer
        return Distances(tuple(head["distances"]), head["model"], head["spread"])

    def crop(self, sequence: int) -> bytes | AnalyserFault:
        with self._lock:
            answer = self._ask({"do": "crop", "sequence": sequence}, self._settings.frame_deadline_s)
        return answer if isinstance(answer, AnalyserFault) else answer[1]

    def forget(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._ask({"do": "forget"}, self._settings.compare_deadline_s)
            if self._worker is not None:
                self._worker.wipe_pictures()
            self._clear_away_broken()
            self._in_use = False

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _ask(
        self,
        request: dict[str, Any],
        deadline_s: float,
        picture: Picture | None = None,
        infrared: Picture | None = None,
    ) -> tuple[dict[str, Any], bytes] | AnalyserFault:
        fault = self._broken or (self._start() if self._worker is None else None)
        if fault is not None or self._worker is None:
            return fault or AnalyserFault("worker-does-not-start")
        if picture is not None:
            shown = self._worker.show(picture, infrared)
            if shown is None:
                return AnalyserFault("picture-size")
            request = {**request, **shown}
        try:
            head, body = self._worker.ask(request, deadline_s)
        except (ChannelClosedError, TimeoutError) as problem:
            self._stop()
            self._broken = AnalyserFault("worker-hangs" if isinstance(problem, TimeoutError) else "worker-died")
            return self._broken
        return AnalyserFault(head["fault"]) if "fault" in head else (head, body)

    def _start(self) -> AnalyserFault | None:
        worker = _WorkerProcess(self._settings)
        try:
            head = worker.greeting(self._settings.start_deadline_s)
        except (ChannelClosedError, TimeoutError):
            head = {"fault": "worker-does-not-start"}
        if "fault" not in head:
            self._worker = worker
            return None
        worker.end()
        self._broken = AnalyserFault(head["fault"])
        return self._broken

    def _clear_away_broken(self) -> None:
        """So that the next call starts a worker anew."""
        if self._worker is not None and self._worker.dead:
            self._stop()
        self._broken = None

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.end()
        self._worker = None


def _unavailable(reason: str) -> Unavailable:
    return Unavailable(reason, _REMEDIES.get(reason, _OTHER_REMEDY))


class _WorkerProcess:
    """One run of the worker, its channel and the memory both see pictures in."""

    def __init__(self, settings: EmbeddedFaceSettings) -> None:
        self._pictures = os.memfd_create("kiosk-face", os.MFD_CLOEXEC)
        os.ftruncate(self._pictures, PICTURE_BYTES)
        self._memory = mmap.mmap(self._pictures, PICTURE_BYTES)
        self._used = 0
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                _command(settings, theirs.fileno(), self._pictures),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                pass_fds=(theirs.fileno(), self._pictures),
                start_new_session=True,
            )

    def greeting(self, deadline_s: float) -> dict[str, Any]:
        self._channel.settimeout(deadline_s)
        return receive(self._channel)[0]

    def ask(self, request: dict[str, Any], deadline_s: float) -> tuple[dict[str, Any], bytes]:
        self._channel.settimeout(deadline_s)
        send(self._channel, request)
        return receive(self._channel)

    def show(self, picture: Picture, infrared: Picture | None = None) -> dict[str, Any] | None:
        """Puts the pixels where the worker sees them, what the infrared camera saw behind the picture, and answers how
        the worker is told of them; None when they are not pictures or too many."""
        size = picture.width * picture.height * 3
        depth = 0 if infrared is None else _depth(infrared)
        used = size if infrared is None else size + len(infrared.pixels)
        if not 0 < used <= PICTURE_BYTES or len(picture.pixels) != size or depth is None:
            return None
        self._memory[:size] = picture.pixels
        told: dict[str, Any] = {"width": picture.width, "height": picture.height}
        if infrared is not None:
            self._memory[size:used] = infrared.pixels
            told["infrared"] = (infrared.width, infrared.height, depth)
        self._used = max(self._used, used)
        return told

    def wipe_pictures(self) -> None:
        self._memory[: self._used] = bytes(self._used)
        self._used = 0

    @property
    def dead(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        self.wipe_pictures()
        self._channel.close()
        self._process.kill()
        self._process.wait()
        self._memory.close()
        os.close(self._pictures)


def _depth(infrared: Picture) -> int | None:
    """Bytes a pixel: one or three; None when it is no such picture."""
    size = infrared.width * infrared.height
    return next((depth for depth in (1, 3) if 0 < size * depth == len(infrared.pixels)), None)


def _command(settings: EmbeddedFaceSettings, channel: int, pictures: int) -> list[str]:
    options = {
        "channel": channel,
        "pictures": pictures,
        "models": settings.models,
        **({} if settings.upgrade is None else {"upgrade": settings.upgrade}),
        "detection-score": settings.detection_score,
        "bystander-share": settings.bystander_share,
        "kept-frames": settings.kept_frames,
        "niceness": settings.niceness,
    }
    module = "devices.face_analyser.embedded.worker"
    return [sys.executable, "-m", module, *(f"--{name}={value}" for name, value in options.items())]


def _environment() -> dict[str, str]:
    """One thread for each library: two cores are shared with the screen."""
    root = str(Path(devices.__file__).parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX"), "1")
    return {**os.environ, **single, "PYTHONPATH": path}
