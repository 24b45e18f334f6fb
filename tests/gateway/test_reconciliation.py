"""A terminal's day and the hall's: equal, or each difference named by its number, exactly."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from gateway.day_summaries import has_numbers_of, reconciled_day, terminals_of
from gateway.hall import Hall
from gateway.reconciliation import Discrepancy, HallDay, HallRecord, Named, reconcile
from kiosk.domain.case import Outcome, VoidedNumber
from kiosk.domain.day_summary import DayPaper, DayRecord, DaySummary, PaperStanding, RecordStanding
from kiosk.wire.messages import RefusalMessage, StoredMessage
from kiosk.wire.record import CASE_KIND, PROOF_KIND, RATING_KIND, REFERRAL_KIND, VOID_KIND
from tests.gateway.conftest import Send
from tests.records import START, TERMINAL, desk_referral, eligibility_case, proof, rating, receipt, voided_number

DAY = START.date()
CLOSED_AT = START + timedelta(hours=14)
MAIN_KINDS = (CASE_KIND, PROOF_KIND, REFERRAL_KIND)


@dataclass
class World:
    """Both sides of one day, equal until a fault is put in; ``expected`` is what each fault must be named."""

    there: list[DayRecord] = field(default_factory=list)
    here: list[HallRecord] = field(default_factory=list)
    papers: dict[str, PaperStanding] = field(default_factory=dict)
    expected: Counter[Named] = field(default_factory=Counter)

    def add(self, counter: int) -> None:
        """A whole number: its record on both sides, rated, on paper; every fifth is void and has a void on both."""
        kind = MAIN_KINDS[counter % 3]
        outcome = Outcome.PASSED if kind == CASE_KIND else None
        self._both(counter, kind, outcome)
        self._both(counter, RATING_KIND, None)
        self.papers[receipt(counter).value] = PaperStanding.PRINTED
        if counter % 5 == 0:
            self._both(counter, VOID_KIND, None)
            self.papers[receipt(counter).value] = PaperStanding.UNKNOWN

    def summary(self) -> DaySummary:
        papers = tuple(DayPaper(receipt(counter), self.papers[receipt(counter).value]) for counter in self._printed())
        return DaySummary("day-1", DAY, CLOSED_AT, 40, tuple(self.there), papers)

    def spoil(self, counter: int, fault: str) -> None:
        number, kind = receipt(counter).value, MAIN_KINDS[counter % 3]
        match fault:
            case "lost":
                self.here.remove(self._here(number, kind))
                self._expect(number, Discrepancy.MISSING_HERE, kind)
            case "rating-lost":
                self.here.remove(HallRecord(number, RATING_KIND))
                self._expect(number, Discrepancy.MISSING_HERE, RATING_KIND)
            case "unknown-there":
                self.there.remove(self._there(number, kind))
                self._expect(number, Discrepancy.MISSING_THERE, kind)
            case "waiting" | "dead":
                self.here.remove(self._here(number, kind))
                standing = RecordStanding(fault)
                old = self._there(number, kind)
                self.there[self.there.index(old)] = replace(old, standing=standing, outcome=None)
                waits = standing is RecordStanding.WAITING
                self._expect(number, Discrepancy.ON_ITS_WAY if waits else Discrepancy.NOT_TAKEN, kind)
            case "no-paper":
                del self.papers[number]
                if counter % 5:
                    self._expect(number, Discrepancy.NO_PAPER)
            case "void-here":
                self.here.append(HallRecord(number, VOID_KIND))
                self._expect(number, Discrepancy.MISSING_THERE, VOID_KIND)
            case "void-there":
                self.there.append(DayRecord(receipt(counter), VOID_KIND, RecordStanding.SENT))
                self._expect(number, Discrepancy.MISSING_HERE, VOID_KIND)
            case "doubt":
                self.papers[number] = PaperStanding.UNKNOWN
                if counter % 5:
                    self._expect(number, Discrepancy.DOUBT_NOT_VOID)
            case "no-record":
                self.here = [row for row in self.here if row.receipt != number]
                self.there = [row for row in self.there if row.receipt.value != number]
                self.papers[number] = PaperStanding.PRINTED
                self._expect(number, Discrepancy.PRINTED_WITHOUT_RECORD)
            case "outcome":
                old_here = self._here(number, kind)
                if kind == CASE_KIND:
                    self.here[self.here.index(old_here)] = replace(old_here, told=Outcome.PENDING)
                    self.expected[Named(number, Discrepancy.OTHER_OUTCOME, kind, Outcome.PASSED, Outcome.PENDING)] += 1

    def _both(self, counter: int, kind: str, outcome: Outcome | None) -> None:
        self.there.append(DayRecord(receipt(counter), kind, RecordStanding.SENT, outcome))
        self.here.append(HallRecord(receipt(counter).value, kind, outcome))

    def _expect(self, number: str, discrepancy: Discrepancy, kind: str = "") -> None:
        self.expected[Named(number, discrepancy, kind)] += 1

    def _here(self, number: str, kind: str) -> HallRecord:
        return next(row for row in self.here if (row.receipt, row.kind) == (number, kind))

    def _there(self, number: str, kind: str) -> DayRecord:
        return next(row for row in self.there if (row.receipt.value, row.kind) == (number, kind))

    def _printed(self) -> list[int]:
        return [counter for counter in range(1, 41) if receipt(counter).value in self.papers]


FAULTS = (
    "lost",
    "rating-lost",
    "unknown-there",
    "waiting",
    "dead",
    "no-paper",
    "void-here",
    "void-there",
    "doubt",
    "no-record",
    "outcome",
)


@given(
    numbers=st.integers(0, 40),
    faults=st.dictionaries(st.integers(1, 40), st.sampled_from(FAULTS), max_size=12),
)
def test_any_set_of_single_faults_is_named_exactly(numbers: int, faults: dict[int, str]) -> None:
    world = World()
    for counter in range(1, numbers + 1):
        world.add(counter)
    assert reconcile(TERMINAL, world.summary(), HallDay(tuple(world.here))).named == ()
    for counter, fault in faults.items():
        if counter <= numbers:
            world.spoil(counter, fault)
    found = reconcile(TERMINAL, world.summary(), HallDay(tuple(world.here)))
    assert Counter(found.named) == world.expected
    assert found.equal == (not any(each.discrepancy.to_be_cleared for each in world.expected))


def test_a_number_of_the_halls_own_may_be_on_a_paper() -> None:
    paper = DayPaper(receipt(7), PaperStanding.PRINTED)
    day = DaySummary("day-1", DAY, CLOSED_AT, 1, (), (paper,))
    assert reconcile(TERMINAL, day, HallDay((), frozenset({receipt(7).value}))).equal
    assert not reconcile(TERMINAL, day, HallDay(())).equal


def test_the_number_in_a_void_ones_place_is_on_a_paper_while_the_void_is_on_its_way() -> None:
    void = DayRecord(receipt(1), VOID_KIND, RecordStanding.WAITING, None, receipt(7))
    day = DaySummary("day-1", DAY, CLOSED_AT, 2, (void,), (DayPaper(receipt(7), PaperStanding.PRINTED),))
    on_its_way = Named(receipt(1).value, Discrepancy.ON_ITS_WAY, VOID_KIND)
    assert reconcile(TERMINAL, day, HallDay(())).named == (on_its_way,)


def test_two_voids_of_one_number_are_two() -> None:
    void = DayRecord(receipt(1), VOID_KIND, RecordStanding.SENT)
    day = DaySummary("day-1", DAY, CLOSED_AT, 1, (void, void), ())
    one = HallRecord(receipt(1).value, VOID_KIND)
    assert reconcile(TERMINAL, day, HallDay((one, one))).named == ()
    assert reconcile(TERMINAL, day, HallDay((one,))).named == (
        Named(receipt(1).value, Discrepancy.MISSING_HERE, VOID_KIND),
    )


def _sent(counter: int, kind: str, outcome: Outcome | None = None) -> DayRecord:
    return DayRecord(receipt(counter), kind, RecordStanding.SENT, outcome)


def _day(key: str = "day-20261120", **other: object) -> DaySummary:
    records = (
        _sent(1, CASE_KIND, Outcome.PASSED),
        _sent(1, RATING_KIND),
        _sent(2, PROOF_KIND),
        _sent(3, REFERRAL_KIND),
        _sent(3, VOID_KIND),
    )
    papers = tuple(DayPaper(receipt(counter), PaperStanding.PRINTED) for counter in (1, 2, 3))
    return replace(DaySummary(key, DAY, CLOSED_AT, 3, records, papers), **other)  # type: ignore[arg-type]


@pytest.fixture
def served(send: Send) -> None:
    for record in (eligibility_case("due", 1), rating(1), proof(counter=2), desk_referral(counter=3), voided_number(3)):
        assert not isinstance(send(record), RefusalMessage)


@pytest.mark.usefixtures("served")
def test_a_day_served_here_is_equal_on_both_sides(hall: Hall, send: Send) -> None:
    assert send(_day()) == StoredMessage(key="day-20261120") == send(_day())
    with Session(hall._engine) as session:
        found = reconciled_day(session, TERMINAL, DAY)
        assert found is not None
        assert found.named == ()
        assert found.there == found.here
        assert (found.issued, found.sent, found.printed) == (3, 5, 3)
        assert (found.here.accepted, found.here.decided, found.here.rated, found.here.voided) == (3, 1, 1, 1)
        assert terminals_of(session, DAY) == (TERMINAL,)
        assert has_numbers_of(session, TERMINAL, DAY)
        assert reconciled_day(session, TERMINAL, DAY + timedelta(days=1)) is None
        assert not has_numbers_of(session, TERMINAL, DAY + timedelta(days=1))


@pytest.mark.usefixtures("served")
def test_what_came_later_is_compared_as_it_is_now(hall: Hall, send: Send) -> None:
    waiting = DayRecord(receipt(4), REFERRAL_KIND, RecordStanding.WAITING)
    paper = DayPaper(receipt(4), PaperStanding.PRINTED)
    day = _day()
    send(replace(day, records=(*day.records, waiting), papers=(*day.papers, paper)))
    with Session(hall._engine) as session:
        found = reconciled_day(session, TERMINAL, DAY)
    assert found is not None
    assert found.named == (Named(receipt(4).value, Discrepancy.ON_ITS_WAY, REFERRAL_KIND),)
    send(desk_referral(counter=4))
    send(VoidedNumber("void-late", receipt(4), "media-jam", CLOSED_AT + timedelta(minutes=1)))
    with Session(hall._engine) as session:
        found = reconciled_day(session, TERMINAL, DAY)
    assert found is not None
    assert found.named == ()


@pytest.mark.usefixtures("served")
def test_the_latest_account_of_a_day_counts(hall: Hall, send: Send) -> None:
    send(_day("day-1", records=()))
    later = CLOSED_AT + timedelta(hours=1)
    send(_day("day-2", made_at=later))
    with Session(hall._engine) as session:
        found = reconciled_day(session, TERMINAL, DAY)
    assert found is not None
    assert found.made_at == later
    assert found.named == ()


def test_a_terminal_accounts_for_its_own_numbers_of_the_one_day(send: Send) -> None:
    strange = DayPaper(receipt(1, "0318"), PaperStanding.PRINTED)
    assert send(_day(papers=(strange,))) == RefusalMessage(reason="receipt-of-other-terminal", final=True)
    other = _day(day=DAY + timedelta(days=1))
    assert send(other) == RefusalMessage(reason="receipt-of-other-day", final=True)
    assert send(_day()) == StoredMessage(key="day-20261120")
    assert send(_day(issued=4)) == RefusalMessage(reason="key-reused", final=True)
