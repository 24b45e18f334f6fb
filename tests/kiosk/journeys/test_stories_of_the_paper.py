"""Stories of a paper that nobody can be sure of, or that nobody took: its number counts no more, the result does."""

from dataclasses import replace

import pytest

from kiosk.domain.audit_event import EventName
from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.domain.void_reasons import TAKEN_BACK
from kiosk.flow.commands import CheckPrinter, CheckStaffPin, IssueReceipt, PrintPaper
from kiosk.flow.events import PaperHandedOver, PlateChecked, RecordPut
from kiosk.flow.session import STAFF_S
from kiosk.flow.touches import Button
from kiosk.journeys.confirmation.stages import ShowingResult
from kiosk.journeys.look_up_receipt import ShowingFound
from kiosk.journeys.request_home_visit import ShowingVisit
from kiosk.ports.code_scanner import CodeSeen
from kiosk.ports.outbox import OutboxRefused
from kiosk.ports.printer import Handover, NotPrinted, Printed, PrintUnknown
from kiosk.ports.receipt_issuer import NoReceipt
from kiosk.ports.staff_authorisation import Authorised, LockedOut, NotAuthorised, StaffPurpose, StaffWay
from kiosk.steps.authorise_staff import AnsweringChallenge, StaffLockedOut, TypingPin, TypingStaffNumber
from kiosk.steps.print_paper import AskingStaff, OnPaper, PaperInDoubt, PaperOwed, PrintState
from kiosk.steps.rate import OfferingRating
from kiosk.steps.take_things import Taking
from kiosk.wire.receipt_code import verification
from tests.kiosk.journeys.telling import NUMBER, alerts, ended, words
from tests.kiosk.journeys.visit import NOW, SIGNING_KEY, SITE, Visit, World, at_camera

PASSED = HallDecision(NUMBER, Outcome.PASSED, NOW.date(), None)
NEW_NUMBER = compose_receipt_number(ReceiptKind.ELIGIBILITY, NOW.date(), SITE.terminal, 43)
DOUBT = PrintUnknown("no-acknowledgement")
CODE_TEXT = verification(NUMBER, SIGNING_KEY, SITE.verification_url).qr_text
PURPOSE = StaffPurpose.NEW_NUMBER


def with_result(world: World) -> Visit:
    visit = at_camera(world)
    visit.stand_before_camera()
    return visit


def printing(visit: Visit) -> PrintState | None:
    stage = visit.stage
    assert isinstance(stage, ShowingResult | ShowingVisit | ShowingFound)
    return stage.printing


def asking(visit: Visit) -> object:
    state = printing(visit)
    assert isinstance(state, AskingStaff)
    return state.asking


@pytest.mark.story("E-23")
def test_a_paper_in_doubt_changes_nothing_of_the_result_and_the_citizen_needs_nobody_to_go_on() -> None:
    visit = with_result(World(delivery=PASSED, verdict=DOUBT))
    assert isinstance(visit.stage, ShowingResult)
    assert visit.stage.outcome is Outcome.PASSED
    assert isinstance(printing(visit), PaperInDoubt)
    assert alerts(visit) == ["no-acknowledgement"]
    visit.press(Button.PRINT_AGAIN)
    visit.press(Button.CONTINUE)
    assert isinstance(visit.standing_at(), OfferingRating), "there is no paper to be taken that counts"
    visit.press(Button.SKIP_RATING)
    assert ended(visit) == ("PASSED", "finished")
    assert len(visit.papers) == 1, "never twice by itself"


@pytest.mark.story("E-23")
def test_staff_allow_a_new_number_and_the_paper_says_what_the_old_one_is_worth() -> None:
    visit = with_result(World(delivery=PASSED, verdict=DOUBT))
    visit.press(Button.STAFF)
    assert asking(visit) == TypingStaffNumber(PURPOSE)
    visit.type("1024")
    assert asking(visit) == TypingPin(PURPOSE, "1024")
    visit.world.verdict = Printed(20_000)
    visit.type("246810")
    assert isinstance(printing(visit), OnPaper)
    (record,) = visit.voided
    assert (record.receipt, record.replaced_by, record.reason) == (NUMBER, NEW_NUMBER, "no-acknowledgement")
    assert (record.staff, record.way) == ("1024", "pin")
    first, second = visit.asked(PrintPaper)
    assert (first.job, second.job) == (NUMBER.value, NEW_NUMBER.value)
    assert second.paper.number == NEW_NUMBER
    assert second.paper.verification is not None
    assert NEW_NUMBER.value in second.paper.verification.qr_text
    assert f"原编号{NUMBER}已作废，以本编号为准。" in words(second.paper)
    (renewed,) = [event for event in visit.logged if event.name is EventName.NUMBER_RENEWED]
    assert (renewed.receipt, renewed.staff) == (NEW_NUMBER.value, "1024")
    assert "246810" not in repr(visit.state) + repr(visit.commands) + repr(visit.logged)
    visit.press(Button.CONTINUE)
    assert visit.standing_at() == Taking(False)
    visit.press(Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("PASSED", "finished")
    assert len(visit.cases) == 1, "the case is the same"


@pytest.mark.story("E-23")
@pytest.mark.parametrize(("left_mm", "ready"), [(900, False), (1_000, True), (80_000, True), (None, True)])
def test_a_paper_too_long_for_the_roll_waits_for_a_roll_that_is_long_enough(left_mm: int | None, ready: bool) -> None:
    visit = with_result(World(delivery=PASSED, verdict=NotPrinted("paper-too-short")))
    well = visit.world.health
    visit.world.health = replace(well, printer=replace(well.printer, remaining_mm=left_mm))
    visit.elapse("refill")
    owed = printing(visit)
    assert isinstance(owed, PaperOwed)
    assert owed.ready is ready


@pytest.mark.story("E-23")
def test_with_the_new_number_a_notice_for_the_staff_s_file_says_that_the_old_one_is_void() -> None:
    visit = with_result(World(delivery=PASSED, verdict=DOUBT))
    visit.world.verdict = NotPrinted("media-empty")
    visit.press(Button.STAFF)
    visit.type("1024")
    visit.type("246810")
    visit.world.verdict = Printed(20_000)
    visit.elapse("refill")
    visit.press(Button.PRINT_AGAIN)
    first, *renewed = visit.asked(PrintPaper)
    assert first.then is None, "nothing is void before it is in doubt"
    assert [command.job for command in renewed] == [NEW_NUMBER.value] * 2
    for command in renewed:
        assert command.then is not None
        assert command.then.job == f"void-{NUMBER}"
        assert command.then.then is None
    notice = renewed[0].then.paper if renewed[0].then else None
    assert notice is not None
    assert notice.number == NUMBER
    assert notice.verification == first.paper.verification, "whoever scans it reads that the number is void"
    said = words(notice)
    for word in (
        NEW_NUMBER.value,
        "1024",
        "打印机没有应答，未能确认出纸完整",
        "养老保险待遇领取资格认证凭条",
        "办理结果不变",
    ):
        assert word in said
    assert not {"张明", "张＊明", "110***********002X"} & set(said.split()), "names nobody"


@pytest.mark.story("E-23")
def test_the_hall_s_staff_page_answers_a_challenge_where_nobody_has_a_pin() -> None:
    visit = with_result(World(delivery=PASSED, verdict=DOUBT, staff=[Authorised("", StaffWay.CHALLENGE)]))
    visit.press(Button.STAFF, Button.STAFF_OTHER_WAY)
    assert asking(visit) == AnsweringChallenge(PURPOSE, "48271935")
    assert visit.timers["idle"] == STAFF_S, "time enough to go to the desk and back"
    visit.press(Button.STAFF_OTHER_WAY)
    assert asking(visit) == TypingStaffNumber(PURPOSE)
    visit.press(Button.STAFF_OTHER_WAY)
    visit.type("00000000")
    (record,) = visit.voided
    assert (record.staff, record.way) == ("", "challenge")


@pytest.mark.story("E-23")
def test_where_no_pin_is_checked_the_staff_page_begins_with_the_challenge_and_has_no_other_way() -> None:
    world = World(delivery=PASSED, verdict=DOUBT, staff=[NotAuthorised(4), Authorised("", StaffWay.CHALLENGE)])
    world.staff_ways = frozenset({StaffWay.CHALLENGE})
    visit = with_result(world)
    visit.press(Button.STAFF)
    assert asking(visit) == AnsweringChallenge(PURPOSE, "48271935", None, pins=False)
    visit.press(Button.STAFF_OTHER_WAY)
    visit.type("99999999")
    assert asking(visit) == AnsweringChallenge(PURPOSE, "48271935", 4, pins=False)
    visit.type("00000000")
    assert [record.way for record in visit.voided] == ["challenge"]
    assert not visit.asked(CheckStaffPin)


@pytest.mark.story("E-23")
def test_five_wrong_answers_lock_staff_out_and_the_citizen_goes_on_all_the_same() -> None:
    visit = with_result(World(delivery=PASSED, verdict=DOUBT, staff=[NotAuthorised(4), NotAuthorised(3), LockedOut()]))
    visit.press(Button.STAFF)
    visit.type("1024")
    visit.type("000000")
    assert asking(visit) == TypingStaffNumber(PURPOSE, 4)
    visit.press(Button.STAFF_OTHER_WAY)
    visit.type("99999999")
    assert asking(visit) == AnsweringChallenge(PURPOSE, "48271935", 3), "a new challenge for a new try"
    visit.type("99999998")
    assert asking(visit) == StaffLockedOut()
    visit.press(Button.CONTINUE)
    assert isinstance(printing(visit), PaperInDoubt), "back to the page, not out of it"
    assert not visit.voided
    assert not visit.asked(IssueReceipt)[1:]
    visit.press(Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("PASSED", "finished")


@pytest.mark.story("E-23")
def test_staff_who_give_up_leave_the_page_as_it_was() -> None:
    visit = with_result(World(delivery=PASSED, verdict=DOUBT))
    before = printing(visit)
    visit.press(Button.STAFF)
    visit.type("1024")
    visit.press(Button.BACK)
    assert asking(visit) == TypingStaffNumber(PURPOSE)
    visit.press(Button.CONTINUE)
    assert asking(visit) == TypingStaffNumber(PURPOSE), "nobody leaves by a button that is not on the page"
    visit.press(Button.BACK)
    assert printing(visit) == before


@pytest.mark.story("E-23")
@pytest.mark.parametrize("trouble", ["number", "record"])
def test_a_new_number_that_cannot_be_had_is_said_and_nothing_is_printed(trouble: str) -> None:
    visit = with_result(World(delivery=PASSED, verdict=DOUBT))
    if trouble == "number":
        visit.world.receipt = NoReceipt("storage-full")
    else:
        visit.world.storage = OutboxRefused("storage-full")
    visit.press(Button.STAFF)
    visit.type("1024")
    visit.type("246810")
    state = printing(visit)
    assert isinstance(state, PaperInDoubt)
    assert state.not_renewed
    assert len(visit.papers) == 1
    visit.happen(RecordPut(OutboxRefused("late")))
    assert printing(visit) == state


@pytest.mark.story("E-23")
def test_a_second_doubt_asks_staff_again_and_takes_a_third_number() -> None:
    visit = with_result(World(delivery=PASSED, verdict=DOUBT))
    for _ in range(2):
        visit.press(Button.STAFF)
        visit.type("1024")
        visit.type("246810")
    numbers = [command.job for command in visit.asked(PrintPaper)]
    assert len(set(numbers)) == 3, "no number on two papers"
    assert [record.receipt.value for record in visit.voided] == numbers[:2]
    assert [str(record.replaced_by) for record in visit.voided] == numbers[1:]


@pytest.mark.story("E-23", "E-25")
@pytest.mark.parametrize("where", ["result", "take", "rating"])
def test_a_paper_that_nobody_took_brings_its_page_again_wherever_the_citizen_is(where: str) -> None:
    visit = with_result(World(delivery=PASSED, handover=None))
    if where != "result":
        visit.press(Button.CONTINUE)
        assert visit.standing_at() == Taking(False)
    if where == "rating":
        visit.press(Button.CONTINUE)
        assert isinstance(visit.standing_at(), OfferingRating)
    visit.happen(PaperHandedOver(NUMBER.value, Handover.RETRACTED))
    state = printing(visit)
    assert isinstance(state, PaperInDoubt)
    assert state.taken_back
    assert alerts(visit) == [TAKEN_BACK]
    assert not {"taken", "unrated"} & visit.timers.keys()
    visit.press(Button.STAFF)
    visit.type("1024")
    visit.type("246810")
    assert visit.voided[0].reason == TAKEN_BACK
    assert isinstance(printing(visit), OnPaper)


@pytest.mark.story("E-25")
def test_a_paper_that_was_taken_is_not_asked_for_again() -> None:
    visit = with_result(World(delivery=PASSED, handover=Handover.TAKEN, plate_empty=[]))
    visit.press(Button.CONTINUE)
    assert visit.standing_at() == Taking(None, paper=False)
    visit.happen(PlateChecked(True))
    assert isinstance(visit.standing_at(), OfferingRating)


@pytest.mark.story("E-23")
def test_a_hot_head_prints_by_itself_once_it_is_cool() -> None:
    visit = with_result(World(delivery=PASSED, verdict=NotPrinted("head-hot")))
    visit.world.verdict = Printed(20_000)
    visit.elapse("refill")
    assert isinstance(printing(visit), OnPaper)
    first, second = visit.asked(PrintPaper)
    assert first == second, "certainly not printed, so under the same number"
    assert len(visit.asked(CheckPrinter)) == 1


@pytest.mark.story("E-23")
def test_a_copy_in_doubt_leaves_the_first_paper_s_number_alone() -> None:
    visit = Visit(World(found=PASSED, verdict=DOUBT, codes=[]))
    visit.press(Button.START_LOOK_UP, Button.TYPE_NUMBER)
    visit.type(NUMBER.value)
    visit.press(Button.PRINT_SLIP)
    (copy,) = visit.asked(PrintPaper)
    assert copy.paper.number == NUMBER
    assert copy.job != NUMBER.value, "nothing becomes void by the name of the job"
    before = printing(visit)
    assert isinstance(before, PaperInDoubt)
    visit.press(Button.STAFF)
    assert printing(visit) == before
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("PASSED", "looked-up")


@pytest.mark.story("E-23")
def test_a_copy_that_nobody_took_is_said_and_may_be_left() -> None:
    visit = Visit(World(found=PASSED, handover=None, codes=[]))
    visit.press(Button.START_LOOK_UP, Button.TYPE_NUMBER)
    visit.type(NUMBER.value)
    visit.press(Button.PRINT_SLIP)
    assert isinstance(visit.standing_at(), Taking)
    visit.happen(PaperHandedOver(visit.asked(PrintPaper)[0].job, Handover.RETRACTED))
    assert isinstance(printing(visit), PaperInDoubt)
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("PASSED", "looked-up")


@pytest.mark.story("E-23", "E-32")
def test_a_visit_s_paper_in_doubt_gets_its_new_number_the_same_way() -> None:
    visit = Visit(World(verdict=DOUBT, plate_empty=[True, True]))
    visit.press(Button.START_HOME_VISIT, Button.CONTINUE)
    visit.type("13800002071")
    visit.pick(0)
    assert isinstance(printing(visit), PaperInDoubt)
    visit.world.verdict, visit.world.handover = Printed(20_000), None
    visit.press(Button.STAFF)
    visit.type("1024")
    visit.type("246810")
    assert visit.voided[0].replaced_by == NEW_NUMBER
    visit.press(Button.CONTINUE)
    assert isinstance(visit.standing_at(), Taking)
    visit.happen(PaperHandedOver(NEW_NUMBER.value, Handover.RETRACTED))
    assert isinstance(printing(visit), PaperInDoubt)
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("REFERRED", "home-visit")


@pytest.mark.story("E-23")
def test_a_void_number_without_another_has_no_copy_and_its_result_stands() -> None:
    void = replace(PASSED, void=True)
    visit = Visit(World(codes=[CodeSeen(CODE_TEXT.encode())], found=void))
    visit.press(Button.START_LOOK_UP)
    assert visit.stage == ShowingFound(void, None), "the code of a void paper goes on no other"
    visit.press(Button.PRINT_SLIP)
    assert not visit.papers
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("PASSED", "looked-up")


@pytest.mark.story("E-23")
def test_a_copy_of_a_void_number_bears_the_one_that_counts_and_never_the_void_code() -> None:
    visit = Visit(World(codes=[CodeSeen(CODE_TEXT.encode())], found=replace(PASSED, void=True, replaced_by=NEW_NUMBER)))
    visit.press(Button.START_LOOK_UP, Button.PRINT_SLIP)
    (paper,) = visit.papers
    assert (paper.title, paper.number, paper.verification) == ("补打件", NEW_NUMBER, None)
    assert f"原编号{NUMBER}已作废，以本编号为准。" in words(paper)
    assert "编号与原单相同" not in words(paper)
    assert not visit.voided
