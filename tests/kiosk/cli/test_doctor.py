"""kiosk doctor names what is wrong and what to do, and never shows a traceback."""

import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from typer.testing import CliRunner

from kiosk.cli.doctor import app
from kiosk.wire.keys import register_gateway, write_registration

EXAMPLE = Path(__file__).parents[3] / "docs" / "terminal.example.toml"


def test_without_settings_it_says_where_to_begin(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--config", str(tmp_path / "none.toml")])
    assert result.exit_code == 1
    assert "WRONG settings" in result.output
    assert "kiosk doctor --settings" in result.output


def test_it_lists_every_option() -> None:
    result = CliRunner().invoke(app, ["--settings", "--json"])
    assert result.exit_code == 0
    names = [json.loads(line)["name"] for line in result.output.splitlines()]
    assert len(names) == len(set(names)) > 60


def test_a_terminal_with_nothing_attached_gets_a_remedy_for_everything(tmp_path: Path) -> None:
    config = tmp_path / "terminal.toml"
    text = EXAMPLE.read_text(encoding="utf-8")
    for old, new in (
        ("/dev/serial/by-id/reader", str(tmp_path / "no-reader")),
        ("http://127.0.0.1:8080/stream", "http://127.0.0.1:9/stream"),
        ("port = 9100", "port = 9"),
        ("http://127.0.0.1:8321", "http://127.0.0.1:9"),
        ("var/", f"{tmp_path}/"),
    ):
        assert old in text
        text = text.replace(old, new)
    header = f'signing_key = "{tmp_path}/key.pem"\nlog = "{tmp_path}/terminal.log"\n'
    config.write_text(header + text + f'\n[face_analyser]\nmodels = "{tmp_path}/models"\n', encoding="utf-8")
    missing = CliRunner().invoke(app, ["--config", str(config), "--json"])
    assert json.loads(missing.output)["name"] == "keys"
    _write_gateway_registration(tmp_path / "gateway-key.registration.json")
    result = CliRunner().invoke(app, ["--config", str(config), "--json"])
    assert result.exit_code == 1
    checks = {check["name"]: check for check in map(json.loads, result.output.splitlines())}
    for name in ("models", "id-card", "camera", "face-analyser", "printer", "gateway and clock"):
        assert not checks[name]["good"], name
        assert checks[name]["remedy"], name
    for name in ("fonts", "disk", "outbox"):
        assert checks[name]["good"], name


def _write_gateway_registration(path: Path) -> None:
    write_registration(path, register_gateway(X25519PrivateKey.generate()))
