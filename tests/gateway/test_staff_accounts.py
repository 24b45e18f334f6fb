"""Who may log in at the staff desk, for how long, and that the record of it cannot be changed unseen."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from gateway.database import open_database
from gateway.desk import passwords
from gateway.desk.accounts import TRIES, Account, Accounts, LoginRefused
from gateway.desk.passwords import hash_password, password_fits
from gateway.desk.sessions import Sessions, Visitor
from gateway.desk.settings import DeskSettings
from gateway.desk.tables import DeskEntry, DeskHead, Role, StaffAccount, StaffSession
from gateway.desk.trail import ChainBroken, ChainWhole, begin_chain, check_chain, note
from tests.records import START, SetClock

PASSWORD, OTHER = "a-long-password", "another-password"
CLERK = Account("3001", Role.CLERK, disabled=False, locked=False)
MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture(autouse=True)
def _cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """The price of a guess has a test of its own."""
    monkeypatch.setattr(passwords, "_MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "_NOBODYS", hash_password("nobody's password"))


@pytest.fixture
def engine(tmp_path: object) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/hall.db")
    begin_chain(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def accounts(engine: Engine, clock: SetClock) -> Accounts:
    accounts = Accounts(engine, clock)
    assert accounts.add(CLERK.staff, CLERK.role, PASSWORD, "console")
    return accounts


@pytest.fixture
def sessions(engine: Engine, clock: SetClock) -> Sessions:
    return Sessions(engine, clock, DeskSettings())


def test_a_guess_costs_what_the_standard_recommends() -> None:
    whole = pytest.MonkeyPatch()
    whole.setattr(passwords, "_MEMORY_KIB", 64 * 1024)
    kept = hash_password(PASSWORD)
    whole.undo()
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert password_fits(PASSWORD, kept)


@pytest.mark.parametrize("password", ["", "too-short", "x" * 129])
def test_a_password_of_another_length_is_no_password(accounts: Accounts, password: str) -> None:
    with pytest.raises(ValueError, match="10 to 128"):
        accounts.add("3002", Role.CLERK, password, "console")
    with pytest.raises(ValueError, match="10 to 128"):
        accounts.set_password(CLERK.staff, password, "console")


@pytest.mark.parametrize("staff", ["", "３００１", "a1", "1" * 17, "1 2", "../1"])
def test_a_number_has_digits_and_capitals(accounts: Accounts, staff: str) -> None:
    with pytest.raises(ValueError, match="staff number"):
        accounts.add(staff, Role.CLERK, PASSWORD, "console")


def test_the_right_password_lets_in_and_every_try_is_on_record(accounts: Accounts, engine: Engine) -> None:
    assert accounts.check(CLERK.staff, PASSWORD) == CLERK
    assert accounts.check(CLERK.staff, OTHER) == LoginRefused("wrong")
    assert accounts.check("9999", PASSWORD) == LoginRefused("wrong")
    with Session(engine) as session:
        entries = [(entry.staff, entry.act) for entry in session.scalars(select(DeskEntry).order_by(DeskEntry.id))]
    assert entries[1:] == [(CLERK.staff, "login"), (CLERK.staff, "login-wrong"), ("", "login-wrong")]


def test_five_wrong_passwords_in_a_row_lock_until_there_is_a_new_one(accounts: Accounts) -> None:
    for _ in range(TRIES - 1):
        assert accounts.check(CLERK.staff, OTHER) == LoginRefused("wrong")
    assert accounts.check(CLERK.staff, PASSWORD) == CLERK, "a right one starts the count anew"
    for _ in range(TRIES):
        assert accounts.check(CLERK.staff, OTHER) == LoginRefused("wrong")
    assert accounts.check(CLERK.staff, PASSWORD) == LoginRefused("locked")
    assert [each.locked for each in accounts.all()] == [True]
    assert accounts.set_password(CLERK.staff, OTHER, "console")
    assert accounts.check(CLERK.staff, PASSWORD) == LoginRefused("wrong")
    assert accounts.check(CLERK.staff, OTHER) == CLERK


def test_a_disabled_account_is_answered_like_a_wrong_password(accounts: Accounts) -> None:
    assert accounts.set_disabled(CLERK.staff, True, "console")
    assert accounts.check(CLERK.staff, PASSWORD) == LoginRefused("wrong")
    assert accounts.set_disabled(CLERK.staff, False, "console")
    assert accounts.check(CLERK.staff, PASSWORD) == CLERK


def test_nobody_is_changed_where_nobody_is(accounts: Accounts) -> None:
    assert not accounts.add(CLERK.staff, Role.SUPERVISOR, PASSWORD, "console")
    assert not accounts.set_role("9", Role.CLERK, "console")
    assert not accounts.set_password("9", PASSWORD, "console")
    assert not accounts.set_disabled("9", True, "console")
    assert accounts.all() == [CLERK]


@pytest.mark.usefixtures("accounts")
def test_a_login_ends_by_idling_and_by_its_age(sessions: Sessions, clock: SetClock) -> None:
    token = sessions.begin(CLERK.staff)
    found = sessions.find(token)
    assert isinstance(found, Visitor)
    assert (found.staff, found.role) == (CLERK.staff, CLERK.role)
    clock.forward(14 * MINUTE)
    assert sessions.find(token) is not None
    clock.forward(15 * MINUTE)
    assert sessions.find(token) is None, "idle"
    assert sessions.find(token) is None
    token = sessions.begin(CLERK.staff)
    for _ in range(59):
        clock.forward(10 * MINUTE)
        assert sessions.find(token) is not None
    clock.forward(10 * MINUTE)
    assert sessions.find(token) is None, "ten hours old"


@pytest.mark.usefixtures("accounts")
def test_a_token_is_in_the_database_by_its_digest_alone_and_for_its_time(
    sessions: Sessions, engine: Engine, clock: SetClock
) -> None:
    token = sessions.begin(CLERK.staff)
    with Session(engine) as session:
        assert token not in session.scalars(select(StaffSession.digest)).all()
    clock.forward(10 * HOUR)
    sessions.begin(CLERK.staff)
    with Session(engine) as session:
        assert len(session.scalars(select(StaffSession)).all()) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda accounts: accounts.set_role(CLERK.staff, Role.TECHNICIAN, "console"),
        lambda accounts: accounts.set_password(CLERK.staff, OTHER, "console"),
        lambda accounts: accounts.set_disabled(CLERK.staff, True, "console"),
    ],
    ids=["role", "password", "disabled"],
)
def test_a_changed_account_is_logged_out(
    accounts: Accounts, sessions: Sessions, change: Callable[[Accounts], bool]
) -> None:
    token = sessions.begin(CLERK.staff)
    assert change(accounts)
    assert sessions.find(token) is None


@pytest.mark.usefixtures("accounts")
def test_after_a_logout_the_token_is_worth_nothing(sessions: Sessions) -> None:
    token, other = sessions.begin(CLERK.staff), sessions.begin(CLERK.staff)
    sessions.end(token)
    sessions.end(token)
    assert sessions.find(token) is None
    assert sessions.find(other) is not None
    assert sessions.find("") is None


def _entries(engine: Engine, count: int) -> None:
    with Session(engine) as session, session.begin():
        for number in range(count):
            note(session, START, CLERK.staff, "case-viewed", f"YL-{number}")


def _chain(engine: Engine) -> ChainWhole | ChainBroken:
    with Session(engine) as session:
        return check_chain(session)


def test_an_untouched_record_is_whole(engine: Engine) -> None:
    assert _chain(engine) == ChainWhole(0)
    _entries(engine, 4)
    assert _chain(engine) == ChainWhole(4)


@pytest.mark.parametrize(
    ("touch", "found"),
    [
        (update(DeskEntry).where(DeskEntry.id == 2).values(staff="3002"), 2),
        (update(DeskEntry).where(DeskEntry.id == 3).values(at="2026-11-20T10:31:00+08:00"), 3),
        (update(DeskEntry).where(DeskEntry.id == 4).values(detail="x"), 4),
        (delete(DeskEntry).where(DeskEntry.id == 1), 1),
        (delete(DeskEntry).where(DeskEntry.id == 3), 3),
        (delete(DeskEntry).where(DeskEntry.id == 4), 4),
        (delete(DeskHead), 5),
        (update(DeskHead).values(entries=5), 5),
    ],
    ids=["who", "when", "why", "first", "middle", "last", "head", "longer"],
)
def test_a_record_that_was_touched_tells_where(engine: Engine, touch: object, found: int) -> None:
    _entries(engine, 4)
    with engine.begin() as connection:
        connection.execute(touch)  # type: ignore[call-overload]
    assert _chain(engine) == ChainBroken(found)


def test_who_writes_at_once_writes_one_chain(database: str) -> None:
    engine = open_database(database)
    begin_chain(engine)
    begin_chain(engine)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _entries(engine, 3), range(8)))
    assert _chain(engine) == ChainWhole(24)
    with Session(engine) as session:
        assert session.scalars(select(StaffAccount)).all() == []
    engine.dispose()
