"""The contact or contactless reader for social-security cards (PC/SC)."""

from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.social_security_card import SocialSecurityCard
from kiosk.ports.clock import CancelSignal
from kiosk.ports.device_status import DeviceStatus
from kiosk.ports.id_card import CardContradictory, CardUnreadable, NoCard, ReaderFault, WrongCard


@dataclass(frozen=True, slots=True)
class SocialSecurityCardRead:
    """EF05 and EF06 were readable in the clear and agree with each other."""

    card: SocialSecurityCard


@dataclass(frozen=True, slots=True)
class IssuerNeeded:
    """The card gives its files only to its issuer's own equipment (6982, 6985). No PIN is ever tried: wrong ones
    lock the card."""


SmartCardReading = (
    SocialSecurityCardRead | IssuerNeeded | NoCard | CardUnreadable | CardContradictory | WrongCard | ReaderFault
)


class SmartCardReader(Protocol):
    def status(self) -> DeviceStatus: ...

    def read_card(self, timeout_s: float, cancelled: CancelSignal) -> SmartCardReading:
        """Waits for a card and reads it. Every answer comes within ``timeout_s`` plus 3 s. A card that has given an
        answer is not read again until it was taken out."""

    def wait_until_removed(self, timeout_s: float, cancelled: CancelSignal) -> bool:
        """True once no card is in the reader or the reader can no longer tell, False when one still is at the
        deadline."""

    def close(self) -> None: ...
