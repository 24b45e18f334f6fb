"""What a page shows of a liveness session: one stage at a time, one hint at a time."""

from dataclasses import dataclass
from enum import Enum

from kiosk.domain.face import FaceAction, LivenessResult


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
    SLOWER = "slower"
    MASK_OFF = "mask-off"


class NotProvenReason(Enum):
    """Never shown: the words are the same for all (E-13, E-14)."""

    NOT_POSITIONED = "not-positioned"
    TIMED_OUT = "timed-out"
    GIVEN_UP = "given-up"
    FLAT = "flat"
    """The face moved as a plane does: a print."""
    BENT = "bent"
    """It moved as a bent sheet does."""
    SCREEN = "screen"
    """Bezel and moire, or what is beside the face moves with it: a screen."""
    COVERED = "covered"
    """Something was drawn over the eyes instead of lids that close."""
    FROZEN = "frozen"
    """The camera's picture stood still to the last bit."""
    REPEATED = "repeated"
    """The same pictures came again: a loop."""
    TOO_EARLY = "too-early"
    """The action was under way before anybody could have answered the asking."""
    NO_INFRARED = "no-infrared"
    """The second camera saw no face, or one without texture."""


SPOOFS = frozenset(
    {
        NotProvenReason.FLAT,
        NotProvenReason.BENT,
        NotProvenReason.SCREEN,
        NotProvenReason.COVERED,
        NotProvenReason.FROZEN,
        NotProvenReason.REPEATED,
        NotProvenReason.NO_INFRARED,
    }
)
"""Reasons for which the attempt counts as a suspected spoof (E-14)."""


class FlashColour(Enum):
    """What the screen around the picture shines in, softly, one after the other."""

    ROSE = "rose"
    LIME = "lime"
    SKY = "sky"
    AMBER = "amber"


@dataclass(frozen=True, slots=True)
class Positioning:
    """The citizen finds the place; ``hint`` is None when nothing needs changing."""

    hint: Hint | None


@dataclass(frozen=True, slots=True)
class Holding:
    """The face is well placed and looks at the camera for a moment."""


@dataclass(frozen=True, slots=True)
class Acting:
    """The citizen is asked for ``action``. ``progress`` is 0 to 1 of the whole session and never runs back. ``dot`` is
    where the dot to follow stands on the citizen's mirrored picture: -1 to 1 from the middle to the right and down."""

    action: FaceAction
    progress: float
    attempt: int
    hint: Hint | None
    dot: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Flashing:
    """The screen shines in ``colour`` while the citizen looks at it."""

    colour: FlashColour
    progress: float


@dataclass(frozen=True, slots=True)
class Proven:
    """``frames`` are the sequences to compare with the reference, in time order; ``witnesses`` are those in the midst
    of the actions, which must show the same person."""

    frames: tuple[int, ...]
    result: LivenessResult
    witnesses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NotProven:
    result: LivenessResult
    reason: NotProvenReason


Stage = Positioning | Holding | Acting | Flashing | Proven | NotProven
