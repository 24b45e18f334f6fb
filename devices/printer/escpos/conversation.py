"""Requests and answers on one link, each with its deadline, and every automatic status noted on the way."""

import queue
import time
from collections.abc import Callable

from devices.printer.escpos.link import HandedOver, Link, LinkEvent, LinkLost
from devices.printer.escpos_answers import AutoStatus, BuffersCleared, JobEnd, RealTimeStatus
from devices.printer.escpos_commands import CLEAR_BUFFERS, status_request
from devices.printer.escpos_status import PrinterState, printer_state


class Conversation:
    """``trouble`` is the first stable word of what went wrong on the link, None while all is well."""

    def __init__(self, link: Link, answer_seconds: float) -> None:
        self._link = link
        self._answer_seconds = answer_seconds
        self.trouble: str | None = None
        self.lost = False
        self._ended_jobs: set[bytes] = set()

    def state(self) -> PrinterState | None:
        """The printer's state by ``DLE EOT 1`` to ``4``, None when it does not answer all four in time."""
        values = []
        for number in (1, 2, 3, 4):
            self._link.send(status_request(number))
            answer = self.wait_for(lambda event: isinstance(event, RealTimeStatus), self._answer_seconds)
            if not isinstance(answer, RealTimeStatus):
                return None
            values.append(answer.value)
        return printer_state(*values)

    def clear_buffers(self) -> bool:
        """True when the printer confirms that nothing of an earlier job is left in it."""
        if self.lost:
            return False
        self._link.send(CLEAR_BUFFERS)
        cleared = self.wait_for(lambda event: isinstance(event, BuffersCleared), self._answer_seconds)
        return cleared is not None

    def switch_on_auto_status(self, commands: bytes) -> bool:
        """Sends ``commands``; true when the printer works them off, which its first automatic status shows."""
        self._link.send(commands)
        return self.wait_for(lambda event: isinstance(event, AutoStatus), self._answer_seconds) is not None

    def hand_over(self, data: bytes) -> int:
        """Bytes of ``data`` the system took; all of them unless there was trouble meanwhile."""
        ticket = self._link.send(data)

        def is_handed_over(event: LinkEvent) -> bool:
            return isinstance(event, HandedOver) and event.ticket == ticket

        handed = self.wait_for(is_handed_over, None, until_trouble=True)
        if handed is None and not self.lost:
            self._link.interrupt()
            handed = self.wait_for(is_handed_over, None)
        return handed.count if isinstance(handed, HandedOver) else 0

    def wait_for_job_end(self, job_id: bytes, seconds: float | None = None) -> bool:
        """True when the printer reports the end of this job before any trouble, in time for a status answer or
        ``seconds``."""
        seconds = self._answer_seconds if seconds is None else seconds
        if job_id not in self._ended_jobs:
            self.wait_for(lambda event: event == JobEnd(job_id), seconds, until_trouble=True)
        return job_id in self._ended_jobs

    def wait_for(
        self, wanted: Callable[[LinkEvent], bool], seconds: float | None, until_trouble: bool = False
    ) -> LinkEvent | None:
        """The first wanted event within ``seconds`` (None: the link's own deadline ends it); None without one."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not self.lost and not (until_trouble and self.trouble):
            try:
                event = self._link.events.get(timeout=None if deadline is None else max(0, deadline - time.monotonic()))
            except queue.Empty:
                return None
            self._note(event)
            if wanted(event):
                return event
        return None

    def _note(self, event: LinkEvent) -> None:
        match event:
            case LinkLost(reason):
                self.lost = True
                self.trouble = self.trouble or reason
            case JobEnd(job_id):
                # May arrive while the hand-over of the very request is still waited for.
                self._ended_jobs.add(job_id)
            case AutoStatus():
                self.trouble = self.trouble or event.trouble
            case _:
                pass
