"""What an earlier job may have left in the printer, and the mark on disk by which the next start knows of it."""

import contextlib
import os
from enum import Enum
from pathlib import Path


class Leftover(Enum):
    """``PERHAPS``: the first job of a start, nothing known. ``BEFORE_START``: the mark tells of a torn paper.
    ``KNOWN``: this very driver saw the job end in doubt."""

    NOTHING = "nothing"
    PERHAPS = "perhaps"
    BEFORE_START = "before-start"
    KNOWN = "known"

    @property
    def on_paper(self) -> bool:
        """Rows of an earlier paper may hang before the cutter."""
        return self in (Leftover.BEFORE_START, Leftover.KNOWN)


class JobMark:
    """An empty file at ``path`` while a job is under way or ended in doubt; no file is kept when ``path`` is None.

    It says that there was a job, never whose. A disk that refuses it keeps no citizen from a paper.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def found(self) -> Leftover:
        """What a start must presume."""
        return Leftover.BEFORE_START if self._path and self._path.exists() else Leftover.PERHAPS

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
