"""The ports of one terminal, together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.ports.audit import Audit
from kiosk.ports.camera import Camera
from kiosk.ports.code_scanner import CodeReader, CodeScanner
from kiosk.ports.face_analyser import FaceAnalyser
from kiosk.ports.id_card import IdCardReader
from kiosk.ports.outbox import Outbox
from kiosk.ports.paper_roll import PaperRoll
from kiosk.ports.photo_decoder import PhotoDecoder
from kiosk.ports.platform import HallPlatform
from kiosk.ports.print_journal import PrintJournal
from kiosk.ports.printer import Printer
from kiosk.ports.receipt_issuer import ReceiptIssuer
from kiosk.ports.roster_snapshot import RosterSnapshot
from kiosk.ports.smart_card import SmartCardReader
from kiosk.ports.staff_authorisation import StaffAuthorisation
from kiosk.ports.supervision import Supervision


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a session may touch. ``smart_card`` and ``code_readers`` are there where they are fitted, ``snapshot``
    where the site may hold a roster."""

    reader: IdCardReader
    photo_decoder: PhotoDecoder
    scanner: CodeScanner
    camera: Camera
    face: FaceAnalyser
    printer: Printer
    platform: HallPlatform
    outbox: Outbox
    receipts: ReceiptIssuer
    journal: PrintJournal
    roll: PaperRoll
    staff: StaffAuthorisation
    supervision: Supervision
    audit: Audit
    smart_card: SmartCardReader | None = None
    code_readers: Mapping[str, CodeReader] = field(default_factory=dict)
    snapshot: RosterSnapshot | None = None
