"""The driver of Motion JPEG cameras: a thread that reads, and the newest frame for whoever asks."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from devices.camera.mjpeg.jpeg import Pixels, decode
from devices.camera.mjpeg.link import Link, LinkTrouble, dial
from devices.camera.mjpeg.multipart import Malformed, PartReader
from kiosk.domain.picture import Frame, Picture
from kiosk.ports.camera import CameraSilent
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from devices.camera.mjpeg.settings import MjpegSettings
    from kiosk.ports.clock import Clock

_REMEDIES = {
    "unreachable": "check the camera's power, cable and the address in the settings",
    "refused": "check the path and the access rights of the stream",
    "no-stream": "set the camera to Motion JPEG and check the path in the settings",
    "garbled": "set the camera to the width and height of the settings",
}
_OTHER_REMEDY = "restart the camera; if it comes back, check cable and switch"
_MOST_DOUBLINGS = 3


class MjpegCamera:
    """``kiosk.ports.camera.Camera``.

    A torn, garbled or wrongly sized picture is skipped; a stalled, broken or malformed stream is dropped and dialled
    again after a growing pause. Sequences grow through reconnects and restarts. ``next_frame`` may be called from any
    thread, ``start`` and ``stop`` from one.

    ``CameraSilent.reason`` is one of: stopped, connecting, late (the stream is well, but no picture came in time),
    unreachable, refused, no-stream, stalled, broken, garbled, boundary, head-too-long, too-long.
    """

    def __init__(self, settings: MjpegSettings, clock: Clock, url: str | None = None) -> None:
        """``url`` in place of that of the settings."""
        self._settings = settings
        self._url = url or settings.url
        self._clock = clock
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._link: Link | None = None
        self._newest: Frame | None = None
        self._pixels: Pixels | None = None
        self._sequence = 0
        self._trouble = "stopped"

    def status(self) -> DeviceStatus:
        """While started, what the stream is like; otherwise dials and waits for one whole picture."""
        word = self._stream_word()
        return self._judge(self._probe() if word == "stopped" else word)

    def present(self) -> DeviceStatus | None:
        """What the running stream is like; None while there is none."""
        word = self._trouble
        return None if word in ("stopped", "connecting") else self._judge(word)

    def start(self) -> None:
        if self._thread:
            return
        self._trouble = "connecting"
        self._thread = threading.Thread(target=self._run, name="camera mjpeg", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """As the port tells; waits for the thread, at most ``stall_s`` while a camera does not answer the dial."""
        if not self._thread:
            return
        self._stopping.set()
        with self._changed:
            if self._link:
                self._link.hang_up()
        self._thread.join()
        self._thread = None
        self._stopping.clear()
        with self._changed:
            if self._pixels is not None:
                self._pixels.fill(0)
            self._newest, self._pixels, self._trouble = None, None, "stopped"
            self._changed.notify_all()

    def next_frame(self, after: int, timeout_s: float) -> Frame | CameraSilent:
        with self._changed:
            self._changed.wait_for(lambda: self._trouble == "stopped" or self._newer(after) is not None, timeout_s)
            return self._newer(after) or CameraSilent(self._trouble)

    def _judge(self, word: str) -> DeviceStatus:
        if word == "late":
            return Ready(f"{self._settings.width}x{self._settings.height}")
        return Unavailable(f"camera-{word}", _REMEDIES.get(word, _OTHER_REMEDY))

    def _stream_word(self) -> str:
        """The stream just begun gets as long as the first picture of a probe may take."""
        with self._changed:
            self._changed.wait_for(lambda: self._trouble != "connecting", 2 * self._settings.stall_s)
            return self._trouble

    def _newer(self, after: int) -> Frame | None:
        return self._newest if self._newest and self._newest.sequence > after else None

    def _run(self) -> None:
        doublings = 0
        while not self._stopping.is_set():
            before = self._sequence
            self._note(self._stream())
            doublings = min(doublings + 1, _MOST_DOUBLINGS) if self._sequence == before else 0
            self._stopping.wait(self._settings.reconnect_s * 2**doublings)

    def _stream(self) -> str:
        """Publishes one connection's pictures until it ends or ``stop`` hangs it up; the word for its end."""
        link = dial(self._url, self._settings.stall_s)
        if isinstance(link, LinkTrouble):
            return link.reason
        self._hold(link)
        try:
            return self._read(link, self._publish, self._stopping.is_set, self._note)
        finally:
            self._hold(None)
            link.close()

    def _hold(self, link: Link | None) -> None:
        with self._changed:
            self._link = link

    def _probe(self) -> str:
        """Stands beside the stream: ``stop`` does not end it, and it tells nothing of the stream."""

        def one_is_enough(pixels: Pixels) -> bool:
            pixels.fill(0)
            return False

        link = dial(self._url, self._settings.stall_s)
        if isinstance(link, LinkTrouble):
            return link.reason
        try:
            return self._read(link, one_is_enough, lambda: False, lambda _: None)
        finally:
            link.close()

    def _read(
        self, link: Link, take: Callable[[Pixels], bool], stopped: Callable[[], bool], note: Callable[[str], None]
    ) -> str:
        width, height, patience = self._settings.width, self._settings.height, self._settings.stall_s
        reader = PartReader(link.boundary, longest=width * height * 3)
        trouble, due = "stalled", self._clock.monotonic() + patience
        while not stopped():
            data = link.read()
            if isinstance(data, LinkTrouble):
                return data.reason
            parts = reader.feed(data)
            if isinstance(parts, Malformed):
                return parts.reason
            pixels = decode(parts[-1], width, height) if parts else None
            if pixels is not None:
                if not take(pixels):
                    return "late"
                trouble, due = "stalled", self._clock.monotonic() + patience
            elif parts:
                trouble = "garbled"
                note(trouble)
            if self._clock.monotonic() > due:
                return trouble
        return "stopped"

    def _publish(self, pixels: Pixels) -> bool:
        picture = Picture(self._settings.width, self._settings.height, pixels.data.cast("B"))
        with self._changed:
            self._sequence += 1
            self._newest = Frame(self._sequence, self._clock.monotonic(), picture)
            self._pixels, self._trouble = pixels, "late"
            self._changed.notify_all()
        return True

    def _note(self, trouble: str) -> None:
        with self._changed:
            self._trouble = trouble
            self._changed.notify_all()
