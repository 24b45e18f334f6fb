"""Accounts are given and taken on the console, and the record of it can be checked there."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner, Result

from gateway.desk import passwords
from kiosk.cli.commands import app

PASSWORD = "a-long-password"


@pytest.fixture(autouse=True)
def _cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_MEMORY_KIB", 64)


def _run(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["staff-account", *arguments, "--database", str(tmp_path / "hall.db")])


def _told(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output.strip()


def _refused(result: Result) -> str:
    assert result.exit_code == 1
    return result.output.strip()


def _add(tmp_path: Path, number: str = "a1", password: str = PASSWORD) -> Result:
    return _run(tmp_path, "add", number, "--role", "clerk", "--password", password)


def test_an_account_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    assert _told(_add(tmp_path)) == "A1 may log in as clerk."
    assert _refused(_add(tmp_path)) == "A1 has an account already."
    assert _told(_run(tmp_path, "role", "a1", "--role", "supervisor")) == "A1 is supervisor now."
    assert _told(_run(tmp_path, "password", "a1", "--password", "another-password")) == "A1 has a new password."
    assert _told(_run(tmp_path, "disable", "a1")) == "A1 may not log in any more."
    assert _told(_run(tmp_path, "list")).split() == ["A1", "supervisor", "disabled"]
    assert _told(_run(tmp_path, "enable", "a1")) == "A1 may log in again."
    assert _told(_run(tmp_path, "list")).split() == ["A1", "supervisor"]
    assert _told(_run(tmp_path, "verify")) == "The record is whole: 5 entries."


def test_what_cannot_be_is_told(tmp_path: Path) -> None:
    assert _refused(_add(tmp_path, password="short")) == "A password has 10 to 128 characters."
    assert _refused(_add(tmp_path, number="a b")) == "A staff number has 1 to 16 digits and capital letters."
    for command in (["role", "9", "--role", "clerk"], ["password", "9", "--password", PASSWORD], ["disable", "9"]):
        assert _refused(_run(tmp_path, *command)) == "9 has no account here."
    (tmp_path / "hall.db").write_bytes(b"no database" * 100)
    assert "cannot be opened" in _refused(_run(tmp_path, "list"))


def test_a_record_that_was_changed_is_told(tmp_path: Path) -> None:
    _add(tmp_path)
    engine = create_engine(f"sqlite:///{tmp_path}/hall.db")
    with engine.begin() as connection:
        connection.execute(text("UPDATE desk_entry SET staff = 'nobody'"))
    engine.dispose()
    assert _refused(_run(tmp_path, "verify")) == "The record is broken at entry 1: changed, or missing."
