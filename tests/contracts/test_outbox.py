"""The outbox contract (``kiosk.ports.outbox``), with room and at the end of it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.domain.case import (
    DeskReferral,
    EligibilityCase,
    HallDecision,
    HomeVisitRequest,
    Outcome,
    ProofSlip,
    VoidedNumber,
)
from kiosk.ports.outbox import KnownReceipt, OutboxRefused, Queued, Record
from kiosk.ports.platform import DeliveryAnswer, PlatformRefused, PlatformUnavailable, SealedRecord, Stored
from kiosk.wire.record import kind_of
from kiosk.wire.record_messages import MAX_CROP_BYTES
from tests.offline_cache.parts import DECIDED, NO_LINK, Parts, build
from tests.records import (
    PHOTO,
    Registered,
    desk_referral,
    eligibility_case,
    home_visit,
    proof,
    rating,
    receipt,
    register,
    voided_number,
)

SMALL_DISK = 1024 * 1024
_EVERY_KIND: tuple[Record, ...] = (
    eligibility_case(),
    proof(),
    rating(),
    desk_referral(),
    home_visit(),
    voided_number(),
)


@pytest.fixture
def registered(tmp_path: Path) -> Registered:
    return register(tmp_path)


@pytest.fixture(params=["with room", "small disk"])
def parts(request: pytest.FixtureRequest, registered: Registered) -> Iterator[Parts]:
    """The real outbox, once on a disk that ends soon."""
    parts = build(registered, max_bytes=SMALL_DISK) if request.param == "small disk" else build(registered)
    yield parts
    parts.close()


@pytest.fixture
def small(registered: Registered) -> Iterator[Parts]:
    parts = build(registered, max_bytes=SMALL_DISK)
    yield parts
    parts.close()


def _fill(parts: Parts) -> list[str]:
    """Puts records until one is refused; returns the keys of those taken."""
    taken: list[str] = []
    for counter in range(1, 200):
        answer = parts.outbox.put(eligibility_case(counter=counter, key=f"case-{counter}", crop=PHOTO * 40))
        if isinstance(answer, OutboxRefused):
            assert answer == OutboxRefused("storage-full")
            return taken
        taken.append(answer.key)
    raise AssertionError("the disk never ended")


@pytest.mark.parametrize("record", _EVERY_KIND, ids=kind_of)
def test_a_record_put_is_queued_once_however_often_it_is_put(parts: Parts, record: Record) -> None:
    assert parts.outbox.put(record) == Queued(record.key)
    assert parts.outbox.put(record) == Queued(record.key)
    assert parts.outbox.waiting() == 1
    parts.delivery.run_due()
    assert [(sent.key, sent.kind) for sent in parts.platform.sent] == [(record.key, kind_of(record))]


def test_records_survive_a_restart(parts: Parts, registered: Registered) -> None:
    case = eligibility_case()
    parts.outbox.put(case)
    parts.close()
    again = build(registered)
    assert again.outbox.waiting() == 1
    assert again.outbox.deliver(case.key, 5.0) == DECIDED
    again.close()


@pytest.mark.parametrize("acknowledgement", [DECIDED, Stored()])
def test_an_acknowledged_record_is_gone(parts: Parts, acknowledgement: DeliveryAnswer) -> None:
    parts.platform.answer = lambda _: acknowledgement
    case = eligibility_case()
    parts.outbox.put(case)
    assert parts.outbox.deliver(case.key, 5.0) == acknowledgement
    assert parts.outbox.waiting() == 0
    assert isinstance(parts.outbox.deliver(case.key, 5.0), PlatformUnavailable)
    assert len(parts.platform.sent) == 1


def test_a_record_the_platform_did_not_take_stays(parts: Parts) -> None:
    parts.platform.answer = lambda _: NO_LINK
    case = eligibility_case()
    parts.outbox.put(case)
    assert parts.outbox.deliver(case.key, 5.0) == NO_LINK
    assert parts.outbox.waiting() == 1


def test_a_refused_record_waits_no_more(parts: Parts) -> None:
    parts.platform.answer = lambda _: PlatformRefused("key-reused")
    case = eligibility_case()
    parts.outbox.put(case)
    assert parts.outbox.deliver(case.key, 5.0) == PlatformRefused("key-reused")
    assert parts.outbox.waiting() == 0
    assert parts.outbox.put(case) == Queued(case.key), "the same record is still the same record"
    assert parts.outbox.waiting() == 0


def test_a_platform_that_never_answers_does_not_hold_the_citizen(parts: Parts) -> None:
    let_go = threading.Event()

    def answer(_: SealedRecord) -> Stored:
        let_go.wait(30)
        return Stored()

    parts.platform.answer = answer
    record = rating()
    parts.outbox.put(record)
    assert parts.outbox.deliver(record.key, 0.05) == PlatformUnavailable("no-answer-in-time")
    assert parts.outbox.waiting() == 1
    let_go.set()
    parts.outbox.close()
    assert parts.outbox.waiting() == 0, "the answer that came late still counts"


def test_what_was_never_put_cannot_be_delivered(parts: Parts) -> None:
    assert isinstance(parts.outbox.deliver("unheard-of", 5.0), PlatformUnavailable)
    assert parts.platform.sent == []


def test_a_record_beyond_the_bounds_of_the_wire_is_refused(parts: Parts) -> None:
    assert parts.outbox.put(eligibility_case(crop=bytes(300_000))) == OutboxRefused("record-out-of-bounds")
    assert parts.outbox.waiting() == 0


def test_a_full_disk_refuses_and_keeps_all_it_took(small: Parts) -> None:
    taken = _fill(small)
    assert small.outbox.waiting() == len(taken) > 0
    small.delivery.run_due()
    assert [record.key for record in small.platform.sent] == taken
    assert small.outbox.waiting() == 0


def test_what_is_accepted_beforehand_is_taken_however_long(parts: Parts) -> None:
    """So that nobody is photographed for a case that cannot be kept."""
    taken = 0
    while parts.outbox.accepts() is None and taken < 5:
        taken += 1
        longest = eligibility_case(counter=taken, key=f"case-{taken}", crop=bytes(MAX_CROP_BYTES))
        assert parts.outbox.put(longest) == Queued(longest.key)
    assert parts.outbox.waiting() == taken > 0


def test_a_full_disk_accepts_nothing_until_it_has_drained(small: Parts) -> None:
    assert small.outbox.accepts() is None
    _fill(small)
    assert small.outbox.accepts() == OutboxRefused("storage-full")
    small.delivery.run_due()
    assert small.outbox.accepts() is None


def test_a_full_disk_still_has_room_for_what_delivery_notes(registered: Registered) -> None:
    """A dead letter's reason makes its row longer, in pages that are full."""
    parts = build(registered, max_bytes=SMALL_DISK, max_records=10_000)
    taken = 0
    while isinstance(parts.outbox.put(rating(taken + 1, key=f"rating-{taken:05d}")), Queued):
        taken += 1
    parts.platform.answer = lambda _: PlatformRefused("a-reason-as-long-as-a-word-may-be-on-the-wire")
    parts.delivery.run_due()
    assert len(parts.platform.sent) == taken > 100
    assert parts.outbox.waiting() == 0
    parts.close()


def test_a_full_disk_drains_and_takes_records_again(small: Parts) -> None:
    taken = _fill(small)
    assert small.outbox.deliver(taken[0], 5.0) == DECIDED
    assert small.outbox.put(eligibility_case(counter=500, key="after", crop=PHOTO * 40)) == Queued("after")
    assert small.outbox.waiting() == len(taken)


def test_the_offline_path_closes_at_its_limits(registered: Registered) -> None:
    parts = build(registered, max_records=3)
    for counter in range(1, 4):
        assert isinstance(parts.outbox.put(_taken_offline(counter)), Queued)
    assert parts.outbox.put(_taken_offline(4)) == OutboxRefused("too-many-records")
    assert parts.outbox.put(home_visit()) == OutboxRefused("too-many-records")
    assert parts.outbox.accepts() == OutboxRefused("too-many-records")
    assert parts.outbox.put(_taken_offline(3)) == Queued("case-3")
    parts.outbox.deliver("case-1", 5.0)
    parts.clock.forward(timedelta(days=7, seconds=1).total_seconds())
    assert parts.outbox.put(_taken_offline(4)) == OutboxRefused("oldest-record-too-old")
    assert parts.outbox.accepts() == OutboxRefused("oldest-record-too-old")
    parts.delivery.run_due()
    assert parts.outbox.accepts() is None
    assert isinstance(parts.outbox.put(_taken_offline(4)), Queued)
    parts.close()


@pytest.mark.parametrize("record", [eligibility_case(), proof(), rating(), voided_number()], ids=kind_of)
def test_the_limits_bind_only_what_is_taken_in_place_of_the_hall(registered: Registered, record: Record) -> None:
    """A hall that answers gets its cases, however much still waits; a paper in doubt is void in any case."""
    parts = build(registered, max_records=1)
    parts.outbox.put(_taken_offline(7))
    assert parts.outbox.accepts() == OutboxRefused("too-many-records")
    assert parts.outbox.put(record) == Queued(record.key)
    parts.close()


def _taken_offline(counter: int) -> EligibilityCase:
    return eligibility_case(counter=counter, key=f"case-{counter}", offline=True)


@pytest.mark.parametrize("record", _EVERY_KIND, ids=kind_of)
def test_by_a_wrong_clock_nothing_is_signed_but_that_a_number_is_void(registered: Registered, record: Record) -> None:
    """E-28. A paper in doubt must not count until somebody has set a clock."""
    wrong = [True]
    parts = build(registered, clock_wrong=lambda: wrong[0])
    assert parts.outbox.accepts() == OutboxRefused("clock-drift")
    void = isinstance(record, VoidedNumber)
    assert parts.outbox.put(record) == (Queued(record.key) if void else OutboxRefused("clock-drift"))
    parts.delivery.run_due()
    assert [sent.key for sent in parts.platform.sent] == ([record.key] if void else [])
    wrong[0] = False
    assert parts.outbox.accepts() is None
    assert parts.outbox.put(record) == Queued(record.key)
    parts.close()


def test_what_was_signed_by_a_right_clock_leaves_by_a_wrong_one(registered: Registered) -> None:
    wrong = [False]
    parts = build(registered, clock_wrong=lambda: wrong[0])
    parts.outbox.put(eligibility_case(key="one"))
    wrong[0] = True
    assert parts.outbox.deliver("one", 5.0) == DECIDED
    parts.close()


def test_a_number_is_known_from_its_record_to_its_decision_and_as_void(parts: Parts) -> None:
    case = eligibility_case()
    assert parts.outbox.recall(case.receipt) is None
    parts.outbox.put(case)
    kept = parts.outbox.recall(case.receipt)
    assert kept == KnownReceipt(HallDecision(case.receipt, Outcome.PENDING, None, None), parts.clock.now())
    passed = HallDecision(case.receipt, Outcome.PASSED, date(2026, 11, 20), date(2027, 11, 30), date(2026, 12, 1))
    parts.platform.answer = lambda _: passed
    parts.clock.forward(60)
    parts.outbox.deliver(case.key, 5.0)
    assert parts.outbox.recall(case.receipt) == KnownReceipt(passed, parts.clock.now())
    parts.outbox.put(rating())
    new = receipt(8)
    parts.outbox.put(replace(voided_number(), replaced_by=new))
    void = parts.outbox.recall(case.receipt)
    assert void is not None
    assert void.decision == replace(passed, void=True, replaced_by=new)
    stands_for_it = parts.outbox.recall(new)
    assert stands_for_it is not None
    assert stands_for_it.decision == replace(passed, receipt=new)
    assert parts.outbox.recall(receipt(9)) is None


@pytest.mark.parametrize(
    ("record", "outcome"),
    [(proof(), Outcome.CANCELLED), (desk_referral(), Outcome.REFERRED), (home_visit(), Outcome.REFERRED)],
    ids=["proof", "referral", "visit"],
)
def test_a_number_without_a_decision_is_told_as_its_paper_tells_it(
    parts: Parts, record: ProofSlip | DeskReferral | HomeVisitRequest, outcome: Outcome
) -> None:
    parts.outbox.put(record)
    parts.platform.answer = lambda _: Stored()
    parts.delivery.run_due()
    known = parts.outbox.recall(record.receipt)
    assert known is not None
    assert known.decision.outcome is outcome


def test_numbers_are_forgotten_when_their_time_is_over(registered: Registered) -> None:
    parts = build(registered)
    old, young, waiting = (eligibility_case(slug, n, key=slug) for n, slug in enumerate(("due", "due-2", "due-4"), 1))
    parts.platform.answer = lambda record: NO_LINK if record.key == waiting.key else Stored()
    for record in (old, waiting):
        parts.outbox.put(record)
    parts.delivery.run_due()
    parts.clock.forward(timedelta(days=parts.storage.receipt_days - 1).total_seconds())
    parts.outbox.put(young)
    parts.delivery.run_due()
    assert parts.outbox.recall(old.receipt) is not None
    parts.clock.forward(timedelta(days=2).total_seconds())
    parts.outbox.put(rating(20, key="another"))
    parts.delivery.run_due()
    assert parts.outbox.recall(old.receipt) is None
    assert parts.outbox.recall(young.receipt) is not None
    assert parts.outbox.recall(waiting.receipt) is not None, "what still waits is still answered for"
    parts.close()


def test_broken_storage_refuses(registered: Registered) -> None:
    (registered.folder / "broken.db").write_bytes(b"no database" * 1000)
    parts = build(registered, path=registered.folder / "broken.db")
    assert parts.outbox.put(rating()) == OutboxRefused("storage-damaged")
    assert parts.outbox.accepts() == OutboxRefused("storage-damaged")
    assert parts.outbox.waiting() == 0
    assert parts.outbox.deliver("any", 5.0) == PlatformUnavailable("storage-damaged")
    parts.close()
