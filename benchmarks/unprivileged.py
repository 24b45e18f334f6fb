"""Servers that do not run as root, or not well, started by a user without rights where we are root.

On a machine whose root folder is open to root alone such a user may execute nothing. There he is given one right more,
to look through folders (CAP_DAC_READ_SEARCH, capabilities(7)).
"""

import os
import shutil
import stat
from pathlib import Path

_WALKING = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--securebits=+no_setuid_fixup"]
"""access(2) counts the right only with the last."""


def command_as(user: str, command: list[str]) -> list[str]:
    """``command``, to be run by us, so that ``user`` runs it."""
    if os.geteuid() != 0:
        return command
    walking = [] if _may_walk_in() else _WALKING
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *walking, *command]


def hand_over(user: str, *paths: Path) -> None:
    """Makes files ``user``'s, where he is another than we."""
    if os.geteuid() == 0:
        for path in paths:
            shutil.chown(path, user)


def _may_walk_in() -> bool:
    return bool(Path("/").stat().st_mode & stat.S_IXOTH)
