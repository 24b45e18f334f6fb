"""The line's time: bytes leave when the wire would have carried them, neither before nor after."""

import threading
from collections.abc import Callable
from itertools import pairwise

import pytest

from simulators.card_reader.line import Line, Pacer, Reply
from simulators.card_reader.wire import PtyWire, TcpWire, Wire

BYTE_S = 10 / 115200


class Time:
    """A clock that moves only when somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sent: list[tuple[float, bytes]] = []

    def monotonic(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        assert seconds >= 0
        self.now += seconds
        return False

    def write(self, data: bytes) -> None:
        self.sent.append((self.now, data))

    def bytes_by(self, moment: float) -> int:
        return sum(len(data) for at, data in self.sent if at <= moment)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pacer(time: Time) -> Pacer:
    return Pacer(time.monotonic, time.wait)


def test_the_answer_starts_when_the_request_has_come_in(time: Time, pacer: Pacer) -> None:
    pacer.heard(10, 115200)
    pacer.send(Reply(bytes(1295)), 115200, time.write)
    assert time.now == pytest.approx(100 + 1305 * BYTE_S, abs=2e-5)
    for at, _ in time.sent:
        whole = (at - 100) / BYTE_S - 10
        assert time.bytes_by(at) == pytest.approx(whole, abs=1.01)
        assert time.bytes_by(at) <= whole + 0.01


def test_no_byte_is_later_than_a_slice(time: Time, pacer: Pacer) -> None:
    pacer.send(Reply(bytes(1295)), 9600, time.write)
    moments = [100.0, *(at for at, _ in time.sent)]
    assert max(after - before for before, after in pairwise(moments)) <= 0.0041


def test_a_request_that_dribbles_in_is_over_with_its_last_byte(time: Time, pacer: Pacer) -> None:
    for _ in range(10):
        pacer.heard(1, 9600)
        time.wait(0.020)
    pacer.send(Reply(b"x"), 9600, time.write)
    assert time.now == pytest.approx(100.2 + 10 / 9600, abs=2e-5)


def test_answers_to_two_requests_follow_each_other(time: Time, pacer: Pacer) -> None:
    pacer.heard(20, 9600)
    for _ in range(2):
        pacer.send(Reply(bytes(11)), 9600, time.write)
    assert time.now == pytest.approx(100 + 42 * 10 / 9600, abs=2e-5)


@pytest.mark.parametrize("at", [0, 1, 5, 6, 7, 14])
def test_a_pause_holds_the_line_before_its_byte(time: Time, pacer: Pacer, at: int) -> None:
    frame = bytes(range(15))
    pacer.send(Reply(frame, ((at, 0.5),)), 115200, time.write)
    assert b"".join(data for _, data in time.sent) == frame
    assert time.bytes_by(100.4) == at
    assert time.now == pytest.approx(100.5 + 15 * BYTE_S, abs=2e-5)


def test_two_pauses_add_up(time: Time, pacer: Pacer) -> None:
    pacer.send(Reply(bytes(15), ((0, 0.7), (3, 0.1))), 115200, time.write)
    assert (time.bytes_by(100.69), time.bytes_by(100.75)) == (0, 3)
    assert time.now == pytest.approx(100.8 + 15 * BYTE_S, abs=2e-5)


def test_a_pulled_plug_drops_the_rest() -> None:
    sent: list[bytes] = []
    Pacer(lambda: 0.0, lambda _: True).send(Reply(bytes(100), ((50, 1.0),)), 9600, sent.append)
    assert sent == []


class Host:
    """A wire whose other end is the test: what it says, in order, and what it has heard."""

    address = "test"

    def __init__(self, *says: bytes) -> None:
        self._says = list(says)
        self.heard = b""
        self.closed = threading.Event()

    def arrived(self, wake: int, timeout_s: float) -> bytes | None:
        return self._says.pop(0) if self._says else None

    def write(self, data: bytes, stopped: Callable[[], bool]) -> None:
        self.heard += data

    def carries(self, baud: int) -> bool:
        return True

    def close(self) -> None:
        self.closed.set()


def served(wire: Wire, *replies: Reply) -> tuple[Line, threading.Event]:
    left, unplugged = list(replies), threading.Event()
    line = Line(wire, lambda _: [left.pop(0)], 115200, None, unplugged.set)
    line.start()
    return line, unplugged


def test_the_rate_changes_behind_the_answer() -> None:
    host = Host(b"a", b"b")
    line, _ = served(host, Reply(b"1", new_baud=9600), Reply(b"2"))
    assert host.closed.wait(10)
    assert (host.heard, line.baud) == (b"12", 9600)
    line.close()


def test_a_reply_may_pull_the_cable() -> None:
    host = Host(b"a", b"b")
    line, unplugged = served(host, Reply(b"1", unplugs=True), Reply(b"2"))
    assert unplugged.wait(10)
    assert host.closed.is_set()
    assert host.heard == b"1"
    line.close()
    assert not line.plugged


@pytest.mark.parametrize("make", [PtyWire, lambda: TcpWire(0)], ids=["pty", "tcp"])
def test_a_closed_line_ends_though_nobody_listens(make: Callable[[], Wire]) -> None:
    line, unplugged = served(make(), Reply(b""))
    line.close()
    assert not line.plugged
    assert not unplugged.is_set()
