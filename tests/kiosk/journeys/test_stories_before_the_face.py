"""Stories of who is not asked for a face, or not yet: card, roster, status, consent (domain.md E-01 to E-10)."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.codes.issuers import SOCIAL_SECURITY_CARD, CodeIssuer, CodeKind, Use, book_of
from kiosk.domain.audit_event import EventName
from kiosk.domain.case import DeskReason, Finding, HallDecision, Outcome
from kiosk.domain.citizen_number import NumberProblem
from kiosk.domain.eligibility import ConfirmationSource, RosterStatus
from kiosk.domain.identity_document import IdentityWay
from kiosk.domain.paper import Band
from kiosk.domain.picture import Picture
from kiosk.flow.commands import (
    DecodePhoto,
    FetchReference,
    PutRecord,
    QueryRoster,
    ReadCode,
    ResolveCode,
    StartFace,
    StopFace,
)
from kiosk.flow.events import CodeAnswered
from kiosk.flow.touches import Button
from kiosk.journeys.confirmation.stages import Halt, Halted, OtherWay, ShowingResult
from kiosk.ports.code_scanner import CodeSeen, NoCode
from kiosk.ports.device_status import Unavailable
from kiosk.ports.id_card import CardUnreadable, NoCard, PermitRead, WrongCard
from kiosk.ports.platform import (
    CodeExpired,
    CodeHolder,
    DocumentBlocked,
    NameMismatch,
    NotInRoster,
    PlatformRefused,
    PlatformUnavailable,
    RosterFound,
)
from kiosk.steps.ask_platform import ChoosingArea
from kiosk.steps.capture_face import Watching
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.steps.identify import AwaitingCard, CardHint, ChoosingIdentity, Trouble
from kiosk.steps.rate import OfferingRating
from kiosk.steps.show_code import AwaitingCode, CodeHint
from kiosk.steps.take_things import Taking
from kiosk.steps.type_number import TypingNumber
from tests.kiosk.documents import reading
from tests.kiosk.journeys.telling import NUMBER, alerts, decided, ended, words
from tests.kiosk.journeys.visit import (
    CARD,
    CODES,
    DOCUMENT,
    DUE,
    FOREIGN_READ,
    HEALTHY,
    NOW,
    PERMIT_READ,
    SITE,
    Visit,
    World,
)

UNREAD = CardUnreadable("bad-checksum")
CODE = CodeSeen(b"a code of one minute")
PICTURE = Picture(2, 2, bytes(12))
PASSED = HallDecision(NUMBER, Outcome.PASSED, NOW.date(), date(2027, 11, 30))
WEST = "示例市西区"
TWO_AREAS = replace(SITE, other_areas=(WEST, "示例市东区"))


def card_not_read(world: World) -> Visit:
    """A visit whose card was tried three times; from then on the plate's state is not known."""
    visit = Visit(replace(world, cards=[UNREAD, NoCard(), UNREAD], plate_empty=[]))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == ChoosingIdentity(Trouble.CARD)
    assert visit.reasons(EventName.CARD_NOT_READ) == ["bad-checksum", "no-card", "bad-checksum"]
    return visit


@pytest.mark.story("E-01")
def test_a_worn_card_leads_to_a_slip_that_the_desk_finds_filled_in() -> None:
    visit = card_not_read(World())
    visit.press(Button.TYPE_NUMBER)
    assert visit.stage == TypingNumber()
    visit.type("110105194912310021")
    assert visit.stage == TypingNumber(NumberProblem.CHECK_DIGIT)
    visit.type(DOCUMENT.number.value)
    assert isinstance(visit.stage, ShowingResult)
    assert (visit.stage.outcome, visit.stage.slip) == (Outcome.REFERRED, DeskReason.CARD_NOT_READ)
    (referral,) = visit.referrals
    assert (referral.receipt, referral.number, referral.name) == (NUMBER, DOCUMENT.number, None)
    (paper,) = visit.papers
    assert (paper.title, reading.band(paper), paper.number) == ("办理单", Band.REFERRED, NUMBER)
    assert "身份证未读出，号码由本人输入，请在窗口核对。" in words(paper)
    assert f"证件号码: {DOCUMENT.number.masked}" in words(paper)
    assert not visit.asked(QueryRoster), "a typed number proves nobody and asks nobody's roster"
    assert not visit.face_taken
    visit.world.plate_empty = [True]
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("REFERRED", "card-not-read")


@pytest.mark.story("E-01")
def test_a_card_read_at_the_third_try_goes_its_way() -> None:
    visit = Visit(World(cards=[UNREAD, NoCard(), CARD]))
    visit.press(Button.START, Button.AGREE)
    assert isinstance(visit.stage, ReviewingStatus)
    assert visit.reasons(EventName.CARD_NOT_READ) == ["bad-checksum", "no-card"]


@pytest.mark.story("E-01")
def test_a_card_laid_down_again_while_other_ways_are_offered_is_read() -> None:
    visit = Visit(World(cards=[UNREAD, UNREAD, UNREAD], plate_empty=[True]))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == ChoosingIdentity(Trouble.CARD)
    visit.lay_card(CARD)
    assert isinstance(visit.stage, ReviewingStatus)


@pytest.mark.story("E-01")
def test_the_electronic_card_on_the_phone_stands_in_for_the_worn_one() -> None:
    visit = card_not_read(World(codes=[CODE], holders=[CodeHolder(DOCUMENT, PICTURE)], delivery=PASSED))
    visit.press(Button.SHOW_CODE)
    assert isinstance(visit.stage, ReviewingStatus)
    assert visit.asked(ResolveCode) == [ResolveCode(CODE.payload, SOCIAL_SECURITY_CARD)]
    assert not visit.asked(DecodePhoto)
    visit.press(Button.CONFIRM_SELF)
    assert visit.asked(StartFace) == [StartFace(PICTURE)], "the platform's picture is the reference"
    visit.stand_before_camera()
    (case,) = visit.cases
    assert (case.identified_by, case.finding, case.document) == (IdentityWay.E_CARD, Finding.MATCHED, DOCUMENT)
    visit.world.plate_empty = [True]
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("PASSED", "finished")
    assert CODE.payload.decode() not in repr(visit.commands), "a code is never told"


@pytest.mark.story("E-01")
def test_an_expired_code_is_asked_for_anew_and_given_up_after_three() -> None:
    visit = Visit(World(cards=[], codes=[CODE], holders=[CodeExpired()], plate_empty=[]))
    visit.press(Button.START, Button.AGREE, Button.SHOW_CODE)
    assert visit.stage == AwaitingCode(2, CodeHint.REFRESH, CODES.tokens_for(Use.IDENTITY), CODE.digest)
    assert visit.asked(ReadCode)[-1].known == CODE.digest, "the same picture of a code is not taken twice"
    visit.happen(CodeAnswered(NoCode()))
    assert isinstance(visit.stage, AwaitingCode)
    assert visit.stage.hint is CodeHint.BRIGHTER
    visit.happen(CodeAnswered(CodeSeen(b"another code")))
    assert visit.standing_at() == ChoosingIdentity(Trouble.CODE)
    assert visit.reasons(EventName.CODE_NOT_TAKEN) == ["code-expired", "no-code", "code-expired"]
    visit.press(Button.HOME)
    assert ended(visit) == ("CANCELLED", "left-at-ChoosingIdentity")


@pytest.mark.story("E-01", "E-20")
def test_without_a_network_nobody_can_tell_whose_code_it_is_but_the_card_can() -> None:
    unanswered = PlatformUnavailable("no-link")
    visit = Visit(World(cards=[], codes=[CODE], holders=[unanswered], roster=unanswered, plate_empty=[True]))
    visit.press(Button.START, Button.AGREE, Button.SHOW_CODE)
    assert visit.stage == ChoosingIdentity(Trouble.OFFLINE)
    assert visit.reasons(EventName.CODE_NOT_TAKEN) == ["no-link"]
    visit.lay_card(CARD)
    visit.press(Button.ACCEPT_OFFLINE)
    assert isinstance(visit.stage, Watching)


@pytest.mark.story("E-01")
def test_a_receipt_held_out_for_a_card_is_told_from_one() -> None:
    receipt = CodeSeen(f"HTTPS://HY.SHILI.EXAMPLE/{NUMBER}/ABCDEFGH".encode())
    visit = Visit(World(cards=[], codes=[receipt]))
    visit.press(Button.START, Button.AGREE, Button.SHOW_CODE)
    assert isinstance(visit.stage, AwaitingCode)
    assert (visit.stage.hint, visit.stage.shown) == (CodeHint.OTHER_CODE, CODES.of_kind(CodeKind.RECEIPT))
    assert visit.reasons(EventName.CODE_NOT_TAKEN) == ["other-receipt"]
    assert not visit.asked(ResolveCode)
    visit.press(Button.READ_CARD)
    assert visit.standing_at() == AwaitingCard(1, CardHint.FIRST)
    assert StopFace() in visit.commands


@pytest.mark.story("E-01", "E-20")
def test_a_code_is_not_even_asked_for_where_the_platform_does_not_answer() -> None:
    down = replace(HEALTHY, platform=Unavailable("no-link", "check the network cable"))
    visit = Visit(World(cards=[], health=down, codes=[CODE], holders=[CodeHolder(DOCUMENT, PICTURE)], plate_empty=[]))
    visit.press(Button.START, Button.AGREE, Button.SHOW_CODE)
    assert visit.stage == ChoosingIdentity(Trouble.OFFLINE)
    assert visit.reasons(EventName.CODE_NOT_TAKEN) == ["no-link"]
    assert StopFace() in visit.commands
    assert not visit.asked(ResolveCode)
    assert not visit.asked(PutRecord), "a code waits for no network"


@pytest.mark.story("E-01")
def test_a_code_of_the_mobile_platform_goes_to_its_own_issuer() -> None:
    app = CodeIssuer("mobile-platform", "赣服通", "Ganfutong", CodeKind.TOKEN, (Use.IDENTITY,), prefixes=("GFT:",))
    shown = CodeSeen(b"GFT:0123456789")
    world = World(cards=[], codes=[shown], holders=[CodeHolder(DOCUMENT, PICTURE)], delivery=PASSED)
    visit = Visit(world, codes=book_of((app,)))
    visit.press(Button.START, Button.AGREE, Button.SHOW_CODE)
    assert visit.asked(ResolveCode) == [ResolveCode(shown.payload, "mobile-platform")]
    visit.press(Button.CONFIRM_SELF)
    visit.stand_before_camera()
    (case,) = visit.cases
    assert case.identified_by is IdentityWay.PHONE_CODE
    assert shown.payload.decode() not in repr(visit.commands)


@pytest.mark.story("E-01")
def test_an_issuer_the_hall_has_no_way_to_leaves_the_other_ways_open() -> None:
    visit = Visit(World(cards=[], codes=[CODE], holders=[PlatformRefused("issuer-unknown")], plate_empty=[]))
    visit.press(Button.START, Button.AGREE, Button.SHOW_CODE)
    assert visit.stage == ChoosingIdentity(Trouble.CODE)
    assert visit.reasons(EventName.CODE_NOT_TAKEN) == ["issuer-unknown"]


@pytest.mark.story("E-01")
def test_what_the_citizen_took_a_detour_from_is_offered_again() -> None:
    visit = Visit(World(cards=[]))
    visit.press(Button.START, Button.AGREE, Button.SHOW_CODE, Button.OTHER_WAY, Button.BACK)
    assert visit.stage == AwaitingCode(1, CodeHint.FIRST, CODES.tokens_for(Use.IDENTITY))


@pytest.mark.story("E-02")
@pytest.mark.parametrize(
    ("card", "noted"),
    [
        (PERMIT_READ, "HK_MACAO_TAIWAN_PERMIT"),
        (FOREIGN_READ, "FOREIGN_PERMANENT_2023"),
        (WrongCard(), "UNKNOWN"),
    ],
)
def test_another_kind_of_card_goes_to_the_desk_and_only_its_kind_is_noted(
    card: PermitRead | WrongCard, noted: str
) -> None:
    visit = Visit(World(cards=[card]))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == Halted(Halt.WRONG_DOCUMENT)
    assert visit.reasons(EventName.CARD_NOT_READ) == [f"wrong-card-{noted}"]
    assert not visit.asked(QueryRoster)
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("REFERRED", "wrong-document")


@pytest.mark.story("E-03")
def test_an_expired_card_is_taken_in_and_the_police_are_named() -> None:
    expired = replace(CARD, document=replace(DOCUMENT, valid_to=date(2026, 1, 1)))
    visit = Visit(World(cards=[expired], delivery=decided(Outcome.PENDING)))
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    visit.stand_before_camera()
    (case,) = visit.cases
    assert (case.document_expired, case.finding) == (True, Finding.MATCHED)
    (paper,) = visit.papers
    assert (paper.title, reading.band(paper), reading.band_text(paper)) == ("受理回执", Band.PENDING, "已受理，待审核")
    assert "身份证已于2026年1月1日到期" in words(paper)
    assert "派出所" in words(paper)
    assert "本回执不代表认证已通过" in words(paper)
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("PENDING", "under-review")


@pytest.mark.story("E-03")
def test_where_the_site_lets_an_expired_card_pass_the_police_are_named_too() -> None:
    expired = replace(CARD, document=replace(DOCUMENT, valid_to=date(2026, 1, 1)))
    visit = Visit(World(cards=[expired], delivery=PASSED))
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    visit.stand_before_camera()
    assert reading.band(visit.papers[0]) is Band.PASSED
    assert "身份证已于2026年1月1日到期" in words(visit.papers[0])
    assert "派出所" in words(visit.papers[0])
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("PASSED", "finished")


@pytest.mark.story("E-04")
def test_a_card_reported_lost_calls_staff_and_tells_the_screen_nothing() -> None:
    visit = Visit(World(roster=DocumentBlocked()))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == Halted(Halt.CARD_BLOCKED)
    assert alerts(visit) == ["document-blocked"]
    visit.press(Button.PRINT_SLIP)
    assert visit.stage == Halted(Halt.CARD_BLOCKED), "no paper either"
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("REFERRED", "card-blocked")
    assert not visit.face_taken
    assert not visit.papers


@pytest.mark.story("E-05")
def test_another_name_in_the_roster_gets_a_form_to_correct_it() -> None:
    visit = Visit(World(roster=NameMismatch()))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == Halted(Halt.NAME_DIFFERS)
    visit.press(Button.PRINT_SLIP)
    assert isinstance(visit.stage, ShowingResult)
    (referral,) = visit.referrals
    assert (referral.reason, referral.name, referral.receipt) == (DeskReason.NAME_DIFFERS, DOCUMENT.name, NUMBER)
    (paper,) = visit.papers
    assert (paper.title, paper.number) == ("更正申请单", NUMBER)
    assert "姓名或号码与参保信息不一致，请在窗口更正，不影响您已有的待遇。" in words(paper)
    for empty in ("正确姓名: ＿", "正确号码: ＿", "本人签名: ＿"):
        assert empty in words(paper)
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("REFERRED", "name-differs")
    assert not visit.face_taken


@pytest.mark.story("E-06")
def test_who_is_in_no_roster_here_is_found_in_another_area() -> None:
    elsewhere = RosterFound(replace(DUE, area=WEST))
    visit = Visit(World(roster=NotInRoster(), areas={WEST: elsewhere}, delivery=PASSED), TWO_AREAS)
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == ChoosingArea(DOCUMENT, TWO_AREAS.other_areas)
    visit.pick(0)
    assert [query.area for query in visit.asked(QueryRoster)] == [None, WEST]
    assert isinstance(visit.stage, ReviewingStatus)
    visit.press(Button.CONFIRM_SELF)
    visit.stand_before_camera()
    assert f"参保地: {WEST}" in words(visit.papers[0])
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("PASSED", "finished")


@pytest.mark.story("E-06")
def test_who_is_in_no_roster_at_all_leaves_with_the_offices_to_ask() -> None:
    rosters = dict.fromkeys(TWO_AREAS.other_areas, NotInRoster())
    visit = Visit(World(roster=NotInRoster(), areas={**rosters}), TWO_AREAS)
    visit.press(Button.START, Button.AGREE)
    visit.pick(0)
    assert visit.stage == ChoosingArea(DOCUMENT, TWO_AREAS.other_areas[1:]), "an area is asked once"
    visit.pick(0)
    assert visit.standing_at() == Halted(Halt.NOT_LISTED)
    visit.press(Button.PRINT_SLIP)
    (paper,) = visit.papers
    assert (paper.title, paper.number) == ("查询单", NUMBER)
    for line in ("没有查到您在领取待遇。可能在外地、在其他险种，或刚办退休。", SITE.agency_phone, "12333"):
        assert line in words(paper)
    for area in TWO_AREAS.other_areas:
        assert f"{area}的经办机构" in words(paper)
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("REFERRED", "not-listed")
    assert not visit.face_taken


@pytest.mark.story("E-06")
def test_nobody_need_ask_another_area() -> None:
    visit = Visit(World(roster=NotInRoster()), TWO_AREAS)
    visit.press(Button.START, Button.AGREE, Button.CONTINUE)
    assert visit.stage == Halted(Halt.NOT_LISTED)
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("REFERRED", "not-listed")


@pytest.mark.story("E-07")
def test_who_confirmed_this_year_already_takes_the_proof_home() -> None:
    done = replace(DUE, confirmed_on=date(2026, 6, 11), due_on=date(2027, 6, 30), confirmed_this_window=True)
    visit = Visit(World(roster=RosterFound(done)))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == ReviewingStatus(done)
    visit.press(Button.PRINT_PROOF)
    (proof,) = visit.proofs
    assert (proof.receipt, proof.confirmed_on, proof.due_on) == (NUMBER, date(2026, 6, 11), date(2027, 6, 30))
    (paper,) = visit.papers
    assert reading.headline(paper) == (Band.INFORMATION, "今天不用再办", "2027年6月30日")
    assert "完成日期: 2026年6月11日" in words(paper)
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("CANCELLED", "already-confirmed")
    assert not visit.face_taken
    assert not visit.cases


@pytest.mark.story("E-08")
def test_who_was_confirmed_by_data_need_not_do_a_thing() -> None:
    by_data = replace(DUE, confirmed_this_window=True, source=ConfirmationSource.DATA_MATCH)
    visit = Visit(World(roster=RosterFound(by_data)))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == ReviewingStatus(by_data)
    visit.press(Button.PRINT_PROOF)
    assert "认证方式: 数据比对，本人无须操作" in words(visit.papers[0])
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("CANCELLED", "already-confirmed")
    assert not visit.face_taken


@pytest.mark.story("E-09")
def test_a_suspended_pension_asks_to_resume_and_the_paper_says_when() -> None:
    suspended = RosterFound(replace(DUE, status=RosterStatus.SUSPENDED))
    visit = Visit(World(roster=suspended, delivery=replace(PASSED, resumes_on=date(2026, 12, 1))))
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    visit.stand_before_camera()
    (case,) = visit.cases
    assert case.resume
    (paper,) = visit.papers
    assert (reading.band(paper), reading.band_text(paper)) == (Band.PASSED, "认证通过")
    assert "2026年12月" in words(paper)
    assert "恢复" in words(paper)
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("PASSED", "finished")


@pytest.mark.story("E-09")
def test_without_the_hall_s_word_no_month_is_promised() -> None:
    visit = Visit(World(roster=RosterFound(replace(DUE, status=RosterStatus.SUSPENDED)), delivery=PASSED))
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    visit.stand_before_camera()
    assert visit.cases[0].resume
    assert "2026年12月" not in words(visit.papers[0])


@pytest.mark.story("E-10")
@pytest.mark.parametrize("status", [RosterStatus.STOPPED, RosterStatus.MOVED])
def test_a_record_that_staff_must_look_at_is_said_neutrally_and_without_a_face(status: RosterStatus) -> None:
    visit = Visit(World(roster=RosterFound(replace(DUE, status=status))))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == Halted(Halt.DESK_MUST_CHECK)
    visit.press(Button.PRINT_SLIP)
    (referral,) = visit.referrals
    assert (referral.reason, referral.receipt) == (DeskReason.DESK_MUST_CHECK, NUMBER)
    (paper,) = visit.papers
    assert "您的档案状态需要工作人员核对，不影响您已有的待遇。" in words(paper)
    assert not [word for word in ("死亡", "服刑", "停发", "终止") if word in words(paper)]
    visit.press(Button.CONTINUE, Button.CONTINUE, Button.SKIP_RATING)
    assert ended(visit) == ("REFERRED", "desk-must-check")
    assert not visit.face_taken


@pytest.mark.story("E-29")
def test_who_refuses_the_face_takes_the_other_ways_home_on_paper() -> None:
    visit = Visit(World())
    visit.press(Button.START, Button.OTHER_WAY, Button.PRINT_SLIP)
    (paper,) = visit.papers
    assert (paper.title, reading.band(paper), paper.number) == ("办理方式", Band.INFORMATION, None)
    for way in (SITE.desk, SITE.place, SITE.desk_hours, SITE.agency_phone, "电子社保卡", "可上门办理", "12333"):
        assert way in words(paper)
    assert isinstance(visit.stage, Taking)
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("CANCELLED", "other-way")
    assert not visit.face_taken
    assert not visit.cases


@pytest.mark.story("E-29")
def test_who_only_looks_at_the_other_ways_may_go_on() -> None:
    visit = Visit(World())
    visit.press(Button.START, Button.OTHER_WAY)
    assert isinstance(visit.stage, OtherWay)
    visit.press(Button.BACK, Button.AGREE)
    assert isinstance(visit.stage, ReviewingStatus)


@pytest.mark.story("E-31")
def test_a_pensioner_of_another_province_is_confirmed_for_it_here() -> None:
    assisted = RosterFound(replace(DUE, area="他省样张市", office="他省样张市社会保险中心", other_place=True))
    visit = Visit(World(roster=assisted, delivery=PASSED))
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    visit.stand_before_camera()
    (paper,) = visit.papers
    assert reading.band(paper) is Band.PASSED
    for line in ("参保地: 他省样张市", "认证方式: 异地协助认证", "经办机构: 他省样张市社会保险中心"):
        assert line in words(paper)
    visit.press(Button.CONTINUE, Button.CONTINUE)
    assert isinstance(visit.stage, OfferingRating)
    visit.press(Button.SKIP_RATING)
    assert ended(visit) == ("PASSED", "finished")


@pytest.mark.story("E-29", "E-31")
def test_who_lives_abroad_reads_of_the_consular_way() -> None:
    visit = Visit(World())
    visit.press(Button.START, Button.OTHER_WAY, Button.PRINT_SLIP)
    assert "境外可用“中国领事”" in words(visit.papers[0])
    assert "外省居住可在当地办" in words(visit.papers[0])
    assert not visit.asked(FetchReference)
