"""One serial port, one request in flight: sends a command and waits for its answer."""

import termios
import threading
from dataclasses import dataclass
from enum import Enum

import serial

from devices.id_card.sam.frames import Defect, Frame, FrameParser, request_frame
from devices.id_card.sam.settings import SamSettings
from devices.id_card.sam.statuses import REPEAT
from kiosk.ports.clock import Clock

_REPEATS = 2
_WRITE_TIMEOUT_S = 0.5
_READ_SLICE_S = 0.05


class LinkTrouble(Enum):
    """Why a command has no answer."""

    GONE = "port-gone"
    SILENT = "no-answer"
    NOISE = "noise"
    TRUNCATED = "truncated"
    BAD_CHECKSUM = "bad-checksum"
    BAD_LENGTH = "bad-length"
    UNSETTLED = "repeated-in-vain"


READER_TROUBLES = frozenset({LinkTrouble.GONE, LinkTrouble.SILENT, LinkTrouble.NOISE})
"""Troubles no card can cause; the others spoil one answer."""

_DEFECTS = {Defect.BAD_CHECKSUM: LinkTrouble.BAD_CHECKSUM, Defect.BAD_LENGTH: LinkTrouble.BAD_LENGTH}


@dataclass(frozen=True, slots=True)
class Command:
    """``code`` is CMD and PARA, ``timeout_s`` the wait for one answer."""

    code: int
    timeout_s: float


class SerialLink:
    """Opens the port when first needed and again after it was gone. Calls from several threads take turns."""

    def __init__(self, settings: SamSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._parser = FrameParser()
        self._port: serial.Serial | None = None
        self._turn = threading.Lock()

    def close(self) -> None:
        with self._turn:
            self._drop_port()

    def exchange(self, command: Command, limit: float) -> Frame | LinkTrouble:
        """The answer to an idempotent ``command``, repeated at most twice, never later than monotonic ``limit``."""
        with self._turn:
            for _ in range(_REPEATS):
                outcome = self._attempt(command, limit)
                if isinstance(outcome, Frame) or outcome is LinkTrouble.GONE or self._clock.monotonic() >= limit:
                    return outcome
            return self._attempt(command, limit)

    def _attempt(self, command: Command, limit: float) -> Frame | LinkTrouble:
        try:
            port = self._open()
            self._parser.clear()
            port.reset_input_buffer()
            port.write(request_frame(command.code))
            return self._await_answer(port, min(limit, self._clock.monotonic() + command.timeout_s))
        except (OSError, termios.error):
            self._drop_port()
            return LinkTrouble.GONE

    def _drop_port(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            port.close()

    def _open(self) -> serial.Serial:
        if self._port is None:
            self._port = serial.Serial(
                self._settings.port,
                self._settings.baud,
                timeout=_READ_SLICE_S,
                write_timeout=_WRITE_TIMEOUT_S,
                exclusive=True,
            )
        return self._port

    def _await_answer(self, port: serial.Serial, deadline: float) -> Frame | LinkTrouble:
        heard_at: float | None = None
        while True:
            data = port.read(max(1, port.in_waiting))
            now = self._clock.monotonic()
            heard_at = now if data else heard_at
            answer = _first_answer(self._parser.feed(data))
            if answer is not None:
                return answer
            if self._parser.inside_frame and heard_at is not None:
                if now >= deadline or now - heard_at >= self._settings.gap_timeout_s:
                    return LinkTrouble.TRUNCATED
            elif now >= deadline:
                return LinkTrouble.SILENT if heard_at is None else LinkTrouble.NOISE


def _first_answer(items: list[Frame | Defect]) -> Frame | LinkTrouble | None:
    """The first frame, else the first defect; a frame asking for repetition is no answer."""
    for item in items:
        if isinstance(item, Frame):
            return LinkTrouble.UNSETTLED if item.status in REPEAT else item
    return _DEFECTS[items[0]] if items and isinstance(items[0], Defect) else None
