"""The gateway listens to a real broker: who is there, who was killed, who went, and which worker listens."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import Engine

from benchmarks.ports import free_port
from gateway.database import open_database
from gateway.fleet import Hearing, LastHeard, Silence, Standing
from gateway.fleet_book import Arrival, FleetBook
from gateway.fleet_listener import NOT_KEPT, NOT_READ, FleetListener
from gateway.fleet_view import FleetWatch
from kiosk.app.system import SystemClock
from kiosk.fleet.mqtt import MqttFleetStatus
from kiosk.fleet.settings import FleetSettings
from kiosk.ports.device_status import Ready
from kiosk.wire.broker import BrokerSettings
from kiosk.wire.fleet import PresenceMessage, StatusMessage
from tests.eventually import eventually
from tests.kiosk.fleet.listening import PATIENCE_S
from tests.kiosk.fleet.statuses import WELL, closed
from tests.mosquitto import Broker, plain_broker
from tests.records import SetClock

ROUND_S, HOLD_S = 0.02, 0.3


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    with plain_broker() as broker:
        yield broker


@pytest.fixture
def clock() -> SetClock:
    return SetClock(SystemClock().now())


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/hall.db")
    yield engine
    engine.dispose()


@pytest.fixture
def book(engine: Engine, clock: SetClock) -> FleetBook:
    return FleetBook(engine, clock)


@contextmanager
def hearing(
    url: str, book: FleetBook, clock: SetClock, passed_over: Callable[[str], None] = print
) -> Iterator[FleetListener]:
    listener = FleetListener(BrokerSettings(address=url), book, clock, passed_over, ROUND_S, HOLD_S)
    listener.start()
    try:
        yield listener
    finally:
        listener.close()


@contextmanager
def telling(url: str, terminal: str) -> Iterator[MqttFleetStatus]:
    settings = FleetSettings(address=url, spread_s=0.1)
    fleet = MqttFleetStatus(settings, terminal, SystemClock(), lambda: 0.5)
    fleet.start()
    try:
        yield fleet
    finally:
        fleet.close()


def becomes(book: FleetBook, terminal: str, presence: str) -> bool:
    def seen() -> bool:
        last = book.last_heard().get(terminal)
        return last is not None and last.presence == presence and last.status is not None

    return eventually(seen, PATIENCE_S)


def stands(book: FleetBook, clock: SetClock, terminal: str) -> Standing:
    watch = FleetWatch(book, lambda: {terminal: ()}, clock)
    return next(entry.standing for entry in watch.look().entries if entry.terminal == terminal)


def hears(book: FleetBook) -> bool:
    return eventually(lambda: book.hearing().since is not None, PATIENCE_S)


def test_a_terminal_is_heard_until_it_is_silent_for_five_minutes(
    broker: Broker, book: FleetBook, clock: SetClock
) -> None:
    with hearing(broker.url, book, clock), telling(broker.url, "0201") as fleet:
        assert hears(book)
        fleet.publish(WELL)
        assert becomes(book, "0201", "here")
        assert book.last_heard()["0201"].heard_at == clock.now()
        clock.forward(299)
        assert stands(book, clock, "0201").silence is None
        clock.forward(1)
        assert eventually(lambda: stands(book, clock, "0201").silence is Silence.MISSED, PATIENCE_S)
        fleet.publish(closed("camera"))
        assert eventually(lambda: stands(book, clock, "0201").word == "closed", PATIENCE_S)


def test_a_killed_terminal_is_lost_and_one_that_ends_in_order_said_goodbye(
    broker: Broker, book: FleetBook, clock: SetClock
) -> None:
    programs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.kiosk.fleet.told_terminal", broker.url, number], stdin=subprocess.PIPE
        )
        for number in ("0202", "0203")
    ]
    with hearing(broker.url, book, clock), programs[0] as killed, programs[1] as ended:
        assert becomes(book, "0202", "here")
        assert becomes(book, "0203", "here")
        killed.send_signal(signal.SIGKILL)
        ended.communicate()
        assert becomes(book, "0202", "lost")
        assert becomes(book, "0203", "goodbye")
        assert stands(book, clock, "0202").word == "just-lost"
        clock.forward(300)
        assert eventually(lambda: stands(book, clock, "0202").silence is Silence.LOST, PATIENCE_S)
        assert stands(book, clock, "0203").silence is Silence.GOODBYE


def test_who_comes_later_has_what_the_broker_kept(broker: Broker, book: FleetBook, clock: SetClock) -> None:
    with telling(broker.url, "0204") as fleet:
        fleet.publish(WELL)
        with hearing(broker.url, book, clock):
            assert becomes(book, "0204", "here")
    assert book.last_heard()["0204"].status == WELL


def test_the_gateway_says_that_it_hears_nothing_and_finds_its_broker_again(book: FleetBook, clock: SetClock) -> None:
    with plain_broker() as broker, hearing(broker.url, book, clock), telling(broker.url, "0205") as fleet:
        fleet.publish(WELL)
        assert becomes(book, "0205", "here")
        broker.stop(signal.SIGKILL)
        assert eventually(lambda: book.hearing().trouble is not None, PATIENCE_S)
        clock.forward(301)
        assert stands(book, clock, "0205").word == "unsure"
        broker.start()
        assert hears(book)
        assert eventually(lambda: isinstance(fleet.status(), Ready), PATIENCE_S)
        fleet.publish(replace(WELL, at=clock.now()))
        assert eventually(lambda: stands(book, clock, "0205").word == "well", PATIENCE_S)


def test_without_a_broker_its_cause_is_told(book: FleetBook, clock: SetClock) -> None:
    with hearing(f"mqtt://localhost:{free_port()}", book, clock):
        assert eventually(lambda: book.hearing() == Hearing(None, "no-link"), PATIENCE_S)


def test_of_two_workers_one_listens_and_the_other_takes_over(broker: Broker, book: FleetBook, clock: SetClock) -> None:
    with hearing(broker.url, book, clock) as first:
        assert hears(book)
        with hearing(broker.url, book, clock):
            first.close()
            assert hears(book)
            with telling(broker.url, "0207") as fleet:
                fleet.publish(WELL)
                assert becomes(book, "0207", "here")


def test_a_message_of_somebody_else_is_passed_over(broker: Broker, book: FleetBook, clock: SetClock) -> None:
    """What is no status, or of a terminal that gave no number, changes nothing."""
    passed_over: list[str] = []
    with (
        hearing(broker.url, book, clock, passed_over.append),
        telling(broker.url, "0206") as fleet,
        telling(broker.url, "low") as strange,
    ):
        fleet.publish(WELL)
        assert becomes(book, "0206", "here"), "who hears that hears what nobody keeps for later"
        strange.publish(WELL)
        fleet._client.publish("kiosk/v1/terminals/0206/status", b'{"at": "now"}', qos=1)
        fleet._client.publish("kiosk/v1/terminals/0206/status", b"x" * 5000, qos=1)
        fleet.publish(WELL)
        assert becomes(book, "0206", "here")
        assert eventually(lambda: passed_over.count(NOT_READ) >= 3, PATIENCE_S)
    assert isinstance(book.last_heard()["0206"], LastHeard)
    assert "low" not in book.last_heard()


@pytest.mark.parametrize("kind", ["status", "presence"])
def test_a_clock_at_the_end_of_all_years_silences_nobody_else(
    broker: Broker, book: FleetBook, clock: SetClock, kind: str
) -> None:
    """Retained, as the broker gives it to every worker that takes over."""
    told = StatusMessage.of(WELL) if kind == "status" else PresenceMessage(presence="here", at=WELL.at)
    topic = f"kiosk/v1/terminals/0208/{kind}"
    last = told.model_dump_json().replace(told.at.isoformat(), "9999-12-31T23:59:59Z")
    assert "9999" in last
    passed_over: list[str] = []
    keep(broker, topic, last)
    with hearing(broker.url, book, clock, passed_over.append), telling(broker.url, "0209") as fleet:
        assert eventually(lambda: NOT_READ in passed_over, PATIENCE_S)
        fleet.publish(WELL)
        assert becomes(book, "0209", "here")
    keep(broker, topic, "")


def keep(broker: Broker, topic: str, message: str) -> None:
    """As terminal 0208, retained."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("0208")
    client.connect("localhost", urlsplit(broker.url).port or 0)
    client.loop_start()
    client.publish(topic, message, qos=1, retain=True).wait_for_publish(PATIENCE_S)
    client.disconnect()
    client.loop_stop()


class BookThatChokes(FleetBook):
    """On one terminal, as on a mistake of ours."""

    def take(self, arrivals: Iterable[Arrival]) -> None:
        several = list(arrivals)
        if any(each.terminal == "0210" for each in several):
            raise OverflowError
        FleetBook.take(self, several)


def test_one_message_that_cannot_be_written_down_holds_up_no_other(
    broker: Broker, engine: Engine, clock: SetClock
) -> None:
    book = BookThatChokes(engine, clock)
    passed_over: list[str] = []
    with (
        telling(broker.url, "0210") as choking,
        telling(broker.url, "0211") as fleet,
        hearing(broker.url, book, clock, passed_over.append),
    ):
        choking.publish(WELL)
        fleet.publish(WELL)
        assert becomes(book, "0211", "here")
        assert eventually(lambda: NOT_KEPT in passed_over, PATIENCE_S)
    assert "0210" not in book.last_heard()
