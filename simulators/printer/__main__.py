"""``kiosk simulate printer``: a receipt printer on loopback or a serial line that turns what it is sent into pictures
of papers."""

import argparse
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from simulators.control import ControlServer, Verb, announce
from simulators.printer.agenda import moment_of
from simulators.printer.mechanism import HAPPENINGS, PRESENTER_HAPPENINGS, Roll
from simulators.printer.pace import WallPace
from simulators.printer.personality import PERSONALITIES
from simulators.printer.ports import Port, SerialPort, TcpPort
from simulators.printer.presenter import Presenter
from simulators.printer.server import PrinterServer
from simulators.rates import SPEEDS


def verbs(printer: PrinterServer) -> dict[str, Verb]:
    """What strikes takes ``after_rows``, ``after_bytes`` or ``at`` (``cut``, ``after-cut``) and without them strikes
    now; ``plug``, ``speak``, ``power-on`` and ``state`` are always now."""

    def due(action: Callable[[], None]) -> Verb:
        return lambda request: printer.at(moment_of(request), action)

    def happens(name: str) -> Callable[[], None]:
        return lambda: printer.mechanism.happen(name)

    presenting = PRESENTER_HAPPENINGS if printer.mechanism.presenter is not None else ()
    return {
        **{name: due(happens(name)) for name in (*HAPPENINGS, *presenting)},
        "silence": due(printer.port.pause),
        "reset": due(printer.drop_host),
        "unplug": due(printer.unplug),
        "power-off": due(printer.power_off),
        "power-on": lambda _: printer.power_on(),
        "speak": lambda _: printer.speak(),
        "plug": lambda _: printer.plug(),
        "state": lambda _: printer.state(),
    }


def main(argv: list[str] | None = None) -> int:
    options = _arguments(argv)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    pace = WallPace()
    printer = PrinterServer(
        options.out,
        pace,
        line=_line(options),
        dots={80: 576, 58: 384}[options.width],
        mm_per_second=options.speed,
        buffer=options.buffer,
        handshake=options.handshake,
        personality=PERSONALITIES[options.personality],
        roll=Roll(options.roll, options.near_end) if options.roll else None,
        presenter=Presenter(options.presenter == "taken") if options.presenter else None,
        head_stops=pace.begin_again,
    )
    control = ControlServer(verbs(printer), options.control_port)
    printer.start()
    control.start()
    announce(printer.address, control.address)
    stop.wait()
    control.close()
    printer.close()
    return 0


def _line(options: argparse.Namespace) -> Port:
    if options.serial is None:
        return TcpPort(options.port)
    return SerialPort(options.baud, None if options.serial == "auto" else Path(options.serial), options.speed > 0)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kiosk simulate printer", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="TCP port of the printer; 0 picks a free one")
    parser.add_argument("--serial", metavar="PATH", help="a serial line in place of TCP: a path to link, or auto")
    parser.add_argument("--baud", type=int, choices=sorted(SPEEDS), default=115200, help="rate of the serial line")
    parser.add_argument(
        "--handshake",
        choices=("busy", "xon-xoff", "none"),
        default="busy",
        help="when the buffer is full: stop reading, ask the host to wait, or lose bytes",
    )
    parser.add_argument("--control-port", type=int, default=0, help="TCP port of the control channel")
    parser.add_argument("--out", type=Path, default=Path("papers"), help="folder for paper-NNN.png")
    parser.add_argument("--width", type=int, choices=(80, 58), default=80, help="paper roll in millimetres")
    parser.add_argument("--roll", type=int, metavar="MM", help="length of a roll of paper; without it none ever ends")
    parser.add_argument("--near-end", type=int, metavar="MM", default=1500, help="left when the near-end sensor trips")
    parser.add_argument("--speed", type=float, default=200.0, help="millimetres a second; 0 for no pacing")
    parser.add_argument("--buffer", type=int, default=65536, help="receive buffer in bytes")
    parser.add_argument("--personality", choices=sorted(PERSONALITIES), default="epson", help="make of printer")
    parser.add_argument(
        "--presenter", choices=("taken", "left"), help="hold papers out: citizens take them at once, or leave them"
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
