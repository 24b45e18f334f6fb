"""A technician's way out of a dead letter, beside the running terminal: look at it, put it back, take a copy of it.

Nothing here opens an envelope: the terminal has no key for it.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TypeVar

import apsw

from kiosk.wire.envelope import EnvelopeProblem, Header, read_header
from offline_cache.queue import EntryState, QueueEntry, entry_of
from offline_cache.settings import StorageSettings
from offline_cache.store import StorageTrouble, Store, read_only

T = TypeVar("T")

_PUT_BACK = (
    "UPDATE record SET dead_reason = NULL, lease_until = NULL, attempts = 0, faults = 0, next_at = ?, put_back = 1"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that can be told of a record: ``size`` and ``digest`` (SHA-256) are of the sealed bytes, ``header`` is the
    envelope's clear line, None where that is damaged."""

    entry: QueueEntry
    receipt: str | None
    queued_at: datetime
    size: int
    digest: str
    header: Header | None


class NotPutBack(Enum):
    ABSENT = "no-such-record"
    UNDER_WAY = "a-try-is-under-way"


@dataclass(frozen=True, slots=True)
class NotExported:
    """``reason`` is told to the technician; nothing was left in the folder."""

    reason: str


def sheet(database: Path, key: str, now: datetime) -> Sheet | StorageTrouble | None:
    """None when there is no such record."""

    def work(connection: apsw.Connection) -> Sheet | None:
        entry = entry_of(connection, key, now)
        if entry is None:
            return None
        rows: list[tuple[str | None, float, int, bytes]] = list(
            connection.execute(
                "SELECT receipt, queued_at, size, data FROM record JOIN envelope USING (id) WHERE key = ?", (key,)
            )
        )
        receipt, queued_at, size, data = rows[0]
        header = read_header(data)
        clear = None if isinstance(header, EnvelopeProblem) else header
        return Sheet(entry, receipt, datetime.fromtimestamp(queued_at, UTC), size, _digest(data), clear)

    return read_only(database, work)


def put_back(database: Path, key: str, now: datetime) -> NotPutBack | StorageTrouble | None:
    """The record is tried again as if for the first time; the terminal tells of it in its log. None when done."""

    def work(connection: apsw.Connection) -> NotPutBack | None:
        entry = entry_of(connection, key, now)
        if entry is None:
            return NotPutBack.ABSENT
        if entry.state is EntryState.SENDING:
            return NotPutBack.UNDER_WAY
        connection.execute(f"{_PUT_BACK} WHERE key = ?", (now.timestamp(), key))
        return None

    return _change(database, work)


def put_back_all(database: Path, now: datetime) -> int | StorageTrouble:
    """Every dead letter, each as ``put_back`` does it; how many there were."""

    def work(connection: apsw.Connection) -> int:
        connection.execute(f"{_PUT_BACK} WHERE dead_reason IS NOT NULL", (now.timestamp(),))
        return connection.changes()

    return _change(database, work)


def _change(database: Path, work: Callable[[apsw.Connection], T]) -> T | StorageTrouble:
    """Only in a file that is a queue of this version already: another one is left as it is."""
    known = read_only(database, lambda connection: None)  # noqa: ARG005  asked for its version alone
    if known is not None:
        return known
    store = Store(database, StorageSettings(path=database).max_bytes)
    try:
        return store.write(work)
    finally:
        store.close()


def export(database: Path, key: str, folder: Path) -> Path | NotExported | StorageTrouble | None:
    """Writes the sealed bytes to ``<folder>/<key>.envelope``, synced, whole or not at all; the record stays in the
    queue. None when there is no such record."""

    def work(connection: apsw.Connection) -> bytes | None:
        data: bytes | None = connection.execute(
            "SELECT data FROM record JOIN envelope USING (id) WHERE key = ?", (key,)
        ).get
        return data

    data = read_only(database, work)
    if data is None or isinstance(data, StorageTrouble):
        return data
    path = folder / f"{key}.envelope"
    try:
        _write(path, data)
    except OSError as trouble:
        return NotExported(f"{path}: {trouble.strerror}")
    return path


def _write(path: Path, data: bytes) -> None:
    unfinished = path.with_name(f"{path.name}.new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
