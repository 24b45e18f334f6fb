"""``kiosk probe-printer``: finds out what a receipt printer answers, and writes its profile."""

import json
from dataclasses import asdict
from itertools import takewhile
from pathlib import Path
from typing import Annotated

import typer

from devices.printer.escpos.address import FORMS, PrinterAddress, RawQueueAddress, parse_address
from devices.printer.escpos.conversation import Conversation
from devices.printer.escpos.font_proof import LETTERS, SAMPLES
from devices.printer.escpos.gb18030 import Coverage
from devices.printer.escpos.link import Link
from devices.printer.escpos.opening import open_channel
from devices.printer.escpos.probe import (
    Findings,
    as_toml,
    print_font_proof,
    profile_from,
    silent_findings,
    with_names,
)
from devices.printer.escpos.settings import DOTS
from kiosk.app.system import SystemClock

app = typer.Typer(add_completion=False)

_CONNECT_S, _SEND_S = 3.0, 5.0
_ANSWERS_OF_PROOF = 10
"""How many answers' time a strip of three lines takes."""

_COMPARE = (
    "Compare the paper with these lines. A line is right when each character is the same and stands between its teeth, "
    "and the teeth are as near above as below. Is it?"
)
_ASK = (
    "The next questions may leave a few letters in a printer that does not know them (they are dropped again, at worst "
    "one short line is printed). Ask them?"
)


@app.command()
def probe_printer(
    address: Annotated[str, typer.Argument(help=f"{FORMS}, but no queue: nothing comes back from one.")],
    write: Annotated[Path | None, typer.Option("--write", help="File for printer.profile of the settings.")] = None,
    width: Annotated[int, typer.Option(help="Paper roll in millimetres: 80 or 58.", min=58, max=80)] = 80,
    presenter: Annotated[bool, typer.Option("--presenter", help="The printer holds papers in its mouth.")] = False,
    font: Annotated[
        bool, typer.Option("--font", help="Print 3 lines in its own Chinese font, and ask which of them are right.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask the printer everything without asking here.")] = False,
    seconds: Annotated[float, typer.Option(help="Longest wait for one answer.", min=0.1)] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of words.")] = False,
) -> None:
    """Ask a printer what it can; exit code 1 when it is not there or cannot be trusted with a paper."""
    place = _place(address)
    if width not in DOTS:
        raise typer.BadParameter("80 or 58", param_hint="--width")
    found = _found(place, seconds, yes)
    if found is None:
        typer.echo(f"{address}: nobody there", err=True)
        raise typer.Exit(1)
    typer.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else "\n".join(_words(found)))
    if not found.usable:
        typer.echo("not usable: it tells neither its state nor that it has read a job", err=True)
        raise typer.Exit(1)
    source = f"kiosk probe-printer, {SystemClock().now():%Y-%m-%d}"
    coverage = _coverage_seen(place, DOTS[width], seconds) if font else None
    profile = as_toml(profile_from(found, DOTS[width], presenter, source, coverage))
    if write is None:
        typer.echo("" if as_json else profile, nl=False)
    else:
        write.write_text(profile, encoding="utf-8")


def _place(address: str) -> PrinterAddress:
    try:
        place = parse_address(address)
    except ValueError as trouble:
        raise typer.BadParameter(str(trouble), param_hint="ADDRESS") from None
    if isinstance(place, RawQueueAddress):
        raise typer.BadParameter("nothing comes back from a queue", param_hint="ADDRESS")
    return place


def _found(place: PrinterAddress, seconds: float, yes: bool) -> Findings | None:
    """None when nobody is there."""
    try:
        link = Link(open_channel(place, _CONNECT_S), _SEND_S)
    except OSError:
        return None
    try:
        conversation = Conversation(link, seconds, seconds)
        found = silent_findings(conversation)
        if found.usable and (yes or typer.confirm(_ASK, err=True)):
            found = with_names(conversation, found)
        return found
    finally:
        link.close()


def _coverage_seen(place: PrinterAddress, dots: int, seconds: float) -> Coverage | None:
    """None where no line is right, or none came out: such a printer gets dots alone."""
    try:
        link = Link(open_channel(place, _CONNECT_S), _SEND_S)
    except OSError:
        return None
    try:
        if not print_font_proof(Conversation(link, seconds, seconds), dots, _ANSWERS_OF_PROOF * seconds):
            typer.echo("the lines in its own font did not come out", err=True)
            return None
    finally:
        link.close()
    typer.echo(_COMPARE, err=True)
    right = takewhile(lambda sample: typer.confirm(f"{sample[1]}{LETTERS}", err=True), SAMPLES.items())
    return next((coverage for coverage, _ in reversed(list(right))), None)


def _words(found: Findings) -> list[str]:
    names = {
        "real_time": "tells its state at once (DLE EOT 1-4)",
        "full_status": "tells of its mouth (DLE EOT 20)",
        "clearing": "confirms cleared buffers (DLE DC4 8)",
        "in_order": "answers in order with the data (GS r)",
        "auto_status": "tells changes by itself (GS a)",
        "job_end": "tells that a job is printed (GS ( H)",
    }
    answers = {True: "yes", False: "no", None: "not asked"}
    lines = [f"{words}: {answers[getattr(found, name)]}" for name, words in names.items()]
    return [*lines, f"maker and model: {found.maker or '-'}, {found.model or '-'}"]
