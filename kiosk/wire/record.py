"""Records as bytes: canonical JSON (sorted members, no blanks, UTF-8), the picture of the face in base64."""

import base64
import json
from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from kiosk.domain.case import Consent, EligibilityCase, Finding, Rating
from kiosk.domain.citizen_number import CitizenNumber, parse_citizen_number
from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.domain.identity_document import IdentityDocument, Sex
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber, parse_receipt_number
from kiosk.ports.outbox import Record
from kiosk.wire.messages import LongText, Message, ReceiptText, ShortText

CASE_KIND = "eligibility-case"
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


class _Rating(Message):
    kind: Literal["rating"]
    key: ShortText
    receipt: ReceiptText
    grade: Annotated[int, Field(ge=1, le=5)]
    tags: Annotated[tuple[Annotated[str, Field(max_length=8)], ...], Field(max_length=16, strict=False)]
    given_at: AwareDatetime


_RECORD: TypeAdapter[_Case | _Rating] = TypeAdapter(Annotated[_Case | _Rating, Field(discriminator="kind")])


def kind_of(record: Record) -> str:
    return CASE_KIND if isinstance(record, EligibilityCase) else RATING_KIND


def encode_record(record: Record) -> bytes:
    """The same record gives the same bytes, everywhere and always. Raises ValueError when a bound is exceeded."""
    message = _case_message(record) if isinstance(record, EligibilityCase) else _rating_message(record)
    return canonical(message.model_dump(mode="json"))


def decode_record(data: bytes) -> Record | None:
    """The record in ``data``, or None when it is not one: wrong form, number or check character that does not hold."""
    try:
        message = _RECORD.validate_json(data)
        return _case(message) if isinstance(message, _Case) else _rating(message)
    except ValueError:
        return None


def canonical(members: object) -> bytes:
    return json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _case_message(case: EligibilityCase) -> _Case:
    document, comparison = case.document, case.comparison
    return _Case(
        kind="eligibility-case",
        key=case.key,
        receipt=case.receipt.value,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        document=_Document(
            name=document.name.value,
            number=document.number.value,
            sex=document.sex,
            ethnicity_code=document.ethnicity_code,
            address=document.address,
            authority=document.authority,
            valid_from=document.valid_from,
            valid_to=document.valid_to,
        ),
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
    document, comparison = message.document, message.comparison
    return EligibilityCase(
        key=message.key,
        receipt=_receipt(message.receipt),
        opened_at=message.opened_at,
        closed_at=message.closed_at,
        document=IdentityDocument(
            name=PersonName(document.name),
            number=_citizen_number(document.number),
            sex=document.sex,
            ethnicity_code=document.ethnicity_code,
            address=document.address,
            authority=document.authority,
            valid_from=document.valid_from,
            valid_to=document.valid_to,
        ),
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
