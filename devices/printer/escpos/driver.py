"""A receipt printer that speaks ESC/POS and tells when a job is printed."""

import secrets
import threading

from devices.printer.escpos.address import parse_address
from devices.printer.escpos.conversation import Conversation
from devices.printer.escpos.job import Job
from devices.printer.escpos.leftover import JobMark, Leftover
from devices.printer.escpos.link import Link
from devices.printer.escpos.opening import open_channel
from devices.printer.escpos.settings import EscposSettings
from devices.printer.escpos_raster import encode
from devices.printer.escpos_status import device_status
from devices.printer.fonts import FontProblem, check_fonts
from devices.printer.layout import CodeTooLarge
from devices.printer.render import render
from kiosk.domain.paper import Paper
from kiosk.ports.device_status import Unavailable
from kiosk.ports.printer import Handover, NotPrinted, PaperLevel, Printed, PrinterStatus, PrintUnknown, PrintVerdict
from kiosk.printing.verdict import verdict


class EscposPrinter:
    """Connects anew for every job and status, so that a printer switched off and on needs no care.

    One job or status at a time; a status asked for while a paper prints is the last one known. After an UNKNOWN job
    the next one starts only when the printer confirms cleared buffers, and first cuts off what was left.

    A new driver cannot know how the last one ended, so its first job has the printer drop its buffers. A printer that
    does not confirm that still gets the job: the old connection died with the old driver, and a printer that never
    confirms would be shut out for good. It cuts first only if the job mark tells of an unfinished paper, since a cut
    on clean paper would hand the first citizen a blank strip.
    """

    def __init__(self, settings: EscposSettings) -> None:
        self._settings = settings
        self._address = parse_address(settings.address)
        self._busy = threading.Lock()
        self._number = 2 * secrets.randbelow(10**6)
        self._mark = JobMark(settings.job_mark)
        self._leftover = self._mark.found()
        self._last_status = self._unavailable("no-answer")

    def status(self) -> PrinterStatus:
        fonts = check_fonts()
        if fonts is not None:
            return PrinterStatus(Unavailable(fonts.fault.value, fonts.remedy), PaperLevel.UNKNOWN)
        if self._busy.acquire(blocking=False):
            try:
                self._last_status = self._asked_status()
            finally:
                self._busy.release()
        return self._last_status

    def print(self, paper: Paper, job: str) -> PrintVerdict:  # noqa: ARG002
        """Renders before it connects. ``job`` is the caller's name for logs; the printer gets a number of its own."""
        dots = render(paper, self._settings.paper_width)
        match dots:
            case FontProblem():
                return NotPrinted(dots.fault.value)
            case CodeTooLarge():
                return NotPrinted("code-too-large")
        with self._busy:
            try:
                link = self._connect()
            except OSError:
                return NotPrinted("unreachable")
            self._number += 2
            self._mark.set()
            conversation = Conversation(link, self._settings.answer_seconds)
            work = Job(conversation, self._number, self._settings.print_seconds)
            result = verdict(work.run(encode(dots), self._leftover))
            link.close(abort=isinstance(result, PrintUnknown))
            self._leftover = self._left_by(result)
            if not self._leftover.on_paper:
                self._mark.remove()
            return result

    def hand_over(self, job: str) -> Handover:  # noqa: ARG002
        return Handover.NO_PRESENTER

    def close(self) -> None:
        """Waits for a running job; nothing stays open between jobs."""
        with self._busy:
            pass

    def _left_by(self, result: PrintVerdict) -> Leftover:
        match result:
            case Printed():
                return Leftover.NOTHING
            case NotPrinted():
                return self._leftover
            case PrintUnknown():
                return Leftover.KNOWN

    def _connect(self) -> Link:
        channel = open_channel(self._address, self._settings.connect_seconds)
        return Link(channel, self._settings.send_seconds)

    def _asked_status(self) -> PrinterStatus:
        try:
            link = self._connect()
        except OSError:
            return self._unavailable("unreachable")
        state = Conversation(link, self._settings.answer_seconds).state()
        link.close()
        if state is None:
            return self._unavailable("no-answer")
        detail = f"{self._settings.address}, {self._settings.paper_width} mm"
        return PrinterStatus(device_status(state.trouble, detail), state.paper)

    def _unavailable(self, reason: str) -> PrinterStatus:
        return PrinterStatus(device_status(reason, ""), PaperLevel.UNKNOWN)
