"""What the terminal's own child processes have in common: how they are started, and that they leave no core dump."""

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import devices

_SET_DUMPABLE = 4
"""Of prctl(2). A process that is not dumpable leaves no core, whatever takes cores on this machine."""


_ALLOCATOR = ("PYTHONMALLOC", "GLIBC_TUNABLES")
"""By these the terminal lets freed memory be overwritten (``kiosk.app.memory``)."""


def start_module(
    module: str, arguments: Sequence[str], descriptors: Sequence[int], *, niceness: int, outlives_session: bool
) -> subprocess.Popen[bytes]:
    """``python -m module`` with nothing but these descriptors, in a session of its own, one thread for each library:
    two cores are shared with the screen, which goes before by ``niceness`` from the first import on, for a spare child
    comes up while a page changes. Only a child that sees anything of a citizen and lives on must overwrite what it
    frees: the memory of the others goes with them, and overwriting it would cost time and room."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
        ["/usr/bin/nice", "-n", str(niceness), sys.executable, "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_environment(outlives_session),
        pass_fds=tuple(descriptors),
        start_new_session=True,
    )


def leave_no_core() -> None:
    """For the process that calls it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0)


def _environment(overwriting: bool) -> dict[str, str]:
    root = str(Path(devices.__file__).parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX"), "1")
    inherited = {name: value for name, value in os.environ.items() if overwriting or name not in _ALLOCATOR}
    return {**inherited, **single, "PYTHONPATH": path}
