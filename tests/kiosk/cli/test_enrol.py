"""A terminal is set up from the technician's command line, and the hall's registry is kept from there too."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kiosk.app.bootstrap import register
from kiosk.app.settings import TerminalSettings, load_settings
from kiosk.cli.commands import app
from kiosk.platform.client import HttpHallPlatform
from kiosk.ports.device_status import Ready
from kiosk.wire.envelope import Sealer
from kiosk.wire.keys import GatewayKey, KeyUnusable, load_gateway_registration, load_or_create_signing_key
from tests.gateway.trust import SecuredHall, mode, present_clock, secured_hall

EXAMPLE = Path(__file__).parents[3] / "docs" / "terminal.example.toml"
PLAIN = 'address = "http://127.0.0.1:8321"\nregistration = "var/gateway-key.registration.json"'


@pytest.fixture
def hall(tmp_path: Path) -> SecuredHall:
    return secured_hall(tmp_path / "hall", present_clock())


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def _books(hall: SecuredHall, *arguments: str) -> Result:
    return _run("terminals", *arguments, "--database", f"{hall.folder}/hall.db")


def _config(folder: Path, platform: str) -> Path:
    """The example's terminal with its files in ``folder``, for real people."""
    text = EXAMPLE.read_text().replace("training = true ", "training = false ")
    assert PLAIN in text
    own = f'signing_key = "{folder}/terminal-key.pem"\nlog = "{folder}/log"\n'
    path = folder / "terminal.toml"
    path.write_text(own + text.replace(PLAIN, platform))
    return path


def _secured(folder: Path, address: str) -> Path:
    files = {
        "registration": "gateway.json",
        "authority": "ca.crt",
        "certificate": "terminal.crt",
        "tls_key": "tls.pem",
    }
    lines = [f'address = "{address}"', *(f'{name} = "{folder}/{file}"' for name, file in files.items())]
    return _config(folder, "\n".join(lines))


def _status(settings: TerminalSettings, hall: SecuredHall) -> object:
    signing_key = load_or_create_signing_key(settings.signing_key)
    gateway = load_gateway_registration(settings.platform.registration)
    assert isinstance(gateway, GatewayKey)
    assert not isinstance(signing_key, KeyUnusable)
    sealer = Sealer(settings.site.terminal, signing_key, gateway, hall.clock)
    return HttpHallPlatform(settings.platform, sealer, hall.clock).status()


def test_from_the_code_on_the_halls_screen_to_a_terminal_that_is_served(hall: SecuredHall, tmp_path: Path) -> None:
    assert _books(hall, "site", "320000000000", "示范省").exit_code == 0
    shown = _books(
        hall, "code", "--terminal", "0317", "--key", str(hall.settings.key), "--site", "320000000000"
    ).stdout.strip()
    with hall.serving() as address:
        config = _secured(tmp_path, address)
        done = _run("enrol", "--config", str(config), "--code", shown.lower())
        assert (done.exit_code, "0317" in done.stdout) == (0, True)
        settings = load_settings(config)
        assert isinstance(settings, TerminalSettings)
        assert _status(settings, hall) == Ready()
    for name in ("terminal-key.pem", "tls.pem", "terminal.crt", "ca.crt", "gateway.json", "gateway.keys.json"):
        assert mode(tmp_path / name) == 0o600
    assert isinstance(register(settings), Path)
    listed = json.loads(_books(hall, "list", "--json").stdout)
    assert (listed["terminal"], listed["site"], listed["state"]) == ("0317", "320000000000", "in-service")
    assert _books(hall, "revoke", "0317", "--because", "stolen").exit_code == 0
    assert json.loads(_books(hall, "list", "--json").stdout)["state"] == "revoked-stolen"


def test_what_a_technician_does_wrong_is_told_in_one_line_and_what_to_do(hall: SecuredHall, tmp_path: Path) -> None:
    code = hall.code().text()
    plain = _run("enrol", "--config", str(_config(tmp_path, PLAIN)), "--code", code)
    assert (plain.exit_code, "platform.authority" in plain.stderr) == (1, True)
    config = _secured(tmp_path, "https://127.0.0.1:1")
    short = _run("enrol", "--config", str(config), "--code", code[:-1])
    assert (short.exit_code, "eight groups" in short.stderr) == (1, True)
    nobody = _run("enrol", "--config", str(config), "--code", code)
    assert (nobody.exit_code, nobody.stderr.splitlines()[0]) == (1, "Not set up: refused")
    missing = _run("enrol", "--config", str(tmp_path / "none.toml"), "--code", code)
    assert missing.exit_code == 1
    assert not (tmp_path / "terminal.crt").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("site", "320100000000", "示范市"), "above it first"),
        (("site", "32", "示范省"), "twelve digits"),
        (("revoke", "0999"), "no terminal 0999"),
        (("revoke", "0317", "--because", "Stolen!"), "one word"),
        (("code", "--terminal", "x", "--key", "k.pem"), "2 to 8 digits"),
    ],
)
def test_the_registry_refuses_what_makes_no_sense(hall: SecuredHall, arguments: tuple[str, ...], said: str) -> None:
    answer = _books(hall, *arguments)
    assert (answer.exit_code, said in answer.stderr) == (1, True)


def test_a_code_is_shown_for_sites_there_are(hall: SecuredHall) -> None:
    answer = _books(hall, "code", "--terminal", "0317", "--key", str(hall.settings.key), "--site", "320000000000")
    assert (answer.exit_code, "kiosk terminals site" in answer.stderr) == (1, True)


def test_keys_are_turned_and_listed(hall: SecuredHall) -> None:
    key = str(hall.settings.key)
    first = _run("gateway-keys", "list", "--key", key).stdout.split()[0]
    turned = _run("gateway-keys", "rotate", "--key", key, "--days", "30").stdout.splitlines()
    assert ("now sealed to" in turned[0], turned[1].split()[0], "opened until" in turned[1]) == (True, first, True)
    assert _run("gateway-keys", "list", "--key", key).stdout.splitlines() == turned
    hall.settings.key.with_suffix(".keys.json").write_text("[]")
    spoiled = _run("gateway-keys", "rotate", "--key", key)
    assert (spoiled.exit_code, "not-a-key-list" in spoiled.stderr) == (1, True)
