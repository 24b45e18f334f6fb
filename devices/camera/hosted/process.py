"""One run of the camera's process as the terminal sees it: the channel, and the memory both see pictures in."""

import queue
import socket
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from devices.camera.hosted.ring import Ring
from devices.camera.hosted.worker import named
from devices.child_channel import ChannelClosedError, receive, send
from devices.child_process import start_module
from devices.private_memory import PrivateMemory
from kiosk.domain.picture import Frame, Picture
from kiosk.ports.camera import Camera
from kiosk.ports.clock import Clock
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable

NICENESS = 5
"""The screen goes before the camera, the camera before the analyser."""


class SizedSettings(Protocol):
    """What the host must know of a camera's settings, whatever its model: a pydantic model does."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def model_dump_json(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Hosted:
    """The driver that is to live in the child, a class, and its settings."""

    driver: Callable[[Any, Clock], Camera]
    settings: SizedSettings

    @property
    def ring(self) -> Ring:
        return Ring(self.settings.width, self.settings.height)


@dataclass(frozen=True, slots=True)
class Note:
    """What the child tells: a frame, or why there is none (``silent``), and what the driver says of its device."""

    frame: Frame | None
    silent: str
    present: DeviceStatus | None


class CameraProcess:
    """Started at once; it waits with its driver open until ``begin``. ``told`` hears of frames and silence, ``ended``
    that the child is gone by itself; both are called on this object's thread."""

    def __init__(
        self, hosted: Hosted, told: Callable[["CameraProcess", Note], None], ended: Callable[["CameraProcess"], None]
    ) -> None:
        self._ring = hosted.ring
        self._told, self._ended = told, ended
        self._memory = PrivateMemory("kiosk-camera", hosted.ring.size)
        self._turn = threading.Lock()
        self._given_back: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._statuses: queue.SimpleQueue[DeviceStatus | None] = queue.SimpleQueue()
        self._asking = threading.Lock()
        self._wanted, self._gone = True, False
        self._channel, theirs = socket.socketpair()
        with theirs:
            handles = (theirs.fileno(), self._memory.descriptor)
            arguments = [f"--channel={handles[0]}", f"--memory={handles[1]}"]
            self._process = start_module(
                "devices.camera.hosted.worker", arguments, handles, niceness=NICENESS, outlives_session=True
            )
        self._tell(_opening(hosted), hosted.settings.model_dump_json().encode())
        self._thread = threading.Thread(target=self._listen, name="camera process", daemon=True)
        self._thread.start()

    def begin(self) -> None:
        """From now on frames come."""
        self._tell({"do": "start"})

    def status(self, deadline_s: float) -> DeviceStatus | None:
        """Asks the driver. None when the process is gone, TimeoutError when it does not answer."""
        with self._asking:
            self._tell({"do": "status"})
            try:
                answer = self._statuses.get(timeout=deadline_s)
            except queue.Empty:
                raise TimeoutError from None
            if answer is None:
                self._statuses.put(None)
            return answer

    @property
    def dead(self) -> bool:
        return self._gone or self._process.poll() is not None

    def kill(self) -> None:
        """As if the process had died by itself."""
        self._process.kill()

    def end(self) -> None:
        """Kills the child, overwrites every picture, and waits for this object's thread."""
        self._wanted = False
        self._process.kill()
        self._process.wait()
        self._memory.wipe(self._ring.size)
        self._thread.join()
        self._channel.close()
        self._memory.let_go()

    def _tell(self, head: dict[str, Any], body: bytes = b"") -> None:
        """What a child that is gone does not hear, the listener learns."""
        with self._turn:
            try:
                send(self._channel, head, body)
            except ChannelClosedError:
                return

    def _listen(self) -> None:
        try:
            while True:
                self._hear(receive(self._channel)[0])
        except ChannelClosedError:
            self._gone = True
            self._statuses.put(None)
            self._process.wait()
            if self._wanted:
                self._ended(self)

    def _hear(self, message: dict[str, Any]) -> None:
        if "status" in message:
            self._statuses.put(_status(message["status"]))
        elif "slot" in message:
            self._told(self, Note(self._frame(message), "late", _status(message["present"])))
            self._give_back()
        elif "silent" in message:
            self._told(self, Note(None, message["silent"], _status(message["present"])))
            self._give_back()

    def _frame(self, message: dict[str, Any]) -> Frame:
        """Views of the slot; it is given back when the last of them is gone."""
        slot, sizes = message["slot"], message["sizes"]
        pixels = np.frombuffer(self._memory.bytes, np.uint8, 2 * self._ring.most, self._ring.place(slot))
        weakref.finalize(pixels, self._given_back.put, slot).atexit = False
        pictures = [
            Picture(width, height, pixels.data[number * self._ring.most :][:size])
            for number, (width, height, size) in enumerate(sizes)
        ]
        return Frame(message["sequence"], message["at"], pictures[0], pictures[1] if len(pictures) > 1 else None)

    def _give_back(self) -> None:
        free = []
        while not self._given_back.empty():
            free.append(self._given_back.get())
        if free:
            self._tell({"free": free})


def _opening(hosted: Hosted) -> dict[str, Any]:
    assert isinstance(hosted.driver, type)
    return {
        "driver": named(hosted.driver),
        "width": hosted.ring.width,
        "height": hosted.ring.height,
    }


def _status(words: list[str] | None) -> DeviceStatus | None:
    if words is None:
        return None
    return Ready(words[1]) if words[0] == "ready" else Unavailable(words[1], words[2])
