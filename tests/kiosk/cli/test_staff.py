"""kiosk staff, as whoever runs the gateway calls it."""

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.staff import StaffFile, load_staff
from kiosk.cli.staff import app
from kiosk.wire import staff_pin
from kiosk.wire.staff_pin import pin_fits


@pytest.fixture(autouse=True)
def _cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_pin, "_COST", 2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "gateway.staff.json"


def _run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=typed)


def _staff(file: Path) -> StaffFile:
    staff = load_staff(file)
    assert isinstance(staff, StaffFile)
    return staff


def test_a_pin_is_typed_twice_and_kept_as_a_hash_alone(file: Path) -> None:
    result = _run("set", "1001", "--file", str(file), typed="302817\n302817\n")
    assert result.exit_code == 0, result.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "302817" not in file.read_text() + result.output
    (kept,) = _staff(file).staff
    assert kept.staff == "1001"
    assert pin_fits("302817", kept)


def test_a_new_pin_takes_the_place_of_the_old_one(file: Path) -> None:
    for number, pin in (("1001", "302817"), ("1002", "918273"), ("1001", "645546")):
        assert _run("set", number, "--file", str(file), "--pin", pin).exit_code == 0
    assert [each.staff for each in _staff(file).staff] == ["1002", "1001"]
    assert pin_fits("645546", _staff(file).staff[1])


def test_who_leaves_is_taken_out(file: Path) -> None:
    _run("set", "1001", "--file", str(file), "--pin", "302817")
    assert _run("remove", "1002", "--file", str(file)).exit_code == 1
    assert _run("remove", "1001", "--file", str(file)).exit_code == 0
    assert _staff(file).staff == ()


def test_terminals_get_pins_only_when_told_so(file: Path) -> None:
    _run("set", "1001", "--file", str(file), "--pin", "302817")
    assert not _staff(file).at_terminals
    assert _run("terminals", "--file", str(file), "--check-pins").exit_code == 0
    assert _staff(file).at_terminals
    assert _run("terminals", "--file", str(file), "--no-pins").exit_code == 0
    assert not _staff(file).at_terminals
    assert len(_staff(file).staff) == 1


@pytest.mark.parametrize(("number", "pin"), [("1001", "12345"), ("1001", "12345a"), ("10 01", "302817")])
def test_what_is_no_pin_changes_nothing(file: Path, number: str, pin: str) -> None:
    result = _run("set", number, "--file", str(file), "--pin", pin)
    assert result.exit_code == 1
    assert result.stderr == "A staff number has 1 to 16 digits and letters, a PIN 6 to 12 digits.\n"
    assert not file.exists()


def test_a_broken_file_is_told_and_left(file: Path) -> None:
    file.write_text("{}")
    file.chmod(0o644)
    result = _run("set", "1001", "--file", str(file), "--pin", "302817")
    assert (result.exit_code, result.stderr) == (1, f"{file}: readable-by-others\n")
    assert file.read_text() == "{}"
