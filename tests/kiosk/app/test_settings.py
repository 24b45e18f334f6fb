"""Settings are read strictly, every option is listed with its words, and a terminal without keys says what to do."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from devices.code_scanner.serial_scanner.driver import SerialScanner
from devices.code_scanner.wedge.driver import WedgeScanner
from devices.printer.a4.settings import A4CupsSettings
from kiosk.app.bootstrap import KeysMissing, build_code_readers, build_terminal, register
from kiosk.app.setting_list import options
from kiosk.app.settings import SettingsUnusable, TerminalSettings, load_settings
from kiosk.app.system import SystemClock
from kiosk.codes.issuers import Use, book_of
from kiosk.ports.device_status import Unavailable
from kiosk.wire.keys import RegisteredTerminal, load_terminal_registration

EXAMPLE = Path(__file__).parents[3] / "docs" / "terminal.example.toml"


PHONE = 'id = "mobile-platform"\nzh = "赣服通"\nen = "Ganfutong"\nkind = "token"'


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "terminal.toml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def problems(path: Path) -> str:
    loaded = load_settings(path)
    assert isinstance(loaded, SettingsUnusable)
    return "\n".join(loaded.problems)


def test_the_example_is_a_terminal(example: Path) -> None:
    settings = load_settings(example)
    assert isinstance(settings, TerminalSettings)
    assert settings.site.terminal == "0317"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "No such file" in problems(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("text", ["[site", "site = 1\nsite = 2", "\x00", "site = "])
def test_what_is_no_toml_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "terminal.toml"
    path.write_text(text, encoding="utf-8")
    assert str(path) in problems(path)


def test_an_unknown_option_is_told_by_its_place(example: Path) -> None:
    text = example.read_text(encoding="utf-8").replace("[camera]\n", "[camera]\nzoom = 3\n")
    example.write_text(text, encoding="utf-8")
    assert "camera.zoom" in problems(example)


def test_a_value_out_of_bounds_is_told_by_its_place(example: Path) -> None:
    example.write_text(example.read_text(encoding="utf-8").replace(":9100", ":910000"), encoding="utf-8")
    assert "printer.escpos.address" in problems(example)


def test_a_terminal_may_print_on_sheets(example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    model = A4CupsSettings.model_fields["model"].default
    start, end = text.index("[printer]"), text.index("[platform]")
    example.write_text(text[:start] + f'[printer]\nmodel = "{model}"\nqueue = "hall"\n' + text[end:], encoding="utf-8")
    settings = load_settings(example)
    assert isinstance(settings, TerminalSettings)
    assert isinstance(settings.printer, A4CupsSettings)


def test_a_make_of_printer_that_nobody_knows_is_told(example: Path) -> None:
    text = example.read_text(encoding="utf-8").replace("[printer]\n", '[printer]\nprofile = "acme"\n')
    example.write_text(text, encoding="utf-8")
    assert "must be one of epson" in problems(example)


@pytest.mark.parametrize(
    ("line", "instead", "place"),
    [
        ('terminal = "0317"', 'terminal = "3"', "site.terminal"),
        ('terminal = "0317"', 'terminal = "hall-3"', "site.terminal"),
        ('terminal = "0317"', 'terminal = "０３１７"', "site.terminal"),
        ('terminal = "0317"', 'terminal = "123456789"', "site.terminal"),
        ("https://hy.shili.example", "https://hy.shili.example/?receipt=", "site.verification_url"),
        ("https://hy.shili.example", "https://核验.example", "site.verification_url"),
        ("https://hy.shili.example", "https://hy.shili.example/" + "a" * 80, "site.verification_url"),
        ("answer_days = 3", "answer_days = 0", "site.answer_days"),
        ("[id_card]", "[times]\nidle_s = -1\n[id_card]", "times.idle_s"),
        ("[id_card]", "[times]\nhealth_s = 0\n[id_card]", "times.health_s"),
        ("[id_card]", "[times]\ncountdown_s = nan\n[id_card]", "times.countdown_s"),
        ("[id_card]", "[times]\nelder_factor = inf\n[id_card]", "times.elder_factor"),
        ("[storage]", "[storage]\ndelivery.backoff_s = inf", "storage.delivery.backoff_s"),
        ("[platform]", "[platform]\ntotal_s = inf", "platform.total_s"),
        ("[id_card]", "[liveness]\ntries = 0\n[id_card]", "liveness.tries"),
        ("[storage]", '[[codes]]\nid = "A"\nzh = "码"\nen = "code"\nkind = "token"\n[storage]', "codes.0"),
        ("[storage]", f"[[codes]]\n{PHONE}\nuses = ['identity']\n[storage]", "codes"),
        ("[storage]", f"[[codes]]\n{PHONE}\nregex = '(a+)+'\n[storage]", "codes.0.regex"),
        ("[id_card]", "[liveness]\nmatch_threshold = 0.0\n[id_card]", "liveness.match_threshold"),
        ("[id_card]", "[liveness]\nturn_shift = -0.1\n[id_card]", "liveness.turn_shift"),
    ],
)
def test_a_value_that_would_end_the_terminal_later_is_told_by_its_place(
    example: Path, line: str, instead: str, place: str
) -> None:
    text = example.read_text(encoding="utf-8")
    assert line in text
    example.write_text(text.replace(line, instead), encoding="utf-8")
    assert problems(example).startswith(f"{place}: ")


def test_a_site_names_its_mobile_platform_and_the_form_of_its_codes(example: Path) -> None:
    codes = f'[[codes]]\n{PHONE}\nuses = ["identity"]\nprefixes = ["GFT:"]\n[storage]'
    example.write_text(example.read_text(encoding="utf-8").replace("[storage]", codes), encoding="utf-8")
    settings = load_settings(example)
    assert isinstance(settings, TerminalSettings)
    assert [issuer.zh for issuer in book_of(settings.codes).tokens_for(Use.IDENTITY)] == ["电子社保卡", "赣服通"]


def test_scanners_are_built_by_their_models_and_numbered(example: Path) -> None:
    scanners = """
[[scanners]]
model = "serial_scanner"
port = "/dev/serial/by-id/no-such-scanner"
suffix = "none"
charset = "gb18030"
[[scanners]]
model = "wedge"
node = "/dev/input/by-id/no-such-scanner-event-kbd"
"""
    example.write_text(example.read_text(encoding="utf-8") + scanners, encoding="utf-8")
    settings = load_settings(example)
    assert isinstance(settings, TerminalSettings)
    readers = build_code_readers(settings.scanners, SystemClock())
    assert {name: type(reader) for name, reader in readers.items()} == {
        "scanner-1": SerialScanner,
        "scanner-2": WedgeScanner,
    }
    states = [reader.status() for reader in readers.values()]
    assert [state.reason for state in states if isinstance(state, Unavailable)] == ["port-gone", "node-gone"]


@pytest.mark.parametrize(
    "scanner", ['model = "laser"', 'port = "/dev/ttyS0"', 'model = "serial_scanner"\nport = "p"\nbaud = 1200']
)
def test_a_scanner_of_no_known_model_is_told(example: Path, scanner: str) -> None:
    text = example.read_text(encoding="utf-8")
    example.write_text(f"{text}\n[[scanners]]\n{scanner}\n", encoding="utf-8")
    assert problems(example).startswith("scanners.0")


def test_the_longest_address_that_fits_is_taken(example: Path) -> None:
    text = example.read_text(encoding="utf-8").replace(
        "https://hy.shili.example", "https://hy.shili.example/" + "a" * 60
    )
    example.write_text(text, encoding="utf-8")
    assert isinstance(load_settings(example), TerminalSettings)


def test_every_option_is_listed_with_a_sentence() -> None:
    listed = {option.name: option for option in options()}
    assert {
        "site.hall",
        "times.idle_s",
        "liveness.match_threshold",
        "id_card.port",
        "scanners[serial_scanner].suffix",
        "scanners[wedge].node",
        "storage.delivery.backoff_s",
    } <= set(listed)
    assert listed["id_card.port"].default is None, "must be set"
    assert listed["times.idle_s"].default == "60.0"
    silent = [option.name for option in listed.values() if not option.description and not option.name.endswith("model")]
    assert not silent


def test_a_terminal_leaves_its_registration_and_asks_for_the_gateway_s(example: Path, tmp_path: Path) -> None:
    settings = load_settings(example)
    assert isinstance(settings, TerminalSettings)
    platform = settings.platform.model_copy(update={"registration": tmp_path / "missing.json"})
    settings = settings.model_copy(update={"signing_key": tmp_path / "key.pem", "platform": platform})
    missing = build_terminal(settings)
    assert isinstance(missing, KeysMissing)
    assert "missing.json" in missing.reason
    assert (tmp_path / "key.registration.json").exists()
    assert "key.registration.json" in missing.remedy


def test_a_key_that_others_could_read_is_not_used(example: Path, tmp_path: Path) -> None:
    settings = load_settings(example)
    assert isinstance(settings, TerminalSettings)
    settings = settings.model_copy(update={"signing_key": tmp_path / "key.pem"})
    assert isinstance(register(settings), Path)
    (tmp_path / "key.pem").chmod(0o644)
    assert isinstance(register(settings), KeysMissing)


def test_a_registration_that_stands_is_not_written_again(example: Path, tmp_path: Path) -> None:
    settings = load_settings(example)
    assert isinstance(settings, TerminalSettings)
    settings = settings.model_copy(update={"signing_key": tmp_path / "key.pem"})
    path = register(settings)
    assert isinstance(path, Path)
    first = path.stat()
    assert register(settings) == path
    assert path.stat().st_ino == first.st_ino, "the same file, not one like it"
    real = settings.model_copy(update={"site": replace(settings.site, training=False)})
    register(real)
    registered = load_terminal_registration(path)
    assert isinstance(registered, RegisteredTerminal)
    assert not registered.training


def test_a_folder_that_cannot_be_written_is_told_and_does_not_stop_a_registered_terminal(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(example)
    assert isinstance(settings, TerminalSettings)
    settings = settings.model_copy(update={"signing_key": tmp_path / "key.pem"})
    path = register(settings)
    assert isinstance(path, Path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    assert register(settings) == path
    path.unlink()
    missing = register(settings)
    assert isinstance(missing, KeysMissing)
    assert missing.reason == f"{path}: No space left on device"
    assert "make room" in missing.remedy
