"""How much a hall gateway takes: ``python -m benchmarks.gateway``, with Debian's ``postgresql`` and ``mosquitto``.

Confirmations a second: two workers of ``kiosk gateway`` on a PostgreSQL of its own (fsync on) decide cases of different
people, each sealed envelope sent once over kept connections by a process apart; against pgbench's insert of one row of
the envelope's size (``ON CONFLICT DO NOTHING``, prepared) on the same server, before, between and after. Each side is
asked as suits it best: the gateway by a fleet, every terminal over a connection of its own, pgbench by as many
connections as bring it most; beside it, for information, both by so many (ADR 0031). What is compared is the mean of
all rounds. All of it shares this machine's cores, and every part's processor time is told. In the end the database must
hold every case decided and every person's line confirmed. Then: ten thousand terminals returning at once, by their own
schedule, and as many MQTT clients.

Ends with 1 when a limit is broken.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from urllib.parse import urlsplit

import psutil
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks import fleet, returning
from benchmarks.card_read import percentile
from benchmarks.hall_cases import fill_roster, made_up_terminals, sealed_cases
from benchmarks.hall_load import pack
from benchmarks.postgres import USER, Cluster, binary, cluster
from gateway.database import open_database
from gateway.tables import Beneficiary, CaseRecord
from kiosk.app.system import SystemClock
from kiosk.domain.case import Outcome
from kiosk.wire.keys import GatewayKey, load_gateway_registration

WORKERS = 2
TERMINALS = 512
LIMIT = 0.25
_BUSY = 32
"""Connections at which pgbench inserts most on two cores; the gateway is asked by so many as well, for information."""
_ROUNDS = {TERMINALS: 3, _BUSY: 1}
_CASES = 24000
"""In a round: its end, when fewer and fewer are under way, is to count for little."""
_WARM_UP = 2000
_PGBENCH_S = 4


@dataclass(frozen=True, slots=True)
class Taken:
    """``rate`` is in confirmations a second, latencies are sorted; processor times are a case's, of the gateway's
    workers, of PostgreSQL and of who sends."""

    clients: int
    rate: float
    latencies_ms: Sequence[float]
    workers_ms: float
    database_ms: float
    sender_ms: float


@dataclass(frozen=True, slots=True)
class Inserted:
    """pgbench's inserts a second; ``processor_ms`` is one's, of PostgreSQL and of pgbench."""

    rate: float
    processor_ms: float


@dataclass(frozen=True, slots=True)
class Bench:
    """A running gateway, the server below it, and a folder for what they are fed with."""

    server: Cluster
    gateway: int
    address: str
    folder: Path

    def load(self, envelopes: Sequence[bytes], clients: int) -> Taken:
        """Raises ValueError when one was not confirmed."""
        file = self.folder / "envelopes"
        file.write_bytes(b"".join(pack(envelopes)))
        place = urlsplit(self.address)
        command = [sys.executable, "-m", "benchmarks.hall_load", str(place.hostname), str(place.port)]
        command += ["/v1/records", str(file), str(clients)]
        before = self._processor_s()
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        workers, database = (now - then for now, then in zip(self._processor_s(), before, strict=True))
        if told["answers"] != {"200 decision PASSED": len(envelopes)}:
            raise ValueError(f"not every case was confirmed: {told['answers']}")
        each_ms = [seconds / len(envelopes) * 1000 for seconds in (workers, database, told["processor_s"])]
        return Taken(clients, len(envelopes) / told["seconds"], told["latencies_ms"], *each_ms)

    def inserts(self, size: int, clients: int) -> Inserted:
        """Like the gateway's clients, pgbench sends the row: base64 of random bytes, ``size`` characters long."""
        script = self.folder / "insert.sql"
        script.write_text(
            "\\set key random(1, 2000000000)\nINSERT INTO probe VALUES (:key, :sealed) ON CONFLICT DO NOTHING;\n"
        )
        sealed = b64encode(os.urandom(size)).decode()[:size]
        with self.server.connect() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS probe (key bigint PRIMARY KEY, sealed bytea)")
        command = [str(binary("pgbench")), "--no-vacuum", "-M", "prepared", "-f", str(script), "-j", "2"]
        command += ["-c", str(clients), "-T", str(_PGBENCH_S), "-D", f"sealed={sealed}"]
        command += ["-h", "127.0.0.1", "-p", str(self.server.port), "-U", USER, "postgres"]
        password = {"PGPASSWORD": self.server.password}
        before, own = self._processor_s()[1], os.times()
        told = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | password).stdout
        database, sender = self._processor_s()[1] - before, os.times()
        spent = database + sum(sender[2:4]) - sum(own[2:4])
        return Inserted(_figure(told, "tps = "), spent * 1000 / _figure(told, "actually processed: "))

    def _processor_s(self) -> tuple[float, float]:
        """Of the gateway and of PostgreSQL until now."""
        postmaster = int((self.server.folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        return _processor_s(self.gateway), _processor_s(postmaster)


def main() -> int:
    with tempfile.TemporaryDirectory() as name, cluster() as server, server.running():
        held = _confirmations(Path(name), server)
    return 0 if all([held, _told_return(), _told_fleet()]) else 1


def _confirmations(folder: Path, server: Cluster) -> bool:
    """Raises ValueError when the database does not hold every one of them."""
    terminals, files = made_up_terminals(folder, TERMINALS)
    clock = SystemClock()
    engine = open_database(server.new_database())
    people = _WARM_UP + sum(_ROUNDS.values()) * _CASES
    fill_roster(engine, people, clock.now().date())
    options = folder / "gateway.toml"
    options.write_text(_options(engine.url.render_as_string(hide_password=False), folder, files))
    held = []
    with _gateway(options) as (process, ready):
        gateway = load_gateway_registration(Path(ready["registration"]))
        assert isinstance(gateway, GatewayKey)
        envelopes = sealed_cases(terminals, gateway, clock, people)
        bench = Bench(server, process, ready["address"], folder)
        bench.load([next(envelopes) for _ in range(_WARM_UP)], TERMINALS)
        for clients, rounds in _ROUNDS.items():
            inserted, taken = [], []
            for _ in range(rounds):
                sealed = [next(envelopes) for _ in range(_CASES)]
                inserted.append(bench.inserts(len(sealed[0]), _BUSY))
                taken.append(bench.load(sealed, clients))
            inserted.append(bench.inserts(len(sealed[0]), _BUSY))
            held.append(_told_rate(taken, inserted, len(sealed[0])))
    _check(engine, people)
    engine.dispose()
    return held[0]


def _told_rate(taken: Sequence[Taken], inserted: Sequence[Inserted], size: int) -> bool:
    confirmations, inserts = fmean(each.rate for each in taken), fmean(each.rate for each in inserted)
    latencies = sorted(latency for each in taken for latency in each.latencies_ms)
    parts = {
        "workers": fmean(each.workers_ms for each in taken),
        "PostgreSQL": fmean(each.database_ms for each in taken),
        "sender": fmean(each.sender_ms for each in taken),
    }
    insert_ms, clients = fmean(each.processor_ms for each in inserted), taken[0].clients
    wanted = f"at least {LIMIT}" if clients == TERMINALS else "for information"
    print(f"{len(taken)} x {_CASES} cases of {size} bytes, {WORKERS} workers, PostgreSQL, {clients} clients")
    print(
        f"  confirmations {confirmations:.0f} /s ({', '.join(f'{each.rate:.0f}' for each in taken)})"
        f"   p50 {percentile(latencies, 0.5):.1f} ms   p99 {percentile(latencies, 0.99):.1f} ms"
    )
    print(
        f"  pgbench insert by {_BUSY} connections {inserts:.0f} /s"
        f" ({', '.join(f'{each.rate:.0f}' for each in inserted)}): ratio {confirmations / inserts:.2f} ({wanted})"
    )
    told = ", ".join(f"{name} {spent:.2f} ms" for name, spent in parts.items())
    print(f"  processor a case: {told}; an insert {insert_ms:.2f} ms; {os.cpu_count()} cores for all")
    print(
        f"  ratio by processor time alone {insert_ms / sum(parts.values()):.2f}"
        " (for information: others on the machine count less)"
    )
    return confirmations / inserts >= LIMIT


def _check(engine: Engine, people: int) -> None:
    with Session(engine) as session:
        passed = select(func.count(CaseRecord.id)).where(CaseRecord.outcome == Outcome.PASSED, CaseRecord.arrivals == 1)
        lines = select(func.count()).select_from(CaseRecord).join(Beneficiary, Beneficiary.number == CaseRecord.number)
        lines = lines.where(
            Beneficiary.confirmed_on == CaseRecord.confirmed_on, Beneficiary.due_on == CaseRecord.next_due
        )
        found = session.scalar(passed), session.scalar(lines)
    if found != (people, people):
        raise ValueError(f"of {people} cases {found[0]} are in the database, and {found[1]} persons confirmed")
    print(f"  in the database: {people} cases decided, as many persons confirmed")


def _told_return() -> bool:
    print(f"{returning.TERMINALS} terminals returning at once: most first sends within a minute, simulated")
    spikes = {"after an outage": returning.after_outage(), "after a power cut": returning.after_power_cut()}
    for when, spike in spikes.items():
        print(
            f"  {when}: {spike.most:.1f} /s of {spike.rate:.1f} configured, {spike.ratio:.2f}x (at most"
            f" {returning.LIMIT}); within a second {spike.second:.0f}, {spike.second / spike.rate:.2f}x (for"
            f" information); the last after {spike.last_s:.0f} s"
        )
    return all(spike.ratio <= returning.LIMIT for spike in spikes.values())


def _told_fleet() -> bool:
    """True: all were connected and heard, or it would have raised."""
    figures = fleet.run()
    print("\n".join(figures.lines()))
    return figures.clients == fleet.CLIENTS


def _options(database: str, folder: Path, terminals: Sequence[Path]) -> str:
    lines = {
        "database": database,
        "key": str(folder / "gateway.pem"),
        "terminals": [str(path) for path in terminals],
        "port": 0,
        "workers": WORKERS,
    }
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())


@contextmanager
def _gateway(options: Path) -> Iterator[tuple[int, dict[str, str]]]:
    command = [sys.executable, "-c", "from kiosk.cli.gateway import app; app()", "--settings", str(options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield process.pid, json.loads(process.stdout.readline())["ready"]
        finally:
            process.send_signal(signal.SIGTERM)


def _figure(told: str, after: str) -> float:
    return float(told.split(after, 1)[1].split(maxsplit=1)[0].split("/", maxsplit=1)[0])


def _processor_s(pid: int) -> float:
    """Of a process and those it has started, the ended ones too."""
    parent = psutil.Process(pid)
    while True:
        children = parent.children(recursive=True)
        with suppress(psutil.NoSuchProcess):
            return sum(parent.cpu_times()[:4]) + sum(sum(each.cpu_times()[:2]) for each in children)


if __name__ == "__main__":
    sys.exit(main())
