"""What a confirmation leaves behind: its case, proof or referral as records, and the paper that goes with it."""

import hashlib
from dataclasses import replace
from datetime import date, datetime

from kiosk.documents import receipt as papers
from kiosk.documents.slips import SlipFacts, desk_slip
from kiosk.domain.case import DeskReason, DeskReferral, EligibilityCase, Finding, HallDecision, Outcome, ProofSlip
from kiosk.domain.eligibility import RosterStatus
from kiosk.domain.identity_document import IdentityWay
from kiosk.domain.paper import Paper
from kiosk.domain.site import Site
from kiosk.journeys.confirmation.stages import Facts
from kiosk.ports.receipt_issuer import IssuedReceipt
from kiosk.steps import capture_face


def case_of(facts: Facts, receipt: IssuedReceipt, at: datetime) -> EligibilityCase:
    assert facts.consent is not None
    assert facts.document is not None
    assert facts.capture is not None
    reference = facts.reference
    return EligibilityCase(
        key=facts.key,
        receipt=receipt.number,
        opened_at=facts.opened_at,
        closed_at=at,
        document=facts.document,
        document_expired=facts.document.expired_on(at.date()),
        consent=facts.consent,
        liveness=facts.capture.liveness,
        comparison=facts.capture.comparison,
        finding=finding_of(facts),
        offline=facts.offline,
        crop=facts.capture.crop,
        identified_by=facts.way,
        keeping=facts.keeping,
        chip_photo=facts.photo.data if reference is None and facts.photo is not None else None,
        reference_digest=None if reference is None else hashlib.sha256(reference.pixels).hexdigest(),
        resume=facts.entry is not None and facts.entry.status is RosterStatus.SUSPENDED,
        helper=None if facts.helper is None else facts.helper.who,
    )


def finding_of(facts: Facts) -> Finding:
    """The terminal's own finding; the hall decides on it."""
    capture = facts.capture
    if capture is not None and capture.spoof:
        return Finding.SPOOF_SUSPECTED
    if capture is None or not capture.liveness.proven:
        return Finding.LIVENESS_NOT_PROVEN
    if capture.helper_face:
        return Finding.HELPER_FACE
    if facts.reference is None:
        return Finding.NOT_COMPARED
    if capture.comparison is None or not capture.comparison.matched:
        return Finding.NOT_MATCHED
    return Finding.MATCHED


def referral_of(facts: Facts) -> papers.ReferralReason:
    """In the neutral words of the paper: any doubt about the face is the photo's age (E-14, E-17)."""
    declined = facts.capture is not None and facts.capture.liveness.action == capture_face.DECLINED
    if declined or finding_of(facts) in (Finding.MATCHED, Finding.NOT_COMPARED):
        return papers.ReferralReason.STAFF
    return papers.ReferralReason.PHOTO


def proof_of(facts: Facts, receipt: IssuedReceipt, at: datetime) -> ProofSlip:
    assert facts.document is not None
    assert facts.entry is not None
    return ProofSlip(
        key=facts.key,
        receipt=receipt.number,
        document=facts.document,
        confirmed_on=facts.entry.confirmed_on,
        due_on=facts.entry.due_on,
        printed_at=at,
    )


def desk_referral_of(facts: Facts, receipt: IssuedReceipt, reason: DeskReason, at: datetime) -> DeskReferral:
    number = facts.typed if facts.document is None else facts.document.number
    assert number is not None
    name = None if facts.document is None else facts.document.name
    return DeskReferral(facts.key, receipt.number, reason, number, name, at)


def desk_paper(site: Site, facts: Facts, receipt: IssuedReceipt, reason: DeskReason, at: datetime) -> Paper:
    referral = desk_referral_of(facts, receipt, reason, at)
    return desk_slip(
        SlipFacts(
            site=site,
            number=receipt.number,
            verification=receipt.verification,
            citizen_number=referral.number,
            name=referral.name,
            entry=facts.entry,
            made_at=at,
        ),
        reason,
    )


def receipt_paper(site: Site, facts: Facts, outcome: Outcome, decision: HallDecision | None, at: datetime) -> Paper:
    """The receipt for what came of the case."""
    assert facts.document is not None
    assert facts.receipt is not None
    common = papers.ReceiptFacts(
        site=site,
        number=facts.receipt.number,
        verification=facts.receipt.verification,
        name=facts.document.name,
        citizen_number=facts.document.number,
        entry=facts.entry,
        handled_at=at,
        printed_at=at,
        helper=None if facts.helper is None else facts.helper.who.name,
        entry_as_of=facts.entry_as_of,
    )
    match outcome:
        case Outcome.PASSED:
            due, resumes = (None, None) if decision is None else (decision.next_due, decision.resumes_on)
            return papers.passed_receipt(common, due, resumes, _expired(facts, at.date()))
        case Outcome.PENDING:
            return papers.pending_receipt(common, by_hall=decision is not None, expired_on=_expired(facts, at.date()))
        case Outcome.REFERRED:
            return papers.referred_receipt(common, referral_of(facts))
        case Outcome.CANCELLED:
            assert facts.entry is not None
            return papers.already_confirmed_receipt(common, facts.entry)


def with_dates(facts: Facts, decision: HallDecision) -> Facts:
    """Confirmed elsewhere meanwhile (E-30): the roster's dates are older than the hall's."""
    entry = facts.entry
    if decision.outcome is not Outcome.CANCELLED or entry is None:
        return facts
    newer = replace(entry, confirmed_on=decision.confirmed_on, due_on=decision.next_due, source=None)
    return replace(facts, entry=newer, entry_as_of=None)


def _expired(facts: Facts, today: date) -> date | None:
    """Only of an identity card do the papers say where it is renewed."""
    document = None if facts.way is IdentityWay.SOCIAL_SECURITY_CARD else facts.document
    return document.valid_to if document is not None and document.expired_on(today) else None
