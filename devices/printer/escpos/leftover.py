"""What an earlier job may have left in the printer, and the mark on disk by which the next start knows of it."""

import contextlib
import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Held(Enum):
    """Whether bytes of an earlier job may wait in the printer's buffers. ``PERHAPS``: nothing is known, as after a
    start. ``SURELY``: this very driver saw the job end in doubt."""

    NOTHING = "nothing"
    PERHAPS = "perhaps"
    SURELY = "surely"


@dataclass(frozen=True, slots=True)
class Leftover:
    """``torn``: rows of an earlier paper may hang before the cutter."""

    held: Held
    torn: bool


NOTHING = Leftover(Held.NOTHING, torn=False)
AT_START = Leftover(Held.PERHAPS, torn=False)
TORN_AT_START = Leftover(Held.PERHAPS, torn=True)
IN_DOUBT = Leftover(Held.SURELY, torn=True)


class JobMark:
    """An empty file at ``path`` while a job is under way or ended in doubt; no file is kept when ``path`` is None.

    It says that there was a job, never whose. A disk that refuses it keeps no citizen from a paper.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def found(self) -> bool:
        return self._path is not None and self._path.exists()

    def set(self) -> None:
        """On disk, power cut or not, when it returns."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            self._path.touch(mode=0o600)
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def remove(self) -> None:
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
