"""An outbox whose platform answers what a test tells it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.platform import (
    CodeExpired,
    DeliveryAnswer,
    HolderAnswer,
    LookUpAnswer,
    NoReference,
    NotInRoster,
    PlatformUnavailable,
    ReceiptUnknown,
    ReferenceAnswer,
    RosterAnswer,
    SealedRecord,
)
from offline_cache.delivery import Delivery
from offline_cache.outbox import SealedOutbox
from offline_cache.queue import RecordQueue
from offline_cache.settings import DeliverySettings, StorageSettings
from offline_cache.store import Store
from tests.records import RecordedAudit, Registered, SetClock, receipt

NO_LINK = PlatformUnavailable("no-link")
DECIDED = HallDecision(receipt(), Outcome.PENDING, None, None)


@dataclass
class FakePlatform:
    """``answer`` makes the answer to a record; every record sent is kept."""

    answer: Callable[[SealedRecord], DeliveryAnswer] = lambda _: DECIDED
    device: DeviceStatus = field(default_factory=Ready)
    sent: list[SealedRecord] = field(default_factory=list)
    probes: int = 0

    def status(self) -> DeviceStatus:
        self.probes += 1
        return self.device

    def query_roster(self, number: CitizenNumber, name: PersonName, area: str | None = None) -> RosterAnswer:
        return NotInRoster()

    def resolve_code(self, code: bytes, issuer: str) -> HolderAnswer:
        return CodeExpired()

    def fetch_reference(self, number: CitizenNumber, name: PersonName) -> ReferenceAnswer:
        return NoReference()

    def deliver(self, record: SealedRecord) -> DeliveryAnswer:
        self.sent.append(record)
        return self.answer(record)

    def look_up(self, receipt: ReceiptNumber) -> LookUpAnswer:
        return ReceiptUnknown()

    def cut_off(self) -> None:
        self.answer = lambda _: NO_LINK
        self.device = Unavailable("no-link", "check the cable")

    def back(self) -> None:
        self.answer = lambda _: DECIDED
        self.device = Ready()


@dataclass
class Parts:
    """A terminal's storage, whole. ``close`` and build again is a restart."""

    registered: Registered
    clock: SetClock
    platform: FakePlatform
    audit: RecordedAudit
    storage: StorageSettings
    store: Store
    queue: RecordQueue
    delivery: Delivery
    outbox: SealedOutbox

    def close(self) -> None:
        self.outbox.close()
        self.store.close()


def build(
    registered: Registered,
    *,
    path: Path | None = None,
    clock: SetClock | None = None,
    platform: FakePlatform | None = None,
    delivery: DeliverySettings | None = None,
    max_bytes: int = 64 * 1024 * 1024,
    max_records: int = 200,
    jitter: float = 0.5,
    clock_wrong: Callable[[], bool] = lambda: False,
) -> Parts:
    clock = clock or SetClock()
    platform = platform or FakePlatform()
    audit = RecordedAudit()
    storage = StorageSettings(
        path=path or registered.folder / "terminal.db",
        max_bytes=max_bytes,
        max_records=max_records,
        delivery=delivery or DeliverySettings(first_delay_s=0, start_window_s=0),
    )
    store = Store(storage.path, storage.max_bytes)
    queue = RecordQueue(store, storage, clock, bytes)
    pump = Delivery(queue, platform, audit, clock, lambda: jitter, storage.delivery)
    outbox = SealedOutbox(queue, registered.sealer(clock), pump, clock_wrong)
    return Parts(registered, clock, platform, audit, storage, store, queue, pump, outbox)
