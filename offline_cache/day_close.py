"""After midnight the terminal accounts for the day before: what it accepted, sent, was told, printed and voided.

Which days are still open stands in the file, so that a terminal that was off accounts for them when it is on again. A
day of which another record came later, a void for instance, is summed up again.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import apsw

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.case import Outcome
from kiosk.domain.china_time import CHINA
from kiosk.domain.day_summary import DayPaper, DayRecord, DaySummary, PaperStanding, RecordStanding
from kiosk.domain.receipt_number import ReceiptNumber, parse_receipt_number
from kiosk.ports.audit import Audit
from kiosk.ports.clock import Clock
from kiosk.ports.outbox import Outbox, OutboxRefused
from kiosk.wire.reconciliation import DAY_KIND
from offline_cache.rounds import Stop, never
from offline_cache.store import StorageTrouble, Store

CLOSED_FROM = timedelta(minutes=30)
CLOSED_WITHIN = timedelta(hours=3)
"""Each terminal at a moment of its own, lest all of a province account in the same second."""

_OPEN_DAYS = """
    SELECT day FROM (
        SELECT day, 0 AS at FROM receipt_counter
        UNION ALL
        SELECT substr(number, 4, 4) || '-' || substr(number, 8, 2) || '-' || substr(number, 10, 2), queued_at
        FROM receipt
        UNION ALL
        SELECT substr(job, 4, 4) || '-' || substr(job, 8, 2) || '-' || substr(job, 10, 2), opened_at
        FROM print_try WHERE job GLOB '[A-Z][A-Z]-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-*'
    ) LEFT JOIN day_closed USING (day)
    WHERE day <= ? GROUP BY day HAVING closed_at IS NULL OR max(at) > closed_at ORDER BY day
"""
_RECORDS = """
    SELECT number, receipt.kind, sent_at, outcome, replaced_by, record.id, dead_reason
    FROM receipt LEFT JOIN record USING (id)
    WHERE substr(number, 4, 8) = ? AND receipt.id IN (SELECT max(id) FROM receipt GROUP BY key) ORDER BY receipt.id
"""
_PAPERS = """
    SELECT job, verdict FROM print_try JOIN (SELECT max(id) AS id FROM print_try GROUP BY job) USING (id)
    WHERE substr(job, 4, 8) = ? ORDER BY id
"""
_PAPER_STANDINGS = {None: PaperStanding.OPEN} | {each.value: each for each in PaperStanding}


class DayClose:
    """``run_due`` is called now and then; between the days it costs nothing."""

    def __init__(self, store: Store, outbox: Outbox, audit: Audit, clock: Clock, random: Callable[[], float]) -> None:
        """``random`` gives 0 to 1."""
        self._store = store
        self._outbox = outbox
        self._audit = audit
        self._clock = clock
        self._from = CLOSED_FROM + CLOSED_WITHIN * random()
        self._nothing_open_until: date | None = None

    def run_due(self, stop: Stop = never) -> None:
        """Sums up every day that is over and open, until ``stop`` says so. One that cannot be queued now is tried again
        at the next call."""
        last = (self._clock.now().astimezone(CHINA) - self._from).date() - timedelta(days=1)
        if last == self._nothing_open_until:
            return
        days = self._open_days(last)
        if isinstance(days, StorageTrouble):
            return
        closed = [not stop() and self._close(date.fromisoformat(day)) for day in days]
        if all(closed):
            self._nothing_open_until = last

    def _open_days(self, last: date) -> list[str] | StorageTrouble:
        return self._store.read(
            lambda connection: [day for (day,) in connection.execute(_OPEN_DAYS, (last.isoformat(),))]
        )

    def _close(self, day: date) -> bool:
        made_at = self._clock.now()
        summary = self._store.read(lambda connection: _summary(connection, day, made_at))
        if isinstance(summary, StorageTrouble) or isinstance(self._outbox.put(summary), OutboxRefused):
            return False
        self._audit.record(AuditEvent(EventName.RECORD_QUEUED, step=DAY_KIND))
        closed = self._store.write(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO day_closed VALUES (?, ?)", (day.isoformat(), made_at.timestamp())
            )
        )
        return not isinstance(closed, StorageTrouble)


def _summary(connection: apsw.Connection, day: date, made_at: datetime) -> DaySummary:
    in_number = f"{day:%Y%m%d}"
    records = (_record(*row) for row in connection.execute(_RECORDS, (in_number,)))
    papers = (
        DayPaper(number, _PAPER_STANDINGS[verdict])
        for job, verdict in connection.execute(_PAPERS, (in_number,))
        if (number := parse_receipt_number(job)) is not None
    )
    issued = connection.execute("SELECT sum(last) FROM receipt_counter WHERE day = ?", (day.isoformat(),)).get
    return DaySummary(
        key=f"day-{in_number}-{int(made_at.timestamp())}",
        day=day,
        made_at=made_at,
        issued=issued or 0,
        records=tuple(records),
        papers=tuple(papers),
    )


def _record(
    number: str,
    kind: str,
    sent_at: float | None,
    outcome: str | None,
    replaced_by: str | None,
    waiting: int | None,
    dead_reason: str | None,
) -> DayRecord:
    """What neither was sent nor waits any more is a dead letter."""
    waits = waiting is not None and dead_reason is None
    standing = RecordStanding.WAITING if waits else RecordStanding.DEAD
    return DayRecord(
        receipt=ReceiptNumber(number),
        kind=kind,
        standing=standing if sent_at is None else RecordStanding.SENT,
        outcome=None if outcome is None else Outcome(outcome),
        replaced_by=None if replaced_by is None else ReceiptNumber(replaced_by),
    )
