"""The dock's view model: a press becomes orders to a program, its answer a line of words and a mark."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, assert_never

from PySide6.QtCore import QObject, Signal, Slot

from ui.dock.buttons import BUTTONS, PROGRAMS, RESET, Adds, Button, Order
from ui.dock.lane import Lane
from ui.dock.world import Answer, NotThere, Obeyed, Refused, Visitor, World

PAPERS = Order("printer", "state")
_LOG_FIELDS = ("journey", "step", "outcome", "reason", "device", "receipt")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the dock's journal; ``trouble`` marks what went wrong."""

    at: str
    words: str
    trouble: bool = False


@dataclass(frozen=True, slots=True)
class _Outcome:
    button: Button
    answer: Answer


class DockModel(QObject):
    """Presses return at once; ``changed`` follows when the program has answered. Belongs to the Qt thread."""

    changed = Signal()
    line_added = Signal(object)
    paper_printed = Signal(str)
    _told = Signal(object)
    _papers_told = Signal(object)

    def __init__(self, world: World, visitors: Sequence[Visitor], now: Callable[[], datetime]) -> None:
        super().__init__()
        self._world = world
        self._now = now
        self.visitors = tuple(visitors)
        self.visitor = self.visitors[0]
        self.page = ""
        self._troubles: dict[str, str] = {}
        self._active: dict[str, str] = {}
        self._waiting: dict[str, int] = {}
        self._looking = False
        self._paper = ""
        self._lanes = {program: Lane(program) for program in PROGRAMS}
        self._told.connect(self._take)
        self._papers_told.connect(self._take_papers)

    @property
    def trouble(self) -> str:
        """What programs would not do last, in words; empty when each did what it was last asked for."""
        return "；".join(self._troubles.values())

    @property
    def active(self) -> frozenset[str]:
        """Keys of the buttons whose fault stands."""
        return frozenset(self._active.values())

    @property
    def waiting(self) -> frozenset[str]:
        """Keys of the buttons whose program has not answered yet."""
        return frozenset(self._waiting)

    def choose(self, number: int) -> None:
        """Who comes next; what stands or lies there already stays."""
        self.visitor = self.visitors[number]

    def press(self, key: str) -> None:
        button, visitor = BUTTONS[key], self.visitor
        self._waiting[key] = self._waiting.get(key, 0) + 1
        lane = self._lanes[button.orders[0].program]
        lane.put(lambda: self._told.emit(_Outcome(button, self._obey(button, visitor))))
        self.changed.emit()

    def reset(self) -> None:
        """Ends every fault and empties the hall."""
        for key in RESET:
            self.press(key)

    def show_page(self, page: str) -> None:
        """The page that the terminal shows."""
        if page != self.page:
            self.page = page
            self.add_line(f"页面 {page}")
            self.changed.emit()

    def look_for_papers(self) -> None:
        """Asks the printer, unless it is still being asked."""
        if not self._looking:
            self._looking = True
            self._lanes[PAPERS.program].put(
                lambda: self._papers_told.emit(self._world.do(PAPERS.program, PAPERS.verb, {}))
            )

    def add_line(self, words: str, trouble: bool = False) -> None:
        self.line_added.emit(Line(f"{self._now():%H:%M:%S}", words, trouble))

    def close(self) -> None:
        """Waits for what was asked for before."""
        for lane in self._lanes.values():
            lane.close()

    def _obey(self, button: Button, visitor: Visitor) -> Answer:
        """On a lane: the answer to the last order, or the first that was not obeyed."""
        answer: Answer = NotThere()
        for order in button.orders:
            arguments = self._arguments(order, visitor)
            if not isinstance(arguments, dict):
                return arguments
            answer = self._world.do(order.program, order.verb, arguments)
            if not isinstance(answer, Obeyed):
                return answer
        return answer

    def _arguments(self, order: Order, visitor: Visitor) -> dict[str, Any] | Refused | NotThere:
        match order.adds:
            case Adds.NOTHING:
                return dict(order.arguments)
            case Adds.CARD:
                return {**visitor.card, **order.arguments}
            case Adds.FACE:
                return {"portrait": visitor.face, **order.arguments}
            case Adds.OTHER_FACE:
                return {"portrait": visitor.other_face, **order.arguments}
            case Adds.SOCIAL_CARD:
                return {**visitor.social_card, **order.arguments}
            case Adds.RESIDENCE_PERMIT:
                return {**visitor.permits["J"], **order.arguments}
            case Adds.FOREIGN_PERMIT:
                return {**visitor.permits["Y"], **order.arguments}
            case Adds.CODE | Adds.MOBILE_CODE:
                issuer = "mobile-platform" if order.adds is Adds.MOBILE_CODE else "social-security-card"
                code = self._world.code_of(visitor.number, issuer)
                return {"text": code, **order.arguments} if isinstance(code, str) else code
            case _:
                assert_never(order.adds)

    @Slot(object)
    def _take(self, outcome: _Outcome) -> None:
        button = outcome.button
        left = self._waiting.pop(button.key) - 1
        if left:
            self._waiting[button.key] = left
        program = button.orders[0].program
        name = PROGRAMS[program]
        match outcome.answer:
            case Obeyed():
                self._troubles.pop(program, None)
                self._mark(button)
                self.add_line(f"{name}：{button.label}")
            case Refused(reason):
                self._complain(program, f"{name}不肯“{button.label}”：{reason}")
            case NotThere():
                self._complain(program, f"{name}没有应答，“{button.label}”没有做成")
            case _:
                assert_never(outcome.answer)
        self.changed.emit()

    def _mark(self, button: Button) -> None:
        for fault in button.mends:
            self._active.pop(fault, None)
        if button.fault:
            self._active[button.fault] = button.key

    def _complain(self, program: str, words: str) -> None:
        self._troubles[program] = words
        self.add_line(words, trouble=True)

    @Slot(object)
    def _take_papers(self, answer: Answer) -> None:
        self._looking = False
        papers = answer.answer.get("papers") if isinstance(answer, Obeyed) else None
        if papers and papers[-1] != self._paper:
            self._paper = papers[-1]
            self.add_line(f"出纸 {Path(self._paper).name}")
            self.paper_printed.emit(self._paper)


def words_of_event(line: str) -> str:
    """A line of the terminal's log as the journal shows it: the event, then what it says of itself."""
    members: Mapping[str, Any] = json.loads(line)
    said = (str(members[name]) for name in _LOG_FIELDS if members.get(name) is not None)
    return " ".join((str(members["event"]), *said))
