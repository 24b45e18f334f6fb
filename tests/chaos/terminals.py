"""Terminals on bad lines to one gateway: real outbox, delivery and HTTP client; the gateway is a process of its own."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import create_engine, inspect, text

from kiosk.cli.demo.hall import Hall, Program
from kiosk.domain.case import DeskReferral, EligibilityCase, HomeVisitRequest, ProofSlip, Rating, VoidedNumber
from kiosk.platform.client import HttpHallPlatform
from kiosk.platform.renewals import Identity, key_file_beside
from kiosk.platform.settings import PlatformSettings
from kiosk.ports.outbox import Queued, Record
from kiosk.ports.platform import DeliveryAnswer, SealedRecord
from kiosk.wire.envelope import FIRST, Sealer
from kiosk.wire.keys import GatewayKey, load_gateway_registration
from offline_cache.delivery import Delivery
from offline_cache.outbox import SealedOutbox
from offline_cache.queue import QueueEntry, RecordQueue, entries
from offline_cache.settings import DeliverySettings, StorageSettings
from offline_cache.store import Store
from simulators.link.relay import Relay
from tests.records import (
    PHOTO,
    RecordedAudit,
    Registered,
    SetClock,
    desk_referral,
    eligibility_case,
    home_visit,
    proof,
    rating,
    receipt,
    register,
    voided_number,
)

PICTURE = PHOTO * 60
"""Some 46 KB: such a record is sent after the small ones."""

_LONGEST_PAUSE_S = 8.0


class CountingPlatform(HttpHallPlatform):
    """The real client; ``tries`` counts how often each record was sent."""

    tries: Counter[str]

    def deliver(self, record: SealedRecord) -> DeliveryAnswer:
        self.tries[record.key] += 1
        return super().deliver(record)


@dataclass
class ChaosTerminal:
    """One terminal and its own line to the gateway. ``accepted`` are the keys it said yes to, in their order;
    ``hall`` is what lists of the gateway's sealing keys are signed by."""

    registered: Registered
    clock: SetClock
    line: Relay
    total_s: float
    hall: Ed25519PublicKey
    accepted: list[str] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    audit: RecordedAudit = field(default_factory=RecordedAudit)
    outbox: SealedOutbox = field(init=False)
    delivery: Delivery = field(init=False)
    platform: CountingPlatform = field(init=False)
    sealer: Sealer = field(init=False)
    _store: Store = field(init=False)

    def __post_init__(self) -> None:
        self._start()

    @property
    def number(self) -> str:
        return self.registered.terminal.terminal

    @property
    def database(self) -> Path:
        return self.registered.folder / "terminal.db"

    def put(self, record: Record) -> None:
        assert self.outbox.put(record) == Queued(record.key)
        self.accepted.append(record.key)

    def queued(self) -> tuple[QueueEntry, ...]:
        found = entries(self.database, self.clock.now())
        assert isinstance(found, tuple), found
        return found

    def restart(self) -> None:
        """What is not on disk is forgotten."""
        self.close()
        self._start()

    def close(self) -> None:
        self.outbox.close()
        self._store.close()

    def _start(self) -> None:
        pauses = DeliverySettings(
            first_delay_s=0, start_window_s=0, backoff_s=1, backoff_cap_s=_LONGEST_PAUSE_S, lease_s=30
        )
        storage = StorageSettings(path=self.database, delivery=pauses)
        settings = PlatformSettings(
            address=f"http://{self.line.address}", registration=self.registered.gateway_file, total_s=self.total_s
        )
        key_file = key_file_beside(self.registered.gateway_file)
        identity = Identity(self.number, self.registered.signing_key, self.hall, key_file)
        self.sealer = self.registered.sealer(self.clock)
        self.platform = CountingPlatform(settings, self.sealer, self.clock, identity)
        self.platform.tries = self.tries
        self._store = Store(storage.path, storage.max_bytes)
        queue = RecordQueue(self._store, storage, self.clock)
        self.delivery = Delivery(queue, self.platform, self.audit, self.clock, lambda: 0.5, pauses)
        self.outbox = SealedOutbox(queue, self.sealer, self.delivery)


@dataclass(frozen=True)
class Kept:
    """One record at the gateway."""

    terminal: str
    key: str
    previous: str
    digest: str
    arrivals: int


@dataclass
class City:
    """Some terminals, their gateway with its key file, and the one clock of them all."""

    clock: SetClock
    terminals: list[ChaosTerminal]
    gateway: Program
    database: str
    key: Path

    def at_once(self, work: Callable[[ChaosTerminal], None]) -> None:
        """Does ``work`` at every terminal, all at the same time."""
        with ThreadPoolExecutor(len(self.terminals)) as pool:
            list(pool.map(work, self.terminals))

    def drain(self, rounds: int, between: Callable[[int], None] = lambda _: None) -> int:
        """Lets time pass until every queue is empty: pauses are stepped over, never waited for. All terminals send at
        the same time. Returns the rounds it took; fails after ``rounds``."""
        for done in range(rounds):
            if not any(terminal.outbox.waiting() for terminal in self.terminals):
                return done
            between(done)
            self.at_once(lambda terminal: terminal.delivery.run_due())
            self.step(_LONGEST_PAUSE_S)
        raise AssertionError(f"stuck: {[terminal.queued() for terminal in self.terminals]}")

    def step(self, seconds: float) -> None:
        """The gateway's clock goes with the terminals'."""
        self.clock.forward(seconds)
        self.gateway.do("clock", seconds=(self.clock.now() - datetime.now(UTC)).total_seconds())

    def kept(self) -> list[Kept]:
        """Every record of every kind that the gateway has."""
        engine = create_engine(self.database)
        try:
            tables = inspect(engine)
            wanted = ("terminal", "key", "previous", "digest", "arrivals")
            found: list[Kept] = []
            with engine.connect() as connection:
                for table in tables.get_table_names():
                    if {column["name"] for column in tables.get_columns(table)} >= set(wanted):
                        rows = connection.execute(text(f"SELECT {', '.join(wanted)} FROM {table}"))
                        found += [Kept(*row) for row in rows]
            return found
        finally:
            engine.dispose()


@contextmanager
def city(folder: Path, *, terminals: int, total_s: float = 1.0, database: str | None = None) -> Iterator[City]:
    """``total_s`` is how long a terminal waits for an answer; ``database`` an SQLAlchemy URL, else a file is made."""
    database = database or f"sqlite:///{folder}/hall.db"
    clock = SetClock(datetime.now(UTC))
    known = _registered(folder, terminals)
    key = known[0].gateway_key_file
    with Hall(folder) as hall, ExitStack() as stack:
        gateway = hall.start(
            *("gateway", "gateway", "--sandbox", "--port", "0", "--control", "0", "--database", database),
            *("--key", str(key)),
            *(word for each in known for word in ("--terminal", str(each.terminal_file))),
        )
        host, port = gateway.address.removeprefix("http://").rsplit(":", 1)
        lines = [Relay((host, int(port))) for _ in known]
        for line in lines:
            stack.callback(line.cut)
        signed_by = _lists_signed_by(key)
        standing = [
            ChaosTerminal(each, clock, line, total_s, signed_by) for each, line in zip(known, lines, strict=True)
        ]
        for terminal in standing:
            stack.callback(terminal.close)
        yield City(clock, standing, gateway, database, key)


Numbered = EligibilityCase | Rating | ProofSlip | DeskReferral | HomeVisitRequest | VoidedNumber


def job(terminal: ChaosTerminal, counter: int) -> Numbered:
    """The records of a day, mixed; one in ten has a picture."""
    key, at = f"job-{counter:05}", terminal.clock.now()
    makers: tuple[Callable[[], Numbered], ...] = (
        lambda: eligibility_case("due", key=key, at=at),
        lambda: rating(key=key),
        lambda: eligibility_case("overdue", key=key, at=at, offline=True),
        lambda: proof(key=key, at=at),
        lambda: desk_referral(key=key),
        lambda: eligibility_case("due-2", key=key, at=at, offline=True, crop=PICTURE),
        lambda: home_visit(key=key),
        lambda: voided_number(key=key),
        lambda: eligibility_case("suspended", key=key, at=at),
        lambda: rating(key=key, grade=1, tags=()),
    )
    return replace(makers[counter % len(makers)](), receipt=receipt(counter, terminal.number))


def chain(kept: list[Kept]) -> list[str]:
    """Keys of one terminal's records from the first on, each proven by the digest of the one before it; the walk ends
    where a link is missing."""
    after = {record.previous: record for record in kept}
    keys, head = [], FIRST
    while head in after:
        record = after.pop(head)
        keys.append(record.key)
        head = record.digest
    return keys


def _registered(folder: Path, terminals: int) -> list[Registered]:
    """All of them with the same gateway."""
    known: list[Registered] = []
    for index in range(terminals):
        own = folder / f"terminal-{index}"
        own.mkdir()
        if known:
            shutil.copy(known[0].gateway_key_file, own)
        known.append(register(own, number=f"{401 + index:04}"))
    return known


def _lists_signed_by(key: Path) -> Ed25519PublicKey:
    """As the running gateway publishes it beside its key."""
    published = load_gateway_registration(key.with_suffix(".registration.json"))
    assert isinstance(published, GatewayKey)
    assert published.certificate_key is not None
    return published.certificate_key
