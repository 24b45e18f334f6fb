"""Step: what the roster says of the person (domain.md 5.1 step 4, E-04 to E-06, E-10, E-14, E-20)."""

from dataclasses import dataclass

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.eligibility import RosterEntry, RosterStatus
from kiosk.domain.identity_document import IdentityDocument
from kiosk.flow.commands import CheckOutbox, Log, QueryRoster
from kiosk.flow.events import Event, OutboxChecked, RosterAnswered
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Picked, Pressed
from kiosk.ports.outbox import OutboxRefused
from kiosk.ports.platform import (
    DocumentBlocked,
    IdentityPaused,
    NameMismatch,
    NotInRoster,
    PlatformRefused,
    PlatformUnavailable,
    RosterFound,
)


@dataclass(frozen=True, slots=True)
class AskingRoster:
    """``areas`` are the rosters that may still be asked when this one does not know the person."""

    document: IdentityDocument
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoosingArea:
    """Not in the roster asked: the citizen may name another area (E-06)."""

    document: IdentityDocument
    areas: tuple[str, ...]


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
class CardBlocked:
    """The document was reported lost or stolen."""


@dataclass(frozen=True, slots=True)
class DeskMustCheck:
    """Stopped, moved away, paused, or a request the platform will not answer: neutral words and a desk, no face."""


AskState = AskingRoster | ChoosingArea | CheckingOutbox | OfferingOffline
AskResult = RosterKnown | OfflineAgreed | OfflineClosed | NotListed | NameDiffers | CardBlocked | DeskMustCheck
AskMove = Transition[AskState | AskResult]


def begin(document: IdentityDocument, areas: tuple[str, ...] = ()) -> Transition[AskingRoster]:
    return Transition(AskingRoster(document, areas), (QueryRoster(document.number, document.name),))


def advance(state: AskState, event: Event) -> AskMove:
    match state, event:
        case AskingRoster(), RosterAnswered(RosterFound(entry)):
            if entry.status in (RosterStatus.STOPPED, RosterStatus.MOVED):
                return Transition(DeskMustCheck())
            return Transition(RosterKnown(entry))
        case AskingRoster(document, areas), RosterAnswered(NotInRoster()):
            return Transition(ChoosingArea(document, areas) if areas else NotListed())
        case ChoosingArea(document, areas), Picked(index) if index < len(areas):
            others = (*areas[:index], *areas[index + 1 :])
            return Transition(
                AskingRoster(document, others), (QueryRoster(document.number, document.name, areas[index]),)
            )
        case ChoosingArea(), Pressed(Button.CONTINUE):
            return Transition(NotListed())
        case AskingRoster(), RosterAnswered(NameMismatch()):
            return Transition(NameDiffers())
        case AskingRoster(), RosterAnswered(DocumentBlocked()):
            return Transition(CardBlocked(), (_alert("document-blocked"),))
        case AskingRoster(), RosterAnswered(IdentityPaused()):
            return Transition(DeskMustCheck(), (_alert("identity-paused"),))
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


def _alert(reason: str) -> Log:
    return Log(AuditEvent(EventName.STAFF_ALERTED, device="platform", reason=reason))
