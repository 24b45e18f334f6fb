"""The command interpreter: consumes received bytes in order and drives the mechanism.

What prints is done: feeds, ``GS v 0``, ``GS ( L`` and ``GS 8 L``, ``ESC *``, cuts, and text: ASCII and GB18030 in the
built-in font, of single or double size, at the place ``ESC $`` says. Other settings of text are read and have no
effect; sizes mixed on one line stand level at the top. Every other byte is counted and shown, never guessed. Real-time
commands were obeyed when they arrived; where one stands between commands it is passed over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from simulators.printer import status_bytes
from simulators.printer.font import character_dots
from simulators.printer.line import NARROW, WIDE, Dots, PrintLine, columns, raster, stretched
from simulators.printer.mechanism import Mechanism
from simulators.printer.personality import Personality
from simulators.printer.running_ahead import Head

_LINE_SPACING_DOTS = 30
_UNITS_PER_INCH = 406
_DOTS_PER_INCH = 203
_CUTTER_GAP_DOTS = 96
_UNKNOWN_SHOWN = 64

_ESC_SETTINGS = {
    **dict.fromkeys(b" -=EGMRTUVart{", 1),
    **dict.fromkeys(b"SL<", 0),
    **dict.fromkeys(b"\\c", 2),
}
"""Parameter bytes of the ``ESC`` commands that set text up: spacing, mode, underline, bold, fonts, place, turn."""
_GS_SETTINGS = {**dict.fromkeys(b"BbfhwHT", 1), **dict.fromkeys(b"LW$\\", 2)}
_FS_SETTINGS = {**dict.fromkeys(b"!-CW", 1), ord("S"): 2}


class Source(Protocol):
    def take(self, count: int) -> bytes | None:
        """Blocks for exactly ``count`` bytes; None when the data in hand was cancelled."""


class _CancelledError(Exception):
    """The data or the work in hand was dropped."""


@dataclass(slots=True)
class Settings:
    """What ``ESC @`` takes back. ``across`` and ``down`` multiply characters; ``han`` reads two and four bytes as one
    of them, as printers for China do from the start."""

    unit: int = _UNITS_PER_INCH
    spacing: int = _LINE_SPACING_DOTS
    auto_status: bool = False
    auto_full_status: bool = False
    pulse_allowed: bool = True
    power_off_allowed: bool = False
    across: int = 1
    down: int = 1
    han: bool = True


class Interpreter:
    """``answer`` sends bytes to the host."""

    def __init__(
        self, mechanism: Mechanism, head: Head, personality: Personality, answer: Callable[[bytes], None]
    ) -> None:
        self._mechanism = mechanism
        self._head = head
        self._personality = personality
        self._answer = answer
        self._line = PrintLine(mechanism.dots)
        self._stored: Dots | None = None
        self.settings = Settings()
        self.text: list[str] = []
        self.unknown_count = 0
        self.unknown = bytearray()

    def run(self, source: Source) -> None:
        """Works commands off until the source is cancelled or ended; what the print buffer held is dropped then."""
        try:
            while True:
                self._step(source)
        except _CancelledError:
            self._drop_print_buffer()

    def initialise(self) -> None:
        """``ESC @``, and what a printer is like when it is switched on."""
        self.settings = Settings()
        self._drop_print_buffer()

    def _drop_print_buffer(self) -> None:
        self._line = PrintLine(self._mechanism.dots)
        self._stored = None

    def _step(self, source: Source) -> None:
        """An off-line printer keeps commands waiting."""
        head = _take(source, 1)
        _done(self._head.ready())
        match head:
            case b"\x1b":
                self._escape(source)
            case b"\x1d":
                self._group(source)
            case b"\x1c":
                self._chinese(source)
            case b"\x10":
                self._skip_real_time(source)
            case b"\n":
                self._print_line()
            case b"\r" | b"\x00":
                pass
            case _:
                self._character(source, head)

    # Text

    def _character(self, source: Source, head: bytes) -> None:
        """ASCII, GB18030 of two or four bytes, or outside of Chinese a letter of the code page."""
        if head[0] < 0x20 or head[0] in (0x7F, 0x80, 0xFF):
            self._count_unknown(head)
            return
        if head[0] < 0x80:
            self._write(head.decode("ascii"), NARROW)
        elif self.settings.han:
            self._write(self._han(source, head), WIDE)
        else:
            self._write(head.decode("cp437"), NARROW)

    def _han(self, source: Source, head: bytes) -> str:
        code = head + _take(source, 1)
        if 0x30 <= code[1] <= 0x39:
            code += _take(source, 2)
        try:
            character = code.decode(self._personality.charset)
        except UnicodeDecodeError:
            return "\ufffd"
        return character if len(character) == 1 else "\ufffd"

    def _write(self, character: str, width: int) -> None:
        """On the next line where there is no room."""
        picture = stretched(character_dots(character, width), self.settings.across, self.settings.down)
        if not self._line.has_room(picture.shape[1]):
            self._print_line()
        self._line.write(character, picture)

    def _chinese(self, source: Source) -> None:
        """``FS &`` and ``FS .``: reads Chinese, or letters alone."""
        code = _take(source, 1)
        match code:
            case b"&" | b".":
                self.settings.han = code == b"&"
            case _:
                self._skip_setting(source, b"\x1c", _FS_SETTINGS, code)

    def _print_line(self, advance: int | None = None) -> None:
        """Moves on by ``advance`` dots (None: the line spacing), at least as far as the line is high."""
        line, self._line = self._line, PrintLine(self._mechanism.dots)
        if line.text:
            self.text.append(line.text)
        for row in line.rows():
            _done(self._head.print_row(row))
        advance = self.settings.spacing if advance is None else advance
        _done(self._head.feed(max(0, advance - line.height)))

    # ESC

    def _escape(self, source: Source) -> None:
        code = _take(source, 1)
        match code:
            case b"@":
                self.initialise()
            case b"J":
                self._print_line(self._dots(_take(source, 1)[0]))
            case b"d":
                for _ in range(_take(source, 1)[0]):
                    self._print_line()
            case b"2":
                self.settings.spacing = _LINE_SPACING_DOTS
            case b"3":
                self.settings.spacing = self._dots(_take(source, 1)[0])
            case b"$":
                low, high = _take(source, 2)
                self._line.move(self._dots(low + 256 * high))
            case b"!":
                mode = _take(source, 1)[0]
                self.settings.across, self.settings.down = 1 + (mode >> 5 & 1), 1 + (mode >> 4 & 1)
            case b"*":
                self._columns(source)
            case _:
                self._skip_setting(source, b"\x1b", _ESC_SETTINGS, code)

    def _columns(self, source: Source) -> None:
        """1B 2A m nL nH: m 0, 1 have 8 dots a column at a third of the head's density, 32, 33 have 24; m even is half
        as dense across."""
        mode, low, high = _take(source, 3)
        if mode not in (0, 1, 32, 33):
            self._count_unknown(bytes((0x1B, 0x2A, mode, low, high)))
            return
        rows = 24 if mode >= 32 else 8
        picture = columns(_take(source, (low + 256 * high) * rows // 8), rows)
        self._line.place(stretched(picture, 2 - mode % 2, 24 // rows))

    # GS

    def _group(self, source: Source) -> None:
        code = _take(source, 1)
        match code:
            case b"!":
                size = _take(source, 1)[0]
                self.settings.across, self.settings.down = 1 + (size >> 4 & 7), 1 + (size & 7)
            case b"v":
                self._raster(source)
            case b"V":
                self._cut(source)
            case b"P":
                self.settings.unit = _take(source, 2)[1] or _UNITS_PER_INCH
            case b"a":
                self._auto_status(source)
            case b"r":
                self._in_order_status(source)
            case b"I":
                self._identify(source)
            case b"(":
                self._extended(source)
            case b"8":
                self._large_graphics(source)
            case b"e" | b"\xe0" if self._mechanism.presenter is not None:
                self._presenter(source, code)
            case b"\xe1" if self._mechanism.presenter is not None and self._mechanism.paper_left_mm is not None:
                self._answer(b"%dcm" % (self._mechanism.paper_left_mm // 10))
            case _:
                self._skip_setting(source, b"\x1d", _GS_SETTINGS, code)

    def _raster(self, source: Source) -> None:
        """1D 76 30 m xL xH yL yH and y rows of x bytes, burnt as they arrive; m doubles across (1) and down (2)."""
        head = _take(source, 6)
        if head[0] not in b"0" or head[1] & ~0x33 or head[1] & 0x0F > 3:
            self._count_unknown(b"\x1dv" + head)
            return
        self._finish_line()
        across, down = 1 + (head[1] & 1), 1 + (head[1] >> 1 & 1)
        width, height = head[2] + 256 * head[3], head[4] + 256 * head[5]
        for _ in range(height):
            self._burn(stretched(raster(_take(source, width), width), across, down) if width else _EMPTY)

    def _burn(self, rows: Dots) -> None:
        for row in rows:
            _done(self._head.print_row(row))

    def _cut(self, source: Source) -> None:
        """Function A (0, 1, 48, 49) cuts here, function B (65, 66) after feeding to the cutter and n units more."""
        mode = _take(source, 1)
        if mode[0] not in (0, 1, 48, 49, 65, 66):
            self._count_unknown(b"\x1dV" + mode)
            return
        self._finish_line()
        if mode[0] in (65, 66):
            _done(self._head.feed(_CUTTER_GAP_DOTS + self._dots(_take(source, 1)[0])))
        _done(self._head.cut())

    def _auto_status(self, source: Source) -> None:
        self.settings.auto_status = _take(source, 1)[0] != 0
        if self.settings.auto_status:
            self._answer(status_bytes.automatic(self._mechanism))

    def _in_order_status(self, source: Source) -> None:
        number = _take(source, 1)
        if number[0] in (1, 49):
            self._answer(status_bytes.paper_sensors(self._mechanism))
        elif number[0] in (2, 50):
            self._answer(b"\x00")
        else:
            self._count_unknown(b"\x1dr" + number)

    def _identify(self, source: Source) -> None:
        number = _take(source, 1)
        known = self._personality.identity.get(number[0])
        if known is None:
            self._count_unknown(b"\x1dI" + number)
        else:
            self._answer(known)

    def _presenter(self, source: Source, code: bytes) -> None:
        """Custom KPM210: 1D 65 2 retracts, 3 m presents, 5 ejects, 6 tells the ejector's state; 1D E0 n switches the
        automatic full status."""
        number = _take(source, 1)
        _done(self._head.drain())
        match code, number[0]:
            case b"\xe0", n:
                self.settings.auto_full_status = n != 0
            case b"e", 2:
                self._mechanism.happen("ticket-retract")
            case b"e", 3:
                _take(source, 1)
            case b"e", 5:
                self._mechanism.happen("ticket-eject")
            case b"e", 6:
                self._answer(status_bytes.ejector(self._mechanism))
            case _:
                self._count_unknown(b"\x1d" + code + number)

    def _extended(self, source: Source) -> None:
        """1D 28 fn pL pH and p bytes. An unknown function is passed over by its length."""
        head = _take(source, 3)
        body = _take(source, head[1] + 256 * head[2])
        if head[:1] == b"H" and self._personality.acknowledges_jobs and len(body) == 6 and body[:2] == b"\x30\x30":
            self._finish_line()
            self._answer(status_bytes.job_end(body[2:]))
        elif head[:1] == b"L" and self._personality.graphics:
            self._graphics(body)
        elif head[:1] == b"D" and self._personality.pulses and body[:1] == b"\x14":
            self._allow(dict(zip(body[1::2], body[2::2], strict=False)))
        elif head[:1] != b"A":
            self._count_unknown(b"\x1d(" + head + body)

    def _allow(self, switches: dict[int, int]) -> None:
        """``GS ( D``: 1 is the pulse (``DLE DC4 1``), 2 the power-off sequence (``DLE DC4 2``)."""
        self.settings.pulse_allowed = bool(switches.get(1, self.settings.pulse_allowed))
        self.settings.power_off_allowed = bool(switches.get(2, self.settings.power_off_allowed))

    def _large_graphics(self, source: Source) -> None:
        """1D 38 4C and a length of four bytes."""
        head = _take(source, 5)
        body = _take(source, int.from_bytes(head[1:], "little"))
        if head[:1] == b"L" and self._personality.graphics:
            self._graphics(body)
        else:
            self._count_unknown(b"\x1d8" + head + body)

    def _graphics(self, body: bytes) -> None:
        """Function 112 (30 70 tone bx by colour xL xH yL yH data) stores a raster picture, 2 and 50 print it."""
        function = body[1:2]
        if function in (b"\x02", b"2"):
            stored, self._stored = self._stored, None
            self._finish_line()
            if stored is not None:
                self._burn(stored)
            return
        width, height = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
        row_bytes = (width + 7) // 8
        data = body[10:]
        if function != b"p" or body[2:3] != b"0" or len(data) != row_bytes * height or not data:
            self._count_unknown(b"\x1d(L" + body)
            return
        self._stored = stretched(raster(data, row_bytes)[:, :width], body[3], body[4])

    # Others

    def _finish_line(self) -> None:
        """What stands in the print buffer is printed before anything that needs a line of its own."""
        if self._line.height:
            self._print_line()

    def _dots(self, units: int) -> int:
        return units * _DOTS_PER_INCH // self.settings.unit

    def _skip_setting(self, source: Source, lead: bytes, lengths: dict[int, int], code: bytes) -> None:
        if code[0] in lengths:
            _take(source, lengths[code[0]])
        elif lead == b"\x1c" and code == b"(":
            head = _take(source, 3)
            _take(source, head[1] + 256 * head[2])
        else:
            self._count_unknown(lead + code)

    def _skip_real_time(self, source: Source) -> None:
        """Bytes of a real-time command that stay in the buffer after they were obeyed."""
        code = _take(source, 1)
        match code:
            case b"\x04" | b"\x05":
                _take(source, 1)
            case b"\x14":
                _take(source, {1: 2, 2: 2, 8: 7}.get(_take(source, 1)[0], 0))
            case _:
                self._count_unknown(b"\x10" + code)

    def _count_unknown(self, data: bytes) -> None:
        self.unknown_count += len(data)
        self.unknown += data[: _UNKNOWN_SHOWN - len(self.unknown)]


_EMPTY = np.zeros((1, 0), dtype=np.bool_)


def _take(source: Source, count: int) -> bytes:
    data = source.take(count)
    if data is None:
        raise _CancelledError
    return data


def _done(worked: bool) -> None:
    if not worked:
        raise _CancelledError
