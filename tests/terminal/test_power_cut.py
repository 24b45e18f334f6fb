"""The power fails in the middle of a session: nothing personal stays, nothing accepted is lost, nothing comes twice."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks.traces import Searched, search
from gateway.sandbox import sandbox_people
from kiosk.audit.log import first_break
from kiosk.cli.demo.evidence import gateway_records
from kiosk.cli.demo.hall import Hall
from kiosk.cli.demo.obeying import ObeyingHead
from kiosk.cli.demo.training import TrainingTerminal, set_up
from kiosk.cli.hall import settings_text
from kiosk.domain.case import Outcome
from kiosk.domain.china_time import CHINA
from kiosk.domain.face import FaceAction
from kiosk.flow.session_state import SessionTimes
from tests.terminal.power_cut_engine import PRINTED

MODELS = Path(__file__).parents[2] / "var" / "models"
NOT_THE_TERMINALS = ("gateway.sqlite*", "gateway-key*")
"""What the gateway keeps beside the terminal's files."""

PATIENCE_S = 60.0
Told = dict[str, Any]


@dataclass
class Engine:
    """A running engine process, and what it tells."""

    process: subprocess.Popen[str]
    told: "queue.SimpleQueue[Told | None]"

    def press(self, button: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(button + "\n")
        self.process.stdin.flush()

    def next(self) -> Told | None:
        """What it tells next, None once its output has ended."""
        return self.told.get(timeout=PATIENCE_S)

    def until(self, **words: object) -> Told:
        told = self.next()
        while told is not None and not words.items() <= told.items():
            told = self.next()
        assert told is not None, f"ended before it told {words}"
        return told


@dataclass
class Place:
    """The hall, and the terminal's folder and settings, which outlive every process."""

    training: TrainingTerminal
    state: Path
    config: Path

    def world(self, program: str, verb: str, **arguments: object) -> None:
        self.training.programs[program].do(verb, **arguments)

    def lay_card(self, slug: str) -> None:
        today = datetime.now(CHINA).date()
        person = next(person for person in sandbox_people(today) if person.slug == slug)
        document = person.document(today)
        self.world(
            "card-reader",
            "insert-card",
            name=document.name.value,
            sex=document.sex.value,
            ethnicity=document.ethnicity_code,
            birth=f"{document.birth_date:%Y%m%d}",
            address=document.address,
            number=document.number.value,
            authority=document.authority,
            valid_from=f"{document.valid_from:%Y%m%d}",
            valid_to="长期",
            portrait="hopper",
        )

    @contextmanager
    def engine(self, killed_at: str | None = None) -> Iterator[Engine]:
        """Whatever it writes of its own accord lies in the terminal's folder too."""
        scratch = {name: str(self.state) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME")}
        command = [sys.executable, "-m", "tests.terminal.power_cut_engine", str(self.config)]
        with subprocess.Popen(
            command + ([] if killed_at is None else [killed_at]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, **scratch},
        ) as process:
            told: queue.SimpleQueue[Told | None] = queue.SimpleQueue()
            listener = threading.Thread(target=_listen, args=(process, told))
            listener.start()
            try:
                yield Engine(process, told)
            finally:
                process.kill()
                listener.join()

    def serve_until_cut(self, slug: str, killed_at: str, before_capture: Callable[[], None] = lambda: None) -> None:
        """A citizen comes and does what is asked until the process is gone."""
        with self.engine(killed_at) as engine:
            engine.until(open=True)
            engine.press("START")
            engine.press("AGREE")
            self.lay_card(slug)
            head = ObeyingHead(partial(self.world, "camera"))
            while (told := engine.next()) is not None:
                match told["stage"]:
                    case "ReviewingStatus":
                        before_capture()
                        engine.press("CONFIRM_SELF")
                    case "OfferingOffline":
                        engine.press("ACCEPT_OFFLINE")
                action, dot = told["action"], told["dot"]
                head.see(FaceAction(action) if action else None, tuple(dot) if dot else None, time.monotonic())
            assert engine.process.wait(PATIENCE_S) == -signal.SIGKILL
        self.world("card-reader", "remove-card")

    def starts_anew(self) -> None:
        """The home page and nobody served; the service opens; what waited is delivered; nobody is left behind in it."""
        with self.engine() as engine:
            told = engine.until(open=True, waiting=0)
            assert (told["stage"], told["session"]) == (None, 0)
            engine.press("START")
            engine.until(stage="ReadingNotice", session=1)
        assert first_break(self.state / "terminal.log") is None

    def traces(self) -> tuple[str, ...]:
        found = self._search()
        assert found.files >= 3, "the terminal's files were not found"
        return found.traces

    def holds_a_sealed_case(self) -> bool:
        return self._search().sealed_case

    def _search(self) -> Searched:
        return search(self.state, NOT_THE_TERMINALS, sandbox_people(datetime.now(CHINA).date()), ())

    def new_records(self, before: dict[str, Told]) -> list[tuple[int, str]]:
        """How many and of what outcome, for every receipt that came since ``before``."""
        return [(told["records"], told["outcome"]) for receipt, told in self.records().items() if receipt not in before]

    def records(self) -> dict[str, Told]:
        return gateway_records(self.training.gateway.address)


def _listen(process: subprocess.Popen[str], told: "queue.SimpleQueue[Told | None]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        told.put(json.loads(line))
    told.put(None)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("power-cut")
    state = folder / "terminal"
    state.mkdir()
    with Hall(folder) as hall:
        delivery = {"first_delay_s": 0.2, "backoff_s": 0.2, "start_window_s": 0.2, "lease_s": 2.0}
        training = set_up(hall, folder, MODELS, state, delivery)
        times = SessionTimes(health_s=0.5)
        settings = training.settings.model_copy(update={"log": state / "terminal.log", "times": times})
        config = folder / "terminal.toml"
        config.write_text(settings_text(settings), encoding="utf-8")
        training.programs["camera"].do("person", portrait="hopper")
        yield Place(training, state, config)


SLOW = pytest.mark.nightly


@pytest.mark.story("E-26")
@pytest.mark.parametrize(
    "step",
    [
        "AskingRoster",
        pytest.param("ReviewingStatus", marks=SLOW),
        pytest.param("Watching", marks=SLOW),
        pytest.param("Comparing", marks=SLOW),
    ],
)
def test_a_cut_before_the_case_is_accepted_leaves_nothing_of_it(place: Place, step: str) -> None:
    before = place.records()
    place.serve_until_cut("due", step)
    assert place.traces() == ()
    place.starts_anew()
    assert place.records() == before


@pytest.mark.story("E-26")
@pytest.mark.parametrize(
    ("step", "slug"),
    [
        ("Delivering", "due-2"),
        pytest.param("ShowingResult", "due-3", marks=SLOW),
        pytest.param(PRINTED, "due-4", marks=SLOW),
    ],
)
def test_a_cut_once_the_case_is_accepted_leaves_one_record_of_it(place: Place, step: str, slug: str) -> None:
    before = place.records()
    place.serve_until_cut(slug, step)
    assert place.traces() == ()
    place.starts_anew()
    assert place.new_records(before) == [(1, Outcome.PASSED.value)]


@pytest.mark.nightly
@pytest.mark.story("E-26")
@pytest.mark.parametrize(("step", "slug"), [("ShowingResult", "due-5"), (PRINTED, "due-6")])
def test_a_case_accepted_without_the_network_outlives_the_cut_sealed(place: Place, step: str, slug: str) -> None:
    before = place.records()
    place.world("link", "cut")
    place.serve_until_cut(slug, step)
    assert place.records() == before
    assert place.holds_a_sealed_case()
    assert place.traces() == ()
    place.world("link", "restore")
    place.starts_anew()
    assert place.new_records(before) == [(1, Outcome.PASSED.value)]
    assert [record["arrivals"] for receipt, record in place.records().items() if receipt not in before] == [1]


@pytest.mark.nightly
@pytest.mark.story("E-26")
def test_an_answer_lost_with_the_power_does_not_make_a_second_record(place: Place) -> None:
    """The hall has the case, the terminal never heard of it: it sends again and is told what it was told before."""
    before = place.records()
    place.serve_until_cut("due-7", PRINTED, lambda: place.world("link", "lose-answers"))
    assert place.new_records(before) == [(1, Outcome.PASSED.value)]
    place.world("link", "restore")
    place.starts_anew()
    assert place.new_records(before) == [(1, Outcome.PASSED.value)]
    assert [record["arrivals"] for receipt, record in place.records().items() if receipt not in before] > [1]
