"""The technician's page: who finds it, what stands on it, and that no citizen is left before it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest

from devices.printer.escpos_status import REMEDIES
from kiosk.cli.doctor import CAUSES
from kiosk.flow.session_state import SessionTimes
from kiosk.flow.touches import PaceChosen, RollChanged
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.printer import PaperLevel, PrinterStatus
from kiosk.ports.speaker import Language
from kiosk.ports.supervision import DeviceReport, Trouble
from tests.ui.stage import Stage, touchscreen
from tests.ui.states import HEALTHY, NOW, SITE, STATES, WORN, attract
from ui.app import FORGET_CHOICES_S, HOLD_S, TECHNICIAN_S
from ui.texts import Texts, load
from ui.view_models import devices
from ui.view_models.local import Local, SidePage
from ui.view_models.page import Choice
from ui.view_models.view import View

GONE = Unavailable("port-gone", "plug it in")


def hall_name(stage: Stage) -> QPoint:
    item = next(item for item in stage.items() if item.objectName() == "hall-name")
    centre = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
    return QPoint(round(centre.x()), round(centre.y()))


def press(stage: Stage, at: QPoint) -> None:
    QTest.touchEvent(stage.window.view, touchscreen()).press(0, at, stage.window.view).commit()


def move(stage: Stage, to: QPoint) -> None:
    QTest.touchEvent(stage.window.view, touchscreen()).move(0, to, stage.window.view).commit()


def release(stage: Stage, at: QPoint) -> None:
    QTest.touchEvent(stage.window.view, touchscreen()).release(0, at, stage.window.view).commit()


def pass_time(stage: Stage, seconds: float) -> None:
    stage.clock.seconds += seconds
    stage.window._tick()


def hold(stage: Stage, seconds: float) -> str:
    """The page that stands after the hall's name was held so long."""
    at = hall_name(stage)
    press(stage, at)
    pass_time(stage, seconds)
    release(stage, at)
    stage.settle()
    return stage.window.page


def test_the_page_opens_when_the_hall_s_name_is_held_for_five_seconds(stage: Stage) -> None:
    stage.show(attract(WORN))
    assert hold(stage, HOLD_S - 0.1) == "home"
    assert hold(stage, HOLD_S) == "devices"
    assert stage.presses() == []


def test_a_finger_that_slides_away_opens_nothing(stage: Stage) -> None:
    at = hall_name(stage)
    press(stage, at)
    move(stage, at + QPoint(0, 700))
    stage.qtbot.waitUntil(lambda: stage.window._held_at is None)
    pass_time(stage, HOLD_S)
    assert stage.window.page == "home"
    release(stage, at + QPoint(0, 700))


@pytest.mark.parametrize("name", ["notice", "review", "wiping", "result-passed"])
def test_nobody_finds_it_while_somebody_is_served(stage: Stage, name: str) -> None:
    stage.show(STATES[name])
    before = stage.window.page
    assert hold(stage, HOLD_S) == before
    stage.show(STATES[name], Local(SidePage.DEVICES))
    assert stage.window.page == before, "nor does it stay when somebody comes"


def test_it_is_not_opened_from_another_side_page(stage: Stage) -> None:
    stage.click("key-help")
    assert hold(stage, HOLD_S) == "help"


def test_its_one_button_closes_it(stage: Stage) -> None:
    assert hold(stage, HOLD_S) == "devices"
    stage.touch("primary")
    assert stage.window.page == "home"


def test_it_closes_by_itself_two_minutes_after_the_last_touch(stage: Stage) -> None:
    assert hold(stage, HOLD_S) == "devices"
    pass_time(stage, FORGET_CHOICES_S)
    assert stage.window.page == "devices"
    stage.window._touched()
    pass_time(stage, TECHNICIAN_S - 1)
    assert stage.window.page == "devices"
    pass_time(stage, 1)
    assert stage.window.page == "home"
    assert stage.presses() == [PaceChosen(False)]


def test_it_is_live(stage: Stage) -> None:
    stage.show(attract(WORN), Local(SidePage.DEVICES))
    assert "有 4 处要处理。" in dict(map(reversed, stage.texts()))  # type: ignore[arg-type]
    mended = tuple(DeviceReport(report.device, Ready(), NOW) for report in WORN.reports)
    stage.show(attract(replace(WORN, printer=HEALTHY.printer, reports=mended)))
    assert stage.window.page == "devices"
    words = [text for _, text in stage.texts()]
    assert "设备都正常。" in words
    assert words.count("正常") == len(mended)


def view(language: Language = Language.CHINESE) -> View:
    return View(Texts(language), Local(), SITE, SessionTimes(), NOW, 0.0, elder=False)


def row(report: DeviceReport, language: Language = Language.CHINESE) -> devices.DeviceRow:
    (found,) = devices.derive(replace(WORN, reports=(report,)), view(language)).rows
    return found


def test_a_row_tells_state_time_remedy_and_past() -> None:
    lost_at, seen_at = NOW - timedelta(minutes=3), NOW - timedelta(seconds=20)
    lost = row(DeviceReport("id-card", GONE, lost_at, 5, Trouble(GONE, seen_at)))
    assert lost == devices.DeviceRow(
        name="身份证阅读器",
        icon="id-card",
        mood="lost",
        word="不可用",
        since="10:21:00 起",
        note="插好阅读器的线，再查设置里的端口。",
        past="连续 5 次无应答：port-gone",
    )
    back = row(DeviceReport("id-card", Ready("serial 1"), seen_at, 0, Trouble(GONE, lost_at)), Language.ENGLISH)
    assert (back.word, back.note, back.past) == ("Ready", "serial 1", "Last trouble 10:21:00: port-gone")
    flicker = row(DeviceReport("scanner-2", Ready(), lost_at, 1, Trouble(GONE, seen_at)))
    assert (flicker.name, flicker.mood, flicker.past) == ("扫码器 2", "notice", "上次故障 10:23:40：port-gone")
    old = row(DeviceReport("camera", Ready(), NOW - timedelta(days=3)))
    assert old.since == "05-15 10:24 起"


def test_the_printer_s_row_tells_what_is_left_on_the_roll_and_warns_below_a_fifth_of_it() -> None:
    printer = DeviceReport("printer", Ready("192.0.2.40:9100"), NOW, paper=PaperLevel.ENOUGH)

    def printer_row(left_mm: int | None) -> devices.DeviceRow:
        status = PrinterStatus(Ready(), PaperLevel.ENOUGH, left_mm)
        (found,) = devices.derive(replace(WORN, printer=status, reports=(printer,)), view()).rows
        return found

    assert (printer_row(63_900).mood, printer_row(63_900).note) == ("good", "192.0.2.40:9100，还剩约 63 米")
    assert printer_row(15_900).mood == "notice"
    assert printer_row(15_900).note.endswith("还剩约 15 米")
    assert printer_row(None).note == "192.0.2.40:9100"


def test_a_new_roll_is_told_by_one_touch(stage: Stage) -> None:
    stage.show(attract(WORN))
    assert hold(stage, HOLD_S) == "devices"
    stage.touch("right")
    assert stage.window.page == "keypad"
    stage.touch("keys-1")
    assert stage.presses() == [RollChanged(50_000)]
    assert stage.window.page == "devices"


def test_a_roll_of_another_length_is_typed_and_none_beyond_what_is_sold(stage: Stage) -> None:
    stage.show(attract(WORN), Local(SidePage.PAPER_CHANGE))
    for key in ("数字 2", "数字 0", "数字 1"):
        stage.touch(key)
    assert stage.window.props.primary == Choice("请选长度或输入米数")
    stage.touch("全部清除")
    for key in ("数字 6", "数字 5"):
        stage.touch(key)
    stage.touch("新纸长 65 米")
    assert stage.presses() == [RollChanged(65_000)]
    stage.touch("right")
    assert stage.window.page == "keypad"
    assert stage.window.props.slots == "_"  # type: ignore[attr-defined]


def test_the_page_of_the_new_roll_is_gone_when_somebody_comes(stage: Stage) -> None:
    stage.show(attract(WORN), Local(SidePage.PAPER_CHANGE))
    pass_time(stage, FORGET_CHOICES_S)
    assert stage.window.page == "keypad", "a technician has more time"
    stage.show(STATES["notice"])
    assert stage.window.page == "notice"


def test_a_word_that_is_not_known_gets_the_device_s_own_advice() -> None:
    strange = Unavailable("TypeError in worker.py line 7", "restart it")
    assert row(DeviceReport("face", strange, NOW, 2)).note == load(Language.CHINESE)["devices.do.face"]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_page_begins_with_what_is_to_be_done(count: int) -> None:
    reports = tuple(
        DeviceReport(name, GONE if place < count else Ready(), NOW) for place, name in enumerate(devices._ICONS)
    )
    well = replace(WORN, printer=HEALTHY.printer, reports=reports)
    props = devices.derive(well, view(Language.ENGLISH))
    assert props.helper == ("Every device is well.", "1 thing to do.", "2 things to do.")[count]
    assert devices.derive(None, view()).helper == "正在自检，请稍候。"


def test_every_cause_the_doctor_knows_has_words_of_its_own_here() -> None:
    kinds = {"gateway and clock": "platform"}
    known = {(kinds.get(name, name), word) for name, word in CAUSES} | {("printer", word) for word in REMEDIES}
    own_advice = {
        ("camera", "camera-stalled"),
        ("platform", "no-link"),
        ("platform", "refused"),
        ("printer", "printer-error"),
    }
    for language in Language:
        words = load(language)
        for kind in devices._ICONS:
            assert words[f"devices.do.{kind}"]
            assert words[f"devices.name.{kind}"]
        assert {key for key in known if f"devices.do.{'.'.join(key)}" not in words} == own_advice
