"""The camera's own process: ``python -m devices.camera.hosted.worker``, started by ``HostedCamera`` only.

It opens the driver it is told to, with the plain values of settings that the terminal has checked: a child without
pydantic is smaller and starts sooner. It ends when the terminal's end of the channel closes. The terminal asks:
``{"do": "start"}`` once, ``{"do": "status"}``, ``{"free": [slot, ...]}``. The child tells: every frame with the slot it
lies in, what the driver says when there is none, and the answer to each question of status.
"""

import argparse
import importlib
import json
import os
import queue
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NoReturn

from devices.camera.hosted.ring import SLOTS, Ring
from devices.child_channel import ChannelClosedError, receive, send
from devices.child_process import leave_no_core
from devices.private_memory import open_for_child
from kiosk.domain.china_time import CHINA
from kiosk.domain.picture import Frame, Picture
from kiosk.ports.camera import Camera, CameraSilent
from kiosk.ports.device_status import DeviceStatus, Noticeable, Ready

NOTE_S = 0.1
"""A child without a frame tells how things are this often."""


class _Clock:
    """``monotonic`` is the kernel's, the same in every process."""

    def now(self) -> datetime:
        return datetime.now(CHINA)

    def monotonic(self) -> float:
        return time.monotonic()


class _Host:
    def __init__(self, channel: socket.socket, ring: Ring, memory: memoryview, camera: Camera) -> None:
        self._channel = channel
        self._turn = threading.Lock()
        self._ring = ring
        self._memory = memory
        self._camera = camera
        self._free: queue.SimpleQueue[int] = queue.SimpleQueue()
        for slot in range(SLOTS):
            self._free.put(slot)

    def serve(self) -> NoReturn:
        self._tell({"ready": True})
        while True:
            request, _ = receive(self._channel)
            for slot in request.get("free", ()):
                self._free.put(slot)
            if request.get("do") == "start":
                self._camera.start()
                self._in_background(self._pump)
            elif request.get("do") == "status":
                self._in_background(self._answer_status)

    def _in_background(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work, daemon=True).start()

    def _tell(self, head: dict[str, Any]) -> None:
        with self._turn:
            send(self._channel, head)

    def _answer_status(self) -> None:
        self._tell({"status": status_words(self._camera.status())})

    def _pump(self) -> None:
        last = 0
        while True:
            frame = self._camera.next_frame(last, NOTE_S)
            if isinstance(frame, CameraSilent):
                self._tell({"silent": frame.reason, "present": self._present()})
                continue
            last = frame.sequence
            self._tell(self._shown(frame) or {"silent": "late", "present": self._present()})

    def _present(self) -> list[str] | None:
        status = self._camera.present() if isinstance(self._camera, Noticeable) else None
        return None if status is None else status_words(status)

    def _shown(self, frame: Frame) -> dict[str, Any] | None:
        """Puts the frame into a slot; None when none is free, or when the pictures are larger than announced."""
        pictures = (frame.picture,) if frame.infrared is None else (frame.picture, frame.infrared)
        if any(len(picture.pixels) > self._ring.most for picture in pictures):
            return None
        try:
            slot = self._free.get_nowait()
        except queue.Empty:
            return None
        for number, picture in enumerate(pictures):
            begin = self._ring.place(slot, infrared=number > 0)
            self._memory[begin : begin + len(picture.pixels)] = picture.pixels
        sizes = [_size(picture) for picture in pictures]
        return {"slot": slot, "sequence": frame.sequence, "at": frame.at, "sizes": sizes, "present": self._present()}


def _size(picture: Picture) -> tuple[int, int, int]:
    return picture.width, picture.height, len(picture.pixels)


def status_words(status: DeviceStatus) -> list[str]:
    return ["ready", status.detail] if isinstance(status, Ready) else ["unavailable", status.reason, status.remedy]


def named(thing: type) -> str:
    return f"{thing.__module__}:{thing.__qualname__}"


def _find(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--channel", type=int, required=True)
    parser.add_argument("--memory", type=int, required=True)
    options = parser.parse_args()
    leave_no_core()
    channel = socket.socket(fileno=options.channel)
    try:
        opening, settings = receive(channel)
        ring = Ring(opening["width"], opening["height"])
        camera: Camera = _find(opening["driver"])(SimpleNamespace(**json.loads(settings)), _Clock())
        with memoryview(open_for_child(options.memory, ring.size, writing=True)) as memory:
            _Host(channel, ring, memory, camera).serve()
    except ChannelClosedError:
        os._exit(0)  # whatever threads of the driver still wait for


if __name__ == "__main__":
    main()
