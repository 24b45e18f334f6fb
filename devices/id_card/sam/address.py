"""Where a reader is, in one word of the settings: a path, ``tcp:HOST:PORT`` or ``hid:VVVV:PPPP[:SERIAL]``."""

import re
from dataclasses import dataclass

_HID = re.compile(r"([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::(.+))?")
_TCP = re.compile(r"(\[[^\]]+\]|[^:\[\]]+):([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class SerialPath:
    path: str


@dataclass(frozen=True, slots=True)
class TcpAddress:
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class HidAddress:
    """USB vendor and product number; ``serial`` tells two readers of one model apart, None takes the first."""

    vendor: int
    product: int
    serial: str | None


Address = SerialPath | TcpAddress | HidAddress


def parse_address(text: str) -> Address:
    """Raises ValueError, with words for a technician, when ``text`` is no address."""
    scheme, separator, rest = text.partition(":")
    if separator and scheme == "tcp":
        return _tcp(rest)
    if separator and scheme == "hid":
        return _hid(rest)
    if not text:
        raise ValueError("is empty: a serial port, tcp:HOST:PORT or hid:VVVV:PPPP")
    return SerialPath(text)


def _tcp(rest: str) -> TcpAddress:
    match = _TCP.fullmatch(rest)
    if match is None or not 0 < int(match[2]) < 65536:
        raise ValueError("must be tcp:HOST:PORT")
    return TcpAddress(match[1].strip("[]"), int(match[2]))


def _hid(rest: str) -> HidAddress:
    match = _HID.fullmatch(rest)
    if match is None:
        raise ValueError("must be hid:VVVV:PPPP or hid:VVVV:PPPP:SERIAL, vendor and product in four hexadecimal digits")
    return HidAddress(int(match[1], 16), int(match[2], 16), match[3])
