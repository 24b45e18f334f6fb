"""A terminal tells a real broker how it is, and the broker tells when it does not any more."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.ports import free_port
from kiosk.app.system import SystemClock
from kiosk.fleet.mqtt import MqttFleetStatus
from kiosk.fleet.settings import FleetSettings
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.wire.fleet import presence_topic, status_topic
from tests.eventually import eventually
from tests.kiosk.fleet.listening import PATIENCE_S, listening
from tests.kiosk.fleet.statuses import WELL, closed
from tests.mosquitto import Broker, plain_broker


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    with plain_broker() as broker:
        yield broker


@contextmanager
def telling(url: str, terminal: str, **options: float) -> Iterator[MqttFleetStatus]:
    settings = FleetSettings.model_validate({"address": url, "spread_s": 1, **options})
    fleet = MqttFleetStatus(settings, terminal, SystemClock(), lambda: 0.1)
    fleet.start()
    try:
        yield fleet
    finally:
        fleet.close()


def program(broker: Broker, terminal: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.kiosk.fleet.told_terminal", broker.url, terminal]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def reason(fleet: MqttFleetStatus) -> str | None:
    link = fleet.status()
    return link.reason if isinstance(link, Unavailable) else None


def test_the_newest_status_waits_for_whoever_comes_later(broker: Broker) -> None:
    with telling(broker.url, "0101") as fleet:
        fleet.publish(WELL)
        fleet.publish(closed("reader"))
        with listening(broker) as early:
            assert eventually(lambda: [s.closed_by for s in early.statuses("0101")][-1:] == ["reader"], PATIENCE_S)
        with listening(broker) as late:
            assert eventually(lambda: bool(late.statuses("0101") and late.presences("0101")), PATIENCE_S)
    assert late.statuses("0101")[0].status() == closed("reader")
    assert late.presences("0101")[0] == "here"
    assert all(each.retained for each in late.heard if each.terminal == "0101")


def test_a_change_is_told_at_once(broker: Broker) -> None:
    with listening(broker) as watcher, telling(broker.url, "0102") as fleet:
        assert watcher.becomes("0102", "here")
        for by in ("reader", "camera", "clock"):
            fleet.publish(closed(by))
        assert eventually(lambda: len(watcher.statuses("0102")) == 3, PATIENCE_S)
        assert [each.closed_by for each in watcher.statuses("0102")] == ["reader", "camera", "clock"]
        assert isinstance(fleet.status(), Ready)


def test_who_leaves_says_goodbye_and_is_not_looked_for(broker: Broker) -> None:
    with listening(broker) as watcher:
        with telling(broker.url, "0103"):
            assert watcher.becomes("0103", "here")
        assert watcher.becomes("0103", "goodbye")
    with listening(broker) as later:
        assert later.becomes("0103", "goodbye")
    assert watcher.presences("0103") == ["here", "goodbye"]


def test_the_broker_tells_of_a_terminal_whose_program_was_killed(broker: Broker) -> None:
    with listening(broker) as watcher, program(broker, "0104") as terminal:
        assert watcher.becomes("0104", "here")
        assert eventually(lambda: bool(watcher.statuses("0104")), PATIENCE_S), "it has told how it is before it dies"
        terminal.send_signal(signal.SIGKILL)
        assert watcher.becomes("0104", "lost")
        assert watcher.statuses("0104")[-1].status() == WELL


def test_the_same_program_ended_in_order_is_not_called_lost(broker: Broker) -> None:
    with listening(broker) as watcher, program(broker, "0105") as terminal:
        assert watcher.becomes("0105", "here")
        terminal.communicate()
        assert watcher.becomes("0105", "goodbye")
        assert "lost" not in watcher.presences("0105")


def test_a_terminal_comes_back_to_its_broker_with_the_newest_status_alone() -> None:
    with plain_broker() as broker, telling(broker.url, "0106") as fleet:
        with listening(broker) as before:
            fleet.publish(WELL)
            assert eventually(lambda: bool(before.statuses("0106")), PATIENCE_S)
        broker.stop(signal.SIGKILL)
        assert eventually(lambda: isinstance(fleet.status(), Unavailable), PATIENCE_S)
        for by in ("reader", "camera"):
            fleet.publish(closed(by))
        broker.start()
        with listening(broker) as after:
            assert after.becomes("0106", "here")
            assert eventually(lambda: bool(after.statuses("0106")), PATIENCE_S)
        assert [each.closed_by for each in after.statuses("0106")] == ["camera"]
        assert isinstance(fleet.status(), Ready)


def test_nobody_writes_for_another_terminal(broker: Broker) -> None:
    """The broker does not give on what its rules forbid, and says so to the writer."""
    with listening(broker) as watcher, telling(broker.url, "0107") as forger:
        assert watcher.becomes("0107", "here")
        for topic in (status_topic("0108"), presence_topic("0108"), "kiosk/v1/terminals/0107/other", "kiosk/v1/all"):
            answer = forger._client.publish(topic, b"{}", qos=1, retain=True)
            answer.wait_for_publish(PATIENCE_S)
        assert eventually(lambda: reason(forger) == "may-not-tell", PATIENCE_S)
        forger.publish(WELL)
        assert eventually(lambda: bool(watcher.statuses("0107")), PATIENCE_S)
    assert not watcher.presences("0108")
    assert not watcher.statuses("0108")
    assert not watcher.strange


def test_a_terminal_hears_of_no_other(broker: Broker) -> None:
    with telling(broker.url, "0109") as fleet, listening(broker, "0110") as curious, listening(broker) as gateway:
        fleet.publish(WELL)
        assert eventually(lambda: bool(gateway.statuses("0109")), PATIENCE_S)
        assert not curious.heard


def test_without_a_broker_nobody_waits_and_a_technician_reads_why() -> None:
    with telling(f"mqtt://localhost:{free_port()}", "0111") as fleet:
        for _ in range(1000):
            fleet.publish(WELL)
        assert eventually(lambda: isinstance(fleet.status(), Unavailable), PATIENCE_S)
        link = fleet.status()
        assert isinstance(link, Unavailable)
        assert (link.reason, "fleet.address" in link.remedy) == ("no-link", True)
        assert not fleet._client._out_messages, "nothing piles up"


def test_before_its_start_the_link_is_tried_at_once(broker: Broker) -> None:
    """As `kiosk doctor` does, beside a terminal that runs."""
    with listening(broker) as watcher:
        with telling(broker.url, "0112"):
            assert watcher.becomes("0112", "here")
            asked = MqttFleetStatus(FleetSettings(address=broker.url), "0112", SystemClock(), lambda: 0.0)
            assert isinstance(asked.status(), Ready)
            asked.close()
        assert watcher.becomes("0112", "goodbye")
    assert watcher.presences("0112") == ["here", "goodbye"]


def test_a_closed_terminal_holds_no_socket() -> None:
    held = _descriptors()
    with telling("mqtt://127.0.0.1:9", "0114"):
        assert _descriptors() > held
    assert _descriptors() == held


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_an_address_where_something_else_answers_is_not_a_broker() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.listen()
        with telling(f"mqtt://127.0.0.1:{mute.getsockname()[1]}", "0113") as fleet:
            connection, _ = mute.accept()
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()
            assert eventually(lambda: isinstance(fleet.status(), Unavailable), PATIENCE_S)
