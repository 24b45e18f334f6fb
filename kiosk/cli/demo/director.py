"""Plays a citizen at the real window: reads the page, waits for a button to stand, and touches it."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from kiosk.app.bootstrap import Terminal
from kiosk.cli.demo.evidence import Findings
from kiosk.cli.demo.hall import HallError, Program
from ui.app import TerminalWindow

TICK_MS = 20
PATIENCE_S = 75.0
"""A page that does not come within this time ends the run."""

MEASURED_PAGES = ("capture", "waiting")
"""Pages on which the demo asks for frame after frame, so that a stall shows as a gap."""

Waiting = Generator[None, None, None]


class StuckError(Exception):
    """The story did not go on; the message says what was waited for and which page stood."""


@dataclass
class Shown:
    """What a run left behind: pages in order of appearance, times of frames, the timeline's lines, and what was found
    in the terminal's files while a record waited in them (None before that)."""

    pages: list[tuple[str, QImage]] = field(default_factory=list)
    frames: list[float] = field(default_factory=list)
    timeline: list[str] = field(default_factory=list)
    found: Findings | None = None


class Stage:
    """What a story may use: the window as a citizen sees it, and the controls of the virtual hall."""

    def __init__(
        self,
        window: TerminalWindow,
        terminal: Terminal,
        programs: dict[str, Program],
        search_files: Callable[[], Findings],
    ) -> None:
        self.window = window
        self.terminal = terminal
        self.programs = programs
        self.search_files = search_files
        self.shown = Shown()
        self.case = ""
        self._touch = QTest.createTouchDevice()
        self._began = time.monotonic()
        self._last_page = ""
        self._last_look = ("", "", "")

    @property
    def page(self) -> str:
        return self.window.page

    def tell(self, words: str) -> None:
        """One line of the timeline."""
        line = f"{time.monotonic() - self._began:6.1f} s  {words}"
        self.shown.timeline.append(line)
        print(line, flush=True)

    def world(self, program: str, verb: str, **arguments: object) -> None:
        """Changes what the devices see."""
        self.programs[program].do(verb, **arguments)

    def until(self, met: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> Waiting:
        deadline = time.monotonic() + patience_s
        while not met():
            if time.monotonic() > deadline:
                raise StuckError(f"{self.case}: waited {patience_s:.0f} s for {what}; the page is {self.page}")
            yield

    def until_page(self, *names: str) -> Waiting:
        yield from self.until(lambda: self.page in names and self.window.settled(), f"page {' or '.join(names)}")

    def tap(self, name: str) -> Waiting:
        """Touches the control of this object or accessible name as soon as it stands."""
        yield from self.until(lambda: self.window.control(name) is not None, f"button {name}")
        control = self.window.control(name)
        assert control is not None
        point = QPoint(round(control.centre.x()), round(control.centre.y()))
        self.tell(f"{self.case}: touches {control.name}")
        QTest.touchEvent(self.window.view, self._touch).press(0, point, self.window.view).commit()
        yield
        QTest.touchEvent(self.window.view, self._touch).release(0, point, self.window.view).commit()
        yield

    def note_page(self) -> None:
        """Called at every tick: names a page when it comes, takes its picture once it stands, keeps frames coming."""
        if self.page != self._last_page:
            self._last_page = self.page
            self.tell(f"{self.case}: page {self.page}")
        look = (self.case, self.page, getattr(self.window.props, "side", ""))
        if look != self._last_look and self.window.settled():
            self._last_look = look
            self.shown.pages.append((f"{self.case}-{self.page}", self.window.grab()))
        if self.page in MEASURED_PAGES:
            self.window.view.update()


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
