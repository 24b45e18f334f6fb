"""Step: the citizen takes paper and card; the terminal looks whether the card is gone (5.1 step 10, E-25)."""

from dataclasses import dataclass

from kiosk.flow.commands import AwaitCardRemoval, ClearTimer, SetTimer
from kiosk.flow.events import Event, PlateChecked, TimerElapsed
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed

CHECK_S = 5.0
TAKEN = "taken"
TAKEN_S = 8.0


@dataclass(frozen=True, slots=True)
class Taking:
    """``card_there`` is None until the reader has answered, True while the card still lies on it; ``going``: the
    citizen said that he has everything before the reader answered."""

    card_there: bool | None
    going: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    pass


def begin() -> Transition[Taking]:
    return Transition(Taking(None), (AwaitCardRemoval(CHECK_S),))


def advance(state: Taking, event: Event) -> Transition[Taking | Taken]:
    match event:
        case PlateChecked(True) if state.going:
            return Transition(Taken())
        case PlateChecked(True):
            return Transition(Taking(False), (SetTimer(TAKEN, TAKEN_S),))
        case PlateChecked(False):
            return Transition(Taking(True), (AwaitCardRemoval(CHECK_S),))
        case Pressed(Button.CONTINUE) if state.card_there is None:
            return Transition(Taking(None, going=True))
        case Pressed(Button.CONTINUE) if state.card_there is False:
            return Transition(Taken(), (ClearTimer(TAKEN),))
        case TimerElapsed("taken"):
            return Transition(Taken())
        case _:
            return Transition(state)
