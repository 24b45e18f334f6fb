"""A terminal's day as the terminal itself kept it: what was accepted, sent, decided, printed and voided, by numbers.

The day of an entry is the day in its receipt number, on both sides of the wire, so that nothing falls between two days.
Nothing here is of a person.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from kiosk.domain.case import Outcome
from kiosk.domain.receipt_number import ReceiptNumber


class RecordStanding(Enum):
    """Where a record was when the day was summed up. DEAD: the hall will never take it, staff must look."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


class PaperStanding(Enum):
    """What the print journal knows of a paper. OPEN: its try had not ended."""

    PRINTED = "printed"
    NOT_PRINTED = "not-printed"
    UNKNOWN = "unknown"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One accepted record. ``kind`` is its word on the wire (``kiosk.wire.record``); ``outcome`` is what the hall
    answered, None for records nothing is decided by and for those not sent yet. Two voids of one number are two;
    ``replaced_by`` is the number in a void one's place."""

    receipt: ReceiptNumber
    kind: str
    standing: RecordStanding
    outcome: Outcome | None = None
    replaced_by: ReceiptNumber | None = None


@dataclass(frozen=True, slots=True)
class DayPaper:
    """The last try at the paper of a number."""

    receipt: ReceiptNumber
    standing: PaperStanding


@dataclass(frozen=True, slots=True)
class DaySummary:
    """``issued`` is how many receipt numbers the terminal gave out for ``day``; a number that a power cut took stays
    unused. A day may be summed up again, under another key: the latest ``made_at`` counts."""

    key: str
    day: date
    made_at: datetime
    issued: int
    records: tuple[DayRecord, ...]
    papers: tuple[DayPaper, ...]
