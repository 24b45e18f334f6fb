"""What an Epson printer sends back, told apart by its fixed bits (TM-T88III programmer's guide, appendix G).

Real-time status 0xx1xx10; automatic status 0xx1xx00 and three bytes 0xx0xxxx; XON 11, XOFF 13; in-order status
0xx0xxxx; and blocks that open with 35, 37, 3B, 3D or 5F and end with 00. Real-time bytes and flow control may fall
between the bytes of an automatic status. Custom's full status (KPM210 manual, ``DLE EOT 20``) is 10 0F and four bytes
of any value: no automatic status has 0F, every error at once, after a first byte without one.
"""

from dataclasses import dataclass

from devices.printer.escpos_status import error_trouble

_BLOCK_HEADS = frozenset((0x35, 0x37, 0x3B, 0x3D, 0x5F))
_BLOCK_MAX = 80


@dataclass(frozen=True, slots=True)
class RealTimeStatus:
    """The answer to ``DLE EOT n``; which n it answers only the order tells."""

    value: int


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """The four bytes of an automatic status (ASB)."""

    data: bytes

    @property
    def trouble(self) -> str | None:
        """A stable word when the printer cannot go on printing, None while it can. It goes on by itself after
        head-hot."""
        first, second, third, _ = self.data
        if third & 0x0C:
            return "media-empty"
        if first & 0x20:
            return "cover-open"
        return error_trouble(second) or ("offline" if first & 0x08 else None)

    @property
    def paper_low(self) -> bool:
        return bool(self.data[2] & 0x03)


@dataclass(frozen=True, slots=True)
class JobEnd:
    """37 22 d1 d2 d3 d4 00: everything before this job's mark is on paper."""

    job_id: bytes


@dataclass(frozen=True, slots=True)
class BuffersCleared:
    """37 25 00."""


@dataclass(frozen=True, slots=True)
class InOrderStatus:
    """The answer to ``GS r`` or ``GS I``."""

    value: int


@dataclass(frozen=True, slots=True)
class FullStatus:
    """The four bytes after 10 0F: paper, user, recoverable and unrecoverable errors."""

    data: bytes

    @property
    def at_mouth(self) -> bool:
        """A paper is in the printer's mouth."""
        return bool(self.data[0] & 0x20)

    @property
    def jammed(self) -> bool:
        return bool(self.data[2] & 0x40)


@dataclass(frozen=True, slots=True)
class Named:
    """The answer to ``GS I 66`` and above: maker, model, serial number or font, as the printer writes it."""

    text: str


@dataclass(frozen=True, slots=True)
class FlowControl:
    """XOFF when ``stop``, else XON."""

    stop: bool


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """Bytes that belong to nothing the job asked for."""

    data: bytes


Answer = (
    RealTimeStatus
    | AutoStatus
    | JobEnd
    | BuffersCleared
    | InOrderStatus
    | FullStatus
    | Named
    | FlowControl
    | Unrecognised
)


class AnswerDemultiplexer:
    """Feed it what arrives, in any pieces; it keeps what is not complete yet."""

    def __init__(self) -> None:
        self._auto = bytearray()
        self._block = bytearray()
        self._full: bytearray | None = None

    def feed(self, data: bytes) -> list[Answer]:
        answers: list[Answer] = []
        for byte in data:
            answers.extend(self._take(byte))
        return answers

    def _take(self, byte: int) -> list[Answer]:
        if self._block:
            return self._take_block_byte(byte)
        if self._full is not None:
            self._full.append(byte)
            return self._finished_full(self._full)
        if byte in (0x11, 0x13):
            return [FlowControl(byte == 0x13)]
        if byte & 0x93 == 0x12:
            return [RealTimeStatus(byte)]
        if self._auto == b"\x10" and byte == 0x0F:
            self._auto, self._full = bytearray(), bytearray()
            return []
        if self._auto and byte & 0x90 == 0:
            self._auto.append(byte)
            return self._finished_auto() if len(self._auto) == 4 else []
        broken = self._abandoned_auto()
        if byte & 0x93 == 0x10:
            self._auto.append(byte)
        elif byte in _BLOCK_HEADS:
            self._block.append(byte)
        elif byte & 0x90 == 0:
            broken.append(InOrderStatus(byte))
        else:
            broken.append(Unrecognised(bytes((byte,))))
        return broken

    def _take_block_byte(self, byte: int) -> list[Answer]:
        self._block.append(byte)
        if byte and len(self._block) < _BLOCK_MAX:
            return []
        block, self._block = bytes(self._block), bytearray()
        return [_block(block)]

    def _finished_full(self, data: bytearray) -> list[Answer]:
        if len(data) < 4:
            return []
        self._full = None
        return [FullStatus(bytes(data))]

    def _finished_auto(self) -> list[Answer]:
        data, self._auto = bytes(self._auto), bytearray()
        return [AutoStatus(data)]

    def _abandoned_auto(self) -> list[Answer]:
        if not self._auto:
            return []
        data, self._auto = bytes(self._auto), bytearray()
        return [Unrecognised(data)]


def _block(block: bytes) -> Answer:
    if block == b"\x37\x25\x00":
        return BuffersCleared()
    if len(block) == 7 and block[:2] == b"\x37\x22":
        return JobEnd(block[2:6])
    if block[0] == 0x5F:
        return Named(block[1:-1].decode("ascii", "replace"))
    return Unrecognised(block)
