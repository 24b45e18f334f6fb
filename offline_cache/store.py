"""The terminal's one database file: SQLite in WAL mode, synchronous=FULL, one writing connection.

SQLite must be past its WAL-reset bug (3.7.0 to 3.51.2); the locked apsw carries a later one. Deleted content is
overwritten (secure_delete) and leaves the WAL at the next ``tidy``. The size is bounded by max_page_count, so that
the limit is met while the volume still has room for the deletions that make the queue drain; some pages are kept
from new content, for the notes that every delivery makes.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import apsw

from offline_cache.migrations import MIGRATIONS

T = TypeVar("T")

_PAGE_BYTES = 4096
_WAL_BYTES = 1 << 20
_BUSY_MS = 5000
_RESERVED_PAGES = 16


@dataclass(frozen=True, slots=True)
class StorageTrouble:
    """Nothing was changed. ``reason``: storage-full, storage-failing, storage-damaged, storage-busy, storage-newer."""

    reason: str


class _NewerFileError(Exception):
    """The file was written by a later version of the terminal."""


_TROUBLES: tuple[tuple[type[Exception], str], ...] = (
    (apsw.FullError, "storage-full"),
    (apsw.IOError, "storage-failing"),
    (apsw.CantOpenError, "storage-failing"),
    (apsw.ReadOnlyError, "storage-failing"),
    (apsw.PermissionsError, "storage-failing"),
    (apsw.NotADBError, "storage-damaged"),
    (apsw.CorruptError, "storage-damaged"),
    (apsw.BusyError, "storage-busy"),
    (OSError, "storage-failing"),
    (_NewerFileError, "storage-newer"),
)
_TROUBLE_TYPES = tuple(kind for kind, _ in _TROUBLES)


class Store:
    """Opened at first use, and again at the next one when opening did not succeed. Safe for several threads."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_pages = max_bytes // _PAGE_BYTES
        self._lock = threading.Lock()
        self._connection: apsw.Connection | None = None

    def write(self, work: Callable[[apsw.Connection], T]) -> T | StorageTrouble:
        """Runs ``work`` in one transaction: committed and synced when this returns its result, else undone."""
        with self._lock:
            try:
                return _transaction(self._open(), work)
            except _TROUBLE_TYPES as trouble:
                return _trouble(trouble)

    def note(self, work: Callable[[apsw.Connection], T]) -> T | StorageTrouble:
        """As ``write`` but without a sync: a power cut may undo it, whole. For what may as well be done again."""
        with self._lock:
            try:
                connection = self._open()
                connection.execute("PRAGMA synchronous=NORMAL")
                try:
                    return _transaction(connection, work)
                finally:
                    connection.execute("PRAGMA synchronous=FULL")
            except _TROUBLE_TYPES as trouble:
                return _trouble(trouble)

    def read(self, work: Callable[[apsw.Connection], T]) -> T | StorageTrouble:
        """Runs ``work``, which only reads."""
        with self._lock:
            try:
                return work(self._open())
            except _TROUBLE_TYPES as trouble:
                return _trouble(trouble)

    def tidy(self) -> bool:
        """Empties the WAL into the file, so that nothing deleted stays in it. False when a reader was in the way."""
        with self._lock:
            try:
                connection = self._open()
                connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
                _lay_out_wal(connection)
            except _TROUBLE_TYPES:
                return False
            return True

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> apsw.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = apsw.Connection(str(self._path))
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _prepare(self, connection: apsw.Connection) -> None:
        connection.set_busy_timeout(_BUSY_MS)
        connection.execute(f"PRAGMA page_size={_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(f"PRAGMA max_page_count={self._max_pages}")
        _migrate(connection)
        self._path.chmod(0o600)


def has_room(connection: apsw.Connection, size: int) -> bool:
    """Whether ``size`` new bytes may be stored, by the size of the file and what is free in it."""
    most = connection.pragma("max_page_count") - _RESERVED_PAGES - size // _PAGE_BYTES - 2
    pages = connection.pragma("page_count")
    return bool(pages <= most or pages - connection.pragma("freelist_count") <= most)


STORAGE_FULL = StorageTrouble("storage-full")


def read_only(path: Path, work: Callable[[apsw.Connection], T]) -> T | StorageTrouble:
    """Reads a terminal's file beside the running terminal, changing nothing."""
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    except _TROUBLE_TYPES as trouble:
        return _trouble(trouble)
    try:
        connection.set_busy_timeout(_BUSY_MS)
        if _version(connection) != len(MIGRATIONS):
            raise _NewerFileError
        return work(connection)
    except _TROUBLE_TYPES as trouble:
        return _trouble(trouble)
    finally:
        connection.close()


def _transaction(connection: apsw.Connection, work: Callable[[apsw.Connection], T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def _lay_out_wal(connection: apsw.Connection) -> None:
    """Gives an empty WAL its room on the disk in zeros, which are no frames (sqlite.org/fileformat2.html, 4.1): what is
    written next neither makes the file longer, which costs the file system a journal entry a sync, nor finds the
    volume full. The write lock is held meanwhile, for another process may write as well."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        wal = os.open(connection.filename_wal, os.O_WRONLY)
        try:
            if os.fstat(wal).st_size == 0:
                os.pwrite(wal, bytes(_WAL_BYTES), 0)
                os.fdatasync(wal)
        finally:
            os.close(wal)
    finally:
        connection.execute("ROLLBACK")


def _migrate(connection: apsw.Connection) -> None:
    if _version(connection) == len(MIGRATIONS):
        return
    with connection:
        version = _version(connection)
        if version > len(MIGRATIONS):
            raise _NewerFileError
        for script in MIGRATIONS[version:]:
            connection.execute(script)
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")


def _version(connection: apsw.Connection) -> int:
    return int(connection.pragma("user_version"))


def _trouble(problem: Exception) -> StorageTrouble:
    return next(StorageTrouble(reason) for kind, reason in _TROUBLES if isinstance(problem, kind))
