"""The hall behind the gateway: each request one transaction, each kind of it a module of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import sessionmaker

from gateway import papers, roster
from gateway.cases import CaseArrival, take_cases
from gateway.certificates import certify
from gateway.day_summaries import take_day
from gateway.evidence_store import EvidenceAwayError, EvidenceStore, InRow
from gateway.holders import CardPlatform
from gateway.papers import HallEntry
from gateway.pictures import close_case, drop_expired
from gateway.roster import RosterMessage
from gateway.settings import DecisionPolicy
from gateway.taking import Arrival, RecordMessage, take_for_desk, take_proof, take_rating, take_void
from gateway.troubles import EXPECTED, Trouble, trouble_of
from kiosk.domain.case import DeskReferral, EligibilityCase, HomeVisitRequest, ProofSlip, Rating, VoidedNumber
from kiosk.domain.china_time import CHINA
from kiosk.domain.day_summary import DaySummary
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.ports.clock import Clock
from kiosk.wire.messages import (
    CertificateNumberMessage,
    CertificateQuery,
    CodeExpiredMessage,
    DecisionMessage,
    HolderMessage,
    HolderQuery,
    NoReferenceMessage,
    ReceiptUnknownMessage,
    ReferenceMessage,
    ReferenceQuery,
    RefusalMessage,
    RosterQuery,
)
from kiosk.wire.opening import OpenedEnvelope

_IN_ROW = InRow()
_QUERY_AGE = timedelta(minutes=5)
_STALE = RefusalMessage(reason="stale-query", final=False)
_BAD_CONTENT = RefusalMessage(reason="bad-content", final=True)


class Hall:
    """Decides and remembers. Safe for several threads and, on PostgreSQL, several processes."""

    def __init__(
        self,
        engine: Engine,
        policy: DecisionPolicy,
        clock: Clock,
        portraits: Path | None = None,
        issuers: Mapping[str, str] | None = None,
        evidence: EvidenceStore = _IN_ROW,
    ) -> None:
        """``portraits`` and ``issuers`` are the sandbox's (``CardPlatform``)."""
        self._evidence = evidence
        self._engine = engine
        self._transaction = sessionmaker(engine, expire_on_commit=False)
        self._cards = CardPlatform(portraits, issuers or {})
        self._policy = policy
        self._clock = clock

    def settle_sandbox(self) -> None:
        """Puts every made-up person where ``sandbox_people`` has them today; records stay."""
        with self._transaction.begin() as session:
            roster.settle_sandbox(session, self._now().date())

    def query(self, query: RosterQuery, made_at: datetime) -> RosterMessage | RefusalMessage:
        """Only a fresh query is answered: one that was overheard is worth nothing a few minutes later."""
        if self._stale(made_at):
            return _STALE
        with self._transaction.begin() as session:
            return roster.find_entry(session, query, self._now(), self._policy)

    def resolve(self, query: HolderQuery, made_at: datetime) -> HolderMessage | CodeExpiredMessage | RefusalMessage:
        if self._stale(made_at):
            return _STALE
        with self._transaction.begin() as session:
            return self._cards.resolve(session, query, self._now())

    def reference(
        self, query: ReferenceQuery, made_at: datetime
    ) -> ReferenceMessage | NoReferenceMessage | RefusalMessage:
        if self._stale(made_at):
            return _STALE
        if not self._policy.give_references:
            return NoReferenceMessage()
        with self._transaction.begin() as session:
            return self._cards.reference(session, query)

    def issue_code(self, number: str, issuer: str) -> str | None:
        """Sandbox only."""
        with self._transaction.begin() as session:
            return self._cards.issue_code(session, number, issuer, self._now())

    def certify(
        self, query: CertificateQuery, opened: OpenedEnvelope, signing_key: Ed25519PrivateKey
    ) -> CertificateNumberMessage | RefusalMessage:
        """A number signed with the gateway's ``signing_key``. A second process that won the race is seen at a second
        look."""
        if self._stale(opened.made_at):
            return _STALE
        try:
            return self._certify(query, opened, signing_key)
        except IntegrityError:
            return self._certify(query, opened, signing_key)

    def entry(self, receipt: ReceiptNumber, code: str | None = None) -> HallEntry | None:
        """What is known here of a number on a paper, for whoever checks it; None when nothing is, or when ``code`` is
        not the paper's."""
        with self._transaction.begin() as session:
            return papers.find_paper(session, receipt, code)

    def take(self, opened: OpenedEnvelope, envelope: bytes) -> RecordMessage:
        """The same record always gets the same answer."""
        try:
            return self._take_all([(opened, envelope)])[0]
        except DataError:
            return _BAD_CONTENT

    def take_all(self, records: Sequence[tuple[OpenedEnvelope, bytes]]) -> Sequence[RecordMessage | Exception]:
        """As ``take``, all in one transaction; where that does not go, each in its own. An exception among the answers
        is one that ``gateway.troubles`` expects. Records of one key may be among them."""
        try:
            return self._take_all(records)
        except (IntegrityError, DataError, EvidenceAwayError):
            return [self._alone(opened, envelope) for opened, envelope in records]
        except EXPECTED as error:
            if trouble_of(error) is not Trouble.DATABASE_BUSY:
                return [error] * len(records)
            return [self._alone(opened, envelope) for opened, envelope in records]

    def look_up(self, receipt: ReceiptNumber) -> DecisionMessage | ReceiptUnknownMessage:
        with self._transaction.begin() as session:
            return papers.look_up(session, receipt)

    def drop_expired_pictures(self) -> int:
        """Drops every sealed picture whose time is over, and tells how many; the figures of the case stay."""
        with self._transaction.begin() as session:
            return drop_expired(session, self._now())

    def close_case(self, receipt: ReceiptNumber) -> bool:
        """Staff are done with the case: its picture goes, whatever it was kept for. False when there is no such one."""
        with self._transaction.begin() as session:
            return close_case(session, receipt)

    def counts(self) -> list[dict[str, str | int]]:
        """Sandbox only."""
        with self._transaction.begin() as session:
            return papers.counts(session)

    def _alone(self, opened: OpenedEnvelope, envelope: bytes) -> RecordMessage | Exception:
        try:
            return self.take(opened, envelope)
        except EXPECTED as error:
            return error

    def _take_all(self, records: Sequence[tuple[OpenedEnvelope, bytes]]) -> list[RecordMessage]:
        """Another batch, or a second process, that won the race is seen at a second look."""
        try:
            return self._taken(records)
        except IntegrityError:
            return self._taken(records)

    def _taken(self, records: Sequence[tuple[OpenedEnvelope, bytes]]) -> list[RecordMessage]:
        """The cases first, together; ratings, voids and the rest may come in any order."""
        with self._transaction.begin() as session:
            now = self._now()
            cases = [
                CaseArrival(session, opened, envelope, now, self._policy, opened.content, self._evidence)
                for opened, envelope in records
                if isinstance(opened.content, EligibilityCase)
            ]
            decided = iter(take_cases(session, cases) if cases else [])
            return [
                next(decided)
                if isinstance(opened.content, EligibilityCase)
                else _take(Arrival(session, opened, envelope, now, self._policy))
                for opened, envelope in records
            ]

    def _certify(
        self, query: CertificateQuery, opened: OpenedEnvelope, signing_key: Ed25519PrivateKey
    ) -> CertificateNumberMessage | RefusalMessage:
        with self._transaction.begin() as session:
            return certify(session, query, opened, signing_key, self._now())

    def _stale(self, made_at: datetime) -> bool:
        return abs(self._now() - made_at) > _QUERY_AGE

    def _now(self) -> datetime:
        return self._clock.now().astimezone(CHINA)


def _take(arrival: Arrival) -> RecordMessage:
    match arrival.opened.content:
        case ProofSlip() as slip:
            return take_proof(arrival, slip)
        case Rating() as rating:
            return take_rating(arrival, rating)
        case DeskReferral() | HomeVisitRequest() as for_desk:
            return take_for_desk(arrival, for_desk)
        case VoidedNumber() as void:
            return take_void(arrival, void)
        case DaySummary() as summary:
            return take_day(arrival, summary)
        case _:
            return RefusalMessage(reason="not-a-record", final=True)
