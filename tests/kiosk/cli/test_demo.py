"""What the demo claims it must be able to deny, and nothing of it stays behind when it dies."""

import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

import kiosk
from gateway.sandbox import sandbox_people
from kiosk.app.settings import TerminalSettings, load_settings
from kiosk.cli.demo import evidence
from kiosk.cli.demo.command import vocabulary_of
from kiosk.cli.demo.director import Director, Stage, StuckError, Waiting
from kiosk.cli.demo.evidence import Findings, SessionRecord
from kiosk.cli.demo.hall import Hall, HallError
from kiosk.cli.demo.player import play_all
from kiosk.cli.demo.print_words import words_missing
from kiosk.cli.demo.proofs import Proof, Told, all_outcomes, as_written, not_as_written, nothing_personal
from kiosk.cli.demo.scenario import (
    PARTS,
    SCENARIOS,
    STEPS,
    ActStep,
    Arrived,
    PageStep,
    Scenario,
    ScenarioError,
    SearchStep,
    Title,
    Vocabulary,
    load_scenarios,
)
from kiosk.cli.demo.shorten import SHORTENED, Change, shorten
from kiosk.cli.demo.summary import Row, Summary, document, lines
from kiosk.cli.demo.training import set_up
from kiosk.domain.case import Outcome
from kiosk.flow.touches import Button, Pressed
from tests.offline_cache.parts import build
from tests.records import PHOTO, START, eligibility_case, register
from tests.story_summary import BRANCHES
from ui.view_models.home import HomeProps
from ui.view_models.page import Choice
from ui.view_models.pages import PAGE_NAMES

ROOT = Path(kiosk.__file__).parents[1]
MODELS = ROOT / "var" / "models"
GOLDEN = ROOT / "tests" / "golden" / "papers"
CLEAN = Findings(sealed_case=True, traces=())
PEOPLE = sandbox_people(START.date())
RECEIPT = "YL-20261120-0317-00042-M"
VOCABULARY = Vocabulary({"link": ("cut", "restore")}, ("home", "notice"), ("due", "overdue"))


CASE = Scenario(
    name="passed",
    title=Title(zh="当场通过", en="Passed on the spot"),
    covers=["E-09"],
    person="due",
    outcome=Outcome.PASSED,
    reason="finished",
    papers=1,
    alerts=["media-empty"],
    gateway=Arrived(outcome=Outcome.PASSED, basis="verified"),
    steps=[PageStep(page="home")],
)
SESSION = SessionRecord("PASSED", "finished", RECEIPT, 57_000, [("Watching", 4.7)])
RECORD = {"records": 1, "arrivals": 1, "outcome": "PASSED", "basis": "verified", "ratings": 0}
TOLD = Told([SESSION], ["media-empty"], 1, [RECEIPT], [], RECORD)


def test_a_case_that_ended_as_written_shows_no_difference() -> None:
    assert not_as_written(CASE, TOLD) == ()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (replace(TOLD, sessions=[]), "ended as: [] instead of"),
        (replace(TOLD, sessions=[SESSION, SESSION]), "ended as"),
        (replace(TOLD, sessions=[replace(SESSION, outcome="PENDING")]), "('PENDING', 'finished')"),
        (replace(TOLD, sessions=[replace(SESSION, reason="no-answer")]), "no-answer"),
        (replace(TOLD, alerts=[]), "alerts: [] instead of ['media-empty']"),
        (replace(TOLD, papers=0), "papers: 0 instead of 1"),
        (replace(TOLD, papers=2), "papers: 2 instead of 1"),
        (replace(TOLD, receipts=[]), f"no paper carries the signed code of {RECEIPT}"),
        (replace(TOLD, missing_words=["认证通过"]), "no paper says 认证通过"),
        (replace(TOLD, record=None), "the gateway holds: None"),
        (replace(TOLD, record={**RECORD, "records": 2}), "'records': 2"),
        (replace(TOLD, record={**RECORD, "arrivals": 2}), "'arrivals': 2"),
        (replace(TOLD, record={**RECORD, "outcome": "PENDING"}), "PENDING"),
        (replace(TOLD, record={**RECORD, "basis": "clock"}), "clock"),
        (replace(TOLD, trouble="step 3: waited"), "step 3: waited"),
    ],
)
def test_every_difference_is_told(told: Told, words: str) -> None:
    assert any(words in difference for difference in not_as_written(CASE, told))


def test_a_case_without_a_session_may_leave_nothing() -> None:
    closed = CASE.model_copy(update={"outcome": None, "reason": None, "papers": 0, "alerts": [], "gateway": None})
    assert not_as_written(closed, Told([], [], 0, [], [], None)) == ()
    assert not_as_written(closed, TOLD)


def test_the_run_is_good_only_if_every_case_is() -> None:
    assert as_written({"passed": (), "offline": ()}).good
    assert not as_written({"passed": (), "offline": ("papers: 0 instead of 1",)}).good
    assert "offline" in as_written({"offline": ("papers",)}).detail
    assert not as_written({}).good


def test_all_four_outcomes_are_asked_for() -> None:
    assert all_outcomes(["PASSED", "PENDING", "REFERRED", "CANCELLED", "PASSED"]).good
    assert not all_outcomes(["PASSED", "PENDING", "REFERRED"]).good


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
        assert link.do("state") == {"whole": True, "delay_s": 0.0, "losing": False, "harmed": 0}
        with pytest.raises(HallError, match="link did not vanish"):
            link.do("vanish")
    with pytest.raises(HallError, match="link did not cut: no answer"):
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


CASE_FILE = """
name = "{name}"
title = {{ zh = "案例", en = "A case" }}
person = "{person}"
outcome = "PASSED"
reason = "finished"
steps = [{steps}]
"""
STEP = '{ page = "home" }'


def written(folder: Path, text: str, name: str = "01.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ('{ shout = "help" }', "01.toml, step 2: must have one verb of hall, touch, page"),
        ('{ touch = "primary", page = "home" }', "step 2: must have one verb"),
        ('"touch"', "step 2: must have one verb"),
        ('{ page = "nowhere" }', "step 2: no page is called nowhere; there are home, notice"),
        ('{ hall = "lift", do = "up" }', "step 2: no program is called lift; there are link"),
        ('{ hall = "link", do = "tie" }', "step 2: no verb of link is called tie; there are cut, restore"),
        ('{ card = { of = "nobody" } }', "step 2: no person is called nobody; there are due, overdue"),
        ('{ card = { portait = "hopper" } }', "step 2: card.portait: Extra inputs are not permitted"),
        ('{ part = "agree" }', "step 2: no part is called agree"),
        ('{ type = "138-0000" }', "step 2: type: String should match pattern"),
        ('{ wait = "tea" }', "step 2: wait: Input should be 'open', 'closed', 'queued' or 'delivered'"),
        ('{ act = "as-asked", tries = 0 }', "step 2: tries: Input should be greater than or equal to 1"),
        ("{ expect = [] }", "step 2: expect: List should have at least 1 item"),
    ],
)
def test_a_step_that_cannot_be_played_is_told_by_its_place(tmp_path: Path, step: str, words: str) -> None:
    folder = written(tmp_path, CASE_FILE.format(name="a", person="due", steps=f"{STEP}, {step}"))
    with pytest.raises(ScenarioError) as told:
        load_scenarios(VOCABULARY, folder)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CASE_FILE.format(name="a", person="nobody", steps=STEP), "01.toml: no person is called nobody"),
        (CASE_FILE.format(name="A b", person="due", steps=STEP), "01.toml: name: String should match pattern"),
        (CASE_FILE.format(name="a", person="due", steps=""), "01.toml: steps: List should have at least 1 item"),
        (CASE_FILE.format(name="a", person="due", steps=STEP) + "paper = 1", "01.toml: paper: Extra inputs"),
        (CASE_FILE.format(name="a", person="due", steps=STEP) + 'covers = ["E-7"]', "01.toml: covers.0: String should"),
        (CASE_FILE.format(name="a", person="due", steps=STEP).replace("PASSED", "DONE"), "01.toml: outcome: Input"),
        (CASE_FILE.format(name="a", person="due", steps=STEP).replace('reason = "finished"', ""), "go together"),
        ('steps = "home"', "01.toml: steps must be a list"),
        ("name = ", "01.toml: Invalid value"),
    ],
)
def test_a_case_that_cannot_be_played_is_told_by_its_file(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ScenarioError) as told:
        load_scenarios(VOCABULARY, written(tmp_path, text))
    assert words in str(told.value)


def test_two_cases_of_one_name_are_told(tmp_path: Path) -> None:
    for file in ("01.toml", "02.toml"):
        written(tmp_path, CASE_FILE.format(name="a", person="due", steps=STEP), file)
    with pytest.raises(ScenarioError, match="two cases are called a"):
        load_scenarios(VOCABULARY, tmp_path)


def test_parts_are_put_in_their_place(tmp_path: Path) -> None:
    written(tmp_path, 'go = [{ page = "notice" }]\nboth = [{ part = "go" }, { page = "home" }]', "parts.toml")
    written(tmp_path, CASE_FILE.format(name="a", person="due", steps='{ part = "both" }, { part = "go" }'))
    (case,) = load_scenarios(VOCABULARY, tmp_path)
    assert case.steps == [PageStep(page="notice"), PageStep(page="home"), PageStep(page="notice")]


def test_a_part_uses_only_those_above_it(tmp_path: Path) -> None:
    folder = written(tmp_path, 'both = [{ part = "go" }]\ngo = [{ page = "home" }]', "parts.toml")
    with pytest.raises(ScenarioError, match=re.escape("parts.toml, both, step 1: no part is called go")):
        load_scenarios(VOCABULARY, folder)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, ...]:
    """The scenarios of the house, read with the verbs of the programs that run."""
    folder = tmp_path_factory.mktemp("hall")
    with Hall(folder) as hall:
        return load_scenarios(vocabulary_of(set_up(hall, folder, MODELS, folder, {})))


def test_the_shipped_scenarios_show_enough(shipped: tuple[Scenario, ...]) -> None:
    assert len(shipped) >= 18
    assert {case.outcome for case in shipped} == {*Outcome, None}
    covered = {code for case in shipped for code in case.covers}
    assert {
        f"E-{number:02}" for number in (3, 6, 7, 9, 12, 13, 14, 16, 17, 20, 22, 23, 24, 25, 27, 28, 29, 32)
    } <= covered
    assert covered <= set(BRANCHES)
    assert sum(any(isinstance(step, SearchStep) for step in case.steps) for case in shipped) == 1


def test_nobody_of_the_sandbox_is_confirmed_twice(shipped: tuple[Scenario, ...]) -> None:
    """Who passed, or was taken for a photo, is another case afterwards."""
    faces = [case.person for case in shipped if any(isinstance(step, ActStep) for step in case.steps)]
    assert len(faces) == len(set(faces))


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ("passed_80.png", ["认证通过", "认证方式", "自助终端人脸比对"]),
        ("pending_80.png", ["已受理，待联网审核"]),
        ("referred_80.png", ["转人工", "照片年代较久，需人工核对"]),
    ],
)
def test_words_are_read_off_a_paper(qapp: object, paper: str, words: list[str]) -> None:
    picture = GOLDEN / paper
    assert words_missing((picture,), words) == ()
    assert words_missing((GOLDEN / "ways_80.png", picture), words) == ()
    assert words_missing((GOLDEN / "ways_80.png",), words) == tuple(words)
    assert words_missing((), words) == tuple(words)


def example_settings() -> TerminalSettings:
    settings = load_settings(ROOT / "docs" / "terminal.example.toml")
    assert isinstance(settings, TerminalSettings)
    return settings


def test_waiting_times_are_shortened_by_settings_and_told() -> None:
    settings = example_settings()
    short, changes = shorten(settings, {"times.idle_s": 10.0, "storage.delivery.backoff_s": 1.0})
    assert short.times == replace(settings.times, idle_s=10.0)
    assert short.storage.delivery.backoff_s == 1.0
    assert short.model_copy(update={"times": settings.times, "storage": settings.storage}) == settings
    assert changes == (Change("times.idle_s", 60.0, 10.0), Change("storage.delivery.backoff_s", 5.0, 1.0))


def test_every_shortened_setting_becomes_shorter() -> None:
    _, changes = shorten(example_settings(), SHORTENED)
    assert all(change.here < change.usual for change in changes)


def test_the_summary_tells_every_case_in_both_languages() -> None:
    good = Row(CASE, SESSION, ("media-empty",), ("paper-001.png",), RECORD, 9.81, ())
    closed = CASE.model_copy(update={"name": "clock-wrong", "covers": [], "outcome": None, "reason": None})
    bad = Row(closed, None, (), (), None, 4.0, ("alerts: [] instead of ['media-empty']",))
    summary = Summary((good, bad), (Proof("log", True, "whole"),), (Change("times.idle_s", 60, 10),), 271.4, ("0.1 s",))
    assert lines(summary) == [
        "    案例 case          结果 outcome          原因 reason                          秒 s   单据 papers",
        " 1  passed             通过 PASSED           finished                             9.8    1",
        "    当场通过 Passed on the spot (E-09)",
        " 2  clock-wrong        未开办 -              -                                    4.0    0            WRONG",
        "    当场通过 Passed on the spot",
        "    ! alerts: [] instead of ['media-empty']",
        "",
        "ok    log: whole",
        "",
        "缩短的等待时间 waiting times shortened:",
        "  times.idle_s: 60 → 10",
        "总用时 total: 271 s，2 个案例 cases",
    ]
    told = document(summary)
    assert json.loads(json.dumps(told)) == told
    assert told["cases"][0] | {"steps": []} == {
        "name": "passed",
        "title": {"zh": "当场通过", "en": "Passed on the spot"},
        "covers": ["E-09"],
        "outcome": "PASSED",
        "reason": "finished",
        "receipt": RECEIPT,
        "alerts": ["media-empty"],
        "papers": ["paper-001.png"],
        "gateway": RECORD,
        "seconds": 9.8,
        "steps": [],
        "bytes_printed": 57_000,
        "not_as_written": [],
    }
    assert told["cases"][1]["outcome"] is None
    assert told["total_s"] == 271.4


def test_the_page_of_the_format_tells_every_case_and_every_step(shipped: tuple[Scenario, ...]) -> None:
    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    ends = {case.name: f"{case.outcome.value}, {case.reason}" if case.outcome else "no session" for case in shipped}
    for case in shipped:
        assert re.search(rf"^\| `{case.name}` \| {case.title.zh} \| .* \| {ends[case.name]}", page, re.MULTILINE)
    assert set(re.findall(r"^\| `([a-z]+)` \|", page, re.MULTILINE)) >= set(STEPS)


def test_the_example_on_the_page_can_be_played(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    written(tmp_path, (SCENARIOS / PARTS).read_text(encoding="utf-8"), PARTS)
    programs = {"printer": ("paper-out", "paper-in"), "camera": ("person",), "card-reader": ("remove-card",)}
    (case,) = load_scenarios(Vocabulary(programs, PAGE_NAMES, ("due-7",)), written(tmp_path, example))
    assert case.covers == ["E-23"]


def test_the_log_tells_a_session_with_its_number_and_its_alerts() -> None:
    log: list[dict[str, Any]] = [
        {"at": "2026-11-20T10:00:00+08:00", "event": "session-started"},
        {"at": "2026-11-20T10:00:00+08:00", "event": "step-entered", "step": "Comparing"},
        {"at": "2026-11-20T10:00:02+08:00", "event": "record-queued", "receipt": RECEIPT},
        {"at": "2026-11-20T10:00:03+08:00", "event": "staff-alerted", "reason": "media-empty"},
        {"at": "2026-11-20T10:00:04+08:00", "event": "print-finished", "receipt": RECEIPT, "figures": {"bytes": 9}},
        {"at": "2026-11-20T10:00:05+08:00", "event": "session-ended", "outcome": "PASSED", "reason": "finished"},
        {"at": "2026-11-20T10:00:06+08:00", "event": "session-started"},
    ]
    (session,) = evidence.sessions(log)
    assert (session.outcome, session.reason, session.receipt) == ("PASSED", "finished", RECEIPT)
    assert (session.bytes_printed, session.steps) == (9, [("Comparing", 5.0)])
    assert evidence.alerts(log) == ("media-empty",)
    assert len(session.matching) == 1


class QuietStage:
    """A hall in which nothing ever happens: the page is home, and every control that is wanted is missing."""

    def __init__(self) -> None:
        self.ended: list[str | None] = []
        service = Choice("", Pressed(Button.START))
        self.window = SimpleNamespace(props=HomeProps(service=service))
        self.terminal = SimpleNamespace(ports=SimpleNamespace(outbox=SimpleNamespace(waiting=lambda: 0)))
        self.page = "home"

    def begin(self, scenario: Scenario) -> None:
        self.case = scenario.name

    def end(self, trouble: str | None) -> None:
        self.ended.append(trouble)

    def tell(self, words: str) -> None: ...

    def world(self, program: str, verb: str, **arguments: object) -> None: ...

    def until(self, met: Callable[[], bool], what: str) -> Waiting:
        if not met():
            raise StuckError(f"waited for {what}")
        yield

    def until_page(self, name: str) -> Waiting:
        yield from self.until(lambda: self.page == name, f"page {name}")


def test_a_case_that_gets_stuck_is_told_and_the_next_is_played() -> None:
    stage = QuietStage()
    bad = CASE.model_copy(update={"steps": [PageStep(page="home"), PageStep(page="notice")]})
    people = {person.slug: person for person in PEOPLE}
    for _ in play_all(cast("Stage", stage), (bad, CASE), people, START.date()):
        pass
    assert stage.ended == ["step 2: waited for page notice", None]
