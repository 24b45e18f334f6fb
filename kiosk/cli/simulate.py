"""kiosk simulate: starts a program of the virtual hall. Found by entry point; nothing here knows what it does."""

import sys
from importlib.metadata import entry_points

import typer

GROUP = "kiosk.simulators"

app = typer.Typer(add_completion=False)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
def simulate(ctx: typer.Context, name: str = typer.Argument("", help="card-reader, camera or printer")) -> None:
    """Run a simulator with its own options, e.g. `kiosk simulate printer --out papers`; `--help` shows them."""
    programs = {point.name: point for point in entry_points(group=GROUP)}
    if name not in programs:
        typer.echo(f"Simulators here: {', '.join(sorted(programs))}", err=True)
        raise typer.Exit(2)
    sys.exit(programs[name].load()(ctx.args))
