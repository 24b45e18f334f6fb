"""When records leave, in which order, and what becomes of them."""

import threading
from collections.abc import Iterator

import pytest

from kiosk.domain.audit_event import EventName
from kiosk.ports.device_status import CLOCK_DRIFT, Unavailable
from kiosk.ports.outbox import Queued
from kiosk.ports.platform import DeliveryAnswer, PlatformRefused, PlatformUnavailable, SealedRecord, Stored
from offline_cache.dead_letters import put_back
from offline_cache.outage import pause_s
from offline_cache.queue import EntryState, LimitReached, QueueEntry, entries
from offline_cache.rounds import RoundThread
from offline_cache.settings import DeliverySettings
from tests.offline_cache.parts import DECIDED, NO_LINK, FakePlatform, Parts, build
from tests.records import PHOTO, Registered, SetClock, eligibility_case, rating

BIG = PHOTO * 60
DAY_S = 86_400.0


def _entry(parts: Parts, key: str) -> QueueEntry:
    found = entries(parts.storage.path, parts.clock.now())
    assert isinstance(found, tuple)
    return next(entry for entry in found if entry.key == key)


def test_small_records_go_first_and_each_kind_in_its_order(parts: Parts) -> None:
    for key, slug, crop in (
        ("photo-1", "due", BIG),
        ("small-1", "due-2", None),
        ("photo-2", "due-3", BIG),
        ("small-2", "due-4", None),
    ):
        parts.outbox.put(eligibility_case(slug, key=key, crop=crop))
    parts.delivery.run_due()
    assert [record.key for record in parts.platform.sent] == ["small-1", "small-2", "photo-1", "photo-2"]
    assert parts.outbox.waiting() == 0


def test_every_try_sends_the_same_bytes(parts: Parts) -> None:
    parts.platform.answer = lambda _: NO_LINK
    parts.outbox.put(eligibility_case(key="one"))
    for _ in range(3):
        parts.delivery.run_due()
        parts.clock.forward(3600)
    assert len(parts.platform.sent) == 3
    assert len({record.envelope for record in parts.platform.sent}) == 1


def test_pauses_double_up_to_the_cap(parts: Parts) -> None:
    parts.platform.answer = lambda _: PlatformUnavailable("server-error")
    parts.outbox.put(eligibility_case(key="one"))
    pauses = []
    for _ in range(10):
        parts.delivery.run_due()
        next_at = _entry(parts, "one").next_at
        assert next_at is not None
        pauses.append((next_at - parts.clock.now()).total_seconds())
        parts.clock.forward(pauses[-1] - 0.001)
        parts.delivery.run_due()
        parts.clock.forward(0.002)
    assert pauses[:4] == pytest.approx([2.5, 5, 10, 20])
    assert pauses[-1] == 300
    assert len(parts.platform.sent) == 10


@pytest.mark.parametrize("jitter", [0.0, 0.3, 1.0])
def test_jitter_is_full_and_never_lengthens_a_pause(jitter: float) -> None:
    assert pause_s(1, 5, 600, jitter) == 5 * jitter
    assert pause_s(500, 5, 600, jitter) == 600 * jitter


def test_one_troubled_record_does_not_hold_up_the_others(parts: Parts) -> None:
    def answer(record: SealedRecord) -> PlatformUnavailable | Stored:
        return PlatformUnavailable("server-error") if record.key == "bad" else Stored()

    parts.platform.answer = answer
    for key, slug in (("bad", "due"), ("good-1", "due-2"), ("good-2", "due-3")):
        parts.outbox.put(eligibility_case(slug, key=key))
    parts.delivery.run_due()
    assert parts.outbox.waiting() == 1
    assert _entry(parts, "bad").attempts == 1


def test_after_an_outage_the_first_record_waits_within_the_window(registered: Registered) -> None:
    parts = build(registered, delivery=DeliverySettings(first_delay_s=0, start_window_s=600, backoff_s=5))
    for key, slug in (("one", "due"), ("two", "due-2")):
        parts.outbox.put(eligibility_case(slug, key=key))
    parts.delivery.run_due()
    assert parts.platform.sent == []
    parts.clock.forward(300)

    parts.platform.cut_off()
    parts.delivery.run_due()
    assert len(parts.platform.sent) == 1, "an outage shows at the first record; the second is not even tried"

    parts.platform.back()
    parts.delivery.run_due()
    assert parts.platform.probes == 1, "the next probe waits too"
    parts.clock.forward(5)
    parts.delivery.run_due()
    parts.clock.forward(299)
    parts.delivery.run_due()
    assert len(parts.platform.sent) == 1
    parts.clock.forward(2)
    parts.delivery.run_due()
    assert parts.outbox.waiting() == 0
    parts.close()


def test_probes_slow_down_while_the_outage_lasts(parts: Parts) -> None:
    parts.outbox.put(eligibility_case())
    parts.platform.cut_off()
    for _ in range(3600):
        parts.delivery.run_due()
        parts.clock.forward(1)
    assert len(parts.platform.sent) == 1
    assert parts.platform.probes < 20


def test_a_wrong_clock_keeps_nothing_from_being_delivered(parts: Parts) -> None:
    parts.outbox.put(eligibility_case())
    parts.platform.cut_off()
    parts.delivery.run_due()
    parts.platform.back()
    parts.platform.device = Unavailable(CLOCK_DRIFT, "set the clock")
    parts.clock.forward(3600)
    parts.delivery.run_due()
    assert parts.outbox.waiting() == 0


@pytest.mark.parametrize("spoiling", ["substr(data, 1, length(data) - 1)", "zeroblob(length(data))", "x''"])
def test_what_the_disk_has_spoiled_is_sent_to_nobody_and_holds_nobody_up(parts: Parts, spoiling: str) -> None:
    """No gateway could open it; a person must look at the disk."""
    parts.outbox.put(eligibility_case(key="spoiled"))
    parts.store.write(lambda connection: connection.execute(f"UPDATE envelope SET data = {spoiling}").fetchall())
    parts.outbox.put(rating(key="after-it"))
    parts.delivery.run_due()
    assert [record.key for record in parts.platform.sent] == ["after-it"]
    assert _entry(parts, "spoiled").reason == "spoiled-on-disk"


def test_a_refused_record_becomes_a_dead_letter(parts: Parts) -> None:
    parts.platform.answer = lambda _: PlatformRefused("key-reused")
    parts.outbox.put(eligibility_case(key="one"))
    for _ in range(3):
        parts.delivery.run_due()
        parts.clock.forward(3600)
    assert len(parts.platform.sent) == 1
    assert parts.outbox.waiting() == 0
    entry = _entry(parts, "one")
    assert (entry.state, entry.reason, entry.next_at) == (EntryState.DEAD, "key-reused", None)


@pytest.mark.parametrize("reason", ["revoked", "unknown-terminal", "other-gateway"])
def test_what_was_sealed_with_keys_of_before_closes_the_offline_path_not_for_ever(parts: Parts, reason: str) -> None:
    """The terminal was set up anew, or the gateway's key destroyed; the terminal of today is in service."""
    refused = PlatformUnavailable(reason)
    parts.platform.answer = lambda record: refused if record.key == "old" else DECIDED
    parts.outbox.put(eligibility_case(key="old", offline=True))
    for _ in range(9):
        parts.delivery.run_due()
        parts.clock.forward(DAY_S)
    assert _entry(parts, "old").state is EntryState.WAITING
    assert parts.queue.obstacle() is LimitReached.AGE
    parts.delivery.run_due()
    assert (_entry(parts, "old").state, _entry(parts, "old").reason) == (EntryState.DEAD, reason)
    assert parts.queue.obstacle() is None
    assert parts.outbox.put(eligibility_case("due-2", 2, key="new", offline=True)) == Queued("new")
    told = [(event.outcome, event.reason) for event in parts.audit.events]
    assert told == [("unavailable", reason)] * 10 + [("refused", reason)]
    assert put_back(parts.storage.path, "old", parts.clock.now()) is None
    parts.platform.answer = lambda _: DECIDED
    parts.delivery.run_due()
    assert parts.outbox.waiting() == 0


@pytest.mark.parametrize("of_the_terminal", ["revoked", CLOCK_DRIFT])
def test_while_the_terminal_itself_is_not_in_service_its_records_wait(parts: Parts, of_the_terminal: str) -> None:
    parts.platform.answer = lambda _: PlatformUnavailable("revoked")
    parts.platform.device = Unavailable(of_the_terminal, "ask the hall")
    parts.outbox.put(eligibility_case(key="one"))
    for _ in range(30):
        parts.delivery.run_due()
        parts.clock.forward(3600)
    assert _entry(parts, "one").state is EntryState.WAITING


def test_a_record_is_tried_by_one_at_a_time_and_a_lost_try_is_made_good(parts: Parts) -> None:
    parts.outbox.put(eligibility_case(key="one"))
    assert parts.queue.lease("one") is not None
    assert parts.queue.lease("one") is None
    assert _entry(parts, "one").state is EntryState.SENDING
    parts.delivery.run_due()
    assert parts.platform.sent == []
    parts.clock.forward(61)
    parts.delivery.run_due()
    assert parts.outbox.waiting() == 0


def test_a_clock_set_back_does_not_stop_delivery(registered: Registered) -> None:
    parts = build(registered)
    parts.platform.answer = lambda _: NO_LINK
    parts.outbox.put(eligibility_case(key="one"))
    parts.delivery.run_due()
    parts.close()
    earlier = SetClock(parts.clock.now().replace(year=2025))
    again = build(registered, clock=earlier)
    again.delivery.run_due()
    assert again.outbox.waiting() == 0
    again.close()


def test_a_new_record_is_left_to_its_session_at_first(registered: Registered) -> None:
    parts = build(registered, delivery=DeliverySettings(first_delay_s=15, start_window_s=0))
    parts.outbox.put(eligibility_case())
    parts.delivery.run_due()
    assert parts.platform.sent == []
    parts.clock.forward(15)
    parts.delivery.run_due()
    assert len(parts.platform.sent) == 1
    parts.close()


def test_every_try_is_told_to_the_audit_without_a_person(parts: Parts) -> None:
    answers: Iterator[DeliveryAnswer] = iter([NO_LINK, PlatformRefused("key-reused"), Stored()])
    parts.platform.answer = lambda _: next(answers)
    for record in (eligibility_case(key="one"), eligibility_case("due-2", 2, key="two"), rating(3, key="three")):
        parts.outbox.put(record)
    parts.delivery.run_due()
    told = [(event.name, event.outcome, event.reason) for event in parts.audit.events]
    assert told == [
        (EventName.DELIVERY_FINISHED, "unavailable", "no-link"),
        (EventName.DELIVERY_FINISHED, "refused", "key-reused"),
        (EventName.DELIVERY_FINISHED, "stored", None),
    ]


def test_the_pump_runs_by_itself_and_stops_when_told(registered: Registered) -> None:
    arrived = threading.Event()

    def answer(_: SealedRecord) -> Stored:
        arrived.set()
        return Stored()

    parts = build(registered, platform=FakePlatform(answer))
    pump = RoundThread("delivery", 0.01, parts.delivery.run_due)
    pump.start()
    parts.outbox.put(rating())
    assert arrived.wait(30)
    pump.close()
    assert not any(thread.name == "delivery" for thread in threading.enumerate())
    assert parts.outbox.waiting() == 0
    parts.close()
