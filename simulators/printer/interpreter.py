"""The command interpreter: consumes received bytes in order and drives the mechanism.

Known commands: ``ESC @``, ``ESC J``, ``LF``, ``GS v 0``, ``GS V``, ``GS P``, ``GS a``, ``GS r``, ``GS ( H`` and the
real-time commands, which the receiver has obeyed already. Every other byte is counted and shown, never guessed.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np

from simulators.printer import status_bytes
from simulators.printer.mechanism import Mechanism

_LINE_SPACING = 30
_UNITS_PER_INCH = 406
_DOTS_PER_INCH = 203
_CUTTER_GAP_DOTS = 96
_UNKNOWN_SHOWN = 64


class Source(Protocol):
    def take(self, count: int) -> bytes | None:
        """Blocks for exactly ``count`` bytes; None when the data in hand was cancelled."""


class Interpreter:
    """``answer`` sends bytes to the host."""

    def __init__(self, mechanism: Mechanism, answer: Callable[[bytes], None]) -> None:
        self._mechanism = mechanism
        self._answer = answer
        self._unit = _UNITS_PER_INCH
        self.auto_status = False
        self.unknown_count = 0
        self.unknown = bytearray()

    def run(self, source: Source) -> None:
        """Works commands off until the source is cancelled or ended."""
        while self._step(source):
            pass

    def _step(self, source: Source) -> bool:
        head = source.take(1)
        if head is None:
            return False
        match head:
            case b"\x1b":
                return self._escape(source)
            case b"\x1d":
                return self._group(source)
            case b"\x10":
                return self._skip_real_time(source)
            case b"\n":
                return self._mechanism.feed(_LINE_SPACING)
            case _:
                self._count_unknown(head)
                return True

    def _escape(self, source: Source) -> bool:
        code = source.take(1)
        match code:
            case None:
                return False
            case b"@":
                self._unit = _UNITS_PER_INCH
                self.auto_status = False
                return True
            case b"J":
                units = source.take(1)
                return units is not None and self._mechanism.feed(units[0] * _DOTS_PER_INCH // self._unit)
            case _:
                self._count_unknown(b"\x1b" + code)
                return True

    def _group(self, source: Source) -> bool:
        code = source.take(1)
        match code:
            case None:
                return False
            case b"v":
                return self._raster(source)
            case b"V":
                return self._cut(source)
            case b"P":
                units = source.take(2)
                self._unit = (units[1] or _UNITS_PER_INCH) if units else self._unit
                return units is not None
            case b"a":
                return self._auto_status(source)
            case b"r":
                return self._in_order_status(source)
            case b"(":
                return self._extended(source)
            case _:
                self._count_unknown(b"\x1d" + code)
                return True

    def _raster(self, source: Source) -> bool:
        """1D 76 30 m xL xH yL yH and y rows of x bytes, burnt as they arrive."""
        head = source.take(6)
        if head is None:
            return False
        if head[0] not in b"0" or head[1] not in (0, 48):
            self._count_unknown(b"\x1dv" + head)
            return True
        width, height = head[2] + 256 * head[3], head[4] + 256 * head[5]
        return all(self._burn(row) for row in _rows(source, width, height))

    def _burn(self, row: bytes | None) -> bool:
        if row is None:
            return False
        return self._mechanism.print_row(np.unpackbits(np.frombuffer(row, dtype=np.uint8)).astype(np.bool_))

    def _cut(self, source: Source) -> bool:
        """Function A (0, 1, 48, 49) cuts here, function B (65, 66) after feeding to the cutter and n units more."""
        mode = source.take(1)
        if mode is None:
            return False
        if mode[0] in (0, 1, 48, 49):
            return self._mechanism.cut()
        if mode[0] not in (65, 66):
            self._count_unknown(b"\x1dV" + mode)
            return True
        extra = source.take(1)
        if extra is None:
            return False
        feed = _CUTTER_GAP_DOTS + extra[0] * _DOTS_PER_INCH // self._unit
        return self._mechanism.feed(feed) and self._mechanism.cut()

    def _auto_status(self, source: Source) -> bool:
        mask = source.take(1)
        if mask is None:
            return False
        self.auto_status = mask[0] != 0
        if self.auto_status:
            self._answer(status_bytes.automatic(self._mechanism))
        return True

    def _in_order_status(self, source: Source) -> bool:
        number = source.take(1)
        if number is None:
            return False
        if number[0] in (1, 49):
            self._answer(status_bytes.paper_sensors(self._mechanism))
        else:
            self._count_unknown(b"\x1dr" + number)
        return True

    def _extended(self, source: Source) -> bool:
        """1D 28 fn pL pH and p bytes; ``H`` 30 30 id answers when everything before it is on paper."""
        head = source.take(3)
        if head is None:
            return False
        body = source.take(head[1] + 256 * head[2])
        if body is None:
            return False
        if head[:1] == b"H" and len(body) == 6 and body[:2] == b"\x30\x30":
            self._answer(status_bytes.job_end(body[2:]))
        else:
            self._count_unknown(b"\x1d(" + head + body)
        return True

    def _skip_real_time(self, source: Source) -> bool:
        """Bytes of a real-time command that stay in the buffer after they were obeyed."""
        code = source.take(1)
        match code:
            case None:
                return False
            case b"\x04" | b"\x05":
                return source.take(1) is not None
            case b"\x14":
                function = source.take(1)
                length = {1: 2, 2: 2, 8: 7}.get(function[0], 0) if function else 0
                return function is not None and source.take(length) is not None
            case _:
                self._count_unknown(b"\x10" + code)
                return True

    def _count_unknown(self, data: bytes) -> None:
        self.unknown_count += len(data)
        self.unknown += data[: _UNKNOWN_SHOWN - len(self.unknown)]


def _rows(source: Source, width: int, height: int) -> Iterator[bytes | None]:
    for _ in range(height):
        row = source.take(width)
        yield row
        if row is None:
            return
