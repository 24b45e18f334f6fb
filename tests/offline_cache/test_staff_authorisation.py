"""Who of the staff is let through: counted over restarts, told in the log, and nobody where nothing can be counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.audit_event import EventName
from kiosk.ports.staff_authorisation import (
    TRIES,
    Authorised,
    LockedOut,
    NotAuthorised,
    StaffAnswer,
    StaffPurpose,
    StaffWay,
)
from kiosk.wire.staff_answer import staff_answer
from kiosk.wire.staff_pin import make_staff_pin
from offline_cache.staff_authorisation import DurableStaffAuthorisation, unlock_staff
from offline_cache.store import StorageTrouble, Store
from tests.records import RecordedAudit

MAX_BYTES = 1024 * 1024
SECRET = bytes(range(32))
PURPOSE = StaffPurpose.NEW_NUMBER
PINS = (make_staff_pin("A1024", "246810"),)
WRONG = "wrong"


class Desk:
    """The terminal's side of the check; a ``restart`` loses all but the disk."""

    def __init__(self, path: Path) -> None:
        self.store = Store(path, MAX_BYTES)
        self.audit = RecordedAudit()
        self.restart()

    def restart(self) -> None:
        self.store.close()
        self.staff = DurableStaffAuthorisation(self.store, "0317", SECRET, PINS, self.audit)

    def answer(self, challenge: str) -> StaffAnswer:
        return self.staff.check_answer(staff_answer(SECRET, PURPOSE, "0317", challenge), PURPOSE)

    def told(self) -> list[EventName]:
        return [event.name for event in self.audit.events]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "disk").mkdir()
    desk = Desk(tmp_path / "disk" / "terminal.db")
    yield desk
    desk.store.close()


def test_the_pin_is_a_way_only_where_there_are_pins(desk: Desk) -> None:
    assert desk.staff.ways() == {StaffWay.PIN, StaffWay.CHALLENGE}
    without = DurableStaffAuthorisation(desk.store, "0317", SECRET, (), desk.audit)
    assert without.ways() == {StaffWay.CHALLENGE}


def test_a_pin_lets_its_number_through_and_no_other(desk: Desk) -> None:
    assert desk.staff.check_pin("A1025", "246810", PURPOSE) == NotAuthorised(TRIES - 1)
    assert desk.staff.check_pin("a1024", "246810", PURPOSE) == Authorised("A1024", StaffWay.PIN)
    assert desk.told() == [EventName.STAFF_NOT_AUTHORISED, EventName.STAFF_AUTHORISED]
    assert [event.staff for event in desk.audit.events] == [None, "A1024"], "an unproved number may be anything"


def test_only_the_newest_challenge_is_answered_and_once(desk: Desk) -> None:
    old, new = desk.staff.challenge(), desk.staff.challenge()
    assert len(new) == 8
    assert isinstance(desk.answer(old), NotAuthorised)
    assert isinstance(desk.answer(new), NotAuthorised), "the wrong answer used it up"
    challenge = desk.staff.challenge()
    assert desk.answer(challenge) == Authorised("", StaffWay.CHALLENGE)
    assert desk.answer(challenge) == NotAuthorised(TRIES - 1)


@pytest.mark.parametrize("answer", ["", "1234567", "123456789", "１２３４５６７８", "abcdefgh"])
def test_what_is_no_answer_is_a_wrong_one(desk: Desk, answer: str) -> None:
    desk.staff.challenge()
    assert desk.staff.check_answer(answer, PURPOSE) == NotAuthorised(TRIES - 1)


def test_after_five_wrong_tries_nobody_is_let_through_until_a_technician_unlocks(desk: Desk) -> None:
    answers = []
    for _ in range(TRIES):
        desk.restart()
        desk.staff.challenge()
        answers.append(desk.staff.check_answer(WRONG, PURPOSE))
    assert answers == [*(NotAuthorised(left) for left in (4, 3, 2, 1)), LockedOut()], "counted over restarts"
    assert desk.told()[-2:] == [EventName.STAFF_NOT_AUTHORISED, EventName.STAFF_LOCKED_OUT]
    assert desk.answer(desk.staff.challenge()) == LockedOut(), "the right answer comes too late"
    desk.restart()
    assert desk.answer(desk.staff.challenge()) == LockedOut()
    other_process = Store(desk.store._path, MAX_BYTES)
    assert unlock_staff(other_process) is None
    other_process.close()
    assert desk.answer(desk.staff.challenge()) == Authorised("", StaffWay.CHALLENGE)
    assert desk.told()[-2:] == [EventName.STAFF_UNLOCKED, EventName.STAFF_AUTHORISED]
    desk.answer(desk.staff.challenge())
    assert desk.told().count(EventName.STAFF_UNLOCKED) == 1


def test_a_right_answer_forgets_the_wrong_ones_before(desk: Desk) -> None:
    for _ in range(TRIES - 1):
        desk.staff.check_answer(WRONG, PURPOSE)
    assert isinstance(desk.answer(desk.staff.challenge()), Authorised)
    assert desk.staff.check_answer(WRONG, PURPOSE) == NotAuthorised(TRIES - 1)


def test_where_tries_cannot_be_counted_nobody_is_let_through(desk: Desk) -> None:
    broken = Store(desk.store._path.parent / "no-folder-but-a-file" / "terminal.db", MAX_BYTES)
    (desk.store._path.parent / "no-folder-but-a-file").write_text("in the way")
    staff = DurableStaffAuthorisation(broken, "0317", SECRET, (), desk.audit)
    challenge = staff.challenge()
    assert staff.check_answer(staff_answer(SECRET, PURPOSE, "0317", challenge), PURPOSE) == LockedOut()
    assert isinstance(unlock_staff(broken), StorageTrouble)
