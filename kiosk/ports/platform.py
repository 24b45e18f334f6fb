"""The hall platform ("一窗式" 综合服务平台) as the terminal sees it."""

from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.case import HallDecision
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import RosterEntry
from kiosk.domain.identity_document import IdentityDocument
from kiosk.domain.person_name import PersonName
from kiosk.domain.picture import Picture
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
class DocumentBlocked:
    """The document was reported lost or stolen (E-04): no details on the screen, no face."""


@dataclass(frozen=True, slots=True)
class IdentityPaused:
    """After a suspected spoof this person is served at a desk only, for a day (E-14)."""


@dataclass(frozen=True, slots=True)
class CodeHolder:
    """Whose code it was, with the reference picture the platform keeps of them."""

    document: IdentityDocument
    picture: Picture


@dataclass(frozen=True, slots=True)
class CodeExpired:
    """The code is older than a minute, was used already, or is none of its issuer's."""


@dataclass(frozen=True, slots=True)
class ReferenceFound:
    picture: Picture


@dataclass(frozen=True, slots=True)
class NoReference:
    """The platform keeps no picture of this person, or may not give it."""


@dataclass(frozen=True, slots=True)
class PlatformUnavailable:
    """No usable answer: no link, a time-out, a server error, or bytes that are not the agreed message.

    ``retry_after_s``: the platform asked not to be asked again for so many seconds (Retry-After, RFC 9110 10.2.3).
    """

    reason: str
    retry_after_s: float | None = None


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


RosterAnswer = (
    RosterFound | NotInRoster | NameMismatch | DocumentBlocked | IdentityPaused | PlatformUnavailable | PlatformRefused
)
HolderAnswer = CodeHolder | CodeExpired | PlatformUnavailable | PlatformRefused
ReferenceAnswer = ReferenceFound | NoReference | PlatformUnavailable | PlatformRefused
DeliveryAnswer = HallDecision | Stored | PlatformUnavailable | PlatformRefused
LookUpAnswer = HallDecision | ReceiptUnknown | PlatformUnavailable | PlatformRefused


class HallPlatform(Protocol):
    def status(self) -> DeviceStatus: ...

    def query_roster(self, number: CitizenNumber, name: PersonName, area: str | None = None) -> RosterAnswer:
        """``area`` names another area's roster; None is the one the terminal belongs to."""

    def resolve_code(self, code: bytes, issuer: str) -> HolderAnswer:
        """Who showed ``code``, a token of the issuer of this id. The code is sent once and not kept. Refused with
        ``issuer-unknown`` where the platform has no way to that issuer."""

    def fetch_reference(self, number: CitizenNumber, name: PersonName) -> ReferenceAnswer: ...

    def deliver(self, record: SealedRecord) -> DeliveryAnswer: ...

    def look_up(self, receipt: ReceiptNumber) -> LookUpAnswer: ...
