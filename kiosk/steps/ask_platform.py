"""Step: what the roster says of the person (domain.md 5.1 step 4, E-04 to E-06, E-10, E-14, E-20)."""

from dataclasses import dataclass
from datetime import date

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
from kiosk.ports.roster_snapshot import HeldEntry


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
    """No answer: is there room to take the case in without one? (domain.md 5.3.5) ``held`` is the roster's word of
    some days ago, where the site holds it."""

    held: HeldEntry | None = None


@dataclass(frozen=True, slots=True)
class OfferingOffline:
    """No answer: the citizen may have the case accepted now and checked later."""

    held: HeldEntry | None = None


@dataclass(frozen=True, slots=True)
class RosterKnown:
    """``as_of`` is the day of the word, None where the hall itself said it."""

    entry: RosterEntry
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class OfflineAgreed:
    held: HeldEntry | None = None


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

_CLOSED = (RosterStatus.STOPPED, RosterStatus.MOVED)


def begin(document: IdentityDocument, areas: tuple[str, ...] = ()) -> Transition[AskingRoster]:
    return Transition(AskingRoster(document, areas), (QueryRoster(document.number, document.name),))


def advance(state: AskState, event: Event) -> AskMove:
    match state, event:
        case AskingRoster(), RosterAnswered(RosterFound(entry)):
            return Transition(DeskMustCheck() if entry.status in _CLOSED else RosterKnown(entry))
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
        case AskingRoster(), RosterAnswered(PlatformUnavailable(reason), held):
            return _without_answer(held, _unanswered(reason))
        case CheckingOutbox(held), OutboxChecked(None):
            return Transition(OfferingOffline(held))
        case CheckingOutbox(), OutboxChecked(OutboxRefused(reason)):
            return Transition(OfflineClosed(), (Log(AuditEvent(EventName.RECORD_NOT_QUEUED, reason=reason)),))
        case AskingRoster(), RosterAnswered(PlatformRefused(reason)):
            return Transition(DeskMustCheck(), (_unanswered(reason),))
        case OfferingOffline(held), Pressed(Button.ACCEPT_OFFLINE):
            return Transition(OfflineAgreed(held))
        case _:
            return Transition(state)


def _without_answer(held: HeldEntry | None, unanswered: Log) -> AskMove:
    """Who was confirmed some days ago still is (E-07, E-08), and whose record waits for the desk's look need not be
    taken in before it (E-10). Of all others the hall decides later."""
    if held is None:
        return Transition(CheckingOutbox(), (unanswered, CheckOutbox()))
    known = Log(AuditEvent(EventName.ROSTER_FROM_SNAPSHOT, device="platform"))
    if held.entry.status in _CLOSED:
        return Transition(DeskMustCheck(), (unanswered, known))
    if held.entry.confirmed_this_window:
        return Transition(RosterKnown(held.entry, held.as_of), (unanswered, known))
    return Transition(CheckingOutbox(held), (unanswered, known, CheckOutbox()))


def _unanswered(reason: str) -> Log:
    return Log(AuditEvent(EventName.ROSTER_NOT_ANSWERED, device="platform", reason=reason))


def _alert(reason: str) -> Log:
    return Log(AuditEvent(EventName.STAFF_ALERTED, device="platform", reason=reason))
