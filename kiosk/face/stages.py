"""What a page shows of a liveness session: one stage at a time, one hint at a time."""

from dataclasses import dataclass
from enum import Enum

from kiosk.domain.face import LivenessResult, TurnDirection


class Hint(Enum):
    """The one thing to change now."""

    LOOK_HERE = "look-here"
    ONE_PERSON = "one-person"
    NEARER = "nearer"
    FURTHER = "further"
    LIGHTER = "lighter"
    DARKER = "darker"
    HEAD_UPRIGHT = "head-upright"
    CHIN_UP = "chin-up"
    CHIN_DOWN = "chin-down"
    STEADY = "steady"
    OTHER_SIDE = "other-side"
    BACK_TO_CENTRE = "back-to-centre"


class NotProvenReason(Enum):
    """Never shown: the words are the same for all (E-13, E-14)."""

    NOT_POSITIONED = "not-positioned"
    TIMED_OUT = "timed-out"
    FLAT = "flat"
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True)
class Positioning:
    """The citizen finds the place; ``hint`` is None when nothing needs changing."""

    hint: Hint | None


@dataclass(frozen=True, slots=True)
class Holding:
    """The face is well placed and looks at the camera for a moment."""


@dataclass(frozen=True, slots=True)
class Turning:
    """The citizen is asked to turn. ``progress`` is 0 to 1 of the whole session and never runs back."""

    direction: TurnDirection
    progress: float
    attempt: int
    hint: Hint | None


@dataclass(frozen=True, slots=True)
class Proven:
    """``frames`` are the sequences to compare with the reference, in time order."""

    frames: tuple[int, ...]
    result: LivenessResult


@dataclass(frozen=True, slots=True)
class NotProven:
    result: LivenessResult
    reason: NotProvenReason


Stage = Positioning | Holding | Turning | Proven | NotProven
