"""What the terminal knows of its papers outlives the terminal."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from kiosk.ports.print_journal import JournalEntry, JournalTrouble, NumberUsed, PrintStage
from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown, PrintVerdict
from offline_cache.print_journal import KEPT_FOR, DurablePrintJournal
from offline_cache.store import Store, has_room
from tests.records import START

MAX_BYTES = 1024 * 1024
JOB = "ZM-20261120-K7-00042-X"
ENTRY = JournalEntry(JOB, "ab" * 32, 1200, 5, START)
SENT = (
    (PrintStage.PRECHECKED, 0),
    *((PrintStage.SENDING, band) for band in range(1, 6)),
    (PrintStage.SENT, 0),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "terminal.db", MAX_BYTES)
    yield store
    store.close()


@pytest.fixture
def journal(store: Store) -> DurablePrintJournal:
    return DurablePrintJournal(store)


def _reopened(store: Store) -> DurablePrintJournal:
    store.close()
    return DurablePrintJournal(store)


def _go(journal: DurablePrintJournal, steps: tuple[tuple[PrintStage, int], ...]) -> None:
    for stage, band in steps:
        assert journal.advance(JOB, stage, band) is None


def test_every_step_is_there_after_a_restart(store: Store, journal: DurablePrintJournal) -> None:
    assert journal.unfinished() == ()
    assert journal.latest(JOB) is None
    assert journal.reserve(ENTRY) is None
    expected = ENTRY
    for stage, band in SENT:
        assert journal.advance(JOB, stage, band) is None
        journal = _reopened(store)
        expected = replace(expected, stage=stage, band=max(band, expected.band))
        assert journal.unfinished() == (expected,)
    assert journal.advance(JOB, PrintStage.ACKNOWLEDGED) is None
    assert journal.close(JOB, Printed(50_435)) is None
    assert journal.advance(JOB, PrintStage.PRESENTED) is None
    assert journal.advance(JOB, PrintStage.RETRACTED) is None
    journal = _reopened(store)
    assert journal.unfinished() == ()
    assert journal.latest(JOB) == replace(expected, stage=PrintStage.RETRACTED, verdict=Printed(50_435))


@pytest.mark.parametrize("verdict", [None, Printed(9), PrintUnknown("media-jam")])
def test_a_number_that_may_be_on_paper_is_not_reserved_again(
    store: Store, journal: DurablePrintJournal, verdict: PrintVerdict | None
) -> None:
    journal.reserve(ENTRY)
    if verdict is not None:
        journal.close(JOB, verdict)
    journal = _reopened(store)
    assert journal.reserve(replace(ENTRY, digest="cd" * 32)) == NumberUsed(verdict)
    latest = journal.latest(JOB)
    assert isinstance(latest, JournalEntry)
    assert latest.digest == ENTRY.digest


def test_a_number_that_was_not_printed_may_be_tried_again_and_again(journal: DurablePrintJournal) -> None:
    for _ in range(3):
        assert journal.reserve(ENTRY) is None
        assert journal.close(JOB, NotPrinted("media-empty")) is None
    assert journal.reserve(ENTRY) is None
    assert journal.unfinished() == (ENTRY,)


@pytest.mark.parametrize("verdict", ["NULL", "'printed'", "'unknown'"])
def test_the_database_itself_refuses_a_second_paper_of_a_number(
    store: Store, journal: DurablePrintJournal, verdict: str
) -> None:
    journal.reserve(ENTRY)
    journal.close(JOB, PrintUnknown("link-lost"))
    copy = (
        "INSERT INTO print_try (job, digest, rows, bands, opened_at, stage, band, verdict)"
        f" SELECT job, digest, rows, bands, opened_at, stage, band, {verdict} FROM print_try"
    )
    with pytest.raises(apsw.ConstraintError):
        store.write(lambda connection: connection.execute(copy).get)


def test_unfinished_tries_are_told_oldest_first(journal: DurablePrintJournal) -> None:
    for number in range(4):
        journal.reserve(replace(ENTRY, job=f"job-{number}"))
    journal.close("job-1", Printed(1))
    left = journal.unfinished()
    assert not isinstance(left, JournalTrouble)
    assert [entry.job for entry in left] == ["job-0", "job-2", "job-3"]


@pytest.mark.parametrize(
    ("stage", "band"),
    [
        (PrintStage.RESERVED, 0),
        (PrintStage.PRECHECKED, 0),
        (PrintStage.SENDING, 2),
        (PrintStage.SENDING, 3),
        (PrintStage.SENDING, 6),
    ],
)
def test_a_step_back_is_a_mistake(journal: DurablePrintJournal, stage: PrintStage, band: int) -> None:
    journal.reserve(ENTRY)
    _go(journal, SENT[:4])
    with pytest.raises(ValueError, match="no step"):
        journal.advance(JOB, stage, band)
    assert journal.unfinished() == (replace(ENTRY, stage=PrintStage.SENDING, band=3),)


def test_steps_of_a_try_that_is_not_there_are_a_mistake(journal: DurablePrintJournal) -> None:
    with pytest.raises(ValueError, match="no step"):
        journal.advance(JOB, PrintStage.SENT)
    with pytest.raises(ValueError, match="no try"):
        journal.close(JOB, Printed(1))
    journal.reserve(ENTRY)
    journal.close(JOB, NotPrinted("cover-open"))
    with pytest.raises(ValueError, match="no step"):
        journal.advance(JOB, PrintStage.PRESENTED)
    with pytest.raises(ValueError, match="no try"):
        journal.close(JOB, Printed(1))


def test_old_tries_are_dropped_once_they_have_ended(journal: DurablePrintJournal) -> None:
    ended: dict[str, PrintVerdict] = {
        "old": Printed(1),
        "refused": NotPrinted("media-empty"),
        "void": PrintUnknown("media-jam"),
    }
    for job in ("torn", "doubtful", *ended):
        journal.reserve(replace(ENTRY, job=job))
    for job, verdict in ({"doubtful": PrintUnknown("media-jam")} | ended).items():
        journal.close(job, verdict)
    journal.settle("void")
    journal.reserve(replace(ENTRY, job="at-the-limit", opened_at=START + KEPT_FOR))
    assert journal.latest("old") is not None
    journal.reserve(replace(ENTRY, job="past-it", opened_at=START + KEPT_FOR + timedelta(seconds=1)))
    assert journal.latest("old") is None
    assert journal.latest("refused") is None
    assert journal.latest("void") is None
    left = journal.unsettled()
    assert not isinstance(left, JournalTrouble)
    assert [entry.job for entry in left] == ["torn", "doubtful", "at-the-limit", "past-it"]


def test_a_full_storage_refuses_a_new_try_and_lets_the_one_begun_end(
    store: Store, journal: DurablePrintJournal
) -> None:
    assert journal.reserve(ENTRY) is None

    def fill(connection: apsw.Connection) -> None:
        connection.execute("CREATE TABLE filler (data BLOB)")
        while has_room(connection, 2000):
            connection.execute("INSERT INTO filler VALUES (zeroblob(2000))")

    store.write(fill)
    assert journal.reserve(replace(ENTRY, job="one-more")) == JournalTrouble("storage-full")
    _go(journal, SENT)
    assert journal.close(JOB, Printed(1)) is None


def test_a_damaged_storage_is_told(tmp_path: Path) -> None:
    (tmp_path / "terminal.db").write_bytes(b"no database at all" * 500)
    journal = DurablePrintJournal(Store(tmp_path / "terminal.db", MAX_BYTES))
    damaged = JournalTrouble("storage-damaged")
    assert journal.reserve(ENTRY) == damaged
    assert journal.advance(JOB, PrintStage.SENT) == damaged
    assert journal.close(JOB, Printed(1)) == damaged
    assert journal.settle(JOB) == damaged
    assert journal.unfinished() == damaged
    assert journal.unsettled() == damaged
    assert journal.latest(JOB) == damaged
