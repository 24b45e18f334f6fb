"""kiosk doctor has one line for the fleet's broker, with its cause."""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from typer.testing import CliRunner

from benchmarks.ports import free_port
from kiosk.cli.doctor import CAUSES, app
from kiosk.fleet.causes import CAUSES as FLEET_CAUSES
from kiosk.wire.keys import register_gateway, write_registration
from tests.kiosk.fleet.listening import listening
from tests.mosquitto import plain_broker

EXAMPLE = Path(__file__).parents[3] / "docs" / "terminal.example.toml"


def fleet_line(folder: Path, address: str) -> dict[str, Any]:
    """Of a terminal to which nothing is attached."""
    text = EXAMPLE.read_text(encoding="utf-8").replace("var/", f"{folder}/")
    for old, new in (
        ("/dev/serial/by-id/reader", f"{folder}/no-reader"),
        (":8080/", ":9/"),
        (":9100", ":9"),
        (":8321", ":9"),
    ):
        text = text.replace(old, new)
    keys = f'signing_key = "{folder}/key.pem"\nlog = "{folder}/terminal.log"\n'
    more = f'\n[fleet]\naddress = "{address}"\n\n[face_analyser]\nmodels = "{folder}/models"\n'
    (folder / "terminal.toml").write_text(keys + text + more, encoding="utf-8")
    write_registration(folder / "gateway-key.registration.json", register_gateway(X25519PrivateKey.generate()))
    result = CliRunner().invoke(app, ["--config", str(folder / "terminal.toml"), "--json"])
    checks: list[dict[str, Any]] = [json.loads(line) for line in result.output.splitlines()]
    return next(check for check in checks if check["name"] == "fleet")


def test_a_broker_that_is_away_has_a_cause_and_a_remedy(tmp_path: Path) -> None:
    line = fleet_line(tmp_path, f"mqtt://localhost:{free_port()}")
    assert not line["good"]
    assert line["detail"] == "no-link: nothing answers at fleet.address"
    assert "check the network cable" in line["remedy"]


def test_a_broker_that_is_there_is_well_and_hears_of_no_terminal(tmp_path: Path) -> None:
    with plain_broker() as broker, listening(broker) as watcher:
        line = fleet_line(tmp_path, broker.url)
        assert (line["good"], line["detail"]) == (True, broker.url)
    assert not watcher.heard


def test_every_word_has_its_cause() -> None:
    assert {("fleet", word) for word in FLEET_CAUSES} <= set(CAUSES)
