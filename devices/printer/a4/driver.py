"""A printer for A4 sheets: a paper becomes a PDF, CUPS takes it, the printer's own word is waited for."""

import hashlib
import secrets
import threading
import time

from devices.printer.a4.condition import Condition, device_status
from devices.printer.a4.cups import CupsQueue, NotTaken
from devices.printer.a4.drawing import PdfDocument
from devices.printer.a4.fate import Expected, fate
from devices.printer.a4.ipp_client import NoIppAnswer
from devices.printer.a4.licence import UnreadablePdf, licence_pdf
from devices.printer.a4.pdf import paper_pdf
from devices.printer.a4.settings import A4CupsSettings
from devices.printer.fonts import FontProblem, check_fonts
from devices.printer.page import LayoutProblem
from kiosk.domain.paper import Paper
from kiosk.ports.clock import Clock
from kiosk.ports.device_status import Unavailable
from kiosk.ports.print_journal import REFUSED_BY_JOURNAL, JournalEntry, NumberUsed, PrintJournal, PrintStage
from kiosk.ports.printer import Handover, NotPrinted, PaperLevel, Printed, PrinterStatus, PrintUnknown, PrintVerdict

_OURS = "kiosk "
"""Begins the name of every job of a terminal, so that it finds its own after a restart."""


class A4CupsPrinter:
    """One job at a time; a status asked for while a paper prints is the last one known.

    A job in trouble is cancelled at once, so that nothing comes out after the verdict. What an earlier job may have
    left in CUPS or in the printer is cancelled by the first status or job of a driver, by every status after an UNKNOWN
    one until it is gone, and before every job; while that does not succeed nothing new is printed. A job that ended is
    deleted from CUPS together with its document.
    """

    def __init__(self, settings: A4CupsSettings, clock: Clock, journal: PrintJournal | None = None) -> None:
        """Without ``journal`` a number may be printed again: for a technician's test prints."""
        self._settings = settings
        self._clock = clock
        self._journal = journal
        self._queue = CupsQueue(settings)
        self._busy = threading.Lock()
        self._owes_clearing = True
        self._last_status = self._status("no-answer", PaperLevel.UNKNOWN)

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

    def print(self, paper: Paper, job: str) -> PrintVerdict:
        """As ``Printer`` says; a finding of the layout is the reason of ``NotPrinted``."""
        document = paper_pdf(paper)
        match document:
            case FontProblem() | LayoutProblem():
                return NotPrinted(document.fault.value)
            case PdfDocument():
                return self._print(document, job)

    def print_licence(self, pdf: bytes, job: str) -> PrintVerdict:
        """A licence (电子证照) as the platform supplied it, page by page, unchanged."""
        document = licence_pdf(pdf)
        if isinstance(document, UnreadablePdf):
            return NotPrinted("unreadable-pdf")
        return self._print(document, job)

    def hand_over(self, job: str) -> Handover:  # noqa: ARG002
        return Handover.NO_PRESENTER

    def close(self) -> None:
        """Waits for a running job; nothing stays open between jobs."""
        with self._busy:
            pass

    def _print(self, document: PdfDocument, job: str) -> PrintVerdict:
        with self._busy:
            refused = self._reserved(document, job)
            if refused is not None:
                return refused
            verdict = self._run(document, job)
            self._owes_clearing = self._owes_clearing or isinstance(verdict, PrintUnknown)
            if self._journal is not None:  # a verdict not written leaves the number in doubt, which is the safe side
                self._journal.close(job, verdict)
            return verdict

    def _reserved(self, document: PdfDocument, job: str) -> NotPrinted | None:
        """The journal's entry counts a sheet as a band, and its rows in dots of the A4 grid."""
        if self._journal is None:
            return None
        digest = hashlib.sha256(document.data).hexdigest()
        entry = JournalEntry(job, digest, document.rows, document.sheets, self._clock.now())
        refused = self._journal.reserve(entry)
        if refused is None:
            return None
        return NotPrinted("number-used") if isinstance(refused, NumberUsed) else REFUSED_BY_JOURNAL

    def _advanced(self, job: str, stage: PrintStage, band: int = 0) -> bool:
        return self._journal is None or self._journal.advance(job, stage, band) is None

    def _run(self, document: PdfDocument, job: str) -> PrintVerdict:
        trouble = self._leftover() or self._trouble()
        if trouble is not None:
            return NotPrinted(trouble)
        for stage, sheets in ((PrintStage.PRECHECKED, 0), (PrintStage.SENDING, document.sheets)):
            if not self._advanced(job, stage, sheets):
                return REFUSED_BY_JOURNAL
        name = f"{_OURS}{job} {secrets.token_hex(4)}"
        refused = self._queue.submit(document.data, name)
        if refused is not None:
            return self._not_taken(refused, name)
        verdict: PrintVerdict = PrintUnknown("journal-failing")
        if self._advanced(job, PrintStage.SENT, document.sheets):
            expected = Expected(document.sheets, len(document.data), self._settings.trust_backend)
            verdict = self._followed(name, expected)
            if isinstance(verdict, Printed):
                self._advanced(job, PrintStage.ACKNOWLEDGED)
        else:
            self._leftover()
        self._queue.forget(name)
        return verdict

    def _not_taken(self, refused: NotTaken, name: str) -> PrintVerdict:
        """CUPS may have taken what ``lp`` could not finish to report."""
        seen = self._queue.sighting(name)
        if refused.surely and seen is None:
            return NotPrinted(refused.reason)
        self._leftover()
        return PrintUnknown(refused.reason)

    def _followed(self, name: str, expected: Expected) -> PrintVerdict:
        """Until the printer's word, trouble, or a deadline, which is sooner while the printer warns of something."""
        started = self._clock.monotonic()
        warned = None
        while self._clock.monotonic() < started + self._settings.print_seconds:
            seen = self._queue.sighting(name)
            if seen is None:
                return PrintUnknown("job-vanished")
            if not isinstance(seen, NoIppAnswer):
                verdict = fate(seen, expected)
                if verdict is not None:
                    return verdict
                condition = self._queue.condition()
                warned = condition.reason if isinstance(condition, NoIppAnswer) else condition.warning
                trouble = None if isinstance(condition, NoIppAnswer) else condition.trouble
                if trouble is None and self._clock.monotonic() >= started + self._settings.warning_seconds:
                    trouble = warned
                if trouble is not None:
                    return self._given_up(name, expected, trouble)
            time.sleep(self._settings.poll_seconds)
        return self._given_up(name, expected, warned or "no-acknowledgement")

    def _given_up(self, name: str, expected: Expected, reason: str) -> PrintVerdict:
        """Cancels; a job that was done all the same is still PRINTED, one that CUPS never started is not."""
        self._leftover()
        seen = self._queue.sighting(name)
        verdict = None if seen is None or isinstance(seen, NoIppAnswer) else fate(seen, expected)
        match verdict:
            case None | PrintUnknown():
                return PrintUnknown(reason)
            case NotPrinted():
                return NotPrinted(reason)
            case _:
                return verdict

    def _leftover(self) -> str | None:
        """Cancels whatever a terminal has in the queue and the printer; why that cannot be, or None once it is done."""
        deadline = self._clock.monotonic() + 2 * self._settings.answer_seconds
        while True:
            cleared = self._queue.clear(_OURS)
            if isinstance(cleared, NoIppAnswer):
                return cleared.reason
            if cleared:
                return None
            if self._clock.monotonic() >= deadline:
                return "old-job-not-cleared"
            time.sleep(self._settings.poll_seconds)

    def _trouble(self) -> str | None:
        condition = self._queue.condition()
        return condition.reason if isinstance(condition, NoIppAnswer) else condition.trouble

    def _asked_status(self) -> PrinterStatus:
        if self._owes_clearing:
            self._owes_clearing = self._queue.clear(_OURS) is not True
        condition = self._queue.condition()
        match condition:
            case NoIppAnswer(reason):
                return self._status(reason, PaperLevel.UNKNOWN)
            case Condition(trouble, paper):
                return self._status(trouble, paper)

    def _status(self, trouble: str | None, paper: PaperLevel) -> PrinterStatus:
        return PrinterStatus(device_status(trouble, f"CUPS queue {self._settings.queue}, A4"), paper)
