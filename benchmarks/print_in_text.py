"""What a printer with a proven Chinese font saves: bytes of a paper in dots alone, and with its plain lines as text."""

from dataclasses import dataclass

from devices.printer.escpos.gb18030 import Coverage
from devices.printer.escpos.text_rows import hybrid
from devices.printer.escpos_raster import RasterCommand, encode
from devices.printer.page import Page
from devices.printer.rasterise import rasterise

_BITS_OF_A_BYTE = 10
"""On a serial line: a start bit, eight of the byte, a stop bit."""


@dataclass(frozen=True, slots=True)
class InText:
    """``dots`` and ``mixed`` are the bytes of the same page; ``lines`` of it go as text."""

    dots: int
    mixed: int
    lines: int


def in_text(page: Page, coverage: Coverage = Coverage.GB2312) -> InText:
    """Needs a QGuiApplication and its fonts."""
    strip = hybrid(page, coverage)
    return InText(_size(encode(rasterise(page))), _size(strip.commands()), len(strip.text))


def line_seconds(count: int, baud: int = 115200) -> float:
    """Of ``count`` bytes on a serial line that never rests."""
    return count * _BITS_OF_A_BYTE / baud


def _size(commands: tuple[RasterCommand, ...]) -> int:
    return sum(len(command.data) for command in commands)
