"""Records as bytes: canonical JSON (sorted members, no blanks, UTF-8), the picture of the face in base64."""

import base64
import json
from dataclasses import replace
from typing import Annotated, assert_never

from pydantic import Field, TypeAdapter

from kiosk.domain.case import (
    Consent,
    DeskReferral,
    EligibilityCase,
    Helper,
    HomeVisitRequest,
    ProofSlip,
    Rating,
    VoidedNumber,
)
from kiosk.domain.citizen_number import CitizenNumber, parse_citizen_number
from kiosk.domain.day_summary import DaySummary
from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber, parse_receipt_number
from kiosk.ports.outbox import Record
from kiosk.wire.messages import DocumentMessage, base64_bytes
from kiosk.wire.reconciliation import DAY_KIND, DayMessage, day_message, day_summary
from kiosk.wire.record_messages import (
    MAX_CHIP_PHOTO_BYTES,
    MAX_CROP_BYTES,
    CaseMessage,
    ComparisonMessage,
    ConsentMessage,
    HelperMessage,
    LivenessMessage,
    ProofMessage,
    RatingMessage,
    RecordMessage,
    ReferralMessage,
    VisitMessage,
    VoidMessage,
)

CASE_KIND = "eligibility-case"
PROOF_KIND = "proof"
RATING_KIND = "rating"
REFERRAL_KIND = "desk-referral"
VISIT_KIND = "home-visit"
VOID_KIND = "voided-number"

_EMPTY_PICTURE = b'"crop":""'
_RECORD: TypeAdapter[RecordMessage] = TypeAdapter(Annotated[RecordMessage, Field(discriminator="kind")])


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


def _message(record: Record) -> RecordMessage:
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


def _record(message: RecordMessage) -> Record:
    match message:
        case CaseMessage():
            return _case(message)
        case ProofMessage():
            return _proof(message)
        case RatingMessage():
            return _rating(message)
        case ReferralMessage():
            return _referral(message)
        case VisitMessage():
            return _visit(message)
        case VoidMessage():
            return _void(message)
        case DayMessage():
            return day_summary(message)
        case _:
            assert_never(message)


def _case_message(case: EligibilityCase) -> CaseMessage:
    comparison = case.comparison
    return CaseMessage(
        kind="eligibility-case",
        key=case.key,
        receipt=case.receipt.value,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        document=DocumentMessage.of(case.document),
        document_expired=case.document_expired,
        consent=_consent_message(case.consent),
        liveness=LivenessMessage(
            proven=case.liveness.proven, action=case.liveness.action, signals=dict(case.liveness.signals)
        ),
        comparison=None
        if comparison is None
        else ComparisonMessage(
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
        helper=None
        if case.helper is None
        else HelperMessage(name=case.helper.name.value, number=case.helper.number.value),
    )


def _case(message: CaseMessage) -> EligibilityCase:
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


def _proof_message(slip: ProofSlip) -> ProofMessage:
    return ProofMessage(
        kind="proof",
        key=slip.key,
        receipt=slip.receipt.value,
        document=DocumentMessage.of(slip.document),
        confirmed_on=slip.confirmed_on,
        due_on=slip.due_on,
        printed_at=slip.printed_at,
    )


def _proof(message: ProofMessage) -> ProofSlip:
    return ProofSlip(
        key=message.key,
        receipt=_receipt(message.receipt),
        document=message.document.document(),
        confirmed_on=message.confirmed_on,
        due_on=message.due_on,
        printed_at=message.printed_at,
    )


def _rating_message(rating: Rating) -> RatingMessage:
    return RatingMessage(
        kind="rating",
        key=rating.key,
        receipt=rating.receipt.value,
        grade=rating.grade,
        tags=rating.tags,
        given_at=rating.given_at,
    )


def _rating(message: RatingMessage) -> Rating:
    return Rating(message.key, _receipt(message.receipt), message.grade, message.tags, message.given_at)


def _referral_message(referral: DeskReferral) -> ReferralMessage:
    return ReferralMessage(
        kind="desk-referral",
        key=referral.key,
        receipt=referral.receipt.value,
        reason=referral.reason,
        number=referral.number.value,
        name=None if referral.name is None else referral.name.value,
        made_at=referral.made_at,
    )


def _referral(message: ReferralMessage) -> DeskReferral:
    return DeskReferral(
        key=message.key,
        receipt=_receipt(message.receipt),
        reason=message.reason,
        number=_citizen_number(message.number),
        name=None if message.name is None else PersonName(message.name),
        made_at=message.made_at,
    )


def _visit_message(visit: HomeVisitRequest) -> VisitMessage:
    return VisitMessage(
        kind="home-visit",
        key=visit.key,
        receipt=visit.receipt.value,
        document=DocumentMessage.of(visit.document),
        phone=visit.phone,
        wished_on=visit.wished_on,
        asked_at=visit.asked_at,
    )


def _visit(message: VisitMessage) -> HomeVisitRequest:
    return HomeVisitRequest(
        key=message.key,
        receipt=_receipt(message.receipt),
        document=message.document.document(),
        phone=message.phone,
        wished_on=message.wished_on,
        asked_at=message.asked_at,
    )


def _void_message(void: VoidedNumber) -> VoidMessage:
    """The way travels as its word; another one than ``VoidMessage`` knows is a mistake of the caller."""
    return VoidMessage.model_validate(
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


def _void(message: VoidMessage) -> VoidedNumber:
    return VoidedNumber(
        key=message.key,
        receipt=_receipt(message.receipt),
        reason=message.reason,
        voided_at=message.voided_at,
        replaced_by=None if message.replaced_by is None else _receipt(message.replaced_by),
        staff=message.staff,
        way=message.way,
    )


def _consent_message(consent: Consent) -> ConsentMessage:
    return ConsentMessage(version=consent.version, given_at=consent.given_at)


def _consent(message: ConsentMessage) -> Consent:
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
