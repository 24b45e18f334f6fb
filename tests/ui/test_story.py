"""A citizen's way through real pages on the real engine's rules; only the devices' answers are canned."""

from collections.abc import Callable
from typing import Any

from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.picture import Picture
from kiosk.face.settings import FaceSettings
from kiosk.flow.commands import (
    AwaitCardRemoval,
    CheckHealth,
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
from kiosk.ports.printer import Printed
from tests.ui.stage import Stage
from tests.ui.states import CODES, DOCUMENT, DONE, ENTRY, HEALTHY, NOW, RECEIPT, SITE

KEY = "0f0e0d0c-0000-4000-8000-000000000001"


class Engine:
    """Advances the machine and answers each command at once."""

    def __init__(self, stage: Stage, roster: RosterAnswer) -> None:
        journeys: dict[Button, Journey[Any]] = {Button.START: ConfirmEligibility(SITE, FaceSettings(), CODES)}
        self._session: Session[Any] = Session(journeys, SessionTimes())
        self._stage = stage
        start = self._session.start()
        self.state = start.state
        self._answers: dict[type, Callable[[], Event]] = {
            CheckHealth: lambda: HealthChecked(HEALTHY),
            ReadCard: lambda: CardAnswered(CardRead(DOCUMENT, ChipPhoto(b"\0" * 1024))),
            DecodePhoto: lambda: PhotoAnswered(Picture(1, 1, b"\0\0\0")),
            QueryRoster: lambda: RosterAnswered(roster),
            StartFace: lambda: FaceStarted(ReferenceReady("model")),
            IssueReceipt: lambda: ReceiptIssued(RECEIPT),
            PrintPaper: lambda: PaperPrinted(Printed(1000)),
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


def begin(stage: Stage, roster: RosterAnswer) -> Engine:
    engine = Engine(stage, roster)
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
