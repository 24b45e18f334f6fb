"""Step: who it is, by the identity card (domain.md 5.1 step 3, E-01 to E-03)."""

from dataclasses import dataclass
from enum import Enum

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.identity_document import IdentityDocument
from kiosk.domain.picture import Picture
from kiosk.flow.commands import DecodePhoto, Log, ReadCard
from kiosk.flow.events import CardAnswered, Event, PhotoAnswered
from kiosk.flow.machine import Transition
from kiosk.ports.id_card import (
    CardContradictory,
    CardRead,
    CardUnreadable,
    NoCard,
    ReaderFault,
    WrongCard,
)
from kiosk.ports.photo_decoder import PhotoUndecodable

TRY_S = 20.0
TRIES = 3


class CardHint(Enum):
    """What the page says before this try."""

    FIRST = "first"
    PLACE_IT = "place-it"
    CLEAN_AND_TURN = "clean-and-turn"


@dataclass(frozen=True, slots=True)
class AwaitingCard:
    attempt: int
    hint: CardHint


@dataclass(frozen=True, slots=True)
class DecodingPhoto:
    document: IdentityDocument


@dataclass(frozen=True, slots=True)
class Identified:
    document: IdentityDocument
    reference: Picture


@dataclass(frozen=True, slots=True)
class CardNotRead:
    """Three tries came to nothing."""


@dataclass(frozen=True, slots=True)
class WrongDocument:
    """A genuine card of another kind."""


@dataclass(frozen=True, slots=True)
class CardAtOdds:
    """The card contradicts itself; only a desk can look at it."""

    field: str


@dataclass(frozen=True, slots=True)
class PhotoUnusable:
    """The chip portrait cannot be decoded here, so a face has nothing to be compared with."""


@dataclass(frozen=True, slots=True)
class ReaderBroken:
    reason: str


IdentifyState = AwaitingCard | DecodingPhoto
IdentifyResult = Identified | CardNotRead | WrongDocument | CardAtOdds | PhotoUnusable | ReaderBroken


def begin() -> Transition[AwaitingCard]:
    return Transition(AwaitingCard(1, CardHint.FIRST), (ReadCard(TRY_S),))


def advance(state: IdentifyState, event: Event) -> Transition[IdentifyState | IdentifyResult]:
    match state, event:
        case AwaitingCard(), CardAnswered(CardRead(document, photo)):
            return Transition(DecodingPhoto(document), (DecodePhoto(photo),))
        case AwaitingCard(attempt), CardAnswered(NoCard()):
            return _next_try(attempt, CardHint.PLACE_IT, "no-card")
        case AwaitingCard(attempt), CardAnswered(CardUnreadable(reason)):
            return _next_try(attempt, CardHint.CLEAN_AND_TURN, reason)
        case AwaitingCard(), CardAnswered(CardContradictory(field)):
            return Transition(CardAtOdds(field), (_not_read(f"contradictory-{field}"),))
        case AwaitingCard(), CardAnswered(WrongCard(kind)):
            kind_name = "UNKNOWN" if kind is None else kind.name
            return Transition(WrongDocument(), (_not_read(f"wrong-card-{kind_name}"),))
        case AwaitingCard(), CardAnswered(ReaderFault(reason)):
            return Transition(ReaderBroken(reason), (_not_read(reason),))
        case DecodingPhoto(document), PhotoAnswered(Picture() as reference):
            return Transition(Identified(document, reference))
        case DecodingPhoto(), PhotoAnswered(PhotoUndecodable(reason)):
            return Transition(PhotoUnusable(), (_not_read(f"photo-{reason}"),))
        case _:
            return Transition(state)


def _next_try(attempt: int, hint: CardHint, reason: str) -> Transition[IdentifyState | IdentifyResult]:
    if attempt == TRIES:
        return Transition(CardNotRead(), (_not_read(reason),))
    return Transition(AwaitingCard(attempt + 1, hint), (_not_read(reason), ReadCard(TRY_S)))


def _not_read(reason: str) -> Log:
    return Log(AuditEvent(EventName.CARD_NOT_READ, device="id-card", reason=reason))
