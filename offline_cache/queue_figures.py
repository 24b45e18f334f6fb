"""What the fleet is told of the queue: how many, how old; nothing of what is in it."""

from datetime import datetime

import apsw

from kiosk.ports.fleet_status import QueueFigures
from offline_cache.store import StorageTrouble, Store


def queue_figures(store: Store, now: datetime) -> QueueFigures | StorageTrouble:
    def work(connection: apsw.Connection) -> QueueFigures:
        row: tuple[int, int, float | None] | None = connection.execute(
            "SELECT count(*), count(dead_reason), min(queued_at) FILTER (WHERE dead_reason IS NULL) FROM record"
        ).fetchone()
        assert row is not None, "a count is always there"
        every, dead, oldest = row
        age = None if oldest is None else max(0, int(now.timestamp() - oldest))
        return QueueFigures(every - dead, dead, age)

    return store.read(work)
