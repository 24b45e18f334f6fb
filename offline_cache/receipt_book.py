"""The numbers this terminal gave out, and what became of them as far as it knows: nothing of whom they belong to.

A row is written with its record, in the same transaction, and completed when the hall has answered. So a number can be
looked up while the line is down, and a day can be summed up.
"""

from datetime import UTC, date, datetime

import apsw

from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.receipt_number import ReceiptNumber, parse_receipt_number
from kiosk.ports.outbox import KnownReceipt
from kiosk.wire.record import CASE_KIND, PROOF_KIND, REFERRAL_KIND, VISIT_KIND, VOID_KIND
from offline_cache.filing import Filing

_UNANSWERED = {
    CASE_KIND: Outcome.PENDING,
    PROOF_KIND: Outcome.CANCELLED,
    REFERRAL_KIND: Outcome.REFERRED,
    VISIT_KIND: Outcome.REFERRED,
}
"""What a citizen was told, by the kind of record, where the hall has not said more."""

_AT_ONCE = 20
"""Rows looked at in one go: a book that grew long is shortened by and by, and no write becomes a long one."""


def write_down(connection: apsw.Connection, record: int, filing: Filing, now: float) -> None:
    """``record`` is the row's id in the queue."""
    if filing.receipt is not None:
        connection.execute(
            "INSERT INTO receipt (id, key, number, kind, queued_at, replaced_by) VALUES (?, ?, ?, ?, ?, ?)",
            (record, filing.key, filing.receipt, filing.kind, now, filing.replaced_by),
        )


def forget(connection: apsw.Connection, before: float) -> None:
    """Strikes out numbers written down before that time, those of waiting records excepted."""
    connection.execute(
        "DELETE FROM receipt WHERE id IN (SELECT id FROM receipt ORDER BY id LIMIT ?) AND queued_at < ?"
        " AND id NOT IN (SELECT id FROM record)",
        (_AT_ONCE, before),
    )


def complete(connection: apsw.Connection, record: int, decision: HallDecision | None, now: float) -> None:
    """The hall has the record; ``decision`` is its word where one belongs to it."""
    if decision is None:
        connection.execute("UPDATE receipt SET sent_at = ? WHERE id = ?", (now, record))
        return
    connection.execute(
        "UPDATE receipt SET sent_at = ?, outcome = ?, confirmed_on = ?, next_due = ?, resumes_on = ? WHERE id = ?",
        (
            now,
            decision.outcome.value,
            _text(decision.confirmed_on),
            _text(decision.next_due),
            _text(decision.resumes_on),
            record,
        ),
    )


def recall(connection: apsw.Connection, number: ReceiptNumber) -> KnownReceipt | None:
    """A number that stands in the place of a void one is answered for by the record of that one."""
    replaced = connection.execute("SELECT number FROM receipt WHERE replaced_by = ?", (number.value,)).get
    rows: list[tuple[str, str | None, str | None, str | None, str | None, float]] = list(
        connection.execute(
            "SELECT kind, outcome, confirmed_on, next_due, resumes_on, ifnull(sent_at, queued_at) FROM receipt"
            " WHERE number IN (?, ?) ORDER BY id DESC",
            (number.value, replaced),
        )
    )
    answered = next((row for row in rows if row[0] in _UNANSWERED), None)
    if answered is None:
        return None
    kind, outcome, confirmed_on, next_due, resumes_on, as_of = answered
    void, replaced_by = _void(connection, number)
    decision = HallDecision(
        number,
        _UNANSWERED[kind] if outcome is None else Outcome(outcome),
        _date(confirmed_on),
        _date(next_due),
        _date(resumes_on),
        void,
        replaced_by,
    )
    return KnownReceipt(decision, datetime.fromtimestamp(as_of, UTC))


def _void(connection: apsw.Connection, number: ReceiptNumber) -> tuple[bool, ReceiptNumber | None]:
    rows: list[tuple[str | None]] = list(
        connection.execute(
            "SELECT replaced_by FROM receipt WHERE number = ? AND kind = ? ORDER BY replaced_by IS NULL, id DESC",
            (number.value, VOID_KIND),
        )
    )
    new = rows[0][0] if rows else None
    return bool(rows), None if new is None else parse_receipt_number(new)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
