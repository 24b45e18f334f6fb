"""E-27 in the middle of a journey: a device that is still needed is lost, at every stage, and every exit wipes."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace

import pytest

from kiosk.domain.audit_event import EventName
from kiosk.domain.case import Outcome
from kiosk.flow.commands import KeepDevicesQuiet, StopFace, StopReading, Wipe
from kiosk.flow.events import HealthChecked
from kiosk.flow.health import CAMERA, FACE, ID_CARD, SMART_CARD, Health
from kiosk.flow.session_state import Attract, Serving
from kiosk.flow.touches import Button
from kiosk.journeys.confirmation import stages
from kiosk.journeys.confirmation.stages import Halt, Halted, OtherWay, ShowingResult
from kiosk.journeys.look_up_receipt import AwaitingReceipt, TypingReceipt
from kiosk.journeys.request_home_visit import Explaining, TypingPhone, VisitHalted
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.id_card import CardUnreadable
from kiosk.ports.platform import PlatformUnavailable, RosterFound
from kiosk.steps.ask_platform import OfferingOffline
from kiosk.steps.capture_face import ChoosingAction, Watching
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.steps.consent import ReadingNotice
from kiosk.steps.identify import AwaitingCard, ChoosingIdentity
from kiosk.steps.show_code import AwaitingCode
from kiosk.steps.take_things import Taking
from kiosk.steps.type_number import TypingNumber
from tests.kiosk.journeys.visit import DUE, HEALTHY, Stage, Visit, World

AWAY = Unavailable("port-gone", "plug it in")
SLOT = replace(HEALTHY, smart_card=Ready())


def without(device: str, health: Health = HEALTHY) -> Health:
    match device:
        case "id-card":
            return replace(health, reader=AWAY)
        case "camera":
            return replace(health, camera=AWAY)
        case "face":
            return replace(health, face=AWAY)
        case _:
            return replace(health, smart_card=AWAY)


def lose(visit: Visit, device: str) -> None:
    """The supervisor tells it; from now on every self-check says the same."""
    visit.world.health = without(device, visit.world.health)
    visit.happen(HealthChecked(visit.world.health))


def mend(visit: Visit) -> None:
    visit.world.health = HEALTHY
    visit.happen(HealthChecked(HEALTHY))


def nobody_s_card() -> World:
    return World(cards=[])


def unreadable() -> World:
    return World(cards=[CardUnreadable("bad-checksum")] * 3, plate_empty=[])


@dataclass(frozen=True)
class Place:
    """A stage, the way to it, and what it still needs."""

    stage: type[Stage]
    go: Callable[[], Visit]
    needs: frozenset[str]
    name: str = field(default="")


def visiting(made: World, *buttons: Button) -> Callable[[], Visit]:
    """Every visit has a world of its own."""

    def go() -> Visit:
        visit = Visit(deepcopy(made))
        visit.press(*buttons)
        return visit

    return go


def turned_twice() -> Visit:
    visit = Visit(World(person="still"))
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    visit.press(Button.CANNOT_DO_ACTION)
    return visit


def at_result() -> Visit:
    visit = Visit(World())
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    visit.stand_before_camera()
    return visit


def at_take() -> Visit:
    visit = at_result()
    visit.world.plate_empty = []
    visit.press(Button.CONTINUE)
    return visit


EVERYTHING = frozenset({ID_CARD, CAMERA, FACE})
TO_TAKE_A_FACE = frozenset({CAMERA, FACE})
NOTHING: frozenset[str] = frozenset()
ALREADY = World(roster=RosterFound(replace(DUE, confirmed_this_window=True)))

PLACES = [
    Place(ReadingNotice, visiting(nobody_s_card(), Button.START), EVERYTHING),
    Place(stages.IdentifyingHelper, visiting(nobody_s_card(), Button.START_HELPED), EVERYTHING),
    Place(AwaitingCard, visiting(nobody_s_card(), Button.START, Button.AGREE), EVERYTHING),
    Place(
        ChoosingIdentity,
        visiting(unreadable(), Button.START, Button.AGREE),
        frozenset({ID_CARD}),
    ),
    Place(
        AwaitingCode,
        visiting(nobody_s_card(), Button.START, Button.AGREE, Button.SHOW_CODE),
        TO_TAKE_A_FACE,
    ),
    Place(
        TypingNumber,
        visiting(unreadable(), Button.START, Button.AGREE, Button.TYPE_NUMBER),
        NOTHING,
    ),
    Place(
        OfferingOffline,
        visiting(World(roster=PlatformUnavailable("no-link")), Button.START, Button.AGREE),
        TO_TAKE_A_FACE,
    ),
    Place(ReviewingStatus, visiting(World(), Button.START, Button.AGREE), TO_TAKE_A_FACE),
    Place(ReviewingStatus, visiting(ALREADY, Button.START, Button.AGREE), NOTHING, "already-confirmed"),
    Place(Watching, visiting(World(), Button.START, Button.AGREE, Button.CONFIRM_SELF), frozenset({CAMERA})),
    Place(ChoosingAction, turned_twice, NOTHING),
    Place(OtherWay, visiting(nobody_s_card(), Button.START, Button.OTHER_WAY), NOTHING),
    Place(ShowingResult, at_result, NOTHING),
    Place(Taking, at_take, NOTHING),
]


@pytest.mark.story("E-27")
@pytest.mark.parametrize("device", [ID_CARD, CAMERA, FACE])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name or place.stage.__name__)
def test_a_device_that_is_lost_ends_the_journey_only_where_it_is_still_needed(place: Place, device: str) -> None:
    visit = place.go()
    assert isinstance(visit.stage, place.stage)
    commands = len(visit.commands)
    lose(visit, device)
    if device not in place.needs:
        assert isinstance(visit.standing_at(), place.stage)
    else:
        assert visit.standing_at() == Halted(Halt.DEVICE_BROKEN)
        assert {StopReading(), StopFace()} <= set(visit.commands[commands:])
    alerts = [event.device for event in visit.logged if event.name is EventName.STAFF_ALERTED]
    assert alerts[-1] == device, "somebody has to come, whoever stands there"
    assert wiped_after(visit)


def wiped_after(visit: Visit) -> bool:
    """The citizen goes, or just walks away: nothing is held after either."""
    visit.elapse("idle")
    visit.elapse("idle-countdown")
    return isinstance(visit.state.phase, Attract) and visit.asked(Wipe) == [Wipe()]


@pytest.mark.story("E-27")
def test_the_page_says_where_else_and_its_button_leads_out_through_the_wipe() -> None:
    visit = visiting(nobody_s_card(), Button.START, Button.AGREE)()
    lose(visit, ID_CARD)
    visit.press(Button.CONTINUE)
    assert visit.ending == ("REFERRED", "device-broken")
    assert visit.asked(Wipe) == [Wipe()]
    visit.press(Button.START)
    assert visit.state.phase == Attract(), "the item is closed"
    mend(visit)
    visit.press(Button.START)
    assert isinstance(visit.stage, ReadingNotice), "the home page opens by itself"


@pytest.mark.story("E-27")
def test_a_device_lost_on_a_page_that_does_not_need_it_is_told_where_it_is_needed_again() -> None:
    visit = visiting(nobody_s_card(), Button.START, Button.OTHER_WAY)()
    lose(visit, CAMERA)
    assert isinstance(visit.stage, OtherWay)
    visit.press(Button.BACK)
    assert visit.standing_at() == Halted(Halt.DEVICE_BROKEN)


@pytest.mark.story("E-27")
def test_a_device_that_is_back_before_it_is_needed_stops_nobody() -> None:
    visit = visiting(nobody_s_card(), Button.START, Button.OTHER_WAY)()
    lose(visit, CAMERA)
    mend(visit)
    visit.press(Button.BACK)
    assert isinstance(visit.standing_at(), ReadingNotice)
    assert [event.device for event in visit.logged if event.name is EventName.DEVICE_READY][-1] == CAMERA


@pytest.mark.story("E-27")
def test_a_lost_slot_for_social_security_cards_is_no_halt_while_identity_cards_are_read() -> None:
    for place in PLACES:
        visit = place.go()
        visit.world.health = SLOT
        visit.happen(HealthChecked(SLOT))
        lose(visit, SMART_CARD)
        assert isinstance(visit.stage, place.stage)
        gone = [(event.name, event.device) for event in visit.logged if event.device == SMART_CARD][-1]
        assert gone == (EventName.DEVICE_UNAVAILABLE, SMART_CARD), "told, but nobody is called for it"


@pytest.mark.story("E-27")
def test_a_lost_printer_or_link_halts_nothing() -> None:
    for place in PLACES:
        visit = place.go()
        printer = replace(HEALTHY.printer, device=AWAY)
        visit.happen(HealthChecked(replace(HEALTHY, printer=printer, platform=AWAY)))
        assert isinstance(visit.stage, place.stage)


@pytest.mark.story("E-27")
def test_a_reader_lost_while_a_home_visit_is_asked_for() -> None:
    visit = visiting(nobody_s_card(), Button.START_HOME_VISIT)()
    assert visit.stage == Explaining()
    lose(visit, CAMERA)
    assert visit.standing_at() == Explaining(), "no face is taken here"
    lose(visit, ID_CARD)
    assert visit.standing_at() == VisitHalted("device-broken")
    assert wiped_after(visit)
    read = visiting(World(), Button.START_HOME_VISIT, Button.CONTINUE)()
    assert isinstance(read.stage, TypingPhone)
    lose(read, ID_CARD)
    assert isinstance(read.standing_at(), TypingPhone), "the card has been read"


@pytest.mark.story("E-27")
def test_a_receipt_is_looked_up_whatever_is_lost() -> None:
    visit = visiting(nobody_s_card(), Button.START_LOOK_UP)()
    for device in (ID_CARD, CAMERA, FACE):
        lose(visit, device)
        assert isinstance(visit.stage, AwaitingReceipt)
    visit.press(Button.TYPE_NUMBER)
    assert isinstance(visit.standing_at(), TypingReceipt)
    assert wiped_after(visit)


@pytest.mark.story("E-27")
def test_devices_are_left_in_peace_while_somebody_is_served() -> None:
    visit = Visit(nobody_s_card())
    assert not visit.asked(KeepDevicesQuiet)
    visit.press(Button.START)
    assert isinstance(visit.state.phase, Serving)
    assert visit.asked(KeepDevicesQuiet) == [KeepDevicesQuiet()]


@pytest.mark.story("E-27")
def test_a_device_that_is_lost_after_the_case_was_decided_changes_no_outcome() -> None:
    visit = at_result()
    for device in (ID_CARD, CAMERA, FACE):
        lose(visit, device)
    visit.press(Button.CONTINUE)
    assert isinstance(visit.stage, Taking)
    visit.press(Button.CONTINUE, Button.SKIP_RATING)
    assert visit.ending[0] == Outcome.PENDING.value
    assert len(visit.cases) == 1
