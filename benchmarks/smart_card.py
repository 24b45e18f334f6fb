"""What one command to a smart card and a whole read cost through pcscd.

``python -m benchmarks.smart_card`` runs the driver against the virtual card, a process of its own behind a real pcscd.
A command is READ RECORD of the card number, sent 100 times to a powered card; a read is the driver's whole
conversation with a card that already lies there, from powering to the last record. A real card adds its own time and
that of its contacts. The median command must keep the limit: with Nagle's algorithm on the way it was 48 ms.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from devices.smart_card.pcsc.apdu import read_record, select
from devices.smart_card.pcsc.pcsclite import PcscliteService
from devices.smart_card.pcsc.reading import SSSE, read_social_security_card
from devices.smart_card.pcsc.service import CardConnection, Look, Trouble
from kiosk.cli.demo.hall import Hall
from kiosk.ports.smart_card import SocialSecurityCardRead

LIMIT_MS = 5.0
CARD = {"name": "测试人甲", "number": "11010519491231002X", "sex": "2", "birth": "19491231"}
"""A specimen number of the standard, and a person who does not exist."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.smart_card", description=__doc__)
    parser.add_argument("--commands", type=int, default=100)
    parser.add_argument("--reads", type=int, default=100)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="kiosk-benchmark-") as folder, Hall(Path(folder)) as hall:
        program = hall.start("smart-card", "simulate", "smart-card")
        program.do("insert-card", **CARD)
        service = PcscliteService("", Path(program.address))
        look = service.look(None, 0)
        while isinstance(look, Look) and not look.present:
            look = service.look(look, 5)
        assert isinstance(look, Look), look
        reader = look.reader
        commands = _commands_ms(service, reader, options.commands)
        reads = [_took_ms(lambda: _read(service, reader)) for _ in range(options.reads)]
        service.close()
    kept = median(commands) < LIMIT_MS
    print(f"{len(commands):4d} commands  {_spread(commands)}  limit {LIMIT_MS} ms  {'PASS' if kept else 'FAIL'}")
    print(f"{len(reads):4d} reads     {_spread(reads)}")
    return 0 if kept else 1


def _commands_ms(service: PcscliteService, reader: str, count: int) -> list[float]:
    card = _connected(service, reader)
    card.transmit(select(SSSE, 0x04))
    command = read_record(0x07, 0x28)
    answers = []
    times = [_took_ms(lambda: answers.append(card.transmit(command))) for _ in range(count)]
    card.close()
    assert all(isinstance(answer, bytes) and answer.endswith(b"\x90\x00") for answer in answers)
    return times


def _read(service: PcscliteService, reader: str) -> None:
    card = _connected(service, reader)
    reading = read_social_security_card(card.transmit)
    card.close()
    assert isinstance(reading, SocialSecurityCardRead), reading


def _connected(service: PcscliteService, reader: str) -> CardConnection:
    card = service.connect(reader)
    assert not isinstance(card, Trouble), card
    return card


def _took_ms(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _spread(times: list[float]) -> str:
    return f"median {median(times):7.3f} ms  most {max(times):7.3f} ms"


if __name__ == "__main__":
    raise SystemExit(main())
