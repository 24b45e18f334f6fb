"""The cable carries, refuses when cut, and carries again on the same port."""

import socket
import threading
from collections.abc import Iterator

import pytest

from simulators.link.relay import Relay


@pytest.fixture
def echo() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    while data := connection.recv(1024):
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
