"""The roster that the hall lets a site hold (``kiosk.ports.roster_snapshot``), out of the bundle it came in."""

from datetime import timedelta

from kiosk.domain.china_time import CHINA
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.person_name import PersonName
from kiosk.ports.clock import Clock
from kiosk.ports.reference_cache import HeldBundle, ReferenceCache
from kiosk.ports.roster_snapshot import HeldEntry
from kiosk.wire.roster_snapshot import find_in_snapshot

MAX_AGE = timedelta(days=7)
"""domain.md 5.3.1."""


class BundledRoster:
    """``name`` is the bundle's."""

    def __init__(self, references: ReferenceCache, name: str, clock: Clock) -> None:
        self._references = references
        self._name = name
        self._clock = clock

    def find(self, number: CitizenNumber, name: PersonName) -> HeldEntry | None:
        held = self._references.held(self._name)
        if not isinstance(held, HeldBundle) or not timedelta(0) <= self._clock.now() - held.made_at <= MAX_AGE:
            return None
        entry = find_in_snapshot(held.content, number.value, name.value)
        return None if entry is None else HeldEntry(entry, held.made_at.astimezone(CHINA).date())
