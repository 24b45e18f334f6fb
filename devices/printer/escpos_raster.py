"""Black and white dots as ESC/POS bytes: ``GS v 0`` bands, blank rows fed, real-time pairs masked.

Epson printers obey ``DLE EOT``, ``DLE ENQ`` and ``DLE DC4`` wherever the bytes occur, also inside raster data
(TM-T88III programmer's guide, p. 82), and nearly every second Chinese page holds such a pair. There the DLE (0x10)
becomes 0x11: one dot more, and codes still read.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from devices.printer.escpos_commands import CUT, INITIALISE, MOTION_UNIT_ONE_DOT
from devices.printer.page import Bits

BAND_ROWS = 256
_FEED_MAX = 255
_SHORTEST_FEED = 8
_DLE, _MASKED = 0x10, 0x11
_REAL_TIME = (0x04, 0x05, 0x14)


@dataclass(frozen=True, slots=True)
class RasterCommand:
    """Bytes to send in one piece; with them ``rows`` rows are black on paper (0 for a feed)."""

    data: bytes
    rows: int


def encode(bits: Bits) -> tuple[RasterCommand, ...]:
    """``bits`` has shape (rows, dots). Blank stretches of 8 rows or more are fed with ``ESC J`` (in dots: the job sets
    the motion unit), bands are trimmed on the right to the last byte with a black dot."""
    packed = np.packbits(bits, axis=1)
    commands: list[RasterCommand] = []
    for start, end, blank in _stretches(np.asarray(packed.any(axis=1))):
        if blank:
            commands.extend(_feeds(end - start))
        else:
            commands.extend(_band(packed[top : min(top + BAND_ROWS, end)]) for top in range(start, end, BAND_ROWS))
    return tuple(commands)


def page_bytes(bits: Bits) -> bytes:
    """A whole job for a printer nobody listens to: set up, raster, cut."""
    raster = b"".join(command.data for command in encode(bits))
    return INITIALISE + MOTION_UNIT_ONE_DOT + raster + CUT


def _stretches(inked: npt.NDArray[np.bool_]) -> list[tuple[int, int, bool]]:
    """(first row, end, blank) in order; blank stretches too short to feed belong to the inked ones around them."""
    edges = np.flatnonzero(np.diff(inked)) + 1
    bounds = [0, *edges.tolist(), len(inked)]
    stretches: list[tuple[int, int, bool]] = []
    for start, end in pairwise(bounds):
        if start == end:
            continue
        blank = not inked[start] and end - start >= _SHORTEST_FEED
        if stretches and not blank and not stretches[-1][2]:
            stretches[-1] = (stretches[-1][0], end, False)
        else:
            stretches.append((start, end, blank))
    return stretches


def _feeds(rows: int) -> list[RasterCommand]:
    whole, rest = divmod(rows, _FEED_MAX)
    steps = [_FEED_MAX] * whole + ([rest] if rest else [])
    return [RasterCommand(bytes((0x1B, 0x4A, step)), 0) for step in steps]


def _band(packed: npt.NDArray[np.uint8]) -> RasterCommand:
    columns = np.flatnonzero(packed.any(axis=0))
    width = int(columns[-1]) + 1 if columns.size else 1
    rows = len(packed)
    header = bytes((0x1D, 0x76, 0x30, 0x00, width & 0xFF, width >> 8, rows & 0xFF, rows >> 8))
    return RasterCommand(header + _masked(packed[:, :width]), rows)


def _masked(packed: npt.NDArray[np.uint8]) -> bytes:
    data = packed.flatten()
    live = (data[:-1] == _DLE) & np.isin(data[1:], _REAL_TIME)
    data[:-1][live] = _MASKED
    return data.tobytes()
