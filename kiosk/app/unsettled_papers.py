"""At the start, before anybody is served: papers that a power cut or a crash left in doubt are dealt with."""

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.flow.paper_trail import PaperTrail
from kiosk.flow.ports import Ports
from kiosk.ports.clock import Clock
from kiosk.ports.print_journal import JournalTrouble
from kiosk.ports.printer import Printed
from kiosk.printing.recovery import settle_journal


def settle_unsettled_papers(ports: Ports, clock: Clock) -> None:
    """Gives every interrupted paper its verdict, makes the doubtful numbers void, and logs each. A journal that cannot
    be read is told to staff; it refuses every new paper by itself."""
    trail = PaperTrail(ports.printer, ports.journal, ports.outbox, ports.audit, clock)
    settled = settle_journal(ports.journal, trail.void)
    if isinstance(settled, JournalTrouble):
        ports.audit.record(AuditEvent(EventName.STAFF_ALERTED, device="printer", reason=settled.reason))
        return
    for paper in settled:
        ports.audit.record(
            AuditEvent(
                EventName.PRINT_FINISHED,
                device="printer",
                receipt=paper.job,
                outcome=type(paper.verdict).__name__,
                reason=None if isinstance(paper.verdict, Printed) else paper.verdict.reason,
            )
        )
