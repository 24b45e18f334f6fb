"""Thousands of MQTT 5 terminals in one thread: each a socket, a last will, and packets written by hand."""

import selectors
import socket
from collections.abc import Callable, Iterable
from struct import pack

from kiosk.wire.fleet import presence_topic, status_topic

_AT_ONCE = 256
_CONNACK, _PUBACK = 0x20, 0x40
_WILL_RETAIN_QOS1_CLEAN_USER = 0x80 | 0x20 | 0x08 | 0x04 | 0x02
_PATIENCE_S = 60.0


class Terminals:
    """Raises TimeoutError when the broker is silent for a minute, ConnectionError when it ends a connection."""

    def __init__(self, port: int, numbers: Iterable[str], will: bytes, keepalive_s: int) -> None:
        self._port = port
        self._numbers = tuple(numbers)
        self._will = will
        self._keepalive_s = keepalive_s
        self._sockets: dict[str, socket.socket] = {}

    def connect(self) -> None:
        """All of them, so many at once as a broker's backlog takes."""
        self._each(self._numbers, _CONNACK, self._begin)

    def publish(self, payload: Callable[[str], bytes]) -> None:
        """A status of every terminal; returns when the broker has acknowledged all."""

        def send(number: str) -> socket.socket:
            line = self._sockets[number]
            line.sendall(_publish(status_topic(number), payload(number)))
            return line

        self._each(self._numbers, _PUBACK, send)

    def break_off(self) -> None:
        """As when the power goes: without a word."""
        for line in self._sockets.values():
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, pack("ii", 1, 0))
            line.close()
        self._sockets.clear()

    def _begin(self, number: str) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self._port), _PATIENCE_S)
        line.sendall(_connect(number, presence_topic(number), self._will, self._keepalive_s))
        self._sockets[number] = line
        return line

    def _each(self, numbers: Iterable[str], answer: int, begin: Callable[[str], socket.socket]) -> None:
        waiting, coming = 0, iter(numbers)
        with selectors.DefaultSelector() as selector:
            while True:
                while waiting < _AT_ONCE and (number := next(coming, None)) is not None:
                    selector.register(begin(number), selectors.EVENT_READ)
                    waiting += 1
                if not waiting:
                    return
                ready = selector.select(_PATIENCE_S)
                if not ready:
                    raise TimeoutError("the broker does not answer")
                for key, _ in ready:
                    line = key.fileobj
                    assert isinstance(line, socket.socket)
                    _expect(line.recv(256), answer)
                    selector.unregister(line)
                    waiting -= 1


def _expect(packet: bytes, answer: int) -> None:
    """A reason code of 0x80 or more is a refusal: byte 3 of a CONNACK, byte 4 of a PUBACK that has one."""
    place = 3 if answer == _CONNACK else 4
    if not packet or packet[0] & 0xF0 != answer or (packet[1] > place - 2 and packet[place] >= 0x80):
        raise ConnectionError("the broker refused")


def _connect(number: str, topic: str, will: bytes, keepalive_s: int) -> bytes:
    head = _text(b"MQTT") + pack("!BBHB", 5, _WILL_RETAIN_QOS1_CLEAN_USER, keepalive_s, 0)
    name = _text(number.encode())
    return _packet(0x10, head + name + b"\0" + _text(topic.encode()) + _text(will) + name)


def _publish(topic: str, payload: bytes) -> bytes:
    """QoS 1, retained, always under packet number 1: one is on its way at a time."""
    return _packet(0x33, _text(topic.encode()) + pack("!HB", 1, 0) + payload)


def _text(data: bytes) -> bytes:
    return pack("!H", len(data)) + data


def _packet(kind: int, rest: bytes) -> bytes:
    length, digits = len(rest), bytearray()
    while True:
        length, digit = divmod(length, 128)
        digits.append(digit | (0x80 if length else 0))
        if not length:
            return bytes((kind, *digits)) + rest
