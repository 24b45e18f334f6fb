"""Commands and answers of ISO/IEC 7816-4 and what T=0 adds to them: 61xx and 6Cxx. Only reading commands exist here."""

from collections.abc import Callable
from dataclasses import dataclass, field

from devices.smart_card.pcsc.service import Trouble

OK = 0x9000
_MORE, _WRONG_LENGTH = 0x61, 0x6C
_LONGEST_CHAIN = 16

Transmit = Callable[[bytes], bytes | Trouble]


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` is SW1 SW2 as one number."""

    data: bytes = field(repr=False)
    status: int


@dataclass(frozen=True, slots=True)
class NoStatus:
    """Fewer than two bytes came, or answers that never end."""


def select(name: bytes, p1: int) -> bytes:
    """SELECT by ``p1``: 04 an application by name, 02 a file of the application, 00 any file. No Le: T=0 has none."""
    return bytes((0x00, 0xA4, p1, 0x00, len(name))) + name


def read_record(p1: int, p2: int) -> bytes:
    """READ RECORD of a record as long as it is: ``p1`` is its identifier or number, as ``p2`` says."""
    return bytes((0x00, 0xB2, p1, p2, 0x00))


def exchange(transmit: Transmit, command: bytes) -> Answer | NoStatus | Trouble:
    """The whole answer to ``command``: fetched with GET RESPONSE where the card announces it (61xx), asked for again
    with the length that the card names (6Cxx)."""
    data = b""
    for _ in range(_LONGEST_CHAIN):
        raw = transmit(command)
        if isinstance(raw, Trouble):
            return raw
        if len(raw) < 2:
            return NoStatus()
        data += raw[:-2]
        kind, length = raw[-2:]
        if kind == _MORE:
            command = bytes((0x00, 0xC0, 0x00, 0x00, length))
        elif kind == _WRONG_LENGTH and len(command) == 5:
            command = command[:4] + bytes((length,))
        else:
            return Answer(data, kind << 8 | length)
    return NoStatus()
