"""Stories of the terminal itself, and of who cannot come: power, devices, clock, home visits (E-26 to E-28, E-32)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.domain.audit_event import EventName
from kiosk.domain.case import Outcome
from kiosk.domain.paper import Band
from kiosk.flow.commands import PutRecord, ReadCard
from kiosk.flow.events import FaceLost, PlateChecked
from kiosk.flow.health import Health
from kiosk.flow.session_state import Attract
from kiosk.flow.touches import Button
from kiosk.journeys.confirmation.stages import Halt, Halted
from kiosk.journeys.request_home_visit import ChoosingDay, Explaining, ShowingVisit, TypingPhone, VisitHalted
from kiosk.ports.device_status import CLOCK_DRIFT, Unavailable
from kiosk.ports.face_analyser import AnalyserFault
from kiosk.ports.id_card import CardUnreadable, ReaderFault
from kiosk.ports.outbox import OutboxRefused, Queued
from kiosk.ports.printer import NotPrinted, PrintUnknown
from kiosk.steps.consent import ReadingNotice
from kiosk.steps.take_things import Taking
from tests.kiosk.documents import reading
from tests.kiosk.journeys.telling import NUMBER, alerts, decided, ended, words
from tests.kiosk.journeys.visit import DOCUMENT, HEALTHY, SITE, Visit, World, at_camera
from tests.offline_cache.parts import NO_LINK, FakePlatform, build
from tests.records import eligibility_case, person, register


@pytest.mark.story("E-26")
def test_after_a_power_cut_what_was_queued_is_delivered_once_with_the_same_bytes(tmp_path: Path) -> None:
    registered = register(tmp_path)
    cut_off = FakePlatform(answer=lambda _: NO_LINK)
    before = build(registered, platform=cut_off)
    case = eligibility_case()
    assert before.outbox.put(case) == Queued(case.key)
    before.outbox.deliver(case.key, 8.0)
    after = build(registered, clock=before.clock)
    assert after.outbox.waiting() == 1, "what the citizen was promised is on disk, whatever became of the program"
    after.clock.forward(3600)
    after.delivery.run_due()
    after.delivery.run_due()
    assert [record.envelope for record in after.platform.sent] == [cut_off.sent[0].envelope]
    assert after.outbox.waiting() == 0
    after.close()
    before.close()


@pytest.mark.story("E-26")
def test_after_a_power_cut_nothing_on_the_disk_tells_who_was_there(tmp_path: Path) -> None:
    registered = register(tmp_path)
    before = build(registered)
    case = eligibility_case()
    before.outbox.put(case)
    citizen = person()
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("terminal.db*"))
    assert case.key.encode() in kept, "the record itself is there, sealed"
    assert citizen.number.value.encode() not in kept
    assert citizen.name.value.encode() not in kept
    before.close()


@pytest.mark.story("E-26")
def test_a_session_cut_in_half_is_gone_and_the_home_page_stands() -> None:
    cut = at_camera(World())
    assert not cut.asked(PutRecord), "a session leaves nothing on the disk before it has a result"
    again = Visit(World())
    assert again.state.phase == Attract()
    assert again.state.number == 0
    again.press(Button.CONTINUE, Button.PRINT_SLIP)
    assert not again.papers
    again.press(Button.START)
    assert isinstance(again.stage, ReadingNotice)


BROKEN = Unavailable("no-answer", "check the cable")


@pytest.mark.story("E-27")
@pytest.mark.parametrize(
    ("health", "device", "log_name"),
    [
        (replace(HEALTHY, reader=BROKEN), "reader", "id-card"),
        (replace(HEALTHY, camera=BROKEN), "camera", "camera"),
        (replace(HEALTHY, face=BROKEN), "face", "face"),
    ],
)
def test_a_broken_device_closes_the_service_until_it_is_mended_and_others_go_on(
    health: Health, device: str, log_name: str
) -> None:
    visit = Visit(World(health=health))
    told = [(event.name, event.device) for event in visit.logged if event.reason == "no-answer"]
    assert told == [(EventName.DEVICE_UNAVAILABLE, log_name), (EventName.STAFF_ALERTED, log_name)]
    assert visit.session._journeys[Button.START].closed_by(health) == device
    visit.press(Button.START, Button.START_HELPED)
    assert visit.state.phase == Attract()
    assert visit.session.can_serve(visit.state, Button.START_LOOK_UP)
    visit.press(Button.START_LOOK_UP, Button.HOME)
    assert ended(visit) == ("CANCELLED", "left-at-AwaitingReceipt")
    visit.world.health = HEALTHY
    visit.elapse("health")
    visit.press(Button.START)
    assert isinstance(visit.stage, ReadingNotice)


@pytest.mark.story("E-27")
def test_without_a_camera_a_home_visit_can_still_be_asked_for() -> None:
    visit = Visit(World(health=replace(HEALTHY, camera=BROKEN, face=BROKEN)))
    visit.press(Button.START_HOME_VISIT)
    assert visit.stage == Explaining()


@pytest.mark.story("E-27")
def test_a_printer_that_is_out_closes_nothing() -> None:
    visit = Visit(World(health=replace(HEALTHY, printer=replace(HEALTHY.printer, device=BROKEN))))
    visit.press(Button.START)
    assert isinstance(visit.stage, ReadingNotice)


@pytest.mark.story("E-27")
def test_a_reader_that_breaks_under_the_card_is_no_fault_of_the_citizen() -> None:
    visit = Visit(World(cards=[ReaderFault("port-gone")]))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == Halted(Halt.DEVICE_BROKEN)
    assert visit.reasons(EventName.CARD_NOT_READ) == ["port-gone"]
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("REFERRED", "device-broken")


@pytest.mark.story("E-27")
def test_a_camera_that_breaks_while_it_looks_ends_at_the_desk() -> None:
    visit = at_camera(World())
    visit.happen(FaceLost("camera", "no-frames"))
    assert visit.stage == Halted(Halt.DEVICE_BROKEN)
    assert visit.reasons(EventName.DEVICE_UNAVAILABLE) == ["no-frames"]
    assert [event.device for event in visit.logged if event.name is EventName.DEVICE_UNAVAILABLE] == ["camera"]
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("REFERRED", "device-broken")
    assert not visit.cases


@pytest.mark.story("E-27")
def test_missing_face_models_are_told_as_a_device_and_not_as_a_face() -> None:
    visit = Visit(World(reference=AnalyserFault("models-missing")))
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    assert visit.stage == Halted(Halt.DEVICE_BROKEN)
    assert visit.reasons(EventName.DEVICE_UNAVAILABLE) == ["models-missing"] * 3, "each try of the three"


@pytest.mark.story("E-28")
def test_by_a_wrong_clock_nothing_is_signed_but_a_receipt_can_be_looked_up() -> None:
    wrong = replace(HEALTHY, platform=Unavailable(CLOCK_DRIFT, "set the clock"))
    visit = Visit(World(health=wrong, found=decided(Outcome.PENDING)))
    assert visit.reasons(EventName.DEVICE_UNAVAILABLE) == [CLOCK_DRIFT]
    assert visit.session._journeys[Button.START].closed_by(wrong) == "clock"
    visit.press(Button.START, Button.START_HELPED, Button.START_HOME_VISIT)
    assert visit.state.phase == Attract()
    assert not visit.asked(PutRecord)
    visit.press(Button.START_LOOK_UP, Button.TYPE_NUMBER)
    visit.type(NUMBER.value)
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("PENDING", "looked-up")
    visit.world.health = HEALTHY
    visit.elapse("health")
    visit.press(Button.START)
    assert isinstance(visit.stage, ReadingNotice), "the clock was set"


@pytest.mark.story("E-28")
def test_a_clock_that_was_wrong_is_not_right_again_because_the_line_broke() -> None:
    health = replace(HEALTHY, platform=Unavailable("no-link", "check the cable"), refused=CLOCK_DRIFT)
    visit = Visit(World(health=health))
    assert visit.session._journeys[Button.START].closed_by(health) == "clock"
    visit.press(Button.START)
    assert visit.state.phase == Attract()


@pytest.mark.story("E-28")
def test_a_link_that_is_only_down_closes_nothing() -> None:
    visit = Visit(World(health=replace(HEALTHY, platform=Unavailable("no-link", "check the cable"))))
    visit.press(Button.START)
    assert isinstance(visit.stage, ReadingNotice)


def choosing_day(world: World) -> Visit:
    visit = Visit(world)
    visit.press(Button.START_HOME_VISIT)
    assert visit.stage == Explaining()
    visit.press(Button.CONTINUE)
    assert visit.standing_at() == TypingPhone(DOCUMENT)
    visit.type("1380000")
    assert visit.standing_at() == TypingPhone(DOCUMENT, wrong=True)
    visit.type("13800002071")
    return visit


@pytest.mark.story("E-32")
def test_a_relative_asks_for_a_visit_with_phone_and_wished_day() -> None:
    visit = choosing_day(World())
    days = (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26))
    assert visit.stage == ChoosingDay(DOCUMENT, "13800002071", days), "asked on a Friday: the weekend is left out"
    visit.pick(1)
    assert isinstance(visit.standing_at(), ShowingVisit)
    (request,) = visit.home_visits
    assert (request.receipt, request.document, request.phone) == (NUMBER, DOCUMENT, "13800002071")
    assert request.wished_on == date(2026, 11, 24)
    (paper,) = visit.papers
    assert (paper.title, reading.band(paper), paper.number) == ("上门预约单", Band.REFERRED, NUMBER)
    assert reading.key_fact(paper) == "2026年11月24日"
    for line in (
        "本人不便可以预约上门，不能代替本人刷脸。",
        "联系电话: 138****2071",
        "上门前工作人员会打电话",
        SITE.agency,
    ):
        assert line in words(paper)
    assert "13800002071" not in words(paper) + repr(visit.state) + repr(visit.logged)
    visit.press(Button.CONTINUE)
    assert isinstance(visit.standing_at(), Taking)
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("REFERRED", "home-visit")
    assert not visit.face_taken, "nobody takes the place of the person before the camera"


@pytest.mark.story("E-32", "E-23")
def test_a_visit_is_asked_for_whether_or_not_its_paper_comes_out() -> None:
    visit = choosing_day(World(verdict=NotPrinted("media-empty")))
    visit.pick(0)
    assert alerts(visit) == ["media-empty"]
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("REFERRED", "home-visit")
    assert len(visit.home_visits) == 1


@pytest.mark.story("E-32")
def test_a_visit_that_could_not_be_stored_is_said_before_the_relative_leaves() -> None:
    visit = choosing_day(World(storage=OutboxRefused("storage-full")))
    visit.pick(0)
    assert visit.stage == VisitHalted("not-stored")
    assert not visit.papers
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("REFERRED", "not-stored")


@pytest.mark.story("E-32", "E-25")
def test_the_absent_person_s_card_is_not_left_behind_where_nothing_could_be_stored() -> None:
    visit = choosing_day(World(storage=OutboxRefused("storage-full"), plate_empty=[False]))
    visit.pick(0)
    visit.press(Button.CONTINUE)
    assert visit.standing_at() == Taking(True, paper=False, checks=1)
    visit.happen(PlateChecked(True))
    assert ended(visit) == ("REFERRED", "not-stored")


@pytest.mark.story("E-32", "E-23")
def test_a_visit_s_paper_that_may_have_come_out_counts_no_more() -> None:
    visit = choosing_day(World(verdict=PrintUnknown("no-acknowledgement"), plate_empty=[]))
    visit.pick(0)
    visit.press(Button.CONTINUE)
    assert visit.standing_at() == Taking(None, paper=False)
    visit.happen(PlateChecked(True))
    assert ended(visit) == ("REFERRED", "home-visit")


@pytest.mark.story("E-32", "E-01")
def test_without_the_absent_person_s_card_the_agency_s_phone_is_the_way() -> None:
    visit = Visit(World(cards=[CardUnreadable("truncated")] * 3, plate_empty=[True, True]))
    visit.press(Button.START_HOME_VISIT, Button.CONTINUE)
    assert visit.stage == VisitHalted("card-not-read")
    assert len(visit.asked(ReadCard)) == 3
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("REFERRED", "card-not-read")


@pytest.mark.story("E-32", "E-24")
def test_who_walks_away_from_the_request_has_asked_for_nothing() -> None:
    visit = choosing_day(World())
    visit.elapse("idle")
    visit.elapse("idle-countdown")
    assert ended(visit) == ("CANCELLED", "walked-away-left-at-ChoosingDay")
    assert not visit.home_visits
