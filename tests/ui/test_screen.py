"""From engine states to pages, without a window."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta

import pytest

from kiosk.domain.case import Outcome
from kiosk.flow.health import Health
from kiosk.flow.session_state import SessionTimes, Wiping
from kiosk.flow.touches import Button, PaceChosen, Pressed, Typed
from kiosk.journeys.look_up_receipt import ShowingFound
from kiosk.ports.device_status import CLOCK_DRIFT, Unavailable
from kiosk.ports.printer import NotPrinted
from kiosk.ports.speaker import Language
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.steps.print_paper import PaperInDoubt, PaperOwed
from tests.ui.states import (
    COPYING,
    DONE,
    ENTRY,
    FACTS,
    HEALTHY,
    NAME,
    NOW,
    NUMBER,
    ON_PAPER,
    PRINTING,
    RECEIPT,
    RENEWED,
    REPLACED,
    SITE,
    STATES,
    State,
    attract,
    looking,
    serving,
    showing,
)
from ui.texts import Texts
from ui.view_models import screen, shell
from ui.view_models.capture import CaptureProps
from ui.view_models.code import CodeProps
from ui.view_models.home import HomeProps
from ui.view_models.idle import IdleProps
from ui.view_models.keypad import KeypadProps
from ui.view_models.local import (
    Close,
    ContrastChosen,
    GradeChosen,
    LanguageChosen,
    Local,
    Open,
    SidePage,
    TagToggled,
    advance,
)
from ui.view_models.page import Choice, Fact, PageProps, words_to_say
from ui.view_models.paper_out import PaperOutProps
from ui.view_models.rating import RatingProps
from ui.view_models.read_card import ReadCardProps
from ui.view_models.result import ResultProps
from ui.view_models.review import ReviewProps
from ui.view_models.take import TakeProps
from ui.view_models.view import View

PAGE_OF = {
    "helper-card": "read_card",
    "identity": "choices",
    "code": "code",
    "keypad": "keypad",
    "area": "choices",
    "unmatched": "message",
    "choose-action": "choices",
    "appeal": "message",
    "slip": "result",
    "visit-card-not-read": "message",
    "visit-card": "read_card",
    "visit-phone": "keypad",
    "visit-day": "choices",
    "visit-done": "result",
    "visit": "message",
    "lookup-number": "keypad",
    "lookup-unknown": "message",
    "lookup-offline": "message",
    "lookup": "code",
    "found": "result",
    "home": "home",
    "notice": "notice",
    "read-card": "read_card",
    "waiting": "waiting",
    "offline": "message",
    "review": "review",
    "capture": "capture",
    "action": "capture",
    "flash": "capture",
    "result": "result",
    "paper-renewed": "result",
    "paper": "paper_out",
    "staff-locked": "message",
    "staff": "keypad",
    "take": "take",
    "rating": "rating",
    "idle": "idle",
    "other": "other_way",
    "wiping": "waiting",
    "unavailable": "unavailable",
    "halt": "message",
}


def view(local: Local | None = None, *, elder: bool = False, elapsed_s: float = 0.0) -> View:
    local = local or Local()
    return View(Texts(local.language, elder or local.contrast), local, SITE, SessionTimes(), NOW, elapsed_s, elder)


def page(state: State, seen: View | None = None) -> PageProps:
    return screen.derive(state, seen or view())


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))


@pytest.mark.parametrize("name", STATES)
def test_every_state_has_its_page(name: str) -> None:
    expected = next(where for start, where in PAGE_OF.items() if name.startswith(start))
    assert screen.page_of(page(STATES[name])) == expected


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", STATES)
def test_no_page_shows_or_says_the_whole_number_or_name(name: str, language: Language) -> None:
    props = page(STATES[name], view(Local(language=language)))
    shown = " ".join(strings(props))
    assert NUMBER not in shown
    assert NAME not in shown
    said = words_to_say(props)
    assert "*" not in said
    assert "YL-" not in said


@pytest.mark.parametrize("name", STATES)
def test_a_page_is_empty_once_it_is_left(name: str) -> None:
    blank = type(page(STATES[name]))()
    assert not [text for text in strings(blank) if text]


@pytest.mark.parametrize("name", STATES)
def test_at_most_one_primary_button_and_every_page_a_way_out(name: str) -> None:
    state = STATES[name]
    props = page(state)
    bar = shell.derive(state, view())
    assert bar.home is not None
    assert (bar.home.event is None) == isinstance(state.phase, Wiping), "wiping ends by itself"
    for choice in (props.left, props.right):
        assert choice is None or choice.event is not None
    assert props.primary is None or props.primary.label


@pytest.mark.parametrize("name", ["idle", "home"])
def test_idle_and_help_hide_all_of_the_person(name: str) -> None:
    for props in (page(STATES[name]), page(STATES["review"], view(Local(SidePage.HELP)))):
        assert not [text for text in strings(props) if "*" in text or "YL-" in text]


def test_the_home_tile_starts_only_what_can_be_finished() -> None:
    ready = page(STATES["home"])
    assert isinstance(ready, HomeProps)
    assert ready.service is not None
    assert ready.service.event == Pressed(Button.START)
    broken = page(STATES["home-closed"])
    assert isinstance(broken, HomeProps)
    assert broken.closed
    assert broken.service is not None
    assert broken.service.event == Open(SidePage.UNAVAILABLE)
    unchecked = page(STATES["home-checking"])
    assert isinstance(unchecked, HomeProps)
    assert unchecked.service is not None
    assert unchecked.service.event is None


@pytest.mark.parametrize(
    ("health", "words"),
    [
        (replace(HEALTHY, reader=Unavailable("no-answer", "check the cable")), "读卡区正在维修，请到窗口或打电话。"),
        (replace(HEALTHY, camera=Unavailable("no-frames", "check the cable")), "镜头正在维修，请到窗口或打电话。"),
        (replace(HEALTHY, face=Unavailable("no-models", "install models")), "人脸比对正在维修，请到窗口或打电话。"),
        (replace(HEALTHY, platform=Unavailable(CLOCK_DRIFT, "set the clock")), "机器正在对时，请到窗口或打电话。"),
    ],
)
def test_a_closed_item_says_why_in_one_line(health: Health, words: str) -> None:
    assert page(attract(health), view(Local(SidePage.UNAVAILABLE))).helper == words


def test_the_card_countdown_follows_the_try_and_the_pace() -> None:
    started = page(STATES["read-card"], view(elapsed_s=2.0))
    assert started.countdown_words == "还有 18 秒"
    assert started.countdown_share == pytest.approx(0.9)
    elder = page(replace(STATES["read-card"], elder=True), view(elder=True, elapsed_s=2.0))
    assert elder.countdown_words == "还有 38 秒"
    black = page(STATES["read-card"], view(Local(contrast=True), elapsed_s=2.0))
    assert black.countdown_words == "还有 18 秒"
    late = page(STATES["read-card"], view(elapsed_s=99.0))
    assert (late.countdown_words, late.countdown_share) == ("还有 0 秒", 0.0)


def test_a_second_try_says_what_to_do_about_the_card() -> None:
    again = page(STATES["read-card-again"])
    assert isinstance(again, ReadCardProps)
    assert again.hint == "擦一擦，翻个面再放"
    assert words_to_say(again) == "擦一擦，翻个面再放"


def test_already_confirmed_says_so_with_both_days_and_offers_the_proof() -> None:
    props = page(STATES["review-done"])
    assert props.title == "今天不用再办"
    assert props.helper.replace("\n", "") == "您已于2025年6月11日完成认证，下次截止2026年6月30日，今天不用再办"
    assert props.primary is not None
    assert props.primary.event == Pressed(Button.PRINT_PROOF)
    assert page(STATES["review-by-data"]).helper == "系统已通过就医等信息为您完成认证，您不用操作"


def test_the_dates_of_the_roster_are_shown() -> None:
    props = page(STATES["review"])
    assert isinstance(props, ReviewProps)
    assert [(fact.label, fact.text) for fact in props.dates] == [
        ("您上次认证", "2025年6月11日"),
        ("下次截止", "2026年6月30日"),
    ]
    assert (props.name, props.number) == ("张*明", "110***********002X")
    english = page(STATES["review"], view(Local(language=Language.ENGLISH)))
    assert isinstance(english, ReviewProps)
    assert english.dates[0].text == "11 June 2025"
    first = page(serving(ReviewingStatus(replace(ENTRY, confirmed_on=None, due_on=None))))
    assert isinstance(first, ReviewProps)
    assert [fact.text for fact in first.dates] == ["还没有认证过", "还没有日期"]


def test_an_expired_card_is_no_obstacle() -> None:
    helper = page(STATES["review-expired"]).helper.replace("\n", "")
    assert helper == "身份证已于2026年3月2日到期，可先到派出所换领。养老金认证可以先受理"


def test_arrow_and_ring_point_to_the_asked_side() -> None:
    left, right = page(STATES["action-left"]), page(STATES["action-right"])
    assert isinstance(left, CaptureProps)
    assert isinstance(right, CaptureProps)
    assert (left.side, left.hint, left.progress) == ("left", "向左转", 0.35)
    assert (right.side, right.hint) == ("right", "请慢一点")
    assert left.live
    back = page(STATES["action-back"])
    assert isinstance(back, CaptureProps)
    assert (back.side, back.ring, back.hint) == ("", "left", "请转回正面")
    assert page(STATES["capture-again"]).helper == "再来一次，请摘下帽子、口罩、深色眼镜"


def test_results_tell_themselves_apart_by_tone_sign_and_words() -> None:
    told = {}
    for name in ("result-passed", "result-pending", "result-referred"):
        props = page(STATES[name])
        assert isinstance(props, ResultProps)
        told[name] = (props.tone, props.sign, props.title)
    assert told == {
        "result-passed": ("success", "check", "认证通过"),
        "result-pending": ("info", "inbox", "已受理，待联网审核"),
        "result-referred": ("neutral", "user", "已转人工审核"),
    }
    referred = page(STATES["result-referred"])
    assert isinstance(referred, ResultProps)
    assert referred.reassurance == "不影响您已有的待遇"


def test_a_promise_of_days_is_the_sites_own() -> None:
    promised = " ".join(strings(page(STATES["result-pending"])))
    assert "3 个工作日内出结果" in promised
    without = replace(view(), site=replace(SITE, answer_days=None))
    for name in ("result-pending", "offline"):
        assert "工作日" not in " ".join(strings(page(STATES[name], without)))


def test_no_way_on_from_a_result_before_its_paper_is_settled() -> None:
    printing = page(STATES["result-passed"])
    assert printing.primary == Choice("凭条正在打印，请稍候")
    printed = page(STATES["result-passed-printed"])
    assert printed.primary == Choice("好，去取凭条", Pressed(Button.CONTINUE))


@pytest.mark.parametrize(
    ("reason", "title"),
    [
        ("media-empty", "结果已经记好，\n只是凭条纸用完了"),
        ("media-jam", "结果已经记好，\n只是凭条卡住了"),
        ("cover-open", "结果已经记好，\n只是打印机盖没合上"),
        ("printer-error", "结果已经记好，\n只是凭条没打出来"),
    ],
)
def test_without_paper_the_number_and_its_code_stand_on_the_screen(reason: str, title: str) -> None:
    props = page(showing(Outcome.PASSED, PaperOwed(NotPrinted(reason), PRINTING)))
    assert isinstance(props, PaperOutProps)
    assert props.title == title
    assert props.number.startswith("YL-20260518-QH0001-00037")
    assert props.qr.startswith("HTTPS://")


def test_a_paper_in_doubt_leaves_the_result_and_calls_staff_but_needs_none() -> None:
    props = page(STATES["paper-in-doubt"])
    assert isinstance(props, PaperOutProps)
    assert props.title == "结果已经记好，凭条正在核对"
    assert props.helper == "出纸口若有纸，那张不作数。"
    assert props.any_machine == "任何自助机可补打"
    assert props.primary == Choice("我记下了，完成", Pressed(Button.CONTINUE))
    assert props.right == Choice("工作人员处理", Pressed(Button.STAFF))


def test_a_paper_taken_back_says_so() -> None:
    props = page(STATES["paper-taken-back"])
    assert props.title == "结果已经记好，凭条已经收回"
    assert props.helper == "纸没人取，收回的那张不作数。"


def test_a_pin_never_stands_on_the_screen_and_a_wrong_answer_says_how_often_it_may_be_tried() -> None:
    pin = page(STATES["staff-pin"], view(Local(typed="246810")))
    assert isinstance(pin, KeypadProps)
    assert "246810" not in pin.field
    assert pin.slots == "●●●●●●"
    assert pin.primary is not None
    assert pin.primary.event == Typed("246810")
    wrong = page(STATES["staff-number-wrong"])
    assert isinstance(wrong, KeypadProps)
    assert wrong.problem == "没有对上，还可以试 3 次"
    challenge = page(STATES["staff-challenge"])
    assert isinstance(challenge, KeypadProps)
    assert challenge.shown == "4827 1935"
    assert challenge.right is not None
    assert page(STATES["staff-challenge-alone"]).right is None


def test_after_staff_allowed_it_the_new_number_is_the_one_that_stands() -> None:
    props = page(STATES["paper-renewed"])
    assert isinstance(props, ResultProps)
    assert any(fact.text.startswith("YL-20260518-QH0001-00038") for fact in props.facts)


def test_a_void_number_is_said_in_plain_words_and_printed_only_under_the_one_that_counts() -> None:
    void = page(STATES["found-void"])
    assert isinstance(void, ResultProps)
    assert (void.title, void.reassurance) == ("这个编号已作废", "办理结果不变")
    assert void.helper == "需要纸质凭条，请到窗口换新编号。"
    assert void.primary == Choice("好，知道了", Pressed(Button.CONTINUE))
    assert void.right is None
    assert RECEIPT.number.value not in strings(void)
    replaced = page(STATES["found-replaced"])
    assert isinstance(replaced, ResultProps)
    assert replaced.primary is not None
    assert replaced.primary.event == Pressed(Button.PRINT_SLIP)
    assert Fact("新编号", RENEWED.number.value) in replaced.facts
    assert Fact("办理结果", "认证通过") in replaced.facts
    printing = page(looking(ShowingFound(REPLACED, None, PaperInDoubt(COPYING, "no-answer"))))
    assert isinstance(printing, ResultProps)
    assert (printing.helper, printing.right) == ("这次没打出来，结果请看屏幕。", None)


def test_a_forgotten_card_holds_the_page() -> None:
    props = page(STATES["take-card-left"])
    assert isinstance(props, TakeProps)
    assert props.title == "请取走您的身份证"
    assert props.primary == Choice("请先拿走身份证")
    only = page(STATES["take-card-only"])
    assert isinstance(only, TakeProps)
    assert only.paper is None


def test_a_proof_is_a_slip_and_an_offline_receipt_a_receipt() -> None:
    proof = page(showing(Outcome.CANCELLED, ON_PAPER, replace(FACTS, entry=DONE)))
    assert proof.primary == Choice("好，去取凭条", Pressed(Button.CONTINUE))
    pending = page(STATES["result-pending"])
    assert pending.primary == Choice("好，去取回执", Pressed(Button.CONTINUE))


def test_the_idle_page_counts_down_at_the_citizens_pace() -> None:
    normal = page(STATES["idle"])
    assert isinstance(normal, IdleProps)
    assert normal.seconds == 12
    assert normal.share == pytest.approx(0.8)
    elder = page(STATES["idle"], view(elder=True))
    assert isinstance(elder, IdleProps)
    assert elder.seconds == 27
    late = page(serving(ReviewingStatus(ENTRY), warned_at=NOW - timedelta(seconds=99)))
    assert isinstance(late, IdleProps)
    assert late.seconds == 0
    assert normal.card_words == "您的证件还在机器上，请带好"


def test_no_grade_is_chosen_beforehand_and_bad_grades_ask_what_was_wrong() -> None:
    fresh = page(STATES["rating"])
    assert isinstance(fresh, RatingProps)
    assert not any(grade.selected for grade in fresh.grades)
    assert fresh.tags == ()
    assert fresh.primary == Choice("请先点一个")
    poor = page(STATES["rating"], view(Local(grade=2)))
    assert isinstance(poor, RatingProps)
    assert poor.ask.startswith("哪里不好")
    assert poor.tags[0].label == "没有提供材料样本"


def test_side_pages_open_and_close_and_idle_comes_before_them() -> None:
    local = advance(Local(), Open(SidePage.LANGUAGE))
    assert screen.page_of(page(STATES["review"], view(local))) == "language"
    assert screen.page_of(page(STATES["idle"], view(local))) == "idle"
    assert advance(local, Close()).page is None


def test_choices_on_the_screen_change_what_they_name_and_nothing_else() -> None:
    local = advance(Local(), LanguageChosen(Language.ENGLISH))
    local = advance(local, ContrastChosen(True))
    local = advance(local, GradeChosen(4))
    local = advance(local, TagToggled("408"))
    local = advance(local, TagToggled("411"))
    local = advance(local, TagToggled("408"))
    assert local == Local(None, Language.ENGLISH, True, 4, ("411",))
    assert advance(local, GradeChosen(4)).tags == ("411",)
    assert advance(local, GradeChosen(1)).tags == ()


def test_the_bars_say_state_in_words() -> None:
    normal = shell.derive(attract(), view())
    assert (normal.link_word, normal.paper_word, normal.clock_text) == ("网络正常", "纸张充足", "10:24")
    assert normal.at_home
    assert (normal.link_normal, normal.paper_normal) == (True, True)
    offline = shell.derive(STATES["offline"], view())
    assert (offline.link_word, offline.link_normal) == ("网络不通", False)
    out = shell.derive(STATES["paper-out"], view())
    assert (out.paper_word, out.paper_normal) == ("纸用完了", False)
    unchecked = shell.derive(attract(None), view())
    assert unchecked.link_word == "正在自检"


def test_home_asks_first_only_when_a_person_is_known() -> None:
    assert shell.home_event(attract()) == Close()
    assert shell.home_event(STATES["notice"]) == Pressed(Button.HOME)
    assert shell.home_event(STATES["review"]) == Open(SidePage.LEAVE)


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        ("周一至周五 9:00 到 17:00", "周一至周五 9:00\u00a0到\u00a017:00"),
        ("工作日 9:00-12:00，13:30 - 17:00", "工作日 9:00-12:00，13:30\u00a0-\u00a017:00"),
        ("以大厅公告为准", "以大厅公告为准"),
    ],
)
def test_a_time_range_of_the_desk_stays_on_one_line(hours: str, shown: str) -> None:
    assert replace(view(), site=replace(SITE, desk_hours=hours)).desk_hours == shown


def test_the_keys_rest_while_data_are_wiped() -> None:
    bar = shell.derive(STATES["wiping"], view())
    for key in (bar.home, bar.language, bar.elder, bar.help):
        assert key is not None
        assert key.label
        assert key.event is None


def test_the_pace_key_toggles() -> None:
    assert shell.derive(attract(), view()).elder == Choice("长辈模式", PaceChosen(True))
    assert shell.derive(attract(elder=True), view(elder=True)).elder == Choice("标准模式", PaceChosen(False))


def test_a_new_try_with_the_card_starts_its_own_clock() -> None:
    assert screen.step_of(STATES["read-card"]) != screen.step_of(STATES["read-card-again"])
    assert screen.step_of(STATES["capture"]) == screen.step_of(STATES["action-left"])


BRANCH_WORDS = {
    "E-01": ("identity-card", ("没读到身份证", "擦一擦再放一次，或用电子社保卡")),
    "E-02": ("halt-wrong-document", ("这张证件请到窗口办理",)),
    "E-03": ("review-expired", ("身份证已于2026年3月2日到期，可先到派出所换领。养老金认证可以先受理",)),
    "E-04": ("halt-card-blocked", ("此证件状态异常，请到窗口",)),
    "E-05": ("halt-name-differs", ("姓名或号码与参保信息不一致",)),
    "E-06": ("area", ("没有查到您在领取待遇", "可能在外地、在其他险种，或刚办退休")),
    "E-06 nowhere": ("halt-not-listed", ("没有查到您在领取待遇", "可能在外地、在其他险种，或刚办退休", "12333")),
    "E-07": ("review-done", ("您已于2025年6月11日完成认证，下次截止2026年6月30日，今天不用再办",)),
    "E-08": ("review-by-data", ("系统已通过就医等信息为您完成认证，您不用操作",)),
    "E-09": ("review-suspended", ("您的待遇已暂停，认证通过后次月恢复，并补发",)),
    "E-10": ("halt-desk-must-check", ("您的档案状态需要工作人员核对",)),
    "E-12": ("capture-again", ("请一个人站在镜头前",)),
    "E-13": ("choose-action", ("换一种方式也可以",)),
    "E-15": ("capture-again", ("再来一次，请摘下帽子、口罩、深色眼镜",)),
    "E-16": ("result-referred", ("照片是很多年前的，系统认不准", "已转人工审核", "不影响您已有的待遇")),
    "E-19": ("review-helped", ("帮办人员：王*芳",)),
    "E-20": ("offline", ("网络暂时不通，可以先受理", "联网后审核，不用再跑")),
    "E-20 kept": ("result-pending", ("已受理，待联网审核",)),
    "E-23": ("paper-out", ("任何自助机可补打",)),
    "E-24": ("idle", ("您还在吗？",)),
    "E-25": ("take-card-left", ("请取走您的身份证",)),
    "E-27": ("unavailable", ("本机暂不能认证", "最近可用", "200 米")),
    "E-29": ("other-way", ("没问题，换一种方式", "到窗口办", "用手机办", "可上门办理")),
    "E-31": ("review-other-place", ("外省居住可在这里办", "境外可用“中国领事”")),
    "E-32": ("visit", ("本人不便可以预约上门", "不能代替本人刷脸")),
}


@pytest.mark.parametrize("branch", BRANCH_WORDS)
def test_each_branch_says_what_is_prescribed(branch: str) -> None:
    name, expected = BRANCH_WORDS[branch]
    shown = " ".join(text.replace("\n", "").replace("\u00a0", " ") for text in strings(page(STATES[name])))
    for words in expected:
        assert words in shown


@pytest.mark.parametrize(
    ("name", "language", "words"),
    [
        ("code-first", Language.CHINESE, "打开手机上的电子社保卡，亮出二维码"),
        ("code-several", Language.CHINESE, "打开手机上的电子社保卡、赣服通或网证，亮出二维码"),
        ("code-several", Language.ENGLISH, "Open the electronic card, Ganfutong or CTID on your phone"),
        ("code-shown-receipt", Language.CHINESE, "这是回执码，查结果时用"),
        ("code-shown-ticket", Language.ENGLISH, "This queue ticket is for check-in"),
        ("code-shown-elsewhere", Language.CHINESE, "这是八个字长的证件码，这里用不了"),
        ("lookup-misplaced", Language.CHINESE, "这是预约码，取号时用"),
        ("lookup-altered", Language.CHINESE, "这个码查不了，请输入编号"),
        ("waiting-code", Language.CHINESE, "正在核对电子社保卡"),
    ],
)
def test_a_page_names_the_codes_the_site_takes_and_what_another_one_is_for(
    name: str, language: Language, words: str
) -> None:
    assert words in " ".join(
        text.replace("\n", "") for text in strings(page(STATES[name], view(Local(language=language))))
    )


@pytest.mark.parametrize("name", ["code-shown-receipt", "lookup-misplaced", "lookup-altered"])
def test_what_a_code_is_for_is_said_aloud_too(name: str) -> None:
    props = page(STATES[name])
    assert isinstance(props, CodeProps)
    assert props.spoken == (props.hint,)


FORBIDDEN = ("失败", "非本人", "活体检测不通过", "冒领")


@pytest.mark.parametrize("elder", [False, True])
@pytest.mark.parametrize("name", STATES)
def test_no_page_shows_or_says_a_forbidden_word(name: str, elder: bool) -> None:
    props = page(STATES[name], view(elder=elder))
    shown = " ".join((*strings(props), words_to_say(props)))
    assert not [word for word in FORBIDDEN if word in shown]


def test_before_the_self_check_every_service_stands_and_none_opens() -> None:
    props = page(STATES["home-checking"])
    assert isinstance(props, HomeProps)
    assert [(choice.label, choice.event) for choice in props.services] == [
        ("预约上门", None),
        ("查办理结果", None),
        ("帮办", None),
    ]
