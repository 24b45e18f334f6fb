"""kiosk simulate link: the cable to the gateway, to be cut and mended."""

import argparse
import signal
import threading

from simulators.control import ControlServer, announce
from simulators.link.relay import Relay


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="kiosk simulate link", description=__doc__)
    parser.add_argument("--to", required=True, metavar="HOST:PORT", help="address of the gateway")
    parser.add_argument("--control", type=int, default=0, help="port of the control channel; 0 picks a free one")
    options = parser.parse_args(argv)
    host, port = options.to.rsplit(":", 1)
    relay = Relay((host, int(port)))
    control = ControlServer(
        {
            "cut": lambda _: relay.cut(),
            "restore": lambda _: relay.restore(),
            "state": lambda _: {"whole": relay.whole},
        },
        options.control,
    )
    control.start()
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    announce(relay.address, control.address)
    done.wait()
    relay.cut()
    control.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
