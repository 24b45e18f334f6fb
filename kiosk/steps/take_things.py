"""Step: the citizen takes paper and card; the terminal looks whether the card is gone (5.1 step 10, E-25)."""

from dataclasses import dataclass, replace

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.flow.commands import AwaitCardRemoval, ClearTimer, Log, SetTimer
from kiosk.flow.events import Event, PlateChecked, TimerElapsed
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed

CHECK_S = 5.0
CHECKS_BEFORE_ALERT = 6
TAKEN = "taken"
TAKEN_S = 8.0


@dataclass(frozen=True, slots=True)
class Taking:
    """``card_there`` is None until the reader has answered, True while the card still lies on it; ``going``: the
    citizen said that he has everything before the reader answered; ``paper``: something was printed for him;
    ``checks`` counts how often the card was still there."""

    card_there: bool | None
    going: bool = False
    paper: bool = True
    checks: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    pass


def begin(paper: bool = True) -> Transition[Taking]:
    return Transition(Taking(None, paper=paper), (AwaitCardRemoval(CHECK_S, slot=True),))


def advance(state: Taking, event: Event) -> Transition[Taking | Taken]:
    match event:
        case PlateChecked(True) if state.going or not state.paper:
            return Transition(Taken())
        case PlateChecked(True):
            return Transition(replace(state, card_there=False), (SetTimer(TAKEN, TAKEN_S),))
        case PlateChecked(False):
            checks = state.checks + 1
            alert = (_left_behind(),) if checks == CHECKS_BEFORE_ALERT else ()
            asking = replace(state, card_there=True, going=False, checks=checks)
            return Transition(asking, (*alert, AwaitCardRemoval(CHECK_S, slot=True)))
        case Pressed(Button.CONTINUE) if state.card_there is None:
            return Transition(replace(state, going=True))
        case Pressed(Button.CONTINUE) if state.card_there is False:
            return Transition(Taken(), (ClearTimer(TAKEN),))
        case TimerElapsed("taken"):
            return Transition(Taken())
        case _:
            return Transition(state)


def _left_behind() -> Log:
    return Log(AuditEvent(EventName.STAFF_ALERTED, device="id-card", reason="card-left-behind"))
