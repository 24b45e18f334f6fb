"""What it costs to have a case safe on the disk and, once the hall has it, gone: beside other durable queues.

``python -m benchmarks.outbox`` takes cases of 2 KB and, with a picture, of 200 KB. A pair is one put and one settled:
the put returns when the bytes are on the disk, settling is taking out, handing over and acknowledging. Printed are the
medians and 99th percentiles in milliseconds, and the ratios with their limits:

* floor: the same bytes written over an existing file and one ``fdatasync``; settled by one block and one more;
* ours: our queue with bytes that are ready, the work the other queues do;
* ours, unsealed: the same with the record turned into bytes on the way;
* ours, sealed: and these signed and sealed, as a terminal does it;
* huey, persist-queue, litequeue: see ``benchmarks.durable_peers``. None of them erases what is done with.

In every round each side has its turn, in another order each time: the disk's mood is everybody's. Wiping the emptied
file afterwards (``tidy``) costs nobody's waiting time; it is printed beside.
"""

import argparse
import hashlib
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from benchmarks.durable_peers import WITH_ACKNOWLEDGEMENT, WITHOUT_ACKNOWLEDGEMENT, PairedQueue
from gateway.sandbox import sandbox_people
from kiosk.app.system import SystemClock
from kiosk.domain.case import Consent, EligibilityCase, Finding
from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.wire.envelope import FIRST, SealedEnvelope, Sealer
from kiosk.wire.keys import GatewayKey, key_id
from kiosk.wire.record import encode_record
from offline_cache.filing import filing_of
from offline_cache.queue import RecordQueue
from offline_cache.settings import StorageSettings
from offline_cache.store import Store

TERMINAL = "0317"
ROUNDS = 30
CROPS = {"2 KB": None, "200 KB": 147_000}
"""Bytes of the picture, in base64 and with the facts of the case around it."""

PAIRS = {"2 KB": 20, "200 KB": 4}
"""In a turn: what a terminal has to send at a time."""

BLOCK = 4096
FLOOR, OURS, UNSEALED, SEALED = "floor", "ours", "ours, unsealed", "ours, sealed"
OVER_FLOOR = {"2 KB": 3.0, "200 KB": 6.0}
OVER_PEER = {"2 KB": 1.0, "200 KB": 0.6}
OVER_UNSEALED = 1.6

Seal = Callable[[EligibilityCase, str], SealedEnvelope]


class Floor:
    """What the disk itself takes: one file, written over and over."""

    def __init__(self, folder: Path, size: int) -> None:
        self._file = os.open(folder / "floor", os.O_RDWR | os.O_CREAT, 0o600)
        os.pwrite(self._file, bytes(size + BLOCK), 0)
        os.fsync(self._file)

    def put(self, data: bytes) -> None:
        os.pwrite(self._file, data, 0)
        os.fdatasync(self._file)

    def settle(self) -> None:
        os.pwrite(self._file, bytes(BLOCK), 0)
        os.fdatasync(self._file)

    def close(self) -> None:
        os.close(self._file)


class Ours:
    """The terminal's queue on its storage."""

    def __init__(self, folder: Path, cases: Sequence[EligibilityCase], seal: Seal | None) -> None:
        """``cases`` are put one after the other; without a ``seal`` the bytes go in as they come."""
        storage = StorageSettings(path=folder / "terminal.db")
        self._store = Store(storage.path, storage.max_bytes)
        self._queue = RecordQueue(self._store, storage, SystemClock())
        self._cases = iter(cases)
        self._seal = seal
        self._waiting = ""

    def put(self, data: bytes) -> None:
        case = next(self._cases)

        def seal(previous: str) -> SealedEnvelope:
            return SealedEnvelope(data, previous) if self._seal is None else self._seal(case, previous)

        assert self._queue.add(filing_of(case), seal) is None
        self._waiting = case.key

    def settle(self) -> None:
        assert self._queue.lease(self._waiting) is not None
        assert self._queue.remove(self._waiting) is None

    def tidy(self) -> None:
        self._queue.tidy()

    def close(self) -> None:
        self._store.close()


@dataclass
class Times:
    """Milliseconds of every pair."""

    puts: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)

    @property
    def pair(self) -> float:
        """The median of whole pairs."""
        return median(map(sum, zip(self.puts, self.settled, strict=True)))


def made_up_case(crop: bytes | None) -> EligibilityCase:
    now, person = datetime.now(UTC), sandbox_people(date.today())[0]
    signals = {"nose_shift": 0.21, "parallax_residual": 0.06}
    return EligibilityCase(
        key="case",
        receipt=compose_receipt_number(ReceiptKind.ELIGIBILITY, now.date(), TERMINAL, 1),
        opened_at=now - timedelta(seconds=60),
        closed_at=now,
        document=person.document(date.today()),
        document_expired=False,
        consent=Consent("2026-11", now - timedelta(seconds=50)),
        liveness=LivenessResult(True, "turn-left+nod", signals),
        comparison=FaceComparison(0.31, 0.55, 5, "dlib-resnet-12345678"),
        finding=Finding.MATCHED,
        offline=crop is not None,
        crop=crop,
    )


def numbered(case: EligibilityCase, number: int) -> EligibilityCase:
    receipt = compose_receipt_number(ReceiptKind.ELIGIBILITY, case.closed_at.date(), TERMINAL, number)
    return replace(case, key=f"case-{number}", receipt=receipt)


def sealer() -> Sealer:
    gateway = X25519PrivateKey.generate().public_key()
    return Sealer(TERMINAL, Ed25519PrivateKey.generate(), GatewayKey(key_id(gateway), gateway), SystemClock())


@contextmanager
def sides(folder: Path, cases: Sequence[EligibilityCase], data: bytes) -> Iterator[dict[str, PairedQueue]]:
    made: dict[str, PairedQueue] = {
        FLOOR: Floor(folder, len(data)),
        OURS: Ours(_in(folder, "ours"), cases, None),
        UNSEALED: Ours(_in(folder, "unsealed"), cases, unsealed),
        SEALED: Ours(_in(folder, "sealed"), cases, sealer().seal_record),
    }
    made |= {name: peer(folder) for name, peer in (WITHOUT_ACKNOWLEDGEMENT | WITH_ACKNOWLEDGEMENT).items()}
    try:
        yield made
    finally:
        for side in made.values():
            side.close()


def unsealed(case: EligibilityCase, previous: str) -> SealedEnvelope:
    """The chain's link is the queue's, sealed or not."""
    encoded = encode_record(case)
    return SealedEnvelope(encoded, hashlib.sha256(previous.encode() + encoded).hexdigest())


def _in(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def take_turns(
    made: dict[str, PairedQueue], data: bytes, rounds: int, pairs: int
) -> tuple[dict[str, Times], list[float]]:
    """The times of every side, and how long it took to wipe our file after each of its turns; a first round that is
    not counted fills caches and files."""
    times = {name: Times() for name in made}
    wiped: list[float] = []
    order = random.Random(rounds)
    for number in range(rounds + 1):
        for name in order.sample(list(made), len(made)):
            counted = times[name] if number else Times()
            for _ in range(pairs):
                counted.puts.append(_milliseconds(partial(made[name].put, data)))
                counted.settled.append(_milliseconds(made[name].settle))
            if isinstance(side := made[name], Ours):
                wiped.append(_milliseconds(side.tidy))
    return times, wiped


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def report(size: str, times: dict[str, Times], wiped: list[float]) -> list[str]:
    """Prints everything of one size; the limits that are broken."""
    print(f"{size:30} put p50     p99  settled p50     p99     pair p50")
    for name, taken in times.items():
        print(
            f"{name:30} {median(taken.puts):7.3f} {_p99(taken.puts):7.2f}"
            f"      {median(taken.settled):7.3f} {_p99(taken.settled):7.2f}      {taken.pair:7.3f}"
        )
    print(f"{'wiping the file':30} {median(wiped):7.3f} {_p99(wiped):7.2f}")
    ours, sealed = times[OURS].pair, times[SEALED].pair
    best = min(WITH_ACKNOWLEDGEMENT, key=lambda name: times[name].pair)
    ratios = {
        f"{size} over the floor": (ours / times[FLOOR].pair, OVER_FLOOR[size]),
        f"{size} over {best}": (ours / times[best].pair, OVER_PEER[size]),
        f"{size} sealed over unsealed": (sealed / times[UNSEALED].pair, OVER_UNSEALED),
    }
    for what, (ratio, limit) in ratios.items():
        print(f"{what:48} {ratio:5.2f}x  limit {limit:.1f}x")
    print(f"{size + ' sealed over the floor, no limit':48} {sealed / times[FLOOR].pair:5.2f}x")
    print(f"{size + f' sealed over {best}, no limit':48} {sealed / times[best].pair:5.2f}x\n")
    return [what for what, (ratio, limit) in ratios.items() if ratio > limit]


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100)[98]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outbox", description="Times durable queues.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--folder", type=Path, default=Path("var"), help="on the disk that is meant")
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    broken = []
    for size, crop in CROPS.items():
        case = made_up_case(None if crop is None else random.Random(1).randbytes(crop))
        data = sealer().seal_record(case, FIRST).data
        cases = [numbered(case, number) for number in range(1, (options.rounds + 1) * PAIRS[size] + 1)]
        with (
            tempfile.TemporaryDirectory(prefix="kiosk-outbox-", dir=options.folder) as folder,
            sides(Path(folder), cases, data) as made,
        ):
            broken += report(size, *take_turns(made, data, options.rounds, PAIRS[size]))
    print(*(f"BROKEN {what}" for what in broken), "" if broken else "all limits kept", sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
