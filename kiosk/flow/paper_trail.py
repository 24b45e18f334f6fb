"""Every paper is followed to its end, whatever becomes of the session that asked for it."""

from collections.abc import Callable

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.case import VoidedNumber
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.domain.void_reasons import TAKEN_BACK
from kiosk.flow.commands import PrintPaper
from kiosk.flow.events import Event, PaperHandedOver, PaperPrinted
from kiosk.ports.audit import Audit
from kiosk.ports.clock import Clock
from kiosk.ports.outbox import Outbox, OutboxRefused
from kiosk.ports.print_journal import PrintJournal
from kiosk.ports.printer import Handover, Printed, Printer, PrintUnknown


class PaperTrail:
    """Runs on the executor's threads. A number whose paper is in doubt, or was taken back, is made void here: the
    citizen may have walked away meanwhile. Until that is certain to happen the journal keeps the paper unsettled."""

    def __init__(self, printer: Printer, journal: PrintJournal, outbox: Outbox, audit: Audit, clock: Clock) -> None:
        self._printer = printer
        self._journal = journal
        self._outbox = outbox
        self._audit = audit
        self._clock = clock

    def follow(self, command: PrintPaper, tell: Callable[[Event], None]) -> None:
        """Blocks until the paper is out of the printer's mouth, and what comes after it; ``tell`` hears of each step of
        the paper itself."""
        verdict = self._printer.print(command.paper, command.job)
        if isinstance(verdict, PrintUnknown):
            self._settle(command, verdict.reason)
        tell(PaperPrinted(verdict))
        if not isinstance(verdict, Printed):
            return
        handover = self._printer.hand_over(command.job)
        if handover is not Handover.NO_PRESENTER:
            self._log(EventName.PAPER_HANDED_OVER, command.job, outcome=handover.value)
        if handover is Handover.RETRACTED:
            self._settle(command, TAKEN_BACK)
        tell(PaperHandedOver(command.job, handover))
        if command.then is not None:
            self._file(command.then)

    def void(self, number: ReceiptNumber, reason: str) -> bool:
        """Queues the record that makes ``number`` void, and tells whether that is done; the same number is void once,
        however often it is told."""
        record = VoidedNumber(f"void-{number}", number, reason, self._clock.now())
        answer = self._outbox.put(record)
        if isinstance(answer, OutboxRefused):
            self._log(EventName.RECORD_NOT_QUEUED, number.value, reason=answer.reason)
            self._log(EventName.STAFF_ALERTED, number.value, reason="number-not-voided")
            return False
        self._log(EventName.NUMBER_VOIDED, number.value, reason=reason)
        return True

    def _file(self, notice: PrintPaper) -> None:
        """Nobody waits for it, and it is not printed again where it was not: the hall keeps the record."""

        def tell(event: Event) -> None:
            if isinstance(event, PaperPrinted):
                verdict = event.verdict
                reason = None if isinstance(verdict, Printed) else verdict.reason
                self._log(EventName.PRINT_FINISHED, notice.job, outcome=type(verdict).__name__, reason=reason)

        self.follow(notice, tell)

    def _settle(self, command: PrintPaper, reason: str) -> None:
        number = command.paper.number_as(command.job)
        if number is None or self.void(number, reason):
            self._journal.settle(command.job)

    def _log(self, name: EventName, receipt: str, *, outcome: str | None = None, reason: str | None = None) -> None:
        self._audit.record(AuditEvent(name, device="printer", receipt=receipt, outcome=outcome, reason=reason))
