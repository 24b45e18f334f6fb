"""Who of the staff lets the terminal do what a citizen alone may not, such as a new number for a doubtful paper.

Two ways: staff number with PIN, and an eight-digit answer to a challenge on the screen, worked out on the hall's staff
page. Both are checked here, without the network and without the time of day.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

TRIES = 5
"""Wrong answers in a row, whoever gives them, until the terminal is locked for staff."""


class StaffPurpose(Enum):
    """What is to be allowed; an answer for one purpose is wrong for every other."""

    NEW_NUMBER = "new-number"


class StaffWay(Enum):
    PIN = "pin"
    CHALLENGE = "challenge"


@dataclass(frozen=True, slots=True)
class Authorised:
    """``staff`` is the staff number, empty with a challenge: who it was stands in the staff page's record."""

    staff: str
    way: StaffWay


@dataclass(frozen=True, slots=True)
class NotAuthorised:
    tries_left: int


@dataclass(frozen=True, slots=True)
class LockedOut:
    """Until the technician unlocks it."""


StaffAnswer = Authorised | NotAuthorised | LockedOut


class StaffAuthorisation(Protocol):
    def ways(self) -> frozenset[StaffWay]:
        """The challenge always; the PIN where the hall lets this terminal check any."""

    def challenge(self) -> str:
        """Eight digits, new at every call; only the newest can be answered, once."""

    def check_pin(self, staff: str, pin: str, purpose: StaffPurpose) -> StaffAnswer: ...

    def check_answer(self, answer: str, purpose: StaffPurpose) -> StaffAnswer:
        """``answer``: eight digits for the newest challenge."""
