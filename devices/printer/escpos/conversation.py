"""Requests and answers on one link, each with its deadline, and every automatic status noted on the way."""

import queue
import time
from collections.abc import Callable
from typing import TypeVar

from devices.printer.escpos.link import HandedOver, Link, LinkEvent, LinkLost
from devices.printer.escpos_answers import (
    AutoStatus,
    BuffersCleared,
    FullStatus,
    InOrderStatus,
    JobEnd,
    Named,
    RealTimeStatus,
)
from devices.printer.escpos_commands import (
    CLEAR_BUFFERS,
    FULL_STATUS,
    IN_ORDER_STATUS,
    RECOVER_AND_CLEAR,
    name_request,
    status_request,
)
from devices.printer.escpos_status import PrinterState, printer_state

HEAD_HOT = "head-hot"
_Event = TypeVar("_Event", bound=LinkEvent)


class Conversation:
    """``trouble`` is the first stable word of what went wrong on the link, None while all is well. A hot head is none:
    the printer goes on by itself; ``paused`` says so meanwhile, and a wait is longer by what it lasts, ``cool_seconds``
    at most. ``asked_in_order`` counts the ``GS r`` sent, ``read_at`` has the moment (monotonic) of each answer.
    """

    def __init__(self, link: Link, answer_seconds: float, cool_seconds: float) -> None:
        self._link = link
        self._answer_seconds = answer_seconds
        self.cool_seconds = cool_seconds
        self._rested = 0.0
        self._resting_since = 0.0
        self.asked_in_order = 0
        self.trouble: str | None = None
        self.paused = False
        self.lost = False
        self.read_at: list[float] = []
        self._ended_jobs: set[bytes] = set()

    def state(self) -> PrinterState | None:
        """The printer's state by ``DLE EOT 1`` to ``4``, None when it does not answer all four in time."""
        values = [self.real_time_status(number) for number in (1, 2, 3, 4)]
        online, cause, error, paper = values
        if online is None or cause is None or error is None or paper is None:
            return None
        return printer_state(online, cause, error, paper)

    def real_time_status(self, number: int, seconds: float | None = None) -> int | None:
        """The answer to ``DLE EOT number``; nothing is asked any more once an answer stayed away. Behind raster that
        waits in the system the request needs its ``seconds`` to reach the printer."""
        if self.lost or self.trouble == "no-answer":
            return None
        answer = self._asked(status_request(number), RealTimeStatus, seconds)
        if answer is None:
            self.trouble = self.trouble or "no-answer"
            return None
        return answer.value

    def full_status(self) -> FullStatus | None:
        return self._asked(FULL_STATUS, FullStatus)

    def name(self, number: int) -> str | None:
        """What the printer calls itself, by ``GS I number``."""
        answer = self._asked(name_request(number), Named)
        return answer.text if answer else None

    def recover(self) -> None:
        """Has the printer leave an error whose cause was taken away, and drop its buffers."""
        self.send(RECOVER_AND_CLEAR)

    def send(self, data: bytes) -> None:
        """For what nobody answers."""
        self._link.send(data)

    def clear_buffers(self) -> bool:
        """True when the printer confirms that nothing of an earlier job is left in it."""
        return not self.lost and self._asked(CLEAR_BUFFERS, BuffersCleared) is not None

    def switch_on_auto_status(self, commands: bytes) -> bool:
        """Sends ``commands``; true when the printer works them off, which its first automatic status shows."""
        return self._asked(commands, AutoStatus) is not None

    def in_order_status(self, commands: bytes = b"", seconds: float | None = None, until_trouble: bool = False) -> bool:
        """Sends ``commands`` and ``GS r 1``; true when the printer answers: it has worked off everything before."""
        self.send(commands)
        number = self.ask_in_order()
        return self.read_up_to(number, self._answer_seconds if seconds is None else seconds, until_trouble)

    def ask_in_order(self) -> int:
        """Sends ``GS r 1``; its number in this conversation, from 1."""
        self.send(IN_ORDER_STATUS)
        self.asked_in_order += 1
        return self.asked_in_order

    def read_up_to(self, number: int, seconds: float, until_trouble: bool = True) -> bool:
        """True once the printer has answered the ``number``-th ``GS r 1``."""
        if len(self.read_at) < number:
            self.wait_for(lambda _: len(self.read_at) >= number, seconds, until_trouble)
        return len(self.read_at) >= number

    def hand_over(self, data: bytes) -> int:
        """Bytes of ``data`` the system took; all of them unless there was trouble meanwhile."""
        ticket = self._link.send(data)
        event = self.wait_for(lambda event: _is_receipt(event, ticket), None, until_trouble=True)
        if event is None:
            self._link.interrupt()
        while event is None or not _is_receipt(event, ticket):
            event = self._link.events.get()
            self._note(event)
        assert isinstance(event, HandedOver)
        return event.count

    def hand_over_asking(self, data: bytes) -> int:
        """As ``hand_over``, of ``data`` and a ``GS r 1`` behind it."""
        self.asked_in_order += 1
        return self.hand_over(data + IN_ORDER_STATUS)

    def wait_for_job_end(self, job_id: bytes, seconds: float | None = None) -> bool:
        """True when the printer reports the end of this job before any trouble, in time for a status answer or
        ``seconds``."""
        seconds = self._answer_seconds if seconds is None else seconds
        if job_id not in self._ended_jobs:
            self.wait_for(lambda event: event == JobEnd(job_id), seconds, until_trouble=True)
        return job_id in self._ended_jobs

    def listen(self, seconds: float) -> None:
        """Lets ``seconds`` pass, unless there is trouble."""
        self.wait_for(lambda _: False, seconds, until_trouble=True)

    def wait_for(
        self, wanted: Callable[[LinkEvent], bool], seconds: float | None, until_trouble: bool = False
    ) -> LinkEvent | None:
        """The first wanted event within ``seconds`` (None: the link's own deadline ends it); None without one."""
        started, rested = time.monotonic(), self.resting_seconds()
        while not self.lost and not (until_trouble and self.trouble):
            left = None if seconds is None else self._left(seconds, started, rested)
            try:
                event = self._link.events.get(timeout=left)
            except queue.Empty:
                return None
            self._note(event)
            if wanted(event):
                return event
        return None

    def feel_heat(self, hot: bool) -> None:
        """What a status says of the head."""
        if hot and not self.paused:
            self._resting_since = time.monotonic()
        if self.paused and not hot:
            self._rested = self.resting_seconds()
        if hot is not self.paused:
            self._link.be_patient(self.cool_seconds if hot else 0.0)
        self.paused = hot

    def resting_seconds(self) -> float:
        """How long the head has cooled in this conversation."""
        resting = min(time.monotonic() - self._resting_since, self.cool_seconds) if self.paused else 0.0
        return self._rested + resting

    def _left(self, seconds: float, started: float, rested: float) -> float:
        """Of a wait; a rest that goes on may last."""
        now = time.monotonic()
        left = started + seconds + self.resting_seconds() - rested - now
        if self.paused:
            left += max(0.0, self._resting_since + self.cool_seconds - now)
        return max(0.0, left)

    def _asked(
        self, data: bytes, kind: type[_Event], seconds: float | None = None, until_trouble: bool = False
    ) -> _Event | None:
        self._link.send(data)
        seconds = self._answer_seconds if seconds is None else seconds
        answer = self.wait_for(lambda event: isinstance(event, kind), seconds, until_trouble)
        return answer if isinstance(answer, kind) else None

    def _note(self, event: LinkEvent) -> None:
        match event:
            case LinkLost(reason):
                self.lost = True
                self.trouble = self.trouble or reason
            case JobEnd(job_id):
                # May arrive while the hand-over of the very request is still waited for.
                self._ended_jobs.add(job_id)
            case InOrderStatus():
                self.read_at.append(time.monotonic())
            case AutoStatus(trouble=word):
                self.feel_heat(word == HEAD_HOT)
                if not self.paused:
                    self.trouble = self.trouble or word
            case _:
                pass


def _is_receipt(event: LinkEvent, ticket: int) -> bool:
    return isinstance(event, HandedOver) and event.ticket == ticket
