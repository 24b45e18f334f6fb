"""kiosk simulate: starts a program of the virtual hall, or changes its world. Programs are found by entry point;
nothing here knows what they do."""

import json
import sys
from importlib.metadata import entry_points
from typing import Any

import typer

from kiosk.cli.control_channel import Done, tell

GROUP = "kiosk.simulators"
CONTROL = "control"
USAGE = """\
Usage: kiosk simulate PROGRAM [OPTIONS]
       kiosk simulate control ADDRESS VERB [NAME=VALUE ...]

PROGRAM is one of: {programs}; `kiosk simulate PROGRAM --help` shows its options.
Its first line of output tells its address and that of its control channel.

control changes the world of a running program and prints its answer as one JSON line; it
exits 1 when the program refuses or does not answer. The verb `verbs` lists what a program
can do. A VALUE is JSON where it reads as JSON (5, 2.5, true, null, ["a"]), otherwise text;
numbers of more than 15 digits stay text.

  kiosk simulate control 127.0.0.1:40123 slow seconds=5
  kiosk simulate control 127.0.0.1:40125 person portrait=hopper
"""

app = typer.Typer(add_completion=False)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
def simulate(
    ctx: typer.Context, name: str = typer.Argument("", help="a program of the virtual hall, or control")
) -> None:
    """Run a program of the virtual hall, e.g. `kiosk simulate printer --out papers`, or `control` one that runs."""
    programs = {point.name: point for point in entry_points(group=GROUP)}
    if name == CONTROL:
        sys.exit(_control(ctx.args))
    if name not in programs:
        asked = name in ("--help", "-h")
        typer.echo(USAGE.format(programs=", ".join(sorted(programs))), err=not asked, nl=False)
        raise typer.Exit(0 if asked else 2)
    sys.exit(programs[name].load()(ctx.args))


def _control(arguments: list[str]) -> int:
    """The exit code: 0 done, 1 refused, 2 not understood."""
    address, verb, *given = [*arguments, "", ""][: max(2, len(arguments))]
    pairs = [text.partition("=") for text in given]
    if not verb or not address.rpartition(":")[2].isdigit() or not all(name and equals for name, equals, _ in pairs):
        typer.echo("Usage: kiosk simulate control ADDRESS VERB [NAME=VALUE ...]; ADDRESS is HOST:PORT", err=True)
        return 2
    result = tell(address, verb, {name: value_of(text) for name, _, text in pairs})
    if isinstance(result, Done):
        typer.echo(json.dumps({"ok": True, **result.answer}, ensure_ascii=False))
        return 0
    typer.echo(json.dumps({"ok": False, "error": result.reason}, ensure_ascii=False))
    return 1


def value_of(text: str) -> Any:
    """JSON where it reads as JSON, else the text itself. A long row of digits is a number of a person or a card."""
    if text.isdigit() and len(text) > 15:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
