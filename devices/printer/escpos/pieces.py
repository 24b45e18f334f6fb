"""A job as the pieces it is sent in: a band of raster or a line of text each, with the blank rows before it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from devices.printer.escpos.text_rows import HybridStrip
from devices.printer.escpos_commands import CUT
from devices.printer.escpos_raster import RasterCommand, encode
from devices.printer.page import Bits

DOTS_PER_MM = 8


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


def cut_into_pieces(strips: Sequence[Bits | HybridStrip], cutter_mm: int) -> Pieces:
    """Every strip but the last ends with its cut; the job cuts the last when it knows that all is printed."""
    bands: list[Piece] = []
    digest = hashlib.sha256()
    rows = 0
    for number, strip in enumerate(strips):
        bits, text = (strip.bits, strip.text) if isinstance(strip, HybridStrip) else (strip, ())
        digest.update(np.packbits(bits, axis=1).tobytes() + b"".join(row.data for row in text))
        commands = strip.commands() if isinstance(strip, HybridStrip) else encode(strip)
        bands.extend(_joined(commands, CUT if number < len(strips) - 1 else b""))
        rows += len(bits)
    return Pieces(tuple(bands), rows, -(-rows // DOTS_PER_MM) + cutter_mm * len(strips), digest.hexdigest())


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
