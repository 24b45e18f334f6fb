"""A real broker of Debian's for the tests: mosquitto on loopback, run by a user without rights, by the rules in
packaging/."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.eventually import eventually

PACKAGING = Path(__file__).parents[1] / "packaging"
RULES = PACKAGING / "mosquitto.acl"
PROGRAM = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or "mosquitto"

_PLAIN = """listener {port} 127.0.0.1
allow_anonymous true
acl_file {folder}/mosquitto.acl
max_queued_messages 100000
max_inflight_messages 1000
persistence false
log_dest stderr
log_type error
log_type warning
"""
"""User names are believed here, so that the rules can be tested without certificates."""


class Broker:
    """``stop``, ``kill`` and ``start`` as a technician would; ``url`` stays the same."""

    def __init__(self, folder: Path, port: int, config: str, *, secure: bool) -> None:
        self.folder = folder
        self.port = port
        self.url = f"{'mqtts' if secure else 'mqtt'}://localhost:{port}"
        self._config = folder / "broker.conf"
        self._config.write_text(config, encoding="utf-8")
        _hand_over(folder)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "-c", str(self._config)], stdout=log, stderr=log, user=_unprivileged(), cwd="/"
            )
        assert eventually(self._listens, 30), (self.folder / "log").read_text()

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
def plain_broker() -> Iterator[Broker]:
    with _folder() as folder:
        port = free_port()
        shutil.copy(RULES, folder)
        yield from _running(Broker(folder, port, _PLAIN.format(port=port, folder=folder), secure=False))


@contextmanager
def secure_broker(authority: Path, certificate: Path, key: Path) -> Iterator[Broker]:
    """By the shipped file itself, with these files in the place of its paths."""
    with _folder() as folder:
        port = free_port()
        text = (PACKAGING / "mosquitto.conf").read_text(encoding="utf-8")
        text = text.replace("listener 8883", f"listener {port} 127.0.0.1")
        for name, file in (
            ("authority.pem", authority),
            ("broker.pem", certificate),
            ("broker.key", key),
            ("mosquitto.acl", RULES),
        ):
            assert f"/etc/mosquitto/kiosk/{name}" in text
            shutil.copy(file, folder / name)
        text = text.replace("/etc/mosquitto/kiosk/", f"{folder}/")
        yield from _running(Broker(folder, port, text, secure=True))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _running(broker: Broker) -> Iterator[Broker]:
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="fleet-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _unprivileged() -> str | None:
    """mosquitto would leave its rights by itself, and then could not read what is root's."""
    return "mosquitto" if os.geteuid() == 0 else None


def _hand_over(folder: Path) -> None:
    user = _unprivileged()
    if user is not None:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, user)
