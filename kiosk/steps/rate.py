"""Step: 好差评, offered once after a finished service, never forced (domain.md 2.1)."""

from dataclasses import dataclass

from kiosk.flow.commands import ClearTimer, SetTimer
from kiosk.flow.events import Event, TimerElapsed
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed, Rated

UNRATED = "unrated"
UNRATED_S = 60.0


@dataclass(frozen=True, slots=True)
class OfferingRating:
    pass


@dataclass(frozen=True, slots=True)
class RatingGiven:
    grade: int
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RatingSkipped:
    pass


RateResult = RatingGiven | RatingSkipped


def begin() -> Transition[OfferingRating]:
    return Transition(OfferingRating(), (SetTimer(UNRATED, UNRATED_S),))


def advance(state: OfferingRating, event: Event) -> Transition[OfferingRating | RateResult]:
    match event:
        case Rated(grade, tags):
            return Transition(RatingGiven(grade, tags), (ClearTimer(UNRATED),))
        case Pressed(Button.SKIP_RATING):
            return Transition(RatingSkipped(), (ClearTimer(UNRATED),))
        case TimerElapsed("unrated"):
            return Transition(RatingSkipped())
        case _:
            return Transition(state)
