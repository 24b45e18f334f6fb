"""The print journal (``kiosk.ports.print_journal``) on the terminal's storage: one sync a step, nothing of a citizen.

The database itself refuses a second try at a number that is on a paper or may be: whoever opens the file, it holds.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar, assert_never

import apsw

from kiosk.ports.print_journal import JournalEntry, JournalTrouble, NumberUsed, PrintStage
from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown, PrintVerdict
from kiosk.printing.stages import may_follow, number_used
from offline_cache.store import STORAGE_FULL, StorageTrouble, Store, has_room

T = TypeVar("T")

KEPT_FOR = timedelta(days=30)
"""Long past the day in the number, which no issuer gives out again."""

_ENTRY_BYTES = 256
_LATEST = "SELECT * FROM print_try WHERE job = ? ORDER BY id DESC LIMIT 1"
_LAST_SENT = (
    "SELECT * FROM print_try WHERE stage NOT IN ('reserved', 'prechecked') AND verdict IS NOT 'not-printed'"
    " ORDER BY id DESC LIMIT 1"
)
_UNFINISHED = "SELECT * FROM print_try WHERE verdict IS NULL ORDER BY id"
_UNSETTLED = (
    "SELECT * FROM print_try WHERE NOT settled AND (verdict IS NULL OR verdict = 'unknown' OR stage = 'retracted')"
    " ORDER BY id"
)
_DROP_OLD = (
    "DELETE FROM print_try WHERE opened_at < ? AND verdict IS NOT NULL"
    " AND (settled OR (verdict <> 'unknown' AND stage <> 'retracted'))"
)
_Row = tuple[int, str, str, int, int, float, str, int, str | None, str | None, int | None, int]
"""As the table's columns stand."""


class DurablePrintJournal:
    """``reserve`` also drops tries older than ``KEPT_FOR`` that have ended and call for nothing more, as told by the
    new entry's time.

    A step out of order, or on a try that is not there, is a mistake of the caller: ``ValueError``.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def reserve(self, entry: JournalEntry) -> JournalTrouble | NumberUsed | None:
        def work(connection: apsw.Connection) -> StorageTrouble | NumberUsed | None:
            used = number_used(_latest(connection, entry.job))
            if used is not None:
                return used
            connection.execute(_DROP_OLD, ((entry.opened_at - KEPT_FOR).timestamp(),))
            if not has_room(connection, _ENTRY_BYTES):
                return STORAGE_FULL
            connection.execute("INSERT INTO print_try VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)", _columns(entry))
            return None

        return _told(self._store.write(work))

    def advance(self, job: str, stage: PrintStage, band: int = 0) -> JournalTrouble | None:
        def work(connection: apsw.Connection) -> None:
            entry = _latest(connection, job)
            if entry is None or not may_follow(entry, stage, band):
                raise ValueError(f"no step from {entry} to {stage} {band}")
            connection.execute(
                "UPDATE print_try SET stage = ?, band = max(band, ?)"
                " WHERE id = (SELECT max(id) FROM print_try WHERE job = ?)",
                (stage.value, band, job),
            )

        return _told(self._store.write(work))

    def close(self, job: str, verdict: PrintVerdict) -> JournalTrouble | None:
        def work(connection: apsw.Connection) -> None:
            entry = _latest(connection, job)
            if entry is None or entry.verdict is not None:
                raise ValueError(f"no try to be ended: {entry}")
            connection.execute(
                "UPDATE print_try SET verdict = ?, reason = ?, bytes_sent = ? WHERE job = ? AND verdict IS NULL",
                (*_verdict_columns(verdict), job),
            )

        return _told(self._store.write(work))

    def settle(self, job: str) -> JournalTrouble | None:
        def work(connection: apsw.Connection) -> None:
            connection.execute("UPDATE print_try SET settled = 1 WHERE job = ? AND verdict IS NOT NULL", (job,))

        return _told(self._store.write(work))

    def unfinished(self) -> tuple[JournalEntry, ...] | JournalTrouble:
        return _told(self._store.read(lambda connection: _entries(connection.execute(_UNFINISHED))))

    def unsettled(self) -> tuple[JournalEntry, ...] | JournalTrouble:
        return _told(self._store.read(lambda connection: _entries(connection.execute(_UNSETTLED))))

    def last_sent(self) -> JournalEntry | JournalTrouble | None:
        def read(connection: apsw.Connection) -> JournalEntry | None:
            found = _entries(connection.execute(_LAST_SENT))
            return found[0] if found else None

        return _told(self._store.read(read))

    def latest(self, job: str) -> JournalEntry | JournalTrouble | None:
        return _told(self._store.read(lambda connection: _latest(connection, job)))


def _latest(connection: apsw.Connection, job: str) -> JournalEntry | None:
    found = _entries(connection.execute(_LATEST, (job,)))
    return found[0] if found else None


def _columns(entry: JournalEntry) -> tuple[str | int | float | None, ...]:
    verdict = (None, None, None) if entry.verdict is None else _verdict_columns(entry.verdict)
    opened_at = entry.opened_at.timestamp()
    return (entry.job, entry.digest, entry.rows, entry.bands, opened_at, entry.stage.value, entry.band, *verdict)


def _verdict_columns(verdict: PrintVerdict) -> tuple[str, str | None, int | None]:
    match verdict:
        case Printed(bytes_sent):
            return "printed", None, bytes_sent
        case NotPrinted(reason):
            return "not-printed", reason, None
        case PrintUnknown(reason):
            return "unknown", reason, None
        case _:
            assert_never(verdict)


def _entries(rows: Iterable[_Row]) -> tuple[JournalEntry, ...]:
    return tuple(_entry(*row) for row in rows)


def _entry(
    _id: int,
    job: str,
    digest: str,
    rows: int,
    bands: int,
    opened_at: float,
    stage: str,
    band: int,
    verdict: str | None,
    reason: str | None,
    bytes_sent: int | None,
    _settled: int,
) -> JournalEntry:
    ended = None if verdict is None else _VERDICTS[verdict](reason or "", bytes_sent or 0)
    moment = datetime.fromtimestamp(opened_at, UTC)
    return JournalEntry(job, digest, rows, bands, moment, PrintStage(stage), band, ended)


_VERDICTS: dict[str, Callable[[str, int], PrintVerdict]] = {
    "printed": lambda _, bytes_sent: Printed(bytes_sent),
    "not-printed": lambda reason, _: NotPrinted(reason),
    "unknown": lambda reason, _: PrintUnknown(reason),
}


def _told(answer: T | StorageTrouble) -> T | JournalTrouble:
    return JournalTrouble(answer.reason) if isinstance(answer, StorageTrouble) else answer
