"""One reader, one request in flight: sends a command and waits for its answer."""

import threading
from collections.abc import Callable
from enum import Enum

from devices.id_card.sam.commands import RATES, STATUS, Command, set_rate
from devices.id_card.sam.frames import Defect, Frame, FrameParser, request_frame
from devices.id_card.sam.settings import SamSettings
from devices.id_card.sam.statuses import SLIPS
from devices.id_card.sam.transport import NoticeableTransport, RatedTransport, Transport
from kiosk.ports.clock import Clock

_REPEATS = 2
_PROBE_S = 0.2
"""Wait for the answer to a status command when the rate is in doubt: 22 ms on the line at 9600, the rest is the
module's."""

_FIRST_S = 1.0
"""Longest wait for the first answer after opening, so that time is left to look for the reader at other rates."""

_SWITCH_S = 0.01
"""A reader needs 5 ms between its answer and the first byte at the new rate."""


class LinkTrouble(Enum):
    """Why a command has no answer."""

    GONE = "port-gone"
    SILENT = "no-answer"
    NOISE = "noise"
    TRUNCATED = "truncated"
    BAD_CHECKSUM = "bad-checksum"
    BAD_LENGTH = "bad-length"
    UNEXPECTED = "unexpected-answer"


READER_TROUBLES = frozenset({LinkTrouble.GONE, LinkTrouble.SILENT, LinkTrouble.NOISE})
"""Troubles no card can cause; the others spoil one answer."""

_NOBODY = (LinkTrouble.SILENT, LinkTrouble.NOISE)
_DEFECTS = {Defect.BAD_CHECKSUM: LinkTrouble.BAD_CHECKSUM, Defect.BAD_LENGTH: LinkTrouble.BAD_LENGTH}


class SamLink:
    """Opens the transport when first needed, and again after the reader was gone or fell silent. Calls from several
    threads take turns. ``wait`` stands still for so many seconds."""

    def __init__(
        self, transport: Transport, settings: SamSettings, clock: Clock, wait: Callable[[float], object]
    ) -> None:
        self._transport = transport
        self._settings = settings
        self._clock = clock
        self._wait = wait
        self._open = False
        self._heard = False
        """Whether the reader has answered since the transport was opened."""
        self._turn = threading.Lock()

    def close(self) -> None:
        with self._turn:
            self._drop()

    def gone(self) -> bool:
        """True when the reader can be seen to be away; no conversation is waited for."""
        return isinstance(self._transport, NoticeableTransport) and self._transport.gone()

    def exchange(self, command: Command, timeout_s: float, limit: float) -> Frame | LinkTrouble:
        """The answer to an idempotent ``command``, each try at most ``timeout_s`` long, repeated at most twice, never
        later than monotonic ``limit``. A frame that asks for repetition is the answer when repeating was in vain."""
        with self._turn:
            answer = self._try_all(command, timeout_s, limit)
            if answer in _NOBODY:
                self._drop()
            return answer

    def _try_all(self, command: Command, timeout_s: float, limit: float) -> Frame | LinkTrouble:
        answer: Frame | LinkTrouble = LinkTrouble.SILENT
        for _ in range(1 + _REPEATS):
            was_open = self._open
            answer = self._try(command, timeout_s if self._heard else min(timeout_s, _FIRST_S), limit)
            if self._settled(answer, was_open) or self._clock.monotonic() >= limit:
                break
            if not self._heard and answer in _NOBODY and not self._look_for_reader(limit):
                break
        return answer

    @staticmethod
    def _settled(answer: Frame | LinkTrouble, was_open: bool) -> bool:
        """True when another try would change nothing. A port that was open may have come back under the same name."""
        if isinstance(answer, Frame):
            return answer.status not in SLIPS
        return answer is LinkTrouble.GONE and not was_open

    def _try(self, command: Command, timeout_s: float, limit: float) -> Frame | LinkTrouble:
        try:
            deadline = min(limit, self._clock.monotonic() + timeout_s)
            if not self._open:
                self._transport.open(deadline - self._clock.monotonic())
                self._open = True
            answer = self._ask(command, deadline)
        except OSError:
            self._drop()
            return LinkTrouble.GONE
        self._heard = self._heard or isinstance(answer, Frame)
        return answer

    def _drop(self) -> None:
        self._transport.close()
        self._open = self._heard = False

    def _ask(self, command: Command, deadline: float) -> Frame | LinkTrouble:
        self._transport.drain()
        self._transport.write(request_frame(command.code))
        return self._await_answer(command, deadline)

    def _await_answer(self, command: Command, deadline: float) -> Frame | LinkTrouble:
        """The first frame that answers ``command``. After a defect the line must fall quiet first: a true frame may
        still come out of it, and a reader is not spoken to while it sends."""
        parser = FrameParser()
        defect: Defect | None = None
        heard = unexpected = False
        until = deadline
        while (left := until - self._clock.monotonic()) > 0:
            data = self._transport.read(left)
            if not data:
                continue
            heard = True
            for item in parser.feed(data):
                if isinstance(item, Defect):
                    defect = defect or item
                elif command.answered_by(item):
                    return item
                else:
                    unexpected = True
            ends_in_quiet = parser.inside_frame or defect is not None
            until = min(deadline, self._clock.monotonic() + self._settings.gap_timeout_s) if ends_in_quiet else deadline
        if defect is not None:
            return _DEFECTS[defect]
        if parser.inside_frame:
            return LinkTrouble.TRUNCATED
        if unexpected:
            return LinkTrouble.UNEXPECTED
        return LinkTrouble.NOISE if heard else LinkTrouble.SILENT

    def _look_for_reader(self, limit: float) -> bool:
        """True when a reader answers after all, at the rate wished or, where it will not move, at the one it is at.
        Where there are no rates to try, it may still be there."""
        line = self._transport
        if not isinstance(line, RatedTransport):
            return True
        wished = self._settings.baud
        try:
            for baud in (wished, *(other for other in RATES if other != wished)):
                line.set_rate(baud)
                if self._answers(limit):
                    self._heard = baud == wished or self._move(line, baud, limit)
                    return self._heard
        except OSError:
            self._drop()
        return False

    def _move(self, line: RatedTransport, found: int, limit: float) -> bool:
        """Asks the reader once to work at the wished rate, then listens where it is: its answer may have been lost."""
        self._ask(set_rate(self._settings.baud), min(limit, self._clock.monotonic() + _PROBE_S))
        self._wait(_SWITCH_S)
        for baud in (self._settings.baud, found):
            line.set_rate(baud)
            if self._answers(limit):
                return True
        return False

    def _answers(self, limit: float) -> bool:
        return isinstance(self._ask(STATUS, min(limit, self._clock.monotonic() + _PROBE_S)), Frame)
