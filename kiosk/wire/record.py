"""Records as bytes: canonical JSON (sorted members, no blanks, UTF-8), the picture of the face in base64."""

import base64
import json
from datetime import date
from typing import Annotated, Literal, assert_never

from pydantic import AwareDatetime, Field, TypeAdapter

from kiosk.domain.case import Consent, EligibilityCase, Finding, ProofSlip, Rating
from kiosk.domain.citizen_number import CitizenNumber, parse_citizen_number
from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.domain.identity_document import IdentityDocument, Sex
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber, parse_receipt_number
from kiosk.ports.outbox import Record
from kiosk.wire.messages import LongText, Message, ReceiptText, ShortText

CASE_KIND = "eligibility-case"
PROOF_KIND = "proof"
RATING_KIND = "rating"

MAX_CROP_BYTES = 256 * 1024
"""A JPEG of a face; a longer one is not evidence but a mistake."""

_MAX_CROP_TEXT = (MAX_CROP_BYTES + 2) // 3 * 4
_Signals = Annotated[dict[Annotated[str, Field(max_length=48)], float], Field(max_length=64)]


class _Document(Message):
    name: ShortText
    number: Annotated[str, Field(min_length=18, max_length=18)]
    sex: Sex
    ethnicity_code: Annotated[str, Field(max_length=8)]
    address: LongText
    authority: LongText
    valid_from: date
    valid_to: date | None


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


class _Case(Message):
    kind: Literal["eligibility-case"]
    key: ShortText
    receipt: ReceiptText
    opened_at: AwareDatetime
    closed_at: AwareDatetime
    document: _Document
    document_expired: bool
    consent: _Consent
    liveness: _Liveness
    comparison: _Comparison | None
    finding: Finding
    offline: bool
    crop: Annotated[str, Field(max_length=_MAX_CROP_TEXT)] | None


class _Proof(Message):
    kind: Literal["proof"]
    key: ShortText
    receipt: ReceiptText
    document: _Document
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


_Wired = _Case | _Proof | _Rating
_RECORD: TypeAdapter[_Wired] = TypeAdapter(Annotated[_Wired, Field(discriminator="kind")])


def kind_of(record: Record) -> str:
    match record:
        case EligibilityCase():
            return CASE_KIND
        case ProofSlip():
            return PROOF_KIND
        case Rating():
            return RATING_KIND
        case _:
            assert_never(record)


def encode_record(record: Record) -> bytes:
    """The same record gives the same bytes, everywhere and always. Raises ValueError when a bound is exceeded."""
    return canonical(_message(record).model_dump(mode="json"))


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
        document=_document_message(case.document),
        document_expired=case.document_expired,
        consent=_Consent(version=case.consent.version, given_at=case.consent.given_at),
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
        crop=None if case.crop is None else base64.b64encode(case.crop).decode(),
    )


def _case(message: _Case) -> EligibilityCase:
    comparison = message.comparison
    return EligibilityCase(
        key=message.key,
        receipt=_receipt(message.receipt),
        opened_at=message.opened_at,
        closed_at=message.closed_at,
        document=_document(message.document),
        document_expired=message.document_expired,
        consent=Consent(message.consent.version, message.consent.given_at),
        liveness=LivenessResult(message.liveness.proven, message.liveness.action, message.liveness.signals),
        comparison=None
        if comparison is None
        else FaceComparison(comparison.distance, comparison.threshold, comparison.frames, comparison.model),
        finding=message.finding,
        offline=message.offline,
        crop=None if message.crop is None else base64.b64decode(message.crop, validate=True),
    )


def _proof_message(slip: ProofSlip) -> _Proof:
    return _Proof(
        kind="proof",
        key=slip.key,
        receipt=slip.receipt.value,
        document=_document_message(slip.document),
        confirmed_on=slip.confirmed_on,
        due_on=slip.due_on,
        printed_at=slip.printed_at,
    )


def _proof(message: _Proof) -> ProofSlip:
    return ProofSlip(
        key=message.key,
        receipt=_receipt(message.receipt),
        document=_document(message.document),
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


def _document_message(document: IdentityDocument) -> _Document:
    return _Document(
        name=document.name.value,
        number=document.number.value,
        sex=document.sex,
        ethnicity_code=document.ethnicity_code,
        address=document.address,
        authority=document.authority,
        valid_from=document.valid_from,
        valid_to=document.valid_to,
    )


def _document(message: _Document) -> IdentityDocument:
    return IdentityDocument(
        name=PersonName(message.name),
        number=_citizen_number(message.number),
        sex=message.sex,
        ethnicity_code=message.ethnicity_code,
        address=message.address,
        authority=message.authority,
        valid_from=message.valid_from,
        valid_to=message.valid_to,
    )


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
