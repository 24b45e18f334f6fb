"""What a province of terminals costs one broker, and how fast the gateway hears them.

``python -m benchmarks.fleet`` connects 10,000 MQTT 5 clients with a last will each to one mosquitto on loopback, under
the rules of packaging/, and prints its memory. Then all tell their status, twice; the gateway's listener, a process of
its own as in earnest, writes them into its database. At last all lose their power at once, and every one of them must
be told lost. ``--database`` takes another SQLAlchemy URL than a fresh SQLite file.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from benchmarks.broker import Broker, broker_folder, plain_config, running
from benchmarks.fleet_clients import Terminals
from benchmarks.ports import free_port
from gateway.database import open_database
from gateway.fleet_book import FleetBook
from gateway.fleet_listener import FleetListener
from gateway.fleet_tables import FleetRecord
from kiosk.app.system import SystemClock
from kiosk.domain.china_time import CHINA
from kiosk.ports.fleet_status import DeviceLine, QueueFigures, TerminalStatus
from kiosk.wire.broker import BrokerSettings
from kiosk.wire.fleet import PresenceMessage, StatusMessage

RULES = Path(__file__).parents[1] / "packaging" / "mosquitto.acl"
CLIENTS = 10_000
_SPARE_FILES = 500
_KEEPALIVE_S = 240
_PATIENCE_S = 300.0
_LOOK_S = 0.05
_DEVICES = ("id-card", "smart-card", "camera", "face", "printer", "platform", "scanner-1")


@dataclass(frozen=True, slots=True)
class FleetFigures:
    """Memory is the broker's resident set, seconds are wall time; rates are statuses a second, from the first sent to
    the last in the gateway's database."""

    clients: int
    connected_s: float
    memory_before_mb: float
    memory_connected_mb: float
    memory_told_mb: float
    first_rate: float
    second_rate: float
    all_lost_s: float

    def lines(self) -> tuple[str, ...]:
        each_kb = (self.memory_connected_mb - self.memory_before_mb) * 1024 / self.clients
        return (
            f"{self.clients} MQTT clients with a last will connected in {self.connected_s:.1f} s",
            f"broker: {self.memory_before_mb:.1f} MB empty, {self.memory_connected_mb:.1f} MB with all connected "
            f"({each_kb:.1f} KB each), {self.memory_told_mb:.1f} MB with all their statuses retained",
            f"gateway: {self.first_rate:.0f} statuses a second into new rows, {self.second_rate:.0f} into known ones; "
            f"a heartbeat a minute of all is {self.clients / 60:.0f} a second",
            f"all of them without power at once: told lost in {self.all_lost_s:.1f} s",
        )


def run(clients: int = CLIENTS, database: str | None = None) -> FleetFigures:
    """Raises RuntimeError where so many files may not be open, TimeoutError where the gateway does not hear all."""
    _allow_files(clients + _SPARE_FILES)
    with broker_folder() as folder:
        port = free_port()
        rules = Path(shutil.copy(RULES, folder))
        url = database or f"sqlite:///{folder}/fleet.db"
        engine = open_database(url)
        try:
            with running(Broker(folder, port, plain_config(port, rules))) as broker:
                return _measure(broker, engine, url, clients)
        finally:
            engine.dispose()


def _measure(broker: Broker, engine: Engine, url: str, clients: int) -> FleetFigures:
    numbers = [f"{number:06d}" for number in range(clients)]
    lost = PresenceMessage(presence="lost", at=SystemClock().now()).model_dump_json().encode()
    terminals = Terminals(broker.port, numbers, lost, _KEEPALIVE_S)
    empty = _memory_mb(broker.pid)
    with _listening(broker.url, url, engine):
        connected_s = _timed(terminals.connect)
        connected = _memory_mb(broker.pid)
        first = _timed(lambda: _tell(terminals, engine, clients))
        second = _timed(lambda: _tell(terminals, engine, clients))
        told = _memory_mb(broker.pid)
        all_lost = _timed(lambda: _lose(terminals, engine, clients))
    return FleetFigures(clients, connected_s, empty, connected, told, clients / first, clients / second, all_lost)


def _tell(terminals: Terminals, engine: Engine, clients: int) -> None:
    """Until the gateway's database has this very status of all."""
    status = _status()
    payload = StatusMessage.of(status).model_dump_json().encode()
    terminals.publish(lambda _number: payload)
    at = status.at.astimezone(CHINA)
    _until(engine, lambda session: _count(session, FleetRecord.told_at == at), clients)


def _lose(terminals: Terminals, engine: Engine, clients: int) -> None:
    terminals.break_off()
    _until(engine, lambda session: _count(session, FleetRecord.presence == "lost"), clients)


def _status() -> TerminalStatus:
    now = SystemClock().now()
    devices = tuple(DeviceLine(name, ok=True) for name in _DEVICES)
    since = now - timedelta(hours=3)
    return TerminalStatus(now, since, "0.1.0", None, devices, QueueFigures(2, 0, 40), "enough", 61_000, 5_120)


def _count(session: Session, those: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(FleetRecord).where(those)) or 0


def _until(engine: Engine, count: Callable[[Session], int], wanted: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        with Session(engine) as session:
            found = count(session)
        if found == wanted:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"the gateway has {found} of {wanted}")
        time.sleep(_LOOK_S)


class _listening:  # noqa: N801  used as a function
    """The gateway's listener in a process of its own, for a ``with``."""

    def __init__(self, address: str, database: str, engine: Engine) -> None:
        command = [sys.executable, "-m", "benchmarks.fleet", "--listen", address, "--database", database]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE)
        self._book = FleetBook(engine, SystemClock())

    def __enter__(self) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while self._book.hearing().since is None:
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise TimeoutError("the gateway does not listen")
            time.sleep(_LOOK_S)

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def _listen(address: str, database: str) -> None:
    """Until standard input ends."""
    engine = open_database(database)
    listener = FleetListener(BrokerSettings(address=address), FleetBook(engine, SystemClock()), SystemClock(), print)
    listener.start()
    sys.stdin.read()
    listener.close()
    engine.dispose()


def _allow_files(count: int) -> None:
    """For this process and the broker it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise RuntimeError(f"{count} open files are needed and {hard} allowed: raise the hard limit (ulimit -Hn)")
    if soft != resource.RLIM_INFINITY and soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def _memory_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.fleet", description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--database", help="SQLAlchemy URL; a fresh SQLite file where left out")
    parser.add_argument("--listen", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.listen:
        _listen(options.listen, options.database)
        return 0
    print("\n".join(run(options.clients, options.database).lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
