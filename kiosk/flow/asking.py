"""Questions that a port answers once: a call that may take its time, and an event that tells what came of it."""

import threading
from typing import assert_never

from kiosk.domain.picture import Picture
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.flow.code_ledger import CodeLedger
from kiosk.flow.commands import (
    AskStaffChallenge,
    AskStaffWays,
    AwaitCardRemoval,
    CheckOutbox,
    CheckPlatform,
    CheckPrinter,
    CheckStaffAnswer,
    CheckStaffPin,
    CompareFace,
    CompareHelper,
    CropFace,
    DecodePhoto,
    DeliverRecord,
    FetchReference,
    IssueReceipt,
    LookUpReceipt,
    PutRecord,
    QueryRoster,
    Question,
    ResolveCode,
)
from kiosk.flow.events import (
    Event,
    FaceCompared,
    FaceCropped,
    HelperCompared,
    HolderAnswered,
    OutboxChecked,
    PhotoAnswered,
    PlateChecked,
    PlatformChecked,
    PrinterChecked,
    ReceiptIssued,
    ReceiptLookedUp,
    RecordDelivered,
    RecordPut,
    ReferenceAnswered,
    RosterAnswered,
    StaffAnswered,
    StaffChallenged,
    StaffWaysTold,
)
from kiosk.flow.ports import Ports
from kiosk.ports.clock import Clock
from kiosk.ports.code_scanner import CodeSeen
from kiosk.ports.face_analyser import AnalyserFault, Distances, NoReferenceFace, ReferenceReady
from kiosk.ports.platform import CodeExpired, PlatformUnavailable


class Asking:
    """Safe for several threads, as the ports are."""

    def __init__(self, ports: Ports, clock: Clock) -> None:
        self._ports = ports
        self._clock = clock

    def answer(self, question: Question, codes: CodeLedger, over: threading.Event) -> Event:
        """Blocks. ``codes`` are those the session has seen; once ``over`` is set nobody waits any more."""
        ports = self._ports
        match question:
            case DecodePhoto(photo):
                return PhotoAnswered(ports.photo_decoder.decode(photo))
            case QueryRoster():
                return self._roster_of(question)
            case ResolveCode(code, issuer):
                fresh = codes.may_send(CodeSeen(code), self._clock.monotonic())
                return HolderAnswered(ports.platform.resolve_code(code, issuer) if fresh else CodeExpired())
            case FetchReference(number, name):
                return ReferenceAnswered(ports.platform.fetch_reference(number, name))
            case LookUpReceipt(receipt):
                return self._looked_up(receipt)
            case CompareFace(sequences, witnesses):
                return FaceCompared(ports.face.compare(sequences, witnesses))
            case CompareHelper(reference, sequences):
                return HelperCompared(self._compare_with(reference, sequences))
            case CropFace(sequence):
                return FaceCropped(ports.face.crop(sequence))
            case IssueReceipt(kind):
                return ReceiptIssued(ports.receipts.issue(kind, self._clock.now()))
            case CheckOutbox():
                return OutboxChecked(ports.outbox.accepts())
            case PutRecord(record):
                return RecordPut(ports.outbox.put(record))
            case DeliverRecord(key, timeout_s):
                return RecordDelivered(ports.outbox.deliver(key, timeout_s))
            case CheckPrinter():
                return PrinterChecked(ports.printer.status())
            case AskStaffWays():
                return StaffWaysTold(ports.staff.ways())
            case AskStaffChallenge():
                return StaffChallenged(ports.staff.challenge())
            case CheckStaffPin(staff, pin, purpose):
                return StaffAnswered(ports.staff.check_pin(staff, pin, purpose))
            case CheckStaffAnswer(answer, purpose):
                return StaffAnswered(ports.staff.check_answer(answer, purpose))
            case CheckPlatform():
                return PlatformChecked(ports.platform.status())
            case AwaitCardRemoval(timeout_s, slot):
                return PlateChecked(self._no_card_left(timeout_s, slot, over))
            case _:
                assert_never(question)

    def _roster_of(self, query: QueryRoster) -> RosterAnswered:
        """A snapshot is of the terminal's own area."""
        answer = self._ports.platform.query_roster(query.number, query.name, query.area)
        snapshot = self._ports.snapshot if query.area is None else None
        if snapshot is None or not isinstance(answer, PlatformUnavailable):
            return RosterAnswered(answer)
        return RosterAnswered(answer, snapshot.find(query.number, query.name))

    def _looked_up(self, receipt: ReceiptNumber) -> ReceiptLookedUp:
        answer = self._ports.platform.look_up(receipt)
        silent = isinstance(answer, PlatformUnavailable)
        return ReceiptLookedUp(answer, self._ports.outbox.recall(receipt) if silent else None)

    def _no_card_left(self, timeout_s: float, slot: bool, cancelled: threading.Event) -> bool:
        until = self._clock.monotonic() + timeout_s
        if not self._ports.reader.wait_until_removed(timeout_s, cancelled):
            return False
        smart_card = self._ports.smart_card if slot else None
        left = max(0.0, until - self._clock.monotonic())
        return smart_card is None or smart_card.wait_until_removed(left, cancelled)

    def _compare_with(
        self, reference: Picture, sequences: tuple[int, ...]
    ) -> Distances | NoReferenceFace | AnalyserFault:
        answer = self._ports.face.set_reference(reference)
        return self._ports.face.compare(sequences) if isinstance(answer, ReferenceReady) else answer
