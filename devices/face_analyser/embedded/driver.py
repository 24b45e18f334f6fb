"""The face analyser that runs on the terminal's own processor, in a process of its own."""

import contextlib
import socket
import threading
from typing import Any

from devices.child_channel import ChannelClosedError, receive, send
from devices.child_process import start_module
from devices.face_analyser.embedded.model_digests import MODEL_NAME
from devices.face_analyser.embedded.observed import unpacked
from devices.face_analyser.embedded.settings import PICTURE_BYTES, EmbeddedFaceSettings
from devices.private_memory import PrivateMemory
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

    A worker serves one session: ``forget`` overwrites what it holds and ends it, and the next one loads its models
    while nobody waits for it. One that dies or hangs is replaced at once; the session is told so once, by
    ``AnalyserFault``, and what it had shown is gone. Calls may come from any thread and are served one after another.
    """

    def __init__(self, settings: EmbeddedFaceSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._worker: _WorkerProcess | None = None
        self._in_use = False
        self._untold: AnalyserFault | None = None
        self._broken: AnalyserFault | None = None

    def status(self) -> DeviceStatus:
        """Starts the worker where it is not running, so that ``Ready`` means models checked and loaded."""
        if not self._lock.acquire(blocking=False):
            return Ready(MODEL_NAME)
        try:
            if not self._in_use:
                self._broken = None
            if self._worker is not None and self._worker.dead:
                self._untold = AnalyserFault("worker-died") if self._in_use else None
                self._renew()
            worker = self._ready()
        finally:
            self._lock.release()
        return Ready(MODEL_NAME) if isinstance(worker, _WorkerProcess) else _unavailable(worker.reason)

    def present(self) -> DeviceStatus | None:
        """Whether the worker lives; None where none has told yet that its models are loaded."""
        broken, worker = self._broken, self._worker
        if broken is not None:
            return _unavailable(broken.reason)
        if worker is None:
            return None
        if worker.dead:
            return _unavailable("worker-died")
        return Ready(MODEL_NAME) if worker.greeted else None

    def set_reference(self, picture: Picture) -> ReferenceReady | NoReferenceFace | AnalyserFault:
        with self._lock:
            self._untold = self._broken = None
            if self._worker is not None and self._worker.dead:
                self._renew()
            self._in_use = True
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
            worker = self._worker
            if self._in_use and worker is not None and worker.greeted:
                with contextlib.suppress(ChannelClosedError, TimeoutError):
                    worker.ask({"do": "forget"}, self._settings.frame_deadline_s)
                self._renew()
            self._untold = self._broken = None
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
        if self._untold is not None:
            untold, self._untold = self._untold, None
            return untold
        worker = self._ready()
        if isinstance(worker, AnalyserFault):
            return worker
        if picture is not None:
            shown = worker.show(picture, infrared)
            if shown is None:
                return AnalyserFault("picture-size")
            request = {**request, **shown}
        try:
            head, body = worker.ask(request, deadline_s)
        except (ChannelClosedError, TimeoutError) as problem:
            self._renew()
            return AnalyserFault("worker-hangs" if isinstance(problem, TimeoutError) else "worker-died")
        return AnalyserFault(head["fault"]) if "fault" in head else (head, body)

    def _ready(self) -> "_WorkerProcess | AnalyserFault":
        """Waits until the models are loaded. What kept them from it stands until the next session."""
        if self._broken is not None:
            return self._broken
        worker = self._worker = self._worker or _WorkerProcess(self._settings)
        reason = worker.wait_until_loaded(self._settings.start_deadline_s)
        if reason is None:
            return worker
        self._stop()
        self._broken = AnalyserFault(reason)
        return self._broken

    def _renew(self) -> None:
        """The next worker begins to load its models when the one before is gone."""
        self._stop()
        self._worker = _WorkerProcess(self._settings)

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.end()
        self._worker = None


def _unavailable(reason: str) -> Unavailable:
    return Unavailable(reason, _REMEDIES.get(reason, _OTHER_REMEDY))


class _WorkerProcess:
    """One run of the worker, its channel and the memory both see pictures in."""

    def __init__(self, settings: EmbeddedFaceSettings) -> None:
        self.greeted = False
        self._memory = PrivateMemory("kiosk-face", PICTURE_BYTES)
        self._used = 0
        self._channel, theirs = socket.socketpair()
        with theirs:
            handles = (theirs.fileno(), self._memory.descriptor)
            arguments = _arguments(settings, *handles)
            module = "devices.face_analyser.embedded.worker"
            self._process = start_module(module, arguments, handles, niceness=settings.niceness, outlives_session=False)

    def wait_until_loaded(self, deadline_s: float) -> str | None:
        """Why the worker cannot serve; None when its models are checked and loaded."""
        if self.greeted:
            return None
        self._channel.settimeout(deadline_s)
        try:
            head, _ = receive(self._channel)
        except (ChannelClosedError, TimeoutError):
            return "worker-does-not-start"
        self.greeted = "fault" not in head
        return None if self.greeted else str(head["fault"])

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
        self._memory.bytes[:size] = picture.pixels
        told: dict[str, Any] = {"width": picture.width, "height": picture.height}
        if infrared is not None:
            self._memory.bytes[size:used] = infrared.pixels
            told["infrared"] = (infrared.width, infrared.height, depth)
        self._used = max(self._used, used)
        return told

    @property
    def dead(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        self._channel.close()
        self._process.kill()
        self._process.wait()
        self._memory.wipe(self._used)
        self._memory.let_go()


def _depth(infrared: Picture) -> int | None:
    """Bytes a pixel: one or three; None when it is no such picture."""
    size = infrared.width * infrared.height
    return next((depth for depth in (1, 3) if 0 < size * depth == len(infrared.pixels)), None)


def _arguments(settings: EmbeddedFaceSettings, channel: int, pictures: int) -> list[str]:
    options = {
        "channel": channel,
        "pictures": pictures,
        "models": settings.models,
        **({} if settings.upgrade is None else {"upgrade": settings.upgrade}),
        "detection-score": settings.detection_score,
        "bystander-share": settings.bystander_share,
        "kept-frames": settings.kept_frames,
    }
    return [f"--{name}={value}" for name, value in options.items()]
