"""The hall behind the gateway: roster, case decisions, proofs, ratings, receipts, each request one transaction."""

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gateway.decide import NOT_MATCHED, WRONG_PERSON, RosterLine, Verdict, decide, entry_on
from gateway.keeping import kept_for, kept_until
from gateway.numbers import (
    AnyRecord,
    HallVoid,
    aware,
    certificate_of,
    codes_of,
    counts_instead,
    may_be_issued,
    may_replace,
    next_certificate,
    own_record,
    under_receipt,
    void_of,
    voids_of,
)
from gateway.portraits import jpeg_of
from gateway.sandbox import OFFICE, OFFICE_PHONE, SCHEME, SandboxPerson, sandbox_people
from gateway.settings import DecisionPolicy
from gateway.tables import (
    Beneficiary,
    CardCode,
    CaseRecord,
    CertificateRecord,
    DeskRecord,
    KeptPicture,
    ProofRecord,
    RatingRecord,
    VoidRecord,
)
from kiosk.domain.case import (
    DeskReferral,
    EligibilityCase,
    Finding,
    HallDecision,
    HomeVisitRequest,
    Outcome,
    ProofSlip,
    Rating,
    VoidedNumber,
)
from kiosk.domain.china_time import CHINA
from kiosk.domain.eligibility import ConfirmationSource
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.ports.clock import Clock
from kiosk.wire.envelope import OpenedEnvelope
from kiosk.wire.messages import (
    CertificateNumberMessage,
    CertificateQuery,
    CodeExpiredMessage,
    DecisionMessage,
    DocumentBlockedMessage,
    DocumentMessage,
    HolderMessage,
    HolderQuery,
    IdentityPausedMessage,
    NameMismatchMessage,
    NoReferenceMessage,
    NotInRosterMessage,
    ReceiptUnknownMessage,
    ReceiptVoidMessage,
    ReferenceMessage,
    ReferenceQuery,
    RefusalMessage,
    RosterEntryMessage,
    RosterQuery,
    StoredMessage,
)
from kiosk.wire.receipt_code import same_code, short_code, sign_number

_QUERY_AGE = timedelta(minutes=5)
_CODE_LIFE = timedelta(minutes=1)
_SEVERAL_WITHIN = timedelta(minutes=10)

RosterMessage = (
    RosterEntryMessage | NotInRosterMessage | NameMismatchMessage | DocumentBlockedMessage | IdentityPausedMessage
)
RecordMessage = DecisionMessage | StoredMessage | RefusalMessage

_ENABLED_TAGS = {5: range(510, 518), 4: range(406, 414), 3: range(307, 315), 2: range(207, 215), 1: range(108, 116)}
"""The national reason tags of each grade (domain.md 2.1)."""


@dataclass(frozen=True, slots=True)
class HallEntry:
    """``word`` where the number stands for a case, a proof or a slip, ``certificate`` (the kind) where the gateway
    issued it. Both None where only the void has come."""

    word: HallDecision | None
    certificate: str | None
    void: HallVoid | None


class Hall:
    """Decides and remembers. Safe for several threads and, on PostgreSQL, several processes."""

    def __init__(
        self,
        engine: Engine,
        policy: DecisionPolicy,
        clock: Clock,
        portraits: Path | None = None,
        issuers: Mapping[str, str] | None = None,
    ) -> None:
        """``portraits`` is the sandbox's folder of pictures that stand in for a card platform's; ``issuers`` are those
        whose codes can be resolved here, with what their codes begin with."""
        self._engine = engine
        self._issuers = issuers or {}
        self._portraits = portraits
        self._policy = policy
        self._clock = clock

    def settle_sandbox(self) -> None:
        """Puts every made-up person where ``sandbox_people`` has them today; records stay."""
        with Session(self._engine) as session, session.begin():
            today = self._now().date()
            for person in sandbox_people(today):
                if person.in_roster:
                    session.merge(_beneficiary(person, today))

    def query(self, query: RosterQuery, made_at: datetime) -> RosterMessage | RefusalMessage:
        """Only a fresh query is answered: one that was overheard is worth nothing a few minutes later."""
        if abs(self._now() - made_at) > _QUERY_AGE:
            return RefusalMessage(reason="stale-query", final=False)
        with Session(self._engine) as session, session.begin():
            person = session.get(Beneficiary, query.number)
            if person is None or not self._asked_of(person, query.area):
                return NotInRosterMessage()
            if person.name != query.name:
                return NameMismatchMessage()
            if person.blocked:
                return DocumentBlockedMessage()
            line = _line(person)
            if line.paused_until is not None and self._now() < line.paused_until:
                return IdentityPausedMessage()
            return RosterEntryMessage.of(entry_on(line, self._now().date(), self._policy))

    def resolve(self, query: HolderQuery, made_at: datetime) -> HolderMessage | CodeExpiredMessage | RefusalMessage:
        """A code is worth one minute and one asking; it is known here by its digest alone, and to its issuer only."""
        if abs(self._now() - made_at) > _QUERY_AGE:
            return RefusalMessage(reason="stale-query", final=False)
        if query.issuer not in self._issuers:
            return RefusalMessage(reason="issuer-unknown", final=True)
        digest = _code_digest(query.payload())
        with Session(self._engine) as session, session.begin():
            code = session.get(CardCode, digest, with_for_update=True)
            if code is None or code.issuer != query.issuer or code.used or aware(code.expires_at) < self._now():
                return CodeExpiredMessage()
            code.used = True
            person = session.get(Beneficiary, code.number)
            picture = None if person is None else self._portrait(person)
            if person is None or person.document is None or picture is None:
                return RefusalMessage(reason="no-picture", final=True)
            return HolderMessage(
                document=DocumentMessage.model_validate_json(json.dumps(person.document)), picture=picture
            )

    def reference(
        self, query: ReferenceQuery, made_at: datetime
    ) -> ReferenceMessage | NoReferenceMessage | RefusalMessage:
        if abs(self._now() - made_at) > _QUERY_AGE:
            return RefusalMessage(reason="stale-query", final=False)
        with Session(self._engine) as session, session.begin():
            person = session.get(Beneficiary, query.reference_of)
            if person is None or person.name != query.name or person.blocked or not self._policy.give_references:
                return NoReferenceMessage()
            picture = self._portrait(person)
            return NoReferenceMessage() if picture is None else ReferenceMessage(picture=picture)

    def issue_code(self, number: str, issuer: str) -> str | None:
        """Sandbox only: what this person's phone shows now in the issuer's app, 384 random bits; None when nobody has
        the number, or nothing is known of the issuer. Codes that have had their minute are forgotten."""
        if issuer not in self._issuers:
            return None
        code = self._issuers[issuer] + secrets.token_urlsafe(48)
        with Session(self._engine) as session, session.begin():
            if session.get(Beneficiary, number) is None:
                return None
            now = self._now()
            session.execute(delete(CardCode).where(CardCode.expires_at < now))
            expires = now + _CODE_LIFE
            digest = _code_digest(code.encode())
            session.add(CardCode(digest=digest, issuer=issuer, number=number, expires_at=expires))
        return code

    def certify(
        self, query: CertificateQuery, opened: OpenedEnvelope, signing_key: Ed25519PrivateKey
    ) -> CertificateNumberMessage | RefusalMessage:
        """A new number of the asking terminal's, signed with the gateway's ``signing_key``. The same asking always gets
        the same number; a second process that won the race is seen at a second look."""
        if abs(self._now() - opened.made_at) > _QUERY_AGE:
            return RefusalMessage(reason="stale-query", final=False)
        try:
            return self._certify(query, opened, signing_key)
        except IntegrityError:
            return self._certify(query, opened, signing_key)

    def entry(self, receipt: ReceiptNumber, code: str | None = None) -> HallEntry | None:
        """What is known here of a number on a paper, for whoever checks it; None when nothing is, or when ``code`` is
        not the paper's."""
        with Session(self._engine) as session, session.begin():
            record = under_receipt(session, receipt)
            certificate = certificate_of(session, receipt)
            voids = voids_of(session, receipt)
            if record is None and certificate is None and not voids:
                return None
            kept = codes_of(session, receipt, record) | ({certificate.receipt_code} if certificate else set())
            if code is not None and not any(same_code(code, each) for each in kept):
                return None
            return HallEntry(
                word=None if record is None else replace(_word_on(record), receipt=receipt),
                certificate=None if certificate is None else certificate.certificate,
                void=void_of(voids),
            )

    def take(self, opened: OpenedEnvelope, envelope: bytes) -> RecordMessage:
        """The same record always gets the same answer. A second process that won the race is seen at a second look."""
        try:
            return self._take(opened, envelope)
        except IntegrityError:
            return self._take(opened, envelope)

    def look_up(
        self, receipt: ReceiptNumber, code: str | None = None
    ) -> DecisionMessage | ReceiptVoidMessage | ReceiptUnknownMessage:
        """``code`` is the short code (核验码) as somebody typed it from a paper: a paper whose code is not the record's
        is answered as if there were none, and one whose number is void as void. Without a code the question is what
        became of the case, whichever paper tells of it."""
        with Session(self._engine) as session, session.begin():
            record = under_receipt(session, receipt)
            if code is None:
                return ReceiptUnknownMessage() if record is None else _looked_up(session, record, receipt)
            if not any(same_code(code, kept) for kept in codes_of(session, receipt, record)):
                return ReceiptUnknownMessage()
            voids = voids_of(session, receipt)
            if voids:
                return ReceiptVoidMessage(receipt=receipt.value, replaced=any(void.replaced_by for void in voids))
            return ReceiptUnknownMessage() if record is None else _looked_up(session, record, receipt)

    def drop_expired_pictures(self) -> int:
        """Drops every sealed picture whose time is over, and tells how many; the figures of the case stay."""
        with Session(self._engine) as session, session.begin():
            return _drop_expired(session, self._now())

    def close_case(self, receipt: ReceiptNumber) -> bool:
        """Staff are done with the case: its picture goes, whatever it was kept for. False when there is no such one."""
        with Session(self._engine) as session, session.begin():
            record = session.scalar(select(CaseRecord).where(CaseRecord.receipt == receipt.value))
            if record is None:
                return False
            _drop_pictures(session, [record.id])
            return True

    def counts(self) -> list[dict[str, str | int]]:
        """Per receipt: its record of whichever kind, how often that arrived, and its ratings. Sandbox only."""
        with Session(self._engine) as session, session.begin():
            found: list[AnyRecord] = [
                *session.scalars(select(CaseRecord).order_by(CaseRecord.id)),
                *session.scalars(select(ProofRecord).order_by(ProofRecord.id)),
                *session.scalars(select(DeskRecord).order_by(DeskRecord.id)),
            ]
            ratings = Counter(session.scalars(select(RatingRecord.receipt)))
            records = Counter(record.receipt for record in found)
            return [
                {
                    "receipt": record.receipt,
                    "key": record.key,
                    "outcome": _word_on(record).outcome.value,
                    "basis": _basis(record),
                    "records": records[record.receipt],
                    "arrivals": record.arrivals,
                    "ratings": ratings[record.receipt],
                }
                for record in found
            ]

    def _take(self, opened: OpenedEnvelope, envelope: bytes) -> RecordMessage:
        with Session(self._engine) as session, session.begin():
            _drop_expired(session, self._now())
            match opened.content:
                case EligibilityCase() as case:
                    return self._take_case(session, opened, case, envelope)
                case ProofSlip() as slip:
                    return self._take_proof(session, opened, slip)
                case Rating() as rating:
                    return self._take_rating(session, opened, rating)
                case DeskReferral() | HomeVisitRequest() as for_desk:
                    return self._take_for_desk(session, opened, for_desk, envelope)
                case VoidedNumber() as void:
                    return self._take_void(session, opened, void)
                case RosterQuery() | HolderQuery() | ReferenceQuery() | CertificateQuery():
                    return RefusalMessage(reason="not-a-record", final=True)

    def _asked_of(self, person: Beneficiary, area: str | None) -> bool:
        """A roster knows its own people and those another province's roster has registered here (E-31)."""
        if area is None:
            return self._policy.home_area in (None, person.area) or person.other_place
        return person.area == area

    def _portrait(self, person: Beneficiary) -> str | None:
        if self._portraits is None or person.portrait is None:
            return None
        return jpeg_of(self._portraits, person.portrait)

    def _take_case(
        self, session: Session, opened: OpenedEnvelope, case: EligibilityCase, envelope: bytes
    ) -> DecisionMessage | RefusalMessage:
        terminal = opened.terminal.terminal
        known = session.scalar(select(CaseRecord).where(CaseRecord.terminal == terminal, CaseRecord.key == opened.key))
        if known is not None:
            known.arrivals += 1
            return _decided(known) if known.content_digest == opened.content_digest else _KEY_REUSED
        if not _issued_by(case.receipt, terminal):
            return _RECEIPT_OF_OTHER_TERMINAL
        if own_record(session, case.receipt) is not None:
            return _RECEIPT_REUSED
        person = session.get(Beneficiary, case.document.number.value, with_for_update=True)
        received_at = self._now()
        verdict = decide(case, None if person is None else _line(person), received_at, self._policy)
        if verdict.basis == NOT_MATCHED and self._several_persons(session, terminal, case):
            verdict = replace(verdict, basis=WRONG_PERSON)
        if person is not None and verdict.outcome is Outcome.PASSED:
            _confirm(person, verdict)
        if person is not None and case.finding is Finding.SPOOF_SUSPECTED:
            _pause(person, min(case.closed_at.astimezone(CHINA), received_at), self._policy)
        record = _case_record(opened, case, verdict, received_at, envelope)
        session.add(record)
        purpose = kept_for(case, verdict.outcome)
        if purpose is not None:
            session.flush()
            until = kept_until(purpose, received_at, self._policy)
            session.add(KeptPicture(case_id=record.id, purpose=purpose, keep_until=until))
        return _decided(record)

    def _several_persons(self, session: Session, terminal: str, case: EligibilityCase) -> bool:
        """Unmatched persons at one terminal within ten minutes, this one included (E-17). The moments of the captures
        count: what a terminal kept over an outage comes all at once."""
        unmatched = session.execute(
            select(CaseRecord.number, CaseRecord.figures).where(
                CaseRecord.terminal == terminal,
                CaseRecord.received_at >= case.closed_at.astimezone(CHINA) - _SEVERAL_WITHIN,
                CaseRecord.basis.in_((NOT_MATCHED, WRONG_PERSON)),
            )
        )
        near = {
            number
            for number, figures in unmatched
            if abs(datetime.fromisoformat(figures["closed_at"]) - case.closed_at) <= _SEVERAL_WITHIN
        }
        return len(near | {case.document.number.value}) >= self._policy.several_persons

    def _take_for_desk(
        self, session: Session, opened: OpenedEnvelope, record: DeskReferral | HomeVisitRequest, envelope: bytes
    ) -> StoredMessage | RefusalMessage:
        terminal = opened.terminal.terminal
        known = session.scalar(select(DeskRecord).where(DeskRecord.terminal == terminal, DeskRecord.key == opened.key))
        if known is not None:
            known.arrivals += 1
            return StoredMessage(key=known.key) if known.content_digest == opened.content_digest else _KEY_REUSED
        if not _issued_by(record.receipt, terminal):
            return _RECEIPT_OF_OTHER_TERMINAL
        if own_record(session, record.receipt) is not None:
            return _RECEIPT_REUSED
        if isinstance(record, HomeVisitRequest):
            reason, number = "home-visit", record.document.number
        else:
            reason, number = record.reason.value, record.number
        session.add(
            DeskRecord(
                terminal=terminal,
                key=opened.key,
                kind=opened.kind,
                reason=reason,
                receipt=record.receipt.value,
                receipt_code=opened.receipt_code,
                content_digest=opened.content_digest,
                digest=opened.digest,
                previous=opened.previous,
                number=number.value,
                received_at=self._now(),
                arrivals=1,
                envelope=envelope,
            )
        )
        return StoredMessage(key=opened.key)

    def _take_proof(self, session: Session, opened: OpenedEnvelope, slip: ProofSlip) -> StoredMessage | RefusalMessage:
        """Keeps what the paper says, whatever the roster says today: the paper is in the citizen's hand."""
        terminal = opened.terminal.terminal
        known = session.scalar(
            select(ProofRecord).where(ProofRecord.terminal == terminal, ProofRecord.key == opened.key)
        )
        if known is not None:
            known.arrivals += 1
            return StoredMessage(key=known.key) if known.content_digest == opened.content_digest else _KEY_REUSED
        if not _issued_by(slip.receipt, terminal):
            return _RECEIPT_OF_OTHER_TERMINAL
        if own_record(session, slip.receipt) is not None:
            return _RECEIPT_REUSED
        session.add(
            ProofRecord(
                terminal=terminal,
                key=opened.key,
                receipt=slip.receipt.value,
                receipt_code=opened.receipt_code,
                content_digest=opened.content_digest,
                digest=opened.digest,
                previous=opened.previous,
                number=slip.document.number.value,
                received_at=self._now(),
                arrivals=1,
                confirmed_on=slip.confirmed_on,
                due_on=slip.due_on,
            )
        )
        return StoredMessage(key=opened.key)

    def _take_rating(self, session: Session, opened: OpenedEnvelope, rating: Rating) -> StoredMessage | RefusalMessage:
        terminal = opened.terminal.terminal
        known = session.scalar(
            select(RatingRecord).where(RatingRecord.terminal == terminal, RatingRecord.key == opened.key)
        )
        if known is not None:
            known.arrivals += 1
            return StoredMessage(key=known.key) if known.content_digest == opened.content_digest else _KEY_REUSED
        if not _issued_by(rating.receipt, terminal):
            return _RECEIPT_OF_OTHER_TERMINAL
        if not all(_tag_fits(tag, rating.grade) for tag in rating.tags):
            return RefusalMessage(reason="unknown-tag", final=True)
        if session.scalar(select(RatingRecord.id).where(RatingRecord.receipt == rating.receipt.value)) is not None:
            return RefusalMessage(reason="already-rated", final=True)
        session.add(
            RatingRecord(
                terminal=terminal,
                key=opened.key,
                receipt=rating.receipt.value,
                content_digest=opened.content_digest,
                digest=opened.digest,
                previous=opened.previous,
                received_at=self._now(),
                arrivals=1,
                grade=rating.grade,
                tags=list(rating.tags),
            )
        )
        return StoredMessage(key=opened.key)

    def _certify(
        self, query: CertificateQuery, opened: OpenedEnvelope, signing_key: Ed25519PrivateKey
    ) -> CertificateNumberMessage | RefusalMessage:
        terminal = opened.terminal.terminal
        with Session(self._engine) as session, session.begin():
            known = session.scalar(
                select(CertificateRecord).where(
                    CertificateRecord.terminal == terminal, CertificateRecord.key == opened.key
                )
            )
            if known is not None and known.certificate != query.certificate:
                return _KEY_REUSED
            receipt = (
                next_certificate(session, terminal, self._now()) if known is None else ReceiptNumber(known.receipt)
            )
            if receipt is None:
                return RefusalMessage(reason="numbers-used-up", final=True)
            if known is None:
                session.add(
                    CertificateRecord(
                        terminal=terminal,
                        key=opened.key,
                        certificate=query.certificate,
                        receipt=receipt.value,
                        receipt_code=short_code(receipt, signing_key),
                        issued_at=self._now(),
                    )
                )
            return CertificateNumberMessage(receipt=receipt.value, signature=sign_number(receipt, signing_key))

    def _take_void(
        self, session: Session, opened: OpenedEnvelope, void: VoidedNumber
    ) -> StoredMessage | RefusalMessage:
        """A number stays void for ever. The one in its place stands for the same record; it must be new."""
        terminal = opened.terminal.terminal
        known = session.scalar(select(VoidRecord).where(VoidRecord.terminal == terminal, VoidRecord.key == opened.key))
        if known is not None:
            known.arrivals += 1
            return StoredMessage(key=known.key) if known.content_digest == opened.content_digest else _KEY_REUSED
        replacement = void.replaced_by
        if not _issued_by(void.receipt, terminal) or not (replacement is None or _issued_by(replacement, terminal)):
            return _RECEIPT_OF_OTHER_TERMINAL
        if replacement is not None and (replacement == void.receipt or not may_replace(session, replacement)):
            return _RECEIPT_REUSED
        if replacement is not None and not may_be_issued(session, replacement):
            return _CERTIFICATE_NOT_ISSUED
        session.add(
            VoidRecord(
                terminal=terminal,
                key=opened.key,
                receipt=void.receipt.value,
                receipt_code=opened.receipt_code,
                reason=void.reason,
                voided_at=void.voided_at.astimezone(CHINA),
                replaced_by=None if replacement is None else replacement.value,
                replacement_code=opened.replacement_code,
                staff=void.staff,
                way=void.way,
                content_digest=opened.content_digest,
                digest=opened.digest,
                previous=opened.previous,
                received_at=self._now(),
                arrivals=1,
            )
        )
        return StoredMessage(key=opened.key)

    def _now(self) -> datetime:
        return self._clock.now().astimezone(CHINA)


_KEY_REUSED = RefusalMessage(reason="key-reused", final=True)
_CERTIFICATE_NOT_ISSUED = RefusalMessage(reason="certificate-not-issued", final=True)
_RECEIPT_REUSED = RefusalMessage(reason="receipt-reused", final=True)
_RECEIPT_OF_OTHER_TERMINAL = RefusalMessage(reason="receipt-of-other-terminal", final=True)


def _beneficiary(person: SandboxPerson, today: date) -> Beneficiary:
    return Beneficiary(
        number=person.number.value,
        name=person.roster_name.value,
        scheme=SCHEME,
        area=person.area,
        status=person.status,
        confirmed_on=person.last_pass,
        due_on=person.due_on,
        source=person.source,
        office=OFFICE,
        office_phone=OFFICE_PHONE,
        resume_requested=None,
        blocked=person.blocked,
        other_place=person.other_place,
        paused_until=None,
        portrait=person.portrait,
        document=DocumentMessage.of(person.document(today)).model_dump(mode="json"),
    )


def _line(person: Beneficiary) -> RosterLine:
    return RosterLine(
        name=person.name,
        scheme=person.scheme,
        area=person.area,
        status=person.status,
        confirmed_on=person.confirmed_on,
        due_on=person.due_on,
        source=person.source,
        office=person.office,
        office_phone=person.office_phone,
        other_place=person.other_place,
        blocked=person.blocked,
        paused_until=None if person.paused_until is None else aware(person.paused_until),
    )


def _pause(person: Beneficiary, since: datetime, policy: DecisionPolicy) -> None:
    """Served at a desk only for a while (E-14); a longer pause that runs already stays. Other channels go on."""
    until = since + timedelta(hours=policy.pause_hours)
    if person.paused_until is None or aware(person.paused_until) < until:
        person.paused_until = until


def _confirm(person: Beneficiary, verdict: Verdict) -> None:
    """A suspended beneficiary stays so until the agency resumes payment next month, as the terminal asked (E-09)."""
    person.confirmed_on = verdict.confirmed_on
    person.due_on = verdict.next_due
    person.source = ConfirmationSource.OTHER_PLACE if person.other_place else ConfirmationSource.FACE_KIOSK
    if verdict.resumes_on is not None:
        person.resume_requested = verdict.confirmed_on


def _case_record(
    opened: OpenedEnvelope, case: EligibilityCase, verdict: Verdict, received_at: datetime, envelope: bytes
) -> CaseRecord:
    pictured = case.crop is not None or case.chip_photo is not None
    picture_must_go = pictured and kept_for(case, verdict.outcome) is None
    return CaseRecord(
        terminal=opened.terminal.terminal,
        key=opened.key,
        receipt=case.receipt.value,
        receipt_code=opened.receipt_code,
        content_digest=opened.content_digest,
        digest=opened.digest,
        previous=opened.previous,
        number=case.document.number.value,
        received_at=received_at,
        arrivals=1,
        outcome=verdict.outcome,
        basis=verdict.basis,
        confirmed_on=verdict.confirmed_on,
        next_due=verdict.next_due,
        resumes_on=verdict.resumes_on,
        figures=_figures(case),
        envelope=None if picture_must_go else envelope,
    )


def _drop_expired(session: Session, now: datetime) -> int:
    expired = select(KeptPicture.case_id).where(KeptPicture.keep_until <= now)
    return _drop_pictures(session, session.scalars(expired).all())


def _drop_pictures(session: Session, cases: Sequence[int]) -> int:
    """With the envelope, which can be opened whole or not at all."""
    kept = session.scalars(delete(KeptPicture).where(KeptPicture.case_id.in_(cases)).returning(KeptPicture.case_id))
    dropped = kept.all()
    session.execute(update(CaseRecord).where(CaseRecord.id.in_(dropped)).values(envelope=None))
    return len(dropped)


def _figures(case: EligibilityCase) -> dict[str, object]:
    """What the decision rests on, without the person and without the picture. Of a helper the masked name stays."""
    return {
        "finding": case.finding.value,
        "offline": case.offline,
        "document_expired": case.document_expired,
        "closed_at": case.closed_at.isoformat(),
        "consent": case.consent.version,
        "keeping": None if case.keeping is None else case.keeping.version,
        "identified_by": case.identified_by.value,
        "reference_digest": case.reference_digest,
        "resume": case.resume,
        "helper": None if case.helper is None else case.helper.name.masked,
        "liveness": asdict(case.liveness),
        "comparison": None if case.comparison is None else asdict(case.comparison),
    }


def _basis(record: AnyRecord) -> str:
    match record:
        case CaseRecord():
            return record.basis
        case ProofRecord():
            return "proof"
        case DeskRecord():
            return record.kind


def _code_digest(code: bytes) -> str:
    return hashlib.sha256(code).hexdigest()


def _decided(record: CaseRecord) -> DecisionMessage:
    return DecisionMessage.of(_word_on(record), record.key)


def _looked_up(session: Session, record: AnyRecord, receipt: ReceiptNumber) -> DecisionMessage:
    """Whoever asks knows the receipt number only, which he is told again, and which one counts if it is void; the key
    stays between terminal and hall."""
    counts = counts_instead(session, receipt)
    void = counts != receipt
    word = replace(_word_on(record), receipt=receipt, void=void, replaced_by=counts if void else None)
    return DecisionMessage.of(word, None)


def _word_on(record: AnyRecord) -> HallDecision:
    """A proof says what it was printed with: nothing new was decided."""
    receipt = ReceiptNumber(record.receipt)
    if isinstance(record, ProofRecord):
        return HallDecision(receipt, Outcome.CANCELLED, record.confirmed_on, record.due_on)
    if isinstance(record, DeskRecord):
        return HallDecision(receipt, Outcome.REFERRED, None, None)
    return HallDecision(receipt, record.outcome, record.confirmed_on, record.next_due, record.resumes_on)


def _issued_by(receipt: ReceiptNumber, terminal: str) -> bool:
    return receipt.value.split("-")[2] == terminal


def _tag_fits(tag: str, grade: int) -> bool:
    return tag.isascii() and tag.isdigit() and int(tag) in _ENABLED_TAGS[grade]
