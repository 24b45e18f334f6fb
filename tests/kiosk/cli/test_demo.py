"""What the demo claims it must be able to deny, and nothing of it stays behind when it dies."""

import os
import select
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from gateway.sandbox import sandbox_people
from kiosk.cli.demo import evidence
from kiosk.cli.demo.command import delivered_once, nothing_personal
from kiosk.cli.demo.director import Director, Stage, StuckError
from kiosk.cli.demo.evidence import Findings
from kiosk.cli.demo.hall import Hall, HallError
from tests.offline_cache.parts import build
from tests.records import PHOTO, START, eligibility_case, register

GOOD = {"records": 1, "arrivals": 1, "decision": "PASSED"}
CLEAN = Findings(sealed_case=True, traces=())
PEOPLE = sandbox_people(START.date())


def test_a_case_that_came_once_and_passed_is_proven() -> None:
    assert delivered_once(GOOD).good


@pytest.mark.parametrize(
    "change", [{"records": 0, "arrivals": 0}, {"records": 2}, {"arrivals": 2}, {"decision": "PENDING"}]
)
def test_a_case_that_came_twice_or_not_is_not_proven(change: dict[str, object]) -> None:
    assert not delivered_once({**GOOD, **change}).good
    assert not delivered_once(None).good


def test_a_search_counts_only_while_a_case_lies_there() -> None:
    assert nothing_personal(CLEAN, Findings(False, ())).good
    assert not nothing_personal(None, CLEAN).good
    assert not nothing_personal(Findings(False, ()), CLEAN).good
    assert not nothing_personal(Findings(True, ("outbox: name",)), CLEAN).good
    assert not nothing_personal(CLEAN, Findings(False, ("log: number",))).good


def test_a_waiting_record_is_found_and_gives_nobody_away(tmp_path: Path) -> None:
    parts = build(register(tmp_path))
    case = eligibility_case(offline=True, crop=PHOTO)
    parts.outbox.put(case)
    storage = parts.storage.path
    assert evidence.search(sorted(storage.parent.glob(f"{storage.name}*")), PEOPLE) == CLEAN
    parts.delivery.run_due()
    assert evidence.search(sorted(storage.parent.glob(f"{storage.name}*")), PEOPLE) == Findings(False, ())
    parts.close()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030"])
def test_a_trace_is_found(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "file").write_bytes(b"\0" * 99 + PEOPLE[0].name.value.encode(encoding) + b"\xff")
    assert evidence.search([tmp_path / "file"], PEOPLE).traces == ("file: name",)


def _story(problem: Exception) -> Generator[None, None, None]:
    yield
    raise problem


@pytest.mark.parametrize("problem", [StuckError("no page"), HallError("no camera"), AssertionError("2 records wait")])
def test_whatever_goes_wrong_in_a_story_ends_the_run_with_its_words(qapp: object, problem: Exception) -> None:
    stage = cast("Stage", SimpleNamespace(note_page=lambda: None, case="network-cut", page="result"))
    director = Director(stage, _story(problem))
    director._tick()
    assert director.stuck is None
    director._tick()
    assert str(problem) in str(director.stuck)
    assert not director._timer.isActive()


def test_a_program_that_is_gone_is_a_word_of_the_hall(tmp_path: Path) -> None:
    with Hall(tmp_path) as hall:
        link = hall.start("link", "simulate", "link", "--to", "127.0.0.1:9")
        assert link.do("state") == {"whole": True, "delay_s": 0.0, "losing": False}
        with pytest.raises(HallError, match="link did not vanish"):
            link.do("vanish")
    with pytest.raises(HallError, match="link did not answer to cut"):
        link.do("cut")


def test_the_hall_does_not_outlive_a_demo_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from kiosk.cli.demo.hall import Hall\n"
        "hall = Hall(Path(sys.argv[1]))\n"
        "print(hall.start('link', 'simulate', 'link', '--to', '127.0.0.1:9').process.pid, flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        simulator = os.pidfd_open(int(demo.stdout.readline()))
        try:
            ended = select.poll()
            ended.register(simulator, select.POLLIN)
            assert not ended.poll(0), "it runs while the demo does"
            demo.kill()
            assert ended.poll(30_000), "it ended with the demo"
        finally:
            os.close(simulator)
