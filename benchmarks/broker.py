"""A real broker of Debian's on loopback: mosquitto, run by a user without rights, for tests and benchmarks."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.unprivileged import command_as, hand_over

_SERVER_USER = "mosquitto"
"""mosquitto would leave its rights by itself, and then could not read what is root's."""

_PROGRAM = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or "mosquitto"
_START_S = 60.0
_LOOK_S = 0.005


class Broker:
    """``stop``, ``kill`` and ``start`` as a technician would; ``url`` stays the same."""

    def __init__(self, folder: Path, port: int, config: str, *, secure: bool = False) -> None:
        self.folder = folder
        self.port = port
        self.url = f"{'mqtts' if secure else 'mqtt'}://localhost:{port}"
        self._config = folder / "broker.conf"
        self._config.write_text(config, encoding="utf-8")
        hand_over(_SERVER_USER, folder, *folder.iterdir())
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, "not running"
        return self._process.pid

    def start(self) -> None:
        """Returns once it takes connections."""
        with (self.folder / "log").open("ab") as log:
            command = command_as(_SERVER_USER, [_PROGRAM, "-c", str(self._config)])
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        deadline = time.monotonic() + _START_S
        while not self._listens():
            ended = self._process.poll() is not None
            assert not ended, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "the broker takes no connections"
            time.sleep(_LOOK_S)

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None

    def _listens(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


@contextmanager
def broker_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="fleet-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(broker: Broker) -> Iterator[Broker]:
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


def plain_config(port: int, rules: Path) -> str:
    """User names are believed here: the rules hold without certificates."""
    return f"""listener {port} 127.0.0.1
allow_anonymous true
acl_file {rules}
max_queued_messages 100000
max_inflight_messages 1000
message_size_limit 4096
persistence false
log_dest stderr
log_type error
log_type warning
"""
