"""Where a printer is, in one word: of the settings and of ``kiosk print --to`` alike."""

import re
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import parse_qsl, urlsplit

RAW_PORT = 9100
FORMS = "tcp://HOST:PORT, serial:PATH?baud=115200&flow=rtscts, usb:VVVV:PPPP[:SERIAL] or cups-raw:QUEUE"

Flow = Literal["rtscts", "xonxoff", "none"]
_BAUDS = (9600, 19200, 38400, 57600, 115200)
_USB = re.compile(r"([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::(.+))?")
_QUEUE = re.compile(r"[^\s/#?'\"-][^\s/#?'\"]*")


@dataclass(frozen=True, slots=True)
class TcpAddress:
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class SerialAddress:
    """``flow`` is how the printer says that it is full; with none, a line faster than the head loses rows."""

    path: str
    baud: int
    flow: Flow


@dataclass(frozen=True, slots=True)
class UsbAddress:
    """USB vendor and product number; ``serial`` tells two printers of one model apart, None takes the first."""

    vendor: int
    product: int
    serial: str | None


@dataclass(frozen=True, slots=True)
class RawQueueAddress:
    """A queue of this machine; bytes go there raw and nothing ever comes back."""

    queue: str


PrinterAddress = TcpAddress | SerialAddress | UsbAddress | RawQueueAddress


def parse_address(text: str) -> PrinterAddress:
    """Raises ValueError, with words for a technician, when ``text`` is no address."""
    scheme, _, rest = text.partition(":")
    match scheme:
        case "tcp":
            return _tcp(text)
        case "serial":
            return _serial(rest)
        case "usb":
            return _usb(rest)
        case "cups-raw" if _QUEUE.fullmatch(rest):
            return RawQueueAddress(rest)
        case _:
            raise ValueError(f"must be {FORMS}")


def _tcp(text: str) -> TcpAddress:
    address = urlsplit(text)
    host, port = address.hostname, address.port
    if not host or address.path or port == 0:
        raise ValueError("must be tcp://HOST:PORT")
    return TcpAddress(host, port or RAW_PORT)


def _serial(rest: str) -> SerialAddress:
    path, _, query = rest.partition("?")
    options = {"baud": "115200", "flow": "rtscts"} | dict(parse_qsl(query, keep_blank_values=True))
    baud, flow = options.pop("baud"), options.pop("flow")
    known = [known for known in get_args(Flow) if known == flow]
    if not path or options or not known or baud not in map(str, _BAUDS):
        bauds = ", ".join(map(str, _BAUDS))
        raise ValueError(f"must be serial:PATH?baud=B&flow=F with B of {bauds} and F of {', '.join(get_args(Flow))}")
    return SerialAddress(path, int(baud), known[0])


def _usb(rest: str) -> UsbAddress:
    match = _USB.fullmatch(rest)
    if match is None:
        raise ValueError("must be usb:VVVV:PPPP or usb:VVVV:PPPP:SERIAL, vendor and product in four hexadecimal digits")
    return UsbAddress(int(match[1], 16), int(match[2], 16), match[3])
