"""The fleet as one looks at it: every registered terminal at its place, and how it stands."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime

from gateway.fleet import Hearing, LastHeard, Level, Silence, Standing, standing, troubles
from gateway.fleet_book import FleetBook
from gateway.registry import ListedTerminal, Site
from kiosk.ports.clock import Clock
from kiosk.wire.fleet import StatusMessage
from kiosk.wire.messages import Message, Word

UNREGISTERED = Standing(Level.YELLOW, "unregistered")


@dataclass(frozen=True, slots=True)
class Place:
    """A site of the tree, by its code."""

    code: str
    name: str


Places = Callable[[], Mapping[str, tuple[Place, ...]]]
"""Every terminal in service by its number, with its site and those around it, the province first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """``last`` is None where nothing ever came."""

    terminal: str
    places: tuple[Place, ...]
    standing: Standing
    last: LastHeard | None

    def is_at(self, code: str) -> bool:
        return any(place.code == code for place in self.places)


@dataclass(frozen=True, slots=True)
class Fleet:
    """``entries`` with the worst first, and of the silent ones first who has been silent longest."""

    at: datetime
    hearing: Hearing
    entries: tuple[Entry, ...]


class PlaceMessage(Message):
    code: str
    name: str


class EntryMessage(Message):
    """``level`` red, yellow, green; the words are those of ``gateway.fleet``; ``status`` the terminal's own."""

    terminal: str
    sites: tuple[PlaceMessage, ...]
    level: str
    word: Word
    silence: Silence | None
    silent_s: float | None
    heard_at: AwareDatetime | None
    presence: str | None
    clock_off_s: int | None
    troubles: tuple[str, ...]
    status: StatusMessage | None


class FleetViewMessage(Message):
    """What programs are told of the fleet; in the order of ``Fleet``."""

    at: AwareDatetime
    hears_since: AwareDatetime | None
    trouble: str | None
    terminals: tuple[EntryMessage, ...]


class FleetWatch:
    """Raises SQLAlchemyError when the database does not answer."""

    def __init__(self, book: FleetBook, places: Places, clock: Clock) -> None:
        self._book = book
        self._places = places
        self._clock = clock

    def look(self) -> Fleet:
        """A terminal that is not in service is shown only as long as it is heard."""
        last, hearing, now = self._book.last_heard(), self._book.hearing(), self._clock.now()
        registered = self._places()
        entries = [
            Entry(number, places, standing(last.get(number), hearing, now), last.get(number))
            for number, places in registered.items()
        ]
        strangers = [
            Entry(number, (), UNREGISTERED, heard)
            for number, heard in last.items()
            if number not in registered and standing(heard, hearing, now).silence is None
        ]
        return Fleet(now, hearing, tuple(sorted([*entries, *strangers], key=_urgency)))


def places_of(terminals: Iterable[ListedTerminal], sites: Iterable[Site]) -> dict[str, tuple[Place, ...]]:
    """Of those in service."""
    tree = {site.code: site for site in sites}
    return {each.registered.terminal: _way(each.site, tree) for each in terminals if each.revoked_because is None}


def fleet_message(fleet: Fleet) -> FleetViewMessage:
    return FleetViewMessage(
        at=fleet.at,
        hears_since=fleet.hearing.since,
        trouble=fleet.hearing.trouble,
        terminals=tuple(_entry_message(entry) for entry in fleet.entries),
    )


def _entry_message(entry: Entry) -> EntryMessage:
    found, last = entry.standing, entry.last
    status = None if last is None else last.status
    return EntryMessage(
        terminal=entry.terminal,
        sites=tuple(PlaceMessage(code=place.code, name=place.name) for place in entry.places),
        level=found.level.name.lower(),
        word=found.word,
        silence=found.silence,
        silent_s=found.silent_s,
        heard_at=None if last is None else last.heard_at,
        presence=None if last is None else last.presence,
        clock_off_s=None if last is None else last.clock_off_s,
        troubles=() if last is None or status is None else tuple(troubles(status, last.clock_off_s)),
        status=None if status is None else StatusMessage.of(status),
    )


def _way(site: str | None, tree: Mapping[str, Site]) -> tuple[Place, ...]:
    way: list[Place] = []
    while site is not None and site in tree:
        way.insert(0, Place(site, tree[site].name))
        site = tree[site].parent
    return tuple(way)


def _urgency(entry: Entry) -> tuple[Level, bool, float, str]:
    found = entry.standing
    longest = float("inf") if found.silent_s is None else found.silent_s
    return found.level, found.silence is None, -longest if found.silence else 0.0, entry.terminal
