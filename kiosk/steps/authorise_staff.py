"""Step: somebody of the staff allows what a citizen alone may not, before the citizen's eyes.

Two ways: staff number and PIN, or the answer of the hall's staff page to a challenge on the screen.
"""

from dataclasses import dataclass, field, replace

from kiosk.flow.commands import AskStaffChallenge, AskStaffWays, CheckStaffAnswer, CheckStaffPin
from kiosk.flow.events import Event, StaffAnswered, StaffChallenged, StaffWaysTold
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed, Typed
from kiosk.ports.staff_authorisation import Authorised, LockedOut, NotAuthorised, StaffPurpose, StaffWay


@dataclass(frozen=True, slots=True)
class AskingWays:
    """Whether there are PINs to be checked here: where not, the challenge is all there is."""

    purpose: StaffPurpose


@dataclass(frozen=True, slots=True)
class TypingStaffNumber:
    """``tries_left`` is set after a wrong answer."""

    purpose: StaffPurpose
    tries_left: int | None = None


@dataclass(frozen=True, slots=True)
class TypingPin:
    purpose: StaffPurpose
    staff: str


@dataclass(frozen=True, slots=True)
class AnsweringChallenge:
    """``challenge`` is None until there is one; ``tries_left`` is set after a wrong answer; without ``pins`` there is
    no other way."""

    purpose: StaffPurpose
    challenge: str | None = field(default=None, repr=False)
    tries_left: int | None = None
    pins: bool = True


@dataclass(frozen=True, slots=True)
class CheckingStaff:
    """``way`` is where a wrong answer leads back to."""

    purpose: StaffPurpose
    way: StaffWay
    pins: bool = True


@dataclass(frozen=True, slots=True)
class StaffLockedOut:
    """Too many wrong answers: a technician unlocks the terminal."""


@dataclass(frozen=True, slots=True)
class StaffLeft:
    """Nobody was there, or gave up."""


StaffState = AskingWays | TypingStaffNumber | TypingPin | AnsweringChallenge | CheckingStaff | StaffLockedOut
StaffResult = Authorised | StaffLeft


def begin(purpose: StaffPurpose) -> Transition[StaffState]:
    return Transition(AskingWays(purpose), (AskStaffWays(),))


def advance(state: StaffState, event: Event) -> Transition[StaffState | StaffResult]:
    match state, event:
        case CheckingStaff(), Pressed():
            return Transition(state)
        case StaffLockedOut(), Pressed(Button.CONTINUE):
            return Transition(StaffLeft())
        case TypingPin(purpose), Pressed(Button.BACK):
            return Transition(TypingStaffNumber(purpose))
        case _, Pressed(Button.BACK):
            return Transition(StaffLeft())
        case AskingWays(purpose), StaffWaysTold(ways):
            return Transition(TypingStaffNumber(purpose)) if StaffWay.PIN in ways else _challenged(purpose, None, False)
        case ((TypingStaffNumber(purpose) | TypingPin(purpose)), Pressed(Button.STAFF_OTHER_WAY)):
            return _challenged(purpose, None, True)
        case AnsweringChallenge(purpose, pins=True), Pressed(Button.STAFF_OTHER_WAY):
            return Transition(TypingStaffNumber(purpose))
        case TypingStaffNumber(purpose), Typed(text):
            return Transition(TypingPin(purpose, text))
        case TypingPin(purpose, staff), Typed(text):
            return Transition(CheckingStaff(purpose, StaffWay.PIN), (CheckStaffPin(staff, text, purpose),))
        case AnsweringChallenge(challenge=None), StaffChallenged(challenge):
            return Transition(replace(state, challenge=challenge))
        case AnsweringChallenge(purpose, str(), pins=pins), Typed(text):
            return Transition(CheckingStaff(purpose, StaffWay.CHALLENGE, pins), (CheckStaffAnswer(text, purpose),))
        case CheckingStaff(), StaffAnswered(answer):
            return _answered(state, answer)
        case _:
            return Transition(state)


def _answered(
    checking: CheckingStaff, answer: Authorised | NotAuthorised | LockedOut
) -> Transition[StaffState | StaffResult]:
    match answer:
        case Authorised():
            return Transition(answer)
        case LockedOut():
            return Transition(StaffLockedOut())
        case NotAuthorised(tries_left) if checking.way is StaffWay.CHALLENGE:
            return _challenged(checking.purpose, tries_left, checking.pins)
        case NotAuthorised(tries_left):
            return Transition(TypingStaffNumber(checking.purpose, tries_left))


def _challenged(purpose: StaffPurpose, tries_left: int | None, pins: bool) -> Transition[StaffState | StaffResult]:
    return Transition(AnsweringChallenge(purpose, None, tries_left, pins), (AskStaffChallenge(),))
