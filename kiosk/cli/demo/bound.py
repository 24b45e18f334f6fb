"""python -m kiosk.cli.demo.bound PARENT COMMAND...: a command of `kiosk` that ends with the process PARENT.

However that one ends, the kernel then tells this one to (prctl(2), PR_SET_PDEATHSIG). It counts the thread that started
us as our parent, so programs of the virtual hall are started on the main thread.

The hall is what a terminal stands in: it gives way to the terminal's window where they share a machine's cores.
"""

import ctypes
import os
import signal
import sys

from kiosk.cli.commands import app

_PR_SET_PDEATHSIG = 1
_NICENESS = 5


def main() -> None:
    os.nice(_NICENESS)
    parent = int(sys.argv.pop(1))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit("the virtual hall is gone")
    app(prog_name="kiosk")


if __name__ == "__main__":
    main()
