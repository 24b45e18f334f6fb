"""Stories of a site that holds its area's roster, while the line is down (domain.md 5.3)."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.domain.eligibility import RosterStatus
from kiosk.domain.paper import Band
from kiosk.flow.touches import Button
from kiosk.journeys.confirmation.stages import Halt, Halted
from kiosk.ports.platform import PlatformUnavailable
from kiosk.ports.roster_snapshot import HeldEntry
from kiosk.steps.ask_platform import OfferingOffline
from kiosk.steps.confirm_self import ReviewingStatus
from tests.kiosk.documents import reading
from tests.kiosk.journeys.telling import words
from tests.kiosk.journeys.visit import DUE, Visit, World

NO_LINK = PlatformUnavailable("no-link")
HELD = HeldEntry(DUE, date(2026, 11, 17))
"""What the site itself holds of the roster, three days old."""


@pytest.mark.story("E-20")
def test_a_site_that_holds_the_roster_names_the_running_window_and_the_day_of_its_word() -> None:
    visit = Visit(World(roster=NO_LINK, held=HELD))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == OfferingOffline(HELD), "the hall will look all the same: the citizen agrees first"
    visit.press(Button.ACCEPT_OFFLINE)
    visit.stand_before_camera()
    (case,), (paper,) = visit.cases, visit.papers
    assert (case.offline, case.crop) == (True, b"jpeg")
    assert (reading.band(paper), reading.band_text(paper)) == (Band.PENDING, "已受理，待联网审核")
    for line in ("当前期限: 2026年6月30日前", "名册日期: 2026年11月17日", "受理方式: 自助终端离线受理"):
        assert line in words(paper)


@pytest.mark.story("E-09", "E-20")
def test_a_suspended_payment_is_asked_to_resume_although_the_line_is_down() -> None:
    visit = Visit(World(roster=NO_LINK, held=replace(HELD, entry=replace(DUE, status=RosterStatus.SUSPENDED))))
    visit.press(Button.START, Button.AGREE, Button.ACCEPT_OFFLINE)
    visit.stand_before_camera()
    (case,) = visit.cases
    assert case.resume


@pytest.mark.story("E-07", "E-20")
def test_who_was_confirmed_before_the_line_went_down_need_not_come_again() -> None:
    done = replace(DUE, confirmed_on=date(2026, 6, 11), due_on=date(2027, 6, 30), confirmed_this_window=True)
    visit = Visit(World(roster=NO_LINK, held=replace(HELD, entry=done)))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == ReviewingStatus(done, HELD.as_of)
    visit.press(Button.PRINT_PROOF)
    (paper,) = visit.papers
    assert (reading.band(paper), reading.band_text(paper)) == (Band.INFORMATION, "今天不用再办")
    assert "名册日期: 2026年11月17日" in words(paper)
    assert not visit.face_taken


@pytest.mark.story("E-10", "E-20")
@pytest.mark.parametrize("status", [RosterStatus.STOPPED, RosterStatus.MOVED])
def test_a_record_that_staff_must_check_takes_no_face_without_a_line_either(status: RosterStatus) -> None:
    visit = Visit(World(roster=NO_LINK, held=replace(HELD, entry=replace(DUE, status=status))))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == Halted(Halt.DESK_MUST_CHECK)
    assert not visit.face_taken
