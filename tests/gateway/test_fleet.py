"""Which terminals are silent for five minutes, and why: by what the gateway heard of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gateway.database import open_database
from gateway.fleet import Hearing, LastHeard, Level, Silence, standing, troubles
from gateway.fleet_book import Arrival, FleetBook
from kiosk.ports.fleet_status import DeviceLine, QueueFigures, TerminalStatus
from kiosk.wire.fleet import PresenceMessage, StatusMessage
from tests.kiosk.fleet.statuses import AT, WELL, closed
from tests.records import SetClock

HEARS = Hearing(AT - timedelta(hours=8))
DEAF = Hearing(None, "no-link")
MUTE = DeviceLine("speaker", ok=False, reason="no-sound-device")


def heard(
    seconds_ago: float | None, presence: str | None = "here", status: TerminalStatus | None = WELL, off: int = 0
) -> LastHeard:
    at = None if seconds_ago is None else AT - timedelta(seconds=seconds_ago)
    return LastHeard(at, presence, at, status, off)


@pytest.mark.parametrize(
    ("last", "level", "word"),
    [
        (heard(20), Level.GREEN, "well"),
        (heard(299), Level.GREEN, "well"),
        (heard(20, status=closed("reader")), Level.YELLOW, "closed"),
        (heard(20, status=replace(WELL, devices=(MUTE,))), Level.YELLOW, "trouble"),
        (heard(20, status=replace(WELL, queue=QueueFigures(0, 1, None))), Level.YELLOW, "trouble"),
        (heard(20, off=61), Level.YELLOW, "trouble"),
        (heard(20, "lost"), Level.YELLOW, "just-lost"),
        (heard(20, "goodbye"), Level.YELLOW, "goodbye"),
        (heard(20, status=None), Level.YELLOW, "unsure"),
    ],
)  # fmt: skip
def test_a_terminal_that_is_heard_is_well_or_has_something_to_see_to(last: LastHeard, level: Level, word: str) -> None:
    found = standing(last, HEARS, AT)
    assert (found.level, found.word, found.silence) == (level, word, None)


@pytest.mark.parametrize(
    ("last", "why", "level"),
    [
        (heard(300, "lost"), Silence.LOST, Level.RED),
        (heard(300), Silence.MISSED, Level.RED),
        (heard(86_400, "goodbye"), Silence.GOODBYE, Level.YELLOW),
        (None, Silence.NEVER, Level.RED),
    ],
)
def test_after_five_minutes_a_terminal_is_silent_for_one_of_four_reasons(
    last: LastHeard | None, why: Silence, level: Level
) -> None:
    found = standing(last, HEARS, AT)
    assert (found.silence, found.level, found.word) == (why, level, why.value)
    assert found.silent_s == (None if last is None else (AT - (last.heard_at or AT)).total_seconds())


@pytest.mark.parametrize("last", [heard(3000), heard(3000, "lost"), heard(3000, "goodbye"), None])
def test_a_gateway_that_hears_nothing_calls_nobody_silent(last: LastHeard | None) -> None:
    found = standing(last, DEAF, AT)
    assert (found.level, found.word, found.silence) == (Level.YELLOW, "unsure", None)
    assert standing(heard(20), DEAF, AT).word == "well"


def test_a_gateway_that_came_back_waits_for_a_heartbeat_before_it_misses_one() -> None:
    for seconds, word in ((0, "unsure"), (299, "unsure"), (300, "heartbeat-missed")):
        assert standing(heard(3000), Hearing(AT - timedelta(seconds=seconds)), AT).word == word


def test_what_a_technician_should_see_to_has_words() -> None:
    assert troubles(WELL, 0) == ()
    worn = replace(WELL, queue=QueueFigures(3, 2, 90_000), paper="media-low", disk_free_mb=100)
    assert troubles(worn, -75) == ("dead-records", "old-records", "paper-low", "little-disk", "clock")
    assert troubles(replace(WELL, queue=None), None) == ("storage",)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/hall.db")
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(AT)


@pytest.fixture
def book(engine: Engine, clock: SetClock) -> FleetBook:
    return FleetBook(engine, clock)


@pytest.fixture
def either_book(database: str, clock: SetClock) -> Iterator[FleetBook]:
    """On SQLite, and on PostgreSQL."""
    engine = open_database(database)
    yield FleetBook(engine, clock)
    engine.dispose()


def status(told: TerminalStatus = WELL, at: datetime = AT, retained: bool = False, terminal: str = "0317") -> Arrival:
    return Arrival(terminal, StatusMessage.of(told), at, retained)


def presence(word: str, at: datetime = AT, retained: bool = False) -> Arrival:
    message = PresenceMessage.model_validate({"presence": word, "at": AT - timedelta(hours=1)})
    return Arrival("0317", message, at, retained)


def minutes(count: float) -> datetime:
    return AT + timedelta(minutes=count)


def test_the_last_that_was_heard_is_kept(either_book: FleetBook) -> None:
    either_book.take([presence("here"), status(), status(closed("camera"), minutes(1), terminal="0318")])
    last = either_book.last_heard()
    assert last["0317"] == LastHeard(AT, "here", AT, WELL, 0)
    assert last["0318"] == LastHeard(minutes(1), "here", None, closed("camera"), 60)


def test_more_terminals_than_one_statement_takes_are_kept_at_once(book: FleetBook) -> None:
    numbers = [f"{number:05d}" for number in range(1201)]
    for _ in range(2):
        book.take(status(terminal=number) for number in numbers)
    assert sorted(book.last_heard()) == numbers


def test_a_last_will_is_no_sign_of_life(book: FleetBook) -> None:
    book.take([presence("here"), status(), presence("lost", minutes(2))])
    last = book.last_heard()["0317"]
    assert (last.presence, last.presence_at, last.heard_at) == ("lost", minutes(2), AT)
    assert standing(last, HEARS, minutes(5)).silence is Silence.LOST


def test_a_heartbeat_after_a_last_will_is_a_terminal_that_is_back(book: FleetBook) -> None:
    book.take([presence("lost"), status(at=minutes(1))])
    assert book.last_heard()["0317"].presence == "here"


def test_a_terminal_that_says_goodbye_is_not_called_lost(book: FleetBook) -> None:
    book.take([status(), presence("goodbye", minutes(1))])
    assert standing(book.last_heard()["0317"], HEARS, minutes(7)).silence is Silence.GOODBYE


def test_what_the_broker_had_from_before_is_as_old_as_the_terminal_says(book: FleetBook) -> None:
    book.take([status(at=minutes(600), retained=True), presence("lost", minutes(600), retained=True)])
    last = book.last_heard()["0317"]
    assert (last.heard_at, last.clock_off_s, last.presence) == (AT, None, "lost")


def test_what_is_known_already_and_retained_changes_nothing(book: FleetBook) -> None:
    """Another worker takes over, or the gateway comes back to its broker."""
    book.take([presence("here", minutes(1)), status(at=minutes(1))])
    before = book.last_heard()
    book.take([presence("here", minutes(9), retained=True), status(at=minutes(9), retained=True)])
    assert book.last_heard() == before


def test_a_clock_that_is_ahead_makes_nobody_heard_in_the_future(book: FleetBook) -> None:
    ahead = replace(WELL, at=minutes(600))
    book.take([status(ahead, retained=True)])
    assert book.last_heard()["0317"].heard_at == AT
    book.take([status(ahead)])
    assert book.last_heard()["0317"].clock_off_s == -36_000


def test_one_worker_listens_until_its_hold_is_over(either_book: FleetBook, clock: SetClock) -> None:
    assert either_book.hearing() == Hearing(None, "nobody-listens")
    assert either_book.hold("one", 15, Hearing(AT))
    assert not either_book.hold("two", 15, Hearing(None))
    assert either_book.hearing() == Hearing(AT)
    clock.forward(10)
    assert either_book.hold("one", 15, Hearing(AT))
    clock.forward(14)
    assert not either_book.hold("two", 15, Hearing(None))
    clock.forward(2)
    assert either_book.hearing() == Hearing(None, "nobody-listens")
    assert either_book.hold("two", 15, Hearing(None, "no-link"))
    assert not either_book.hold("one", 15, Hearing(AT))
    assert either_book.hearing() == Hearing(None, "no-link")


def test_a_worker_that_ends_lets_the_next_listen_at_once(book: FleetBook) -> None:
    assert book.hold("one", 15, Hearing(AT))
    book.let_go("two")
    assert not book.hold("two", 15, Hearing(None))
    book.let_go("one")
    assert book.hold("two", 15, Hearing(None))
