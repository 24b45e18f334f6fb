"""A bad line harms one connection at the byte it was told to, and the next one not at all."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

import pytest

from simulators.link.relay import Relay
from simulators.link.spoil import Harm, Spoil, Way, dealt
from tests.eventually import eventually

REQUEST = b"the whole of a request" * 40 + b"\n"
ANSWER = b"the whole of an answer" * 40


class Gateway:
    """Takes a line, answers it and hangs up. ``heard`` is what came on every connection, whole or not."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        data = b""
        with connection, suppress(OSError):
            try:
                while not data.endswith(b"\n") and (more := connection.recv(4096)):
                    data += more
            finally:
                self.heard.append(data)
            if data.endswith(b"\n"):
                connection.sendall(ANSWER)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    gateway = Gateway()
    yield gateway
    gateway.close()


@pytest.fixture
def relay(gateway: Gateway) -> Iterator[Relay]:
    relay = Relay(gateway.address)
    yield relay
    relay.cut()


def ask(relay: Relay, timeout_s: float = 10) -> bytes:
    """Asks once and reads to the end. Raises what the socket raises."""
    host, port = relay.address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=timeout_s) as wire:
        wire.sendall(REQUEST)
        return b"".join(iter(lambda: wire.recv(65536), b""))


@pytest.mark.parametrize("at", [0, 1, 17, len(REQUEST) - 1])
def test_a_truncated_request_arrives_up_to_its_byte(relay: Relay, gateway: Gateway, at: int) -> None:
    relay.spoil(iter((Spoil(Harm.TRUNCATE, Way.TO_GATEWAY, at),)))
    with suppress(ConnectionError):
        assert ask(relay) == b""
    assert eventually(lambda: gateway.heard == [REQUEST[:at]])
    assert ask(relay) == ANSWER


@pytest.mark.parametrize("at", [0, 1, 17, len(ANSWER) - 1])
def test_a_truncated_answer_arrives_up_to_its_byte(relay: Relay, gateway: Gateway, at: int) -> None:
    relay.spoil(iter((Spoil(Harm.TRUNCATE, Way.BACK, at),)))
    assert ask(relay) == ANSWER[:at]
    assert gateway.heard == [REQUEST]
    assert ask(relay) == ANSWER


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("at", [0, 5, 800])
def test_a_reset_is_one(relay: Relay, way: Way, at: int) -> None:
    relay.spoil(iter((Spoil(Harm.RESET, way, at),)))
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        ask(relay)
    assert ask(relay) == ANSWER


@pytest.mark.parametrize("way", Way)
def test_what_is_dropped_leaves_the_other_side_waiting(relay: Relay, way: Way) -> None:
    relay.spoil(iter((Spoil(Harm.DROP, way, 10),)))
    with pytest.raises(TimeoutError):
        ask(relay, timeout_s=0.2)
    assert ask(relay) == ANSWER


@pytest.mark.parametrize("way", Way)
def test_what_is_delayed_comes_whole_once_the_line_is_mended(relay: Relay, way: Way) -> None:
    relay.spoil(iter((Spoil(Harm.DELAY, way, 10, 600.0),)))
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.append(ask(relay, timeout_s=60)))
    asking.start()
    assert eventually(lambda: relay.struck.total() == 1)
    assert answers == []
    relay.restore()
    asking.join()
    assert answers == [ANSWER]


@pytest.mark.parametrize("harm", [Harm.DUPLICATE, Harm.REPLAY])
def test_a_request_sent_twice_arrives_twice_and_is_answered_once(relay: Relay, gateway: Gateway, harm: Harm) -> None:
    relay.spoil(iter((Spoil(harm, Way.TO_GATEWAY, 0),)))
    assert ask(relay) == ANSWER
    assert eventually(lambda: gateway.heard == [REQUEST, REQUEST])
    assert ask(relay) == ANSWER
    assert len(gateway.heard) == 3


def test_a_connection_shorter_than_its_harm_is_spared(relay: Relay) -> None:
    relay.spoil(iter((Spoil(Harm.RESET, Way.BACK, len(ANSWER)),)))
    assert ask(relay) == ANSWER
    assert relay.struck.total() == 0


def test_every_seed_deals_its_own_hand_every_time() -> None:
    def hand(seed: int) -> list[Spoil | None]:
        return list(islice(dealt(seed, 0.5), 400))

    assert hand(1) == hand(1) != hand(2)
    assert {spoil.harm for spoil in hand(1) if spoil is not None} == set(Harm)
    assert 150 < sum(spoil is not None for spoil in hand(1)) < 250


@pytest.mark.parametrize(
    ("harm", "way", "at", "seconds"),
    [
        (Harm.RESET, Way.BACK, -1, 0.0),
        (Harm.DELAY, Way.BACK, 0, float("nan")),
        (Harm.DELAY, Way.BACK, 0, 601.0),
        (Harm.REPLAY, Way.BACK, 0, 0.0),
    ],
)
def test_what_no_line_does_is_refused(harm: Harm, way: Way, at: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        Spoil(harm, way, at, seconds)
