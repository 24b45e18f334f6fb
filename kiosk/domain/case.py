"""A case (办件) of the eligibility confirmation: what the terminal established and what the hall decided."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.domain.identity_document import IdentityDocument, IdentityWay
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber


class Outcome(Enum):
    """The four ways a session may end for the citizen (domain.md 5)."""

    PASSED = "PASSED"
    PENDING = "PENDING"
    REFERRED = "REFERRED"
    CANCELLED = "CANCELLED"


class Finding(Enum):
    """What the terminal itself found; the hall decides on it."""

    MATCHED = "MATCHED"
    LIVENESS_NOT_PROVEN = "LIVENESS_NOT_PROVEN"
    SPOOF_SUSPECTED = "SPOOF_SUSPECTED"
    NOT_MATCHED = "NOT_MATCHED"
    NOT_COMPARED = "NOT_COMPARED"
    HELPER_FACE = "HELPER_FACE"


@dataclass(frozen=True, slots=True)
class Consent:
    """The citizen's consent to the text of version ``version``."""

    version: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Helper:
    """Who operated the terminal for the citizen (帮办人员, E-19), by the own card."""

    name: PersonName
    number: CitizenNumber


@dataclass(frozen=True, slots=True)
class EligibilityCase:
    """The facts of one confirmation. ``key`` is its permanent idempotency key.

    ``offline`` says that no roster answer was had before the capture. ``crop`` is a JPEG of the live face,
    present only where a person will have to look and ``keeping``, the consent to that, was given, or where a spoof is
    suspected (domain.md 2.7). ``chip_photo`` is the card's sealed portrait where nothing here could decode it;
    ``reference_digest`` the SHA-256 of the picture compared with. ``resume`` asks for a suspended payment to go on
    after a pass (RESUME_REQUEST, E-09).
    """

    key: str
    receipt: ReceiptNumber
    opened_at: datetime
    closed_at: datetime
    document: IdentityDocument
    document_expired: bool
    consent: Consent
    liveness: LivenessResult
    comparison: FaceComparison | None
    finding: Finding
    offline: bool
    crop: bytes | None = field(repr=False)
    identified_by: IdentityWay = IdentityWay.ID_CARD
    keeping: Consent | None = None
    chip_photo: bytes | None = field(default=None, repr=False)
    reference_digest: str | None = None
    resume: bool = False
    helper: Helper | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """One 好差评: grade 1 to 5 and the ticked reason tags of that grade, bound to a case by its receipt."""

    key: str
    receipt: ReceiptNumber
    grade: int
    tags: tuple[str, ...]
    given_at: datetime


@dataclass(frozen=True, slots=True)
class VoidedNumber:
    """A number whose paper is in doubt, was taken back by the printer, or must not count: whoever checks it is told so.
    ``reason`` is a stable word. ``replaced_by`` is the new number, ``staff`` and ``way`` (pin, challenge) who allowed
    it; all three empty while there is none."""

    key: str
    receipt: ReceiptNumber
    reason: str
    voided_at: datetime
    replaced_by: ReceiptNumber | None = None
    staff: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class ProofSlip:
    """A printed proof of an earlier confirmation (E-07): nothing is decided by it, but its number can be looked up."""

    key: str
    receipt: ReceiptNumber
    document: IdentityDocument
    confirmed_on: date | None
    due_on: date | None
    printed_at: datetime


class DeskReason(Enum):
    """Why a person goes to a desk with a slip and without a face taken."""

    CARD_NOT_READ = "card-not-read"
    NAME_DIFFERS = "name-differs"
    NOT_LISTED = "not-listed"
    DESK_MUST_CHECK = "desk-must-check"


@dataclass(frozen=True, slots=True)
class DeskReferral:
    """A slip for the desk (E-01, E-05, E-06, E-10): what staff need at hand when the citizen comes with its number.
    ``name`` is None when the number was typed."""

    key: str
    receipt: ReceiptNumber
    reason: DeskReason
    number: CitizenNumber
    name: PersonName | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class HomeVisitRequest:
    """A relative asks for staff to come to somebody who cannot (E-32). ``phone`` is the relative's."""

    key: str
    receipt: ReceiptNumber
    document: IdentityDocument
    phone: str = field(repr=False)
    wished_on: date
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class HallDecision:
    """The hall's word on a case. ``next_due`` is known after a pass; ``confirmed_on`` is the day it counts from;
    ``resumes_on`` the first day of the month from which a suspended payment goes on (E-09).

    ``void`` is told to whoever looks a number up: its paper counts no longer, the result stands. ``replaced_by`` is the
    number that counts in its place, None while there is none."""

    receipt: ReceiptNumber
    outcome: Outcome
    confirmed_on: date | None
    next_due: date | None
    resumes_on: date | None = None
    void: bool = False
    replaced_by: ReceiptNumber | None = None

    @property
    def number_that_counts(self) -> ReceiptNumber | None:
        """What a copy may bear; None where the number is void and no other is in its place."""
        return self.replaced_by if self.void else self.receipt
