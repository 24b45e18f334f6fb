"""Durable queues other people keep, each put to the same work: bytes in, bytes out, done. All are fully synchronous."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import litequeue
from huey.storage import SqliteStorage
from persistqueue import SQLiteAckQueue


class PairedQueue(Protocol):
    """``put`` returns once the bytes are safe, ``settle`` once one that was put is done with for good."""

    def put(self, data: bytes) -> None: ...

    def settle(self) -> None: ...

    def close(self) -> None: ...


class Huey:
    """SqliteHuey's storage. It has no acknowledgement: taking a task out removes it, a killed worker has lost it."""

    def __init__(self, folder: Path) -> None:
        self._storage = SqliteStorage(filename=str(folder / "huey.db"), fsync=True)

    def put(self, data: bytes) -> None:
        self._storage.enqueue(data)

    def settle(self) -> None:
        assert self._storage.dequeue() is not None

    def close(self) -> None:
        self._storage.close()


class PersistQueue:
    """SQLiteAckQueue. What is done with stays in the file."""

    def __init__(self, folder: Path) -> None:
        self._queue = SQLiteAckQueue(str(folder / "persist-queue"))

    def put(self, data: bytes) -> None:
        self._queue.put(data)

    def settle(self) -> None:
        taken = self._queue.get(block=False, raw=True)
        self._queue.ack(id=taken["pqid"])

    def close(self) -> None:
        self._queue.close()


class LiteQueue:
    """Raised from its NORMAL to FULL. What is done with stays in the file."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "litequeue.db")
        self._queue = litequeue.LiteQueue(self._connection)
        self._connection.execute("PRAGMA synchronous=FULL")

    def put(self, data: bytes) -> None:
        self._queue.put(data)

    def settle(self) -> None:
        taken = self._queue.pop()
        self._queue.done(taken.message_id)

    def close(self) -> None:
        self._connection.close()


WITHOUT_ACKNOWLEDGEMENT: dict[str, Callable[[Path], PairedQueue]] = {"huey SqliteHuey": Huey}
WITH_ACKNOWLEDGEMENT: dict[str, Callable[[Path], PairedQueue]] = {
    "persist-queue SQLiteAckQueue": PersistQueue,
    "litequeue at FULL": LiteQueue,
}
