"""The confirmation told as stories, without Qt and without a device (domain.md 5.1, 5.2)."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.domain.case import Finding, HallDecision, Outcome
from kiosk.domain.eligibility import RosterStatus
from kiosk.domain.paper import Band
from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.flow.commands import AwaitCardRemoval, CropFace, ReadCard, SetTimer, StopFace, StopReading, Wipe
from kiosk.flow.events import FaceLost, PlateChecked
from kiosk.flow.health import Health
from kiosk.flow.session_state import Attract, Serving
from kiosk.flow.touches import Button, PaceChosen, Rated
from kiosk.journeys.confirmation.stages import Halt, Halted, OfferingAppeal, OtherWay, ShowingResult
from kiosk.ports.device_status import Unavailable
from kiosk.ports.face_analyser import AnalyserFault
from kiosk.ports.id_card import CardContradictory, CardUnreadable, NoCard, ReaderFault
from kiosk.ports.outbox import OutboxRefused
from kiosk.ports.platform import NameMismatch, NotInRoster, PlatformRefused, PlatformUnavailable, RosterFound
from kiosk.ports.printer import NotPrinted, PrintUnknown
from kiosk.ports.receipt_issuer import NoReceipt
from kiosk.steps.ask_platform import OfferingOffline
from kiosk.steps.capture_face import ChoosingAction, StartingFace, Watching
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.steps.consent import ReadingNotice
from kiosk.steps.identify import AwaitingCard, CardHint, ChoosingIdentity, Trouble
from kiosk.steps.print_paper import PaperInDoubt, PaperOwed
from kiosk.steps.rate import OfferingRating
from kiosk.steps.take_things import Taking
from tests.kiosk.documents import reading
from tests.kiosk.journeys.telling import words
from tests.kiosk.journeys.visit import CARD, DUE, HEALTHY, NOW, PERMIT_READ, Visit, World, at_camera

NUMBER = compose_receipt_number(ReceiptKind.ELIGIBILITY, NOW.date(), "0317", 42)
PASSED = HallDecision(NUMBER, Outcome.PASSED, NOW.date(), date(2027, 11, 30))


def test_a_pensioner_passes_and_nothing_of_him_stays() -> None:
    visit = at_camera(World(delivery=PASSED))
    visit.stand_before_camera()
    assert isinstance(visit.stage, ShowingResult)
    assert visit.stage.outcome is Outcome.PASSED
    visit.press(Button.CONTINUE)
    assert isinstance(visit.stage, Taking)
    visit.press(Button.CONTINUE)
    assert isinstance(visit.stage, OfferingRating)
    visit.happen(Rated(5, ("510",)))
    assert visit.state.phase == Attract()
    assert visit.ending == ("PASSED", "finished")
    assert visit.stages == [
        "ReadingNotice",
        "AwaitingCard",
        "DecodingPhoto",
        "AskingRoster",
        "ReviewingStatus",
        "StartingFace",
        "Watching",
        "Comparing",
        "NumberingCase",
        "Storing",
        "Delivering",
        "ShowingResult",
        "Taking",
        "OfferingRating",
    ]
    (case,) = visit.cases
    assert case.finding is Finding.MATCHED
    assert case.crop is None, "after a pass no picture is kept"
    assert not case.offline
    (paper,) = visit.papers
    assert (reading.band(paper), paper.number, reading.key_fact(paper)) == (Band.PASSED, NUMBER, "2027年11月30日")
    (rating,) = visit.ratings
    assert (rating.receipt, rating.grade, rating.tags) == (NUMBER, 5, ("510",))
    assert Wipe() in visit.commands
    assert "11010519491231002X" not in repr(visit.state) + repr(visit.logged)


def test_without_a_network_the_case_is_taken_in_and_never_called_passed() -> None:
    visit = Visit(World(roster=PlatformUnavailable("no-link")))
    visit.press(Button.START, Button.AGREE)
    assert isinstance(visit.stage, OfferingOffline)
    assert visit.state.health is not None
    assert isinstance(visit.state.health.platform, Unavailable)
    visit.press(Button.ACCEPT_OFFLINE)
    visit.stand_before_camera()
    assert isinstance(visit.stage, ShowingResult)
    assert visit.stage.outcome is Outcome.PENDING
    (case,) = visit.cases
    assert case.offline
    assert case.crop == b"jpeg", "a person will look at offline evidence"
    (paper,) = visit.papers
    assert (reading.band(paper), reading.band_text(paper)) == (Band.PENDING, "已受理，待联网审核")
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert visit.ending == ("PENDING", "offline")
    assert not visit.ratings


def test_a_print_of_the_right_person_is_referred_never_passed() -> None:
    visit = at_camera(World(person="print", delivery=HallDecision(NUMBER, Outcome.REFERRED, None, None)))
    visit.stand_before_camera()
    assert isinstance(visit.stage, ShowingResult)
    assert visit.stage.outcome is Outcome.REFERRED
    (case,) = visit.cases
    assert case.finding is Finding.SPOOF_SUSPECTED
    assert not case.liveness.proven
    assert "CompareFace" not in {type(command).__name__ for command in visit.commands}
    (paper,) = visit.papers
    assert reading.band(paper) is Band.REFERRED


def test_who_is_confirmed_already_need_do_nothing_but_may_take_the_proof() -> None:
    done = replace(DUE, confirmed_on=date(2026, 6, 11), due_on=date(2027, 6, 30), confirmed_this_window=True)
    visit = Visit(World(roster=RosterFound(done)))
    visit.press(Button.START, Button.AGREE)
    assert isinstance(visit.stage, ReviewingStatus)
    visit.press(Button.CONFIRM_SELF)
    assert isinstance(visit.stage, ReviewingStatus), "no face is taken when nothing is to be confirmed"
    visit.press(Button.PRINT_PROOF)
    assert isinstance(visit.stage, ShowingResult)
    (paper,) = visit.papers
    assert (reading.band(paper), reading.band_text(paper)) == (Band.INFORMATION, "今天不用再办")
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert visit.ending == ("CANCELLED", "already-confirmed")
    assert not visit.cases


def test_confirmed_already_and_leaving_is_one_press() -> None:
    visit = Visit(World(roster=RosterFound(replace(DUE, confirmed_this_window=True))))
    visit.press(Button.START, Button.AGREE, Button.NOT_NOW)
    assert visit.ending == ("CANCELLED", "already-confirmed")


def test_a_suspended_pension_goes_on_to_the_face() -> None:
    visit = Visit(World(roster=RosterFound(replace(DUE, status=RosterStatus.SUSPENDED)), delivery=PASSED))
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    visit.stand_before_camera()
    (paper,) = visit.papers
    assert "次月恢复并补发" in words(paper)


@pytest.mark.parametrize("reading", [NoCard(), CardUnreadable("bad-checksum")])
def test_three_tries_with_the_card_then_the_desk(reading: NoCard | CardUnreadable) -> None:
    visit = Visit(World(cards=[reading, reading]))
    visit.press(Button.START, Button.AGREE)
    assert isinstance(visit.stage, AwaitingCard)
    assert visit.stage.attempt == 3
    assert visit.stage.hint is (CardHint.PLACE_IT if isinstance(reading, NoCard) else CardHint.CLEAN_AND_TURN)
    visit.world.cards.append(reading)
    visit.press(Button.OTHER_WAY, Button.BACK)
    assert isinstance(visit.stage, AwaitingCard)


def test_a_third_unread_card_leads_to_other_ways_of_saying_who_one_is() -> None:
    visit = Visit(World(cards=[CardUnreadable("truncated")] * 3, plate_empty=[]))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == ChoosingIdentity(Trouble.CARD)
    visit.press(Button.CONTINUE)
    assert visit.stage == ChoosingIdentity(Trouble.CARD), "there is always a way to choose"


@pytest.mark.parametrize(
    ("world", "halt"),
    [
        (World(cards=[PERMIT_READ]), Halt.WRONG_DOCUMENT),
        (World(cards=[CardContradictory("check-digit")]), Halt.CARD_AT_ODDS),
        (World(cards=[CardContradictory("birth-date")]), Halt.CARD_AT_ODDS),
        (World(cards=[ReaderFault("port-gone")]), Halt.DEVICE_BROKEN),
        (World(roster=NotInRoster()), Halt.NOT_LISTED),
        (World(roster=NameMismatch()), Halt.NAME_DIFFERS),
        (World(roster=PlatformRefused("unknown-terminal")), Halt.DESK_MUST_CHECK),
        (World(roster=RosterFound(replace(DUE, status=RosterStatus.STOPPED))), Halt.DESK_MUST_CHECK),
        (World(roster=RosterFound(replace(DUE, status=RosterStatus.MOVED))), Halt.DESK_MUST_CHECK),
    ],
)
def test_what_the_machine_cannot_settle_goes_to_the_desk_before_any_face(world: World, halt: Halt) -> None:
    visit = Visit(world)
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == Halted(halt)
    assert not any(stage in ("StartingFace", "Watching") for stage in visit.stages)
    visit.press(Button.CONTINUE)
    assert visit.ending == ("REFERRED", halt.value)
    assert visit.state.phase == Attract()


def test_without_face_models_the_machine_says_so() -> None:
    visit = Visit(World(reference=AnalyserFault("models-missing")))
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    assert visit.stage == Halted(Halt.DEVICE_BROKEN)


def test_a_camera_that_dies_ends_the_capture() -> None:
    visit = at_camera(World())
    visit.happen(FaceLost("camera", "no-frames"))
    assert visit.stage == Halted(Halt.DEVICE_BROKEN)
    assert StopFace() in visit.commands


def test_another_face_is_tried_three_times_then_a_person_looks() -> None:
    visit = at_camera(World(distances=[0.7], delivery=HallDecision(NUMBER, Outcome.REFERRED, None, None)))
    visit.stand_before_camera()
    assert [name for name in visit.stages if name == "Comparing"] == ["Comparing"] * 3
    assert isinstance(visit.stage, OfferingAppeal)
    visit.press(Button.AGREE)
    (case,) = visit.cases
    assert (case.finding, case.crop) == (Finding.NOT_MATCHED, b"jpeg")
    assert reading.band(visit.papers[0]) is Band.REFERRED


def test_a_second_comparison_may_pass() -> None:
    visit = at_camera(World(distances=[0.65, 0.4], delivery=PASSED))
    visit.stand_before_camera()
    (case,) = visit.cases
    assert (case.finding, case.crop) == (Finding.MATCHED, None)
    assert CropFace not in {type(command) for command in visit.commands}


def test_who_cannot_turn_the_head_meets_a_person() -> None:
    visit = at_camera(World())
    visit.press(Button.CANNOT_DO_ACTION)
    assert isinstance(visit.stage, ChoosingAction)
    visit.press(Button.ASK_STAFF)
    assert isinstance(visit.stage, ShowingResult)
    assert visit.stage.outcome is Outcome.REFERRED
    assert visit.cases[0].liveness.action == "declined"


def test_nobody_before_the_camera_is_referred_in_the_end() -> None:
    visit = at_camera(World(person="nobody"))
    visit.stand_before_camera()
    assert isinstance(visit.stage, ChoosingAction)
    visit.pick(0)
    visit.stand_before_camera()
    assert visit.cases[0].finding is Finding.LIVENESS_NOT_PROVEN


def test_an_answer_lost_after_the_capture_is_pending_with_the_same_key() -> None:
    visit = at_camera(World(delivery=PlatformUnavailable("timeout")))
    visit.stand_before_camera()
    assert isinstance(visit.stage, ShowingResult)
    assert visit.stage.outcome is Outcome.PENDING
    (case,) = visit.cases
    assert not case.offline


def test_a_full_disk_is_told_before_the_citizen_leaves() -> None:
    visit = at_camera(World(storage=OutboxRefused("storage-full")))
    visit.stand_before_camera()
    assert visit.stage == Halted(Halt.NOT_STORED)
    assert not visit.papers


def test_a_counter_that_cannot_advance_is_told_too() -> None:
    visit = at_camera(World(receipt=NoReceipt("storage-full")))
    visit.stand_before_camera()
    assert visit.stage == Halted(Halt.NOT_STORED)


@pytest.mark.parametrize("verdict", [NotPrinted("media-empty"), PrintUnknown("no-acknowledgement")])
def test_a_result_without_paper_stays_valid_and_waits_for_the_citizen(verdict: NotPrinted | PrintUnknown) -> None:
    visit = at_camera(World(delivery=PASSED, verdict=verdict))
    visit.stand_before_camera()
    assert isinstance(visit.stage, ShowingResult)
    assert isinstance(visit.stage.printing, PaperOwed | PaperInDoubt)
    visit.elapse("result")
    assert isinstance(visit.stage, ShowingResult), "number and QR stay until he has noted them"
    visit.press(Button.CONTINUE)
    assert isinstance(visit.stage, OfferingRating), "no paper that counts is there to be taken"
    assert len(visit.papers) == 1, "nothing is printed twice"


def test_a_printed_result_goes_on_by_itself() -> None:
    visit = at_camera(World(delivery=PASSED))
    visit.stand_before_camera()
    visit.elapse("result")
    assert isinstance(visit.stage, Taking)
    visit.elapse("taken")
    assert isinstance(visit.stage, OfferingRating)
    visit.elapse("unrated")
    assert visit.ending == ("PASSED", "finished")


def test_a_card_left_on_the_reader_is_asked_for_until_it_is_gone() -> None:
    visit = at_camera(World(delivery=PASSED, plate_empty=[False]))
    visit.stand_before_camera()
    visit.press(Button.CONTINUE)
    assert visit.stage == Taking(True, checks=1)
    visit.press(Button.CONTINUE)
    assert visit.stage == Taking(True, checks=1), "not without the card"
    visit.happen(PlateChecked(True))
    visit.press(Button.CONTINUE)
    assert isinstance(visit.stage, OfferingRating)
    assert sum(isinstance(command, AwaitCardRemoval) for command in visit.commands) == 2


def test_refusing_consent_shows_other_ways_and_takes_no_face() -> None:
    visit = Visit(World())
    visit.press(Button.START, Button.OTHER_WAY)
    assert isinstance(visit.stage, OtherWay)
    visit.press(Button.CONTINUE)
    assert visit.ending == ("CANCELLED", "other-way")
    assert visit.stages == ["ReadingNotice", "OtherWay"]


def test_looking_at_other_ways_disarms_the_reader_and_back_arms_it_again() -> None:
    visit = Visit(World(cards=[]))
    visit.press(Button.START, Button.AGREE, Button.OTHER_WAY)
    assert visit.commands[-1] == StopReading() or StopReading() in visit.commands
    visit.press(Button.BACK)
    assert isinstance(visit.stage, AwaitingCard)
    assert sum(isinstance(command, ReadCard) for command in visit.commands) == 2


def test_looking_at_other_ways_stops_the_camera_and_back_starts_anew() -> None:
    visit = at_camera(World())
    visit.press(Button.OTHER_WAY)
    assert StopFace() in visit.commands
    visit.press(Button.BACK)
    assert isinstance(visit.stage, StartingFace | Watching)


def test_walking_away_wipes_after_a_warning() -> None:
    visit = Visit(World())
    visit.press(Button.START)
    visit.elapse("idle")
    assert isinstance(visit.state.phase, Serving)
    assert visit.state.phase.warned_at is not None
    visit.elapse("idle-countdown")
    assert isinstance(visit.state.phase, Attract)
    assert visit.ending == ("CANCELLED", "walked-away-left-at-ReadingNotice")


def test_walking_away_after_the_decision_keeps_the_result() -> None:
    visit = at_camera(World(delivery=PASSED))
    visit.stand_before_camera()
    visit.elapse("idle")
    visit.elapse("idle-countdown")
    assert visit.ending == ("PASSED", "walked-away-finished")


def test_still_here_goes_on_where_it_was() -> None:
    visit = Visit(World())
    visit.press(Button.START)
    visit.elapse("idle")
    visit.press(Button.STILL_HERE)
    assert isinstance(visit.stage, ReadingNotice)
    assert isinstance(visit.state.phase, Serving)
    assert visit.state.phase.warned_at is None
    assert "idle-countdown" not in visit.timers


def test_home_ends_and_wipes_from_anywhere() -> None:
    visit = at_camera(World())
    visit.press(Button.HOME)
    assert visit.state.phase == Attract()
    assert visit.ending == ("CANCELLED", "left-at-Watching")


def test_elder_pace_doubles_every_waiting_time_and_ends_with_the_session() -> None:
    visit = Visit(World(cards=[]))
    visit.press(Button.START)
    visit.happen(PaceChosen(elder=True))
    assert visit.timers["idle"] == 120
    visit.press(Button.AGREE)
    assert ReadCard(40.0) in visit.commands
    visit.press(Button.HOME)
    assert not visit.state.elder


BROKEN = Unavailable("no-answer", "check the cable")


@pytest.mark.parametrize(
    "broken",
    [replace(HEALTHY, reader=BROKEN), replace(HEALTHY, camera=BROKEN), replace(HEALTHY, face=BROKEN)],
)
def test_a_broken_device_keeps_the_item_closed(broken: Health) -> None:
    visit = Visit(World(health=broken))
    assert not visit.session.can_serve(visit.state)
    visit.press(Button.START)
    assert visit.state.phase == Attract()


def test_a_mended_device_opens_the_item_again() -> None:
    visit = Visit(World(health=replace(HEALTHY, camera=BROKEN)))
    visit.world.health = HEALTHY
    visit.elapse("health")
    visit.press(Button.START)
    assert isinstance(visit.stage, ReadingNotice)


def test_events_of_a_wiped_session_change_nothing() -> None:
    visit = Visit(World())
    visit.press(Button.START, Button.HOME)
    before = visit.state
    visit.press(Button.AGREE, Button.CONTINUE)
    assert visit.state == before


def test_an_expired_card_is_noted_in_the_record() -> None:
    expired = replace(CARD, document=replace(CARD.document, valid_to=date(2026, 1, 1)))
    visit = at_camera(World(cards=[expired], delivery=HallDecision(NUMBER, Outcome.PENDING, None, None)))
    visit.stand_before_camera()
    assert visit.cases[0].document_expired
    assert reading.band(visit.papers[0]) is Band.PENDING


def test_idle_time_starts_anew_with_every_step() -> None:
    visit = Visit(World(cards=[]))
    visit.press(Button.START)
    set_before = sum(isinstance(c, SetTimer) and c.name == "idle" for c in visit.commands)
    visit.press(Button.AGREE)
    assert sum(isinstance(c, SetTimer) and c.name == "idle" for c in visit.commands) > set_before
