"""Stories of the face: quality, company, liveness, prints, other faces, helpers, missing pictures (E-11 to E-19)."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.domain.audit_event import EventName
from kiosk.domain.case import Consent, DeskReason, EligibilityCase, Finding, HallDecision, Helper, Outcome
from kiosk.domain.paper import Band, Paper
from kiosk.domain.picture import Picture
from kiosk.face.stages import Hint, Positioning
from kiosk.flow.commands import (
    AwaitCardRemoval,
    CompareFace,
    CompareHelper,
    CropFace,
    FetchReference,
    QueryRoster,
    ReadCard,
    StartFace,
    StopFace,
)
from kiosk.flow.touches import Button
from kiosk.journeys.confirmation.stages import (
    APPEAL_VERSION,
    UNMATCHED_VERSION,
    Halt,
    Halted,
    IdentifyingHelper,
    OfferingAppeal,
    OfferingUnmatched,
    ShowingResult,
)
from kiosk.ports.face_analyser import NoReferenceFace
from kiosk.ports.id_card import CardRead, CardUnreadable
from kiosk.ports.photo_decoder import PhotoUndecodable
from kiosk.ports.platform import IdentityPaused, NoReference, PlatformUnavailable, ReferenceAnswer, ReferenceFound
from kiosk.steps.capture_face import ChoosingAction, Watching
from kiosk.steps.consent import ReadingNotice
from tests.kiosk.documents import reading
from tests.kiosk.journeys.telling import NUMBER, alerts, decided, ended, words
from tests.kiosk.journeys.visit import CARD, DOCUMENT, NOW, SITE, Visit, World, at_camera
from tests.records import person

PASSED = HallDecision(NUMBER, Outcome.PASSED, NOW.date(), date(2027, 11, 30))
STAFF_LOOK = decided(Outcome.REFERRED)
WITH_REFERENCES = replace(SITE, reference_from_platform=True)
HELPER = person("helper").document(NOW.date())
HELPER_CARD = CardRead(HELPER, CARD.photo)


def go_home(visit: Visit) -> tuple[str, str]:
    """Takes the paper, leaves the rating."""
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    return ended(visit)


@pytest.mark.story("E-11")
def test_in_the_dark_one_hint_stands_and_no_comparison_is_used_up() -> None:
    visit = at_camera(World(person="in the dark", delivery=PASSED))
    assert visit.look(25.0)
    assert isinstance(visit.stage, Watching)
    assert visit.stage.trace is not None
    assert visit.stage.trace.stage == Positioning(Hint.LIGHTER)
    assert visit.look(10.0)
    assert isinstance(visit.stage, Watching)
    assert visit.stage.trace is not None
    assert (visit.stage.trace.attempt, visit.stage.attempt) == (2, 1), "30 s are over: a second try, no comparison"
    visit.world.person = "alive"
    visit.stand_before_camera()
    assert len(visit.asked(CompareFace)) == 1
    assert visit.cases[0].finding is Finding.MATCHED
    assert go_home(visit) == ("PASSED", "finished")


@pytest.mark.story("E-12")
def test_two_people_are_asked_for_one_and_a_companion_is_noted() -> None:
    visit = at_camera(World(companions=[*range(5, 11), 30, 31, 60], delivery=PASSED))
    assert visit.look(0.3)
    assert isinstance(visit.stage, Watching)
    assert visit.stage.trace is not None
    assert visit.stage.trace.stage == Positioning(Hint.ONE_PERSON)
    visit.stand_before_camera()
    assert [event.name for event in visit.logged].count(EventName.COMPANION_SEEN) == 1
    assert visit.cases[0].liveness.signals["second_faces"] == 3.0
    assert go_home(visit) == ("PASSED", "finished")


@pytest.mark.story("E-12")
def test_who_comes_into_the_picture_twice_is_no_companion_yet() -> None:
    visit = at_camera(World(companions=[*range(5, 11), 30], delivery=PASSED))
    visit.stand_before_camera()
    assert EventName.COMPANION_SEEN not in {event.name for event in visit.logged}
    assert go_home(visit) == ("PASSED", "finished")


def _not_proven(visit: Visit) -> tuple[EligibilityCase, Paper]:
    """Neither action was done."""
    visit.stand_before_camera()
    assert isinstance(visit.stage, ChoosingAction), "another way is offered first"
    first = visit.stage.liveness.action
    visit.pick(0)
    visit.stand_before_camera()
    assert isinstance(visit.stage, ShowingResult)
    (case,), (paper,) = visit.cases, visit.papers
    assert case.liveness.action != first
    return case, paper


@pytest.mark.story("E-13")
def test_two_actions_that_were_not_done_lead_to_a_person() -> None:
    visit = at_camera(World(person="still", delivery=STAFF_LOOK))
    case, paper = _not_proven(visit)
    assert (case.finding, case.crop, case.comparison) == (Finding.LIVENESS_NOT_PROVEN, None, None)
    assert (paper.title, reading.band(paper), paper.number) == ("转办单", Band.REFERRED, NUMBER)
    assert "不影响您已有的待遇" in words(paper)
    assert not alerts(visit)
    assert [event.outcome for event in visit.logged if event.name is EventName.LIVENESS_FINISHED] == ["not-proven"] * 2
    assert go_home(visit) == ("REFERRED", "liveness-not-proven")


@pytest.mark.story("E-13")
def test_the_other_action_proves_what_the_first_did_not() -> None:
    visit = at_camera(World(person="still", delivery=PASSED))
    visit.stand_before_camera()
    visit.pick(0)
    visit.world.person = "alive"
    visit.stand_before_camera()
    assert visit.cases[0].finding is Finding.MATCHED
    assert go_home(visit) == ("PASSED", "finished")


@pytest.mark.story("E-13")
def test_who_says_that_he_cannot_do_it_may_ask_for_staff_at_once() -> None:
    visit = at_camera(World(delivery=STAFF_LOOK))
    visit.press(Button.CANNOT_DO_ACTION)
    assert isinstance(visit.stage, ChoosingAction)
    visit.press(Button.ASK_STAFF)
    assert visit.cases[0].liveness.action == "declined"
    assert "转办事由: 需工作人员人工核对" in words(visit.papers[0])
    assert go_home(visit) == ("REFERRED", "declined")


@pytest.mark.story("E-14")
def test_a_print_is_stopped_in_the_same_words_and_staff_are_told() -> None:
    visit = at_camera(World(person="print", delivery=STAFF_LOOK))
    visit.stand_before_camera()
    assert isinstance(visit.stage, ShowingResult), "no further action is offered"
    (case,), (paper,) = visit.cases, visit.papers
    assert (case.finding, case.crop, case.keeping) == (Finding.SPOOF_SUSPECTED, b"jpeg", None)
    assert case.liveness.signals["flat_seconds"] >= 1.0, "the signals go with it"
    assert not visit.asked(CompareFace)
    assert alerts(visit) == ["spoof-suspected"]
    still = at_camera(World(person="still", delivery=STAFF_LOOK))
    assert words(paper) == words(_not_proven(still)[1]), "nobody can tell a suspicion by the paper"
    assert go_home(visit) == ("REFERRED", "spoof-suspected")


@pytest.mark.story("E-14")
def test_who_is_paused_is_served_at_the_desk_with_a_slip_and_neutral_words() -> None:
    visit = Visit(World(roster=IdentityPaused()))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == Halted(Halt.DESK_MUST_CHECK), "the page of E-10, for no reason that is said"
    assert alerts(visit) == ["identity-paused"]
    visit.press(Button.PRINT_SLIP)
    assert visit.referrals[0].reason is DeskReason.DESK_MUST_CHECK
    assert "您的档案状态需要工作人员核对，不影响您已有的待遇。" in words(visit.papers[0])
    assert "可上门办理" in words(visit.papers[0]), "the other ways stay open"
    assert go_home(visit) == ("REFERRED", "desk-must-check")
    assert not visit.face_taken


@pytest.mark.story("E-15")
@pytest.mark.parametrize("tries", [2, 3])
def test_a_face_that_matches_at_a_later_try_passes_after_a_new_capture(tries: int) -> None:
    visit = at_camera(World(distances=[*[0.65] * (tries - 1), 0.4], delivery=PASSED))
    visit.stand_before_camera()
    assert len(visit.asked(StartFace)) == len(visit.asked(CompareFace)) == tries
    frames = [set(compare.sequences) for compare in visit.asked(CompareFace)]
    assert not frames[0] & frames[1], "the second try compares its own frames"
    compared = [event.outcome for event in visit.logged if event.name is EventName.FACE_COMPARED]
    assert compared == [*["not-matched"] * (tries - 1), "matched"]
    assert (visit.cases[0].finding, visit.cases[0].crop) == (Finding.MATCHED, None)
    assert go_home(visit) == ("PASSED", "finished")


def _three_tries(distance: float, answer: Button) -> tuple[Visit, EligibilityCase, Paper]:
    visit = at_camera(World(distances=[distance], delivery=STAFF_LOOK))
    visit.stand_before_camera()
    assert len(visit.asked(CompareFace)) == 3
    assert isinstance(visit.stage, OfferingAppeal)
    assert not visit.cases, "nothing is sent before the citizen has answered"
    assert not visit.asked(CropFace)
    visit.press(answer)
    (case,), (paper,) = visit.cases, visit.papers
    return visit, case, paper


@pytest.mark.story("E-16")
def test_an_old_photo_goes_to_staff_with_one_picture_if_the_citizen_agrees() -> None:
    visit, case, paper = _three_tries(0.62, Button.AGREE)
    assert (case.finding, case.crop) == (Finding.NOT_MATCHED, b"jpeg")
    assert case.keeping == Consent(APPEAL_VERSION, NOW)
    assert case.reference_digest is not None, "the chip photo's digest is part of the appeal"
    assert case.comparison is not None
    assert (case.comparison.distance, case.comparison.threshold) == (0.62, 0.6)
    assert (paper.title, reading.band(paper), paper.number) == ("转办单", Band.REFERRED, NUMBER)
    for line in ("照片年代较久，需人工核对", "最迟3个工作日内", "不影响您已有的待遇", SITE.agency_phone):
        assert line in words(paper)
    assert alerts(visit) == ["not-matched"]
    assert go_home(visit) == ("REFERRED", "not-matched")


@pytest.mark.story("E-16")
def test_an_appeal_without_a_picture_is_an_appeal_all_the_same() -> None:
    visit, case, paper = _three_tries(0.62, Button.DECLINE)
    assert (case.finding, case.crop, case.keeping) == (Finding.NOT_MATCHED, None, None)
    assert not visit.asked(CropFace)
    assert words(paper) == words(_three_tries(0.62, Button.AGREE)[2])
    assert go_home(visit) == ("REFERRED", "not-matched")


@pytest.mark.story("E-17")
@pytest.mark.parametrize(("answer", "crop"), [(Button.AGREE, b"jpeg"), (Button.DECLINE, None)])
def test_another_living_person_with_the_card_reads_what_everybody_reads(answer: Button, crop: bytes | None) -> None:
    visit, case, paper = _three_tries(0.92, answer)
    assert (case.finding, case.crop) == (Finding.NOT_MATCHED, crop)
    assert case.liveness.proven, "alive, and far from the card: the hall's risk score needs both"
    assert case.comparison is not None
    assert case.comparison.distance == 0.92
    assert words(paper) == words(_three_tries(0.62, answer)[2])
    assert not [
        word for word in ("公安", "调查", "身份") if word in reading.band_text(paper) + (reading.statement(paper) or "")
    ]
    assert go_home(visit) == ("REFERRED", "not-matched")


@pytest.mark.story("E-16", "E-24")
def test_who_walks_away_from_the_appeal_leaves_no_picture_behind() -> None:
    visit = at_camera(World(distances=[0.7]))
    visit.stand_before_camera()
    visit.elapse("idle")
    visit.elapse("idle-countdown")
    assert ended(visit) == ("CANCELLED", "walked-away-left-at-OfferingAppeal")
    assert not visit.cases
    assert not visit.asked(CropFace)


def with_helper(world: World) -> Visit:
    """The helper's card is read; the helper's own portrait is the first picture that is decoded."""
    world.cards.insert(0, HELPER_CARD)
    visit = Visit(world)
    visit.press(Button.START_HELPED)
    assert isinstance(visit.stage, ReadingNotice)
    assert [event.name for event in visit.logged].count(EventName.HELPER_PRESENT) == 1
    return visit


@pytest.mark.story("E-19")
def test_a_helper_operates_and_stands_on_the_paper_under_a_masked_name() -> None:
    visit = with_helper(World(delivery=PASSED))
    visit.press(Button.AGREE, Button.CONFIRM_SELF)
    visit.stand_before_camera()
    assert len(visit.asked(CompareHelper)) == 1
    (case,), (paper,) = visit.cases, visit.papers
    assert (case.finding, case.helper) == (Finding.MATCHED, Helper(HELPER.name, HELPER.number))
    assert case.document == DOCUMENT
    assert f"帮办人员: {HELPER.name.masked.replace('*', '＊')}" in words(paper)
    assert HELPER.name.value not in words(paper) + repr(visit.logged)
    assert HELPER.number.value not in words(paper) + repr(visit.logged)
    assert go_home(visit) == ("PASSED", "finished")


@pytest.mark.story("E-19")
def test_a_helper_s_own_face_is_no_confirmation_of_another() -> None:
    visit = with_helper(World(helper_distances=[0.2], delivery=STAFF_LOOK))
    visit.press(Button.AGREE, Button.CONFIRM_SELF)
    visit.stand_before_camera()
    assert visit.cases[0].finding is Finding.HELPER_FACE
    assert alerts(visit) == ["helper-face"]
    assert reading.band(visit.papers[0]) is Band.REFERRED
    assert go_home(visit) == ("REFERRED", "helper-face")


@pytest.mark.story("E-19")
def test_the_helper_s_card_does_not_do_for_the_citizen_s() -> None:
    visit = with_helper(World(cards=[HELPER_CARD, CARD], plate_empty=[False, True]))
    visit.press(Button.AGREE)
    assert visit.stages[-4:] == ["AwaitingCard", "DecodingPhoto", "AskingRoster", "ReviewingStatus"]
    assert len(visit.asked(AwaitCardRemoval)) == 2
    assert [query.number for query in visit.asked(QueryRoster)] == [DOCUMENT.number]


@pytest.mark.story("E-19")
def test_a_helper_without_a_card_that_can_be_read_hands_over_to_the_desk() -> None:
    visit = Visit(World(cards=[CardUnreadable("truncated")] * 3, plate_empty=[True, True]))
    visit.press(Button.START_HELPED)
    assert visit.stage == Halted(Halt.HELPER_CARD)
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("REFERRED", "helper-card")


@pytest.mark.story("E-19")
def test_nothing_is_asked_of_the_citizen_before_the_helper_is_known() -> None:
    visit = Visit(World(cards=[CardUnreadable("truncated")]))
    visit.press(Button.START_HELPED)
    assert isinstance(visit.stage, IdentifyingHelper)
    assert len(visit.asked(ReadCard)) == 2
    visit.press(Button.AGREE)
    assert isinstance(visit.stage, IdentifyingHelper)
    visit.lay_card(HELPER_CARD)
    assert isinstance(visit.stage, ReadingNotice)


UNDECODED = PhotoUndecodable("no-decoder")


@pytest.mark.story
@pytest.mark.parametrize("reference", [NoReference(), PlatformUnavailable("timeout")])
def test_with_nothing_to_compare_the_sealed_chip_record_waits_for_staff(reference: ReferenceAnswer) -> None:
    world = World(photo=UNDECODED, platform_reference=reference, delivery=decided(Outcome.PENDING))
    visit = Visit(world, WITH_REFERENCES)
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    assert visit.asked(FetchReference) == [FetchReference(DOCUMENT.number, DOCUMENT.name)]
    assert visit.stage == OfferingUnmatched()
    visit.press(Button.AGREE)
    assert visit.asked(StartFace) == [StartFace(None)]
    visit.stand_before_camera()
    assert not visit.asked(CompareFace)
    (case,), (paper,) = visit.cases, visit.papers
    assert (case.finding, case.comparison, case.crop) == (Finding.NOT_COMPARED, None, b"jpeg")
    assert (case.chip_photo, case.reference_digest) == (CARD.photo.data, None)
    assert case.keeping == Consent(UNMATCHED_VERSION, NOW)
    assert (reading.band(paper), reading.band_text(paper), paper.number) == (Band.PENDING, "已受理，待审核", NUMBER)
    assert visit.reasons(EventName.CARD_NOT_READ) == ["photo-no-decoder"], "the technician learns of it"
    assert go_home(visit) == ("PENDING", "under-review")


@pytest.mark.story
def test_the_platform_s_picture_stands_in_for_a_portrait_that_cannot_be_decoded() -> None:
    picture = Picture(2, 2, bytes(12))
    world = World(photo=UNDECODED, platform_reference=ReferenceFound(picture), delivery=PASSED)
    visit = Visit(world, WITH_REFERENCES)
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    assert visit.asked(StartFace) == [StartFace(picture)]
    visit.stand_before_camera()
    (case,) = visit.cases
    assert (case.finding, case.chip_photo, case.crop) == (Finding.MATCHED, None, None)
    assert go_home(visit) == ("PASSED", "finished")


@pytest.mark.story("E-29")
@pytest.mark.parametrize("world", [World(photo=UNDECODED), World(reference=NoReferenceFace())])
def test_who_wants_no_picture_kept_goes_home_without_one(world: World) -> None:
    visit = Visit(world)
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    assert visit.stage == OfferingUnmatched()
    assert not visit.asked(FetchReference), "this site asks for no pictures"
    visit.press(Button.DECLINE)
    assert ended(visit) == ("CANCELLED", "picture-not-wanted")
    assert not visit.cases
    assert not visit.asked(CropFace)
    assert len(visit.asked(StopFace)) == len(visit.asked(StartFace))
