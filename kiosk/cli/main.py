"""Where the command line begins. ``kiosk run`` goes straight to its window: the command framework with its typed
options would cost a quarter of the time to the first frame (docs/adr/0010)."""

import sys


def main() -> None:
    if sys.argv[1:2] == ["run"]:
        from kiosk.cli.run import run  # noqa: PLC0415  the one command that must be there at once

        sys.exit(run(sys.argv[2:]))
    from kiosk.cli.commands import app  # noqa: PLC0415  everything else may take its time

    app()
