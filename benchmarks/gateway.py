"""How much a hall gateway takes: ``python -m benchmarks.gateway``, with Debian's ``postgresql`` installed.

Confirmations a second: two workers of ``kiosk gateway`` on a PostgreSQL of its own (fsync on) decide cases of different
people, each sealed envelope sent once over kept connections by a process apart; against pgbench's insert of one row of
the envelope's size (``ON CONFLICT DO NOTHING``, as many clients) on the same server, before and after. All of it shares
this machine's cores. Then: ten thousand terminals returning at once, by their own schedule.

Ends with 1 when a limit is broken.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import returning
from benchmarks.card_read import percentile
from benchmarks.hall_cases import fill_roster, made_up_terminals, sealed_cases
from benchmarks.hall_load import pack
from benchmarks.postgres import USER, Cluster, binary, cluster
from gateway.database import open_database
from kiosk.app.system import SystemClock
from kiosk.wire.keys import GatewayKey, load_gateway_registration

WORKERS = 2
CONNECTIONS = 64
TERMINALS = 100
PEOPLE = 6000
WARM_UP = 1000
LIMIT = 0.25
_PGBENCH_S = 8


@dataclass(frozen=True, slots=True)
class Taken:
    """Confirmations a second, and the latencies of single ones, sorted."""

    rate: float
    latencies_ms: Sequence[float]


def main() -> int:
    with tempfile.TemporaryDirectory() as name, cluster() as server, server.running():
        folder = Path(name)
        database = server.new_database()
        terminals, files = made_up_terminals(folder, TERMINALS)
        options = folder / "gateway.toml"
        options.write_text(_options(database, folder, files))
        clock = SystemClock()
        engine = open_database(database)
        fill_roster(engine, PEOPLE + WARM_UP, clock.now().date())
        engine.dispose()
        with _gateway(options) as ready:
            gateway = load_gateway_registration(Path(ready["registration"]))
            assert isinstance(gateway, GatewayKey)
            envelopes = list(sealed_cases(terminals, gateway, clock, PEOPLE + WARM_UP))
            size = sum(map(len, envelopes)) // len(envelopes)
            _load(ready["address"], folder, envelopes[:WARM_UP])
            before = _pgbench(server, folder, size)
            taken = _load(ready["address"], folder, envelopes[WARM_UP:])
            after = _pgbench(server, folder, size)
    held = [_told_rate(taken, (before, after), size), _told_return()]
    return 0 if all(held) else 1


def _told_rate(taken: Taken, inserts: tuple[float, float], size: int) -> bool:
    floor = sum(inserts) / 2
    ratio = taken.rate / floor
    p50, p99 = percentile(taken.latencies_ms, 0.5), percentile(taken.latencies_ms, 0.99)
    print(f"{PEOPLE} confirmations, {size} bytes each, {WORKERS} workers, {CONNECTIONS} connections, PostgreSQL")
    print(f"  confirmations {taken.rate:7.0f} /s   p50 {p50:.1f} ms   p99 {p99:.1f} ms")
    print(f"  pgbench insert {floor:6.0f} /s   ({inserts[0]:.0f} before, {inserts[1]:.0f} after)")
    print(f"  ratio {ratio:.2f} (at least {LIMIT})")
    return ratio >= LIMIT


def _told_return() -> bool:
    print(f"{returning.TERMINALS} terminals returning at once: most first sends within a minute, simulated")
    spikes = {"after an outage": returning.after_outage(), "after a power cut": returning.after_power_cut()}
    for when, spike in spikes.items():
        print(
            f"  {when}: {spike.most:.1f} /s of {spike.rate:.1f} configured, {spike.ratio:.2f}x (at most"
            f" {returning.LIMIT}); within a second {spike.second:.0f}; the last after {spike.last_s:.0f} s"
        )
    return all(spike.ratio <= returning.LIMIT for spike in spikes.values())


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
def _gateway(options: Path) -> Iterator[dict[str, str]]:
    command = [sys.executable, "-c", "from kiosk.cli.gateway import app; app()", "--settings", str(options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["ready"]
        finally:
            process.send_signal(signal.SIGTERM)


def _load(address: str, folder: Path, envelopes: Sequence[bytes]) -> Taken:
    """Raises ValueError when an envelope was not taken."""
    file = folder / "envelopes"
    file.write_bytes(b"".join(pack(iter(envelopes))))
    place = urlsplit(address)
    command = [sys.executable, "-m", "benchmarks.hall_load", str(place.hostname), str(place.port)]
    command += ["/v1/records", str(file), str(CONNECTIONS)]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    if told["statuses"] != {"200": len(envelopes)}:
        raise ValueError(f"not every case was taken: {told['statuses']}")
    return Taken(len(envelopes) / told["seconds"], told["latencies_ms"])


def _pgbench(server: Cluster, folder: Path, size: int) -> float:
    """Inserts a second."""
    script = folder / "insert.sql"
    script.write_text(
        "\\set key random(1, 2000000000)\n"
        f"INSERT INTO probe VALUES (:key, decode(repeat('a7', {size}), 'hex')) ON CONFLICT DO NOTHING;\n"
    )
    with server.connect() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS probe (key bigint PRIMARY KEY, sealed bytea)")
    command = [str(binary("pgbench")), "--no-vacuum", "-f", str(script), "-c", str(CONNECTIONS), "-j", "2"]
    command += ["-T", str(_PGBENCH_S), "-h", "127.0.0.1", "-p", str(server.port), "-U", USER, "postgres"]
    told = subprocess.run(
        command, check=True, capture_output=True, text=True, env=os.environ | {"PGPASSWORD": server.password}
    ).stdout
    return next(float(line.split()[2]) for line in told.splitlines() if line.startswith("tps"))


if __name__ == "__main__":
    sys.exit(main())
