"""A terminal's day against the hall's own records: equal, or every difference named by its number. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TypeVar

from kiosk.domain.case import Outcome
from kiosk.domain.day_summary import DayRecord, DaySummary, PaperStanding, RecordStanding
from kiosk.wire.record import CASE_KIND, RATING_KIND, VOID_KIND

Row = TypeVar("Row", DayRecord, "HallRecord")
Key = tuple[str, str]
"""Receipt number and kind of record."""


class Discrepancy(Enum):
    """What stands against a number. MISSING_HERE: the terminal was told that the hall has it. NOT_TAKEN: a dead letter.
    DOUBT_NOT_VOID: a paper in doubt whose number still counts."""

    MISSING_HERE = "missing-here"
    MISSING_THERE = "missing-there"
    OTHER_OUTCOME = "other-outcome"
    NOT_TAKEN = "not-taken"
    PRINTED_WITHOUT_RECORD = "printed-without-record"
    DOUBT_NOT_VOID = "doubt-not-void"
    ON_ITS_WAY = "on-its-way"
    NO_PAPER = "no-paper"

    @property
    def to_be_cleared(self) -> bool:
        """False for what ends by itself, or is as it should be where a printer was empty."""
        return self not in (Discrepancy.ON_ITS_WAY, Discrepancy.NO_PAPER)


@dataclass(frozen=True, slots=True)
class Named:
    """One difference. ``kind`` is the record's, "" where it is about the paper; ``there`` and ``here`` are the outcomes
    that differ."""

    receipt: str
    discrepancy: Discrepancy
    kind: str = ""
    there: Outcome | None = None
    here: Outcome | None = None


@dataclass(frozen=True, slots=True)
class HallRecord:
    """A record the hall has under a number of the day; ``told`` is the outcome the terminal was answered."""

    receipt: str
    kind: str
    told: Outcome | None = None


@dataclass(frozen=True, slots=True)
class HallDay:
    """``own_numbers`` are further numbers that may be on a paper: certificates, and those in a void number's place."""

    records: tuple[HallRecord, ...]
    own_numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tally:
    """Records of one side, ratings and voids apart; ``decided`` are those with an outcome."""

    accepted: int
    decided: int
    rated: int
    voided: int


@dataclass(frozen=True, slots=True)
class Reconciled:
    terminal: str
    day: date
    made_at: datetime
    issued: int
    sent: int
    printed: int
    there: Tally
    here: Tally
    named: tuple[Named, ...]

    @property
    def equal(self) -> bool:
        return not any(each.discrepancy.to_be_cleared for each in self.named)


def reconcile(terminal: str, summary: DaySummary, hall: HallDay) -> Reconciled:
    """Whatever is not equal on both sides is named once, in the order of the numbers."""
    named = (*_records_named(summary, hall), *_outcomes_named(summary, hall), *_papers_named(summary, hall))
    there = [(row.kind, row.outcome) for row in summary.records]
    return Reconciled(
        terminal=terminal,
        day=summary.day,
        made_at=summary.made_at,
        issued=summary.issued,
        sent=sum(row.standing is RecordStanding.SENT for row in summary.records),
        printed=sum(row.standing is PaperStanding.PRINTED for row in summary.papers),
        there=_tally(there),
        here=_tally([(row.kind, row.told) for row in hall.records]),
        named=tuple(sorted(named, key=lambda each: (each.receipt, each.discrepancy.value, each.kind))),
    )


def _records_named(summary: DaySummary, hall: HallDay) -> Iterator[Named]:
    """Two voids of one number are told apart by their count alone."""
    there = _grouped(summary.records, lambda row: (row.receipt.value, row.kind))
    here = _grouped(hall.records, lambda row: (row.receipt, row.kind))
    for key in there.keys() | here.keys():
        left = len(here.get(key, ()))
        for standing, discrepancy in _WHERE.items():
            claimed = sum(row.standing is standing for row in there.get(key, ()))
            yield from _times(max(0, claimed - left), key, discrepancy)
            left = max(0, left - claimed)
        yield from _times(left, key, Discrepancy.MISSING_THERE)


_WHERE = {
    RecordStanding.SENT: Discrepancy.MISSING_HERE,
    RecordStanding.WAITING: Discrepancy.ON_ITS_WAY,
    RecordStanding.DEAD: Discrepancy.NOT_TAKEN,
}


def _outcomes_named(summary: DaySummary, hall: HallDay) -> Iterator[Named]:
    told = {row.receipt: row.told for row in hall.records if row.kind == CASE_KIND}
    for row in summary.records:
        here = told.get(row.receipt.value)
        if row.kind == CASE_KIND and None not in (row.outcome, here) and row.outcome is not here:
            yield Named(row.receipt.value, Discrepancy.OTHER_OUTCOME, row.kind, row.outcome, here)


def _papers_named(summary: DaySummary, hall: HallDay) -> Iterator[Named]:
    papers = {row.receipt.value: row.standing for row in summary.papers}
    keys = [
        *((row.receipt.value, row.kind) for row in summary.records),
        *((row.receipt, row.kind) for row in hall.records),
    ]
    void = {number for number, kind in keys if kind == VOID_KIND}
    recorded = {number for number, kind in keys if kind not in (VOID_KIND, RATING_KIND)}
    may_be_on_paper = {row.replaced_by.value for row in summary.records if row.replaced_by is not None}
    may_be_on_paper |= recorded | hall.own_numbers
    for number in (papers.keys() | _accepted(summary.records)) - void:
        standing = papers.get(number)
        if standing in (PaperStanding.UNKNOWN, PaperStanding.OPEN):
            yield Named(number, Discrepancy.DOUBT_NOT_VOID)
        if standing in (None, PaperStanding.NOT_PRINTED):
            yield from (Named(number, Discrepancy.NO_PAPER) for _ in recorded & {number})
        elif number not in may_be_on_paper:
            yield Named(number, Discrepancy.PRINTED_WITHOUT_RECORD)


def _accepted(records: Iterable[DayRecord]) -> set[str]:
    return {row.receipt.value for row in records if row.kind not in (VOID_KIND, RATING_KIND)}


def _times(count: int, key: Key, discrepancy: Discrepancy) -> Iterator[Named]:
    number, kind = key
    return (Named(number, discrepancy, kind) for _ in range(count))


def _grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> Mapping[Key, Collection[Row]]:
    grouped: dict[Key, list[Row]] = {}
    for row in rows:
        grouped.setdefault(key(row), []).append(row)
    return grouped


def _tally(rows: Iterable[tuple[str, Outcome | None]]) -> Tally:
    rows = list(rows)
    rated, voided = (sum(kind == which for kind, _ in rows) for which in (RATING_KIND, VOID_KIND))
    return Tally(len(rows) - rated - voided, sum(outcome is not None for _, outcome in rows), rated, voided)
