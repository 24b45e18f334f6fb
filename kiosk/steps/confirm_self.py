"""Step: the citizen sees his dates and says that it is he (domain.md 5.1 step 5, E-07 to E-09)."""

from dataclasses import dataclass
from datetime import date

from kiosk.domain.eligibility import RosterEntry
from kiosk.flow.events import Event
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed


@dataclass(frozen=True, slots=True)
class ReviewingStatus:
    """Dates stand on the screen; with ``entry.confirmed_this_window`` there is nothing to do but print the proof.
    ``as_of`` is the day of the word, None where the hall itself said it."""

    entry: RosterEntry
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class ConfirmedSelf:
    pass


@dataclass(frozen=True, slots=True)
class ProofWanted:
    pass


@dataclass(frozen=True, slots=True)
class NotWanted:
    pass


ReviewResult = ConfirmedSelf | ProofWanted | NotWanted


def begin(entry: RosterEntry, as_of: date | None = None) -> Transition[ReviewingStatus]:
    return Transition(ReviewingStatus(entry, as_of))


def advance(state: ReviewingStatus, event: Event) -> Transition[ReviewingStatus | ReviewResult]:
    match event:
        case Pressed(Button.CONFIRM_SELF) if not state.entry.confirmed_this_window:
            return Transition(ConfirmedSelf())
        case Pressed(Button.PRINT_PROOF) if state.entry.confirmed_this_window:
            return Transition(ProofWanted())
        case Pressed(Button.NOT_NOW):
            return Transition(NotWanted())
        case _:
            return Transition(state)
