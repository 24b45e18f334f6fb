"""The actions a citizen is asked for: what each page says, draws and speaks, and which others are offered."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickItem

from kiosk.domain.face import FaceAction
from kiosk.face.stages import FlashColour, Hint
from kiosk.flow.session_state import SessionTimes
from kiosk.flow.touches import Button, Picked, Pressed
from kiosk.ports.speaker import Language
from tests.ui.stage import Stage
from tests.ui.states import NOW, SITE, STATES, State, acting, attract, choosing, flashing
from ui.painted import ClosingEyes
from ui.texts import Texts
from ui.tokens import load_tokens
from ui.view_models import screen
from ui.view_models.capture import CaptureProps
from ui.view_models.choices import ChoicesProps
from ui.view_models.local import Local
from ui.view_models.page import PageProps
from ui.view_models.view import View

SUBSETS = [some for count in range(1, 6) for some in combinations(FaceAction, count)]


def page(state: State, language: Language = Language.CHINESE, *, elder: bool = False) -> PageProps:
    view = View(Texts(language, elder), Local(language=language), SITE, SessionTimes(), NOW, 0.0, elder)
    return screen.derive(state, view)


def capture(state: State, language: Language = Language.CHINESE) -> CaptureProps:
    props = page(state, language)
    assert isinstance(props, CaptureProps)
    return props


def choices(state: State, *, elder: bool = False) -> ChoicesProps:
    props = page(state, elder=elder)
    assert isinstance(props, ChoicesProps)
    return props


def item(stage: Stage, name: str) -> QQuickItem:
    return next(found for found in stage.items() if found.objectName() == name)


def centre(found: QQuickItem) -> QPointF:
    return found.mapToScene(QPointF(found.width() / 2, found.height() / 2))


@pytest.mark.parametrize(
    ("action", "title", "prompt", "again", "side"),
    [
        (FaceAction.TURN_LEFT, "请慢慢转头", "向左转", "再向左转", "left"),
        (FaceAction.TURN_RIGHT, "请慢慢转头", "向右转", "再向右转", "right"),
        (FaceAction.NOD, "请慢慢点一下头", "点一下头", "再点一下头", "down"),
        (FaceAction.FOLLOW_DOT, "头跟着绿点慢慢转", "跟着绿点", "再跟着绿点", ""),
        (FaceAction.BLINK, "请慢慢眨两下眼睛", "眨两下", "再眨两下", ""),
    ],
)
def test_each_action_has_its_words_its_picture_and_a_way_out(
    action: FaceAction, title: str, prompt: str, again: str, side: str
) -> None:
    props = capture(acting(action, 0.5))
    assert (props.title, props.hint, props.side, props.action) == (title, prompt, side, action.value)
    assert props.hint_icon
    assert props.ring
    assert props.helper.endswith("不着急。")
    assert props.right is not None
    assert (props.right.label, props.right.event) == ("我做不了这个动作", Pressed(Button.CANNOT_DO_ACTION))
    assert capture(acting(action, attempt=2)).hint == again


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("action", FaceAction)
@pytest.mark.parametrize("hint", Hint)
def test_one_hint_at_a_time_takes_the_place_of_the_prompt(action: FaceAction, hint: Hint, language: Language) -> None:
    prompted, hinted = capture(acting(action), language), capture(acting(action, hint=hint), language)
    assert hinted.hint != prompted.hint
    assert (hinted.title, hinted.helper) == (prompted.title, prompted.helper)


def test_after_a_nod_the_head_comes_up_and_after_a_turn_back() -> None:
    nod, turn = (
        capture(acting(action, hint=Hint.BACK_TO_CENTRE)) for action in (FaceAction.NOD, FaceAction.TURN_RIGHT)
    )
    assert (nod.hint, nod.side, nod.action) == ("请抬起头来", "up", "")
    assert (turn.hint, turn.side, turn.action) == ("请转回正面", "", "")


def test_a_second_action_is_announced_and_the_ring_goes_on_the_same_way() -> None:
    first, second = capture(STATES["action-left"]), capture(STATES["action-second"])
    assert second.helper == "还有一个动作。先低头，再抬起来。"
    assert second.title == capture(STATES["action-nod"]).title
    assert (first.ring, second.ring) == ("left", "left")
    assert second.progress > first.progress


def test_the_dot_stands_where_it_is_told_within_the_picture_and_below_the_hint(stage: Stage) -> None:
    stage.show(attract())
    picture, places = QRectF(), {}
    for place in ((0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)):
        stage.show(acting(FaceAction.FOLLOW_DOT, dot=place))
        camera, dot = item(stage, "camera"), item(stage, "dot")
        picture = QRectF(camera.mapToScene(QPointF(0, 0)), camera.mapToScene(QPointF(camera.width(), camera.height())))
        radius = dot.width() / 2
        assert picture.adjusted(radius, radius + 150, -radius, -radius).contains(centre(dot))
        places[place] = centre(dot)
    middle = places[0.0, 0.0]
    assert abs(middle.x() - picture.center().x()) < 1
    assert places[1.0, 0.0].x() - middle.x() == pytest.approx(middle.x() - places[-1.0, 0.0].x())
    assert places[1.0, 0.0].x() > middle.x() + 300
    assert places[0.0, 1.0].y() > middle.y() + 300
    assert places[0.0, -1.0].y() < middle.y() - 300
    stage.show(acting(FaceAction.BLINK))
    assert not [found for found in stage.items() if found.objectName() == "dot"]


def test_a_moving_dot_is_spoken_of_once(stage: Stage) -> None:
    stage.show(acting(FaceAction.FOLLOW_DOT, dot=(0.0, 0.0)))
    stage.qtbot.waitUntil(lambda: stage.speaker.busy)
    stage.speaker.busy = False
    for step in range(1, 8):
        stage.clock.seconds += 3.0
        stage.show(acting(FaceAction.FOLLOW_DOT, dot=(step / 8, -step / 8)))
    assert [words for words, _ in stage.speaker.said] == ["头跟着绿点慢慢转。脸一直对着绿点。不着急"]


def test_a_hint_that_came_while_the_page_was_read_is_said_after_it(stage: Stage) -> None:
    stage.show(acting(FaceAction.NOD))
    stage.qtbot.waitUntil(lambda: stage.speaker.busy)
    stage.show(acting(FaceAction.NOD, hint=Hint.BACK_TO_CENTRE))
    assert len(stage.speaker.said) == 1
    stage.speaker.busy = False
    stage.qtbot.waitUntil(lambda: len(stage.speaker.said) > 1)
    assert stage.speaker.said[1] == ("请抬起头来", Language.CHINESE)


def test_eyes_that_close_are_drawn_beside_the_words(stage: Stage) -> None:
    stage.show(acting(FaceAction.BLINK))
    eyes = next(found for found in stage.items() if isinstance(found, ClosingEyes))
    closed = _ink_above_the_middle(stage, eyes)
    eyes.setProperty("lid", 0.0)
    assert _ink_above_the_middle(stage, eyes) > 2 * closed
    stage.show(acting(FaceAction.NOD))
    assert not [found for found in stage.items() if isinstance(found, ClosingEyes)]


def _ink_above_the_middle(stage: Stage, eyes: QQuickItem) -> int:
    corner = eyes.mapToScene(QPointF(0, 0)).toPoint()
    seen = stage.window.grab().copy(corner.x(), corner.y(), round(eyes.width()), round(eyes.height() / 2))
    grey = seen.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return int((pixels[:, : grey.width()] < 128).sum())


def test_one_blink_of_the_drawing_takes_seconds() -> None:
    assert load_tokens()["motion"]["blink_loop_ms"] >= 3000


@pytest.mark.parametrize("mode", ["normal", "contrast"])
@pytest.mark.parametrize("colour", FlashColour)
def test_the_page_shines_in_the_colour_around_the_picture(stage: Stage, colour: FlashColour, mode: str) -> None:
    stage.show(flashing(colour), Local(contrast=mode == "contrast"))
    props = stage.window.props
    assert props.title.replace("\n", "") == "请看着镜头，马上就好"
    seen = stage.window.grab()
    wanted = QColor(load_tokens()["shine"][mode][colour.value])
    camera = item(stage, "camera").mapToScene(QPointF(0, 0)).toPoint()
    for x, y in ((10, camera.y() + 400), (camera.x() + 20, camera.y() + 400), (540, camera.y() - 20)):
        assert seen.pixelColor(x, y) == wanted
    stage.show(STATES["capture"])
    assert stage.window.grab().pixelColor(10, camera.y() + 400) != wanted


@pytest.mark.parametrize("excluded", [set(FaceAction) - set(some) for some in SUBSETS])
def test_every_open_action_is_offered_and_a_person_last(excluded: set[FaceAction]) -> None:
    props = choices(choosing(*excluded))
    open_actions = [action for action in FaceAction if action not in excluded]
    assert [row.event for row in props.rows] == [*map(Picked, range(len(open_actions))), Pressed(Button.ASK_STAFF)]
    large = choices(choosing(*excluded), elder=True)
    assert len(large.rows) <= 5
    assert set(large.rows) <= set(props.rows)
    if len(open_actions) < 5:
        assert large.rows == props.rows


def test_in_large_type_the_dot_is_left_out_and_the_others_keep_their_places() -> None:
    labels = {row.label: row.event for row in choices(choosing(), elder=True).rows}
    assert labels == {
        "慢慢向左转头": Picked(0),
        "慢慢向右转头": Picked(1),
        "点点头": Picked(2),
        "眨眨眼睛": Picked(4),
        "请工作人员来看": Pressed(Button.ASK_STAFF),
    }
