"""The cable carries, refuses when cut, holds answers back, loses them, and carries again on the same port."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from simulators.link.relay import Relay


@pytest.fixture
def heard() -> list[bytes]:
    """What reached the far end."""
    return []


@pytest.fixture
def echo(heard: list[bytes]) -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    while data := connection.recv(1024):
                        heard.append(data)
                        connection.sendall(data)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[:2]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def relay(echo: tuple[str, int]) -> Iterator[Relay]:
    relay = Relay(echo)
    yield relay
    relay.cut()


def connect(relay: Relay) -> socket.socket:
    host, port = relay.address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=5)


def test_bytes_travel_both_ways(relay: Relay) -> None:
    with connect(relay) as wire:
        wire.sendall(b"hello")
        assert wire.recv(5) == b"hello"


def test_a_cut_drops_what_is_under_way_and_refuses_what_comes(relay: Relay) -> None:
    with connect(relay) as wire:
        wire.sendall(b"x")
        assert wire.recv(1) == b"x"
        relay.cut()
        assert wire.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        connect(relay)


def test_a_mended_cable_carries_on_the_same_port(relay: Relay) -> None:
    before = relay.address
    relay.cut()
    relay.restore()
    assert relay.address == before
    with connect(relay) as wire:
        wire.sendall(b"again")
        assert wire.recv(5) == b"again"


def test_a_slow_cable_brings_the_answer_late(relay: Relay) -> None:
    relay.slow(0.3)
    with connect(relay) as wire:
        wire.sendall(b"late")
        asked = time.monotonic()
        assert wire.recv(4) == b"late"
        assert time.monotonic() - asked >= 0.3


def test_a_mended_cable_brings_at_once_what_was_held_back(relay: Relay) -> None:
    relay.slow(600)
    with connect(relay) as wire:
        wire.sendall(b"held")
        wire.settimeout(0.2)
        with pytest.raises(TimeoutError):
            wire.recv(4)
        wire.settimeout(5)
        relay.restore()
        assert wire.recv(4) == b"held"


def test_a_lost_answer_ends_the_connection_although_the_request_arrived(relay: Relay, heard: list[bytes]) -> None:
    relay.lose_answers(1)
    with connect(relay) as wire:
        wire.sendall(b"lost")
        assert wire.recv(4) == b""
    assert heard == [b"lost"]
    with connect(relay) as wire:
        wire.sendall(b"kept")
        assert wire.recv(4) == b"kept"


def test_answers_are_lost_until_the_cable_is_mended(relay: Relay) -> None:
    relay.lose_answers()
    for _ in range(3):
        with connect(relay) as wire:
            wire.sendall(b"lost")
            assert wire.recv(4) == b""
    relay.restore()
    assert not relay.losing
    with connect(relay) as wire:
        wire.sendall(b"kept")
        assert wire.recv(4) == b"kept"


@pytest.mark.parametrize("change", [lambda relay: relay.slow(-1.0), lambda relay: relay.lose_answers(0)])
def test_what_no_cable_does_is_refused(relay: Relay, change: Callable[[Relay], None]) -> None:
    with pytest.raises(ValueError, match="must be"):
        change(relay)
