"""Step: what the roster says of the person (domain.md 5.1 step 4, E-05, E-06, E-10, E-20)."""

from dataclasses import dataclass

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.eligibility import RosterEntry, RosterStatus
from kiosk.domain.identity_document import IdentityDocument
from kiosk.flow.commands import CheckOutbox, Log, QueryRoster
from kiosk.flow.events import Event, OutboxChecked, RosterAnswered
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed
from kiosk.ports.outbox import OutboxRefused
from kiosk.ports.platform import NameMismatch, NotInRoster, PlatformRefused, PlatformUnavailable, RosterFound


@dataclass(frozen=True, slots=True)
class AskingRoster:
    pass


@dataclass(frozen=True, slots=True)
class CheckingOutbox:
    """No answer: is there room to take the case in without one? (domain.md 5.3.5)"""


@dataclass(frozen=True, slots=True)
class OfferingOffline:
    """No answer: the citizen may have the case accepted now and checked later."""


@dataclass(frozen=True, slots=True)
class RosterKnown:
    entry: RosterEntry


@dataclass(frozen=True, slots=True)
class OfflineAgreed:
    pass


@dataclass(frozen=True, slots=True)
class OfflineClosed:
    """Neither the platform nor the outbox can take the case."""


@dataclass(frozen=True, slots=True)
class NotListed:
    pass


@dataclass(frozen=True, slots=True)
class NameDiffers:
    pass


@dataclass(frozen=True, slots=True)
class DeskMustCheck:
    """Stopped, moved away, or a request the platform will not answer: neutral words and a desk, no face."""


AskState = AskingRoster | CheckingOutbox | OfferingOffline
AskResult = RosterKnown | OfflineAgreed | OfflineClosed | NotListed | NameDiffers | DeskMustCheck


def begin(document: IdentityDocument) -> Transition[AskingRoster]:
    return Transition(AskingRoster(), (QueryRoster(document.number, document.name),))


def advance(state: AskState, event: Event) -> Transition[AskState | AskResult]:
    match state, event:
        case AskingRoster(), RosterAnswered(RosterFound(entry)):
            if entry.status in (RosterStatus.STOPPED, RosterStatus.MOVED):
                return Transition(DeskMustCheck())
            return Transition(RosterKnown(entry))
        case AskingRoster(), RosterAnswered(NotInRoster()):
            return Transition(NotListed())
        case AskingRoster(), RosterAnswered(NameMismatch()):
            return Transition(NameDiffers())
        case AskingRoster(), RosterAnswered(PlatformUnavailable(reason)):
            return Transition(CheckingOutbox(), (_unanswered(reason), CheckOutbox()))
        case CheckingOutbox(), OutboxChecked(None):
            return Transition(OfferingOffline())
        case CheckingOutbox(), OutboxChecked(OutboxRefused(reason)):
            return Transition(OfflineClosed(), (Log(AuditEvent(EventName.RECORD_NOT_QUEUED, reason=reason)),))
        case AskingRoster(), RosterAnswered(PlatformRefused(reason)):
            return Transition(DeskMustCheck(), (_unanswered(reason),))
        case OfferingOffline(), Pressed(Button.ACCEPT_OFFLINE):
            return Transition(OfflineAgreed())
        case _:
            return Transition(state)


def _unanswered(reason: str) -> Log:
    return Log(AuditEvent(EventName.ROSTER_NOT_ANSWERED, device="platform", reason=reason))
