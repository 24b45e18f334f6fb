"""``kiosk run`` in the table of commands, for the help; ``kiosk.cli.main`` takes the call itself."""

import sys

import typer

from kiosk.cli.run import run

app = typer.Typer(add_completion=False)


@app.command(
    "run",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
    help="Serve citizens until the process is told to end (SIGTERM or Ctrl-C).",
)
def run_terminal(ctx: typer.Context) -> None:
    sys.exit(run(ctx.args))
