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
    the printer goes on by itself; every wait gets ``cool_seconds`` more, and ``paused`` says so meanwhile."""

    def __init__(self, link: Link, answer_seconds: float, cool_seconds: float) -> None:
        self._link = link
        self._answer_seconds = answer_seconds
        self._cool_seconds = cool_seconds
        self._patience = 0.0
        self.trouble: str | None = None
        self.paused = False
        self.lost = False
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
        return self._asked(commands + IN_ORDER_STATUS, InOrderStatus, seconds, until_trouble) is not None

    def in_order_answer(self, seconds: float) -> bool:
        """Waits on for the answer to an earlier ``GS r 1``."""
        answer = self.wait_for(lambda event: isinstance(event, InOrderStatus), seconds, until_trouble=True)
        return answer is not None

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
        started = time.monotonic()
        while not self.lost and not (until_trouble and self.trouble):
            left = None if seconds is None else max(0, started + seconds + self._patience - time.monotonic())
            try:
                event = self._link.events.get(timeout=left)
            except queue.Empty:
                return None
            self._note(event)
            if wanted(event):
                return event
        return None

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
            case AutoStatus(trouble=word):
                self.paused = word == HEAD_HOT
                if self.paused:
                    self._patience = self._cool_seconds
                    self._link.be_patient(self._cool_seconds)
                else:
                    self.trouble = self.trouble or word
            case _:
                pass


def _is_receipt(event: LinkEvent, ticket: int) -> bool:
    return isinstance(event, HandedOver) and event.ticket == ticket
