"""``kiosk simulate smart-card``: a reader behind a pcscd of its own, until SIGTERM. The address it announces is that of
pcscd's socket (``smart_card.socket`` of the settings)."""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from simulators.control import ControlServer, announce
from simulators.smart_card.pcscd import Pcscd, PcscdUnavailableError
from simulators.smart_card.simulator import SmartCardSimulator


def main(argv: list[str] | None = None) -> int:
    options = _options(argv)
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with tempfile.TemporaryDirectory(prefix="kiosk-pcscd-") as folder:
        try:
            reader = SmartCardSimulator(Pcscd(Path(folder)))
        except PcscdUnavailableError as problem:
            print(problem, file=sys.stderr)
            return 1
        control = ControlServer(reader.verbs, options.control)
        control.start()
        announce(str(Path(folder) / "pcscd.comm"), control.address)
        signal.sigwait(signals)
        control.close()
        reader.close()
    return 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kiosk simulate smart-card", description=__doc__)
    parser.add_argument("--control", type=int, default=0, help="port of the control channel, 0 for a free one")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
