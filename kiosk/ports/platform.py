"""The hall platform ("一窗式" 综合服务平台) as the terminal sees it."""

from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.case import HallDecision
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import RosterEntry
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.ports.device_status import DeviceStatus


@dataclass(frozen=True, slots=True)
class RosterFound:
    entry: RosterEntry


@dataclass(frozen=True, slots=True)
class NotInRoster:
    """No beneficiary of this number (E-06)."""


@dataclass(frozen=True, slots=True)
class NameMismatch:
    """The number is known under another name (E-05)."""


@dataclass(frozen=True, slots=True)
class PlatformUnavailable:
    """No usable answer: no link, a time-out, a server error, or bytes that are not the agreed message."""

    reason: str


@dataclass(frozen=True, slots=True)
class PlatformRefused:
    """The platform understood and will never take this request, however often it is sent."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stored:
    """The platform keeps the record; no decision belongs to it (a rating)."""


@dataclass(frozen=True, slots=True)
class ReceiptUnknown:
    """No record under this receipt number (yet)."""


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """A record as it leaves the terminal: the same bytes at every try, readable by the platform only."""

    key: str
    kind: str
    envelope: bytes


RosterAnswer = RosterFound | NotInRoster | NameMismatch | PlatformUnavailable | PlatformRefused
DeliveryAnswer = HallDecision | Stored | PlatformUnavailable | PlatformRefused
LookUpAnswer = HallDecision | ReceiptUnknown | PlatformUnavailable | PlatformRefused


class HallPlatform(Protocol):
    def status(self) -> DeviceStatus: ...

    def query_roster(self, number: CitizenNumber, name: PersonName) -> RosterAnswer: ...

    def deliver(self, record: SealedRecord) -> DeliveryAnswer: ...

    def look_up(self, receipt: ReceiptNumber) -> LookUpAnswer: ...
