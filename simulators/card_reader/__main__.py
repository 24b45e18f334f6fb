"""``kiosk simulate card-reader``: a GA/T 467 reader on a pseudo-terminal or a TCP port, until SIGTERM."""

import argparse
import signal
import sys
import time
from pathlib import Path

from simulators.card_reader.scenario import load_scenario
from simulators.card_reader.simulator import CardReaderSimulator
from simulators.control import ControlServer, announce
from simulators.portraits import PORTRAITS, Image, PortraitUnusableError, chip_picture
from simulators.rates import SPEEDS


def main(argv: list[str] | None = None) -> int:
    options = _options(argv)
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        reader = _plugged_in(options)
    except (ValueError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    control = ControlServer(reader.verbs, options.control)
    control.start()
    announce(reader.address, control.address)
    signal.sigwait(signals)
    control.close()
    reader.close()
    return 0


def _plugged_in(options: argparse.Namespace) -> CardReaderSimulator:
    def picture_of(name: str) -> Image:
        return _picture(name, options.models)

    reader = CardReaderSimulator(
        picture_of,
        baud=options.baud,
        monotonic=None if options.unpaced else time.monotonic,
        link=options.link,
        tcp=options.tcp,
        scenario=load_scenario(options.scenario, picture_of) if options.scenario is not None else (),
    )
    reader.plug({})
    return reader


def _picture(name: str, models: Path) -> Image:
    if name not in PORTRAITS:
        raise ValueError(f"no portrait {name!r}; there are: {', '.join(PORTRAITS)}")
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
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--link", type=Path, help="symbolic link kept pointing at the pseudo-terminal")
    place.add_argument(
        "--tcp", type=int, metavar="PORT", help="serve on this port of 127.0.0.1 instead, 0 for a free one"
    )
    parser.add_argument(
        "--scenario", type=Path, help="TOML file of [[cards]] that the verb next-card lays down in turn"
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
