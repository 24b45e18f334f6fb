"""What the self-check says of the outbox: how much waits, since when, and what a technician does about it."""

from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.app.checks import check_outbox
from kiosk.ports.outbox import Queued
from kiosk.ports.platform import PlatformRefused
from offline_cache.settings import DeliverySettings
from tests.offline_cache.parts import Parts, build
from tests.records import PHOTO, eligibility_case, rating, register


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return build(register(tmp_path), max_bytes=1024 * 1024, max_records=20)


def test_a_terminal_that_never_ran_has_nothing_to_deliver(parts: Parts) -> None:
    check = check_outbox(parts.storage, parts.clock.now())
    assert (check.good, check.detail) == (True, "nothing waits for delivery")
    assert not parts.storage.path.exists()


def test_an_outage_is_told_with_its_cause_and_since_when(parts: Parts) -> None:
    parts.outbox.put(eligibility_case())
    parts.platform.cut_off()
    for _ in range(12):
        parts.delivery.run_due()
        parts.clock.forward(600)
    check = check_outbox(parts.storage, parts.clock.now())
    assert check.good
    assert check.detail == "1 records wait for delivery, 0 were refused; the hall was silent (no-link) for 120 minutes"
    parts.platform.back()
    parts.delivery.run_due()
    parts.delivery.run_due()
    check = check_outbox(parts.storage, parts.clock.now())
    assert check.detail == "0 records wait for delivery, 0 were refused"
    parts.close()


def test_dead_letters_have_a_way_out(parts: Parts) -> None:
    parts.platform.answer = lambda _: PlatformRefused("key-reused")
    parts.outbox.put(rating())
    parts.delivery.run_due()
    check = check_outbox(parts.storage, parts.clock.now())
    assert not check.good
    assert "kiosk queue retry" in check.remedy
    parts.close()


def test_a_limit_of_the_offline_path_is_named(parts: Parts) -> None:
    parts.outbox.put(eligibility_case(offline=True))
    parts.clock.forward(timedelta(days=7, seconds=1).total_seconds())
    check = check_outbox(parts.storage, parts.clock.now())
    assert not check.good
    assert check.remedy.startswith("oldest-record-too-old")
    assert "kiosk queue list" in check.remedy, "the line need not be at fault"
    parts.close()


def test_a_full_storage_is_named_beside_the_running_terminal(parts: Parts) -> None:
    counter = 1
    while isinstance(parts.outbox.put(eligibility_case(counter=counter, crop=PHOTO * 60)), Queued):
        counter += 1
    check = check_outbox(parts.storage, parts.clock.now())
    assert not check.good
    assert check.remedy.startswith("storage-full")
    parts.close()


def test_a_file_that_is_no_queue_is_named(tmp_path: Path) -> None:
    (tmp_path / "terminal.db").write_bytes(b"no database" * 1000)
    parts = build(register(tmp_path), delivery=DeliverySettings())
    check = check_outbox(parts.storage, parts.clock.now())
    assert (check.good, check.detail) == (False, "storage-damaged")
    parts.close()
