"""Black and white dots as ESC/POS bytes: ``GS v 0`` bands, blank rows fed, real-time pairs masked.

Epson printers obey ``DLE EOT``, ``DLE ENQ`` and ``DLE DC4`` wherever the bytes occur, also inside raster data
(TM-T88III programmer's guide, p. 82), and nearly every second Chinese page holds such a pair. There the DLE (0x10)
becomes 0x11: one dot more, and codes still read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from devices.printer.escpos_commands import CUT, INITIALISE, MOTION_UNIT_ONE_DOT
from devices.printer.page import Bits

BAND_ROWS = 256
_FEED_MAX = 255
_WORD = 8
_HEADER = Struct("<4sHH")
_SHORTEST_FEED = 8
_DLE, _MASKED = 0x10, 0x11
_REAL_TIME = np.isin(np.arange(256), (0x04, 0x05, 0x14))


class RasterCommand(NamedTuple):
    """Bytes to send in one piece; with them ``rows`` rows are black on paper, or ``feed`` rows stay blank."""

    data: bytes
    rows: int
    feed: int = 0


@dataclass(frozen=True, slots=True)
class Savings:
    """What is done beyond packing dots into bands; with all of it off the bytes are python-escpos's."""

    feed_blank: bool = True
    trim: bool = True
    mask: bool = True


_ALL = Savings()


def encode(bits: Bits, savings: Savings = _ALL) -> tuple[RasterCommand, ...]:
    """``bits`` has shape (rows, dots). Blank stretches of 8 rows or more are fed with ``ESC J`` (in dots: the job sets
    the motion unit), bands are trimmed on the right to the last byte with a black dot."""
    packed = np.packbits(bits, axis=1)
    words = packed.view(np.uint64) if packed.shape[1] % _WORD == 0 else packed
    bands = _bands(_inked(words) if savings.feed_blank else np.ones(len(words), dtype=np.bool_))
    if not bands:
        return ()
    widths = _inked_widths(words, [top for top, _, _ in bands]) if savings.trim else [packed.shape[1]] * len(bands)
    pieces = [
        _feed(end - top) if blank else _raster(packed[top:end, :width], end - top, width)
        for (top, end, blank), width in zip(bands, widths, strict=True)
    ]
    rows = [0 if blank else end - top for top, end, blank in bands]
    feeds = [end - top if blank else 0 for top, end, blank in bands]
    return tuple(map(RasterCommand, _masked(pieces) if savings.mask else pieces, rows, feeds))


def page_bytes(bits: Bits) -> bytes:
    """A whole job for a printer nobody listens to: set up, raster, cut."""
    raster = b"".join(command.data for command in encode(bits))
    return INITIALISE + MOTION_UNIT_ONE_DOT + raster + CUT


def _stretches(inked: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int, bool]]:
    """(first row, end, blank) in order; blank stretches too short to feed belong to the inked ones around them."""
    if not len(inked):
        return iter(())
    edges = np.flatnonzero(inked[1:] != inked[:-1])
    bounds = np.zeros(len(edges) + 2, dtype=np.intp)
    bounds[1:-1] = edges + 1
    bounds[-1] = len(inked)
    starts = bounds[:-1]
    blank = ~inked[starts] & (bounds[1:] - starts >= _SHORTEST_FEED)
    begins = blank.copy()
    begins[1:] |= blank[:-1]
    begins[0] = True
    tops = starts[begins].tolist()
    return zip(tops, (*tops[1:], len(inked)), blank[begins].tolist(), strict=True)


def _bands(inked: npt.NDArray[np.bool_]) -> list[tuple[int, int, bool]]:
    """The stretches, in pieces that one command takes."""
    bands: list[tuple[int, int, bool]] = []
    for stretch in _stretches(inked):
        start, end, blank = stretch
        most = _FEED_MAX if blank else BAND_ROWS
        if end - start <= most:
            bands.append(stretch)
        else:
            bands.extend((top, min(top + most, end), blank) for top in range(start, end, most))
    return bands


def _inked(words: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which rows hold ink; taken together column by column, as rows are short."""
    together = np.bitwise_or.reduce(np.ascontiguousarray(words.T), axis=0)
    return np.asarray(together != 0)


def _inked_widths(words: npt.NDArray[Any], tops: list[int]) -> list[int]:
    """In bytes, of the bands that begin at ``tops``."""
    inked = np.bitwise_or.reduceat(words, tops, axis=0).view(np.uint8) != 0
    widths: list[int] = np.maximum(1, inked.shape[1] - inked[:, ::-1].argmax(axis=1)).tolist()
    return widths


def _feed(rows: int) -> bytes:
    return b"\x1bJ%c" % rows


def _raster(packed: npt.NDArray[np.uint8], rows: int, width: int) -> bytes:
    return _HEADER.pack(b"\x1dv0\0", width, rows) + packed.tobytes()


def _masked(pieces: list[bytes]) -> list[bytes]:
    """All at once: no header and no feed of ours holds a pair, nor does one begin at the end of a band."""
    data = np.frombuffer(bytearray().join(pieces), dtype=np.uint8)
    escapes = np.flatnonzero(data[:-1] == _DLE)
    data[escapes[_REAL_TIME[data[escapes + 1]]]] = _MASKED
    safe, ends = data.tobytes(), list(accumulate(map(len, pieces)))
    return [safe[start:end] for start, end in pairwise((0, *ends))]
