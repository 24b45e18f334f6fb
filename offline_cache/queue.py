"""The rows of the queue: sealed records and when each is to be sent. Nothing here can read a record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

import apsw

from kiosk.ports.clock import Clock
from kiosk.ports.platform import SealedRecord
from kiosk.wire.envelope import FIRST, MAX_ENVELOPE_BYTES, SealedEnvelope
from offline_cache.settings import StorageSettings
from offline_cache.store import STORAGE_FULL, StorageTrouble, Store, has_room, read_only


class EntryState(Enum):
    WAITING = "waiting"
    SENDING = "sending"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """What a technician sees of a record. ``next_at`` is None for a dead letter, whose ``reason`` is then told."""

    key: str
    kind: str
    state: EntryState
    attempts: int
    next_at: datetime | None
    reason: str | None


class LimitReached(Enum):
    """The offline path closes (domain.md 5.3.5)."""

    RECORDS = "too-many-records"
    AGE = "oldest-record-too-old"


class RecordQueue:
    """Times are wall time, so that they hold over a restart. A clock that was set back never makes a record wait
    longer than the longest pause: a time further ahead than that counts as come."""

    def __init__(self, store: Store, settings: StorageSettings, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._untidy = True

    def add(self, key: str, kind: str, seal: Callable[[str], SealedEnvelope]) -> LimitReached | StorageTrouble | None:
        """Stores what ``seal`` makes of the chain's head and moves the head, in one transaction with one sync.
        A key already there is left as it is."""
        now = self._now()

        def work(connection: apsw.Connection) -> LimitReached | StorageTrouble | None:
            if connection.execute("SELECT 1 FROM record WHERE key = ?", (key,)).get is not None:
                return None
            limit = self._limit(connection, now)
            if limit is not None:
                return limit
            envelope = seal(connection.execute("SELECT head FROM chain").get or FIRST)
            if not has_room(connection, len(envelope.data)):
                return STORAGE_FULL
            connection.execute(
                "INSERT INTO record (key, kind, size, queued_at, next_at) VALUES (?, ?, ?, ?, ?)",
                (key, kind, len(envelope.data), now, now + self._settings.delivery.first_delay_s),
            )
            connection.execute("INSERT INTO envelope VALUES (?, ?)", (connection.last_insert_rowid(), envelope.data))
            connection.execute("INSERT OR REPLACE INTO chain (one, head) VALUES (1, ?)", (envelope.digest,))
            return None

        return self._store.write(work)

    def obstacle(self) -> LimitReached | StorageTrouble | None:
        """Why ``add`` would not take a record now, were it the longest; one read, nothing is written."""
        now = self._now()

        def work(connection: apsw.Connection) -> LimitReached | StorageTrouble | None:
            limit = self._limit(connection, now)
            if limit is not None:
                return limit
            return None if has_room(connection, MAX_ENVELOPE_BYTES) else STORAGE_FULL

        return self._store.read(work)

    def lease(self, key: str) -> SealedRecord | StorageTrouble | None:
        """The record, for one try; None when it is gone, dead, or another try of it is under way."""
        now = self._now()
        lease_s = self._settings.delivery.lease_s

        def work(connection: apsw.Connection) -> SealedRecord | None:
            leased = connection.execute(
                "UPDATE record SET lease_until = ?1 + ?2, attempts = attempts + 1 WHERE key = ?3"
                " AND dead_reason IS NULL AND (lease_until IS NULL OR lease_until NOT BETWEEN ?1 AND ?1 + ?2)"
                " RETURNING id",
                (now, lease_s, key),
            ).get
            if leased is None:
                return None
            rows: list[tuple[str, bytes]] = list(
                connection.execute("SELECT kind, data FROM record JOIN envelope USING (id) WHERE id = ?", (leased,))
            )
            return SealedRecord(key, *rows[0])

        return self._store.note(work)

    def remove(self, key: str) -> StorageTrouble | None:
        """The platform has it."""

        def work(connection: apsw.Connection) -> None:
            connection.execute("DELETE FROM envelope WHERE id = (SELECT id FROM record WHERE key = ?)", (key,))
            connection.execute("DELETE FROM record WHERE key = ?", (key,))

        self._untidy = True
        return self._store.write(work)

    def postpone(self, key: str, jitter: float) -> StorageTrouble | None:
        """Ends the try: the pause doubles with every attempt up to the cap, then shrinks by up to half of itself by
        ``jitter`` (0 to 1)."""
        delivery = self._settings.delivery

        def work(connection: apsw.Connection) -> None:
            attempts = connection.execute("SELECT attempts FROM record WHERE key = ?", (key,)).get
            pause = pause_s(attempts or 1, delivery.backoff_s, delivery.backoff_cap_s, jitter)
            connection.execute(
                "UPDATE record SET lease_until = NULL, next_at = ? WHERE key = ?", (self._now() + pause, key)
            )

        return self._store.note(work)

    def bury(self, key: str, reason: str) -> StorageTrouble | None:
        """Keeps it as a dead letter: the platform will never take it, a person must look."""

        def work(connection: apsw.Connection) -> None:
            connection.execute("UPDATE record SET lease_until = NULL, dead_reason = ? WHERE key = ?", (reason, key))

        return self._store.note(work)

    def due(self) -> tuple[str, ...]:
        """Keys to be sent now: small ones first, then in the order they came."""
        now = self._now()
        delivery = self._settings.delivery
        horizon = now + max(delivery.backoff_cap_s, delivery.first_delay_s)

        def work(connection: apsw.Connection) -> tuple[str, ...]:
            rows = connection.execute(
                "SELECT key FROM record WHERE dead_reason IS NULL AND (next_at <= ?1 OR next_at > ?2)"
                " AND (lease_until IS NULL OR lease_until NOT BETWEEN ?1 AND ?1 + ?3)"
                " ORDER BY size > ?4, id",
                (now, horizon, delivery.lease_s, delivery.small_bytes),
            )
            return tuple(key for (key,) in rows)

        keys = self._store.read(work)
        return () if isinstance(keys, StorageTrouble) else keys

    def waiting(self) -> int | StorageTrouble:
        return self._store.read(_waiting)

    def tidy(self) -> None:
        """Wipes what was removed from the files, when anything was."""
        if self._untidy:
            self._untidy = not self._store.tidy()

    def _limit(self, connection: apsw.Connection, now: float) -> LimitReached | None:
        if _waiting(connection) >= self._settings.max_records:
            return LimitReached.RECORDS
        oldest = connection.execute("SELECT min(queued_at) FROM record WHERE dead_reason IS NULL").get
        if oldest is not None and now - oldest > timedelta(days=self._settings.max_days).total_seconds():
            return LimitReached.AGE
        return None

    def _now(self) -> float:
        return self._clock.now().timestamp()


def pause_s(attempts: int, first_s: float, cap_s: float, jitter: float) -> float:
    """Seconds until the next try after ``attempts`` of them."""
    pause = min(cap_s, first_s * 2.0 ** min(attempts - 1, 32))
    return pause * (1 - jitter / 2)


def entries(path: Path, now: datetime) -> tuple[QueueEntry, ...] | StorageTrouble:
    """Every record of a terminal's database, oldest first, without its body. May run beside the terminal."""

    def work(connection: apsw.Connection) -> tuple[QueueEntry, ...]:
        rows = connection.execute(
            "SELECT key, kind, attempts, next_at, lease_until, dead_reason FROM record ORDER BY id"
        )
        return tuple(_entry(now, *row) for row in rows)

    return read_only(path, work)


def _entry(
    now: datetime, key: str, kind: str, attempts: int, next_at: float, lease_until: float | None, reason: str | None
) -> QueueEntry:
    if reason is not None:
        return QueueEntry(key, kind, EntryState.DEAD, attempts, None, reason)
    sending = lease_until is not None and lease_until >= now.timestamp()
    state = EntryState.SENDING if sending else EntryState.WAITING
    return QueueEntry(key, kind, state, attempts, datetime.fromtimestamp(next_at, UTC), None)


def _waiting(connection: apsw.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM record WHERE dead_reason IS NULL").get)
