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
        self._used_before = 0

    def remaining(self) -> int | None:
        with self._lock:
            self._load()
            return self._left

    def use(self, length: int) -> None:
        """Never below nothing: the printer's own sensor has the last word. A length that nobody told stays untold."""
        with self._lock:
            if not self._load():
                self._used_before += length
            elif self._left is not None:
                self._left = max(0, self._left - length)
                self._write(self._left)

    def change(self, length: int) -> None:
        with self._lock:
            self._loaded, self._left, self._used_before = True, length, 0
            self._write(length)

    def _load(self) -> bool:
        if not self._loaded:
            stored = self._store.read(_stored)
            if isinstance(stored, StorageTrouble):
                return False
            self._loaded = True
            self._left = None if stored is None else max(0, stored - self._used_before)
        return True

    def _write(self, length: int) -> None:
        self._store.write(
            lambda connection: connection.execute("INSERT OR REPLACE INTO paper_roll VALUES (1, ?)", (length,)).get
        )


def _stored(connection: apsw.Connection) -> int | None:
    length: int | None = connection.execute("SELECT remaining_mm FROM paper_roll").get
    return length
