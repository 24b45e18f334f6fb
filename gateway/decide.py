"""The hall's decision on a case: pure, from the evidence's figures and the roster. No flag of a terminal is trusted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from gateway.settings import DecisionPolicy
from kiosk.domain.case import EligibilityCase, Finding, Outcome
from kiosk.domain.eligibility import ConfirmationSource, RosterEntry, RosterStatus, WindowRule, due_date
from kiosk.domain.face import FaceAction
from kiosk.domain.identity_document import IdentityWay

_OPEN = frozenset({RosterStatus.ACTIVE, RosterStatus.DUE_SOON, RosterStatus.OVERDUE, RosterStatus.SUSPENDED})

_DAYS_A_YEAR = 365.2425

NOT_MATCHED, WRONG_PERSON = "not-matched", "wrong-person"
"""Bases of the two queues of unmatched faces: an old picture (E-16), another person (E-17)."""


@dataclass(frozen=True, slots=True)
class RosterLine:
    """What the roster holds of one beneficiary; ``status`` as recorded, without the states that follow from today.
    ``blocked``: the card was reported lost (E-04); ``paused_until``: served at a desk only so long (E-14)."""

    name: str = field(repr=False)
    scheme: str
    area: str
    status: RosterStatus
    confirmed_on: date | None
    due_on: date | None
    source: ConfirmationSource | None
    office: str
    office_phone: str
    other_place: bool = False
    blocked: bool = False
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """``basis`` is a stable word for staff. ``confirmed_on`` and ``next_due`` are known after a pass, or are those
    of the pass that came first."""

    outcome: Outcome
    basis: str
    confirmed_on: date | None = None
    next_due: date | None = None
    resumes_on: date | None = None


_NOT_IN_ROSTER = Verdict(Outcome.REFERRED, "not-in-roster")


def entry_on(line: RosterLine, today: date, policy: DecisionPolicy) -> RosterEntry:
    """The roster's entry as a terminal sees it on ``today``."""
    return RosterEntry(
        scheme=line.scheme,
        area=line.area,
        status=_status_on(line, today, policy),
        confirmed_on=line.confirmed_on,
        due_on=line.due_on,
        confirmed_this_window=_confirmed(line, today, policy),
        source=line.source,
        office=line.office,
        office_phone=line.office_phone,
        other_place=line.other_place,
    )


def decide(case: EligibilityCase, line: RosterLine | None, received_at: datetime, policy: DecisionPolicy) -> Verdict:
    """``received_at`` in the hall's time zone. The first reason that applies decides, the roster before the face."""
    if line is None:
        return _NOT_IN_ROSTER
    closed = closed_by_roster(line, case.document.name.value)
    if closed is not None:
        return closed
    if case.finding is Finding.SPOOF_SUSPECTED:
        return Verdict(Outcome.REFERRED, "spoof-suspected")
    confirmed = already_confirmed(line, received_at.date(), policy)
    if confirmed is not None:
        return confirmed
    if line.paused_until is not None and received_at < line.paused_until:
        return Verdict(Outcome.REFERRED, "identity-paused")
    return on_evidence(case, received_at, policy) or passed(case, line, received_at, policy)


def closed_by_roster(line: RosterLine | None, name: str | None) -> Verdict | None:
    """What keeps this person from being confirmed, whatever the evidence; None when nothing does. ``name`` is the
    card's, None where it is not at hand."""
    if line is None:
        return _NOT_IN_ROSTER
    if name is not None and line.name != name:
        return Verdict(Outcome.REFERRED, "name-mismatch")
    if line.blocked:
        return Verdict(Outcome.REFERRED, "document-blocked")
    if line.status not in _OPEN:
        return Verdict(Outcome.REFERRED, "roster-state")
    return None


def already_confirmed(line: RosterLine, today: date, policy: DecisionPolicy) -> Verdict | None:
    """Nothing need be done today (E-07, E-08, E-30); None when something must."""
    if not _confirmed(line, today, policy):
        return None
    return Verdict(Outcome.CANCELLED, "already-confirmed", line.confirmed_on, line.due_on)


def passed_on(day: date, line: RosterLine, resume: bool, policy: DecisionPolicy, basis: str = "verified") -> Verdict:
    """A pass that counts from ``day``; ``resume`` as in the case (E-09)."""
    resumes = line.status is RosterStatus.SUSPENDED and resume
    due = due_date(day, _rule(line.area, policy))
    return Verdict(Outcome.PASSED, basis, day, due, _next_month(day) if resumes else None)


def on_evidence(case: EligibilityCase, received_at: datetime, policy: DecisionPolicy) -> Verdict | None:
    """None when the evidence carries a pass; of a suspected spoof it knows nothing."""
    if case.finding is Finding.HELPER_FACE:
        return Verdict(Outcome.REFERRED, "helper-face")
    if case.finding is Finding.NOT_MATCHED:
        return Verdict(Outcome.REFERRED, WRONG_PERSON if _far(case, policy) else NOT_MATCHED)
    if case.finding is Finding.LIVENESS_NOT_PROVEN or not case.liveness.proven:
        return Verdict(Outcome.REFERRED, "liveness-not-proven")
    if not _alive(case, policy):
        return Verdict(Outcome.REFERRED, "liveness-figures")
    if case.comparison is None or case.finding is Finding.NOT_COMPARED:
        return Verdict(Outcome.PENDING if case.crop or case.chip_photo else Outcome.REFERRED, "not-compared")
    if case.comparison.distance > _max_distance(case, policy) or case.comparison.frames < policy.min_frames:
        return Verdict(Outcome.REFERRED, "distance")
    actions = set(_actions(case))
    if actions == {FaceAction.BLINK.value} and policy.blink_alone is not Outcome.PASSED:
        return Verdict(policy.blink_alone, "blink-alone")
    if case.offline and len(actions) < policy.offline_actions:
        return Verdict(Outcome.PENDING, "one-action")
    if case.closed_at - received_at > timedelta(seconds=policy.max_clock_lead_s):
        return Verdict(Outcome.PENDING, "clock")
    if received_at - case.closed_at > timedelta(days=policy.max_age_days):
        return Verdict(Outcome.PENDING, "too-old")
    if _expired(case, received_at) and policy.expired_document is not Outcome.PASSED:
        return Verdict(policy.expired_document, "expired-document")
    return None


def passed(
    case: EligibilityCase, line: RosterLine, received_at: datetime, policy: DecisionPolicy, basis: str = "verified"
) -> Verdict:
    """A pass on what the case brought when it arrived."""
    counted = case.closed_at if case.offline and policy.capture_day_counts else received_at
    return passed_on(counted.astimezone(received_at.tzinfo).date(), line, case.resume, policy, basis)


def _next_month(day: date) -> date:
    """Payment goes on from the month after the pass (E-09)."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _far(case: EligibilityCase, policy: DecisionPolicy) -> bool:
    """A living person whose face is not just hard to match but another's (E-17): staff's fraud queue, neutral words."""
    alive = case.liveness.proven and _alive(case, policy)
    return alive and case.comparison is not None and case.comparison.distance >= policy.wrong_person_distance


def _alive(case: EligibilityCase, policy: DecisionPolicy) -> bool:
    """Every action that was asked for was done, by its figures."""
    return all(_done(action, case.liveness.signals, policy) for action in _actions(case))


def _done(action: str, signals: Mapping[str, float], policy: DecisionPolicy) -> bool:
    for floor in policy.liveness:
        if action.startswith(floor.action):
            return all(signals.get(name, 0.0) >= least for name, least in floor.at_least.items())
    return False


def _actions(case: EligibilityCase) -> list[str]:
    return case.liveness.action.split("+")


def _max_distance(case: EligibilityCase, policy: DecisionPolicy) -> float:
    """The portrait is as old as the identity card it lies in; that there is no doubt must have been counted."""
    years = (case.closed_at.date() - case.document.valid_from).days / _DAYS_A_YEAR
    old = case.identified_by is IdentityWay.ID_CARD and years >= policy.old_portrait_years
    clean = case.liveness.signals.get("doubts") == 0.0
    return policy.old_portrait_distance if old and clean else policy.max_distance


def _expired(case: EligibilityCase, received_at: datetime) -> bool:
    """By the card's own date on the day of the capture, whatever the terminal's flag says."""
    captured = case.closed_at.astimezone(received_at.tzinfo).date()
    return case.document_expired or case.document.expired_on(captured)


def _rule(area: str, policy: DecisionPolicy) -> WindowRule:
    return policy.area_rules.get(area, policy.window_rule)


def _confirmed(line: RosterLine, today: date, policy: DecisionPolicy) -> bool:
    """Passed, and the due date is not near: nothing need be done today (E-07, E-08)."""
    if line.confirmed_on is None or line.due_on is None:
        return False
    return line.due_on - today > timedelta(days=policy.due_soon_days)


def _status_on(line: RosterLine, today: date, policy: DecisionPolicy) -> RosterStatus:
    if line.status is not RosterStatus.ACTIVE or line.due_on is None:
        return line.status
    if line.due_on < today:
        return RosterStatus.OVERDUE
    return RosterStatus.DUE_SOON if line.due_on - today <= timedelta(days=policy.due_soon_days) else line.status
