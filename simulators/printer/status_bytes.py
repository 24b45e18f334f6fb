"""Status answers, bit by bit from the programmer's guides: Epson TM-T88III (chapters DLE EOT, GS a) and, for the
presenter, Custom KPM210 (GS e) and KPM300 (DLE EOT 20)."""

from simulators.printer.mechanism import Mechanism, PaperSupply

_NEAR_END_SENSORS = 0b0000_1100
_END_SENSORS = 0b0110_0000


def real_time(number: int, mechanism: Mechanism) -> bytes:
    """The answer to ``DLE EOT number``; nothing for a number the printer does not know."""
    out = mechanism.supply is PaperSupply.OUT
    match number:
        case 1:
            bits = _bit(3, mechanism.stopped)
        case 2:
            bits = _bit(2, mechanism.cover_open) | _bit(5, out) | _bit(6, mechanism.in_error)
        case 3:
            bits = _bit(2, _moves_badly(mechanism)) | _bit(3, mechanism.cutter_stuck) | _bit(6, mechanism.head_hot)
        case 4:
            bits = 0 if mechanism.supply is PaperSupply.ENOUGH else _NEAR_END_SENSORS
            bits |= _END_SENSORS if out else 0
        case _:
            return b""
    return bytes((0b0001_0010 | bits,))


def automatic(mechanism: Mechanism) -> bytes:
    """The four bytes of automatic status back."""
    first = 0b0001_0000 | _bit(3, mechanism.stopped) | _bit(5, mechanism.cover_open)
    second = _bit(2, _moves_badly(mechanism)) | _bit(3, mechanism.cutter_stuck) | _bit(6, mechanism.head_hot)
    third = paper_sensors(mechanism)[0]
    return bytes((first, second, third, 0b0000_1111))


def paper_sensors(mechanism: Mechanism) -> bytes:
    """The answer to ``GS r 1``, in order with the data."""
    value = 0 if mechanism.supply is PaperSupply.ENOUGH else 0b0000_0011
    return bytes((value | (0b0000_1100 if mechanism.supply is PaperSupply.OUT else 0),))


def job_end(job_id: bytes) -> bytes:
    """The answer to ``GS ( H`` function 48."""
    return b"\x37\x22" + job_id + b"\x00"


def full(mechanism: Mechanism) -> bytes:
    """The six bytes of ``DLE EOT 20``: 10 0F, paper, user, recoverable and unrecoverable errors."""
    low = mechanism.supply is not PaperSupply.ENOUGH
    paper = _bit(0, mechanism.supply is PaperSupply.OUT) | _bit(2, low) | _bit(5, _ticket_at_output(mechanism))
    user = _bit(1, mechanism.cover_open)
    recoverable = _bit(0, mechanism.head_hot) | _bit(6, _moves_badly(mechanism))
    return bytes((0x10, 0x0F, paper, user, recoverable, _bit(0, mechanism.cutter_stuck)))


def ejector(mechanism: Mechanism) -> bytes:
    """The answer to ``GS e 6``."""
    out = mechanism.supply is PaperSupply.OUT
    bits = _bit(0, mechanism.supply is not PaperSupply.ENOUGH) | _bit(2, out)
    bits |= _bit(3, _ticket_at_output(mechanism)) | _bit(6, mechanism.in_error) | _bit(7, _moves_badly(mechanism))
    return bytes((bits,))


BUFFERS_CLEARED = b"\x37\x25\x00"


def _bit(number: int, on: bool) -> int:
    return on << number


def _moves_badly(mechanism: Mechanism) -> bool:
    return mechanism.jammed or mechanism.presenter_full


def _ticket_at_output(mechanism: Mechanism) -> bool:
    presenter = mechanism.presenter
    return presenter is not None and (presenter.mouth is not None or presenter.full)
