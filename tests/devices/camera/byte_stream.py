"""A camera made of recorded bytes: each connection plays one script, well or badly."""

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

import cv2
import numpy as np

WIDTH, HEIGHT = 160, 120
GOOD_HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=cut\r\n\r\n"


class SteadyClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return monotonic()


def jpeg(shade: int, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """A picture of one grey shade."""
    _, encoded = cv2.imencode(".jpg", np.full((height, width, 3), shade, np.uint8))
    return encoded.tobytes()


def part(picture: bytes, with_length: bool = True) -> bytes:
    length = b"Content-Length: %d\r\n" % len(picture) if with_length else b""
    return b"--cut\r\nContent-Type: image/jpeg\r\n" + length + b"\r\n" + picture + b"\r\n"


@dataclass
class Script:
    """What one connection says after the request; ``hold`` keeps it open and silent afterwards until the end.

    ``gate`` delays the answer until it is set.
    """

    says: bytes
    hold: bool = True
    over_and_over: bool = False
    gate: threading.Event | None = None


@dataclass
class ByteStreamCamera:
    """Plays ``scripts`` connection by connection and repeats the last one."""

    scripts: list[Script]
    calls: int = 0
    _called: threading.Condition = field(default_factory=threading.Condition)
    _closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._answer_calls)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._door.getsockname()[1]}/video"

    def wait_for_call(self, number: int) -> None:
        """Returns when the ``number``-th connection has been made."""
        with self._called:
            assert self._called.wait_for(lambda: self.calls >= number, timeout=20)

    def close(self) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):  # closed before
            self._door.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._door.close()

    def _answer_calls(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with self._called:
                script = self.scripts[min(self.calls, len(self.scripts) - 1)]
                self.calls += 1
                self._called.notify_all()
            talk = threading.Thread(target=self._talk, args=(line, script))
            self._threads.append(talk)
            talk.start()

    def _talk(self, line: socket.socket, script: Script) -> None:
        with line:
            try:
                line.recv(4096)
                while script.gate and not script.gate.wait(0.05) and not self._closing.is_set():
                    pass
                head, body = script.says[: len(GOOD_HEAD)], script.says[len(GOOD_HEAD) :]
                line.sendall(head)
                line.sendall(body)
                while script.over_and_over and not self._closing.wait(0.01):
                    line.sendall(body)
                if script.hold:
                    line.settimeout(None)
                    self._closing.wait()
            except OSError:
                return
