"""Plays a citizen at the real window: reads the page, waits for a button to stand, and touches it."""

import time
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

import requests
from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from kiosk.app.bootstrap import Terminal
from kiosk.cli.demo import evidence
from kiosk.cli.demo.hall import HallError
from kiosk.cli.demo.scenario import Scenario
from kiosk.cli.demo.training import TrainingTerminal
from ui.app import TerminalWindow

TICK_MS = 20
PATIENCE_S = 45.0
"""A page that does not come within this time ends the case."""

ANSWER_S = 10.0

MEASURED_PAGES = ("capture", "waiting")
"""Pages on which the demo asks for frame after frame, so that a stall shows as a gap; no picture is filed then."""

PNG_QUALITY = 80
"""Of Qt's 0 to 100, where more is larger and faster: a page takes 50 ms."""

Waiting = Generator[None, None, None]


class StuckError(Exception):
    """The story did not go on; the message says what was waited for and which page stood."""


@dataclass(frozen=True, slots=True)
class Played:
    """One case as it went: ``log`` counts the lines the terminal wrote before it and up to its end; ``papers`` came
    out of the printer; ``trouble`` says where it got stuck."""

    scenario: Scenario
    log: tuple[int, int]
    papers: tuple[Path, ...]
    seconds: float
    trouble: str | None


@dataclass
class Shown:
    """What a run left behind: the cases, times of frames, the timeline's lines, what was found in the terminal's files
    while a record waited in them (None before that), and how many records wait at the end."""

    cases: list[Played] = field(default_factory=list)
    frames: list[float] = field(default_factory=list)
    timeline: list[str] = field(default_factory=list)
    found: evidence.Findings | None = None
    waiting: int = 0


class Stage:
    """What a story may use: the window as a citizen sees it, and the controls of the virtual hall. Pictures of the
    pages go to ``output``, where the printer leaves its papers."""

    def __init__(self, window: TerminalWindow, terminal: Terminal, training: TrainingTerminal, output: Path) -> None:
        self.window = window
        self.terminal = terminal
        self.shown = Shown()
        self._training = training
        self._output = output
        self._scenario: Scenario | None = None
        self._since = (0, 0, 0.0)
        self._touch = QTest.createTouchDevice()
        self._began = time.monotonic()
        self._last_page = ""
        self._last_look = ("", "", "", "")
        self._unfiled: deque[tuple[str, QImage]] = deque()
        self._pictures = 0

    @property
    def case(self) -> str:
        return "" if self._scenario is None else self._scenario.name

    def begin(self, scenario: Scenario) -> None:
        """From now on everything belongs to this case; tells whoever watches the run."""
        self._scenario = scenario
        print(f"{time.monotonic() - self._began:6.1f} s  {scenario.title.zh} {scenario.title.en}", flush=True)
        self._since = (self._log_lines(), len(self._papers()), time.monotonic())
        self.tell(scenario.title.en)

    def end(self, trouble: str | None) -> None:
        """Files what came of the case that began last."""
        assert self._scenario is not None
        lines, papers, began = self._since
        span, seconds = (lines, self._log_lines()), time.monotonic() - began
        self.shown.cases.append(Played(self._scenario, span, self._papers()[papers:], seconds, trouble))

    def code_of(self, number: str, issuer: str = "social-security-card") -> str:
        """What this person's phone shows now of ``issuer``: asked for past the cable, with a network of its own."""
        url = f"{self._training.gateway.address}/v1/sandbox/codes"
        try:
            code = requests.post(url, json={"number": number, "issuer": issuer}, timeout=ANSWER_S).json()["code"]
        except (requests.RequestException, ValueError, KeyError) as problem:
            raise HallError(f"the gateway gave no code: {type(problem).__name__}") from None
        if not isinstance(code, str):
            raise HallError("the gateway knows nobody of this number")
        return code

    def code_on_newest_paper(self) -> str:
        papers = self._papers()
        codes = evidence.codes_on(papers[-1]) if papers else ()
        if not codes:
            raise StuckError("no code on the newest paper")
        return codes[0]

    def search_files(self) -> None:
        self.shown.found = evidence.search_terminal(self._training.settings)

    def _log_lines(self) -> int:
        return len(evidence.events(self._training.settings.log))

    def _papers(self) -> tuple[Path, ...]:
        return tuple(sorted(self._output.glob("paper-*.png")))

    @property
    def page(self) -> str:
        return self.window.page

    def tell(self, words: str) -> None:
        """One line of the timeline."""
        self.shown.timeline.append(f"{time.monotonic() - self._began:6.1f} s  {self.case}: {words}")

    def world(self, program: str, verb: str, **arguments: object) -> None:
        """Changes what the devices see."""
        self._training.programs[program].do(verb, **arguments)

    def until(self, met: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> Waiting:
        deadline = time.monotonic() + patience_s
        while not met():
            if time.monotonic() > deadline:
                raise StuckError(f"waited {patience_s:.0f} s for {what}; the page is {self.page}")
            yield

    def until_page(self, *names: str) -> Waiting:
        yield from self.until(lambda: self.page in names and self.window.settled(), f"page {' or '.join(names)}")

    def tap(self, name: str) -> Waiting:
        """Touches the control of this object or accessible name as soon as it stands."""
        yield from self.until(lambda: self.window.control(name) is not None, f"button {name}")
        control = self.window.control(name)
        assert control is not None
        point = QPoint(round(control.centre.x()), round(control.centre.y()))
        self.tell(f"touches {control.name}")
        QTest.touchEvent(self.window.view, self._touch).press(0, point, self.window.view).commit()
        yield
        QTest.touchEvent(self.window.view, self._touch).release(0, point, self.window.view).commit()
        yield

    def note_page(self) -> None:
        """Called at every tick: names a page when it comes, takes its picture once it stands, keeps frames coming."""
        if self.page != self._last_page:
            self._last_page = self.page
            self.tell(f"page {self.page}")
        props = self.window.props
        look = (self.case, self.page, props.title, getattr(props, "action", ""))
        if self.case and look != self._last_look and self.window.settled():
            self._last_look = look
            self._pictures += 1
            self._unfiled.append((f"page-{self._pictures:03d}-{self.case}-{self.page}.png", self.window.grab()))
        if self.page in MEASURED_PAGES:
            self.window.view.update()
        elif self._unfiled:
            self._file_picture()

    def file_pictures(self) -> None:
        """Whatever was not filed on the way."""
        while self._unfiled:
            self._file_picture()

    def _file_picture(self) -> None:
        name, picture = self._unfiled.popleft()
        picture.save(str(self._output / name), "PNG", PNG_QUALITY)  # type: ignore[call-overload]


class Director(QObject):
    """Runs one story after the other on the Qt thread and quits the application when they are told or stuck."""

    def __init__(self, stage: Stage, stories: Waiting) -> None:
        super().__init__()
        self._stage = stage
        self._stories = stories
        self.stuck: StuckError | None = None
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        self._stage.note_page()
        try:
            next(self._stories)
        except StopIteration:
            self._end()
        except StuckError as stuck:
            self._stick(stuck)
        except (HallError, AssertionError) as problem:
            self._stick(StuckError(f"{self._stage.case}: {problem}; the page is {self._stage.page}"))

    def _stick(self, stuck: StuckError) -> None:
        self.stuck = stuck
        self._end()

    def _end(self) -> None:
        self._timer.stop()
        QGuiApplication.quit()
