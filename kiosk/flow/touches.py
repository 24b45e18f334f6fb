"""What a citizen can do at the screen, as values."""

from dataclasses import dataclass
from enum import Enum


class Button(Enum):
    """What a citizen can press. A button that the present state does not know is ignored."""

    START = "start"
    AGREE = "agree"
    OTHER_WAY = "other-way"
    BACK = "back"
    CONFIRM_SELF = "confirm-self"
    NOT_NOW = "not-now"
    PRINT_PROOF = "print-proof"
    ACCEPT_OFFLINE = "accept-offline"
    CANNOT_DO_ACTION = "cannot-do-action"
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
class Touched:
    """A touch that means nothing by itself but shows that somebody is there."""


@dataclass(frozen=True, slots=True)
class PaceChosen:
    """``elder`` doubles every waiting time."""

    elder: bool


CitizenEvent = Pressed | Rated | Touched | PaceChosen
