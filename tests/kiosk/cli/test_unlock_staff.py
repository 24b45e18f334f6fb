"""``kiosk unlock-staff``: after too many wrong answers staff may be asked again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.cli import unlock_staff
from kiosk.ports.staff_authorisation import TRIES, LockedOut, StaffPurpose
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


def test_unlocking_works_beside_the_running_terminal(store: Store) -> None:
    staff = DurableStaffAuthorisation(store, "0317", bytes(32), (), RecordedAudit())
    for _ in range(TRIES):
        last = staff.check_answer("wrong", PURPOSE)
    assert last == LockedOut()
    done = CliRunner().invoke(unlock_staff.app, ["--database", str(store._path)])
    assert done.exit_code == 0
    assert staff.check_answer("wrong", PURPOSE) != LockedOut()


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert CliRunner().invoke(unlock_staff.app, ["--database", str(tmp_path / "none.db")]).exit_code == 2
    assert not (tmp_path / "none.db").exists()
