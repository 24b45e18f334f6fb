"""What a citizen showed the terminal is in no process of it and in no file of it once his session is over.

One passed session at the real window, in processes of its own. While he stands before the camera everything is found
where it must be; after the wipe nothing is, anywhere.
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
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from devices.camera.mjpeg.link import Link, dial
from devices.camera.mjpeg.multipart import PartReader
from devices.face_analyser.embedded.analysis import Analysis
from devices.photo_decoder.training.driver import TrainingPhotoDecoder
from gateway.sandbox import HOPPER, SandboxPerson, sandbox_people
from kiosk.cli.demo.hall import Hall
from kiosk.cli.demo.obeying import ObeyingHead
from kiosk.cli.demo.training import TrainingTerminal, card_fields, set_up
from kiosk.cli.hall import settings_text
from kiosk.domain.face import FaceAction
from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.picture import Picture
from simulators.card_reader.photo import chip_photo
from tests.devices.face_analyser.pictures import chip_image, require_models
from tests.terminal.memory_scan import MemoryClosedError, Snapshot, snapshot, stopped

PATIENCE_S = 60.0
LOOK_S = 0.05
ROW, LEFT, RIGHT = 240, 290, 340
"""A piece of a frame in the middle of the face."""

SAMPLED = 8
"""Frames that are looked for: the last ones while the camera is on, and as many out of the whole session after it."""

NOT_THE_TERMINALS = ("gateway.sqlite*", "gateway-key*")
"""What the gateway keeps beside the terminal's files."""

TERMINAL = "tests.terminal.touched_terminal"
CAMERA, FACE = "devices.camera.hosted.worker", "devices.face_analyser.embedded.worker"

EXPECTED = {
    TERMINAL: {"number", "name", "address", "chip picture", "frame", "frame, mirrored"},
    CAMERA: {"frame", "jpeg"},
    FACE: {"embedding", "frame"},
}
"""What must be found where while he stands before the camera."""

Told = dict[str, Any]
Needles = dict[str, list[bytes]]
Image = npt.NDArray[np.uint8]


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


def needles_of(pictures: list[bytes]) -> Needles:
    """A piece of each picture: as the camera sends it, as it is decoded, as it is painted."""
    images = [np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)) for jpeg in pictures]
    patches = [image[ROW, LEFT:RIGHT] for image in images]
    return {
        "jpeg": [jpeg[len(jpeg) // 2 :][:64] for jpeg in pictures],
        "frame": [patch.tobytes() for patch in patches],
        "frame, mirrored": [mirrored(patch) for patch in patches],
    }


def mirrored(patch: Image) -> bytes:
    """As Qt keeps it: four bytes a pixel, the fourth full."""
    return np.pad(patch[::-1], ((0, 0), (0, 1)), constant_values=255).tobytes()


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
def running(training: TrainingTerminal, state: Path) -> Iterator[TouchedTerminal]:
    """Whatever it writes of its own accord lies in its folder too."""
    config = state.parent / "terminal.toml"
    config.write_text(settings_text(training.settings), encoding="utf-8")
    scratch = {name: str(state) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME")}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.terminal.touched_terminal", str(config)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, **scratch},
    ) as process:
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


def told_of(person: SandboxPerson) -> Needles:
    """What says who he is, as programs write it."""
    name, number, address = person.name.value, person.number.value, person.address
    return {
        "number": [number.encode("ascii"), number.encode("utf-16-le")],
        "name": [name.encode(encoding) for encoding in ("utf-8", "utf-16-le", "gb18030")],
        "address": [address.encode(encoding) for encoding in ("utf-8", "utf-16-le", "gb18030")],
    }


def shown_by_card() -> Needles:
    """The picture on his chip, and what the analyser makes of it."""
    photo = chip_photo(chip_image(HOPPER))
    picture = TrainingPhotoDecoder().decode(ChipPhoto(photo))
    assert isinstance(picture, Picture)
    pixels = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width, 3)
    embedding = Analysis(require_models(), 0.5, 0.5, 5).portrait_embedding(pixels)
    assert embedding is not None
    return {
        "embedding": [embedding[:8].tobytes(), embedding[100:108].tobytes()],
        "chip picture": [pixels[63, 35:65].tobytes()],
        "chip record": [photo[200:264]],
    }


def seized(terminal: TouchedTerminal, watcher: Watcher) -> tuple[list[Snapshot], list[bytes]]:
    """What lies in the memory of every process of the terminal now, and the last pictures the camera sent until now."""
    with stopped(terminal.process.pid) as family:
        pictures = watcher.pictures[-SAMPLED:]
        try:
            return [snapshot(process) for process in family], pictures
        except MemoryClosedError as closed:
            pytest.fail(str(closed))


def files_with(needles: Needles, folder: Path) -> list[str]:
    files = {file for file in folder.rglob("*") if file.is_file()}
    files -= {file for pattern in NOT_THE_TERMINALS for file in folder.rglob(pattern)}
    assert len(files) >= 3, "the terminal's files were not found"
    every = [needle for several in needles.values() for needle in several]
    return [file.name for file in files if any(needle in file.read_bytes() for needle in every)]


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingTerminal]:
    folder = tmp_path_factory.mktemp("nothing-remains")
    state = folder / "terminal"
    state.mkdir()
    with Hall(folder) as hall:
        delivery = {"first_delay_s": 0.2, "start_window_s": 0.2}
        training = set_up(hall, folder, require_models(), state, delivery)
        settings = training.settings.model_copy(update={"log": state / "terminal.log"})
        yield replace(training, settings=settings)


def test_nothing_of_a_citizen_remains(training: TrainingTerminal) -> None:
    person = next(person for person in sandbox_people(date.today()) if person.slug == "due")
    card, state = told_of(person) | shown_by_card(), training.settings.storage.path.parent
    training.programs["camera"].do("person", portrait=HOPPER)
    with running(training, state) as terminal, watching(training.settings.camera.url) as watcher:
        terminal.until(open=True)
        terminal.touch("service")
        terminal.touch("primary")
        terminal.until(page="read_card")
        terminal.world("card-reader", "insert-card", **card_fields(person.document(date.today())), portrait=HOPPER)
        terminal.until(page="review")
        watcher.pictures.clear()
        terminal.touch("primary")
        terminal.until(page="capture", asked=True)
        during, pictures = seized(terminal, watcher)
        terminal.until(page="result")
        of_session = watcher.pictures[:: len(watcher.pictures) // SAMPLED]
        terminal.touch("primary")
        terminal.until(page="take")
        terminal.world("card-reader", "remove-card")
        terminal.touch("primary")
        terminal.until(page="rating")
        terminal.touch("right")
        terminal.until(page="home", open=True)
        after, _ = seized(terminal, watcher)
    held = {one.program: set(one.holding(card | needles_of(pictures))) for one in during}
    for program, what in EXPECTED.items():
        assert what <= held[program], f"even during the session {program} does not show {what - held[program]}"
    everything = card | needles_of(pictures + of_session)
    assert [(one.program, found) for one in after if (found := one.holding(everything))] == []
    assert set(EXPECTED) <= {one.program for one in after}
    assert files_with(everything, state) == []
