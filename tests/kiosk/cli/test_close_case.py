"""A case is closed by its receipt number, and its picture goes."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gateway.database import open_database
from gateway.hall import Hall
from gateway.settings import DecisionPolicy
from gateway.tables import CaseRecord
from kiosk.cli.commands import app
from kiosk.domain.case import Finding
from kiosk.wire.envelope import FIRST
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from tests.records import PHOTO, SetClock, eligibility_case, receipt, register


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A gateway's database with one suspicion in it."""
    path, clock, registered = tmp_path / "hall.db", SetClock(), register(tmp_path)
    engine = open_database(f"sqlite:///{path}")
    case = eligibility_case(finding=Finding.SPOOF_SUSPECTED, crop=PHOTO)
    data = registered.sealer(clock).seal_record(case, FIRST).data
    opened = open_envelope(data, registered.sealing_key, {registered.terminal.key_id: registered.terminal})
    assert isinstance(opened, OpenedEnvelope)
    Hall(engine, DecisionPolicy(), clock).take(opened, data)
    engine.dispose()
    return path


def _envelope(database: Path) -> bytes | None:
    engine = open_database(f"sqlite:///{database}")
    with Session(engine) as session:
        envelope = session.scalars(select(CaseRecord.envelope)).one()
    engine.dispose()
    return envelope


def test_a_closed_case_keeps_no_picture(database: Path) -> None:
    assert _envelope(database) is not None
    told = CliRunner().invoke(app, ["close-case", receipt().value, "--database", str(database)])
    assert told.exit_code == 0, told.output
    assert _envelope(database) is None


@pytest.mark.parametrize("number", [receipt(2).value, "12345", ""])
def test_a_case_that_is_not_there_is_told(database: Path, number: str) -> None:
    told = CliRunner().invoke(app, ["close-case", number, "--database", str(database)])
    assert told.exit_code == 1
    assert "no case" in told.stderr
    assert _envelope(database) is not None


def test_a_database_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["close-case", receipt().value, "--database", str(tmp_path)])
    assert told.exit_code == 1
    assert "cannot be closed" in told.stderr
