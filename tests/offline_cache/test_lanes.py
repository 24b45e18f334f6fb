"""Whatever goes first, one citizen's records arrive in the order in which they were made."""

from collections.abc import Iterable

import pytest

from kiosk.domain.case import DeskReason, DeskReferral
from kiosk.ports.outbox import Record
from kiosk.ports.platform import DeliveryAnswer, PlatformRefused, PlatformUnavailable, SealedRecord, Stored
from offline_cache.filing import LANES, Filing, filing_of, lane_of
from tests.offline_cache.parts import DECIDED, NO_LINK, Parts, build
from tests.records import (
    PHOTO,
    START,
    Registered,
    desk_referral,
    eligibility_case,
    home_visit,
    person,
    proof,
    rating,
    receipt,
    voided_number,
)

BIG = PHOTO * 60


def _put(parts: Parts, records: Iterable[Record]) -> None:
    for record in records:
        parts.outbox.put(record)


def _order(parts: Parts) -> list[str]:
    parts.delivery.run_due()
    return [record.key for record in parts.platform.sent]


def _lane(parts: Parts, key: str) -> object:
    return parts.store.read(lambda connection: connection.execute("SELECT lane FROM record WHERE key = ?", (key,)).get)


def test_the_urgent_go_first_the_small_next_and_pictures_last(parts: Parts) -> None:
    _put(
        parts,
        (
            eligibility_case("due", 1, key="picture", crop=BIG),
            eligibility_case("due-2", 2, key="small"),
            rating(3, key="rating"),
            voided_number(5, key="void"),
        ),
    )
    assert _order(parts) == ["void", "small", "rating", "picture"]


def test_nothing_of_one_citizen_overtakes(parts: Parts) -> None:
    """The rating goes with the case, whose picture goes last; other people's small records go before both."""
    _put(
        parts,
        (
            eligibility_case("due", 1, key="first", crop=BIG),
            rating(1, key="first-rating"),
            eligibility_case("due", 2, key="second"),
            eligibility_case("due-2", 3, key="other"),
        ),
    )
    assert _order(parts) == ["other", "first", "first-rating", "second"]


def test_a_void_takes_along_what_it_is_behind(parts: Parts) -> None:
    """A number cannot be void at the hall before it is known there, and it must be void soon."""
    _put(
        parts,
        (
            eligibility_case("due-2", 1, key="other"),
            eligibility_case("due", 2, key="picture", crop=BIG),
            voided_number(2, key="void"),
        ),
    )
    assert _order(parts) == ["picture", "void", "other"]


@pytest.mark.parametrize(
    "record",
    [
        eligibility_case("due", 9, key="later"),
        proof("due", 9, key="later"),
        home_visit("due", 9, key="later"),
        DeskReferral("later", receipt(9), DeskReason.NOT_LISTED, person("due").number, None, START),
        rating(1, key="later"),
        voided_number(1, key="later"),
    ],
    ids=lambda record: type(record).__name__,
)
def test_every_kind_of_record_stays_behind_the_citizen_s_case(parts: Parts, record: Record) -> None:
    _put(parts, (eligibility_case("due", 1, key="case"), record))
    assert _lane(parts, "later") == _lane(parts, "case")
    parts.platform.answer = lambda _: PlatformUnavailable("server-error")
    assert _order(parts) == ["case"]
    assert parts.queue.lease("later") is None
    assert parts.outbox.deliver("later", 5.0) == PlatformUnavailable("behind-another")
    parts.platform.answer = lambda _: DECIDED
    parts.clock.forward(3600)
    assert _order(parts)[-2:] == ["case", "later"]


def test_a_citizen_who_waits_has_what_is_before_sent_too(parts: Parts) -> None:
    _put(
        parts,
        (
            eligibility_case("due", 1, key="morning", crop=BIG),
            eligibility_case("due-2", 2, key="other"),
            eligibility_case("due", 3, key="now"),
        ),
    )
    assert parts.outbox.deliver("now", 5.0) == DECIDED
    assert [record.key for record in parts.platform.sent] == ["morning", "now"]


def test_a_dead_letter_holds_up_nobody_and_takes_its_place_again_when_put_back(parts: Parts) -> None:
    def answer(record: SealedRecord) -> DeliveryAnswer:
        return PlatformRefused("key-reused") if record.key == "dead" else NO_LINK

    parts.platform.answer = answer
    _put(parts, (eligibility_case("due", 1, key="dead"), eligibility_case("due", 2, key="next")))
    assert _order(parts) == ["dead", "next"]
    parts.store.write(
        lambda connection: connection.execute("UPDATE record SET dead_reason = NULL WHERE key = 'dead'").get
    )
    assert parts.queue.before("next") == "dead"


def test_a_record_that_only_ever_fails_holds_up_its_lane_for_a_while_and_not_for_ever(parts: Parts) -> None:
    parts.platform.answer = lambda record: PlatformUnavailable("server-error") if record.key == "bad" else Stored()
    _put(parts, (eligibility_case("due", 1, key="bad"), eligibility_case("due", 2, key="good")))
    for _ in range(9):
        assert "good" not in _order(parts)
        parts.clock.forward(3600)
    parts.delivery.run_due()
    assert "good" in [record.key for record in parts.platform.sent]
    assert parts.outbox.waiting() == 1, "nothing is given up: it is still tried"


def test_an_outage_is_nobody_s_fault(parts: Parts) -> None:
    _put(parts, (eligibility_case("due", 1, key="first"), eligibility_case("due", 2, key="second")))
    for _ in range(30):
        parts.platform.cut_off()
        parts.delivery.run_due()
        parts.platform.back()
        parts.platform.answer = lambda _: NO_LINK
        parts.clock.forward(3600)
    assert parts.queue.before("second") == "first"


def test_lanes_tell_little_of_whom_they_are() -> None:
    """Some thirty of a thousand people share one."""
    lanes = [lane_of(Filing("key", "kind", None, f"1101051949123{tail:05d}"), bytes(32)) for tail in range(10_000)]
    sizes = [lanes.count(lane) for lane in range(LANES)]
    assert min(sizes) > 200
    assert set(lanes) == set(range(LANES))


def test_the_lanes_of_one_outage_are_not_those_of_another(registered: Registered) -> None:
    parts = build(registered)
    drawn: list[bytes] = []

    def draw(size: int) -> bytes:
        drawn.append(bytes([len(drawn)]) * size)
        return drawn[-1]

    parts.queue._draw = draw
    for counter in range(1, 4):
        _put(parts, (eligibility_case("due", 2 * counter, key=f"{counter}-a"),))
        _put(parts, (eligibility_case("due", 2 * counter + 1, key=f"{counter}-b"),))
        assert _lane(parts, f"{counter}-a") == _lane(parts, f"{counter}-b")
        parts.delivery.run_due()
    assert len(drawn) == 3
    parts.close()


@pytest.mark.parametrize(
    "record", [eligibility_case(), proof(), home_visit(), desk_referral()], ids=lambda record: type(record).__name__
)
def test_no_citizen_number_is_in_the_file_or_in_words(parts: Parts, record: Record) -> None:
    filing = filing_of(record)
    assert filing.person is not None
    assert filing.person not in repr(filing)
    parts.outbox.put(record)
    files = b"".join(path.read_bytes() for path in parts.registered.folder.glob("terminal.db*"))
    assert record.key.encode() in files
    assert filing.person.encode() not in files
