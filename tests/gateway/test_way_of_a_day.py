"""A terminal's day over HTTP, with nothing replaced: a good line, a bad one, and a hall that lost something."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from gateway.database import open_database
from gateway.day_summaries import reconciled_day
from gateway.reconciliation import Discrepancy, Named, Reconciled
from gateway.settings import GatewaySettings
from gateway.tables import DeskRecord
from kiosk.domain.china_time import CHINA
from kiosk.domain.receipt_number import ReceiptKind
from kiosk.platform.client import HttpHallPlatform
from kiosk.platform.settings import PlatformSettings
from kiosk.ports.outbox import Queued
from kiosk.ports.print_journal import JournalEntry, PrintStage
from kiosk.ports.printer import Printed
from kiosk.ports.receipt_issuer import IssuedReceipt
from kiosk.wire.record import REFERRAL_KIND
from offline_cache.day_close import DayClose
from offline_cache.delivery import Delivery
from offline_cache.outbox import SealedOutbox
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.queue import RecordQueue
from offline_cache.receipts import DurableReceiptIssuer
from offline_cache.settings import DeliverySettings, StorageSettings
from offline_cache.store import Store
from tests.records import (
    START,
    TERMINAL,
    RecordedAudit,
    Registered,
    SetClock,
    desk_referral,
    eligibility_case,
    proof,
    rating,
    receipt,
    voided_number,
)

DAY = START.date()
MORNING = datetime(2026, 11, 21, 9, tzinfo=CHINA)


@dataclass
class Terminal:
    store: Store
    delivery: Delivery
    outbox: SealedOutbox
    day_close: DayClose
    issuer: DurableReceiptIssuer

    def serve(self) -> None:
        """Three people: a case that is rated, a proof, and a slip whose paper is void. All papers are printed."""
        journal = DurablePrintJournal(self.store)
        for counter in (1, 2, 3):
            assert isinstance(self.issuer.issue(ReceiptKind.ELIGIBILITY, START.astimezone(CHINA)), IssuedReceipt)
            job = receipt(counter).value
            journal.reserve(JournalEntry(job, "0" * 64, 100, 1, START))
            journal.advance(job, PrintStage.PRECHECKED)
            journal.close(job, Printed(100))
        for record in (
            eligibility_case("due", 1, offline=True),
            rating(1),
            proof(counter=2),
            desk_referral(counter=3),
            voided_number(3),
        ):
            assert isinstance(self.outbox.put(record), Queued)

    def deliver(self, clock: SetClock) -> None:
        while self.outbox.waiting():
            clock.forward(700)
            self.delivery.run_due()


@pytest.fixture
def terminal(address: str, registered: Registered, clock: SetClock) -> Iterator[Terminal]:
    storage = StorageSettings(
        path=registered.folder / "terminal.db", delivery=DeliverySettings(first_delay_s=0, start_window_s=0)
    )
    store, audit, sealer = Store(storage.path, storage.max_bytes), RecordedAudit(), registered.sealer(clock)
    platform = HttpHallPlatform(PlatformSettings(address=address, registration=registered.gateway_file), sealer, clock)
    queue = RecordQueue(store, storage, clock)
    delivery = Delivery(queue, platform, audit, clock, lambda: 0.5, storage.delivery)
    outbox = SealedOutbox(queue, sealer, delivery)
    issuer = DurableReceiptIssuer(store, TERMINAL, registered.signing_key, "HTTPS://A.EXAMPLE/")
    yield Terminal(store, delivery, outbox, DayClose(store, outbox, audit, clock, lambda: 0.5), issuer)
    store.close()


def _reconciled(settings: GatewaySettings, day: date = DAY) -> Reconciled:
    engine = open_database(settings.database)
    with Session(engine) as session:
        found = reconciled_day(session, TERMINAL, day)
    engine.dispose()
    assert found is not None
    return found


def _until(clock: SetClock, moment: datetime) -> None:
    clock.forward((moment - clock.now()).total_seconds())


def test_a_day_that_was_delivered_is_equal(terminal: Terminal, settings: GatewaySettings, clock: SetClock) -> None:
    terminal.serve()
    terminal.deliver(clock)
    _until(clock, MORNING)
    terminal.day_close.run_due()
    terminal.deliver(clock)
    found = _reconciled(settings)
    assert found.named == ()
    assert found.there == found.here
    assert (found.issued, found.sent, found.printed) == (3, 5, 3)
    assert (found.here.accepted, found.here.decided, found.here.rated, found.here.voided) == (3, 1, 1, 1)


def test_a_day_that_waited_is_equal_once_it_arrives(
    terminal: Terminal, settings: GatewaySettings, clock: SetClock
) -> None:
    terminal.serve()
    _until(clock, MORNING)
    terminal.day_close.run_due()
    terminal.deliver(clock)
    found = _reconciled(settings)
    assert found.named == ()
    assert (found.sent, found.here.accepted) == (0, 3)


def test_what_the_hall_lost_is_named(terminal: Terminal, settings: GatewaySettings, clock: SetClock) -> None:
    terminal.serve()
    terminal.deliver(clock)
    _until(clock, MORNING + timedelta(days=5))
    terminal.day_close.run_due()
    terminal.deliver(clock)
    engine = open_database(settings.database)
    with Session(engine) as session, session.begin():
        session.execute(delete(DeskRecord))
    engine.dispose()
    found = _reconciled(settings)
    assert found.named == (Named(receipt(3).value, Discrepancy.MISSING_HERE, REFERRAL_KIND),)
    assert not found.equal
