"""The messages between terminal and hall platform. Strict: unknown members, wrong types, over-long texts are refused.

Every answer names itself in ``answer``, so that a page of some other server can never be taken for one.
"""

import base64
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.citizen_number import CitizenNumber, parse_citizen_number
from kiosk.domain.eligibility import ConfirmationSource, RosterEntry, RosterStatus
from kiosk.domain.identity_document import IdentityDocument, Sex
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import parse_receipt_number
from kiosk.ports.code_scanner import MAX_CODE_BYTES

MAX_ANSWER_BYTES = 16 * 1024
"""No answer of the platform is longer."""

MAX_PICTURE_BYTES = 10 * 1024
"""A reference picture (JPEG)."""

Word = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=48)]
"""A stable word for logs and for telling causes apart; never free text."""
ShortText = Annotated[str, Field(max_length=64)]
LongText = Annotated[str, Field(max_length=256)]
ReceiptText = Annotated[str, Field(max_length=32)]
KeyId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


def base64_bytes(text: str, most: int) -> bytes:
    """Raises ValueError when ``text`` is not base64, or of more than ``most`` bytes."""
    data = base64.b64decode(text, validate=True)
    if len(data) > most:
        raise ValueError("too long")
    return data


def _is_code(text: str) -> str:
    base64_bytes(text, MAX_CODE_BYTES)
    return text


_PictureText = Annotated[str, Field(max_length=(MAX_PICTURE_BYTES + 2) // 3 * 4)]


class Message(BaseModel):
    """Frozen, strict, closed. Its repr shows no field: names, numbers and addresses travel in messages."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True)

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        return ()


class RosterQuery(Message):
    """Asks for one beneficiary; travels signed and sealed like a record."""

    number: Annotated[str, Field(min_length=18, max_length=18)]
    name: Annotated[str, Field(min_length=1, max_length=64)]
    area: ShortText | None = None


class HolderQuery(Message):
    """Asks whose ``code`` (base64) of ``issuer`` this is; travels signed and sealed like a record."""

    issuer: Word
    code: Annotated[str, Field(min_length=4, max_length=(MAX_CODE_BYTES + 2) // 3 * 4), AfterValidator(_is_code)]

    @classmethod
    def of(cls, code: bytes, issuer: str) -> "HolderQuery":
        """Raises ValueError when nobody shows such a code: none at all, or a longer one than any."""
        return cls(issuer=issuer, code=base64.b64encode(code).decode())

    def payload(self) -> bytes:
        return base64.b64decode(self.code)


class ReferenceQuery(Message):
    """Asks for the platform's own picture of a person."""

    reference_of: Annotated[str, Field(min_length=18, max_length=18)]
    name: Annotated[str, Field(min_length=1, max_length=64)]


class CertificateQuery(Message):
    """Asks for a certificate's number, signed by the gateway. ``certificate`` is the kind of paper it is for (insured,
    contributions, eligibility, licence, statement, card-loss, notice ...). The same asking key gets the same number, so
    that an answer lost on the way costs none."""

    certificate: Word


Query = RosterQuery | HolderQuery | ReferenceQuery | CertificateQuery


class DocumentMessage(Message):
    """An identity document's fields (``IdentityDocument``)."""

    name: ShortText
    number: Annotated[str, Field(min_length=18, max_length=18)]
    sex: Sex
    ethnicity_code: Annotated[str, Field(max_length=8)]
    address: LongText
    authority: LongText
    valid_from: date
    valid_to: date | None

    @classmethod
    def of(cls, document: IdentityDocument) -> "DocumentMessage":
        return cls(
            name=document.name.value,
            number=document.number.value,
            sex=document.sex,
            ethnicity_code=document.ethnicity_code,
            address=document.address,
            authority=document.authority,
            valid_from=document.valid_from,
            valid_to=document.valid_to,
        )

    def document(self) -> IdentityDocument:
        """Raises ValueError when the number does not hold."""
        number = parse_citizen_number(self.number)
        if not isinstance(number, CitizenNumber):
            raise ValueError("not a citizen number")
        return IdentityDocument(
            name=PersonName(self.name),
            number=number,
            sex=self.sex,
            ethnicity_code=self.ethnicity_code,
            address=self.address,
            authority=self.authority,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
        )


class RosterEntryMessage(Message):
    """The roster's entry (``RosterEntry``), without name and number: the terminal has them from the card."""

    answer: Literal["roster-entry"] = "roster-entry"
    scheme: ShortText
    area: ShortText
    status: RosterStatus
    confirmed_on: date | None
    due_on: date | None
    confirmed_this_window: bool
    source: ConfirmationSource | None
    office: LongText
    office_phone: ShortText
    other_place: bool = False

    @classmethod
    def of(cls, entry: RosterEntry) -> "RosterEntryMessage":
        return cls(
            scheme=entry.scheme,
            area=entry.area,
            status=entry.status,
            confirmed_on=entry.confirmed_on,
            due_on=entry.due_on,
            confirmed_this_window=entry.confirmed_this_window,
            source=entry.source,
            office=entry.office,
            office_phone=entry.office_phone,
            other_place=entry.other_place,
        )

    def entry(self) -> RosterEntry:
        return RosterEntry(**self.model_dump(exclude={"answer"}))


class NotInRosterMessage(Message):
    answer: Literal["not-in-roster"] = "not-in-roster"


class NameMismatchMessage(Message):
    answer: Literal["name-mismatch"] = "name-mismatch"


class DocumentBlockedMessage(Message):
    answer: Literal["document-blocked"] = "document-blocked"


class IdentityPausedMessage(Message):
    answer: Literal["identity-paused"] = "identity-paused"


class HolderMessage(Message):
    """Whose code it was; ``picture`` is a JPEG in base64."""

    answer: Literal["holder"] = "holder"
    document: DocumentMessage
    picture: _PictureText


class CodeExpiredMessage(Message):
    answer: Literal["code-expired"] = "code-expired"


class ReferenceMessage(Message):
    """``picture`` is a JPEG in base64."""

    answer: Literal["reference"] = "reference"
    picture: _PictureText


class NoReferenceMessage(Message):
    answer: Literal["no-reference"] = "no-reference"


class CertificateNumberMessage(Message):
    """``signature`` is the gateway's over the number, in base32 as it goes into the QR
    (``kiosk.wire.receipt_code.verification_of``)."""

    answer: Literal["certificate-number"] = "certificate-number"
    receipt: ReceiptText
    signature: Annotated[str, Field(pattern=r"^[A-Z2-7]{103}$")]


class DecisionMessage(Message):
    """The hall's word on a case; it names nobody. ``key`` is the delivered record's, None where one looked it up, and
    only who looks up is told ``void`` and ``replaced_by``."""

    answer: Literal["decision"] = "decision"
    key: ShortText | None
    receipt: ReceiptText
    outcome: Outcome
    confirmed_on: date | None
    next_due: date | None
    resumes_on: date | None = None
    void: bool = False
    replaced_by: ReceiptText | None = None

    @classmethod
    def of(cls, decision: HallDecision, key: str | None) -> "DecisionMessage":
        return cls(
            key=key,
            receipt=decision.receipt.value,
            outcome=decision.outcome,
            confirmed_on=decision.confirmed_on,
            next_due=decision.next_due,
            resumes_on=decision.resumes_on,
            void=decision.void,
            replaced_by=None if decision.replaced_by is None else decision.replaced_by.value,
        )

    def decision(self) -> HallDecision | None:
        """None when a number does not hold, or one is in the place of a number that is not void."""
        receipt = parse_receipt_number(self.receipt)
        replaced_by = None if self.replaced_by is None else parse_receipt_number(self.replaced_by)
        if receipt is None or (self.replaced_by is not None and (replaced_by is None or not self.void)):
            return None
        return HallDecision(
            receipt, self.outcome, self.confirmed_on, self.next_due, self.resumes_on, self.void, replaced_by
        )


class StoredMessage(Message):
    """The platform keeps the record ``key``; there is nothing to decide."""

    answer: Literal["stored"] = "stored"
    key: ShortText


class ReceiptUnknownMessage(Message):
    answer: Literal["receipt-unknown"] = "receipt-unknown"


class RefusalMessage(Message):
    """``final`` says that the same request will never be taken; otherwise the terminal keeps it and tries again."""

    answer: Literal["refusal"] = "refusal"
    reason: Word
    final: bool


class HealthMessage(Message):
    """The platform is there. ``now`` is its clock, by which a terminal judges its own (E-28). ``gateway_key_id`` is
    that of the newest key to seal to; ``standing`` that of the terminal key that was asked about, None where none was.
    """

    answer: Literal["health"] = "health"
    now: AwareDatetime
    gateway_key_id: KeyId
    sandbox: bool
    standing: Literal["active", "revoked", "unknown-terminal"] | None = None


Answer = Annotated[
    RosterEntryMessage
    | NotInRosterMessage
    | NameMismatchMessage
    | DocumentBlockedMessage
    | IdentityPausedMessage
    | HolderMessage
    | CodeExpiredMessage
    | ReferenceMessage
    | NoReferenceMessage
    | CertificateNumberMessage
    | DecisionMessage
    | StoredMessage
    | ReceiptUnknownMessage
    | RefusalMessage
    | HealthMessage,
    Field(discriminator="answer"),
]
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


def parse_answer(data: bytes) -> Answer | None:
    """The message in ``data``, or None when these bytes are not exactly one agreed answer."""
    if len(data) > MAX_ANSWER_BYTES:
        return None
    try:
        return _ANSWER.validate_json(data)
    except ValueError:
        return None
