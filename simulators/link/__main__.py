"""kiosk simulate link: the cable to the gateway, to be cut, slowed and mended.

Verbs:

* ``{"do": "cut"}``: nothing gets through, what is under way is dropped.
* ``{"do": "slow", "seconds": 5}``: answers arrive late.
* ``{"do": "lose-answers", "count": 1}``: requests arrive, their answers do not; without ``count`` none does.
* ``{"do": "spoil", "harm": "reset", "way": "to-gateway", "at": 100}``: the next connection is harmed after 100 bytes.
  ``harm`` is drop, truncate, reset, delay (by ``seconds``), duplicate or replay; ``way`` is to-gateway or back.
* ``{"do": "chaos", "seed": 7, "share": 0.3}``: every connection from now on is harmed with this probability, anywhere.
* ``{"do": "restore"}``: a good cable again.
* ``{"do": "state"}``: whether it is whole, the delay in seconds, whether answers are being lost, and how many
  connections were harmed.
"""

import argparse
import signal
import threading

from simulators.control import ControlServer, announce
from simulators.link.relay import Relay
from simulators.link.spoil import Harm, Spoil, Way, dealt


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
            "spoil": lambda request: relay.spoil(iter((_spoil(**request),))),
            "chaos": lambda request: relay.spoil(dealt(int(request["seed"]), float(request["share"]))),
            "restore": lambda _: relay.restore(),
            "state": lambda _: {
                "whole": relay.whole,
                "delay_s": relay.delay_s,
                "losing": relay.losing,
                "harmed": relay.struck.total(),
            },
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


def _spoil(harm: str, way: str = Way.TO_GATEWAY.value, at: int = 0, seconds: float = 0.0) -> Spoil:
    return Spoil(Harm(harm), Way(way), at, seconds)


if __name__ == "__main__":
    raise SystemExit(main())
