"""Over TLS, by the broker's settings as they are shipped: who is let in, and what a technician reads when not."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.database import open_database
from gateway.fleet_book import FleetBook
from gateway.fleet_listener import FleetListener
from kiosk.app.system import SystemClock
from kiosk.cli import gateway_keys
from kiosk.fleet.causes import CAUSES
from kiosk.fleet.mqtt import MqttFleetStatus
from kiosk.fleet.settings import FleetSettings
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.wire.broker import BrokerSettings
from tests.eventually import eventually
from tests.kiosk.fleet.certificates import NOW, HallAuthority, Pair
from tests.kiosk.fleet.listening import PATIENCE_S
from tests.kiosk.fleet.statuses import WELL
from tests.mosquitto import Broker, secure_broker

OLD = NOW - timedelta(days=150)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> HallAuthority:
    return HallAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def made(authority: HallAuthority) -> Path:
    """What a technician has made for the hall's broker."""
    folder = authority.file.parent
    options = ["--key", str(folder / "gateway.pem"), "--name", "localhost", "--out", str(folder / "broker")]
    result = CliRunner().invoke(gateway_keys.app, ["broker", *options])
    assert result.exit_code == 0, result.output
    return folder / "broker"


@pytest.fixture(scope="module")
def broker(made: Path) -> Iterator[Broker]:
    with secure_broker(made / "authority.crt", made / "broker.tls.crt", made / "broker.tls.pem") as broker:
        yield broker


def settings(address: str, authority: Path, own: Pair | None, **more: Any) -> FleetSettings:
    files = {} if own is None else {"certificate": own.certificate, "tls_key": own.key}
    return FleetSettings.model_validate({"address": address, "authority": authority, "spread_s": 0.2, **files, **more})


@contextmanager
def telling(chosen: FleetSettings, terminal: str) -> Iterator[MqttFleetStatus]:
    fleet = MqttFleetStatus(chosen, terminal, SystemClock(), lambda: 0.5)
    fleet.start()
    try:
        fleet.publish(WELL)
        yield fleet
    finally:
        fleet.close()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[FleetBook]:
    engine = open_database(f"sqlite:///{tmp_path}/hall.db")
    yield FleetBook(engine, SystemClock())
    engine.dispose()


@pytest.fixture
def gateway(made: Path, broker: Broker, book: FleetBook) -> Iterator[FleetListener]:
    own = Pair(made / "gateway.tls.crt", made / "gateway.tls.pem")
    trusted = made / "authority.crt"
    chosen = BrokerSettings(address=broker.url, authority=trusted, certificate=own.certificate, tls_key=own.key)
    listener = FleetListener(chosen, book, SystemClock(), print, 0.02)
    listener.start()
    yield listener
    listener.close()


def reason(fleet: MqttFleetStatus) -> str | None:
    status = fleet.status()
    return status.reason if isinstance(status, Unavailable) else None


def test_a_terminal_and_its_gateway_meet_at_the_broker(
    authority: HallAuthority, broker: Broker, book: FleetBook, gateway: FleetListener
) -> None:
    with telling(settings(broker.url, authority.file, authority.client("0301")), "0301") as fleet:
        assert eventually(lambda: "0301" in book.last_heard() and book.last_heard()["0301"].status == WELL, PATIENCE_S)
        assert isinstance(fleet.status(), Ready)
    assert eventually(lambda: book.last_heard()["0301"].presence == "goodbye", PATIENCE_S)


def test_a_terminal_is_what_its_certificate_says(
    authority: HallAuthority, broker: Broker, book: FleetBook, gateway: FleetListener
) -> None:
    """It calls itself 0303, and may neither speak as 0303 nor put that terminal out."""
    with telling(settings(broker.url, authority.file, authority.client("0303")), "0303") as honest:
        assert eventually(lambda: "0303" in book.last_heard(), PATIENCE_S)
        with telling(settings(broker.url, authority.file, authority.client("0302")), "0303") as liar:
            assert eventually(lambda: reason(liar) == "may-not-tell", PATIENCE_S)
        assert isinstance(honest.status(), Ready)
        assert book.last_heard()["0303"].presence == "here"


def refused(make: str, authority: HallAuthority, folder: Path, broker: Broker) -> FleetSettings:
    own = authority.client("0304")
    strangers = HallAuthority(folder / "strangers")
    match make:
        case "certificate-expired":
            return settings(broker.url, authority.file, authority.client("0304", OLD))
        case "broker-untrusted":
            return settings(broker.url, strangers.file, own)
        case "broker-other-name":
            return settings(broker.url.replace("localhost", "127.0.0.1"), authority.file, own)
        case "file-unusable":
            return settings(broker.url, authority.file, Pair(folder / "none.crt", own.key))
        case _:
            return settings(broker.url, authority.file, strangers.client("0304"))


@pytest.mark.parametrize(
    "word", ["certificate-expired", "broker-untrusted", "broker-other-name", "file-unusable", "tls-refused"]
)
def test_who_is_not_let_in_reads_why(word: str, authority: HallAuthority, broker: Broker, tmp_path: Path) -> None:
    """`kiosk doctor` asks once; a terminal that runs is told as well, a foreign certificate's as a lost connection."""
    chosen = refused(word, authority, tmp_path, broker)
    asked = MqttFleetStatus(chosen, "0304", SystemClock(), lambda: 0.0)
    assert asked.status() == Unavailable(word, CAUSES[word][1])
    while_running = {word} if word != "tls-refused" else {word, "connection-lost"}
    with telling(chosen, "0304") as fleet:
        assert eventually(lambda: reason(fleet) in while_running, PATIENCE_S)


def test_a_broker_whose_certificate_has_expired_is_told(authority: HallAuthority, tmp_path: Path) -> None:
    own = authority.server("localhost", at=NOW - timedelta(days=500))
    with secure_broker(authority.file, own.certificate, own.key) as broker:
        chosen = settings(broker.url, authority.file, authority.client("0305"))
        asked = MqttFleetStatus(chosen, "0305", SystemClock(), lambda: 0.0)
        assert eventually(lambda: reason(asked) == "broker-certificate-expired", PATIENCE_S)


def test_a_renewed_certificate_is_taken_without_a_restart(
    authority: HallAuthority, broker: Broker, tmp_path: Path
) -> None:
    old, new = authority.client("0306", OLD), authority.client("0306")
    own = Pair(
        Path(shutil.copy(old.certificate, tmp_path / "own.crt")), Path(shutil.copy(old.key, tmp_path / "own.key"))
    )
    with telling(settings(broker.url, authority.file, own), "0306") as fleet:
        assert eventually(lambda: reason(fleet) == "certificate-expired", PATIENCE_S)
        shutil.copy(new.key, own.key)
        shutil.copy(new.certificate, own.certificate)
        assert eventually(lambda: isinstance(fleet.status(), Ready), PATIENCE_S)
