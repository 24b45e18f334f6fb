"""``kiosk simulate card-reader``: a GA/T 467 reader on a pseudo-terminal, until SIGTERM."""

import argparse
import signal
import time
from pathlib import Path

from simulators.card_reader.line import SPEEDS
from simulators.card_reader.simulator import CardReaderSimulator
from simulators.control import ControlServer, announce
from simulators.portraits import PORTRAITS, Image, PortraitUnusableError, chip_picture


def main(argv: list[str] | None = None) -> int:
    options = _options(argv)
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    reader = CardReaderSimulator(
        picture_of=lambda name: _picture(name, options.models),
        baud=options.baud,
        monotonic=None if options.unpaced else time.monotonic,
        link=options.link,
    )
    control = ControlServer(reader.verbs, options.control)
    reader.plug({})
    control.start()
    announce(reader.address, control.address)
    signal.sigwait(signals)
    control.close()
    reader.close()
    return 0


def _picture(name: str, models: Path) -> Image:
    try:
        return chip_picture(PORTRAITS[name], models)
    except PortraitUnusableError as problem:
        raise ValueError(str(problem)) from problem


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kiosk simulate card-reader", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="folder holding portraits/")
    parser.add_argument("--baud", type=int, choices=sorted(SPEEDS), default=115200, help="rate of the line")
    parser.add_argument("--unpaced", action="store_true", help="send at once instead of at the line's rate")
    parser.add_argument("--control", type=int, default=0, help="port of the control channel, 0 for a free one")
    parser.add_argument("--link", type=Path, help="symbolic link kept pointing at the pseudo-terminal")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
