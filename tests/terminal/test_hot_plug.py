"""Cables are pulled and put back at a whole terminal: home closes and opens by itself, a session ends kindly."""

from collections.abc import Iterator

import pytest

from gateway.sandbox import SandboxPerson
from kiosk.domain.audit_event import EventName
from kiosk.flow.health import CAMERA, FACE, ID_CARD, Health
from kiosk.flow.session_state import Attract, Serving, Wiping
from kiosk.flow.touches import Button
from kiosk.journeys.confirmation.stages import NOTICE_VERSION, Halt, Halted
from kiosk.journeys.states import TerminalState
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.face_analyser import AnalyserFault
from kiosk.ports.supervision import DeviceReport
from kiosk.steps.capture_face import Watching
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.steps.consent import ReadingNotice
from kiosk.steps.identify import AwaitingCard
from tests.family import children_running
from tests.terminal.conftest import Visitor


@pytest.fixture
def cables(visitor: Visitor) -> Iterator[Visitor]:
    """All cables are in again afterwards."""
    yield visitor
    visitor.world("card-reader", "plug")
    visitor.world("camera", "link", state="up")
    visitor.world("printer", "plug")
    if not isinstance(visitor.states[-1].phase, Attract):
        visitor.press(Button.HOME)
    visitor.at_home()


def health(state: TerminalState) -> Health:
    assert state.health is not None
    return state.health


def face_of(state: TerminalState) -> DeviceReport:
    return next(report for report in health(state).reports if report.device == FACE)


@pytest.mark.story("E-27")
@pytest.mark.parametrize(
    ("program", "pull", "put_back", "device"),
    [
        ("card-reader", ("unplug", {}), ("plug", {}), "reader"),
        ("camera", ("link", {"state": "down"}), ("link", {"state": "up"}), "camera"),
    ],
)
def test_the_home_page_closes_and_opens_with_the_cable(
    cables: Visitor,
    program: str,
    pull: tuple[str, dict[str, object]],
    put_back: tuple[str, dict[str, object]],
    device: str,
) -> None:
    cables.world(program, pull[0], **pull[1])
    cables._until(lambda state: isinstance(getattr(health(state), device), Unavailable), "a closed home page")
    cables.world(program, put_back[0], **put_back[1])
    cables.at_home()
    lost = next(
        report
        for report in health(cables.states[-1]).reports
        if report.device in (ID_CARD, CAMERA) and report.last_error
    )
    assert isinstance(lost.status, Ready)
    assert lost.last_error is not None
    assert lost.last_error.at < lost.since, "since when it is back, and what was wrong before"


@pytest.mark.story("E-27")
def test_a_printer_that_is_switched_off_shows_and_closes_nothing(cables: Visitor) -> None:
    cables.world("printer", "unplug")
    gone = cables._until(lambda state: isinstance(health(state).printer.device, Unavailable), "no printer")
    assert isinstance(gone.phase, Attract)
    cables.press(Button.START)
    assert cables.reaches(ReadingNotice) == ReadingNotice(NOTICE_VERSION)
    cables.press(Button.HOME)
    cables.world("printer", "plug")
    back = cables._until(lambda state: isinstance(health(state).printer.device, Ready), "the printer")
    assert isinstance(back.phase, Attract | Wiping)


@pytest.mark.story("E-27")
def test_a_reader_unplugged_under_the_notice_ends_the_journey_at_once(cables: Visitor) -> None:
    cables.press(Button.START)
    cables.reaches(ReadingNotice)
    cables.world("card-reader", "unplug")
    assert cables.reaches(Halted) == Halted(Halt.DEVICE_BROKEN)
    cables.press(Button.CONTINUE)
    cables._until(lambda state: isinstance(state.phase, Attract), "the wipe")


@pytest.mark.story("E-27")
def test_a_reader_unplugged_while_it_waits_for_a_card_ends_the_journey_at_once(cables: Visitor) -> None:
    cables.press(Button.START)
    cables.press(Button.AGREE)
    cables.reaches(AwaitingCard)
    cables.world("card-reader", "unplug")
    assert cables.reaches(Halted) == Halted(Halt.DEVICE_BROKEN)


@pytest.mark.story("E-27")
def test_a_reader_unplugged_after_the_card_was_read_is_missed_by_nobody(
    cables: Visitor, people: dict[str, SandboxPerson]
) -> None:
    cables.press(Button.START)
    cables.press(Button.AGREE)
    cables.lays_card(people["due-2"])
    cables.reaches(ReviewingStatus)
    cables.world("card-reader", "unplug")
    gone = cables._until(lambda state: isinstance(health(state).reader, Unavailable), "a lost reader")
    assert isinstance(gone.phase, Serving)
    assert isinstance(gone.phase.journey.stage, ReviewingStatus), "the page stays"
    cables.press(Button.CONFIRM_SELF)
    assert cables.reaches(Watching).attempt == 1, "and the face is taken"


@pytest.mark.story("E-27")
def test_a_camera_cut_before_its_turn_or_while_it_looks_ends_the_journey(
    cables: Visitor, people: dict[str, SandboxPerson]
) -> None:
    cables.press(Button.START)
    cables.press(Button.AGREE)
    cables.lays_card(people["due-3"])
    cables.reaches(ReviewingStatus)
    cables.world("camera", "link", state="down")
    assert cables.reaches(Halted) == Halted(Halt.DEVICE_BROKEN)
    cables.world("camera", "link", state="up")
    cables.world("card-reader", "remove-card")
    cables.press(Button.HOME)
    cables.at_home()
    cables.press(Button.START)
    cables.press(Button.AGREE)
    cables.lays_card(people["due-3"])
    cables.reaches(ReviewingStatus)
    cables.press(Button.CONFIRM_SELF)
    cables.reaches(Watching)
    cables.world("camera", "link", state="down")
    assert cables.reaches(Halted) == Halted(Halt.DEVICE_BROKEN)


@pytest.mark.story("E-27")
def test_an_analyser_that_dies_before_it_is_needed_is_replaced_under_the_notice(cables: Visitor) -> None:
    assert isinstance(cables.terminal.ports.face.compare(()), AnalyserFault), "has no reference, but its models loaded"
    cables.press(Button.START)
    cables.reaches(ReadingNotice)
    (worker,) = children_running("face_analyser")
    worker.kill()
    cables._until(lambda state: face_of(state).last_error is not None, "the death")
    cables._until(lambda state: face_of(state).failures == 0, "a new worker")
    error = face_of(cables.states[-1]).last_error
    assert error is not None
    assert error.what.reason == "worker-died"
    cables.reaches(ReadingNotice)


@pytest.mark.story("E-27")
def test_staff_are_called_once_for_what_the_service_needs(cables: Visitor) -> None:
    before = alerts(cables)
    cables.world("card-reader", "unplug")
    cables._until(lambda state: isinstance(health(state).reader, Unavailable), "a lost reader")
    cables.world("card-reader", "plug")
    cables.at_home()
    assert alerts(cables) == before + 1


def alerts(cables: Visitor) -> int:
    lines = cables.training.settings.log.read_text(encoding="utf-8").splitlines()
    return sum(EventName.STAFF_ALERTED.value in line and ID_CARD in line for line in lines)
