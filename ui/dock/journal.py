"""The terminal's log as it grows."""

from pathlib import Path


class GrowingLog:
    """Reads whole lines that were added to the file at ``path``; the file may not be there yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0

    def new_lines(self) -> list[str]:
        if not self._path.exists():
            return []
        with self._path.open("rb") as log:
            log.seek(self._at)
            whole, end, _rest = log.read().rpartition(b"\n")
        self._at += len(whole) + len(end)
        return whole.decode("utf-8").splitlines()
