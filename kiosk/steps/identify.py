"""Step: who it is, by the identity card, or by the social-security card where a slot for it is fitted (domain.md 5.1
step 3, E-01 to E-03)."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import assert_never

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.identity_document import ChipPhoto, DocumentKind, ForeignPermit, IdentityDocument
from kiosk.domain.picture import Picture
from kiosk.domain.social_security_card import SocialSecurityCard
from kiosk.flow.commands import AwaitCardRemoval, DecodePhoto, Log, ReadCard, ReadSmartCard, StopReading
from kiosk.flow.events import CardAnswered, Event, PhotoAnswered, PlateChecked, SmartCardAnswered
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed
from kiosk.ports.id_card import (
    CardContradictory,
    CardRead,
    CardUnreadable,
    NoCard,
    PermitRead,
    ReaderFault,
    WrongCard,
)
from kiosk.ports.photo_decoder import PhotoUndecodable
from kiosk.ports.smart_card import IssuerNeeded, SmartCardReading, SocialSecurityCardRead

TRY_S = 20.0
TRIES = 3
SLOT = "smart-card"


class CardHint(Enum):
    """What the page says before this try. SOCIAL_CARD: what was put into the slot is of no use here."""

    FIRST = "first"
    PLACE_IT = "place-it"
    CLEAN_AND_TURN = "clean-and-turn"
    OTHER_CARD = "other-card"
    SOCIAL_CARD = "social-card"


class Trouble(Enum):
    """Why the citizen is asked how else to show who it is."""

    CARD = "card"
    CODE = "code"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class AwaitingCard:
    """With OTHER_CARD the one on the plate is waited away first."""

    attempt: int
    hint: CardHint


@dataclass(frozen=True, slots=True)
class DecodingPhoto:
    document: IdentityDocument
    photo: ChipPhoto


@dataclass(frozen=True, slots=True)
class ChoosingIdentity:
    """The card was not read in three tries, or a code was of no use: card again, electronic card, or the number. The
    reader stays armed, so that a card laid down now is read."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Identified:
    """``reference`` is None when the chip portrait cannot be decoded here."""

    document: IdentityDocument
    photo: ChipPhoto
    reference: Picture | None


@dataclass(frozen=True, slots=True)
class SocialCardIdentified:
    """By the social-security card: an identifier without portrait or address."""

    document: IdentityDocument


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """The citizen will show the electronic social-security card."""


@dataclass(frozen=True, slots=True)
class NumberWanted:
    """The citizen will type the number, and a desk will check it."""


@dataclass(frozen=True, slots=True)
class WrongDocument:
    """A genuine card of another kind."""


@dataclass(frozen=True, slots=True)
class CardAtOdds:
    """The card contradicts itself; only a desk can look at it."""

    field: str


@dataclass(frozen=True, slots=True)
class ReaderBroken:
    reason: str


IdentifyState = AwaitingCard | DecodingPhoto | ChoosingIdentity
IdentifyResult = (
    Identified | SocialCardIdentified | CodeWanted | NumberWanted | WrongDocument | CardAtOdds | ReaderBroken
)
IdentifyMove = Transition[IdentifyState | IdentifyResult]


def begin() -> Transition[AwaitingCard]:
    return Transition(AwaitingCard(1, CardHint.FIRST), _read_cards())


def ask_for_another() -> Transition[AwaitingCard]:
    """The card that was read is not the one that is needed."""
    return Transition(AwaitingCard(1, CardHint.OTHER_CARD), (AwaitCardRemoval(TRY_S),))


def offer_others(trouble: Trouble) -> Transition[ChoosingIdentity]:
    return Transition(ChoosingIdentity(trouble), (AwaitCardRemoval(TRY_S), ReadSmartCard(TRY_S)))


def advance(state: IdentifyState, event: Event) -> IdentifyMove:
    match state, event:
        case ((AwaitingCard() | ChoosingIdentity()), CardAnswered(CardRead(document, photo))):
            return Transition(DecodingPhoto(document, photo), (StopReading(), DecodePhoto(photo)))
        case ((AwaitingCard() | ChoosingIdentity()), CardAnswered(CardContradictory(field))):
            return Transition(CardAtOdds(field), (StopReading(), _not_read(f"contradictory-{field}")))
        case ((AwaitingCard() | ChoosingIdentity()), CardAnswered(PermitRead(document))):
            kind = document.kind if isinstance(document, ForeignPermit) else DocumentKind.HK_MACAO_TAIWAN_PERMIT
            return Transition(WrongDocument(), (StopReading(), _not_read(f"wrong-card-{kind.name}")))
        case ((AwaitingCard() | ChoosingIdentity()), CardAnswered(WrongCard())):
            return Transition(WrongDocument(), (StopReading(), _not_read("wrong-card-UNKNOWN")))
        case ((AwaitingCard() | ChoosingIdentity()), CardAnswered(ReaderFault(reason))):
            return Transition(ReaderBroken(reason), (StopReading(), _not_read(reason)))
        case ((AwaitingCard() | ChoosingIdentity()), Pressed(Button.SHOW_CODE)):
            return Transition(CodeWanted(), (StopReading(),))
        case ((AwaitingCard() | ChoosingIdentity()), SmartCardAnswered(reading)):
            return _after_slot(state, reading)
        case AwaitingCard(hint=CardHint.OTHER_CARD), PlateChecked(True):
            return Transition(state, _read_cards())
        case AwaitingCard(hint=CardHint.OTHER_CARD), PlateChecked(False):
            return Transition(state, (AwaitCardRemoval(TRY_S),))
        case AwaitingCard(attempt), CardAnswered(NoCard()):
            return _next_try(attempt, CardHint.PLACE_IT, "no-card")
        case AwaitingCard(attempt), CardAnswered(CardUnreadable(reason)):
            return _next_try(attempt, CardHint.CLEAN_AND_TURN, reason)
        case ChoosingIdentity(), Pressed(Button.TYPE_NUMBER):
            return Transition(NumberWanted(), (StopReading(),))
        case ChoosingIdentity(), (PlateChecked(True) | CardAnswered(NoCard())):
            return Transition(state, _read_cards())
        case ChoosingIdentity(), (PlateChecked(False) | CardAnswered(CardUnreadable())):
            return Transition(state, (AwaitCardRemoval(TRY_S),))
        case DecodingPhoto(document, photo), PhotoAnswered(Picture() as reference):
            return Transition(Identified(document, photo, reference))
        case DecodingPhoto(document, photo), PhotoAnswered(PhotoUndecodable(reason)):
            return Transition(Identified(document, photo, None), (_not_read(f"photo-{reason}"),))
        case _:
            return Transition(state)


def _next_try(attempt: int, hint: CardHint, reason: str) -> IdentifyMove:
    if attempt == TRIES:
        others = offer_others(Trouble.CARD)
        return Transition(others.state, (_not_read(reason), *others.commands))
    return Transition(AwaitingCard(attempt + 1, hint), (_not_read(reason), *_read_cards()))


def _after_slot(state: AwaitingCard | ChoosingIdentity, reading: SmartCardReading) -> IdentifyMove:
    """Nothing in the slot ends a try: the reader for identity cards goes on. What lies in the slot is not read again
    until it has been taken out."""
    match reading:
        case SocialSecurityCardRead(card):
            return Transition(SocialCardIdentified(_document_of(card)), (StopReading(),))
        case NoCard():
            return Transition(state)
        case ReaderFault(reason):
            return Transition(state, (_not_read(reason, SLOT),))
        case IssuerNeeded():
            reason = "issuer-needed"
        case WrongCard():
            reason = "no-social-security-card"
        case CardContradictory(field):
            reason = f"contradictory-{field}"
        case CardUnreadable(reason):
            pass
        case _:
            assert_never(reading)
    hinted = replace(state, hint=CardHint.SOCIAL_CARD) if isinstance(state, AwaitingCard) else state
    return Transition(hinted, (_not_read(reason, SLOT), ReadSmartCard(TRY_S)))


def _document_of(card: SocialSecurityCard) -> IdentityDocument:
    return IdentityDocument(
        name=card.name,
        number=card.number,
        sex=card.sex,
        ethnicity_code=card.ethnicity_code,
        address="",
        authority="",
        valid_from=card.issued_on,
        valid_to=card.valid_to,
    )


def _read_cards() -> tuple[ReadCard, ReadSmartCard]:
    return ReadCard(TRY_S), ReadSmartCard(TRY_S)


def _not_read(reason: str, device: str = "id-card") -> Log:
    return Log(AuditEvent(EventName.CARD_NOT_READ, device=device, reason=reason))
