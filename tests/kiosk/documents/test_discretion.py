"""No paper, whatever came of whoever's case, says a forbidden word or a name, number or phone in full."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.documents.paper_document import paper_to_json
from kiosk.documents.receipt import (
    ReceiptFacts,
    ReferralReason,
    already_confirmed_receipt,
    passed_receipt,
    pending_receipt,
    referred_receipt,
)
from kiosk.documents.slips import SlipFacts, desk_slip, home_visit_slip, reprint, ways_slip
from kiosk.domain.case import DeskReason, HallDecision, Outcome
from kiosk.domain.citizen_number import CitizenNumber, check_character
from kiosk.domain.eligibility import ConfirmationSource, RosterEntry, RosterStatus
from kiosk.domain.paper import Paper
from kiosk.domain.person_name import PersonName
from kiosk.domain.site import Site
from tests.kiosk.documents.reading import text
from tests.kiosk.documents.specimens import ENTRY, HALL_TIME, NUMBER, PHONE, SITE, VERIFICATION, WHEN, all_papers

FORBIDDEN = ("失败", "非本人", "活体检测不通过", "冒领")
HIDDEN = "囍龘靐齉"
"""Characters no word of ours has; names are made of them, so that one on a paper can only come from a name."""

NAMES = st.text(st.sampled_from(HIDDEN), min_size=2, max_size=12).map(PersonName)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(HALL_TIME))
PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@st.composite
def citizen_numbers(draw: st.DrawFn) -> CitizenNumber:
    """Of area 100101, which no register has."""
    born = draw(st.dates(date(1920, 1, 1), date(1985, 12, 31)))
    stem = f"100101{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return CitizenNumber(stem + check_character(stem))


SITES = st.builds(
    replace,
    st.just(SITE),
    training=st.booleans(),
    answer_days=st.none() | st.integers(1, 20),
    other_areas=st.lists(st.sampled_from(["示例市城西区", "示例市城北县"]), max_size=2).map(tuple),
)
ENTRIES = st.builds(
    RosterEntry,
    scheme=st.just(ENTRY.scheme),
    area=st.just(ENTRY.area),
    status=st.sampled_from(RosterStatus),
    confirmed_on=st.none() | DAYS,
    due_on=st.none() | DAYS,
    confirmed_this_window=st.booleans(),
    source=st.none() | st.sampled_from(ConfirmationSource),
    office=st.just(ENTRY.office),
    office_phone=st.just(ENTRY.office_phone),
    other_place=st.booleans(),
)
FACTS = st.builds(
    ReceiptFacts,
    site=SITES,
    number=st.just(NUMBER),
    verification=st.just(VERIFICATION),
    name=NAMES,
    citizen_number=citizen_numbers(),
    entry=st.none() | ENTRIES,
    handled_at=MOMENTS,
    printed_at=MOMENTS,
    helper=st.none() | NAMES,
)
SLIP_FACTS = st.builds(
    SlipFacts,
    site=SITES,
    number=st.just(NUMBER),
    verification=st.just(VERIFICATION),
    citizen_number=citizen_numbers(),
    name=st.none() | NAMES,
    entry=st.none() | ENTRIES,
    made_at=MOMENTS,
)
PERHAPS = st.none() | DAYS


def assert_discreet(paper: Paper, number: CitizenNumber | None, *names: PersonName | None) -> None:
    """Of a name its first and last character at most, of a number the first three and last four."""
    for said in (text(paper), paper_to_json(paper).decode()):
        assert not [word for word in FORBIDDEN if word in said]
        if number is not None:
            assert number.value not in said
            assert number.value[3:14] not in said
        assert len([character for character in said if character in HIDDEN]) <= 2 * sum(n is not None for n in names)


@given(facts=FACTS, due=PERHAPS, resumes=PERHAPS, expired=PERHAPS)
def test_passed(facts: ReceiptFacts, due: date | None, resumes: date | None, expired: date | None) -> None:
    assert_discreet(passed_receipt(facts, due, resumes, expired), facts.citizen_number, facts.name, facts.helper)


@given(facts=FACTS, by_hall=st.booleans(), expired=PERHAPS)
def test_pending(facts: ReceiptFacts, by_hall: bool, expired: date | None) -> None:
    paper = pending_receipt(facts, by_hall=by_hall, expired_on=expired)
    assert_discreet(paper, facts.citizen_number, facts.name, facts.helper)


@given(facts=FACTS, reason=st.sampled_from(ReferralReason))
def test_referred(facts: ReceiptFacts, reason: ReferralReason) -> None:
    assert_discreet(referred_receipt(facts, reason), facts.citizen_number, facts.name, facts.helper)


@given(facts=FACTS, entry=ENTRIES)
def test_already_confirmed(facts: ReceiptFacts, entry: RosterEntry) -> None:
    assert_discreet(already_confirmed_receipt(facts, entry), facts.citizen_number, facts.name, facts.helper)


@given(facts=SLIP_FACTS, reason=st.sampled_from(DeskReason))
def test_desk_slip(facts: SlipFacts, reason: DeskReason) -> None:
    assert_discreet(desk_slip(facts, reason), facts.citizen_number, facts.name)


@given(facts=SLIP_FACTS, phone=PHONES, wished=DAYS)
def test_home_visit(facts: SlipFacts, phone: str, wished: date) -> None:
    paper = home_visit_slip(facts, phone, wished)
    assert_discreet(paper, facts.citizen_number, facts.name)
    assert phone not in text(paper)


@given(site=SITES, outcome=st.sampled_from(Outcome), days=st.tuples(PERHAPS, PERHAPS, PERHAPS), coded=st.booleans())
def test_reprint(site: Site, outcome: Outcome, days: tuple[date | None, date | None, date | None], coded: bool) -> None:
    decision = HallDecision(NUMBER, outcome, *days)
    assert_discreet(reprint(site, NUMBER, VERIFICATION if coded else None, decision, WHEN), None)


@given(site=SITES)
def test_ways(site: Site) -> None:
    assert_discreet(ways_slip(site, WHEN), None)


@pytest.mark.parametrize("paper", all_papers().values(), ids=all_papers().keys())
def test_specimens(paper: Paper) -> None:
    said = text(paper)
    assert not [word for word in (*FORBIDDEN, "张明", "张小明", "邓小艳", "11010519491231002X", PHONE) if word in said]
    assert paper.verification is None or "002X" not in paper.verification.qr_text
