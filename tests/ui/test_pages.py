"""Every page, in every mode, as a citizen meets it: words whole, buttons large, named and working."""

from collections.abc import Iterator

import numpy as np
import pytest
import zxingcpp
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.flow.touches import Button, PaceChosen, Picked, Pressed, Rated, Touched, Typed
from kiosk.ports.speaker import Language
from tests.ui.stage import Stage
from tests.ui.states import STATES, attract
from ui.painted import QrCode
from ui.view_models.local import Local, SidePage

SMALLEST_TARGET = 81
SCREEN = QRectF(0, 0, 1080, 1920)
MODES = {
    "zh": (Local(), False),
    "zh-elder": (Local(), True),
    "en": (Local(language=Language.ENGLISH), False),
    "en-elder-contrast": (Local(language=Language.ENGLISH, contrast=True), True),
}
SIDE_PAGES = {
    SidePage.LANGUAGE: "notice",
    SidePage.HELP: "review",
    SidePage.LEAVE: "review",
    SidePage.FULL_NOTICE: "notice",
    SidePage.UNAVAILABLE: "home-closed",
    SidePage.WAYS: "result-referred",
    SidePage.NO_SLIP: "take",
    SidePage.DEVICES: "home-worn",
    SidePage.PAPER_CHANGE: "home-worn",
}


@pytest.fixture(scope="module")
def shared(qapp: object) -> Iterator[Stage]:
    """One window for all looks: pages live on, as at a site."""
    made = Stage(QtBot(None))  # type: ignore[arg-type]
    yield made
    made.close()


def pictures() -> Iterator[tuple[str, str, SidePage | None, int]]:
    for name in STATES:
        yield name, name, None, 0
    yield "rating-good", "rating", None, 4
    yield "rating-bad", "rating", None, 1
    for side, behind in SIDE_PAGES.items():
        yield f"side-{side.value}", behind, side, 0


LOOKS = [pytest.param(*look[1:], id=look[0]) for look in pictures()]


def put(stage: Stage, name: str, side: SidePage | None, grade: int, mode: str) -> None:
    local, elder = MODES[mode]
    state = STATES[name]
    stage.show(attract())
    stage.show(
        stage.elder(state) if elder else state,
        Local(side, local.language, local.contrast, grade, ()),
    )
    stage.window.grab()


@pytest.mark.parametrize(("name", "side", "grade"), LOOKS)
def test_every_control_has_a_role_and_a_name(shared: Stage, name: str, side: SidePage | None, grade: int) -> None:
    put(shared, name, side, grade, "zh")
    for item in shared.items():
        if item.property("spokenName") is None:
            continue
        interface = QAccessible.queryAccessibleInterface(item)
        assert interface is not None
        assert interface.text(QAccessible.Text.Name) == item.property("spokenName")
        assert interface.role() in (
            QAccessible.Role.Button,
            QAccessible.Role.RadioButton,
            QAccessible.Role.CheckBox,
        )
    page = next(item for item in shared.items() if item.property("zoneTop") is not None)
    pane = QAccessible.queryAccessibleInterface(page)
    assert pane.role() == QAccessible.Role.Pane
    assert pane.text(QAccessible.Text.Name)


PRESSES = [
    ("home", "service", Pressed(Button.START)),
    ("notice", "primary", Pressed(Button.AGREE)),
    ("notice", "left", Pressed(Button.OTHER_WAY)),
    ("read-card", "left", Pressed(Button.OTHER_WAY)),
    ("offline", "primary", Pressed(Button.ACCEPT_OFFLINE)),
    ("offline", "right", Pressed(Button.HOME)),
    ("review", "primary", Pressed(Button.CONFIRM_SELF)),
    ("review", "right", Pressed(Button.NOT_NOW)),
    ("review-done", "primary", Pressed(Button.PRINT_PROOF)),
    ("review-done", "right", Pressed(Button.NOT_NOW)),
    ("capture", "left", Pressed(Button.OTHER_WAY)),
    ("action-left", "right", Pressed(Button.CANNOT_DO_ACTION)),
    ("result-passed-printed", "primary", Pressed(Button.CONTINUE)),
    ("paper-out", "primary", Pressed(Button.CONTINUE)),
    ("paper-in-doubt", "primary", Pressed(Button.CONTINUE)),
    ("paper-in-doubt", "right", Pressed(Button.STAFF)),
    ("paper-taken-back", "right", Pressed(Button.STAFF)),
    ("staff-number", "left", Pressed(Button.BACK)),
    ("staff-number", "right", Pressed(Button.STAFF_OTHER_WAY)),
    ("staff-challenge", "right", Pressed(Button.STAFF_OTHER_WAY)),
    ("staff-locked", "primary", Pressed(Button.CONTINUE)),
    ("found-no-paper", "primary", Pressed(Button.CONTINUE)),
    ("review-done-no-paper", "primary", Pressed(Button.NOT_NOW)),
    ("other-way-no-paper", "primary", Pressed(Button.CONTINUE)),
    ("take", "primary", Pressed(Button.CONTINUE)),
    ("rating", "right", Pressed(Button.SKIP_RATING)),
    ("idle", "stay", Pressed(Button.STILL_HERE)),
    ("idle", "right", Pressed(Button.FINISH)),
    ("other-way", "primary", Pressed(Button.PRINT_SLIP)),
    ("other-way", "left", Pressed(Button.BACK)),
    ("other-way", "right", Pressed(Button.CONTINUE)),
    ("unavailable", "primary", Pressed(Button.CONTINUE)),
    ("halt-not-listed", "primary", Pressed(Button.PRINT_SLIP)),
    ("halt-not-listed", "right", Pressed(Button.CONTINUE)),
    ("halt-card-blocked", "primary", Pressed(Button.CONTINUE)),
    ("home", "services-0", Pressed(Button.START_HOME_VISIT)),
    ("home", "services-1", Pressed(Button.START_LOOK_UP)),
    ("home", "services-2", Pressed(Button.START_HELPED)),
    ("read-card", "right", Pressed(Button.SHOW_CODE)),
    ("identity-card", "rows-0", Pressed(Button.SHOW_CODE)),
    ("identity-card", "rows-1", Pressed(Button.TYPE_NUMBER)),
    ("code-first", "right", Pressed(Button.READ_CARD)),
    ("keypad", "left", Pressed(Button.BACK)),
    ("area", "rows-1", Picked(1)),
    ("area", "right", Pressed(Button.CONTINUE)),
    ("choose-action", "rows-0", Picked(0)),
    ("choose-action", "rows-4", Pressed(Button.ASK_STAFF)),
    ("appeal", "primary", Pressed(Button.AGREE)),
    ("appeal", "right", Pressed(Button.DECLINE)),
    ("unmatched", "primary", Pressed(Button.AGREE)),
    ("paper-refilled", "primary", Pressed(Button.PRINT_AGAIN)),
    ("visit", "primary", Pressed(Button.CONTINUE)),
    ("visit-day", "rows-3", Picked(3)),
    ("visit-phone", "left", Pressed(Button.HOME)),
    ("lookup", "right", Pressed(Button.TYPE_NUMBER)),
    ("lookup-number", "left", Pressed(Button.SHOW_CODE)),
    ("lookup-unknown", "right", Pressed(Button.TYPE_NUMBER)),
    ("found-pending", "primary", Pressed(Button.PRINT_SLIP)),
    ("found-pending", "right", Pressed(Button.CONTINUE)),
    ("review", "key-elder", PaceChosen(True)),
    ("notice", "key-home", Pressed(Button.HOME)),
]


@pytest.mark.parametrize("how", ["click", "touch"])
@pytest.mark.parametrize(("name", "control", "event"), PRESSES)
def test_a_press_posts_its_event_once(shared: Stage, name: str, control: str, event: object, how: str) -> None:
    put(shared, name, None, 0, "zh")
    shared.posted.clear()
    (shared.click if how == "click" else shared.touch)(control)
    assert shared.presses() == [event]


@pytest.mark.parametrize("name", ["result-passed", "rating", "take-card-left"])
def test_a_button_that_cannot_be_pressed_says_why_and_does_nothing(shared: Stage, name: str) -> None:
    put(shared, name, None, 0, "zh")
    shared.posted.clear()
    primary = next(item for item in shared.items() if item.objectName() == "primary")
    assert not primary.isEnabled()
    assert primary.property("spokenName") in ("凭条正在打印，请稍候", "请先点一个", "请先拿走身份证")
    assert shared.window.control("primary") is None


def _box(item: QQuickItem) -> QRectF:
    return QRectF(item.mapToScene(QPointF(0, 0)), item.mapToScene(QPointF(item.width(), item.height())))


def press_keys(stage: Stage, names: str) -> None:
    for name in names:
        stage.touch(f"数字 {name}" if name.isdigit() else f"字母 {name}")


def test_a_number_is_typed_covered_corrected_and_sent_once(shared: Stage) -> None:
    put(shared, "keypad", None, 0, "zh")
    shared.posted.clear()
    assert shared.control("hide").name == "遮住"
    press_keys(shared, "110105194912310021")
    shared.touch("退一格")
    assert shared.window.control("primary") is None
    assert "还差 1 位" in {words for _, words in shared.texts()}
    shared.touch("hide")
    assert "1" not in {words for item, words in shared.texts() if item.parentItem().property("sign") is not None}
    press_keys(shared, "X")
    shared.touch("下一步")
    assert shared.presses() == [Typed("11010519491231002X")]
    assert shared.window._local.typed == ""


def test_a_number_that_was_off_is_told_and_typed_anew(shared: Stage) -> None:
    put(shared, "keypad-check", None, 0, "zh")
    assert "有一位不对，请对着证件再看一遍" in {words for _, words in shared.texts()}
    press_keys(shared, "1")
    assert "有一位不对，请对着证件再看一遍" not in {words for _, words in shared.texts()}
    shared.touch("全部清除")
    assert "还差 18 位" in {words for _, words in shared.texts()}


def test_a_receipt_number_is_typed_on_letters_and_digits(shared: Stage) -> None:
    put(shared, "lookup-number", None, 0, "zh")
    shared.posted.clear()
    digits = True
    for sign in "YL20260518QH00010003":
        if sign.isdigit() is not digits:
            shared.touch("换成字母" if digits else "换成数字")
            digits = not digits
        press_keys(shared, sign)
    shared.touch("下一步")
    assert shared.presses() == [Typed("YL20260518QH00010003")]


def test_the_field_says_how_much_is_typed_and_never_what(shared: Stage) -> None:
    put(shared, "keypad", None, 0, "zh")
    press_keys(shared, "110")
    field = next(i for i in shared.items() if _role(i) == QAccessible.Role.EditableText)
    assert QAccessible.queryAccessibleInterface(field).text(QAccessible.Text.Name) == "身份证号，已输入 3 位"


def _role(item: QQuickItem) -> QAccessible.Role | None:
    interface = QAccessible.queryAccessibleInterface(item)
    return None if interface is None else interface.role()


def test_a_grade_and_its_tags_are_sent_together(shared: Stage) -> None:
    put(shared, "rating", None, 0, "zh")
    shared.posted.clear()
    shared.touch("满意")
    shared.touch("一张清单告知全部申报材料")
    shared.touch("跑大厅一次办完")
    shared.touch("一张清单告知全部申报材料")
    shared.touch("提交评价")
    assert shared.presses() == [Rated(4, ("411",))]
    shared.posted.clear()
    shared.touch("grade-2")
    shared.touch("primary")
    assert shared.presses() == [Rated(2, ())]


def test_language_and_contrast_take_effect_at_once(shared: Stage) -> None:
    put(shared, "notice", None, 0, "zh")
    shared.touch("key-language")
    assert shared.window.page == "language"
    shared.touch("English")
    shared.touch("White on black")
    shared.touch("primary")
    assert shared.window.props.title == "Before we look at your face"
    assert shared.window.grab().pixelColor(4, 300).name() == "#000000"
    shared.touch("key-language")
    shared.touch("中文")
    shared.touch("primary")
    assert shared.window.props.title == "刷脸之前，请您先了解"


def test_the_code_on_the_screen_reads_back_and_leaves_no_picture_behind(shared: Stage) -> None:
    shared.show(STATES["paper-out"], Local())
    wanted = shared.window.props.qr  # type: ignore[attr-defined]
    grabbed = shared.window.grab().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(grabbed.constBits(), np.uint8).reshape(grabbed.height(), grabbed.bytesPerLine())
    assert [code.text for code in zxingcpp.read_barcodes(np.ascontiguousarray(pixels))] == [wanted]
    shared.show(attract(), Local())
    assert not [item for item in shared.items(visible_only=False) if isinstance(item, QrCode)]


def test_nothing_is_to_be_pressed_while_data_are_wiped(shared: Stage) -> None:
    shared.show(STATES["wiping"], Local())
    assert {control.object_name for control in shared.window.controls()} <= {"voice"}
    keys = [item for item in shared.items() if item.objectName().startswith("key-")]
    assert len(keys) == 4
    shared.posted.clear()
    for key in keys:
        centre = _box(key).center().toPoint()
        QTest.mouseClick(shared.window.view, Qt.MouseButton.LeftButton, pos=centre)
    assert shared.presses() == []
    assert shared.window.page == "waiting"
    shared.show(attract(), Local())
    assert all(key.isEnabled() for key in keys)


def test_a_short_wait_shows_no_empty_sheet(shared: Stage) -> None:
    shared.show(STATES["wiping"], Local())
    page = next(item for item in shared.items() if item.property("ringing") is not None)
    page.setProperty("ringing", False)
    assert all(item.objectName() != "ring" for item in shared.items())
    page.setProperty("ringing", True)
    assert any(item.objectName() == "ring" for item in shared.items())


def test_black_with_large_type_is_large(shared: Stage) -> None:
    shared.show(STATES["read-card"], Local())
    usual = _title_size(shared)
    shared.show(STATES["read-card"], Local(contrast=True))
    large = _title_size(shared)
    shared.show(shared.elder(STATES["read-card"]), Local())
    assert usual < large == _title_size(shared)


def _title_size(stage: Stage) -> float:
    title = next(item for item in stage.items() if item.objectName() == "title")
    return float(title.property("size"))


def test_help_hides_everything_of_the_person(shared: Stage) -> None:
    put(shared, "review", None, 0, "zh")
    shared.touch("key-help")
    assert shared.window.page == "help"
    words = " ".join(words for _, words in shared.texts(visible_only=False))
    assert "张*明" not in words
    assert "002X" not in words
    shared.touch("key-help")
    assert shared.window.page == "review"


def test_home_asks_once_before_it_clears_data(shared: Stage) -> None:
    put(shared, "review", None, 0, "zh")
    shared.posted.clear()
    shared.touch("key-home")
    assert shared.window.page == "leave"
    assert shared.presses() == []
    shared.touch("接着办")
    assert shared.window.page == "review"
    shared.touch("key-home")
    shared.touch("结束并清除")
    assert shared.presses() == [Pressed(Button.HOME)]


def test_a_broken_device_shows_where_to_go_instead(shared: Stage) -> None:
    put(shared, "home-closed", None, 0, "zh")
    shared.posted.clear()
    shared.touch("service")
    assert shared.window.page == "unavailable"
    assert shared.presses() == []
    assert shared.window.props.helper == "镜头正在维修，请到窗口或打电话。"
    shared.touch("primary")
    assert shared.window.page == "home"


def test_no_slip_in_the_slot_shows_the_number_and_prints_nothing(shared: Stage) -> None:
    put(shared, "take", None, 0, "zh")
    shared.posted.clear()
    shared.touch("right")
    assert shared.window.page == "paper_out"
    assert any("YL-20260518-QH0001-00037" in words for _, words in shared.texts())
    shared.touch("我记下了，完成")
    assert shared.presses() == [Pressed(Button.CONTINUE)]


def test_the_full_notice_opens_and_closes(shared: Stage) -> None:
    put(shared, "notice", None, 0, "zh")
    shared.touch("看完整说明")
    assert shared.window.page == "full_notice"
    shared.touch("返回")
    assert shared.window.page == "notice"


def test_a_finger_anywhere_says_that_somebody_is_there(shared: Stage) -> None:
    put(shared, "review", None, 0, "zh")
    shared.posted.clear()
    shared.touch("right")
    assert Touched() in shared.posted


def test_on_the_idle_page_only_presses_count(shared: Stage) -> None:
    """A bare sign of life would take the page away under the finger that presses 办完了，结束."""
    put(shared, "idle", None, 0, "zh")
    shared.posted.clear()
    shared.touch("right")
    assert shared.posted == [Pressed(Button.FINISH)]


def test_the_second_tap_of_a_double_tap_is_not_taken_for_the_next_page(shared: Stage) -> None:
    put(shared, "notice", None, 0, "zh")
    shared.window.publish(STATES["read-card"])
    shared.qtbot.waitUntil(lambda: shared.window.page == "read_card")
    shared.posted.clear()
    assert not shared.window.settled()
    assert shared.window.control("left") is None
    shared.window.shell.models["read_card"].press("left")
    assert shared.presses() == []
    shared.settle()
    shared.touch("left")
    assert shared.presses() == [Pressed(Button.OTHER_WAY)]


def test_keys_and_switches_reach_every_control(shared: Stage) -> None:
    put(shared, "notice", None, 0, "zh")
    shared.posted.clear()
    reached = set()
    for _ in range(12):
        QTest.keyClick(shared.window.view, Qt.Key.Key_Tab)
        item = shared.window.view.activeFocusItem()
        reached.add(item.objectName())
        if item.objectName() == "primary":
            QTest.keyClick(shared.window.view, Qt.Key.Key_Return)
    assert {"primary", "left", "right", "voice", "key-home", "key-language", "key-elder", "key-help"} <= reached
    assert Pressed(Button.AGREE) in shared.presses()
