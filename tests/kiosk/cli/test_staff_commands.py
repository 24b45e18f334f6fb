"""``kiosk staff-pin`` and ``kiosk unlock-staff``: who may allow a new number at this terminal, and may again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.cli import staff_pin, unlock_staff
from kiosk.ports.staff_authorisation import TRIES, Authorised, LockedOut, StaffPurpose, StaffWay
from offline_cache.staff_authorisation import DurableStaffAuthorisation
from offline_cache.store import Store
from tests.records import RecordedAudit

PURPOSE = StaffPurpose.NEW_NUMBER


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "terminal.db", 1024 * 1024)
    assert store.tidy()
    yield store
    store.close()


def test_a_pin_is_asked_for_and_never_shown_and_lets_its_number_through(store: Store) -> None:
    staff = DurableStaffAuthorisation(store, "0317", bytes(32), RecordedAudit())
    done = CliRunner().invoke(staff_pin.app, ["1024", "--database", str(store._path)], input="246810\n246810\n")
    assert done.exit_code == 0
    assert "246810" not in done.output
    assert staff.check_pin("1024", "246810", PURPOSE) == Authorised("1024", StaffWay.PIN)


@pytest.mark.parametrize(
    ("number", "pin", "words"), [("1024", "12345", "6 to 12 digits"), ("A1", "246810", "digits alone")]
)
def test_what_cannot_be_typed_or_is_too_short_is_refused(store: Store, number: str, pin: str, words: str) -> None:
    done = CliRunner().invoke(staff_pin.app, [number, "--database", str(store._path)], input=f"{pin}\n{pin}\n")
    assert done.exit_code == 1
    assert words in done.output


def test_unlocking_works_beside_the_running_terminal(store: Store) -> None:
    staff = DurableStaffAuthorisation(store, "0317", bytes(32), RecordedAudit())
    for _ in range(TRIES):
        last = staff.check_answer("wrong", PURPOSE)
    assert last == LockedOut()
    done = CliRunner().invoke(unlock_staff.app, ["--database", str(store._path)])
    assert done.exit_code == 0
    assert staff.check_answer("wrong", PURPOSE) != LockedOut()


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert CliRunner().invoke(unlock_staff.app, ["--database", str(tmp_path / "none.db")]).exit_code == 2
    assert not (tmp_path / "none.db").exists()
