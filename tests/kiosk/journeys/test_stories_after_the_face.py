"""Stories of network, paper and card once the face is taken, and of who walks away (domain.md E-20 to E-26, E-30)."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.codes.issuers import CodeKind
from kiosk.domain.audit_event import EventName
from kiosk.domain.case import Consent, Finding, HallDecision, Outcome
from kiosk.domain.paper import Band
from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.domain.turn_number import TurnKind, compose_turn_number
from kiosk.flow.commands import (
    AwaitCardRemoval,
    CheckPrinter,
    CropFace,
    DeliverRecord,
    LookUpReceipt,
    PrintPaper,
    PutRecord,
)
from kiosk.flow.events import PlateChecked
from kiosk.flow.session_state import Serving
from kiosk.flow.touches import Button, PaceChosen
from kiosk.journeys.confirmation.stages import NOTICE_VERSION, OFFLINE_VERSION, Halt, Halted, ShowingResult
from kiosk.journeys.look_up_receipt import AwaitingReceipt, NotFound, ShowingFound, TypingReceipt
from kiosk.ports.code_scanner import CodeSeen, NoCode, ScannerFault
from kiosk.ports.device_status import Ready
from kiosk.ports.outbox import OutboxRefused
from kiosk.ports.platform import PlatformRefused, PlatformUnavailable, ReceiptUnknown
from kiosk.ports.printer import NotPrinted, PaperLevel, Printed, PrinterStatus, PrintUnknown
from kiosk.steps.ask_platform import OfferingOffline
from kiosk.steps.consent import ReadingNotice
from kiosk.steps.print_paper import OnPaper, PaperOwed
from kiosk.steps.rate import OfferingRating
from kiosk.steps.submit import Delivering
from kiosk.steps.take_things import CHECKS_BEFORE_ALERT, Taking
from kiosk.wire.receipt_code import verification
from tests.kiosk.documents import reading
from tests.kiosk.journeys.telling import NUMBER, alerts, decided, ended, words
from tests.kiosk.journeys.visit import CODES, HEALTHY, KEY, NOW, SIGNING_KEY, SITE, Visit, World, at_camera

PASSED = HallDecision(NUMBER, Outcome.PASSED, NOW.date(), date(2027, 11, 30))
NO_LINK = PlatformUnavailable("no-link")
CODE_TEXT = verification(NUMBER, SIGNING_KEY, SITE.verification_url).qr_text


def go_home(visit: Visit) -> tuple[str, str]:
    """Takes what there is to take, leaves the rating."""
    visit.press(Button.CONTINUE)
    if isinstance(visit.stage, Taking):
        visit.press(Button.CONTINUE)
    visit.press(Button.SKIP_RATING)
    return ended(visit)


@pytest.mark.story("E-20")
def test_without_a_network_the_case_is_taken_in_with_consent_and_a_day_is_named() -> None:
    visit = Visit(World(roster=NO_LINK))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == OfferingOffline()
    assert visit.reasons(EventName.ROSTER_NOT_ANSWERED) == ["no-link"]
    visit.press(Button.ACCEPT_OFFLINE)
    visit.stand_before_camera()
    (case,), (paper,) = visit.cases, visit.papers
    assert (case.offline, case.finding, case.crop) == (True, Finding.MATCHED, b"jpeg")
    assert case.keeping == Consent(OFFLINE_VERSION, NOW)
    assert not visit.asked(DeliverRecord), "the outbox delivers it when there is a network again"
    assert (reading.band(paper), reading.band_text(paper), paper.number) == (Band.PENDING, "已受理，待联网审核", NUMBER)
    for line in ("本回执不代表认证已通过", "最迟3个工作日内", "12333", "12345", "不用再跑"):
        assert line in words(paper)
    assert "认证通过" not in words(paper)
    assert go_home(visit) == ("PENDING", "offline")


@pytest.mark.story("E-16", "E-20")
def test_three_tries_without_a_network_call_staff_as_they_do_with_one() -> None:
    visit = Visit(World(roster=NO_LINK, distances=[0.62]))
    visit.press(Button.START, Button.AGREE, Button.ACCEPT_OFFLINE)
    visit.stand_before_camera()
    (case,) = visit.cases
    assert (case.offline, case.finding, case.crop) == (True, Finding.NOT_MATCHED, b"jpeg")
    assert alerts(visit) == ["not-matched"]
    assert go_home(visit) == ("REFERRED", "not-matched")


@pytest.mark.story("E-20")
def test_a_full_outbox_offers_nothing_that_it_could_not_keep() -> None:
    visit = Visit(World(roster=NO_LINK, storage=OutboxRefused("too-many-records")))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == Halted(Halt.NOT_STORED)
    assert visit.reasons(EventName.RECORD_NOT_QUEUED) == ["too-many-records"]
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("REFERRED", "not-stored")
    assert not visit.face_taken


@pytest.mark.story("E-21")
def test_a_network_lost_after_the_capture_leaves_one_record_under_one_key() -> None:
    visit = at_camera(World(delivery=NO_LINK))
    visit.stand_before_camera()
    for tries in (2, 3):
        assert isinstance(visit.stage, Delivering)
        assert visit.stage.attempt == tries
        visit.elapse("deliver-again")
    assert isinstance(visit.stage, ShowingResult)
    assert [put.record.key for put in visit.asked(PutRecord)] == [KEY]
    assert [sent.key for sent in visit.asked(DeliverRecord)] == [KEY] * 3
    (case,), (paper,) = visit.cases, visit.papers
    assert (case.offline, case.crop) == (False, None), "the roster was asked, so no picture is kept"
    assert (reading.band(paper), reading.band_text(paper)) == (Band.PENDING, "已受理，待联网审核")
    assert go_home(visit) == ("PENDING", "no-answer")


@pytest.mark.story("E-21", "E-22")
def test_an_answer_lost_on_its_way_comes_at_the_next_try_without_a_second_record() -> None:
    """The hall had the case already; the same key brings the same word."""
    visit = at_camera(World(delivery=PlatformUnavailable("connection-reset")))
    visit.stand_before_camera()
    assert isinstance(visit.stage, Delivering)
    visit.world.delivery = PASSED
    visit.elapse("deliver-again")
    assert isinstance(visit.stage, ShowingResult)
    assert visit.stage.outcome is Outcome.PASSED
    assert [sent.key for sent in visit.asked(DeliverRecord)] == [KEY] * 2
    assert len(visit.cases) == 1
    assert [reading.band(paper) for paper in visit.papers] == [Band.PASSED]
    assert go_home(visit) == ("PASSED", "finished")


@pytest.mark.story("E-22")
def test_a_slow_hall_is_waited_for_once_and_not_three_times() -> None:
    visit = at_camera(World(delivery=PlatformUnavailable("no-answer-in-time")))
    visit.stand_before_camera()
    assert isinstance(visit.stage, ShowingResult)
    assert len(visit.asked(DeliverRecord)) == 1
    assert (reading.band(visit.papers[0]), visit.papers[0].number) == (Band.PENDING, NUMBER)
    assert go_home(visit) == ("PENDING", "no-answer")


@pytest.mark.story("E-22")
def test_what_the_hall_will_never_take_meets_a_person_and_not_a_refusal() -> None:
    visit = at_camera(World(delivery=PlatformRefused("terminal-unknown")))
    visit.stand_before_camera()
    assert reading.band(visit.papers[0]) is Band.REFERRED
    assert "转办事由: 需工作人员人工核对" in words(visit.papers[0])
    delivered = [event.outcome for event in visit.logged if event.name is EventName.DELIVERY_FINISHED]
    assert delivered == ["refused"]
    assert go_home(visit)[0] == "REFERRED"


@pytest.mark.story("E-22")
def test_a_hall_that_wants_to_look_says_so_on_the_paper() -> None:
    visit = at_camera(World(delivery=decided(Outcome.PENDING)))
    visit.stand_before_camera()
    assert (reading.band(visit.papers[0]), reading.band_text(visit.papers[0])) == (Band.PENDING, "已受理，待审核")
    assert go_home(visit) == ("PENDING", "under-review")


NO_PAPER = replace(HEALTHY, printer=PrinterStatus(Ready(), PaperLevel.EMPTY))


@pytest.mark.story("E-23")
def test_a_printer_out_of_paper_prints_the_same_paper_after_the_refill() -> None:
    visit = at_camera(World(delivery=PASSED, verdict=NotPrinted("media-empty")))
    visit.world.health = NO_PAPER
    visit.stand_before_camera()
    assert isinstance(visit.stage, ShowingResult)
    assert visit.stage.outcome is Outcome.PASSED, "the result is valid without a paper"
    assert alerts(visit) == ["media-empty"]
    visit.press(Button.PRINT_AGAIN)
    assert len(visit.papers) == 1, "not while the printer could not"
    visit.elapse("refill")
    assert isinstance(visit.stage, ShowingResult)
    assert isinstance(visit.stage.printing, PaperOwed)
    assert not visit.stage.printing.ready
    visit.world.health = HEALTHY
    visit.elapse("refill")
    assert isinstance(visit.stage.printing, PaperOwed)
    visit.world.verdict = Printed(20_000)
    visit.press(Button.PRINT_AGAIN)
    assert isinstance(visit.stage, ShowingResult)
    assert isinstance(visit.stage.printing, OnPaper)
    first, second = visit.asked(PrintPaper)
    assert (first.paper, first.job) == (second.paper, second.job) == (first.paper, NUMBER.value)
    assert len(visit.cases) == len(visit.asked(DeliverRecord)) == 1, "no second case"
    assert len(visit.asked(CheckPrinter)) == 2
    assert "refill" not in visit.timers
    assert go_home(visit) == ("PASSED", "finished")


@pytest.mark.story("E-23")
def test_who_does_not_wait_for_the_refill_has_number_and_code_on_the_screen() -> None:
    visit = at_camera(World(delivery=PASSED, verdict=NotPrinted("media-jam")))
    visit.stand_before_camera()
    assert isinstance(visit.stage, ShowingResult)
    assert visit.stage.decision == PASSED
    assert "result" in visit.timers
    visit.elapse("result")
    assert isinstance(visit.stage, ShowingResult), "number and code stay until he has noted them"
    assert go_home(visit) == ("PASSED", "finished")


@pytest.mark.story("E-23")
def test_what_may_be_on_paper_already_is_not_printed_twice() -> None:
    visit = at_camera(World(delivery=PASSED, verdict=PrintUnknown("no-acknowledgement")))
    visit.stand_before_camera()
    visit.press(Button.PRINT_AGAIN)
    assert len(visit.papers) == 1
    assert go_home(visit) == ("PASSED", "finished")


@pytest.mark.story("E-20", "E-23")
def test_a_receipt_held_before_any_terminal_tells_its_case_and_is_printed_once_more() -> None:
    visit = Visit(World(codes=[CodeSeen(b"https://another.example"), CodeSeen(CODE_TEXT.encode())], found=PASSED))
    visit.press(Button.START_LOOK_UP)
    assert visit.stage == ShowingFound(PASSED, CODE_TEXT.rsplit("/", 1)[1])
    assert visit.reasons(EventName.CODE_NOT_TAKEN) == ["no-receipt"]
    visit.press(Button.PRINT_SLIP)
    (paper,) = visit.papers
    assert (paper.title, reading.band(paper), paper.number, reading.key_fact(paper)) == (
        "补打件",
        Band.PASSED,
        NUMBER,
        "2027年11月30日",
    )
    assert "姓名和证件号码见原单" in words(paper), "who finds a receipt learns nobody's name"
    assert paper.verification is not None
    assert paper.verification.qr_text == CODE_TEXT
    assert isinstance(visit.stage, Taking)
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("PASSED", "looked-up")
    assert not visit.asked(PutRecord)


@pytest.mark.story("E-23")
def test_a_paper_is_printed_anew_with_the_hall_s_own_address_whatever_the_scanned_one_was() -> None:
    forged = CODE_TEXT.replace("HTTPS://HY.SHILI.EXAMPLE", "HTTPS://EVIL.EXAMPLE/PAY")
    visit = Visit(World(codes=[CodeSeen(forged.encode())], found=PASSED))
    visit.press(Button.START_LOOK_UP, Button.PRINT_SLIP)
    (paper,) = visit.papers
    assert paper.verification is not None
    assert paper.verification.qr_text == CODE_TEXT


@pytest.mark.story("E-20", "E-23")
def test_a_receipt_of_a_terminal_whose_key_is_not_known_is_looked_up_and_printed_without_its_code() -> None:
    number = compose_receipt_number(ReceiptKind.ELIGIBILITY, NOW.date(), "0318", 7)
    unjudged = CodeSeen(f"HTTPS://EVIL.EXAMPLE/{number}/{'A' * 103}".encode())
    found = replace(PASSED, receipt=number)
    visit = Visit(World(codes=[unjudged], found=found))
    visit.press(Button.START_LOOK_UP)
    assert visit.stage == ShowingFound(found, None)
    visit.press(Button.PRINT_SLIP)
    assert (visit.papers[0].number, visit.papers[0].verification) == (number, None)


@pytest.mark.story("E-23")
def test_a_receipt_its_terminal_did_not_sign_asks_nobody_and_the_number_may_be_typed() -> None:
    other = compose_receipt_number(ReceiptKind.ELIGIBILITY, NOW.date(), SITE.terminal, 43)
    altered = CodeSeen(CODE_TEXT.replace(str(NUMBER), str(other)).encode())
    visit = Visit(World(codes=[altered], found=PASSED))
    visit.press(Button.START_LOOK_UP)
    assert visit.stage == AwaitingReceipt(altered.digest, altered=True)
    assert visit.reasons(EventName.CODE_NOT_TAKEN) == ["receipt-altered"]
    assert not visit.asked(LookUpReceipt)
    visit.press(Button.TYPE_NUMBER)
    visit.type(NUMBER.value)
    assert visit.standing_at() == ShowingFound(PASSED, None)


@pytest.mark.parametrize("kind", TurnKind)
def test_who_holds_out_a_turn_s_number_for_a_receipt_is_told_what_it_is_for(kind: TurnKind) -> None:
    turn = CodeSeen(compose_turn_number(kind, NOW.date(), "0790", 12).value.encode())
    visit = Visit(World(codes=[turn]))
    visit.press(Button.START_LOOK_UP)
    assert visit.stage == AwaitingReceipt(turn.digest, CODES.of_kind(CodeKind[kind.name]))
    assert visit.reasons(EventName.CODE_NOT_TAKEN) == [f"other-{kind.name.lower()}"]
    assert not visit.asked(LookUpReceipt)


@pytest.mark.story("E-20")
@pytest.mark.parametrize("seen", [NoCode(), ScannerFault("no-frames")])
def test_a_receipt_is_found_by_its_number_where_no_code_can_be_read(seen: NoCode | ScannerFault) -> None:
    found = decided(Outcome.PENDING)
    visit = Visit(World(codes=[seen], found=found))
    visit.press(Button.START_LOOK_UP)
    assert visit.stage == TypingReceipt()
    visit.type("YL-20261120-0317-00042-0")
    assert visit.stage == TypingReceipt(wrong=True)
    visit.type(NUMBER.value.replace("-", "").lower())
    assert visit.standing_at() == ShowingFound(found, None)
    visit.press(Button.PRINT_SLIP)
    assert reading.band(visit.papers[0]) is Band.PENDING
    assert "本单不代表认证已通过" in words(visit.papers[0])
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("PENDING", "looked-up")


@pytest.mark.story("E-20")
@pytest.mark.parametrize(
    ("answer", "reason"), [(ReceiptUnknown(), "unknown"), (PlatformUnavailable("no-link"), "offline")]
)
def test_a_receipt_that_is_not_there_yet_is_said_so_and_another_may_be_typed(
    answer: ReceiptUnknown | PlatformUnavailable, reason: str
) -> None:
    visit = Visit(World(found=answer))
    visit.press(Button.START_LOOK_UP)
    assert visit.stage == AwaitingReceipt()
    visit.press(Button.TYPE_NUMBER)
    visit.type(NUMBER.value)
    assert visit.standing_at() == NotFound(reason)
    visit.press(Button.TYPE_NUMBER)
    assert visit.standing_at() == TypingReceipt()
    visit.type(NUMBER.value)
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("CANCELLED", f"receipt-{reason}")


@pytest.mark.story("E-24")
@pytest.mark.parametrize(("elder", "idle", "countdown"), [(False, 60.0, 15.0), (True, 120.0, 30.0)])
def test_who_walks_away_before_the_comparison_is_forgotten(elder: bool, idle: float, countdown: float) -> None:
    visit = at_camera(World())
    visit.happen(PaceChosen(elder))
    assert visit.timers["idle"] == idle
    visit.elapse("idle")
    assert isinstance(visit.state.phase, Serving)
    assert visit.state.phase.warned_at == visit.at
    assert visit.timers["idle-countdown"] == countdown
    visit.elapse("idle-countdown")
    assert ended(visit) == ("CANCELLED", "walked-away-left-at-Watching")
    assert not visit.cases
    assert not visit.papers
    assert not visit.asked(CropFace)


@pytest.mark.story("E-24")
def test_who_is_still_there_goes_on_where_he_was() -> None:
    visit = Visit(World())
    visit.press(Button.START)
    visit.elapse("idle")
    visit.press(Button.STILL_HERE)
    assert visit.stage == ReadingNotice(NOTICE_VERSION)
    assert isinstance(visit.state.phase, Serving)
    assert visit.state.phase.warned_at is None
    assert "idle-countdown" not in visit.timers


@pytest.mark.story("E-24")
@pytest.mark.parametrize(
    ("delivery", "ending"),
    [
        (PASSED, ("PASSED", "walked-away-finished")),
        (NO_LINK, ("PENDING", "walked-away-left-while-delivering")),
        (PlatformUnavailable("timeout"), ("PENDING", "walked-away-no-answer")),
    ],
)
def test_who_walks_away_after_the_comparison_keeps_his_result(
    delivery: HallDecision | PlatformUnavailable, ending: tuple[str, str]
) -> None:
    visit = at_camera(World(delivery=delivery))
    visit.stand_before_camera()
    visit.elapse("idle")
    visit.elapse("idle-countdown")
    assert ended(visit) == ending
    assert len(visit.cases) == 1


@pytest.mark.story("E-25")
def test_a_card_left_behind_is_asked_for_and_then_staff_are_called_once() -> None:
    visit = at_camera(World(delivery=PASSED, plate_empty=[False]))
    visit.stand_before_camera()
    visit.press(Button.CONTINUE)
    for checks in range(2, CHECKS_BEFORE_ALERT + 3):
        assert alerts(visit) == ([] if checks <= CHECKS_BEFORE_ALERT else ["card-left-behind"])
        visit.happen(PlateChecked(False))
        assert visit.stage == Taking(True, checks=checks)
    assert len(visit.asked(AwaitCardRemoval)) == CHECKS_BEFORE_ALERT + 3, "the terminal goes on looking"
    visit.happen(PlateChecked(True))
    visit.press(Button.CONTINUE)
    assert isinstance(visit.stage, OfferingRating)
    visit.press(Button.SKIP_RATING)
    assert ended(visit) == ("PASSED", "finished")
    assert alerts(visit) == ["card-left-behind"]


@pytest.mark.story("E-25")
def test_who_leaves_at_the_status_is_reminded_of_the_card_too() -> None:
    visit = Visit(World(plate_empty=[False]))
    visit.press(Button.START, Button.AGREE, Button.NOT_NOW)
    assert visit.stage == Taking(True, paper=False, checks=1)
    visit.happen(PlateChecked(True))
    assert ended(visit) == ("CANCELLED", "not-wanted")


@pytest.mark.story("E-30")
def test_confirmed_at_another_terminal_meanwhile_reads_as_done() -> None:
    visit = at_camera(World(delivery=HallDecision(NUMBER, Outcome.CANCELLED, date(2026, 11, 20), date(2027, 11, 30))))
    visit.stand_before_camera()
    (paper,) = visit.papers
    assert reading.headline(paper) == (Band.INFORMATION, "今天不用再办", "2027年11月30日")
    assert "完成日期: 2026年11月20日" in words(paper)
    assert go_home(visit) == ("CANCELLED", "already-confirmed")
