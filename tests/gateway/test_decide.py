"""The hall's decision on every kind of evidence."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.decide import RosterLine, Verdict, decide, entry_on
from gateway.sandbox import sandbox_people
from gateway.settings import DecisionPolicy
from kiosk.domain.case import EligibilityCase, Finding, Outcome
from kiosk.domain.china_time import CHINA
from kiosk.domain.citizen_number import CitizenNumber, parse_citizen_number
from kiosk.domain.eligibility import RosterStatus, WindowRule
from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.domain.identity_document import IdentityWay
from tests.records import NOT_ALIVE, START, eligibility_case, person

NOW = START.astimezone(CHINA)
POLICY = DecisionPolicy()


def _line(slug: str = "due") -> RosterLine:
    citizen = person(slug)
    return RosterLine(
        name=citizen.name.value,
        scheme="scheme",
        area="area",
        status=citizen.status,
        confirmed_on=citizen.last_pass,
        due_on=citizen.due_on,
        source=citizen.source,
        office="office",
        office_phone="phone",
    )


def _decided(case: EligibilityCase, line: RosterLine | None, policy: DecisionPolicy = POLICY) -> Verdict:
    return decide(case, line, NOW, policy)


def test_a_line_of_the_roster_does_not_show_its_name() -> None:
    assert person("due").name.value not in repr(_line("due"))


@pytest.mark.parametrize("offline", [False, True])
@pytest.mark.parametrize("slug", ["due", "overdue", "suspended", "rare-name"])
def test_verified_evidence_of_a_due_person_passes(slug: str, offline: bool) -> None:
    verdict = _decided(eligibility_case(slug, offline=offline), _line(slug))
    assert verdict == Verdict(Outcome.PASSED, "verified", date(2026, 11, 20), date(2027, 11, 30))


@pytest.mark.parametrize(
    ("rule", "due"), [(WindowRule.MONTH_END_12, date(2027, 11, 30)), (WindowRule.DAYS_365, date(2027, 11, 20))]
)
def test_the_areas_own_rule_counts(rule: WindowRule, due: date) -> None:
    policy = DecisionPolicy(window_rule=WindowRule.MONTH_END_12, area_rules={"area": rule})
    assert _decided(eligibility_case(), _line(), policy).next_due == due


def test_the_day_of_capture_counts_only_where_the_agency_says_so() -> None:
    case = eligibility_case(offline=True, at=START - timedelta(days=3))
    assert _decided(case, _line()).confirmed_on == date(2026, 11, 20)
    policy = DecisionPolicy(capture_day_counts=True)
    assert _decided(case, _line(), policy).confirmed_on == date(2026, 11, 17)


@pytest.mark.parametrize("slug", ["confirmed", "confirmed-silently"])
def test_the_pass_that_came_first_wins(slug: str) -> None:
    line = _line(slug)
    verdict = _decided(eligibility_case(slug), line)
    assert verdict == Verdict(Outcome.CANCELLED, "already-confirmed", line.confirmed_on, line.due_on)


@pytest.mark.parametrize(
    ("case", "line", "outcome", "basis"),
    [
        (eligibility_case(), None, Outcome.REFERRED, "not-in-roster"),
        (eligibility_case("due"), _line("overdue"), Outcome.REFERRED, "name-mismatch"),
        (eligibility_case("moved"), _line("moved"), Outcome.REFERRED, "roster-state"),
        (eligibility_case("stopped"), _line("stopped"), Outcome.REFERRED, "roster-state"),
        (eligibility_case(finding=Finding.NOT_MATCHED), _line(), Outcome.REFERRED, "not-matched"),
        (
            eligibility_case(finding=Finding.LIVENESS_NOT_PROVEN, liveness=NOT_ALIVE, comparison=None),
            _line(),
            Outcome.REFERRED,
            "liveness-not-proven",
        ),
        (eligibility_case(comparison=None), _line(), Outcome.REFERRED, "not-compared"),
        (eligibility_case(comparison=None, crop=b"face"), _line(), Outcome.PENDING, "not-compared"),
        (eligibility_case(expired=True), _line(), Outcome.PENDING, "expired-document"),
        (eligibility_case(at=START + timedelta(seconds=61)), _line(), Outcome.PENDING, "clock"),
        (eligibility_case(at=START - timedelta(days=31)), _line(), Outcome.PENDING, "too-old"),
    ],
)
def test_everything_else_goes_to_a_person(
    case: EligibilityCase, line: RosterLine | None, outcome: Outcome, basis: str
) -> None:
    assert _decided(case, line) == Verdict(outcome, basis)


@pytest.mark.parametrize(
    ("case", "basis"),
    [
        (eligibility_case(liveness=replace(NOT_ALIVE, proven=True)), "liveness-figures"),
        (eligibility_case(liveness=LivenessResult(True, "turn-left", {})), "liveness-figures"),
        (eligibility_case(liveness=LivenessResult(True, "wished-for", {"nose_shift": 9})), "liveness-figures"),
        (eligibility_case(liveness=replace(NOT_ALIVE, proven=False)), "liveness-not-proven"),
        (eligibility_case(comparison=FaceComparison(0.56, 0.9, 5, "m")), "distance"),
        (eligibility_case(comparison=FaceComparison(0.31, 0.55, 1, "m")), "distance"),
    ],
)
def test_a_terminal_that_claims_a_match_is_not_believed(case: EligibilityCase, basis: str) -> None:
    assert case.finding is Finding.MATCHED
    assert _decided(case, _line()) == Verdict(Outcome.REFERRED, basis)


def test_an_expired_card_is_seen_by_its_own_date() -> None:
    case = eligibility_case()
    expired = replace(case, document=replace(case.document, valid_to=date(2026, 11, 19)))
    assert _decided(expired, _line()).basis == "expired-document"
    assert _decided(expired, _line(), DecisionPolicy(expired_document=Outcome.PASSED)).outcome is Outcome.PASSED


@pytest.mark.parametrize("today", [date(2027, 1, 1), date(2027, 2, 28), date(2028, 2, 29), date(2026, 12, 31)])
def test_the_sandbox_stands_at_the_same_point_on_any_day(today: date) -> None:
    entries = {}
    for citizen in sandbox_people(today):
        assert isinstance(parse_citizen_number(citizen.number.value), CitizenNumber)
        assert citizen.document(today).expired_on(today) is (citizen.slug == "expired-card")
        line = replace(_line(), status=citizen.status, confirmed_on=citizen.last_pass, due_on=citizen.due_on)
        entries[citizen.slug] = entry_on(line, today, POLICY)
    assert entries["due"].status is RosterStatus.DUE_SOON
    assert entries["overdue"].status is RosterStatus.OVERDUE
    assert entries["confirmed"].status is RosterStatus.ACTIVE
    assert {slug for slug, entry in entries.items() if entry.confirmed_this_window} == {
        "confirmed",
        "confirmed-silently",
    }
    assert len({citizen.number.value for citizen in sandbox_people(today)}) == len(entries)


def _alive(action: str, **signals: float) -> LivenessResult:
    return LivenessResult(True, action, signals)


TURNED = {"nose_shift": 0.10, "parallax_residual": 0.035}


@pytest.mark.parametrize(
    ("liveness", "basis"),
    [
        (_alive("turn-right", **TURNED), "verified"),
        (_alive("turn-right", nose_shift=0.2, parallax_residual=0.034), "liveness-figures"),
        (_alive("nod", nod_shift=0.06, parallax_residual=0.02), "verified"),
        (_alive("nod", nod_shift=0.05, parallax_residual=0.02), "liveness-figures"),
        (_alive("nod", nod_shift=0.06, parallax_residual=0.019), "liveness-figures"),
        (_alive("nod", **TURNED), "liveness-figures"),
        (_alive("follow-dot", dot_followed=0.6, parallax_residual=0.02), "verified"),
        (_alive("follow-dot", dot_followed=0.59, parallax_residual=0.02), "liveness-figures"),
        (_alive("blink", blinks=1.0), "liveness-figures"),
        (_alive("turn-left+nod", **TURNED, nod_shift=0.06), "verified"),
        (_alive("turn-left+nod", **TURNED, nod_shift=0.05), "liveness-figures"),
        (_alive("turn-left+blink", **TURNED, blinks=2.0), "verified"),
        (_alive("nod+blink", nod_shift=0.06, parallax_residual=0.02, blinks=1.0), "liveness-figures"),
        (_alive("turn-left+", **TURNED), "liveness-figures"),
        (_alive("turn-left+wave", **TURNED), "liveness-figures"),
        (_alive("", **TURNED), "liveness-figures"),
    ],
)
def test_every_action_that_was_asked_for_meets_its_floor(liveness: LivenessResult, basis: str) -> None:
    assert _decided(eligibility_case(liveness=liveness), _line()).basis == basis


@pytest.mark.parametrize("action", ["blink", "blink+blink"])
def test_blinking_alone_is_for_the_agency_to_weigh(action: str) -> None:
    case = eligibility_case(liveness=_alive(action, blinks=2.0))
    assert _decided(case, _line()) == Verdict(Outcome.PENDING, "blink-alone")
    assert _decided(case, _line(), DecisionPolicy(blink_alone=Outcome.REFERRED)).outcome is Outcome.REFERRED
    assert _decided(case, _line(), DecisionPolicy(blink_alone=Outcome.PASSED)).basis == "verified"
    far = replace(case, comparison=FaceComparison(0.61, 0.9, 5, "m"))
    assert _decided(far, _line()) == Verdict(Outcome.REFERRED, "distance"), "not by a face that is not alike"


@pytest.mark.parametrize("action", ["turn-left", "turn-left+turn-left"])
def test_offline_evidence_of_one_action_is_looked_at_by_a_person(action: str) -> None:
    case = eligibility_case(liveness=_alive(action, **TURNED), offline=True)
    assert _decided(case, _line()) == Verdict(Outcome.PENDING, "one-action")
    assert _decided(case, _line(), DecisionPolicy(offline_actions=1)).basis == "verified"
    assert _decided(replace(case, offline=False), _line()).basis == "verified"


CLEAN = _alive("turn-left", **TURNED, doubts=0.0)


@pytest.mark.parametrize(
    ("years", "liveness", "way", "distance", "basis"),
    [
        (3.01, CLEAN, IdentityWay.ID_CARD, 0.60, "verified"),
        (3.01, CLEAN, IdentityWay.ID_CARD, 0.601, "distance"),
        (2.99, CLEAN, IdentityWay.ID_CARD, 0.56, "distance"),
        (2.99, CLEAN, IdentityWay.ID_CARD, 0.55, "verified"),
        (3.01, _alive("turn-left", **TURNED, doubts=1.0), IdentityWay.ID_CARD, 0.56, "distance"),
        (3.01, _alive("turn-left", **TURNED), IdentityWay.ID_CARD, 0.56, "distance"),
        (3.01, CLEAN, IdentityWay.E_CARD, 0.56, "distance"),
        (3.01, CLEAN, IdentityWay.PHONE_CODE, 0.56, "distance"),
    ],
)
def test_an_old_portrait_of_a_card_may_be_further_off_where_nothing_is_in_doubt(
    years: float, liveness: LivenessResult, way: IdentityWay, distance: float, basis: str
) -> None:
    case = eligibility_case(liveness=liveness, comparison=FaceComparison(distance, 0.9, 5, "m"))
    issued = START.date() - timedelta(days=round(years * 365.2425))
    document = replace(case.document, valid_from=issued, valid_to=None)
    assert _decided(replace(case, document=document, identified_by=way), _line()).basis == basis
