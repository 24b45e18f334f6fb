"""A job as the pieces it is sent in: a band of raster or a line of text each, with the blank rows before it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from devices.printer.escpos.text_rows import HybridStrip
from devices.printer.escpos_commands import CUT
from devices.printer.escpos_raster import RasterCommand, encode
from devices.printer.page import Bits

DOTS_PER_MM = 8
_RASTER = b"\x1dv0"
_HEADER = 8
_WHOLE_BANDS = 1 << 16


@dataclass(frozen=True, slots=True)
class Piece:
    """``rows`` of it are black on paper; the head passes over ``advance`` rows, the blank ones too."""

    data: bytes
    rows: int
    advance: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """``bands`` in the order of the paper, ``length_mm`` of paper with every cutter gap, ``rows`` of dots with the
    blank ones, ``digest`` the SHA-256 of the dots, and of the bytes of text between them, in hex."""

    bands: tuple[Piece, ...]
    rows: int
    length_mm: int
    digest: str


def cut_into_pieces(strips: Sequence[Bits | HybridStrip], cutter_mm: int, most_bytes: int = _WHOLE_BANDS) -> Pieces:
    """Every strip but the last ends with its cut; the job cuts the last when it knows that all is printed. A band of
    more than ``most_bytes`` is sent as several."""
    bands: list[Piece] = []
    digest = hashlib.sha256()
    rows = 0
    for number, strip in enumerate(strips):
        bits, text = (strip.bits, strip.text) if isinstance(strip, HybridStrip) else (strip, ())
        digest.update(np.packbits(bits, axis=1).tobytes() + b"".join(row.data for row in text))
        bands_of_strip = strip.commands() if isinstance(strip, HybridStrip) else encode(strip)
        commands = [part for command in bands_of_strip for part in _parted(command, most_bytes)]
        bands.extend(_joined(commands, CUT if number < len(strips) - 1 else b""))
        rows += len(bits)
    return Pieces(tuple(bands), rows, -(-rows // DOTS_PER_MM) + cutter_mm * len(strips), digest.hexdigest())


def _parted(command: RasterCommand, most_bytes: int) -> Iterator[RasterCommand]:
    """A ``GS v 0`` as shorter ones, of a row at least; no header of them makes a real-time pair with what it meets."""
    data = command.data
    if len(data) <= most_bytes or not data.startswith(_RASTER):
        yield command
        return
    width = int.from_bytes(data[4:6], "little")
    most = max(1, (most_bytes - _HEADER) // width)
    for top in range(0, command.rows, most):
        rows = min(most, command.rows - top)
        dots = data[_HEADER + top * width : _HEADER + (top + rows) * width]
        yield RasterCommand(data[:6] + rows.to_bytes(2, "little") + dots, rows)


def _joined(commands: Sequence[RasterCommand], end: bytes) -> list[Piece]:
    """Feeds go with the band after them, or the last one."""
    bands: list[Piece] = []
    feeds, fed = b"", 0
    for command in commands:
        if command.rows:
            bands.append(Piece(feeds + command.data, command.rows, fed + command.rows))
            feeds, fed = b"", 0
        else:
            feeds += command.data
            fed += command.feed
    last = bands.pop() if bands else Piece(b"", 0, 0)
    return [*bands, Piece(last.data + feeds + end, last.rows, last.advance + fed)]
