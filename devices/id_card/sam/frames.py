"""Frames between host and reader, GA/T 467-2019 chapter 7.

request ``AA AA AA 96 69 LEN2 CMD PARA [data] XOR``, answer ``AA AA AA 96 69 LEN2 SW1 SW2 SW3 [data] XOR``; LEN counts
what follows it, XOR covers LEN to the last data byte.
"""

from dataclasses import dataclass, field
from enum import Enum
from functools import reduce
from operator import xor

_PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
_SYNC = b"\xaa\xaa\x96\x69"
"""A receiver may lose the first byte, so four of the five are enough."""

_SHORTEST, _LONGEST = 4, 4089


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole answer with the right check byte. ``card_status`` is SW1 SW2, ``status`` SW3."""

    card_status: int
    status: int
    data: bytes = field(repr=False)


class Defect(Enum):
    """Why bytes that began like an answer are none."""

    BAD_CHECKSUM = "bad-checksum"
    BAD_LENGTH = "bad-length"


def request_frame(command: int) -> bytes:
    """The request for ``command``: CMD and PARA as one number, 0x2001 finds a card."""
    body = b"\x00\x03" + command.to_bytes(2, "big")
    return _PREAMBLE + body + bytes([reduce(xor, body)])


class FrameParser:
    """Takes bytes as they come and gives frames and defects in order; never more than one frame is held."""

    def __init__(self) -> None:
        self._held = bytearray()

    @property
    def inside_frame(self) -> bool:
        """True while a preamble has been seen and its frame is not complete."""
        return self._held.startswith(_SYNC)

    def feed(self, data: bytes) -> list[Frame | Defect]:
        self._held += data
        found: list[Frame | Defect] = []
        while (item := self._next()) is not None:
            found.append(item)
        return found

    def _next(self) -> Frame | Defect | None:
        start = self._held.find(_SYNC)
        if start < 0:
            del self._held[: max(0, len(self._held) - len(_SYNC) + 1)]
            return None
        del self._held[:start]
        body_start = len(_SYNC) + 2
        if len(self._held) < body_start:
            return None
        length = int.from_bytes(self._held[len(_SYNC) : body_start], "big")
        if not _SHORTEST <= length <= _LONGEST:
            return self._reject(Defect.BAD_LENGTH)
        end = body_start + length
        if len(self._held) < end:
            return None
        if reduce(xor, self._held[len(_SYNC) : end]) != 0:
            return self._reject(Defect.BAD_CHECKSUM)
        body = bytes(self._held[body_start : end - 1])
        del self._held[:end]
        return Frame(int.from_bytes(body[:2], "big"), body[2], body[3:])

    def _reject(self, defect: Defect) -> Defect:
        """Gives up this preamble only: the length may be what was garbled, and a true frame lie inside."""
        del self._held[: len(_SYNC)]
        return defect
