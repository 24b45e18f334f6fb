"""The identity-card reader."""

from dataclasses import dataclass, field
from typing import Protocol

from kiosk.domain.identity_document import ChipPhoto, ForeignPermit, IdentityDocument, ResidencePermit
from kiosk.ports.clock import CancelSignal
from kiosk.ports.device_status import DeviceStatus


@dataclass(frozen=True, slots=True)
class CardRead:
    """A resident's card read whole, its text checked against itself. ``addresses`` are the appended ones, newest
    first, where the terminal is set to ask for them."""

    document: IdentityDocument
    photo: ChipPhoto
    addresses: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class PermitRead:
    """A card of one of the other three layouts, read whole and checked against itself; no journey takes it yet
    (E-02)."""

    document: ResidencePermit | ForeignPermit
    photo: ChipPhoto


@dataclass(frozen=True, slots=True)
class NoCard:
    """Nothing lay on the reader before the deadline, or the caller cancelled."""


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """A card was there but could not be read; ``reason`` names the reader's status or the frame's defect (E-01)."""

    reason: str


@dataclass(frozen=True, slots=True)
class CardContradictory:
    """The card's fields disagree with each other; ``field`` names the one (check digit, birth date, sex, validity)."""

    field: str


@dataclass(frozen=True, slots=True)
class WrongCard:
    """A card that is none of the four chip layouts (E-02)."""


@dataclass(frozen=True, slots=True)
class ReaderFault:
    """The reader itself does not work (E-27)."""

    reason: str


CardReading = CardRead | PermitRead | NoCard | CardUnreadable | CardContradictory | WrongCard | ReaderFault


class IdCardReader(Protocol):
    def status(self) -> DeviceStatus: ...

    def read_card(self, timeout_s: float, cancelled: CancelSignal) -> CardReading:
        """Waits for a card and reads it. Every answer comes within ``timeout_s`` plus one command's deadline (3 s)."""

    def wait_until_removed(self, timeout_s: float, cancelled: CancelSignal) -> bool:
        """True once the plate is empty or the reader can no longer tell, False when the card still lies there at the
        deadline."""

    def close(self) -> None: ...
