"""A real broker for the tests, by the rules and the settings in packaging/."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.broker import Broker, broker_folder, plain_config, running
from benchmarks.ports import free_port

__all__ = ["Broker", "plain_broker", "secure_broker"]

PACKAGING = Path(__file__).parents[1] / "packaging"
RULES = PACKAGING / "mosquitto.acl"


@contextmanager
def plain_broker() -> Iterator[Broker]:
    with broker_folder() as folder:
        port = free_port()
        rules = Path(shutil.copy(RULES, folder))
        with running(Broker(folder, port, plain_config(port, rules))) as broker:
            yield broker


@contextmanager
def secure_broker(authority: Path, certificate: Path, key: Path) -> Iterator[Broker]:
    """By the shipped file itself, with these files in the place of its paths."""
    with broker_folder() as folder:
        port = free_port()
        text = (PACKAGING / "mosquitto.conf").read_text(encoding="utf-8")
        text = text.replace("listener 8883", f"listener {port} 127.0.0.1")
        for name, file in {
            "authority.crt": authority,
            "broker.tls.crt": certificate,
            "broker.tls.pem": key,
            "mosquitto.acl": RULES,
        }.items():
            assert f"/etc/mosquitto/kiosk/{name}" in text
            shutil.copy(file, folder / name)
        text = text.replace("/etc/mosquitto/kiosk/", f"{folder}/")
        with running(Broker(folder, port, text, secure=True)) as broker:
            yield broker
