"""Everything a session can ask of the ports, as values. The runner carries them out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.domain.audit_event import AuditEvent
    from kiosk.domain.citizen_number import CitizenNumber
    from kiosk.domain.identity_document import ChipPhoto
    from kiosk.domain.paper import Paper
    from kiosk.domain.person_name import PersonName
    from kiosk.domain.picture import Picture
    from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber
    from kiosk.ports.outbox import Record
    from kiosk.ports.staff_authorisation import StaffPurpose


@dataclass(frozen=True, slots=True)
class ReadCard:
    timeout_s: float


@dataclass(frozen=True, slots=True)
class ReadSmartCard:
    """Without effect where no reader for social-security cards is fitted."""

    timeout_s: float


@dataclass(frozen=True, slots=True)
class StopReading:
    """Ends a running ``ReadCard`` and ``ReadSmartCard``; their answers are dropped."""


@dataclass(frozen=True, slots=True)
class DecodePhoto:
    photo: ChipPhoto


@dataclass(frozen=True, slots=True)
class QueryRoster:
    """``area`` names another area's roster; None is the terminal's own."""

    number: CitizenNumber
    name: PersonName
    area: str | None = None


@dataclass(frozen=True, slots=True)
class ReadCode:
    """Starts the camera and every scanner that is fitted, and looks for a code until one other than ``known`` (its
    digest) comes, or ``timeout_s`` is over."""

    timeout_s: float
    known: str | None = None


@dataclass(frozen=True, slots=True)
class ResolveCode:
    """Asks the platform whose ``code`` of ``issuer`` this is. A code is sent once and within its minute: one that was
    sent before in this session, or was first seen longer ago, is answered as expired without asking."""

    code: bytes = field(repr=False)
    issuer: str


@dataclass(frozen=True, slots=True)
class FetchReference:
    """Asks the platform for its own picture of a person whose chip portrait cannot be decoded here."""

    number: CitizenNumber
    name: PersonName


@dataclass(frozen=True, slots=True)
class LookUpReceipt:
    receipt: ReceiptNumber


@dataclass(frozen=True, slots=True)
class StartFace:
    """Sets the reference where there is one, starts the camera and streams ``FaceSeen`` until ``StopFace``. ``pace`` is
    how many times as long as usual the citizen may take; the session sets it."""

    reference: Picture | None
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class StopFace:
    """Ends a running ``StartFace`` or ``ReadCode`` and stops the camera."""


@dataclass(frozen=True, slots=True)
class CompareFace:
    """``witnesses`` are frames that must show the same person, not one like the reference."""

    sequences: tuple[int, ...]
    witnesses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CompareHelper:
    """Compares the same frames with the helper's own portrait (E-19); answered by ``HelperCompared``."""

    reference: Picture
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CropFace:
    sequence: int


@dataclass(frozen=True, slots=True)
class IssueReceipt:
    kind: ReceiptKind


@dataclass(frozen=True, slots=True)
class CheckOutbox:
    """Asks whether the outbox would take a record now."""


@dataclass(frozen=True, slots=True)
class PutRecord:
    record: Record


@dataclass(frozen=True, slots=True)
class DeliverRecord:
    key: str
    timeout_s: float


@dataclass(frozen=True, slots=True)
class PrintPaper:
    """Prints ``paper`` and follows it to its end, also after the session's: answered by ``PaperPrinted``, and by
    ``PaperHandedOver`` once a printed one has left the printer or was taken back. ``job`` is the number on the paper,
    or a name of its own where it has none or is a copy. A number whose paper is in doubt is made void at once.

    ``then`` is for the staff's file: tried once, when a printed paper is out of the way, and nobody hears of it."""

    paper: Paper
    job: str
    then: PrintPaper | None = None


@dataclass(frozen=True, slots=True)
class CheckPrinter:
    """Asks whether the printer could print now; while a paper is owed."""


@dataclass(frozen=True, slots=True)
class ChangePaperRoll:
    """A new roll of this length was put in; ``length_mm`` in millimetres."""

    length_mm: int


@dataclass(frozen=True, slots=True)
class AskStaffWays:
    """Answered by ``StaffWaysTold``."""


@dataclass(frozen=True, slots=True)
class AskStaffChallenge:
    """Answered by ``StaffChallenged``."""


@dataclass(frozen=True, slots=True)
class CheckStaffPin:
    """Answered by ``StaffAnswered``."""

    staff: str
    pin: str = field(repr=False)
    purpose: StaffPurpose


@dataclass(frozen=True, slots=True)
class CheckStaffAnswer:
    """``answer`` to the newest challenge; answered by ``StaffAnswered``."""

    answer: str = field(repr=False)
    purpose: StaffPurpose


@dataclass(frozen=True, slots=True)
class CheckPlatform:
    """Asks whether the hall platform answers now; before something that cannot be done without it."""


@dataclass(frozen=True, slots=True)
class AwaitCardRemoval:
    """Until no card is on the plate, and with ``slot`` none in the slot for social-security cards either."""

    timeout_s: float
    slot: bool = False


@dataclass(frozen=True, slots=True)
class CheckHealth:
    """Has every device asked how it is; only while nobody is served. Answered by ``HealthChecked``, as is every change
    that comes of its own."""


@dataclass(frozen=True, slots=True)
class KeepDevicesQuiet:
    """Somebody is served: until the next ``CheckHealth`` no device is asked what could disturb it."""


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Posts ``TimerElapsed(name)`` after ``seconds``; setting a name again moves its time."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ClearTimer:
    name: str


@dataclass(frozen=True, slots=True)
class Log:
    event: AuditEvent


@dataclass(frozen=True, slots=True)
class Wipe:
    """Cancels what still runs, forgets faces, drops late answers, then posts ``Wiped``."""


Question = (
    DecodePhoto
    | QueryRoster
    | ResolveCode
    | FetchReference
    | LookUpReceipt
    | CompareFace
    | CompareHelper
    | CropFace
    | IssueReceipt
    | CheckOutbox
    | PutRecord
    | DeliverRecord
    | CheckPrinter
    | AskStaffWays
    | AskStaffChallenge
    | CheckStaffPin
    | CheckStaffAnswer
    | CheckPlatform
    | AwaitCardRemoval
)
"""What a port answers once."""

PortCommand = (
    Question
    | ReadCard
    | ReadSmartCard
    | ReadCode
    | StartFace
    | PrintPaper
    | ChangePaperRoll
    | CheckHealth
    | KeepDevicesQuiet
)
Command = PortCommand | StopReading | StopFace | SetTimer | ClearTimer | Log | Wipe
