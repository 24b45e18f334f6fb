"""Where the command line begins. ``kiosk run`` goes straight to its window: the command framework with its typed
options would cost a quarter of the time to the first frame (docs/adr/0010)."""

import sys

from kiosk.app.memory import leave_no_core_dump, overwrite_freed_memory

TERMINALS = ("run", "hall", "demo")
"""Commands in whose process a citizen's data lies."""


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command in TERMINALS:
        overwrite_freed_memory()
        leave_no_core_dump()
    if command == "run":
        from kiosk.cli.run import run  # noqa: PLC0415  the one command that must be there at once

        sys.exit(run(sys.argv[2:]))
    from kiosk.cli.commands import app  # noqa: PLC0415  everything else may take its time

    app()
