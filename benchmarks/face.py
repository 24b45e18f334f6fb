"""How long a citizen stands before the camera, and what the camera page costs the machine.

``python -m benchmarks.face`` runs real sessions in the virtual hall, offscreen unless told otherwise: simulators as
processes, the real window and its touches, drivers, camera and face processes. The citizen does what is asked after a
second. Printed, with the limit where there is one:

* seconds from the camera page to the comparison's end;
* frames a second that the engine got measured, while it watched;
* the longest time between two frames of the window, from the press that begins the service to the home page: the
  window is asked for a frame at every turn of a 60 Hz panel;
* memory of the terminal's processes: resident, and anonymous;
* milliseconds of each part of measuring a frame, and ours over the bare forward passes of the same networks. No other
  program for landmarks is installed to be compared with.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median

import psutil
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

from benchmarks.face_parts import Parts, measure_parts
from benchmarks.obedient import REACTION_S, ObedientCitizen
from benchmarks.sessions import QuickHall
from benchmarks.visits import Place, opens
from gateway.sandbox import HOPPER, sandbox_people
from kiosk.app.bootstrap import Terminal, build_terminal
from kiosk.app.memory import give_memory_back, overwrite_freed_memory
from kiosk.app.settings import TerminalSettings
from kiosk.app.system import end_on_defect
from kiosk.app.window import join_window
from kiosk.cli.demo.director import StuckError, Waiting
from kiosk.cli.demo.hall import HallError, Program
from kiosk.cli.demo.training import TrainingTerminal, set_up
from kiosk.domain.face import FaceAction
from kiosk.face.stages import Acting
from kiosk.flow.session_state import Serving
from kiosk.journeys.confirmation.stages import Confirmation
from kiosk.journeys.states import TerminalState
from kiosk.steps.capture_face import CaptureState, Watching
from ui.app import SOFTWARE, TerminalWindow

SESSIONS = 10
SECONDS_LIMIT = 20.0
RATE_LIMIT = 20.0
GAP_LIMIT_MS = 50.0
FACE_MIB_LIMIT = 350.0
MODELS = Path("var/models")
TICK_MS = 10
PANEL_MS = 16
SAMPLED_S = 0.5
FACE_PROCESS = "devices.face_analyser"
JUDGED_S = 100.0
ANOTHER_ACTION = "rows-0"
"""On the page that comes when an action was not done."""


@dataclass
class Watched:
    """One session at the camera: when the camera page came and the comparison ended, when each frame was measured, what
    was asked for, and where it stands."""

    began: float | None = None
    ended: float | None = None
    frames: list[float] = field(default_factory=list)
    asked: list[FaceAction] = field(default_factory=list)
    stage: str = ""

    @property
    def seconds(self) -> float:
        assert self.began is not None
        assert self.ended is not None
        return self.ended - self.began

    @property
    def story(self) -> str:
        asked = "+".join(action.value for action in self.asked) or "nothing"
        return f"{len(self.frames)} frames measured, asked {asked}, now {self.stage}"


@dataclass(frozen=True, slots=True)
class Served:
    """One whole session. ``gap_ms`` is the longest between two frames of the window, ``gap_page`` what was on then."""

    watched: Watched
    gap_ms: float
    gap_page: str


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB: resident, and the part of it that is neither a file's nor shared."""

    resident: float
    anonymous: float


class WatchedWindow(TerminalWindow):
    """Hears every state on the engine's thread before it is shown. ``citizen`` is told what is asked."""

    watched: Watched | None = None
    citizen: ObedientCitizen | None = None
    _last: object = None

    def publish(self, state: TerminalState) -> None:
        journey = state.phase.journey if isinstance(state.phase, Serving) else None
        stage = journey.stage if isinstance(journey, Confirmation) else None
        trace = stage.trace if isinstance(stage, Watching) else None
        asked = trace.stage if trace is not None and isinstance(trace.stage, Acting) else None
        if self.watched is not None:
            _note(self.watched, stage, time.monotonic(), seen=trace is not None and trace is not self._last)
            _note_asking(self.watched, asked)
            self.watched.stage = type(stage).__name__ if trace is None else str(trace.stage)
        self._last = trace
        if self.citizen is not None:
            self.citizen.show(asked)
        super().publish(state)


def _note(watched: Watched, stage: object, now: float, *, seen: bool) -> None:
    if isinstance(stage, CaptureState):
        watched.began = watched.began or now
    elif watched.began is not None:
        watched.ended = watched.ended or now
    if seen:
        watched.frames.append(now)


def _note_asking(watched: Watched, asked: Acting | None) -> None:
    if asked is not None and (not watched.asked or watched.asked[-1] is not asked.action):
        watched.asked.append(asked.action)


class QuietPlace(Place):
    """As ``Place``, but the hall is moved from another thread: the window's never waits for a simulator."""

    def __init__(self, window: TerminalWindow, terminal: Terminal, programs: dict[str, Program]) -> None:
        super().__init__(window, terminal, programs, lambda: None)
        self._hands = ThreadPoolExecutor(1)
        self._moves: list[Future[None]] = []

    def world(self, program: str, verb: str, **arguments: object) -> None:
        self._moves.append(self._hands.submit(super().world, program, verb, **arguments))

    def moved(self) -> None:
        """HallError when a simulator did not obey."""
        for move in self._moves:
            move.result(10)
        self._moves.clear()

    def close(self) -> None:
        self._hands.shutdown()


class MemorySampler:
    """Largest memory of each of the terminal's processes, by the module it runs, while it is on."""

    def __init__(self) -> None:
        self.most: dict[str, Memory] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(SAMPLED_S):
            for name, now in terminal_memory().items():
                before = self.most.get(name, now)
                self.most[name] = Memory(max(before.resident, now.resident), max(before.anonymous, now.anonymous))


def terminal_memory() -> dict[str, Memory]:
    """By module; of several processes of one module the largest. The terminal's own includes what this program is."""
    found = {"terminal": _memory(os.getpid())}
    for child in psutil.Process().children(recursive=True):
        try:
            module = next((word for word in child.cmdline() if word.startswith("devices.")), None)
            if module is not None:
                now = _memory(child.pid)
                found[module] = max(found.get(module, now), now, key=lambda memory: memory.resident)
        except (psutil.NoSuchProcess, OSError, KeyError):
            continue
    return found


def _memory(pid: int) -> Memory:
    """OSError or KeyError when the process has just ended."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    sizes = dict(line.split(":", 1) for line in lines)
    return Memory(*(int(sizes[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon")))


class Sessions:
    """A terminal with its window in the virtual hall, and the citizens who come to be confirmed."""

    def __init__(self, training: TrainingTerminal, settings: TerminalSettings, terminal: Terminal) -> None:
        self.window = WatchedWindow(site=settings.site, clock=terminal.clock)
        self._terminal = terminal
        self._place = QuietPlace(self.window, terminal, dict(training.programs))
        self._citizen = ObedientCitizen(training.programs["camera"])
        self.window.citizen = self._citizen
        self._swaps: list[float] = []
        self.window.watch_frames(self._swaps.append)
        self._panel = QTimer(interval=PANEL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._panel.timeout.connect(self.window.view.update)
        self._panel.start()
        join_window(self.window, settings, terminal)
        self.window.show()

    def serve(self, slug: str) -> Served:
        """StuckError when the citizen cannot go on."""
        place = self._place
        self._perform(place.until(lambda: opens(place), "the home page to open the service"))
        self._perform(place.until_page("home"))
        watched = self.window.watched = Watched()
        self._swaps.clear()
        pages = self._perform(self._visit(slug))
        self.window.watched = None
        place.moved()
        if self._citizen.trouble is not None:
            raise self._citizen.trouble
        gap, page = longest_gap(self._swaps, pages)
        return Served(watched, gap * 1000, page)

    def close(self) -> None:
        self._panel.stop()
        self.window.citizen = None
        self._citizen.close()
        self._place.close()
        self.window.close()
        self._terminal.close()

    def _visit(self, slug: str) -> Waiting:
        place = self._place
        place.world("camera", "person", portrait=HOPPER)
        yield from place.identify(slug)
        yield from place.until_page("review")
        yield from place.tap("primary")
        yield from place.until_page("capture")
        while place.page != "result":
            yield from self._judged()
            if place.page == "choices":
                yield from place.tap(ANOTHER_ACTION)
                yield from place.until_page("capture")
        yield from place.take()
        yield from place.skip_rating()
        yield from place.until_page("home")

    def _judged(self) -> Waiting:
        """Two tries with their positioning may last longer than anything else that is waited for."""
        deadline = time.monotonic() + JUDGED_S
        while self._place.page not in ("result", "choices"):
            if time.monotonic() > deadline:
                assert self.window.watched is not None
                raise StuckError(f"no judgement in {JUDGED_S:.0f} s: {self.window.watched.story}")
            yield
        yield from self._place.until_page("result", "choices")

    def _perform(self, waiting: Waiting) -> list[tuple[float, str]]:
        """Lets Qt's loop run meanwhile, as the terminal does. When each page came, by the terminal's clock."""
        pages: list[tuple[float, str]] = []
        loop, stuck = QEventLoop(), list[Exception]()

        def go_on() -> None:
            if not pages or pages[-1][1] != self._place.page:
                pages.append((self._terminal.clock.monotonic(), self._place.page))
            try:
                next(waiting)
            except StopIteration:
                loop.quit()
            except (StuckError, HallError) as problem:
                stuck.append(problem)
                loop.quit()

        ticker = QTimer(interval=TICK_MS)
        ticker.timeout.connect(go_on)
        ticker.start()
        loop.exec()
        ticker.stop()
        if stuck:
            raise stuck[0]
        return pages


def row(served: Served) -> str:
    asked = "+".join(action.value for action in served.watched.asked)
    return f"{served.watched.seconds:6.1f} s  gap {served.gap_ms:4.0f} ms on {served.gap_page:10} asked {asked}"


def longest_gap(swaps: Sequence[float], pages: Sequence[tuple[float, str]]) -> tuple[float, str]:
    """Seconds between the two of ``swaps`` that lie furthest apart, and the page that was on at the first of them."""
    gap, at = max(((after - before, before) for before, after in pairwise(swaps)), default=(float("inf"), 0.0))
    return gap, next((page for came, page in reversed(pages) if came <= at), pages[0][1] if pages else "")


def due_people() -> list[str]:
    """Slugs of those of the sandbox who can be confirmed with nothing more to say about them."""
    return [person.slug for person in sandbox_people(date.today()) if person.slug.partition("-")[0] == "due"]


def report(served: Sequence[Served], idle: dict[str, Memory], most: dict[str, Memory], parts: Parts) -> list[str]:
    """Prints everything; the limits that are broken."""
    seconds = [one.watched.seconds for one in served]
    rates = [(len(one.watched.frames) - 1) / (one.watched.frames[-1] - one.watched.frames[0]) for one in served]
    worst = max(served, key=lambda one: one.gap_ms)
    face = max((memory.resident for name, memory in most.items() if name.startswith(FACE_PROCESS)), default=0.0)
    print(f"at the camera: median {median(seconds):.1f} s, longest {max(seconds):.1f} s, limit {SECONDS_LIMIT:.0f} s")
    print(f"measured frames a second: median {median(rates):.1f}, least {min(rates):.1f}, limit {RATE_LIMIT:.0f}")
    print(f"longest gap of the window: {worst.gap_ms:.0f} ms on page {worst.gap_page}, limit {GAP_LIMIT_MS:.0f} ms")
    print("memory, MiB resident (anonymous)    idle          in sessions, most")
    for name in sorted({*idle, *most}):
        print(f"  {name:34}{_size(idle.get(name)):14}{_size(most.get(name))}")
    print(f"face process {face:.0f} MiB, limit {FACE_MIB_LIMIT:.0f} MiB")
    print(f"milliseconds of a thread: {_list(parts.ours)}; a frame {parts.observe:.1f}")
    print(f"bare networks: {_list(parts.bare)}; ours over them {parts.observe / parts.bare_frame:.2f}")
    kept = {
        "seconds at the camera": median(seconds) <= SECONDS_LIMIT,
        "frames a second": median(rates) >= RATE_LIMIT,
        "gap of the window": worst.gap_ms <= GAP_LIMIT_MS,
        "memory of the face process": 0 < face <= FACE_MIB_LIMIT,
    }
    return [what for what, good in kept.items() if not good]


def _size(memory: Memory | None) -> str:
    return "-" if memory is None else f"{memory.resident:.0f} ({memory.anonymous:.0f})"


def _list(parts: dict[str, float]) -> str:
    return ", ".join(f"{name} {ms:.1f}" for name, ms in parts.items())


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.face", description="Times sessions at the camera and the parts of measuring."
    )
    parser.add_argument("--sessions", type=int, default=SESSIONS, help=f"{SESSIONS} unless told")
    options = parser.parse_args()
    overwrite_freed_memory()
    parts = measure_parts(MODELS)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    end_on_defect()
    give_memory_back()
    with tempfile.TemporaryDirectory(prefix="kiosk-benchmark-") as folder, QuickHall(Path(folder)) as hall:
        state = Path(folder) / "terminal"
        state.mkdir()
        training = set_up(hall, Path(folder), MODELS.absolute(), state, {})
        application = QGuiApplication(sys.argv[:1])
        QQuickWindow.setSceneGraphBackend(SOFTWARE)
        terminal = build_terminal(training.settings)
        assert isinstance(terminal, Terminal), terminal
        sessions = Sessions(training, training.settings, terminal)
        print(f"the citizen begins {REACTION_S:g} s after the asking; papers printed at once", flush=True)
        try:
            served, idle, most = _serve_all(sessions, due_people()[: options.sessions + 1])
        except (StuckError, HallError, AssertionError) as problem:
            print(f"stuck: {problem}")
            return 1
        finally:
            sessions.close()
            del application
    broken = report(served, idle, most, parts)
    print(*(f"BROKEN {what}" for what in broken), "" if broken else "all limits kept", sep="\n")
    return 1 if broken else 0


def _serve_all(sessions: Sessions, slugs: Sequence[str]) -> tuple[list[Served], dict[str, Memory], dict[str, Memory]]:
    """One session nobody measures, then all that are; memory at idle between them, and the most of it."""
    sessions.serve(slugs[0])
    idle = terminal_memory()
    sampler = MemorySampler()
    served = []
    try:
        for slug in slugs[1:]:
            served.append(sessions.serve(slug))
            print(f"{slug:8}{row(served[-1])}", flush=True)
    finally:
        sampler.close()
    return served, idle, sampler.most


if __name__ == "__main__":
    raise SystemExit(main())
