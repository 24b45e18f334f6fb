"""Status answers of an Epson TM printer, bit by bit from the programmer's guide (TM-T88III, chapters DLE EOT, GS a)."""

from simulators.printer.mechanism import Mechanism, PaperSupply

_NEAR_END_SENSORS = 0b0000_1100
_END_SENSORS = 0b0110_0000


def real_time(number: int, mechanism: Mechanism) -> bytes:
    """The answer to ``DLE EOT number``; nothing for a number the printer does not know."""
    match number:
        case 1:
            bits = 0b0000_1000 if mechanism.stopped else 0
        case 2:
            bits = (
                (0b0000_0100 if mechanism.cover_open else 0)
                | (0b0010_0000 if mechanism.supply is PaperSupply.OUT else 0)
                | (0b0100_0000 if mechanism.jammed else 0)
            )
        case 3:
            bits = 0b0000_1000 if mechanism.jammed else 0
        case 4:
            bits = 0 if mechanism.supply is PaperSupply.ENOUGH else _NEAR_END_SENSORS
            bits |= _END_SENSORS if mechanism.supply is PaperSupply.OUT else 0
        case _:
            return b""
    return bytes((0b0001_0010 | bits,))


def automatic(mechanism: Mechanism) -> bytes:
    """The four bytes of automatic status back."""
    first = 0b0001_0000
    first |= 0b0000_1000 if mechanism.stopped else 0
    first |= 0b0010_0000 if mechanism.cover_open else 0
    second = 0b0000_1000 if mechanism.jammed else 0
    third = 0 if mechanism.supply is PaperSupply.ENOUGH else 0b0000_0011
    third |= 0b0000_1100 if mechanism.supply is PaperSupply.OUT else 0
    return bytes((first, second, third, 0b0000_1111))


def paper_sensors(mechanism: Mechanism) -> bytes:
    """The answer to ``GS r 1``, in order with the data."""
    value = 0 if mechanism.supply is PaperSupply.ENOUGH else 0b0000_0011
    return bytes((value | (0b0000_1100 if mechanism.supply is PaperSupply.OUT else 0),))


def job_end(job_id: bytes) -> bytes:
    """The answer to ``GS ( H`` function 48."""
    return b"\x37\x22" + job_id + b"\x00"


BUFFERS_CLEARED = b"\x37\x25\x00"
