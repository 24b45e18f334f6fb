"""kiosk simulate link: the cable to the gateway, to be cut, slowed and mended.

Verbs:

* ``{"do": "cut"}``: nothing gets through, what is under way is dropped.
* ``{"do": "slow", "seconds": 5}``: answers arrive late.
* ``{"do": "lose-answers", "count": 1}``: requests arrive, their answers do not; without ``count`` none does.
* ``{"do": "restore"}``: a good cable again.
* ``{"do": "state"}``: whether it is whole, the delay in seconds, and whether answers are being lost.
"""

import argparse
import signal
import threading

from simulators.control import ControlServer, announce
from simulators.link.relay import Relay


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="kiosk simulate link", description="The cable to the gateway, to be cut, slowed and mended."
    )
    parser.add_argument("--to", required=True, metavar="HOST:PORT", help="address of the gateway")
    parser.add_argument("--control", type=int, default=0, help="port of the control channel; 0 picks a free one")
    options = parser.parse_args(argv)
    host, port = options.to.rsplit(":", 1)
    relay = Relay((host, int(port)))
    control = ControlServer(
        {
            "cut": lambda _: relay.cut(),
            "slow": lambda request: relay.slow(float(request["seconds"])),
            "lose-answers": lambda request: relay.lose_answers(request.get("count")),
            "restore": lambda _: relay.restore(),
            "state": lambda _: {"whole": relay.whole, "delay_s": relay.delay_s, "losing": relay.losing},
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
