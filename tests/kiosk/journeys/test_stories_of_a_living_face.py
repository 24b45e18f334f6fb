"""Stories of what proves a living face: other actions, two of them, suspicions, an old portrait, a lost analyser."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.domain.audit_event import EventName
from kiosk.domain.case import EligibilityCase, Finding, HallDecision, Outcome
from kiosk.domain.face import FaceAction, LivenessResult, PictureTraits
from kiosk.domain.paper import Band
from kiosk.domain.picture import Picture
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import SPOOFS, Acting, NotProven, NotProvenReason
from kiosk.face.trace import begin
from kiosk.flow.commands import CompareFace, Log, StartFace, StopFace
from kiosk.flow.events import FaceLost, FaceSeen
from kiosk.flow.touches import Button, PaceChosen
from kiosk.journeys.confirmation.stages import Halt, Halted, OfferingUnmatched, ShowingResult
from kiosk.ports.face_analyser import ReferenceReady
from kiosk.ports.id_card import CardRead
from kiosk.ports.photo_decoder import PhotoUndecodable
from kiosk.ports.platform import PlatformUnavailable, ReferenceFound
from kiosk.steps import capture_face
from kiosk.steps.capture_face import CapturePlan, ChoosingAction, Cropping, Watching
from tests.kiosk.documents import reading
from tests.kiosk.journeys import citizen
from tests.kiosk.journeys.telling import NUMBER, alerts, decided, ended, words
from tests.kiosk.journeys.visit import CARD, KEY, NOW, SITE, Visit, World, at_camera, key_that_asks

LEFT, RIGHT, NOD, DOT, BLINK = FaceAction
PASSED = HallDecision(NUMBER, Outcome.PASSED, NOW.date(), date(2027, 11, 30))
STAFF_LOOK = decided(Outcome.REFERRED)


def asked(visit: Visit) -> FaceAction:
    """Looks until the page asks for something."""
    for _ in range(200):
        stage = visit.stage
        assert isinstance(stage, Watching)
        if stage.trace is not None and isinstance(stage.trace.stage, Acting):
            return stage.trace.stage.action
        visit.look(0.04)
    raise AssertionError("nothing was asked for")


def case_of(visit: Visit) -> EligibilityCase:
    (case,) = visit.cases
    return case


@pytest.mark.parametrize("action", [LEFT, RIGHT, NOD, DOT])
def test_whatever_is_drawn_passes_who_does_it(action: FaceAction) -> None:
    visit = at_camera(World(delivery=PASSED), key_that_asks(action))
    assert asked(visit) is action
    visit.stand_before_camera()
    assert (case_of(visit).finding, case_of(visit).liveness.action) == (Finding.MATCHED, action.value)


@pytest.mark.story("E-13")
def test_who_cannot_do_an_action_picks_any_other_and_the_attempt_is_not_lost() -> None:
    visit = at_camera(World(delivery=PASSED))
    visit.press(Button.CANNOT_DO_ACTION)
    assert isinstance(visit.stage, ChoosingAction)
    assert visit.stage.plan.open_actions == (RIGHT, NOD, DOT, BLINK)
    visit.pick(3)
    assert asked(visit) is BLINK
    assert isinstance(visit.stage, Watching)
    assert visit.stage.attempt == 1
    visit.stand_before_camera()
    assert (case_of(visit).finding, case_of(visit).liveness.action) == (Finding.MATCHED, "blink")


@pytest.mark.story("E-13")
def test_saying_that_one_cannot_is_no_action_that_came_to_nothing() -> None:
    visit = at_camera(World(delivery=PASSED))
    for remain in (4, 3, 2, 1):
        visit.press(Button.CANNOT_DO_ACTION)
        assert isinstance(visit.stage, ChoosingAction)
        assert len(visit.stage.plan.open_actions) == remain
        visit.pick(0)
    visit.press(Button.CANNOT_DO_ACTION)
    assert isinstance(visit.standing_at(), ShowingResult), "nothing is left but a person"
    assert case_of(visit).liveness.action == capture_face.DECLINED


NO_LINK = PlatformUnavailable("no-link")


@pytest.mark.story("E-20")
def test_offline_evidence_shows_two_different_actions() -> None:
    visit = Visit(World(roster=NO_LINK))
    visit.press(Button.START, Button.AGREE, Button.ACCEPT_OFFLINE)
    assert asked(visit) is LEFT
    visit.stand_before_camera()
    assert case_of(visit).liveness.action == "turn-left+nod"


def test_a_face_that_is_compared_by_staff_shows_two_different_actions() -> None:
    visit = Visit(World(photo=PhotoUndecodable("no-decoder"), delivery=decided(Outcome.PENDING)))
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    assert visit.stage == OfferingUnmatched()
    visit.press(Button.AGREE)
    visit.stand_before_camera()
    assert case_of(visit).liveness.action == "turn-left+nod"


@pytest.mark.story("E-13", "E-20")
def test_of_two_actions_only_the_one_that_cannot_be_done_is_left_out() -> None:
    visit = Visit(World(roster=NO_LINK, cannot=frozenset({NOD})))
    visit.press(Button.START, Button.AGREE, Button.ACCEPT_OFFLINE)
    while asked(visit) is LEFT:
        visit.look(0.2)
    assert asked(visit) is NOD
    visit.press(Button.CANNOT_DO_ACTION)
    assert isinstance(visit.stage, ChoosingAction)
    assert visit.stage.plan.open_actions == (LEFT, RIGHT, DOT, BLINK)


FRAMED = PictureTraits(bezel=1.0)


@pytest.mark.story("E-14")
def test_who_stands_in_a_frame_is_asked_to_follow_the_dot_as_well() -> None:
    visit = at_camera(World(traits=FRAMED, delivery=PASSED))
    visit.stand_before_camera()
    case = case_of(visit)
    assert (case.finding, case.liveness.action) == (Finding.MATCHED, "turn-left+follow-dot")
    assert case.liveness.signals["doubts"] == 1.0
    assert case.comparison is not None
    assert case.comparison.threshold == FaceSettings().match_threshold, "and an old portrait is held to no less"


@pytest.mark.story("E-14")
def test_a_recording_that_happens_to_turn_as_asked_does_not_follow_the_dot() -> None:
    visit = at_camera(World(traits=FRAMED, cannot=frozenset({DOT}), delivery=PASSED))
    visit.stand_before_camera()
    assert isinstance(visit.stage, ChoosingAction)
    assert not visit.asked(CompareFace)


def test_large_type_doubles_the_time_for_a_face() -> None:
    visit = Visit(World())
    visit.press(Button.START, Button.AGREE)
    visit.happen(PaceChosen(elder=True))
    visit.press(Button.CONFIRM_SELF)
    assert [start.pace for start in visit.asked(StartFace)] == [2.0]
    asked(visit)
    assert isinstance(visit.stage, Watching)
    assert visit.stage.trace is not None
    assert visit.stage.trace.settings == FaceSettings().paced(2.0)
    visit.press(Button.OTHER_WAY, Button.BACK)
    visit.look(0.1)
    assert isinstance(visit.stage, Watching)
    assert visit.stage.trace is not None
    assert visit.stage.trace.settings == FaceSettings().paced(2.0), "and not once more with every try"


@pytest.mark.story("E-14")
@pytest.mark.parametrize("reason", NotProvenReason)
def test_every_kind_of_attack_is_logged_by_its_name_and_hands_over(reason: NotProvenReason) -> None:
    plan = CapturePlan(None, FaceSettings(), 1, keep_crop=False)
    result = LivenessResult(False, "nod", {"seconds": 9.0})
    trace = replace(begin(FaceSettings(), (NOD,), 0.0), stage=NotProven(result, reason))
    move = capture_face.advance(Watching(plan, 1, trace), FaceSeen(citizen.seen(1, 0.04)))
    logged = [command.event for command in move.commands if isinstance(command, Log)]
    finished = next(event for event in logged if event.name is EventName.LIVENESS_FINISHED)
    assert (finished.outcome, finished.reason) == ("not-proven", reason.value)
    suspected = [event.reason for event in logged if event.name is EventName.PRESENTATION_SUSPECTED]
    assert StopFace() in move.commands
    if reason in SPOOFS:
        assert move.state == Cropping(result, None, spoof=True)
        assert suspected == [reason.value]
        assert [event.reason for event in logged if event.name is EventName.STAFF_ALERTED] == ["spoof-suspected"]
    else:
        assert isinstance(move.state, ChoosingAction)
        assert not suspected


@pytest.mark.story("E-14")
@pytest.mark.parametrize("distance", [0.3, 0.9])
def test_another_face_in_the_action_than_in_the_pictures_is_a_suspicion(distance: float) -> None:
    visit = at_camera(World(distances=[distance], spread=0.7, delivery=STAFF_LOOK))
    visit.stand_before_camera()
    assert len(visit.asked(CompareFace)) == 1
    case = case_of(visit)
    assert (case.finding, case.crop, case.keeping) == (Finding.SPOOF_SUSPECTED, b"jpeg", None)
    assert visit.reasons(EventName.PRESENTATION_SUSPECTED) == [capture_face.SWAPPED]
    assert alerts(visit) == ["spoof-suspected"]
    assert reading.band(visit.papers[0]) is Band.REFERRED
    other = at_camera(World(person="print", delivery=STAFF_LOOK))
    other.stand_before_camera()
    assert words(visit.papers[0]) == words(other.papers[0]), "nobody can tell the kinds of suspicion apart"
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("REFERRED", "spoof-suspected")


def card_of(year: int) -> CardRead:
    return replace(CARD, document=replace(CARD.document, valid_from=date(year, 11, 20)))


@pytest.mark.story("E-16")
@pytest.mark.parametrize(("year", "tries", "threshold"), [(2023, 1, 0.60), (2024, 3, 0.55)])
def test_an_old_portrait_may_be_a_little_further_off(year: int, tries: int, threshold: float) -> None:
    visit = at_camera(World(cards=[card_of(year)], distances=[0.58], delivery=PASSED))
    visit.stand_before_camera()
    assert len(visit.asked(CompareFace)) == tries
    compared = [event for event in visit.logged if event.name is EventName.FACE_COMPARED]
    assert {dict(event.figures)["threshold"] for event in compared} == {threshold}


def test_nobody_knows_the_age_of_a_picture_from_the_platform() -> None:
    of_card = at_camera(World(cards=[card_of(2023)]))
    assert isinstance(of_card.stage, Watching)
    assert of_card.stage.plan.photo_years == pytest.approx(3.0, abs=0.01)
    picture = ReferenceFound(Picture(2, 2, bytes(12)))
    world = World(cards=[card_of(2023)], photo=PhotoUndecodable("no-decoder"), platform_reference=picture)
    visit = Visit(world, replace(SITE, reference_from_platform=True))
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    assert isinstance(visit.stage, Watching)
    assert visit.stage.plan.reference == picture.picture
    assert visit.stage.plan.photo_years is None


@pytest.mark.story("E-27")
def test_an_analyser_that_dies_at_work_costs_an_attempt_and_not_the_session() -> None:
    visit = at_camera(World(delivery=PASSED))
    for _ in range(capture_face.RESTARTS):
        asked(visit)
        visit.happen(FaceLost("face", "worker-died"))
        assert isinstance(visit.stage, Watching)
        assert visit.stage.trace is None, "from the beginning"
        assert visit.stage.attempt == 1
    visit.stand_before_camera()
    assert case_of(visit).finding is Finding.MATCHED
    assert visit.reasons(EventName.DEVICE_UNAVAILABLE) == ["worker-died"] * 2


@pytest.mark.story("E-27")
def test_an_analyser_that_dies_again_and_again_is_a_broken_device() -> None:
    visit = at_camera(World())
    for _ in range(capture_face.RESTARTS + 1):
        visit.happen(FaceLost("face", "worker-died"))
    assert visit.stage == Halted(Halt.DEVICE_BROKEN)
    assert visit.reasons(EventName.DEVICE_UNAVAILABLE) == ["worker-died"] * 3


@pytest.mark.story("E-27")
@pytest.mark.parametrize(("faults", "stage"), [(2, ShowingResult), (3, Halted)])
def test_an_analyser_that_dies_over_a_comparison_is_asked_after_a_new_capture(faults: int, stage: type) -> None:
    visit = at_camera(World(analyser_faults=faults, delivery=PASSED))
    visit.stand_before_camera()
    assert isinstance(visit.stage, stage)
    assert len(visit.asked(StartFace)) == 3
    assert len(visit.asked(CompareFace)) == 3


def test_a_model_that_was_placed_and_not_used_is_told_by_its_file() -> None:
    refused = ("sface.onnx: digest", "yunet.onnx: licence")
    visit = at_camera(World(reference=ReferenceReady("model", refused), delivery=PASSED))
    visit.stand_before_camera()
    assert visit.reasons(EventName.FACE_MODEL_REFUSED) == list(refused)
    assert case_of(visit).finding is Finding.MATCHED, "the built-in models do"


def test_the_key_of_the_stories_asks_for_what_they_say() -> None:
    assert key_that_asks(LEFT, RIGHT, LEFT) != KEY
    plan = CapturePlan(None, FaceSettings(), int(KEY.replace("-", ""), 16), keep_crop=False)
    assert [plan.actions(attempt) for attempt in (1, 2, 3)] == [(LEFT,), (RIGHT,), (LEFT,)]
    assert replace(plan, two_actions=True).actions(1) == (LEFT, NOD)
