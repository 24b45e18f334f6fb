"""A real PostgreSQL of Debian's for tests and benchmarks: a cluster of its own in a fresh folder, on loopback, every
commit on the disk, run by a user without rights. Install the package ``postgresql`` for it."""

import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.ports import free_port
from benchmarks.unprivileged import command_as, hand_over

USER = "hall"
_SERVER_USER = "postgres"
"""PostgreSQL does not run as root."""

_START_S = 120.0


class PostgresError(Exception):
    """The server does not start; the text is the end of its log."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server in its folder; ``running`` starts and stops it, as often as wanted."""

    folder: Path
    port: int
    password: str

    def url(self) -> str:
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def new_database(self) -> str:
        """URL of a schema of its own, which is as good as an empty database and a hundredth of its bytes."""
        name = f"hall_{secrets.token_hex(6)}"
        with self.connect() as connection:
            connection.execute(f'CREATE SCHEMA "{name}"'.encode())
        return f"{self.url()}?options=-csearch_path%3D{name}"

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=self.password, dbname="postgres", autocommit=True
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        """Ends without a last checkpoint; what was committed is there at the next start. Raises PostgresError when it
        does not come up in time."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "on",
            "synchronous_commit": "on",
        }
        command = [str(binary("postgres")), "-D", str(self.folder / "data")]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log, _started(command, log.fileno()) as process:
            try:
                self._await_connections()
                yield
            finally:
                process.send_signal(signal.SIGQUIT)

    def _await_connections(self) -> None:
        deadline = time.monotonic() + _START_S
        while not self._takes_connections():
            if time.monotonic() > deadline:
                raise PostgresError((self.folder / "log").read_text(errors="replace")[-2000:])
            threading.Event().wait(0.05)

    def _takes_connections(self) -> bool:
        with suppress(psycopg.OperationalError):
            self.connect().close()
            return True
        return False


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A new cluster, not yet running; its folder goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="hall-pg-"))
    try:
        password = secrets.token_hex(12)
        word = folder / "password"
        word.write_text(password)
        hand_over(_SERVER_USER, folder, word)
        initdb = [str(binary("initdb")), "-D", str(folder / "data"), "-U", USER, "-E", "UTF8", "--locale=C.UTF-8"]
        initdb += ["--auth=scram-sha-256", f"--pwfile={word}"]
        subprocess.run(command_as(_SERVER_USER, initdb), check=True, stdout=subprocess.DEVNULL, cwd="/")
        yield Cluster(folder, free_port(), password)
    finally:
        shutil.rmtree(folder)


def binary(name: str) -> Path:
    """The newest installed version's program."""
    versions = sorted(Path("/usr/lib/postgresql").iterdir(), key=lambda folder: int(folder.name))
    return versions[-1] / "bin" / name


@contextmanager
def _started(command: list[str], log: int) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command_as(_SERVER_USER, command), stdout=log, stderr=log, cwd="/") as process:
        yield process
