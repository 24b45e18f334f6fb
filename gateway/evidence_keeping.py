"""The end of pictures that lie in object storage: an object goes with its row, and one that never got a row is swept.

A picture's row is dropped in the transaction that ends it, and its object's name noted there (``DroppedObject``); the
object goes at the next round, and is asked for again until the storage has let go of it."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from gateway.evidence_store import EvidenceStore
from gateway.tables import DroppedObject, KeptPicture
from kiosk.ports.clock import Clock

_MOST_AT_ONCE = 500
_ORPHAN = timedelta(days=1)
"""Long over: the transaction that an object was put for."""


class EvidenceKeeping:
    """Several processes may do the same at once. Raises what ``gateway.troubles`` expects."""

    def __init__(self, engine: Engine, store: EvidenceStore, clock: Clock) -> None:
        self._engine = engine
        self._store = store
        self._clock = clock
        self._swept_at: float | None = None

    def drop(self) -> None:
        """The objects whose rows are gone."""
        while names := self._dropped():
            self._store.drop(names)
            with Session(self._engine) as session, session.begin():
                session.execute(delete(DroppedObject).where(DroppedObject.name.in_(names)))

    def sweep(self) -> int:
        """Once a day: how many objects older than a day had no row, and are gone."""
        now = self._clock.monotonic()
        if self._swept_at is not None and now - self._swept_at < _ORPHAN.total_seconds():
            return 0
        old = self._store.names_before(self._clock.now() - _ORPHAN)
        swept = 0
        for first in range(0, len(old), _MOST_AT_ONCE):
            orphans = self._orphans(old[first : first + _MOST_AT_ONCE])
            self._store.drop(orphans)
            swept += len(orphans)
        self._swept_at = now
        return swept

    def _dropped(self) -> list[str]:
        with Session(self._engine) as session, session.begin():
            return list(session.scalars(select(DroppedObject.name).limit(_MOST_AT_ONCE)))

    def _orphans(self, names: Sequence[str]) -> list[str]:
        with Session(self._engine) as session, session.begin():
            kept = set(session.scalars(select(KeptPicture.object_name).where(KeptPicture.object_name.in_(names))))
        return [name for name in names if name not in kept]
