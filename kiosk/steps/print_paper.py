"""Step: the paper is printed while its result already stands on the screen (5.1 step 10, E-23).

A paper that is certain not to have been printed may be printed again, under the same number, once the printer is well.
"""

from dataclasses import dataclass, field

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.paper import Paper
from kiosk.flow.commands import CheckPrinter, ClearTimer, Log, PrintPaper, SetTimer
from kiosk.flow.events import Event, PaperPrinted, PrinterChecked, TimerElapsed
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed
from kiosk.ports.device_status import Ready
from kiosk.ports.printer import NotPrinted, PaperLevel, Printed, PrinterStatus, PrintUnknown, PrintVerdict

REFILL = "refill"
REFILL_S = 3.0


@dataclass(frozen=True, slots=True)
class Printing:
    """``job`` is the receipt number on the paper, or a name of its own where it has none."""

    job: str
    paper: Paper = field(repr=False)


@dataclass(frozen=True, slots=True)
class PaperOwed:
    """Nothing came out; ``ready`` says that the printer would print now."""

    verdict: NotPrinted
    printing: Printing
    ready: bool = False


PrintState = Printing | Printed | PaperOwed | PrintUnknown


def begin(paper: Paper, job: str) -> Transition[PrintState]:
    return Transition(Printing(job, paper), (PrintPaper(paper, job),))


def advance(state: PrintState, event: Event) -> Transition[PrintState]:
    match state, event:
        case Printing(job), PaperPrinted(NotPrinted() as verdict):
            alert = Log(AuditEvent(EventName.STAFF_ALERTED, device="printer", reason=verdict.reason))
            owed = PaperOwed(verdict, state)
            return Transition(owed, (_finished(job, verdict), alert, SetTimer(REFILL, REFILL_S)))
        case Printing(job), PaperPrinted(Printed() | PrintUnknown() as verdict):
            return Transition(verdict, (_finished(job, verdict),))
        case PaperOwed(), TimerElapsed("refill"):
            return Transition(state, (CheckPrinter(),))
        case PaperOwed(verdict, printing), PrinterChecked(status):
            return Transition(PaperOwed(verdict, printing, _well(status)), (SetTimer(REFILL, REFILL_S),))
        case PaperOwed(printing=Printing(job, paper), ready=True), Pressed(Button.PRINT_AGAIN):
            again = begin(paper, job)
            return Transition(again.state, (ClearTimer(REFILL), *again.commands))
        case _:
            return Transition(state)


def _well(status: PrinterStatus) -> bool:
    return isinstance(status.device, Ready) and status.paper is not PaperLevel.EMPTY


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
