"""``kiosk simulate printer``: a receipt printer on loopback that turns what it is sent into pictures of papers."""

import argparse
import signal
import threading
import time
from pathlib import Path

from simulators.control import ControlServer, Verb, announce
from simulators.printer.server import PrinterServer


class WallPace:
    """Lets real time pass."""

    def wait(self, seconds: float) -> None:
        if seconds:
            time.sleep(seconds)


def verbs(printer: PrinterServer) -> dict[str, Verb]:
    """``after_rows`` and ``after_bytes`` (default 0: now) let a fault strike in the middle of a job."""

    def fault(name: str) -> Verb:
        return lambda request: printer.fault(name, int(request.get("after_rows", 0)))

    faults = ("paper-out", "paper-low", "paper-in", "cover-open", "cover-close", "jam")
    return {
        **{name: fault(name) for name in faults},
        "silence": lambda request: printer.silence(int(request.get("after_bytes", 0))),
        "speak": lambda _: printer.speak(),
        "reset": lambda request: printer.reset(int(request.get("after_bytes", 0))),
        "unplug": lambda _: printer.unplug(),
        "plug": lambda _: printer.plug(),
        "state": lambda _: printer.state(),
    }


def main(argv: list[str] | None = None) -> int:
    options = _arguments(argv)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    printer = PrinterServer(
        options.out,
        WallPace(),
        port=options.port,
        dots={80: 576, 58: 384}[options.width],
        mm_per_second=options.speed,
        buffer=options.buffer,
    )
    control = ControlServer(verbs(printer), options.control_port)
    printer.start()
    control.start()
    announce(printer.address, control.address)
    stop.wait()
    control.close()
    printer.close()
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kiosk simulate printer", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="TCP port of the printer; 0 picks a free one")
    parser.add_argument("--control-port", type=int, default=0, help="TCP port of the control channel")
    parser.add_argument("--out", type=Path, default=Path("papers"), help="folder for paper-NNN.png")
    parser.add_argument("--width", type=int, choices=(80, 58), default=80, help="paper roll in millimetres")
    parser.add_argument("--speed", type=float, default=250.0, help="millimetres a second; 0 for no pacing")
    parser.add_argument("--buffer", type=int, default=65536, help="receive buffer in bytes")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
