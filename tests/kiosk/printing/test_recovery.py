"""After a power cut: the verdict of every interrupted paper, and what is done about it exactly until it is done."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.domain.void_reasons import INTERRUPTED, TAKEN_BACK
from kiosk.ports.print_journal import JournalEntry, JournalTrouble, NumberUsed, PrintStage
from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown, PrintVerdict
from kiosk.printing.recovery import (
    Again,
    Consequence,
    Settled,
    consequence,
    settle_journal,
    verdict_after_restart,
)
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.store import Store
from tests.records import START, receipt

NUMBER = receipt()
ENTRY = JournalEntry(NUMBER.value, "ab" * 32, 1200, 5, START)
DOUBTFUL = Consequence(clear_printer=True, void=INTERRUPTED, again=Again.NEW_NUMBER_BY_STAFF)
UNTOUCHED = Consequence(clear_printer=False, void=None, again=Again.SAME_NUMBER)
GOOD = Consequence(clear_printer=False, void=None, again=Again.NEED_NOT)
NOBODYS = Consequence(clear_printer=False, void=TAKEN_BACK, again=Again.NEW_NUMBER_BY_STAFF)


class Hall:
    """Takes numbers to be voided, when it can."""

    def __init__(self, can: bool = True) -> None:
        self.can = can
        self.void: list[tuple[ReceiptNumber, str]] = []

    def __call__(self, number: ReceiptNumber, reason: str) -> bool:
        if self.can:
            self.void.append((number, reason))
        return self.can


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[DurablePrintJournal]:
    store = Store(tmp_path / "terminal.db", 1024 * 1024)
    yield DurablePrintJournal(store)
    store.close()


@pytest.mark.parametrize(
    ("stage", "verdict", "expected"),
    [
        (PrintStage.RESERVED, NotPrinted(INTERRUPTED), UNTOUCHED),
        (PrintStage.PRECHECKED, NotPrinted(INTERRUPTED), UNTOUCHED),
        (PrintStage.SENDING, PrintUnknown(INTERRUPTED), DOUBTFUL),
        (PrintStage.SENT, PrintUnknown(INTERRUPTED), DOUBTFUL),
        (PrintStage.ACKNOWLEDGED, Printed(0), GOOD),
        (PrintStage.PRESENTED, Printed(0), GOOD),
        (PrintStage.TAKEN, Printed(0), GOOD),
        (PrintStage.RETRACTED, Printed(0), NOBODYS),
    ],
)
def test_verdict_and_consequence_of_every_stage(
    journal: DurablePrintJournal, stage: PrintStage, verdict: PrintVerdict, expected: Consequence
) -> None:
    assert verdict_after_restart(replace(ENTRY, stage=stage)) == verdict
    journal.reserve(ENTRY)
    if stage is not PrintStage.RESERVED:
        journal.advance(ENTRY.job, stage)
    hall = Hall()
    assert settle_journal(journal, hall) == (Settled(ENTRY.job, verdict, expected, NUMBER),)
    assert hall.void == ([] if expected.void is None else [(NUMBER, expected.void)])
    assert journal.unfinished() == ()
    assert settle_journal(journal, hall) == ()
    again = journal.reserve(ENTRY)
    assert again == (None if expected.again is Again.SAME_NUMBER else NumberUsed(verdict))


def test_every_stage_has_its_row_above() -> None:
    assert len(PrintStage) == 8


@pytest.mark.parametrize("verdict", [Printed(9), NotPrinted("cover-open"), PrintUnknown("media-jam")])
def test_a_verdict_once_given_stands(verdict: PrintVerdict) -> None:
    for stage in PrintStage:
        assert verdict_after_restart(replace(ENTRY, stage=stage, verdict=verdict)) == verdict


def test_a_paper_in_doubt_is_voided_for_its_own_reason() -> None:
    assert consequence(PrintUnknown("media-jam"), PrintStage.SENDING) == replace(DOUBTFUL, void="media-jam")


def test_a_doubtful_paper_whose_number_was_not_yet_void_is_not_forgotten(journal: DurablePrintJournal) -> None:
    """The power failed between the verdict and the record that makes the number void."""
    journal.reserve(ENTRY)
    journal.advance(ENTRY.job, PrintStage.SENDING, 1)
    journal.close(ENTRY.job, PrintUnknown("media-jam"))
    full, hall = Hall(can=False), Hall()
    assert settle_journal(journal, full) == settle_journal(journal, full) != ()
    assert settle_journal(journal, hall) != ()
    assert hall.void == [(NUMBER, "media-jam")]
    assert settle_journal(journal, hall) == ()


def test_what_the_flow_has_settled_is_left_alone(journal: DurablePrintJournal) -> None:
    journal.reserve(ENTRY)
    journal.close(ENTRY.job, PrintUnknown("media-jam"))
    assert journal.settle(ENTRY.job) is None
    hall = Hall()
    assert settle_journal(journal, hall) == ()
    assert journal.reserve(ENTRY) == NumberUsed(PrintUnknown("media-jam"))


def test_a_paper_taken_back_is_voided_also_when_its_verdict_was_given_before(journal: DurablePrintJournal) -> None:
    journal.reserve(ENTRY)
    journal.advance(ENTRY.job, PrintStage.ACKNOWLEDGED)
    journal.close(ENTRY.job, Printed(50_435))
    journal.advance(ENTRY.job, PrintStage.RETRACTED)
    hall = Hall()
    assert settle_journal(journal, hall) == (Settled(ENTRY.job, Printed(50_435), NOBODYS, NUMBER),)
    assert hall.void == [(NUMBER, TAKEN_BACK)]


def test_a_paper_without_a_number_is_only_ended(journal: DurablePrintJournal) -> None:
    journal.reserve(replace(ENTRY, job="slip-17"))
    journal.advance("slip-17", PrintStage.SENDING, 1)
    hall = Hall()
    assert settle_journal(journal, hall) == (Settled("slip-17", PrintUnknown(INTERRUPTED), DOUBTFUL, None),)
    assert hall.void == []
    assert settle_journal(journal, hall) == ()


def test_a_failing_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "terminal.db").write_bytes(b"no database at all" * 500)
    journal = DurablePrintJournal(Store(tmp_path / "terminal.db", 1024 * 1024))
    assert settle_journal(journal, Hall()) == JournalTrouble("storage-damaged")
