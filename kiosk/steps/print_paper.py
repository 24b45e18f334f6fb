"""Step: the paper is printed while its result already stands on the screen (5.1 step 10, E-23)."""

from dataclasses import dataclass

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.paper import Paper
from kiosk.flow.commands import Log, PrintPaper
from kiosk.flow.events import Event, PaperPrinted
from kiosk.flow.machine import Transition
from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown, PrintVerdict


@dataclass(frozen=True, slots=True)
class Printing:
    """``job`` is the receipt number on the paper."""

    job: str


PrintState = Printing | Printed | NotPrinted | PrintUnknown


def begin(paper: Paper, job: str) -> Transition[PrintState]:
    return Transition(Printing(job), (PrintPaper(paper, job),))


def advance(state: PrintState, event: Event) -> Transition[PrintState]:
    match state, event:
        case Printing(job), PaperPrinted(verdict):
            return Transition(verdict, (_finished(job, verdict),))
        case _:
            return Transition(state)


def _finished(job: str, verdict: PrintVerdict) -> Log:
    return Log(
        AuditEvent(
            EventName.PRINT_FINISHED,
            device="printer",
            receipt=job,
            outcome=type(verdict).__name__,
            reason=None if isinstance(verdict, Printed) else verdict.reason,
            figures=(("bytes", float(verdict.bytes_sent)),) if isinstance(verdict, Printed) else (),
        )
    )
