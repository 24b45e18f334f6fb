"""The programs this process has started, found by what they run."""

from contextlib import suppress

import psutil


def children_running(module: str) -> list[psutil.Process]:
    """Those that live; one that has ended and is not waited for yet has no command line any more."""
    found: list[psutil.Process] = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            if child.status() != psutil.STATUS_ZOMBIE and module in " ".join(child.cmdline()):
                found.append(child)
    return found
