"""The dock: every button as declared, what a click asks of the world, and how the answer is shown."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.dock.buttons import BUTTONS, GROUPS, LIKELY_NEXT, PROGRAMS, RESET, Adds, Button
from ui.dock.journal import GrowingLog
from ui.dock.model import DockModel, words_of_event
from ui.dock.window import DockWindow
from ui.dock.world import Answer, NotThere, Obeyed, Refused, Visitor
from ui.view_models.pages import PAGE_NAMES

PERMITS = {"J": {"kind": "J", "name": "测试乙"}, "Y": {"kind": "Y", "name": "证件样本"}}
SOCIAL_CARD = {"name": "李淑珍", "version": "3.00"}


def visitor(name: str, number: str, face: str, other_face: str) -> Visitor:
    return Visitor(name, number, {"name": name, "valid_to": "长期"}, SOCIAL_CARD, PERMITS, face, other_face)


LI = visitor("李淑珍", "11010519491231002X", "hopper", "astronaut")
DENG = visitor("邓小艳", "100101198803210020", "astronaut", "hopper")
NEVER = tuple("".join(pair) for pair in (("失", "败"), ("非本", "人"), ("活体检测不", "通过"), ("冒", "领")))


@dataclass
class FakeWorld:
    """Obeys, unless an answer is laid out for the program; ``asked`` holds all but questions for the state."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    code: str | Refused | NotThere = "token"
    held: dict[str, Event] = field(default_factory=dict)

    def do(self, program: str, verb: str, arguments: Mapping[str, Any]) -> Answer:
        if verb == "state":
            return Obeyed({"papers": self.papers})
        if program in self.held:
            assert self.held[program].wait(10)
        self.asked.append((program, verb, dict(arguments)))
        return self.answers.get(program, Obeyed({}))

    def code_of(self, number: str, issuer: str) -> str | Refused | NotThere:
        assert number == LI.number
        assert issuer in ("social-security-card", "mobile-platform")
        return self.code


@pytest.fixture
def world() -> FakeWorld:
    return FakeWorld()


@dataclass
class Dock:
    """The window, its model and how often it looked at the terminal."""

    qtbot: QtBot
    window: DockWindow
    model: DockModel
    looks: list[None]

    def click(self, key: str) -> None:
        """Presses the button and waits until its program has answered."""
        QTest.mouseClick(self.window.buttons[key], Qt.MouseButton.LeftButton)
        self.qtbot.waitUntil(lambda: not self.model.waiting)

    def journal(self) -> str:
        return self.window.journal.toPlainText()


@pytest.fixture
def dock(qtbot: QtBot, world: FakeWorld) -> Iterator[Dock]:
    model = DockModel(world, (LI, DENG), lambda: datetime(2026, 5, 18, 10, 24, 2, tzinfo=UTC))
    looks: list[None] = []
    window = DockWindow(model, lambda: looks.append(None))
    qtbot.addWidget(window)
    window.show()
    yield Dock(qtbot, window, model, looks)
    for held in world.held.values():
        held.set()
    model.close()


def test_buttons_have_names_and_words_of_their_own() -> None:
    buttons = [button for group in GROUPS for button in group.buttons]
    assert len({button.key for button in buttons}) == len(buttons) == len(BUTTONS)
    for group in GROUPS:
        assert [label for label, count in Counter(b.label for b in group.buttons).items() if count > 1] == []
    assert [b.label for b in buttons for word in NEVER if word in b.label] == []


@pytest.mark.parametrize("button", BUTTONS.values(), ids=lambda button: button.key)
def test_a_button_has_orders_for_one_program(button: Button) -> None:
    (program,) = {order.program for order in button.orders}
    assert program in PROGRAMS


def test_the_reset_ends_every_fault() -> None:
    faults = {button.fault for button in BUTTONS.values()} - {""}
    assert faults <= {fault for key in RESET for fault in BUTTONS[key].mends}


def test_what_is_likely_next_belongs_to_pages_there_are() -> None:
    assert set(LIKELY_NEXT) <= set(PAGE_NAMES)
    assert set(LIKELY_NEXT.values()) <= set(BUTTONS)


@pytest.mark.parametrize("key", BUTTONS)
def test_a_click_asks_for_what_the_table_says(key: str, dock: Dock, world: FakeWorld) -> None:
    added = {
        Adds.NOTHING: {},
        Adds.CARD: LI.card,
        Adds.FACE: {"portrait": "hopper"},
        Adds.OTHER_FACE: {"portrait": "astronaut"},
        Adds.CODE: {"text": "token"},
        Adds.MOBILE_CODE: {"text": "token"},
        Adds.SOCIAL_CARD: SOCIAL_CARD,
        Adds.RESIDENCE_PERMIT: PERMITS["J"],
        Adds.FOREIGN_PERMIT: PERMITS["Y"],
    }
    dock.click(key)
    orders = BUTTONS[key].orders
    assert world.asked == [(o.program, o.verb, {**added[o.adds], **o.arguments}) for o in orders]
    assert dock.model.active == ({key} if BUTTONS[key].fault else set())
    assert f"{PROGRAMS[orders[0].program]}：{BUTTONS[key].label}" in dock.journal()


def test_the_chosen_person_is_the_one_who_comes(dock: Dock, world: FakeWorld) -> None:
    dock.window.people.setCurrentIndex(1)
    dock.click("card-expired")
    dock.click("face-own")
    assert world.asked == [
        ("card-reader", "insert-card", {"name": "邓小艳", "valid_to": "20200101"}),
        ("camera", "person", {"portrait": "astronaut"}),
    ]


def test_a_fault_stays_marked_until_it_is_mended(dock: Dock) -> None:
    dock.click("net-slow")
    assert dock.window.buttons["net-slow"].property("state") == "fault"
    dock.click("net-late")
    assert dock.model.active == {"net-late"}
    dock.click("net-well")
    assert dock.model.active == set()
    assert dock.window.buttons["net-late"].property("state") == ""


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Refused("nobody is there to turn"), "摄像头不肯“左转”：nobody is there to turn"),
        (NotThere(), "摄像头没有应答，“左转”没有做成"),
    ],
)
def test_trouble_is_told_in_words_until_the_program_obeys(
    answer: Answer, words: str, dock: Dock, world: FakeWorld
) -> None:
    assert not dock.window.trouble.isVisible()
    world.answers["camera"] = answer
    dock.click("turn-left")
    assert dock.window.trouble.isVisible()
    assert dock.window.trouble.text() == words
    assert words in dock.journal()
    dock.click("net-cut")
    assert dock.window.trouble.text() == words, "another program's obedience mends nothing"
    del world.answers["camera"]
    dock.click("nod")
    assert not dock.window.trouble.isVisible()


def test_a_fault_that_was_refused_is_not_marked(dock: Dock, world: FakeWorld) -> None:
    world.answers["link"] = NotThere()
    dock.click("net-cut")
    assert dock.model.active == set()


def test_without_a_code_no_phone_is_raised(dock: Dock, world: FakeWorld) -> None:
    world.code = Refused("没有这个人的电子卡")
    dock.click("code-show")
    assert world.asked == []
    assert "没有这个人的电子卡" in dock.window.trouble.text()


def test_a_program_that_hangs_keeps_no_other_one_waiting(dock: Dock, world: FakeWorld, qtbot: QtBot) -> None:
    world.held["camera"] = Event()
    QTest.mouseClick(dock.window.buttons["nod"], Qt.MouseButton.LeftButton)
    assert not dock.window.buttons["nod"].isEnabled()
    QTest.mouseClick(dock.window.buttons["net-cut"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dock.model.active == {"net-cut"})
    assert dock.model.waiting == {"nod"}
    world.held["camera"].set()
    qtbot.waitUntil(dock.window.buttons["nod"].isEnabled)


def test_the_reset_asks_for_all_of_it(dock: Dock, world: FakeWorld) -> None:
    for key in ("net-cut", "jam", "reader-out", "light-dim", "clock-ahead"):
        dock.click(key)
    world.asked.clear()
    dock.click("reset")
    assert Counter((program, verb) for program, verb, _ in world.asked) == Counter(
        (order.program, order.verb) for key in RESET for order in BUTTONS[key].orders
    )
    assert dock.model.active == set()


def test_the_terminal_s_page_lights_what_is_likely_next(dock: Dock) -> None:
    dock.model.show_page("read_card")
    assert dock.window.page.text() == "read_card"
    assert dock.window.buttons["card-insert"].property("state") == "next"
    dock.model.show_page("review")
    assert dock.window.buttons["card-insert"].property("state") == ""


def test_a_new_paper_is_shown_once(dock: Dock, world: FakeWorld, tmp_path: Path, qtbot: QtBot) -> None:
    picture = QImage(576, 800, QImage.Format.Format_Grayscale8)
    picture.fill(255)
    file = tmp_path / "paper-001.png"
    assert picture.save(str(file))
    world.papers = [str(file)]
    dock.model.look_for_papers()
    qtbot.waitUntil(lambda: not dock.window.paper.pixmap().isNull())
    dock.model.look_for_papers()
    qtbot.waitUntil(lambda: not dock.model._looking)
    assert dock.journal().count("出纸 paper-001.png") == 1


def test_it_looks_every_second(dock: Dock, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(dock.looks) >= 1)


def test_every_word_on_the_window_fits(dock: Dock) -> None:
    dock.window.resize(1180, 960)
    for button in dock.window.buttons.values():
        assert button.width() >= button.sizeHint().width(), button.text()
    for label in dock.window.findChildren(QLabel):
        assert not label.isVisible() or label.wordWrap() or label.width() >= label.sizeHint().width(), label.text()


def test_a_log_is_read_as_it_grows(tmp_path: Path) -> None:
    file = tmp_path / "terminal.log"
    log = GrowingLog(file)
    assert log.new_lines() == []
    file.write_text("one\ntw", encoding="utf-8")
    assert log.new_lines() == ["one"]
    file.write_text("one\ntwo\nthree\n", encoding="utf-8")
    assert log.new_lines() == ["two", "three"]
    assert log.new_lines() == []


def test_an_event_is_told_in_its_own_words() -> None:
    assert words_of_event('{"event": "step-entered", "session": 3, "step": "read-card"}') == "step-entered read-card"
