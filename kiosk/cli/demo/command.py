"""kiosk demo: one citizen after the other in the virtual hall, at the real window, over the real protocols."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from PySide6.QtGui import QGuiApplication

from gateway.sandbox import SandboxPerson, sandbox_people
from kiosk.app.bootstrap import KeysMissing, Terminal, build_terminal
from kiosk.app.system import end_on_defect
from kiosk.app.window import join_window
from kiosk.cli.demo import evidence
from kiosk.cli.demo.director import Director, Played, Stage, StuckError
from kiosk.cli.demo.hall import Hall, HallError
from kiosk.cli.demo.player import play_all
from kiosk.cli.demo.print_words import words_missing
from kiosk.cli.demo.proofs import Proof, Told, all_outcomes, as_written, not_as_written, nothing_personal
from kiosk.cli.demo.scenario import SCENARIOS, Scenario, ScenarioError, Vocabulary, load_scenarios
from kiosk.cli.demo.shorten import SHORTENED, Change, shorten
from kiosk.cli.demo.summary import Row, Summary, document, lines
from kiosk.cli.demo.training import TrainingTerminal, set_up
from kiosk.wire.keys import KeyUnusable, load_terminal_registration
from ui.app import TerminalWindow
from ui.view_models.pages import PAGE_NAMES

GAP_LIMIT_MS = 100.0
HALL_TIME = "CST-8"
"""POSIX spells the eight hours ahead of Greenwich with a minus."""

LEFT_BEHIND = ("page-*.png", "paper-*.png", "*.log", "summary.json")
OPENS = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    output: Annotated[Path, typer.Option(help="folder for pictures, papers, log and summary; an earlier run's go")],
    models: Annotated[Path, typer.Option(help="face models and training portraits")] = Path("var/models"),
    scenarios: Annotated[Path, typer.Option(help="folder of scenario files")] = SCENARIOS,
    only: Annotated[list[str] | None, typer.Option(help="name of a case to play alone; repeatable")] = None,
) -> None:
    """Play the scenario files in the virtual hall, without any hardware, and check what came of them."""
    began = time.monotonic()
    _settle_time_zone()
    output.mkdir(parents=True, exist_ok=True)
    for left in (file for pattern in LEFT_BEHIND for file in output.glob(pattern)):
        left.unlink()
    _choose_display()
    try:
        with tempfile.TemporaryDirectory(prefix="kiosk-demo-") as state, Hall(output) as hall:
            training = set_up(hall, output, models, Path(state), {})
            people = {person.slug: person for person in sandbox_people(date.today())}
            cases = _chosen(load_scenarios(vocabulary_of(training), scenarios), only)
            good = _run(output, training, cases, people, began, whole=only is None)
    except (HallError, ScenarioError) as problem:
        typer.echo(f"The demo cannot be played: {problem}", err=True)
        raise typer.Exit(1) from None
    if not good:
        raise typer.Exit(1)


def _settle_time_zone() -> None:
    """The virtual hall stands in China, wherever this machine does: papers tell the hall's own time."""
    os.environ["TZ"] = HALL_TIME
    time.tzset()


def _choose_display() -> None:
    """Qt aborts the whole process on a display it cannot open, so another process tries it first."""
    tried = subprocess.run([sys.executable, "-c", OPENS], capture_output=True, check=False)  # noqa: S603 - our own words
    if tried.returncode != 0:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        typer.echo("No display can be opened: drawing to memory.")


def vocabulary_of(training: TrainingTerminal) -> Vocabulary:
    """What the programs that run say they can do."""
    verbs = {name: program.do("verbs")["verbs"] for name, program in training.programs.items()}
    return Vocabulary(verbs, PAGE_NAMES, [person.slug for person in sandbox_people(date.today())])


def _chosen(scenarios: tuple[Scenario, ...], only: list[str] | None) -> tuple[Scenario, ...]:
    unknown = set(only or ()) - {scenario.name for scenario in scenarios}
    if unknown:
        raise ScenarioError(f"no case is called {', '.join(sorted(unknown))}")
    return tuple(scenario for scenario in scenarios if only is None or scenario.name in only)


def _run(
    output: Path,
    training: TrainingTerminal,
    scenarios: tuple[Scenario, ...],
    people: dict[str, SandboxPerson],
    began: float,
    *,
    whole: bool,
) -> bool:
    settings, changes = shorten(training.settings, SHORTENED)
    training = replace(training, settings=settings)
    terminal = build_terminal(settings)
    if isinstance(terminal, KeysMissing):
        raise HallError(f"{terminal.reason}: {terminal.remedy}")
    stage, frames, stuck = _play(output, training, terminal, scenarios, people)
    if stuck is not None:
        typer.echo(str(stuck), err=True)
    summary = _summary(training, stage, frames if whole else None, changes)
    summary = replace(summary, total_s=time.monotonic() - began)
    content = json.dumps(document(summary), ensure_ascii=False, indent=1)
    (output / "summary.json").write_text(content + "\n", encoding="utf-8")
    typer.echo("\n".join(lines(summary)))
    typer.echo(f"pages, papers, log and summary.json are in {output}/")
    return stuck is None and all(proof.good for proof in summary.proofs)


def _play(
    output: Path,
    training: TrainingTerminal,
    terminal: Terminal,
    scenarios: tuple[Scenario, ...],
    people: dict[str, SandboxPerson],
) -> tuple[Stage, list[tuple[datetime, float]], StuckError | None]:
    end_on_defect()
    application = QGuiApplication(sys.argv[:1])
    window = TerminalWindow(site=training.settings.site, clock=terminal.clock)
    join_window(window, training.settings, terminal)
    stage = Stage(window, terminal, training, output)
    window.watch_frames(stage.shown.frames.append)
    window.show()
    director = Director(stage, play_all(stage, scenarios, people, date.today()))
    application.exec()
    stage.file_pictures()
    stage.shown.waiting = terminal.ports.outbox.waiting()
    wall = datetime.now().astimezone() - timedelta(seconds=terminal.clock.monotonic())
    window.close()
    terminal.close()
    times = stage.shown.frames
    frames = [
        (wall + timedelta(seconds=at), at - before) for before, at in zip([times[0], *times], times, strict=False)
    ]
    return stage, frames, director.stuck


def _summary(
    training: TrainingTerminal,
    stage: Stage,
    frames: list[tuple[datetime, float]] | None,
    changes: tuple[Change, ...],
) -> Summary:
    """``frames`` is None where only some of the cases were played, and nothing is asked of all of them together."""
    settings = training.settings
    events = evidence.events(settings.log)
    records = evidence.gateway_records(training.gateway.address)
    rows = [_row(training, played, events, records) for played in stage.shown.cases]
    waiting = stage.shown.waiting
    proofs = [
        as_written({row.scenario.name: row.differences for row in rows}),
        Proof("nothing waits in the outbox", waiting == 0, f"{waiting} record(s)"),
        Proof("log is an unbroken chain", evidence.log_is_whole(settings.log), settings.log.name),
    ]
    if frames is not None:
        gap = evidence.longest_gap_ms(frames, [span for each in evidence.sessions(events) for span in each.matching])
        smooth = gap is not None and gap <= GAP_LIMIT_MS
        proofs += [
            all_outcomes([row.session.outcome for row in rows if row.session is not None]),
            nothing_personal(stage.shown.found, evidence.search_terminal(settings)),
            Proof("no gap over 100 ms while matching", smooth, f"longest {gap or 0:.0f} ms"),
        ]
    return Summary(rows, proofs, changes, 0.0, stage.shown.timeline)


def _row(
    training: TrainingTerminal,
    played: Played,
    events: list[dict[str, object]],
    records: dict[str, dict[str, object]],
) -> Row:
    key = load_terminal_registration(training.registration)
    assert not isinstance(key, KeyUnusable)
    lines_of_case = events[slice(*played.log)]
    sessions, alerts = evidence.sessions(lines_of_case), evidence.alerts(lines_of_case)
    session = sessions[0] if sessions else None
    record = None if session is None or session.receipt is None else records.get(session.receipt)
    told = Told(
        sessions=sessions,
        alerts=alerts,
        papers=len(played.papers),
        receipts=[receipt for paper in played.papers for receipt in evidence.receipts_on(paper, key)],
        missing_words=words_missing(played.papers, played.scenario.paper_words),
        record=record,
        trouble=played.trouble,
    )
    papers = tuple(paper.name for paper in played.papers)
    return Row(played.scenario, session, alerts, papers, record, played.seconds, not_as_written(played.scenario, told))
