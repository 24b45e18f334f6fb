"""A file of every earlier version keeps all its rows when a later terminal opens it."""

import hashlib
from itertools import zip_longest
from pathlib import Path

import apsw
import pytest

from kiosk.domain.receipt_number import parse_receipt_number
from kiosk.ports.platform import SealedRecord
from kiosk.wire.envelope import SUITE, Header
from kiosk.wire.record import canonical
from offline_cache.migrations import MIGRATIONS
from offline_cache.outage import OPEN
from offline_cache.paper_roll import DurablePaperRoll
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.store import StorageTrouble, Store, read_only
from tests.offline_cache.parts import Parts, build
from tests.records import Registered, receipt


def _envelope(sealed: bytes) -> bytes:
    """Whole by its header."""
    header = Header(
        suite=SUITE,
        gateway_key_id="a" * 16,
        terminal_key_id="b" * 16,
        terminal="0317",
        key="key",
        kind="rating",
        length=len(sealed),
        sha256=hashlib.sha256(sealed).hexdigest(),
    )
    return canonical(header.model_dump()) + b"\n" + sealed


_CASE, _RATING, _VOID, _DEAD = (_envelope(sealed) for sealed in (b"case", b"rating", b"void", b"dead"))
_ROWS = (
    f"""
    INSERT INTO record (key, kind, size, queued_at, next_at) VALUES ('case', 'eligibility-case', 40000, 1.0, 2.0);
    INSERT INTO envelope VALUES (1, x'{_CASE.hex()}');
    INSERT INTO record (key, kind, size, queued_at, next_at) VALUES ('rating', 'rating', 900, 3.0, 4.0);
    INSERT INTO envelope VALUES (2, x'{_RATING.hex()}');
    INSERT INTO record (key, kind, size, queued_at, next_at) VALUES ('void', 'voided-number', 900, 5.0, 6.0);
    INSERT INTO envelope VALUES (3, x'{_VOID.hex()}');
    INSERT INTO record (key, kind, size, queued_at, next_at, dead_reason)
        VALUES ('dead', 'rating', 900, 7.0, 8.0, 'no');
    INSERT INTO envelope VALUES (4, x'{_DEAD.hex()}');
    INSERT INTO chain VALUES (1, 'head');
    INSERT INTO receipt_counter VALUES ('YL', '2026-11-20', 41);
    """,
    """
    INSERT INTO print_try (job, digest, rows, bands, opened_at, stage, band)
        VALUES ('YL-1', 'ab', 1200, 5, 1.0, 'reserved', 0);
    INSERT INTO paper_roll (one, remaining_mm) VALUES (1, 70000);
    """,
    "INSERT INTO staff_lock VALUES (1, 3, 0);",
    "UPDATE paper_roll SET full_mm = 80000;",
    f"""
    UPDATE record SET receipt = '{receipt(1).value}', lane = 9 WHERE key = 'case';
    INSERT INTO link VALUES (1, 'down', 1.0, 2.0, 3, 'no-link');
    INSERT INTO receipt (id, key, number, kind, queued_at) VALUES
        (1, 'case', '{receipt(1).value}', 'eligibility-case', 1.0);
    """,
)
"""What a terminal of version n has in the tables and columns that came with it."""

_VERSIONS = range(1, len(MIGRATIONS) + 1)


def _file_of_version(version: int, path: Path) -> None:
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA journal_mode=WAL")
    for script, rows in zip_longest(MIGRATIONS[:version], _ROWS[:version], fillvalue=""):
        connection.execute(script)
        connection.execute(rows)
    connection.execute(f"PRAGMA user_version={version}")
    connection.close()


@pytest.fixture(params=_VERSIONS, ids=lambda version: f"version-{version}")
def version(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def old(version: int, registered: Registered) -> Parts:
    _file_of_version(version, registered.folder / "terminal.db")
    return build(registered)


def test_every_record_waits_on_and_goes_the_urgent_first(old: Parts, version: int) -> None:
    assert old.outbox.waiting() == 3
    old.delivery.run_due()
    sent = [(record.key, record.envelope) for record in old.platform.sent]
    assert sent == [("void", _VOID), ("rating", _RATING), ("case", _CASE)]
    assert old.outbox.waiting() == 0
    dead = old.store.read(lambda connection: connection.execute("SELECT key, dead_reason FROM record").fetchall())
    assert dead == [("dead", "no")]
    old.close()


def test_what_else_was_kept_is_kept(old: Parts, version: int) -> None:
    def value(query: str) -> object:
        return old.store.read(lambda connection: connection.execute(query).get)

    assert value("SELECT head FROM chain") == "head"
    assert value("SELECT last FROM receipt_counter") == 41
    journal, roll = DurablePrintJournal(old.store), DurablePaperRoll(old.store)
    left = journal.unfinished()
    assert isinstance(left, tuple)
    assert [entry.job for entry in left] == (["YL-1"] if version >= 2 else [])
    assert roll.remaining() == (70_000 if version >= 2 else None)
    assert value("SELECT tries FROM staff_lock") == (3 if version >= 3 else None)
    assert roll.full() == (80_000 if version >= 4 else None)
    link = old.queue.link()
    assert not isinstance(link, StorageTrouble)
    assert (link.probes if version >= 5 else link) == (3 if version >= 5 else OPEN)
    number = parse_receipt_number(receipt(1).value)
    assert number is not None
    assert (old.queue.recall(number) is not None) == (version >= 5)
    old.close()


def test_a_broken_off_upgrade_leaves_the_file_as_it_was(
    registered: Registered, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = registered.folder / "terminal.db"
    _file_of_version(1, path)
    monkeypatch.setattr("offline_cache.store.MIGRATIONS", (*MIGRATIONS, "INSERT INTO no_such_table VALUES (1)"))
    store = Store(path, 64 * 1024 * 1024)
    with pytest.raises(apsw.SQLError):
        store.read(lambda connection: connection.execute("SELECT 1").get)
    store.close()
    monkeypatch.undo()
    parts = build(registered)
    record = parts.queue.lease("case")
    assert isinstance(record, SealedRecord)
    parts.close()


def test_a_file_of_a_later_version_is_left_alone(registered: Registered) -> None:
    path = registered.folder / "terminal.db"
    _file_of_version(len(MIGRATIONS), path)
    connection = apsw.Connection(str(path))
    connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    connection.close()
    parts = build(registered)
    newer = StorageTrouble("storage-newer")
    assert parts.queue.waiting() == newer
    assert read_only(path, lambda connection: 1) == newer
    parts.close()
