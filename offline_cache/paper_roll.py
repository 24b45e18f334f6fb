"""What is left on the roll (``kiosk.ports.paper_roll``), on the terminal's storage."""

import threading

import apsw

from offline_cache.store import StorageTrouble, Store


class DurablePaperRoll:
    """The length is read once and counted down in memory; every change is written down whole, so that one which could
    not be written comes with the next."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._loaded = False
        self._left: int | None = None
        self._full: int | None = None
        self._used_before = 0

    def remaining(self) -> int | None:
        with self._lock:
            self._load()
            return self._left

    def full(self) -> int | None:
        with self._lock:
            self._load()
            return self._full

    def use(self, length: int) -> None:
        """Never below nothing: the printer's own sensor has the last word. A length that nobody told stays untold."""
        with self._lock:
            if not self._load():
                self._used_before += length
            elif self._left is not None:
                self._left = max(0, self._left - length)
                self._write()

    def change(self, length: int) -> None:
        with self._lock:
            self._loaded, self._left, self._full, self._used_before = True, length, length, 0
            self._write()

    def _load(self) -> bool:
        if not self._loaded:
            stored = self._store.read(_stored)
            if isinstance(stored, StorageTrouble):
                return False
            self._loaded = True
            left, self._full = stored
            self._left = None if left is None else max(0, left - self._used_before)
        return True

    def _write(self) -> None:
        row = (self._left, self._full)
        self._store.write(
            lambda connection: connection.execute("INSERT OR REPLACE INTO paper_roll VALUES (1, ?, ?)", row).get
        )


def _stored(connection: apsw.Connection) -> tuple[int | None, int | None]:
    """What is left, and how long it was: not known of a roll from before that was kept."""
    row: tuple[int, int | None] | None = connection.execute("SELECT remaining_mm, full_mm FROM paper_roll").fetchone()
    return (None, None) if row is None else row
