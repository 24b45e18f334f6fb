"""Everything that can happen to a session: answers of ports, elapsed timers and the citizen's touches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.flow.touches import CitizenEvent

if TYPE_CHECKING:
    from kiosk.domain.face import FaceObservation
    from kiosk.domain.picture import Picture
    from kiosk.flow.health import Health
    from kiosk.ports.code_scanner import CodeReading
    from kiosk.ports.device_status import DeviceStatus
    from kiosk.ports.face_analyser import AnalyserFault, Distances, NoReferenceFace, ReferenceReady
    from kiosk.ports.id_card import CardReading
    from kiosk.ports.outbox import KnownReceipt, OutboxRefused, Queued
    from kiosk.ports.photo_decoder import PhotoUndecodable
    from kiosk.ports.platform import DeliveryAnswer, HolderAnswer, LookUpAnswer, ReferenceAnswer, RosterAnswer
    from kiosk.ports.printer import Handover, PrinterStatus, PrintVerdict
    from kiosk.ports.receipt_issuer import IssuedReceipt, NoReceipt
    from kiosk.ports.roster_snapshot import HeldEntry
    from kiosk.ports.smart_card import SmartCardReading
    from kiosk.ports.staff_authorisation import StaffAnswer, StaffWay


@dataclass(frozen=True, slots=True)
class CardAnswered:
    reading: CardReading


@dataclass(frozen=True, slots=True)
class SmartCardAnswered:
    reading: SmartCardReading


@dataclass(frozen=True, slots=True)
class PhotoAnswered:
    answer: Picture | PhotoUndecodable


@dataclass(frozen=True, slots=True)
class RosterAnswered:
    """``held`` is what the terminal itself knew of the person, where the hall did not answer."""

    answer: RosterAnswer
    held: HeldEntry | None = None


@dataclass(frozen=True, slots=True)
class CodeAnswered:
    reading: CodeReading


@dataclass(frozen=True, slots=True)
class HolderAnswered:
    answer: HolderAnswer


@dataclass(frozen=True, slots=True)
class ReferenceAnswered:
    answer: ReferenceAnswer


@dataclass(frozen=True, slots=True)
class ReceiptLookedUp:
    """``known`` is what the terminal itself knew of the number, where the hall did not answer."""

    answer: LookUpAnswer
    known: KnownReceipt | None = None


@dataclass(frozen=True, slots=True)
class FaceStarted:
    """``answer`` is None where there is no reference to set; ``pace`` is the command's."""

    answer: ReferenceReady | NoReferenceFace | AnalyserFault | None
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class FaceSeen:
    observation: FaceObservation


@dataclass(frozen=True, slots=True)
class FaceLost:
    """Camera or analyser stopped answering (E-27); ``device`` is camera or face."""

    device: str
    reason: str


@dataclass(frozen=True, slots=True)
class FaceCompared:
    answer: Distances | AnalyserFault


@dataclass(frozen=True, slots=True)
class HelperCompared:
    answer: Distances | NoReferenceFace | AnalyserFault


@dataclass(frozen=True, slots=True)
class FaceCropped:
    answer: bytes | AnalyserFault

    def __repr__(self) -> str:
        return "FaceCropped(...)"


@dataclass(frozen=True, slots=True)
class ReceiptIssued:
    answer: IssuedReceipt | NoReceipt


@dataclass(frozen=True, slots=True)
class OutboxChecked:
    """``answer`` is None when the outbox would take a record."""

    answer: OutboxRefused | None


@dataclass(frozen=True, slots=True)
class RecordPut:
    answer: Queued | OutboxRefused


@dataclass(frozen=True, slots=True)
class RecordDelivered:
    answer: DeliveryAnswer


@dataclass(frozen=True, slots=True)
class PaperPrinted:
    verdict: PrintVerdict


@dataclass(frozen=True, slots=True)
class PaperHandedOver:
    """What became of the printed paper of ``job``."""

    job: str
    handover: Handover


@dataclass(frozen=True, slots=True)
class StaffWaysTold:
    ways: frozenset[StaffWay]


@dataclass(frozen=True, slots=True)
class StaffChallenged:
    """``challenge``: eight digits for the screen."""

    challenge: str


@dataclass(frozen=True, slots=True)
class StaffAnswered:
    answer: StaffAnswer


@dataclass(frozen=True, slots=True)
class PrinterChecked:
    status: PrinterStatus


@dataclass(frozen=True, slots=True)
class PlatformChecked:
    status: DeviceStatus


@dataclass(frozen=True, slots=True)
class PlateChecked:
    """``empty`` is False when a card was still on the plate or in the slot at the deadline."""

    empty: bool


@dataclass(frozen=True, slots=True)
class TimerElapsed:
    name: str


@dataclass(frozen=True, slots=True)
class HealthChecked:
    health: Health


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """A device that the journey still needs is not there any more (E-27)."""

    device: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wiped:
    """Nothing of the last session is held by any port."""


PortEvent = (
    CardAnswered
    | SmartCardAnswered
    | PhotoAnswered
    | RosterAnswered
    | CodeAnswered
    | HolderAnswered
    | ReferenceAnswered
    | ReceiptLookedUp
    | FaceStarted
    | FaceSeen
    | FaceLost
    | FaceCompared
    | HelperCompared
    | FaceCropped
    | ReceiptIssued
    | OutboxChecked
    | RecordPut
    | RecordDelivered
    | PaperPrinted
    | PaperHandedOver
    | StaffWaysTold
    | StaffChallenged
    | StaffAnswered
    | PrinterChecked
    | PlatformChecked
    | PlateChecked
    | HealthChecked
    | DeviceLost
    | Wiped
)
Event = CitizenEvent | PortEvent | TimerElapsed
