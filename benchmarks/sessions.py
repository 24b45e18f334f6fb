"""What stays behind when one citizen after the other was served: memory, descriptors, threads, traces of people.

``python -m benchmarks.sessions --count 200`` runs real sessions in the virtual hall, offscreen unless told otherwise:
simulators as processes, the real window and its touches, drivers, face analyser, outbox and gateway. After every
session, home page on and nothing under way, it measures terminal and face analyser. The first 20 sessions may fill
caches; growth is the last ones' mean against that of the first ones after them, both without their outer quarters.
At the end every file the terminal wrote is searched for the people who were there.

Memory is what a process alone has written (private dirty pages and swap): pages of libraries come and go with other
processes that map them.
"""

import argparse
import ctypes
import gc
import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import psutil
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow
from PySide6.QtTest import QTest

from benchmarks.traces import Searched, search
from benchmarks.visits import PHONE, VISITS, WITH_FACE, Place, opens
from kiosk.app.bootstrap import Terminal, build_terminal
from kiosk.app.memory import give_memory_back, overwrite_freed_memory
from kiosk.app.settings import TerminalSettings
from kiosk.app.system import end_on_defect
from kiosk.app.window import join_window
from kiosk.cli.demo.director import StuckError, Waiting
from kiosk.cli.demo.hall import Hall, HallError, Program
from kiosk.cli.demo.training import TrainingTerminal, set_up
from kiosk.flow.session_state import SessionTimes
from ui.app import SOFTWARE, TerminalWindow

COUNT = 200
WARM_UP = 20
WINDOW = 20
LIMIT = 0.02
TICK_MS = 10
SHOWN_EVERY = 10
MODELS = Path("var/models")
TIMES = SessionTimes(idle_s=5.0, countdown_s=1.0)
DELIVERY = {"first_delay_s": 0.3, "backoff_s": 1.0, "start_window_s": 1.0}
PORT_CALL = "port-call"
ANALYSER = "devices.face_analyser"
NOT_THE_TERMINALS = ("gateway.sqlite*", "gateway-key*")
"""What the gateway keeps beside the terminal's files; its registration is the terminal's to read."""


@dataclass(frozen=True, slots=True)
class Held:
    """What processes hold: MiB of their own, open descriptors, threads."""

    memory: float
    descriptors: int
    threads: int


@dataclass(frozen=True, slots=True)
class Sample:
    """After the session of this number, counted from 1, which took so many seconds."""

    number: int
    visit: str
    seconds: float
    terminal: Held
    analyser: Held


@dataclass(frozen=True, slots=True)
class Growth:
    """``share`` is that of the last sessions over the first ones that count; ``more`` the same in units."""

    what: str
    first: float
    last: float

    @property
    def more(self) -> float:
        return self.last - self.first

    @property
    def share(self) -> float:
        return self.more / self.first

    @property
    def within_limit(self) -> bool:
        """Descriptors and threads are few: half a one more is one that some sessions leave."""
        return self.share <= LIMIT if self.what.endswith("MiB") else self.more < 0.5


class QuickHall(Hall):
    """As ``Hall``, but papers come out of the printer at once."""

    def start(self, name: str, *arguments: str) -> Program:
        return super().start(name, *arguments, *(("--speed", "0") if name == "printer" else ()))


class Sessions:
    """A terminal with its window in the virtual hall, and the citizens who come to it."""

    def __init__(self, training: TrainingTerminal, settings: TerminalSettings, terminal: Terminal) -> None:
        self._renewed = ExitStack()
        self._training = training
        self._window = TerminalWindow(site=settings.site, clock=terminal.clock)
        self._terminal = terminal
        self.searched: list[Searched] = []
        self._state = settings.storage.path.parent
        self._place = Place(self._window, terminal, dict(training.programs), self._search_waiting)
        join_window(self._window, settings, terminal)
        self._window.show()

    def run(self, count: int, shown: int) -> list[Sample]:
        """Prints every so many sessions. StuckError when a citizen cannot go on."""
        samples = []
        for number in range(1, count + 1):
            visit = VISITS[(number - 1) % len(VISITS)]
            if visit is VISITS[0] and number > 1:
                self._renew_roster()
            self._place.timeline.clear()
            began = time.monotonic()
            self._perform(self._come_and_go(visit(self._place)))
            seconds = time.monotonic() - began
            samples.append(Sample(number, visit.__name__, seconds, *self._measure()))
            if number == 1 or number % shown == 0:
                print(row(samples[-1]), flush=True)
        return samples

    @property
    def timeline(self) -> list[str]:
        return self._place.timeline

    def close(self) -> None:
        self._window.close()
        self._terminal.close()
        self._renewed.close()

    def search(self) -> Searched:
        return search(self._state, NOT_THE_TERMINALS, tuple(self._place.people.values()), (PHONE,))

    def _search_waiting(self) -> None:
        self.searched.append(self.search())

    def _perform(self, visit: Waiting) -> None:
        place, page = self._place, ""
        for _ in visit:
            if place.page != page:
                page = place.page
                place.timeline.append(f"{time.monotonic():.1f} s  page {page}")
            QTest.qWait(TICK_MS)

    def _come_and_go(self, visit: Waiting) -> Waiting:
        place, outbox = self._place, self._terminal.ports.outbox
        yield from place.until(lambda: opens(place), "the home page to open the service")
        yield from place.until_page("home")
        yield from visit
        yield from place.until_page("home")
        yield from place.until(lambda: opens(place), "the home page to open the service again")
        yield from place.until(lambda: outbox.waiting() == 0, "delivery of every record")
        yield from place.until(_idle, "the end of every call of a device")

    def _measure(self) -> tuple[Held, Held]:
        """The face process of the session is gone; measured is the spare, its models loaded."""
        self._terminal.ports.face.status()
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        terminal = psutil.Process()
        analyser = [child for child in terminal.children() if any(ANALYSER in word for word in child.cmdline())]
        return held([terminal]), held(analyser)

    def _renew_roster(self) -> None:
        """The gateway starts afresh on its old address: those who were confirmed are due again. Of the gateway before
        no descriptor stays open here."""
        gateway = self._place.programs["gateway"]
        self._renewed.close()
        gateway.process.terminate()
        gateway.process.wait(30)
        for file in self._state.glob("gateway.sqlite*"):
            file.unlink()
        assert gateway.control is not None
        hall = self._renewed.enter_context(Hall(self._state.parent))
        self._place.programs["gateway"] = hall.start(
            "gateway",
            *("gateway", "--sandbox", "--port", gateway.address.rpartition(":")[2]),
            *("--database", str(self._state / "gateway.sqlite"), "--key", str(self._state / "gateway-key.pem")),
            *("--terminal", str(self._training.registration), "--portraits", str(MODELS / "portraits")),
            *("--control", gateway.control.rpartition(":")[2]),
        )


def held(processes: Sequence[psutil.Process]) -> Held:
    return Held(
        sum(_own_memory(process.pid) for process in processes),
        sum(process.num_fds() for process in processes),
        sum(process.num_threads() for process in processes),
    )


def growth(what: str, values: Sequence[float]) -> Growth:
    """``values`` one a session, at least ``WARM_UP`` and two more."""
    width = min(WINDOW, (len(values) - WARM_UP) // 2)
    return Growth(what, middle_mean(values[WARM_UP : WARM_UP + width]), middle_mean(values[-width:]))


def middle_mean(values: Sequence[float]) -> float:
    """Mean without the lowest and the highest quarter: one odd session does not count."""
    cut = len(values) // 4
    return fmean(sorted(values)[cut : len(values) - cut])


def row(sample: Sample) -> str:
    one, other = sample.terminal, sample.analyser
    return (
        f"{sample.number:7d}  {one.memory:8.1f} {one.descriptors:5d} {one.threads:5d}"
        f"  {other.memory:8.1f} {other.descriptors:5d} {other.threads:5d}  {sample.seconds:7.1f}  {sample.visit}"
    )


HEADING = """\
              terminal               face analyser
session       MiB   fds  thr.       MiB   fds  thr.  seconds  visit"""


def _own_memory(pid: int) -> float:
    """MiB that only this process has and wrote itself, whether in memory or swapped out."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    sizes = {name: int(rest[0]) for name, *rest in (line.replace(":", " ").split() for line in lines[1:])}
    return (sizes["Private_Dirty"] + sizes["Swap"]) / 1024


def _idle() -> bool:
    return not any(thread.name == PORT_CALL for thread in threading.enumerate())


def _growths(samples: Sequence[Sample]) -> list[Growth]:
    return [
        growth("terminal MiB", [sample.terminal.memory for sample in samples]),
        growth("terminal descriptors", [sample.terminal.descriptors for sample in samples]),
        growth("terminal threads", [sample.terminal.threads for sample in samples]),
        growth("face analyser MiB", [sample.analyser.memory for sample in samples]),
        growth("face analyser descriptors", [sample.analyser.descriptors for sample in samples]),
        growth("face analyser threads", [sample.analyser.threads for sample in samples]),
    ]


def _report(samples: Sequence[Sample], seconds: float, waiting: Sequence[Searched], end: Searched) -> bool:
    with_face = sum(sample.visit in WITH_FACE for sample in samples)
    print(f"{len(samples)} sessions, {with_face} with a face, {seconds / len(samples):.1f} s each")
    growths = _growths(samples)
    for item in growths:
        verdict = "" if item.within_limit else "  GROWN"
        print(f"{item.what:26} {item.first:8.1f} -> {item.last:8.1f}  {item.share:+7.2%}{verdict}")
    print(f"limits: memory {LIMIT:.0%}, descriptors and threads none more")
    proven = any(one.sealed_case for one in waiting)
    traces = sorted({trace for one in (*waiting, end) for trace in one.traces})
    print(
        f"searched {end.files} files, {end.size} bytes at the end, and {len(waiting)} times while a case waited in them"
        f" ({max(one.size for one in waiting)} bytes): {'; '.join(traces) or 'no trace of anybody'}"
    )
    if not proven:
        print("no sealed case lay in the files: the search proves nothing")
    return all(item.within_limit for item in growths) and proven and not traces


def _move_in(state: Path) -> None:
    """From now on whatever this process or the analyser writes anywhere of its own accord lies below ``state``."""
    for variable, name in (("HOME", "home"), ("XDG_CACHE_HOME", "cache"), ("TMPDIR", "scratch")):
        (state / name).mkdir()
        os.environ[variable] = str(state / name)
    tempfile.tempdir = str(state / "scratch")


def _settings(training: TrainingTerminal, state: Path) -> TerminalSettings:
    return training.settings.model_copy(update={"log": state / "terminal.log", "times": TIMES})


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sessions", description="Serves citizens in a row and measures what stays behind."
    )
    parser.add_argument("--count", type=int, default=COUNT, help=f"sessions, {COUNT} unless told, at least 40")
    parser.add_argument("--every", type=int, default=SHOWN_EVERY, help=f"sessions to a line, {SHOWN_EVERY} unless told")
    options = parser.parse_args()
    overwrite_freed_memory()
    count = max(40, options.count)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    end_on_defect()
    give_memory_back()
    with tempfile.TemporaryDirectory(prefix="kiosk-benchmark-") as folder, QuickHall(Path(folder)) as hall:
        state = Path(folder) / "terminal"
        state.mkdir()
        training = set_up(hall, Path(folder), MODELS.absolute(), state, DELIVERY)
        _move_in(state)
        application = QGuiApplication(sys.argv[:1])
        QQuickWindow.setSceneGraphBackend(SOFTWARE)
        settings = _settings(training, state)
        terminal = build_terminal(settings)
        assert isinstance(terminal, Terminal), terminal
        sessions = Sessions(training, settings, terminal)
        print(
            f"shortened waiting times: {TIMES.idle_s:g} s without a touch, {TIMES.countdown_s:g} s of countdown, "
            f"{', '.join(f'{k} {v:g} s' for k, v in DELIVERY.items())}, papers printed at once"
        )
        print(HEADING)
        began = time.monotonic()
        try:
            samples = sessions.run(count, options.every)
        except (StuckError, HallError, AssertionError) as problem:
            print(*sessions.timeline, sep="\n")
            print(f"stuck: {problem}")
            return 1
        finally:
            sessions.close()
            del application
        seconds = time.monotonic() - began
        return 0 if _report(samples, seconds, sessions.searched, sessions.search()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
