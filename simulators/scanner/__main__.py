"""``kiosk simulate scanner``: a code scanner on a pseudo-terminal, until SIGTERM.

Verbs:

* ``{"do": "scan", "text": "..."}``: a code is held before it; ``hex`` gives the very bytes instead, ``suffix`` (cr,
  lf, crlf, none) replaces the scanner's own, ``garbage`` (hexadecimal) goes before it, ``split`` pauses after so many
  bytes for ``pause_ms``.
* ``{"do": "unplug"}`` and ``{"do": "plug"}``: the cable.
* ``{"do": "state"}``: whether it is plugged in, its rate, and how many codes it has scanned.
"""

import argparse
import signal
from pathlib import Path

from simulators.control import ControlServer, announce
from simulators.rates import SPEEDS
from simulators.scanner.simulator import SUFFIXES, ScannerSimulator


def main(argv: list[str] | None = None) -> int:
    options = _options(argv)
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    scanner = ScannerSimulator(options.baud, options.suffix, options.charset, not options.unpaced, options.link)
    control = ControlServer(scanner.verbs, options.control)
    scanner.plug({})
    control.start()
    announce(scanner.address, control.address)
    signal.sigwait(signals)
    control.close()
    scanner.close()
    return 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="kiosk simulate scanner", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--baud", type=int, choices=sorted(SPEEDS), default=9600, help="rate of the line")
    parser.add_argument("--suffix", choices=sorted(SUFFIXES), default="cr", help="what follows each code")
    parser.add_argument("--charset", choices=("utf-8", "gb18030"), default="utf-8", help="how text is written")
    parser.add_argument("--unpaced", action="store_true", help="send at once instead of at the line's rate")
    parser.add_argument("--control", type=int, default=0, help="port of the control channel, 0 for a free one")
    parser.add_argument("--link", type=Path, help="symbolic link kept pointing at the pseudo-terminal")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
