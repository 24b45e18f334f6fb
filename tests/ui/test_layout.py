"""Every page on every panel, in every mode and both languages: words whole, nothing over anything, targets large."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtQml import QQmlExpression, qmlContext
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot

from kiosk.ports.speaker import Language
from tests.ui.stage import Stage
from tests.ui.states import STATES
from ui.view_models.local import Local, SidePage

PANELS = {"upright": QSize(1080, 1920), "lying": QSize(1920, 1080), "squarish": QSize(1280, 1024)}
MODES = {
    f"{language.value}-{mode}": (language, mode == "contrast", mode == "elder")
    for language in Language
    for mode in ("standard", "elder", "contrast")
}
"""The black display comes in large type by itself."""
SIDE_PAGES = {
    "side-language": ("notice", Local(SidePage.LANGUAGE)),
    "side-help": ("review", Local(SidePage.HELP)),
    "side-leave": ("review", Local(SidePage.LEAVE)),
    "side-full-notice": ("notice", Local(SidePage.FULL_NOTICE)),
    "side-unavailable": ("home-closed", Local(SidePage.UNAVAILABLE)),
    "side-ways": ("result-referred", Local(SidePage.WAYS)),
    "side-no-slip": ("take", Local(SidePage.NO_SLIP)),
    "side-devices": ("home-worn", Local(SidePage.DEVICES)),
    "rating-best": ("rating", Local(grade=5)),
    "rating-middle": ("rating", Local(grade=3)),
    "rating-worst": ("rating", Local(grade=1)),
    "keypad-typed": ("keypad", Local(typed="110105194912310")),
    "keypad-full": ("keypad", Local(typed="11010519491231002X", hidden=True)),
    "phone-typed": ("visit-phone", Local(typed="1380000")),
    "number-typed": ("lookup-number", Local(typed="YL20260518QH00010000037Y")),
}
LOOKS = {**{name: (name, Local()) for name in STATES}, **SIDE_PAGES}
SMALLEST_PX, SMALLEST_ELDER_PX = 81, 100
"""20 mm on the panel; more for large type."""

REACH_SHARE = 0.7
"""Below this line of an upright panel (333 mm under its upper edge) a hand reaches from a wheelchair, 1,220 mm high (EN
301 549, 8.3), as long as the panel's upper edge is not above 1,550 mm. A lying panel is low enough as a whole."""


@pytest.fixture(scope="module", params=PANELS)
def stage(qapp: object, request: pytest.FixtureRequest) -> Iterator[Stage]:
    made = Stage(QtBot(request), size=PANELS[request.param])
    yield made
    made.close()


@pytest.mark.parametrize("mode", MODES)
def test_words_are_whole_apart_and_large_enough_to_press(stage: Stage, mode: str) -> None:
    language, contrast, elder = MODES[mode]
    wrong: list[str] = []
    for look, (name, local) in LOOKS.items():
        stage.show(
            stage.elder(STATES[name]) if elder else STATES[name],
            Local(local.page, language, contrast, local.grade, local.tags, local.typed, local.hidden),
        )
        wrong += [f"{look}: {problem}" for problem in _problems(stage, SMALLEST_ELDER_PX if elder else SMALLEST_PX)]
    assert not wrong, "\n".join(wrong)


def _problems(stage: Stage, smallest: int) -> Iterator[str]:
    view = stage.window.view
    screen = QRectF(-1, -1, view.width() + 2, view.height() + 2)
    inks = [(words, _ink(item)) for item, words in stage.texts()]
    for item, words in stage.texts():
        ink = _ink(item)
        if item.property("truncated") or item.property("contentWidth") > item.width() + 1:
            yield f"cut: {words}"
        if item.property("contentHeight") > item.height() + 2 and _number(item, "fontSizeMode") != 0:
            yield f"too high: {words}"
        if not screen.contains(ink):
            yield f"off the screen: {words}"
        for sheet in _sheets(item):
            if not _box(sheet).adjusted(-2, -6, 2, 6).contains(ink):
                yield f"over its edge: {words}"
    for (first, one), (second, other) in combinations(inks, 2):
        shared = one.intersected(other)
        if shared.width() > 2 and shared.height() > 0.2 * min(one.height(), other.height()):
            yield f"over one another: {first} / {second}"
    yield from _press_problems(stage, screen, smallest)


def _press_problems(stage: Stage, screen: QRectF, smallest: int) -> Iterator[str]:
    pressable = [item for item in stage.items() if item.property("spokenName") is not None]
    for item in pressable:
        box = _box(item)
        name = item.property("spokenName")
        if not name:
            yield f"no name: {item.objectName()}"
        if min(box.width(), box.height()) < smallest - 0.5:
            yield f"small: {name} {box.width():.0f}x{box.height():.0f}"
        if not screen.contains(box):
            yield f"off the screen: {name}"
        if _always_there(item) and screen.height() > screen.width() and box.top() < REACH_SHARE * screen.height():
            yield f"out of reach: {name}"
    for first, second in combinations(pressable, 2):
        if _box(first).intersects(_box(second)):
            yield f"over one another: {first.property('spokenName')} / {second.property('spokenName')}"


def _always_there(item: QQuickItem) -> bool:
    """The page's actions and the four keys: what nobody can do without."""
    return item.objectName() in ("primary", "left", "right") or item.objectName().startswith("key-")


def _ink(item: QQuickItem) -> QRectF:
    """Where the words stand inside their item, in the window; without the air above and below letters."""
    width, height = item.property("contentWidth"), item.property("contentHeight")
    left = {2: item.width() - width, 4: (item.width() - width) / 2}.get(_number(item, "horizontalAlignment"), 0.0)
    air = 0.12 * height
    top = {64: item.height() - height, 128: (item.height() - height) / 2}.get(_number(item, "verticalAlignment"), 0.0)
    return QRectF(item.mapToScene(QPointF(left, top + air)), item.mapToScene(QPointF(left + width, top + height - air)))


def _number(item: QQuickItem, enumeration: str) -> int:
    """PySide cannot read an enumeration of Qt Quick's own; QML can."""
    context = qmlContext(item)
    assert context is not None
    value: int = QQmlExpression(context, item, f"Number({enumeration})").evaluate()[0]
    return value


def _box(item: QQuickItem) -> QRectF:
    return QRectF(item.mapToScene(QPointF(0, 0)), item.mapToScene(QPointF(item.width(), item.height())))


def _sheets(item: QQuickItem) -> Iterator[QQuickItem]:
    """The panels and buttons the item stands on."""
    parent = item.parentItem()
    while parent is not None:
        if parent.property("radius") and parent.height() > 60:
            yield parent
        parent = parent.parentItem()
