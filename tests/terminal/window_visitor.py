"""A citizen at the running terminal's window, and whoever seizes the machine meanwhile.

The terminal is ``tests.terminal.touched_terminal`` in a process of its own, with every process it starts.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from devices.camera.mjpeg.link import Link, dial
from devices.camera.mjpeg.multipart import PartReader
from gateway.sandbox import HOPPER, SandboxPerson
from kiosk.cli.demo.obeying import ObeyingHead
from kiosk.cli.demo.training import TrainingTerminal, card_fields
from kiosk.cli.hall import settings_text
from kiosk.domain.china_time import CHINA
from kiosk.domain.face import FaceAction
from tests.terminal.memory_scan import MemoryClosedError, Snapshot, snapshot, stopped
from tests.terminal.traces import Needles

PATIENCE_S = 60.0
LOOK_S = 0.05

SAMPLED = 8
"""Frames that are looked for: while the camera is on, so many before a moment and after it, for either side may be late
on a busy machine; and so many out of the whole session when it is over."""

NOT_THE_TERMINALS = ("gateway.sqlite*", "gateway-key*")
"""What the gateway keeps beside the terminal's files."""

Told = dict[str, Any]


class Watcher:
    """Sees every picture the camera sends, as the terminal does."""

    def __init__(self, url: str) -> None:
        link = dial(url, PATIENCE_S)
        assert isinstance(link, Link), link
        self._link = link
        self.pictures: list[bytes] = []
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._link.hang_up()
        self._thread.join()
        self._link.close()

    def _look(self) -> None:
        reader = PartReader(self._link.boundary, 1 << 20)
        while isinstance(data := self._link.read(), bytes):
            parts = reader.feed(data)
            assert isinstance(parts, list), parts
            self.pictures += parts


@contextmanager
def watching(url: str) -> Iterator[Watcher]:
    watcher = Watcher(url)
    try:
        yield watcher
    finally:
        watcher.close()


@dataclass
class TouchedTerminal:
    """The running terminal: its process, what it tells, and the hall it stands in."""

    process: subprocess.Popen[str]
    training: TrainingTerminal
    told: "queue.SimpleQueue[Told | None]" = field(default_factory=queue.SimpleQueue)
    last: Told = field(default_factory=dict)
    head: ObeyingHead = field(init=False)

    def __post_init__(self) -> None:
        self.head = ObeyingHead(partial(self.world, "camera"))

    def touch(self, control: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(control + "\n")
        self.process.stdin.flush()

    def world(self, program: str, verb: str, **arguments: object) -> None:
        self.training.programs[program].do(verb, **arguments)

    def begins(self) -> None:
        """From the home page to the page that asks for the card."""
        self.until(open=True)
        self.touch("service")
        self.touch("primary")
        self.until(page="read_card")

    def lays_card(self, person: SandboxPerson) -> None:
        card = card_fields(person.document(datetime.now(CHINA).date()))
        self.world("card-reader", "insert-card", **card, portrait=HOPPER)

    def leaves(self) -> None:
        """From the result to the home page, with paper and card."""
        self.touch("primary")
        self.until(page="take")
        self.world("card-reader", "remove-card")
        self.touch("primary")
        self.until(page="rating")
        self.touch("right")
        self.until(page="home", open=True)

    def until(self, **words: object) -> Told:
        """Until it tells so; on the way the citizen does what he is asked to do."""
        deadline = time.monotonic() + PATIENCE_S
        while not words.items() <= self.last.items():
            assert time.monotonic() < deadline, f"never told {words}, last {self.last}"
            with contextlib.suppress(queue.Empty):
                told = self.told.get(timeout=LOOK_S)
                assert told is not None, f"ended before it told {words}"
                self.last = told
            asked, dot = self.last.get("action"), self.last.get("dot")
            self.head.see(FaceAction(asked) if asked else None, tuple(dot) if dot else None, time.monotonic())
        return self.last


@contextmanager
def running(training: TrainingTerminal, state: Path, **environment: str) -> Iterator[TouchedTerminal]:
    """Whatever it writes of its own accord lies in its folder too, and what it says of trouble."""
    config = state.parent / "terminal.toml"
    config.write_text(settings_text(training.settings), encoding="utf-8")
    scratch = {name: str(state) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME")}
    with (
        (state / "terminal.err").open("wb") as trouble,
        subprocess.Popen(
            [sys.executable, "-m", "tests.terminal.touched_terminal", str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=trouble,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, **scratch, **environment},
        ) as process,
    ):
        terminal = TouchedTerminal(process, training)
        listener = threading.Thread(target=_listen, args=(terminal,))
        listener.start()
        try:
            yield terminal
        finally:
            process.kill()
            listener.join()


def _listen(terminal: TouchedTerminal) -> None:
    assert terminal.process.stdout is not None
    for line in terminal.process.stdout:
        terminal.told.put(json.loads(line))
    terminal.told.put(None)


@dataclass(frozen=True, slots=True)
class Seized:
    """Everything of the terminal at one moment: the memory of each of its processes, its files by name, and what came
    from the camera about then."""

    memory: list[Snapshot]
    files: dict[str, bytes]
    pictures: list[bytes]

    def memory_with(self, needles: Needles) -> dict[str, dict[str, list[str]]]:
        """By program: what is found, and in which regions."""
        return {one.program: found for one in self.memory if (found := one.holding(needles))}

    def files_with(self, needles: Needles) -> dict[str, list[str]]:
        """By file: what is found."""
        found = {
            name: [what for what, several in needles.items() if any(needle in content for needle in several)]
            for name, content in self.files.items()
        }
        return {name: what for name, what in found.items() if what}


def seized(terminal: TouchedTerminal, watcher: Watcher) -> Seized:
    with stopped(terminal.process.pid) as family:
        moment = len(watcher.pictures)
        try:
            memory = [snapshot(process) for process in family]
        except MemoryClosedError as closed:
            pytest.fail(str(closed))
        files = _files(terminal.training.settings.storage.path.parent)
        return Seized(memory, files, watcher.pictures[max(0, moment - SAMPLED) : moment + SAMPLED])


def _files(folder: Path) -> dict[str, bytes]:
    files = {file for file in folder.rglob("*") if file.is_file()}
    files -= {file for pattern in NOT_THE_TERMINALS for file in folder.rglob(pattern)}
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}
