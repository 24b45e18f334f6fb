"""A citizen's way through real pages on the real engine's rules; only the devices' answers are canned."""

from collections import deque
from collections.abc import Callable
from typing import Any

from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.picture import Picture
from kiosk.face.settings import FaceSettings
from kiosk.flow.commands import (
    AskStaffChallenge,
    AskStaffWays,
    AwaitCardRemoval,
    CheckHealth,
    CheckStaffAnswer,
    CheckStaffPin,
    Command,
    DecodePhoto,
    IssueReceipt,
    PrintPaper,
    PutRecord,
    QueryRoster,
    ReadCard,
    StartFace,
    Wipe,
)
from kiosk.flow.events import (
    CardAnswered,
    Event,
    FaceStarted,
    HealthChecked,
    PaperPrinted,
    PhotoAnswered,
    PlateChecked,
    ReceiptIssued,
    RecordPut,
    RosterAnswered,
    StaffAnswered,
    StaffChallenged,
    StaffWaysTold,
    Wiped,
)
from kiosk.flow.machine import Journey
from kiosk.flow.session import Session
from kiosk.flow.session_state import Serving, SessionTimes
from kiosk.flow.touches import Button
from kiosk.journeys.confirm_eligibility import ConfirmEligibility
from kiosk.ports.face_analyser import ReferenceReady
from kiosk.ports.id_card import CardRead
from kiosk.ports.outbox import Queued
from kiosk.ports.platform import RosterAnswer, RosterFound
from kiosk.ports.printer import Printed, PrintUnknown, PrintVerdict
from kiosk.ports.staff_authorisation import Authorised, NotAuthorised, StaffWay
from tests.ui.stage import Stage
from tests.ui.states import CODES, DOCUMENT, DONE, ENTRY, HEALTHY, NOW, RECEIPT, RENEWED, SITE

KEY = "0f0e0d0c-0000-4000-8000-000000000001"


class Engine:
    """Advances the machine and answers each command at once."""

    def __init__(self, stage: Stage, roster: RosterAnswer, verdicts: tuple[PrintVerdict, ...]) -> None:
        journeys: dict[Button, Journey[Any]] = {Button.START: ConfirmEligibility(SITE, FaceSettings(), CODES)}
        self._session: Session[Any] = Session(journeys, SessionTimes())
        self._stage = stage
        self._verdicts, self._receipts = deque(verdicts), deque((RECEIPT, RENEWED))
        start = self._session.start()
        self.state = start.state
        self._answers: dict[type, Callable[[], Event]] = {
            CheckHealth: lambda: HealthChecked(HEALTHY),
            ReadCard: lambda: CardAnswered(CardRead(DOCUMENT, ChipPhoto(b"\0" * 1024))),
            DecodePhoto: lambda: PhotoAnswered(Picture(1, 1, b"\0\0\0")),
            QueryRoster: lambda: RosterAnswered(roster),
            StartFace: lambda: FaceStarted(ReferenceReady("model")),
            IssueReceipt: lambda: ReceiptIssued(self._receipts.popleft()),
            PrintPaper: lambda: PaperPrinted(self._verdicts.popleft()),
            AskStaffWays: lambda: StaffWaysTold(frozenset(StaffWay)),
            AskStaffChallenge: lambda: StaffChallenged("48271935"),
            CheckStaffPin: lambda: StaffAnswered(NotAuthorised(4)),
            CheckStaffAnswer: lambda: StaffAnswered(Authorised("", StaffWay.CHALLENGE)),
            AwaitCardRemoval: lambda: PlateChecked(True),
            PutRecord: lambda: RecordPut(Queued(KEY)),
            Wipe: Wiped,
        }
        self._carry_out(start.commands)

    @property
    def serving(self) -> bool:
        return isinstance(self.state.phase, Serving)

    def post(self, event: Event) -> None:
        moved = self._session.advance(self.state, event, KEY, NOW)
        self.state = moved.state
        self._stage.window.publish(moved.state)
        self._carry_out(moved.commands)

    def _carry_out(self, commands: tuple[Command, ...]) -> None:
        for command in commands:
            answer = self._answers.get(type(command))
            if answer is not None:
                self.post(answer())


def begin(stage: Stage, roster: RosterAnswer, verdicts: tuple[PrintVerdict, ...] = (Printed(1000),)) -> Engine:
    engine = Engine(stage, roster, verdicts)
    stage.window._post = engine.post
    stage.qtbot.waitUntil(lambda: stage.window._state is engine.state)
    stage.settle()
    return engine


def touch(stage: Stage, name: str, page: str) -> None:
    """Touches and waits for the page that must follow."""
    stage.touch(name)
    stage.qtbot.waitUntil(lambda: stage.window.page == page)
    stage.settle()


def test_already_confirmed_from_the_home_page_to_the_wipe(stage: Stage) -> None:
    engine = begin(stage, RosterFound(DONE))
    touch(stage, "service", "notice")
    touch(stage, "同意，开始认证", "review")
    assert stage.window.props.title == "今天不用再办"
    touch(stage, "打印证明", "result")
    touch(stage, "好，去取凭条", "take")
    touch(stage, "都拿好了", "rating")
    touch(stage, "不评了", "home")
    assert engine.state.number == 1
    assert not any("张*明" in words for _, words in stage.texts(visible_only=False))


def test_a_paper_in_doubt_and_staff_who_give_it_a_new_number_under_the_citizen_s_eyes(stage: Stage) -> None:
    begin(stage, RosterFound(DONE), (PrintUnknown("link-lost"), Printed(1000)))
    touch(stage, "service", "notice")
    touch(stage, "同意，开始认证", "review")
    touch(stage, "打印证明", "paper_out")
    assert stage.window.props.title == "结果已经记好，凭条正在核对"
    touch(stage, "工作人员处理", "keypad")
    for digit in "1024":
        stage.touch(f"数字 {digit}")
    touch(stage, "下一步", "keypad")
    assert stage.window.props.title == "请输入密码"
    assert stage.window._local.typed == "", "the number is not taken for a PIN"
    for digit in "135790":
        stage.touch(f"数字 {digit}")
    assert not any("135790" in words for _, words in stage.texts(visible_only=False))
    touch(stage, "确认", "keypad")
    assert "没有对上，还可以试 4 次" in {words for _, words in stage.texts()}
    touch(stage, "改用质询码", "keypad")
    assert "4827 1935" in {words for _, words in stage.texts()}
    for digit in "00000000":
        stage.touch(f"数字 {digit}")
    touch(stage, "确认", "result")
    assert RENEWED.number.value in {words for _, words in stage.texts()}
    touch(stage, "好，去取凭条", "take")


def test_another_way_from_the_camera_and_back_and_out(stage: Stage) -> None:
    engine = begin(stage, RosterFound(ENTRY))
    touch(stage, "service", "notice")
    touch(stage, "同意，开始认证", "review")
    touch(stage, "是我本人，现在认证", "capture")
    touch(stage, "换一种方式", "other_way")
    touch(stage, "回去接着刷脸", "capture")
    touch(stage, "换一种方式", "other_way")
    touch(stage, "不办了，结束", "home")
    assert not engine.serving
    assert engine.state.number == 1, "it was one session all the way"
    assert not any("张*明" in words for _, words in stage.texts(visible_only=False))


def test_home_key_with_data_on_the_screen_asks_and_then_wipes(stage: Stage) -> None:
    engine = begin(stage, RosterFound(ENTRY))
    touch(stage, "service", "notice")
    touch(stage, "同意，开始认证", "review")
    touch(stage, "key-home", "leave")
    assert engine.serving, "asking ends nothing yet"
    touch(stage, "结束并清除", "home")
    assert not engine.serving
    assert not any("张*明" in words for _, words in stage.texts(visible_only=False))


def test_large_type_chosen_at_home_lasts_for_the_session_only(stage: Stage) -> None:
    engine = begin(stage, RosterFound(ENTRY))
    touch(stage, "key-elder", "home")
    assert engine.state.elder
    touch(stage, "service", "notice")
    touch(stage, "key-home", "home")
    assert not engine.state.elder
