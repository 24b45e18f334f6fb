"""A terminal's day on the wire: rows of fixed columns, as short as a day of some hundred numbers wants."""

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field

from kiosk.domain.case import Outcome
from kiosk.domain.day_summary import DayPaper, DayRecord, DaySummary, PaperStanding, RecordStanding
from kiosk.domain.receipt_number import ReceiptNumber, parse_receipt_number
from kiosk.wire.messages import Message, ReceiptText, ShortText, Word
from kiosk.wire.moment import Moment

DAY_KIND: Final = "day-summary"

MAX_DAY_ROWS = 1500
"""Records of a day, and papers of a day; both lists together fit into an envelope. At 90 s a citizen a day and a
night have 960."""


class DayRecordRow(Message):
    receipt: ReceiptText
    kind: Word
    standing: RecordStanding
    outcome: Outcome | None
    replaced_by: ReceiptText | None = None


class DayPaperRow(Message):
    receipt: ReceiptText
    standing: PaperStanding


class DayMessage(Message):
    kind: Literal["day-summary"]
    key: ShortText
    day: date
    made_at: Moment
    issued: Annotated[int, Field(ge=0, le=999_999)]
    records: Annotated[tuple[DayRecordRow, ...], Field(max_length=MAX_DAY_ROWS, strict=False)]
    papers: Annotated[tuple[DayPaperRow, ...], Field(max_length=MAX_DAY_ROWS, strict=False)]


def day_message(summary: DaySummary) -> DayMessage:
    """Raises ValueError for a day of more rows than any."""
    return DayMessage(
        kind=DAY_KIND,
        key=summary.key,
        day=summary.day,
        made_at=summary.made_at,
        issued=summary.issued,
        records=tuple(_row(record) for record in summary.records),
        papers=tuple(DayPaperRow(receipt=row.receipt.value, standing=row.standing) for row in summary.papers),
    )


def day_summary(message: DayMessage) -> DaySummary:
    """Raises ValueError when a number does not hold."""
    return DaySummary(
        key=message.key,
        day=message.day,
        made_at=message.made_at,
        issued=message.issued,
        records=tuple(_record(row) for row in message.records),
        papers=tuple(DayPaper(_receipt(row.receipt), row.standing) for row in message.papers),
    )


def _row(record: DayRecord) -> DayRecordRow:
    return DayRecordRow(
        receipt=record.receipt.value,
        kind=record.kind,
        standing=record.standing,
        outcome=record.outcome,
        replaced_by=None if record.replaced_by is None else record.replaced_by.value,
    )


def _record(row: DayRecordRow) -> DayRecord:
    replaced_by = None if row.replaced_by is None else _receipt(row.replaced_by)
    return DayRecord(_receipt(row.receipt), row.kind, row.standing, row.outcome, replaced_by)


def _receipt(text: str) -> ReceiptNumber:
    receipt = parse_receipt_number(text)
    if receipt is None:
        raise ValueError("not a receipt number")
    return receipt
