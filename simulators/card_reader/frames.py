"""Frames of GA/T 467-2019 chapter 7 as the reader's side sees them: requests in, answers out."""

from dataclasses import dataclass, field
from functools import reduce
from operator import xor

PREAMBLE = bytes.fromhex("AAAAAA9669")
LONGEST_REQUEST = 512
"""LEN above this is a line fault: no command of the host carries that much."""


@dataclass(frozen=True, slots=True)
class Request:
    """``code`` is CMD and PARA as one number (0x2001), ``data`` what follows them."""

    code: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BadRequest:
    """A frame the SAM refuses; ``status`` is what it answers: 0x10 wrong checksum, 0x11 wrong length."""

    status: int


def check_byte(data: bytes) -> int:
    """XOR of every byte from LEN to the last data byte."""
    return reduce(xor, data, 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` is SW3; ``card_status`` is SW1 SW2, what the card itself said."""

    status: int
    data: bytes = field(default=b"", repr=False)
    card_status: int = 0

    @property
    def frame(self) -> bytes:
        body = (len(self.data) + 4).to_bytes(2, "big") + self.card_status.to_bytes(2, "big") + bytes([self.status])
        body += self.data
        return PREAMBLE + body + bytes([check_byte(body)])


class RequestReader:
    """Collects request frames out of a byte stream."""

    def __init__(self) -> None:
        self._pending = bytearray()

    @property
    def incomplete(self) -> bool:
        return bool(self._pending)

    def clear(self) -> None:
        self._pending.clear()

    def feed(self, data: bytes) -> list[Request | BadRequest]:
        self._pending += data
        found: list[Request | BadRequest] = []
        while (request := self._next()) is not None:
            found.append(request)
        return found

    def _next(self) -> Request | BadRequest | None:
        start = self._pending.find(PREAMBLE)
        if start < 0:
            del self._pending[: max(0, len(self._pending) - len(PREAMBLE) + 1)]
            return None
        del self._pending[:start]
        if len(self._pending) < 7:
            return None
        length = int.from_bytes(self._pending[5:7], "big")
        if not 3 <= length <= LONGEST_REQUEST:
            del self._pending[:7]
            return BadRequest(0x11)
        if len(self._pending) < 7 + length:
            return None
        body = bytes(self._pending[5 : 7 + length])
        del self._pending[: 7 + length]
        if check_byte(body) != 0:
            return BadRequest(0x10)
        return Request(int.from_bytes(body[2:4], "big"), body[4:-1])
