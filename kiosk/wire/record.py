"""Records as bytes: canonical JSON (sorted members, no blanks, UTF-8), the picture of the face in base64."""

import base64
import json
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal, assert_never

from pydantic import AwareDatetime, Field, TypeAdapter

from kiosk.domain.case import (
    Consent,
    DeskReason,
    DeskReferral,
    EligibilityCase,
    Finding,
    Helper,
    HomeVisitRequest,
    ProofSlip,
    Rating,
    VoidedNumber,
)
from kiosk.domain.citizen_number import CitizenNumber, parse_citizen_number
from kiosk.domain.day_summary import DaySummary
from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.domain.identity_document import IdentityWay
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber, parse_receipt_number
from kiosk.ports.outbox import Record
from kiosk.wire.messages import DocumentMessage, Message, ReceiptText, ShortText, Word, base64_bytes
from kiosk.wire.reconciliation import DAY_KIND, DayMessage, day_message, day_summary

CASE_KIND = "eligibility-case"
PROOF_KIND = "proof"
RATING_KIND = "rating"
REFERRAL_KIND = "desk-referral"
VISIT_KIND = "home-visit"
VOID_KIND = "voided-number"

MAX_CROP_BYTES = 256 * 1024
"""A JPEG of a face; a longer one is not evidence but a mistake."""

MAX_CHIP_PHOTO_BYTES = 1024
"""The portrait file of the card's chip (GA/T 490)."""

_MAX_CROP_TEXT = (MAX_CROP_BYTES + 2) // 3 * 4
_EMPTY_PICTURE = b'"crop":""'
_MAX_PHOTO_TEXT = (MAX_CHIP_PHOTO_BYTES + 2) // 3 * 4
_Signals = Annotated[dict[Annotated[str, Field(max_length=48)], float], Field(max_length=64)]


class _Consent(Message):
    version: Annotated[str, Field(min_length=1, max_length=64)]
    given_at: AwareDatetime


class _Liveness(Message):
    proven: bool
    action: ShortText
    signals: _Signals


class _Comparison(Message):
    distance: float
    threshold: float
    frames: Annotated[int, Field(ge=0)]
    model: Annotated[str, Field(max_length=128)]


class _Helper(Message):
    name: ShortText
    number: Annotated[str, Field(min_length=18, max_length=18)]


class _Case(Message):
    """Members that came later have defaults, so that what a terminal queued before its update still arrives."""

    kind: Literal["eligibility-case"]
    key: ShortText
    receipt: ReceiptText
    opened_at: AwareDatetime
    closed_at: AwareDatetime
    document: DocumentMessage
    document_expired: bool
    consent: _Consent
    liveness: _Liveness
    comparison: _Comparison | None
    finding: Finding
    offline: bool
    crop: Annotated[str, Field(max_length=_MAX_CROP_TEXT)] | None
    identified_by: IdentityWay = IdentityWay.ID_CARD
    keeping: _Consent | None = None
    chip_photo: Annotated[str, Field(max_length=_MAX_PHOTO_TEXT)] | None = None
    reference_digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    resume: bool = False
    helper: _Helper | None = None


class _Proof(Message):
    kind: Literal["proof"]
    key: ShortText
    receipt: ReceiptText
    document: DocumentMessage
    confirmed_on: date | None
    due_on: date | None
    printed_at: AwareDatetime


class _Rating(Message):
    kind: Literal["rating"]
    key: ShortText
    receipt: ReceiptText
    grade: Annotated[int, Field(ge=1, le=5)]
    tags: Annotated[tuple[Annotated[str, Field(max_length=8)], ...], Field(max_length=16, strict=False)]
    given_at: AwareDatetime


class _Referral(Message):
    kind: Literal["desk-referral"]
    key: ShortText
    receipt: ReceiptText
    reason: DeskReason
    number: Annotated[str, Field(min_length=18, max_length=18)]
    name: ShortText | None
    made_at: AwareDatetime


class _Visit(Message):
    kind: Literal["home-visit"]
    key: ShortText
    receipt: ReceiptText
    document: DocumentMessage
    phone: Annotated[str, Field(pattern=r"^1[3-9]\d{9}$")]
    wished_on: date
    asked_at: AwareDatetime


class _Void(Message):
    kind: Literal["voided-number"]
    key: ShortText
    receipt: ReceiptText
    reason: Word
    voided_at: AwareDatetime
    replaced_by: ReceiptText | None
    staff: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{0,16}$")]
    way: Literal["", "pin", "challenge"]


_Wired = _Case | _Proof | _Rating | _Referral | _Visit | _Void | DayMessage
_RECORD: TypeAdapter[_Wired] = TypeAdapter(Annotated[_Wired, Field(discriminator="kind")])


def kind_of(record: Record) -> str:
    match record:
        case EligibilityCase():
            return CASE_KIND
        case ProofSlip():
            return PROOF_KIND
        case Rating():
            return RATING_KIND
        case DeskReferral():
            return REFERRAL_KIND
        case HomeVisitRequest():
            return VISIT_KIND
        case VoidedNumber():
            return VOID_KIND
        case DaySummary():
            return DAY_KIND
        case _:
            assert_never(record)


def encode_record(record: Record) -> bytes:
    """The same record gives the same bytes, everywhere and always. Raises ValueError when a bound is exceeded."""
    if isinstance(record, EligibilityCase) and record.crop:
        return _with_picture(record, record.crop)
    return canonical(_message(record).model_dump(mode="json"))


def _with_picture(case: EligibilityCase, crop: bytes) -> bytes:
    """As without this: the picture's text needs no escaping, so it is set into the finished bytes instead of being
    looked at character by character."""
    facts = canonical(_case_message(replace(case, crop=b"")).model_dump(mode="json"))
    before, _, after = facts.partition(_EMPTY_PICTURE)
    return b"".join((before, b'"crop":"', _base64_text(crop, MAX_CROP_BYTES), b'"', after))


def decode_record(data: bytes) -> Record | None:
    """The record in ``data``, or None when it is not one: wrong form, number or check character that does not hold."""
    try:
        return _record(_RECORD.validate_json(data))
    except ValueError:
        return None


def canonical(members: object) -> bytes:
    return json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _message(record: Record) -> _Wired:
    match record:
        case EligibilityCase():
            return _case_message(record)
        case ProofSlip():
            return _proof_message(record)
        case Rating():
            return _rating_message(record)
        case DeskReferral():
            return _referral_message(record)
        case HomeVisitRequest():
            return _visit_message(record)
        case VoidedNumber():
            return _void_message(record)
        case DaySummary():
            return day_message(record)
        case _:
            assert_never(record)


def _record(message: _Wired) -> Record:
    match message:
        case _Case():
            return _case(message)
        case _Proof():
            return _proof(message)
        case _Rating():
            return _rating(message)
        case _Referral():
            return _referral(message)
        case _Visit():
            return _visit(message)
        case _Void():
            return _void(message)
        case DayMessage():
            return day_summary(message)
        case _:
            assert_never(message)


def _case_message(case: EligibilityCase) -> _Case:
    comparison = case.comparison
    return _Case(
        kind="eligibility-case",
        key=case.key,
        receipt=case.receipt.value,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        document=DocumentMessage.of(case.document),
        document_expired=case.document_expired,
        consent=_consent_message(case.consent),
        liveness=_Liveness(
            proven=case.liveness.proven, action=case.liveness.action, signals=dict(case.liveness.signals)
        ),
        comparison=None
        if comparison is None
        else _Comparison(
            distance=comparison.distance,
            threshold=comparison.threshold,
            frames=comparison.frames,
            model=comparison.model,
        ),
        finding=case.finding,
        offline=case.offline,
        crop=_base64(case.crop, MAX_CROP_BYTES),
        identified_by=case.identified_by,
        keeping=None if case.keeping is None else _consent_message(case.keeping),
        chip_photo=_base64(case.chip_photo, MAX_CHIP_PHOTO_BYTES),
        reference_digest=case.reference_digest,
        resume=case.resume,
        helper=None if case.helper is None else _Helper(name=case.helper.name.value, number=case.helper.number.value),
    )


def _case(message: _Case) -> EligibilityCase:
    comparison = message.comparison
    return EligibilityCase(
        key=message.key,
        receipt=_receipt(message.receipt),
        opened_at=message.opened_at,
        closed_at=message.closed_at,
        document=message.document.document(),
        document_expired=message.document_expired,
        consent=_consent(message.consent),
        liveness=LivenessResult(message.liveness.proven, message.liveness.action, message.liveness.signals),
        comparison=None
        if comparison is None
        else FaceComparison(comparison.distance, comparison.threshold, comparison.frames, comparison.model),
        finding=message.finding,
        offline=message.offline,
        crop=_bytes(message.crop, MAX_CROP_BYTES),
        identified_by=message.identified_by,
        keeping=None if message.keeping is None else _consent(message.keeping),
        chip_photo=_bytes(message.chip_photo, MAX_CHIP_PHOTO_BYTES),
        reference_digest=message.reference_digest,
        resume=message.resume,
        helper=None
        if message.helper is None
        else Helper(PersonName(message.helper.name), _citizen_number(message.helper.number)),
    )


def _proof_message(slip: ProofSlip) -> _Proof:
    return _Proof(
        kind="proof",
        key=slip.key,
        receipt=slip.receipt.value,
        document=DocumentMessage.of(slip.document),
        confirmed_on=slip.confirmed_on,
        due_on=slip.due_on,
        printed_at=slip.printed_at,
    )


def _proof(message: _Proof) -> ProofSlip:
    return ProofSlip(
        key=message.key,
        receipt=_receipt(message.receipt),
        document=message.document.document(),
        confirmed_on=message.confirmed_on,
        due_on=message.due_on,
        printed_at=message.printed_at,
    )


def _rating_message(rating: Rating) -> _Rating:
    return _Rating(
        kind="rating",
        key=rating.key,
        receipt=rating.receipt.value,
        grade=rating.grade,
        tags=rating.tags,
        given_at=rating.given_at,
    )


def _rating(message: _Rating) -> Rating:
    return Rating(message.key, _receipt(message.receipt), message.grade, message.tags, message.given_at)


def _referral_message(referral: DeskReferral) -> _Referral:
    return _Referral(
        kind="desk-referral",
        key=referral.key,
        receipt=referral.receipt.value,
        reason=referral.reason,
        number=referral.number.value,
        name=None if referral.name is None else referral.name.value,
        made_at=referral.made_at,
    )


def _referral(message: _Referral) -> DeskReferral:
    return DeskReferral(
        key=message.key,
        receipt=_receipt(message.receipt),
        reason=message.reason,
        number=_citizen_number(message.number),
        name=None if message.name is None else PersonName(message.name),
        made_at=message.made_at,
    )


def _visit_message(visit: HomeVisitRequest) -> _Visit:
    return _Visit(
        kind="home-visit",
        key=visit.key,
        receipt=visit.receipt.value,
        document=DocumentMessage.of(visit.document),
        phone=visit.phone,
        wished_on=visit.wished_on,
        asked_at=visit.asked_at,
    )


def _visit(message: _Visit) -> HomeVisitRequest:
    return HomeVisitRequest(
        key=message.key,
        receipt=_receipt(message.receipt),
        document=message.document.document(),
        phone=message.phone,
        wished_on=message.wished_on,
        asked_at=message.asked_at,
    )


def _void_message(void: VoidedNumber) -> _Void:
    """The way travels as its word; another one than ``_Void`` knows is a mistake of the caller."""
    return _Void.model_validate(
        {
            "kind": VOID_KIND,
            "key": void.key,
            "receipt": void.receipt.value,
            "reason": void.reason,
            "voided_at": void.voided_at,
            "replaced_by": None if void.replaced_by is None else void.replaced_by.value,
            "staff": void.staff,
            "way": void.way,
        }
    )


def _void(message: _Void) -> VoidedNumber:
    return VoidedNumber(
        key=message.key,
        receipt=_receipt(message.receipt),
        reason=message.reason,
        voided_at=message.voided_at,
        replaced_by=None if message.replaced_by is None else _receipt(message.replaced_by),
        staff=message.staff,
        way=message.way,
    )


def _consent_message(consent: Consent) -> _Consent:
    return _Consent(version=consent.version, given_at=consent.given_at)


def _consent(message: _Consent) -> Consent:
    return Consent(message.version, message.given_at)


def _base64(data: bytes | None, most: int) -> str | None:
    return None if data is None else _base64_text(data, most).decode()


def _base64_text(data: bytes, most: int) -> bytes:
    if len(data) > most:
        raise ValueError("picture too long")
    return base64.b64encode(data)


def _bytes(text: str | None, most: int) -> bytes | None:
    return None if text is None else base64_bytes(text, most)


def _receipt(text: str) -> ReceiptNumber:
    receipt = parse_receipt_number(text)
    if receipt is None:
        raise ValueError("not a receipt number")
    return receipt


def _citizen_number(text: str) -> CitizenNumber:
    number = parse_citizen_number(text)
    if not isinstance(number, CitizenNumber):
        raise ValueError("not a citizen number")
    return number
