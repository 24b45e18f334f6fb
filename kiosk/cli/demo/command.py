"""kiosk demo: four citizens in the virtual hall, at the real window, over the real protocols."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from PySide6.QtGui import QGuiApplication

from gateway.sandbox import sandbox_people
from kiosk.app.bootstrap import KeysMissing, Terminal, build_terminal
from kiosk.app.settings import TerminalSettings
from kiosk.app.system import end_on_defect
from kiosk.app.window import join_window
from kiosk.cli.demo import evidence
from kiosk.cli.demo.cases import CASES, OFFLINE, all_stories
from kiosk.cli.demo.director import Director, Stage, StuckError
from kiosk.cli.demo.hall import Hall, HallError, Program
from kiosk.cli.demo.training import TrainingTerminal, set_up
from kiosk.domain.case import Outcome
from kiosk.wire.keys import KeyUnusable, load_terminal_registration
from ui.app import TerminalWindow

GAP_LIMIT_MS = 100.0
SHORTENED = {"first_delay_s": 1.0, "start_window_s": 3.0}
"""Waiting times of storage.delivery that the demo shortens, in seconds; the summary says so."""

LEFT_BEHIND = ("page-*.png", "paper-*.png", "*.log", "summary.json")
OPENS = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing the run had to show."""

    name: str
    good: bool
    detail: str


@app.command()
def demo(
    output: Annotated[Path, typer.Option(help="folder for pictures, papers, log and summary; an earlier run's go")],
    models: Annotated[Path, typer.Option(help="face models and training portraits")] = Path("var/models"),
) -> None:
    """Run the terminal's main job in the virtual hall, without any hardware, and check what came of it."""
    output.mkdir(parents=True, exist_ok=True)
    for left in (file for pattern in LEFT_BEHIND for file in output.glob(pattern)):
        left.unlink()
    _choose_display()
    try:
        with tempfile.TemporaryDirectory(prefix="kiosk-demo-") as state, Hall(output) as hall:
            good = _run(output, models, Path(state), hall)
    except HallError as problem:
        typer.echo(f"The virtual hall did not come up: {problem}", err=True)
        raise typer.Exit(1) from None
    if not good:
        raise typer.Exit(1)


def _choose_display() -> None:
    """Qt aborts the whole process on a display it cannot open, so another process tries it first."""
    tried = subprocess.run([sys.executable, "-c", OPENS], capture_output=True, check=False)  # noqa: S603 - our own words
    if tried.returncode != 0:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        typer.echo("No display can be opened: drawing to memory.")


def _run(output: Path, models: Path, state: Path, hall: Hall) -> bool:
    training = set_up(hall, output, models, state, SHORTENED)
    terminal = build_terminal(training.settings)
    if isinstance(terminal, KeysMissing):
        raise HallError(f"{terminal.reason}: {terminal.remedy}")
    stage, frames, stuck = _play(training.settings, terminal, training.programs)
    for number, (name, picture) in enumerate(stage.shown.pages, 1):
        picture.save(str(output / f"page-{number:02d}-{name}.png"))
    if stuck is not None:
        typer.echo(str(stuck), err=True)
        return False
    proofs, cases = _prove(output, training, frames, stage.shown.found)
    _summarise(output, cases, proofs, stage)
    return all(proof.good for proof in proofs)


def _play(
    settings: TerminalSettings, terminal: Terminal, programs: dict[str, Program]
) -> tuple[Stage, list[tuple[datetime, float]], StuckError | None]:
    end_on_defect()
    application = QGuiApplication(sys.argv[:1])
    window = TerminalWindow(site=settings.site, clock=terminal.clock)
    join_window(window, settings, terminal)
    stage = Stage(window, terminal, programs, lambda: _search_files(settings))
    window.watch_frames(stage.shown.frames.append)
    window.show()
    director = Director(stage, all_stories(stage, date.today()))
    application.exec()
    wall = datetime.now().astimezone() - timedelta(seconds=terminal.clock.monotonic())
    window.close()
    terminal.close()
    times = stage.shown.frames
    frames = [
        (wall + timedelta(seconds=at), at - before) for before, at in zip([times[0], *times], times, strict=False)
    ]
    return stage, frames, director.stuck


def _prove(
    output: Path,
    training: TrainingTerminal,
    frames: list[tuple[datetime, float]],
    while_waiting: evidence.Findings | None,
) -> tuple[list[Proof], list[dict[str, Any]]]:
    settings = training.settings
    sessions = evidence.sessions(settings.log)
    records = evidence.gateway_records(training.gateway.address)
    terminal = load_terminal_registration(training.registration)
    assert not isinstance(terminal, KeyUnusable)
    papers = evidence.receipts_on_papers(output, terminal.public_key)
    cases = [_case(case.name, session, records, papers) for case, session in zip(CASES, sessions, strict=False)]
    expected = [case.expected.value for case in CASES]
    outcomes = [session.outcome for session in sessions]
    offline = next((case for case in cases if case["name"] == OFFLINE.name), None)
    gap = evidence.longest_gap_ms(frames, [span for session in sessions for span in session.matching])
    proofs = [
        Proof("outcomes", outcomes == expected, ", ".join(outcomes)),
        Proof("papers read back", all(case["paper"] for case in cases), f"{len(papers)} signed receipts"),
        delivered_once(offline),
        nothing_personal(while_waiting, _search_files(settings)),
        Proof("log is an unbroken chain", evidence.log_is_whole(settings.log), settings.log.name),
        Proof(
            "no gap over 100 ms while matching", gap is not None and gap <= GAP_LIMIT_MS, f"longest {gap or 0:.0f} ms"
        ),
    ]
    return proofs, cases


def delivered_once(offline: dict[str, Any] | None) -> Proof:
    """``offline`` is the summary of the case that had to wait, None when it never ended."""
    name = "queued case delivered once and decided"
    if offline is None:
        return Proof(name, False, "no such case")
    records, arrivals, decision = offline["records"], offline["arrivals"], offline["decision"]
    good = records == 1 and arrivals == 1 and decision == Outcome.PASSED.value
    return Proof(name, good, f"{decision}, {records} record(s), arrived {arrivals} time(s)")


def nothing_personal(while_waiting: evidence.Findings | None, at_the_end: evidence.Findings) -> Proof:
    """Both searches count; the first only if a case did lie in the files it searched."""
    name = "nothing personal in log and outbox"
    if while_waiting is None or not while_waiting.sealed_case:
        return Proof(name, False, "never searched while a case waited")
    traces = sorted({*while_waiting.traces, *at_the_end.traces})
    return Proof(name, not traces, "; ".join(traces) or "no trace, neither while a case waited nor at the end")


def _search_files(settings: TerminalSettings) -> evidence.Findings:
    storage = settings.storage.path
    files = [settings.log, *sorted(storage.parent.glob(f"{storage.name}*"))]
    return evidence.search(files, sandbox_people(date.today()))


def _case(
    name: str, session: evidence.SessionRecord, records: dict[str, dict[str, Any]], papers: dict[str, str]
) -> dict[str, Any]:
    record = records.get(session.receipt or "", {})
    return {
        "name": name,
        "outcome": session.outcome,
        "reason": session.reason,
        "receipt": session.receipt,
        "seconds": round(sum(seconds for _, seconds in session.steps), 1),
        "steps": [{"step": step, "seconds": seconds} for step, seconds in session.steps],
        "records": record.get("records", 0),
        "arrivals": record.get("arrivals", 0),
        "decision": record.get("outcome"),
        "ratings": record.get("ratings", 0),
        "bytes_printed": session.bytes_printed,
        "paper": papers.get(session.receipt or ""),
    }


def _summarise(output: Path, cases: list[dict[str, Any]], proofs: list[Proof], stage: Stage) -> None:
    summary = {
        "cases": cases,
        "proofs": [{"name": proof.name, "good": proof.good, "detail": proof.detail} for proof in proofs],
        "shortened_waiting_times_s": SHORTENED,
        "timeline": stage.shown.timeline,
    }
    (output / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    typer.echo("")
    for case in cases:
        typer.echo(
            f"{case['name']:<18} {case['outcome']:<10} {case['receipt'] or '-':<28} {case['seconds']:>5} s  "
            f"{case['records']} record(s)  {case['bytes_printed']:>6} bytes printed"
        )
    for proof in proofs:
        typer.echo(f"{'ok   ' if proof.good else 'WRONG'} {proof.name}: {proof.detail}")
    typer.echo(f"waiting times shortened: {', '.join(f'{name} = {s:g} s' for name, s in SHORTENED.items())}")
    typer.echo(f"pages, papers, log and summary.json are in {output}/")
