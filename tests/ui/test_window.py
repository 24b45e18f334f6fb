"""The window as a whole: states from the engine's thread, the wipe, the camera, the voice, what the demo looks at."""

import threading
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot

from kiosk.flow.touches import Button, PaceChosen, Pressed, Touched
from kiosk.ports.device_status import Unavailable
from kiosk.ports.speaker import Language
from tests.ui.stage import FakeSpeaker, Stage, drawn_figure
from tests.ui.states import STATES, attract
from ui.app import FORGET_CHOICES_S
from ui.painted import CameraView
from ui.shell import Shell
from ui.view_models.local import Local
from ui.view_models.screen import PAGES

PERSONAL = ("张*明", "002X", "YL-20260518", "2025年6月11日", "HTTPS://QH")


def traces(stage: Stage) -> list[str]:
    """Personal words in any QML text, shown or not, and in any page's props."""
    words = [text for _, text in stage.texts(visible_only=False)]
    words += [str(model.props) for model in stage.window.shell.models.values()]
    for item in stage.items(visible_only=False):
        words += [str(item.property(name)) for name in ("source", "spokenName", "label", "answer", "words")]
    return [text for text in words if any(mark in text for mark in PERSONAL)]


def camera(stage: Stage) -> CameraView:
    return next(item for item in stage.items(visible_only=False) if isinstance(item, CameraView))


def load_all(stage: Stage) -> None:
    stage.qtbot.waitUntil(lambda: not stage.window._preload.isActive(), timeout=10_000)


def test_states_from_another_thread_reach_the_page_and_only_the_newest_is_shown(stage: Stage) -> None:
    pages: list[str] = []
    stage.window.shell.page_changed.connect(lambda: pages.append(stage.window.page))

    def engine() -> None:
        for name in ("notice", "read-card", "review"):
            stage.window.publish(STATES[name])

    thread = threading.Thread(target=engine)
    thread.start()
    thread.join()
    stage.qtbot.waitUntil(lambda: stage.window.page == "review")
    assert pages == ["review"]


def test_after_the_wipe_nothing_of_the_person_is_left_anywhere(stage: Stage) -> None:
    load_all(stage)
    for name in ("review", "offline", "result-passed", "result-pending", "paper-out", "take", "capture"):
        stage.show(STATES[name])
    assert traces(stage) == []  # the capture page itself tells nothing
    stage.show(STATES["review"])
    assert traces(stage) != []
    stage.show(STATES["wiping"])
    assert traces(stage) == []
    stage.show(attract())
    assert traces(stage) == []


def test_only_the_page_that_is_on_holds_anything(stage: Stage) -> None:
    load_all(stage)
    for name in STATES:
        stage.show(STATES[name])
        for page, model in stage.window.shell.models.items():
            if page != stage.window.page:
                assert model.props == PAGES[page](), (name, page)


def test_choices_end_with_the_session(stage: Stage) -> None:
    stage.show(STATES["review"], Local(language=Language.ENGLISH, contrast=True))
    stage.show(STATES["rating"])
    assert stage.window._local.language is Language.ENGLISH
    stage.touch("grade-5")
    assert stage.window._local.grade == 5
    stage.show(STATES["wiping"])
    stage.show(attract())
    assert stage.window._local == Local()


def test_choices_of_somebody_who_left_the_home_page_are_forgotten(stage: Stage) -> None:
    stage.show(stage.elder(attract()), Local(language=Language.ENGLISH))
    stage.touch("voice")
    stage.posted.clear()
    stage.window._tick()
    assert stage.window._local.language is Language.ENGLISH
    stage.clock.seconds += FORGET_CHOICES_S
    stage.window._tick()
    assert stage.window._local == Local()
    assert stage.posted == [PaceChosen(False)]


def test_pages_come_to_life_after_the_first_frame(stage: Stage) -> None:
    load_all(stage)
    loaded = [item for item in stage.items(visible_only=False) if item.property("zoneTop") is not None]
    assert len(loaded) == len(PAGES)


def test_the_home_page_alone_is_built_before_the_first_frame(qtbot: QtBot) -> None:
    shell = Shell(lambda _: None, lambda: None, lambda: None, lambda _: None, False)
    assert shell.property("loaded") == 0
    while shell.load_one_more():
        pass
    assert shell.property("loaded") == len(PAGES)


def test_the_picture_is_mirrored_and_gone_when_the_page_is(stage: Stage) -> None:
    stage.show(STATES["capture"])
    view = camera(stage)
    stage.qtbot.waitUntil(lambda: view._sequence == 1)
    buffer = view._image
    assert buffer is not None
    assert buffer.pixelColor(639 - 170, 10).name() == "#0b4a82"
    assert buffer.pixelColor(170, 10).name() != "#0b4a82"
    stage.frame = drawn_figure(2)
    stage.qtbot.waitUntil(lambda: view._sequence == 2)
    assert view._image is buffer, "one buffer is used again and again"
    picture = stage.window.grab()
    assert picture.pixelColor(540, 1000).name() == "#607284"
    stage.show(STATES["waiting-compare"])
    assert view._image is None
    assert np.all(np.frombuffer(buffer.constBits(), np.uint8) == 255), "the last picture is overwritten"
    assert not view._timer.isActive()


def test_a_camera_that_changes_its_size_or_gives_nothing_is_no_trouble(stage: Stage) -> None:
    stage.frame = None
    stage.show(STATES["capture"])
    view = camera(stage)
    view.take_frame()
    assert view._image is None
    stage.frame = drawn_figure(7)
    view.take_frame()
    assert view._image is not None
    assert (view._image.width(), view._image.height()) == (640, 480)


def test_a_page_is_read_aloud_and_the_pill_stops_and_repeats(stage: Stage) -> None:
    stage.show(STATES["notice"])
    stage.qtbot.waitUntil(lambda: stage.speaker.busy)
    words, language = stage.speaker.said[-1]
    assert words.startswith("刷脸之前，请您先了解。谁来核对")
    assert words.endswith("同意，开始认证")
    assert language is Language.CHINESE
    assert stage.control("voice").name == "正在朗读"
    stage.touch("voice")
    assert not stage.speaker.busy
    assert stage.control("voice").name == "再听一遍"
    stage.touch("voice")
    assert stage.speaker.said[-1] == (words, language)


def test_the_home_page_waits_to_be_asked(stage: Stage) -> None:
    assert stage.speaker.said == []
    assert stage.window._voice._start.isActive() is False
    stage.touch("voice")
    assert stage.speaker.said[-1][0].startswith("您好，您要办什么")


def test_without_a_speaker_there_is_no_pill(qtbot: QtBot) -> None:
    mute = Stage(qtbot, speaker=FakeSpeaker(Unavailable("no-sound-device", "connect one")))
    try:
        mute.show(STATES["notice"])
        assert mute.window.control("voice") is None
        assert mute.speaker.said == []
    finally:
        mute.close()


def test_hints_are_spoken_but_never_on_top_of_each_other(stage: Stage) -> None:
    stage.show(STATES["capture"])
    stage.qtbot.waitUntil(lambda: stage.speaker.busy)
    stage.show(STATES["capture-hold"])
    assert len(stage.speaker.said) == 1
    stage.speaker.busy = False
    stage.qtbot.waitUntil(lambda: not stage.window._voice.speaking)
    stage.show(STATES["capture"])
    assert stage.speaker.said[-1][0] == "请靠近一点"
    said = len(stage.speaker.said)
    stage.speaker.busy = False
    stage.qtbot.waitUntil(lambda: not stage.window._voice.speaking)
    stage.clock.seconds += -1.0
    stage.window._voice._hint_at = stage.clock.seconds
    stage.window.publish(STATES["capture-hold"])
    stage.qtbot.waitUntil(lambda: stage.window.props.hint == "很好，保持不动")  # type: ignore[attr-defined]
    assert len(stage.speaker.said) == said


def test_frames_can_be_watched_and_pages_kept_as_pictures(stage: Stage, tmp_path: Path) -> None:
    swapped: list[float] = []
    stage.window.watch_frames(swapped.append)
    stage.show(STATES["review"])
    stage.qtbot.waitUntil(lambda: len(swapped) >= 1)
    assert swapped[0] >= 1000.0
    assert stage.window.grab().save(str(tmp_path / "page.png"))


def test_controls_are_found_by_name_and_by_object_name(stage: Stage) -> None:
    stage.show(STATES["notice"])
    by_name, by_object = stage.control("同意，开始认证"), stage.control("primary")
    assert by_name == by_object
    assert stage.window.control("no such thing") is None
    names = [control.object_name for control in stage.window.controls()]
    assert names == ["voice", "primary", "left", "right", "key-home", "key-language", "key-elder", "key-help"]


def test_a_smaller_panel_scales_the_whole_page(qtbot: QtBot) -> None:
    small = Stage(qtbot, size=QSize(540, 960))
    try:
        small.show(STATES["notice"])
        assert small.window.grab().size() == QSize(540, 960)
        small.posted.clear()
        small.touch("primary")
        assert small.presses() == [Pressed(Button.AGREE)]
    finally:
        small.close()


def test_signs_of_life_are_not_sent_while_nobody_is_served(stage: Stage) -> None:
    stage.show(attract())
    stage.posted.clear()
    stage.touch("service")
    assert stage.posted == [Pressed(Button.START)]
    stage.show(STATES["notice"])
    stage.posted.clear()
    stage.touch("right")
    assert set(map(type, stage.posted)) == {Touched}


def test_props_are_plain_frozen_values() -> None:
    for props in PAGES.values():
        assert is_dataclass(props)
        assert props.__dataclass_params__.frozen  # type: ignore[attr-defined]
        for field in fields(props):
            assert not issubclass(field.type, QQuickItem) if isinstance(field.type, type) else True
