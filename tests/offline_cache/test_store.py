"""One file, one writer; trouble is told and leaves nothing behind."""

import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw
import pytest

from kiosk.ports.print_journal import JournalEntry
from offline_cache.paper_roll import DurablePaperRoll
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.store import StorageTrouble, Store, read_only
from tests.records import START

MAX_BYTES = 1024 * 1024


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "terminal.db", MAX_BYTES)
    yield store
    store.close()


def _pragma(name: str) -> Callable[[apsw.Connection], Any]:
    return lambda connection: connection.pragma(name)


def _count(connection: apsw.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM receipt_counter").get)


def _insert(day: str) -> Callable[[apsw.Connection], Any]:
    return lambda connection: connection.execute("INSERT INTO receipt_counter VALUES ('YL', ?, 1)", (day,)).get


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    """The disk ends here, for this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_durability_rests_on(store: Store) -> None:
    assert store.read(_pragma("journal_mode")) == "wal"
    assert store.read(_pragma("synchronous")) == 2
    assert store.read(_pragma("secure_delete")) == 1
    assert store.read(_pragma("max_page_count")) == MAX_BYTES // 4096


def test_sqlite_is_past_the_wal_reset_bug() -> None:
    assert tuple(int(part) for part in apsw.sqlite_lib_version().split(".")) >= (3, 51, 3)


def test_the_file_is_the_owners(store: Store, tmp_path: Path) -> None:
    store.read(_count)
    assert stat.S_IMODE((tmp_path / "terminal.db").stat().st_mode) == 0o600


def test_a_broken_off_transaction_leaves_nothing(store: Store) -> None:
    def broken(connection: apsw.Connection) -> None:
        connection.execute("INSERT INTO receipt_counter VALUES ('YL', '2026-11-20', 1)")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write(broken)
    assert store.read(_count) == 0


@pytest.mark.parametrize("room", [0, 1, 600, 4000])
def test_a_full_disk_is_told_and_the_store_works_again_after(store: Store, tmp_path: Path, room: int) -> None:
    assert store.write(_insert("2026-11-20")) is None
    wal = (tmp_path / "terminal.db-wal").stat().st_size
    with _largest_file(wal + room):
        assert isinstance(store.write(_insert("2026-11-21")), StorageTrouble)
        assert store.read(_count) == 1
    assert not isinstance(store.write(_insert("2026-11-22")), StorageTrouble)
    assert store.read(_count) == 2


def test_a_damaged_file_is_told_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "terminal.db"
    path.write_bytes(b"no database at all" * 500)
    store = Store(path, MAX_BYTES)
    assert store.read(_count) == StorageTrouble("storage-damaged")
    assert path.read_bytes() == b"no database at all" * 500


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "terminal.db"
    later = apsw.Connection(str(path))
    later.execute("PRAGMA user_version = 99")
    later.close()
    assert Store(path, MAX_BYTES).read(_count) == StorageTrouble("storage-newer")
    assert read_only(path, _count) == StorageTrouble("storage-newer")


def test_storage_that_comes_back_is_used(tmp_path: Path) -> None:
    (tmp_path / "mount").touch()
    store = Store(tmp_path / "mount" / "terminal.db", MAX_BYTES)
    assert store.read(_count) == StorageTrouble("storage-failing")
    (tmp_path / "mount").unlink()
    assert store.read(_count) == 0
    store.close()


def test_another_process_that_holds_the_file_is_waited_for_and_told(store: Store, tmp_path: Path) -> None:
    store.read(_count)
    store.read(lambda connection: connection.set_busy_timeout(1))
    other = apsw.Connection(str(tmp_path / "terminal.db"))
    other.execute("BEGIN IMMEDIATE")
    assert store.write(_count) == StorageTrouble("storage-busy")
    other.execute("ROLLBACK")
    other.close()
    assert store.write(_count) == 0


FIRST_VERSION = """
    CREATE TABLE record (
        id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, size INTEGER NOT NULL,
        queued_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL, lease_until REAL,
        dead_reason TEXT
    );
    CREATE TABLE envelope (id INTEGER PRIMARY KEY REFERENCES record (id), data BLOB NOT NULL);
    CREATE TABLE chain (one INTEGER PRIMARY KEY CHECK (one = 1), head TEXT NOT NULL);
    CREATE TABLE receipt_counter (kind TEXT NOT NULL, day TEXT NOT NULL, last INTEGER NOT NULL,
        PRIMARY KEY (kind, day));
    INSERT INTO record (key, kind, size, queued_at, next_at) VALUES ('waits-since-then', 'case', 4, 1.0, 2.0);
    INSERT INTO envelope VALUES (1, x'73656172');
    INSERT INTO chain VALUES (1, 'head');
    INSERT INTO receipt_counter VALUES ('YL', '2026-11-20', 41);
    PRAGMA user_version = 1;
"""


def test_a_file_of_the_first_version_keeps_what_it_holds_and_takes_papers(tmp_path: Path) -> None:
    path = tmp_path / "terminal.db"
    before = apsw.Connection(str(path))
    before.execute("PRAGMA journal_mode=WAL")
    before.execute(FIRST_VERSION)
    before.close()
    store = Store(path, MAX_BYTES)
    journal = DurablePrintJournal(store)
    assert journal.unfinished() == ()
    entry = JournalEntry("ZM-20261120-K7-00042-X", "ab" * 32, 1200, 5, START)
    assert journal.reserve(entry) is None
    DurablePaperRoll(store).change(80_000)
    store.close()
    store = Store(path, MAX_BYTES)
    assert DurablePrintJournal(store).unfinished() == (entry,)
    assert DurablePaperRoll(store).remaining() == 80_000
    assert store.read(_count) == 1
    assert store.read(lambda connection: connection.execute("SELECT key FROM record JOIN envelope USING (id)").get) == (
        "waits-since-then"
    )
    store.close()
