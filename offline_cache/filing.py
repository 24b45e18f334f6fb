"""What of a record may stand beside its sealed body in clear, and by which order it leaves.

Two rules. **In a lane nothing overtakes**: all records of one citizen are in one lane, so they arrive in the order in
which they were made. **Between lanes** the urgent go first, then the small, those with a picture last.

A lane says little of whom it is: five bits of an HMAC of the citizen number, so that some 30 citizens of a thousand
share it, under a key that is drawn anew whenever the queue was empty.
"""

import hmac
from dataclasses import dataclass, field
from enum import IntEnum

from kiosk.domain.case import DeskReferral, EligibilityCase, HomeVisitRequest, ProofSlip, Rating, VoidedNumber
from kiosk.ports.outbox import Record
from kiosk.wire.record import kind_of

LANES = 32
LANE_KEY_BYTES = 32


class Priority(IntEnum):
    """Lower goes first. A number that is void is somebody's paper that must not count."""

    URGENT = 0
    SMALL = 1
    LARGE = 2
    LAST = 3


@dataclass(frozen=True, slots=True)
class Filing:
    """``receipt`` is the number the record belongs to; ``person`` the citizen number, for the lane only and never
    stored; ``limited`` records are taken in place of a hall that does not answer, and count against domain.md 5.3.5's
    limits; ``replaced_by`` is the number in place of a void one."""

    key: str
    kind: str
    receipt: str | None
    person: str | None = field(repr=False)
    priority: Priority = Priority.SMALL
    limited: bool = False
    replaced_by: str | None = None


def filing_of(record: Record) -> Filing:
    match record:
        case EligibilityCase(key=key, receipt=receipt, document=document, offline=offline):
            return Filing(key, kind_of(record), receipt.value, document.number.value, limited=offline)
        case HomeVisitRequest(key=key, receipt=receipt, document=document):
            return Filing(key, kind_of(record), receipt.value, document.number.value, limited=True)
        case ProofSlip(key=key, receipt=receipt, document=document):
            return Filing(key, kind_of(record), receipt.value, document.number.value)
        case DeskReferral(key=key, receipt=receipt, number=number):
            return Filing(key, kind_of(record), receipt.value, number.value, limited=True)
        case Rating(key=key, receipt=receipt):
            return Filing(key, kind_of(record), receipt.value, None)
        case VoidedNumber(key=key, receipt=receipt, replaced_by=replaced_by):
            new = None if replaced_by is None else replaced_by.value
            return Filing(key, kind_of(record), receipt.value, None, Priority.URGENT, replaced_by=new)
        case _:
            return Filing(record.key, kind_of(record), None, None, Priority.LAST)


def lane_of(filing: Filing, lane_key: bytes) -> int:
    """Of a record that names nobody: the lane of its receipt, which is right where no record of that receipt waits."""
    whose = filing.person or filing.receipt or filing.key
    return hmac.digest(lane_key, whose.encode(), "sha256")[0] % LANES


def priority_of(filing: Filing, size: int, small_bytes: int) -> Priority:
    """``size`` is that of the sealed body."""
    large = filing.priority is Priority.SMALL and size > small_bytes
    return Priority.LARGE if large else filing.priority
