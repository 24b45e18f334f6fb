"""How records look on the wire, member by member, before they are bytes (``kiosk.wire.record``)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from kiosk.domain.case import DeskReason, Finding
from kiosk.domain.identity_document import IdentityWay
from kiosk.wire.messages import DocumentMessage, Message, ReceiptText, ShortText, Word
from kiosk.wire.moment import Moment
from kiosk.wire.reconciliation import DayMessage

MAX_CROP_BYTES = 256 * 1024
"""A JPEG of a face; a longer one is not evidence but a mistake."""

MAX_CHIP_PHOTO_BYTES = 1024
"""The portrait file of the card's chip (GA/T 490)."""

_MAX_CROP_TEXT = (MAX_CROP_BYTES + 2) // 3 * 4
_MAX_PHOTO_TEXT = (MAX_CHIP_PHOTO_BYTES + 2) // 3 * 4
_Signals = Annotated[dict[Annotated[str, Field(max_length=48)], float], Field(max_length=64)]


class ConsentMessage(Message):
    version: Annotated[str, Field(min_length=1, max_length=64)]
    given_at: Moment


class LivenessMessage(Message):
    proven: bool
    action: ShortText
    signals: _Signals


class ComparisonMessage(Message):
    distance: float
    threshold: float
    frames: Annotated[int, Field(ge=0)]
    model: Annotated[str, Field(max_length=128)]


class HelperMessage(Message):
    name: ShortText
    number: Annotated[str, Field(min_length=18, max_length=18)]


class CaseMessage(Message):
    """Members that came later have defaults, so that what a terminal queued before its update still arrives."""

    kind: Literal["eligibility-case"]
    key: ShortText
    receipt: ReceiptText
    opened_at: Moment
    closed_at: Moment
    document: DocumentMessage
    document_expired: bool
    consent: ConsentMessage
    liveness: LivenessMessage
    comparison: ComparisonMessage | None
    finding: Finding
    offline: bool
    crop: Annotated[str, Field(max_length=_MAX_CROP_TEXT)] | None
    identified_by: IdentityWay = IdentityWay.ID_CARD
    keeping: ConsentMessage | None = None
    chip_photo: Annotated[str, Field(max_length=_MAX_PHOTO_TEXT)] | None = None
    reference_digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    resume: bool = False
    helper: HelperMessage | None = None


class ProofMessage(Message):
    kind: Literal["proof"]
    key: ShortText
    receipt: ReceiptText
    document: DocumentMessage
    confirmed_on: date | None
    due_on: date | None
    printed_at: Moment


class RatingMessage(Message):
    kind: Literal["rating"]
    key: ShortText
    receipt: ReceiptText
    grade: Annotated[int, Field(ge=1, le=5)]
    tags: Annotated[tuple[Annotated[str, Field(max_length=8)], ...], Field(max_length=16, strict=False)]
    given_at: Moment


class ReferralMessage(Message):
    kind: Literal["desk-referral"]
    key: ShortText
    receipt: ReceiptText
    reason: DeskReason
    number: Annotated[str, Field(min_length=18, max_length=18)]
    name: ShortText | None
    made_at: Moment


class VisitMessage(Message):
    kind: Literal["home-visit"]
    key: ShortText
    receipt: ReceiptText
    document: DocumentMessage
    phone: Annotated[str, Field(pattern=r"^1[3-9]\d{9}$")]
    wished_on: date
    asked_at: Moment


class VoidMessage(Message):
    kind: Literal["voided-number"]
    key: ShortText
    receipt: ReceiptText
    reason: Word
    voided_at: Moment
    replaced_by: ReceiptText | None
    staff: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{0,16}$")]
    way: Literal["", "pin", "challenge"]


RecordMessage = CaseMessage | ProofMessage | RatingMessage | ReferralMessage | VisitMessage | VoidMessage | DayMessage
