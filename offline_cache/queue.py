"""The rows of the queue: sealed records and when each is to be sent. Nothing here can read a record."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

import apsw

from kiosk.domain.case import HallDecision
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.ports.clock import Clock
from kiosk.ports.outbox import KnownReceipt
from kiosk.ports.platform import SealedRecord
from kiosk.wire.envelope import FIRST, MAX_ENVELOPE_BYTES, SealedEnvelope
from offline_cache import link_row, receipt_book
from offline_cache.filing import LANE_KEY_BYTES, Filing, Priority, lane_of, priority_of
from offline_cache.outage import Link, pause_s
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


@dataclass(frozen=True, slots=True)
class Standing:
    """The queue in a technician's eyes: records that wait and dead letters, why no case would be taken without the
    hall's answer, and how the line stood last."""

    waiting: int
    dead: int
    obstacle: LimitReached | StorageTrouble | None
    link: Link


_FREE = """dead_reason IS NULL
    AND (lease_until IS NULL OR lease_until NOT BETWEEN :now AND :now + :lease_s)
    AND (faults >= :holding OR id IN (
        SELECT min(id) FROM record WHERE dead_reason IS NULL AND faults < :holding GROUP BY lane
    ))"""
"""Neither dead nor under way nor behind another of its lane."""

_LEASE = f"""UPDATE record SET lease_until = :now + :lease_s, attempts = attempts + 1
    WHERE key = :key AND {_FREE} RETURNING id, kind"""  # noqa: S608  constants of this file
_DUE = f"""SELECT key FROM record WHERE {_FREE} AND (next_at <= :now OR next_at > :now + :horizon_s)
    ORDER BY priority, id LIMIT :most"""  # noqa: S608  constants of this file
_BLAME = """UPDATE record SET faults = faults + 1, dead_reason = iif(faults + 1 >= :holding, :reason, NULL)
    WHERE key = :key AND dead_reason IS NULL RETURNING dead_reason"""
_ENTRY = "SELECT key, kind, attempts, next_at, lease_until, dead_reason FROM record"


@dataclass(frozen=True, slots=True)
class _Chain:
    """What is moved on with every record. ``head`` is the digest of the last envelope, ``last_record`` its row: no row
    has the number of an earlier one, for the receipt book counts by it."""

    head: str
    last_record: int
    lane_key: bytes


class RecordQueue:
    """Times are wall time, so that they hold over a restart. A clock that was set back never makes a record wait
    longer than the longest pause: a time further ahead than that counts as come.

    Inside a lane (``offline_cache.filing``) a record is tried only when none before it waits. A dead letter holds up
    nobody, and neither does a record that failed ``holding_faults`` times at a platform that answers."""

    def __init__(
        self,
        store: Store,
        settings: StorageSettings,
        clock: Clock,
        draw: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """``draw`` gives so many random bytes, the lanes' key."""
        self._draw = draw
        self._store = store
        self._settings = settings
        self._clock = clock
        self._untidy = True

    def add(self, filing: Filing, seal: Callable[[str], SealedEnvelope]) -> LimitReached | StorageTrouble | None:
        """Stores what ``seal`` makes of the chain's head and moves the head, in one transaction with one sync.
        A key already there is left as it is."""
        now = self._now()

        def work(connection: apsw.Connection) -> LimitReached | StorageTrouble | None:
            if connection.execute("SELECT 1 FROM record WHERE key = ?", (filing.key,)).get is not None:
                return None
            limit = _limit(connection, self._settings, now) if filing.limited else None
            if limit is not None:
                return limit
            chain = _chain(connection, self._draw)
            envelope = seal(chain.head)
            if not _makes_room(connection, len(envelope.data)):
                return STORAGE_FULL
            self._insert(connection, filing, envelope, chain, now)
            return None

        return self._store.write(work)

    def _insert(
        self, connection: apsw.Connection, filing: Filing, envelope: SealedEnvelope, chain: _Chain, now: float
    ) -> None:
        delivery = self._settings.delivery
        row, lane = chain.last_record + 1, _lane(connection, filing, chain.lane_key)
        priority = priority_of(filing, len(envelope.data), delivery.small_bytes)
        if priority is Priority.URGENT:
            connection.execute(
                "UPDATE record SET priority = ? WHERE lane = ? AND dead_reason IS NULL", (priority, lane)
            )
        size, next_at = len(envelope.data), now + delivery.first_delay_s
        connection.execute(
            "INSERT INTO record (id, key, kind, size, queued_at, next_at, lane, priority, receipt)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (row, filing.key, filing.kind, size, now, next_at, lane, priority, filing.receipt),
        )
        connection.execute("INSERT INTO envelope VALUES (?, ?)", (row, envelope.data))
        connection.execute("INSERT OR REPLACE INTO chain VALUES (1, ?, ?, ?)", (envelope.digest, row, chain.lane_key))
        receipt_book.write_down(connection, row, filing, now)

    def obstacle(self) -> LimitReached | StorageTrouble | None:
        """Why ``add`` would not take a limited record now, were it the longest; one read, nothing is written."""
        now = self._now()
        return self._store.read(lambda connection: _obstacle(connection, self._settings, now))

    def lease(self, key: str) -> SealedRecord | StorageTrouble | None:
        """The record, for one try; None when it is gone, dead, behind another of its lane, or another try of it is
        under way."""
        bindings = {**self._bindings(), "key": key}

        def work(connection: apsw.Connection) -> SealedRecord | None:
            rows: list[tuple[int, str]] = list(connection.execute(_LEASE, bindings))
            if not rows:
                return None
            row, kind = rows[0]
            data: bytes = connection.execute("SELECT data FROM envelope WHERE id = ?", (row,)).get
            return SealedRecord(key, kind, data)

        return self._store.note(work)

    def remove(self, key: str, decision: HallDecision | None = None) -> StorageTrouble | None:
        """The platform has it; what it decided stays with the number. The sealed body goes at the next ``tidy``."""
        now = self._now()

        def work(connection: apsw.Connection) -> None:
            row = connection.execute("SELECT id FROM record WHERE key = ?", (key,)).get
            if row is None:
                return
            connection.execute("DELETE FROM record WHERE id = ?", (row,))
            receipt_book.complete(connection, row, decision, now)

        self._untidy = True
        return self._store.write(work)

    def postpone(self, key: str, jitter: float, asked_s: float = 0.0) -> StorageTrouble | None:
        """Ends the try: the next is after a random part of a pause that doubles with every attempt up to the cap, and
        not before ``asked_s``, the platform's own wish."""
        delivery = self._settings.delivery

        def work(connection: apsw.Connection) -> None:
            attempts = connection.execute("SELECT attempts FROM record WHERE key = ?", (key,)).get
            pause = pause_s(attempts or 1, delivery.backoff_s, delivery.backoff_cap_s, jitter)
            asked = min(asked_s, delivery.retry_after_cap_s)
            next_at = self._now() + max(pause, asked)
            connection.execute("UPDATE record SET lease_until = NULL, next_at = ? WHERE key = ?", (next_at, key))

        return self._store.note(work)

    def blame(self, key: str, incurable: str | None = None) -> bool:
        """The last try failed although the platform answers: it lies with this record. For a reason that no further
        try cures the fault that makes ``holding_faults`` makes a dead letter; whether it did."""
        bindings = {"key": key, "reason": incurable, "holding": self._settings.delivery.holding_faults}
        return isinstance(self._store.note(lambda connection: connection.execute(_BLAME, bindings).get), str)

    def bury(self, key: str, reason: str) -> StorageTrouble | None:
        """Keeps it as a dead letter: the platform will never take it, a person must look."""

        def work(connection: apsw.Connection) -> None:
            connection.execute("UPDATE record SET lease_until = NULL, dead_reason = ? WHERE key = ?", (reason, key))

        return self._store.note(work)

    def put_back(self) -> tuple[str | None, ...]:
        """The receipt numbers of dead letters that a technician put back, each told once."""
        found = self._store.read(_put_back)
        if isinstance(found, StorageTrouble) or not found:
            return ()

        def work(connection: apsw.Connection) -> tuple[str | None, ...]:
            told = _put_back(connection)
            connection.execute("UPDATE record SET put_back = 0")
            return told

        told = self._store.note(work)
        return () if isinstance(told, StorageTrouble) else told

    def next_due(self) -> str | None:
        """The record to be sent now: of those that are first in their lane the most urgent, then the oldest."""
        keys = self._store.read(lambda connection: _due(connection, self._bindings(), 1))
        return None if isinstance(keys, StorageTrouble) or not keys else keys[0]

    def due(self) -> tuple[str, ...]:
        """Keys that could be sent now, one a lane, in the order of ``next_due``."""
        keys = self._store.read(lambda connection: _due(connection, self._bindings(), -1))
        return () if isinstance(keys, StorageTrouble) else keys

    def before(self, key: str) -> str | None:
        """The record that ``key`` is behind, whether due or not; None when it is the first of its lane."""
        bindings = {"key": key, "holding": self._settings.delivery.holding_faults}

        def work(connection: apsw.Connection) -> str | None:
            first = connection.execute(
                "SELECT earlier.key FROM record JOIN record AS earlier"
                " ON earlier.lane = record.lane AND earlier.id < record.id"
                " WHERE record.key = :key AND earlier.dead_reason IS NULL AND earlier.faults < :holding"
                " ORDER BY earlier.id LIMIT 1",
                bindings,
            ).get
            return None if first is None else str(first)

        key_before = self._store.read(work)
        return None if isinstance(key_before, StorageTrouble) else key_before

    def waiting(self) -> int | StorageTrouble:
        return self._store.read(_waiting)

    def recall(self, number: ReceiptNumber) -> KnownReceipt | None:
        known = self._store.read(lambda connection: receipt_book.recall(connection, number))
        return None if isinstance(known, StorageTrouble) else known

    def link(self) -> Link | StorageTrouble:
        """How the way to the platform stood last."""
        return self._store.read(link_row.link)

    def keep_link(self, link: Link, instead_of: Link | None = None) -> StorageTrouble | bool:
        """Whether it was written: only in place of ``instead_of``, if that is told."""
        return self._store.note(lambda connection: link_row.keep(connection, link, instead_of))

    def tidy(self) -> None:
        """Wipes what was removed from the files, when anything was."""
        if not self._untidy:
            return
        oldest = self._now() - timedelta(days=self._settings.receipt_days).total_seconds()

        def work(connection: apsw.Connection) -> None:
            _drop_orphans(connection)
            receipt_book.forget(connection, oldest)

        if self._store.note(work) is None:
            self._untidy = not self._store.tidy()

    def _bindings(self) -> dict[str, float]:
        delivery = self._settings.delivery
        return {
            "now": self._now(),
            "lease_s": delivery.lease_s,
            "horizon_s": max(delivery.backoff_cap_s, delivery.first_delay_s, delivery.retry_after_cap_s),
            "holding": delivery.holding_faults,
        }

    def _now(self) -> float:
        return self._clock.now().timestamp()


def entries(path: Path, now: datetime) -> tuple[QueueEntry, ...] | StorageTrouble:
    """Every record of a terminal's database, oldest first, without its body. May run beside the terminal."""

    def work(connection: apsw.Connection) -> tuple[QueueEntry, ...]:
        return tuple(_entry(now, *row) for row in connection.execute(f"{_ENTRY} ORDER BY id"))

    return read_only(path, work)


def standing(settings: StorageSettings, now: datetime) -> Standing | StorageTrouble:
    """May be asked beside the terminal, and changes nothing."""

    def work(connection: apsw.Connection) -> Standing:
        connection.execute(f"PRAGMA max_page_count={settings.max_bytes // connection.pragma('page_size')}")
        waiting = _waiting(connection)
        dead = int(connection.execute("SELECT count(*) FROM record").get) - waiting
        return Standing(waiting, dead, _obstacle(connection, settings, now.timestamp()), link_row.link(connection))

    return read_only(settings.path, work)


def entry_of(connection: apsw.Connection, key: str, now: datetime) -> QueueEntry | None:
    row = connection.execute(f"{_ENTRY} WHERE key = ?", (key,)).fetchone()
    return None if row is None else _entry(now, *row)


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


def _obstacle(
    connection: apsw.Connection, settings: StorageSettings, now: float
) -> LimitReached | StorageTrouble | None:
    limit = _limit(connection, settings, now)
    if limit is not None:
        return limit
    return None if has_room(connection, MAX_ENVELOPE_BYTES) else STORAGE_FULL


def _limit(connection: apsw.Connection, settings: StorageSettings, now: float) -> LimitReached | None:
    if _waiting(connection) >= settings.max_records:
        return LimitReached.RECORDS
    oldest = connection.execute("SELECT min(queued_at) FROM record WHERE dead_reason IS NULL").get
    if oldest is not None and now - oldest > timedelta(days=settings.max_days).total_seconds():
        return LimitReached.AGE
    return None


def _due(connection: apsw.Connection, bindings: dict[str, float], most: int) -> tuple[str, ...]:
    rows = connection.execute(_DUE, {**bindings, "most": most})
    return tuple(key for (key,) in rows)


def _put_back(connection: apsw.Connection) -> tuple[str | None, ...]:
    return tuple(receipt for (receipt,) in connection.execute("SELECT receipt FROM record WHERE put_back ORDER BY id"))


def _chain(connection: apsw.Connection, draw: Callable[[int], bytes]) -> _Chain:
    """The lanes' key is drawn anew for the first record of an empty queue."""
    rows: list[tuple[str, int, bytes]] = list(connection.execute("SELECT head, last_record, lane_key FROM chain"))
    chain = _Chain(*rows[0]) if rows else _Chain(FIRST, 0, b"")
    empty = not connection.execute("SELECT EXISTS (SELECT 1 FROM record)").get
    return replace(chain, lane_key=draw(LANE_KEY_BYTES)) if empty else chain


def _makes_room(connection: apsw.Connection, size: int) -> bool:
    if has_room(connection, size):
        return True
    _drop_orphans(connection)
    return has_room(connection, size)


def _drop_orphans(connection: apsw.Connection) -> None:
    """The bodies of records that were removed."""
    connection.execute("DELETE FROM envelope WHERE id NOT IN (SELECT id FROM record)")


def _lane(connection: apsw.Connection, filing: Filing, lane_key: bytes) -> int:
    """A record that names nobody goes with the record of its receipt."""
    if filing.person is None and filing.receipt is not None:
        lane = connection.execute(
            "SELECT lane FROM record WHERE receipt = ? ORDER BY id DESC LIMIT 1", (filing.receipt,)
        ).get
        if lane is not None:
            return int(lane)
    return lane_of(filing, lane_key)
