"""What reading an ID card costs beyond the wire, and what looking for one costs the processor.

``python -m benchmarks.card_read`` runs the driver against the reader of the virtual hall, a process of its own whose
line is paced at 115200 and at 9600 baud. One read is find, select, and text with photo, timed around the driver's
call with the card already lying there; the wire time is that of the frames' bytes, ten bits each. The median must keep
the limit. An idle poll is one look for a card on an empty plate; its cost is processor time of this process.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median

from devices.id_card.sam.driver import SamReader
from devices.id_card.sam.settings import SamSettings
from kiosk.app.system import SystemClock
from kiosk.cli.demo.hall import Hall, Program
from kiosk.ports.id_card import CardRead, NoCard

BITS_A_BYTE = 10
REQUEST_BYTES = 10
ANSWER_BYTES = (15, 19, 1295)
"""Whole frames: card found, card selected, text and photo."""

READ_BYTES = sum(REQUEST_BYTES + answer for answer in ANSWER_BYTES)
LIMITS = {115200: 1.03, 9600: 1.01}
POLLS = 300
CARD = {
    "name": "测试人甲",
    "sex": "2",
    "ethnicity": "01",
    "birth": "19491231",
    "address": "示例市样张路1号",
    "number": "11010519491231002X",
    "authority": "示例市公安局",
    "valid_from": "20200101",
    "valid_to": "长期",
}
"""A specimen number of the standard, and a person who does not exist."""


@dataclass(frozen=True, slots=True)
class Reads:
    """Milliseconds of whole reads on a line of ``baud``."""

    baud: int
    reads_ms: tuple[float, ...]

    @property
    def wire_ms(self) -> float:
        return READ_BYTES * BITS_A_BYTE / self.baud * 1000

    @property
    def ratio(self) -> float:
        return median(self.reads_ms) / self.wire_ms

    @property
    def within_limit(self) -> bool:
        return self.ratio <= LIMITS[self.baud]

    def line(self) -> str:
        verdict = "PASS" if self.within_limit else "FAIL"
        return (
            f"{self.baud:6d} baud  {len(self.reads_ms):3d} reads  wire {self.wire_ms:7.1f} ms  "
            f"median {median(self.reads_ms):7.1f} ms  p95 {percentile(self.reads_ms, 0.95):7.1f} ms  "
            f"ratio {self.ratio:6.4f} of at most {LIMITS[self.baud]:4.2f}  {verdict}"
        )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of ``values`` that at least ``share`` of them do not exceed."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.card_read", description=__doc__)
    parser.add_argument("--reads", type=int, default=40, help="at 115200 baud")
    parser.add_argument("--slow-reads", type=int, default=5, help="at 9600 baud")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="kiosk-benchmark-") as folder, Hall(Path(folder)) as hall:
        fast, poll_us = _measured(hall, 115200, options.reads, POLLS)
        slow, _ = _measured(hall, 9600, options.slow_reads, 1)
    print(fast.line())
    print(slow.line())
    print(f"one idle poll: {poll_us:.0f} us of processor time, of {POLLS} polls at 115200 baud")
    return 0 if fast.within_limit and slow.within_limit else 1


def _measured(hall: Hall, baud: int, reads: int, polls: int) -> tuple[Reads, float]:
    """The reads, and the microseconds of processor time of one idle poll."""
    program = hall.start(f"card-reader-{baud}", "simulate", "card-reader", "--baud", str(baud))
    reader = SamReader(SamSettings(port=program.address, baud=baud), SystemClock())
    try:
        poll_us = _poll_us(reader, polls)
        return Reads(baud, tuple(_read_ms(reader, program) for _ in range(reads))), poll_us
    finally:
        reader.close()


def _poll_us(reader: SamReader, polls: int) -> float:
    never = threading.Event()
    assert reader.read_card(0, never) == NoCard()
    began = time.process_time()
    for _ in range(polls):
        reader.read_card(0, never)
    return (time.process_time() - began) / polls * 1e6


def _read_ms(reader: SamReader, program: Program) -> float:
    program.do("swap-card", **CARD)
    began = time.monotonic()
    reading = reader.read_card(5, threading.Event())
    taken = time.monotonic() - began
    assert isinstance(reading, CardRead), reading
    return taken * 1000


if __name__ == "__main__":
    raise SystemExit(main())
