"""What a citizen can do at the screen, and staff before it, as values."""

from dataclasses import dataclass, field
from enum import Enum


class Button(Enum):
    """What a citizen can press. A button that the present state does not know is ignored."""

    START = "start"
    START_HELPED = "start-helped"
    START_HOME_VISIT = "start-home-visit"
    START_LOOK_UP = "start-look-up"
    AGREE = "agree"
    OTHER_WAY = "other-way"
    BACK = "back"
    CONFIRM_SELF = "confirm-self"
    NOT_NOW = "not-now"
    PRINT_PROOF = "print-proof"
    ACCEPT_OFFLINE = "accept-offline"
    CANNOT_DO_ACTION = "cannot-do-action"
    DECLINE = "decline"
    SHOW_CODE = "show-code"
    TYPE_NUMBER = "type-number"
    READ_CARD = "read-card"
    ASK_STAFF = "ask-staff"
    STAFF = "staff"
    STAFF_OTHER_WAY = "staff-other-way"
    PRINT_SLIP = "print-slip"
    PRINT_AGAIN = "print-again"
    CONTINUE = "continue"
    SKIP_RATING = "skip-rating"
    HOME = "home"
    STILL_HERE = "still-here"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Pressed:
    button: Button


@dataclass(frozen=True, slots=True)
class Rated:
    """The citizen sent a grade (1 to 5) and the reason tags ticked under it."""

    grade: int
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What the citizen typed on the keypad and sent."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Picked:
    """An item of the list on the screen, counted from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class Touched:
    """A touch that means nothing by itself but shows that somebody is there."""


@dataclass(frozen=True, slots=True)
class PaceChosen:
    """``elder`` doubles every waiting time."""

    elder: bool


@dataclass(frozen=True, slots=True)
class RollChanged:
    """The technician put in a new roll of ``length_mm`` millimetres."""

    length_mm: int


CitizenEvent = Pressed | Rated | Typed | Picked | Touched | PaceChosen | RollChanged
