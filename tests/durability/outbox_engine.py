"""python -m tests.durability.outbox_engine: accepts cases and delivers them until the power is cut (``lives``).

Everything between a case and the gateway's answer is the terminal's own: numbers, signature and seal, queue, storage,
delivery, HTTP. A ``Life`` tells ``held`` (every stored record's digest by its key, before anything is touched), then
``put`` (key, digest, receipt) of every record the outbox has taken, and ``gone`` (key) of every one whose removal was
answered. One that ``drains`` accepts nothing, delivers everything, tells ``drained`` and ends.
"""

import hashlib
import random
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import apsw

from kiosk.app.system import SystemClock
from kiosk.domain.case import HallDecision
from kiosk.domain.receipt_number import ReceiptKind
from kiosk.platform.client import HttpHallPlatform
from kiosk.platform.settings import PlatformSettings
from kiosk.ports.outbox import Queued, Record
from kiosk.ports.platform import DeliveryAnswer, PlatformUnavailable, SealedRecord
from kiosk.ports.receipt_issuer import IssuedReceipt
from kiosk.wire.envelope import SealedEnvelope, Sealer
from offline_cache.delivery import Delivery
from offline_cache.outbox import SealedOutbox
from offline_cache.queue import RecordQueue
from offline_cache.receipts import DurableReceiptIssuer
from offline_cache.settings import DeliverySettings, StorageSettings
from offline_cache.store import StorageTrouble, Store
from tests.durability.lives import Told, run_lives, tell
from tests.records import TERMINAL, RecordedAudit, eligibility_case, register

DATABASE = "terminal.db"
BACKLOG = 24
LOST_ANSWERS = 0.15
LARGE = 0.25
CROP_BYTES = 140_000
"""A record of some 190 KB; one without a picture has 2."""


@dataclass(frozen=True)
class Life:
    """``keys`` is a folder that no power cut touches. A ``careless`` one syncs nothing: the control that shows what
    the proof would find."""

    folder: str
    keys: str
    address: str
    seed: int
    careless: bool = False
    drains: bool = False


class _ToldQueue(RecordQueue):
    removed: threading.Event

    def remove(self, key: str, decision: HallDecision | None = None) -> StorageTrouble | None:
        problem = super().remove(key, decision)
        if problem is None:
            tell(gone=key)
        self.removed.set()
        return problem


class _RememberingSealer(Sealer):
    last: SealedEnvelope

    def seal_record(self, record: Record, previous: str) -> SealedEnvelope:
        self.last = super().seal_record(record, previous)
        return self.last


class _LosingPlatform(HttpHallPlatform):
    """Some answers never arrive: the record is there already when it comes again."""

    chance: random.Random

    def deliver(self, record: SealedRecord) -> DeliveryAnswer:
        answer = super().deliver(record)
        return PlatformUnavailable("no-answer") if self.chance.random() < LOST_ANSWERS else answer


class _Terminal:
    def __init__(self, life: Life) -> None:
        clock, chance = SystemClock(), random.Random(life.seed)
        registered = register(Path(life.keys))
        storage = StorageSettings(
            path=Path(life.folder) / DATABASE,
            max_bytes=48 << 20,
            delivery=DeliverySettings(
                first_delay_s=0, start_window_s=0, backoff_s=0.01, backoff_cap_s=0.05, lease_s=0.3
            ),
        )
        self.store = Store(storage.path, storage.max_bytes)
        self.sealer = _RememberingSealer(TERMINAL, registered.signing_key, registered.gateway, clock)
        platform = _LosingPlatform(
            PlatformSettings(address=life.address, registration=registered.gateway_file), self.sealer, clock
        )
        platform.chance = random.Random(life.seed + 1)
        self.queue = _ToldQueue(self.store, storage, clock)
        self.queue.removed = threading.Event()
        self.delivery = Delivery(self.queue, platform, RecordedAudit(), clock, chance.random, storage.delivery)
        self.outbox = SealedOutbox(self.queue, self.sealer, self.delivery)
        self.issuer = DurableReceiptIssuer(self.store, TERMINAL, registered.signing_key, "https://hall.example/v")
        self.clock, self.chance = clock, chance

    def accept(self) -> None:
        now = self.clock.now()
        issued = self.issuer.issue(ReceiptKind.ELIGIBILITY, now)
        if not isinstance(issued, IssuedReceipt):
            return
        crop = self.chance.randbytes(CROP_BYTES) if self.chance.random() < LARGE else None
        case = replace(eligibility_case(crop=crop, at=now), receipt=issued.number)
        if isinstance(self.outbox.put(case), Queued):
            tell(put=[case.key, self.sealer.last.digest, issued.number.value])

    def serve(self) -> None:
        """Until the power is cut."""
        threading.Thread(target=self._deliver, daemon=True).start()
        while True:
            self.queue.removed.clear()
            if self.outbox.waiting() < BACKLOG:
                self.accept()
            else:
                self.queue.removed.wait(1)

    def drain(self) -> None:
        while self.outbox.waiting():
            self.delivery.run_due()
        self.outbox.close()
        self.store.close()
        tell(drained=True)

    def _deliver(self) -> None:
        while True:
            self.delivery.run_due()


def _held(connection: apsw.Connection) -> dict[str, str]:
    rows = connection.execute("SELECT key, data FROM record JOIN envelope USING (id)")
    return {key: hashlib.sha256(data).hexdigest() for key, data in rows}


def _live(words: Told) -> None:
    life = Life(**words)
    if life.careless:
        Store.write = Store.note  # type: ignore[method-assign]
    terminal = _Terminal(life)
    held = terminal.store.read(_held)
    assert not isinstance(held, StorageTrouble), held
    tell(held=held)
    if life.drains:
        terminal.drain()
    else:
        terminal.serve()


if __name__ == "__main__":
    run_lives(_live)
