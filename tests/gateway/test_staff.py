"""Who gets the answer to a terminal's challenge, and that every asking is on record."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import staff as staff_desk
from gateway.app import GatewayNotConfiguredError, create_app, publish_registration
from gateway.database import open_database
from gateway.sandbox import STAFF, STAFF_NUMBER, STAFF_PIN
from gateway.settings import GatewaySettings
from gateway.staff import AnswerGiven, AnswerRefused, StaffDesk, StaffFile, load_staff
from gateway.tables import StaffAnswerRecord
from kiosk.ports.staff_authorisation import StaffPurpose
from kiosk.wire import staff_pin
from kiosk.wire.keys import KeyUnusable, RegisteredTerminal, load_gateway_registration
from kiosk.wire.staff_answer import secret_at_terminal, staff_answer
from kiosk.wire.staff_pin import StaffPin, make_staff_pin
from tests.gateway.serving import serving
from tests.records import TERMINAL, Registered, SetClock

CHALLENGE = "47110042"
NEW_NUMBER = StaffPurpose.NEW_NUMBER


@pytest.fixture(autouse=True)
def _cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """The price of a guess is measured where PINs are tested; here they are many."""
    monkeypatch.setattr(staff_pin, "_COST", 2)


@pytest.fixture
def engine(registered: Registered) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{registered.folder}/hall.db")
    yield engine
    engine.dispose()


def _desk(engine: Engine, registered: Registered, *terminals: RegisteredTerminal, pin: str = STAFF_PIN) -> StaffDesk:
    known = {each.terminal: each.staff_key for each in terminals or (registered.terminal,)}
    return StaffDesk(engine, SetClock(), registered.sealing_key, known.get, (make_staff_pin(STAFF_NUMBER, pin),))


def _ask(desk: StaffDesk, pin: str = STAFF_PIN, staff: str = STAFF_NUMBER, terminal: str = TERMINAL) -> object:
    return desk.answer(staff, pin, terminal, NEW_NUMBER, CHALLENGE)


def _right(registered: Registered) -> AnswerGiven:
    secret = secret_at_terminal(registered.signing_key, registered.gateway.public_key)
    return AnswerGiven(staff_answer(secret, NEW_NUMBER, TERMINAL, CHALLENGE))


def _outcomes(engine: Engine) -> list[tuple[str, str, str, str]]:
    with Session(engine) as session:
        rows = session.scalars(select(StaffAnswerRecord).order_by(StaffAnswerRecord.id))
        return [(row.staff, row.terminal, row.purpose, row.outcome) for row in rows]


def test_the_answer_is_given_to_staff_alone_and_every_asking_is_kept(engine: Engine, registered: Registered) -> None:
    desk = _desk(engine, registered)
    assert _ask(desk) == _right(registered)
    assert _ask(desk, "000000") == _ask(desk, staff="1002") == AnswerRefused("wrong-pin")
    assert _ask(desk, terminal="0318") == AnswerRefused("unknown-terminal")
    assert _outcomes(engine) == [
        ("1001", TERMINAL, "new-number", "given"),
        ("1001", TERMINAL, "new-number", "wrong-pin"),
        ("", TERMINAL, "new-number", "wrong-pin"),
        ("1001", "", "new-number", "unknown-terminal"),
    ]


def test_a_challenge_that_is_none_costs_no_try(engine: Engine, registered: Registered) -> None:
    desk = _desk(engine, registered)
    for challenge in ("", "1234567", "１２３４５６７８", "1234567a"):
        assert desk.answer(STAFF_NUMBER, "000000", TERMINAL, NEW_NUMBER, challenge) == AnswerRefused("not-a-challenge")
    assert _outcomes(engine) == []


def test_five_wrong_pins_in_a_row_lock_the_number_until_it_has_a_new_one(
    engine: Engine, registered: Registered
) -> None:
    desk = _desk(engine, registered)
    for _ in range(4):
        assert _ask(desk, "000000") == AnswerRefused("wrong-pin")
    assert _ask(desk) == _right(registered), "a right one starts the count anew"
    for _ in range(5):
        assert _ask(desk, "000000") == AnswerRefused("wrong-pin")
    assert _ask(desk) == AnswerRefused("locked")
    assert _outcomes(engine)[-1][-1] == "locked"
    again = _desk(engine, registered, pin="918273")
    assert _ask(again, "918273") == _right(registered)


def test_a_terminal_registered_before_has_no_answers(engine: Engine, registered: Registered) -> None:
    terminal = registered.terminal
    before = RegisteredTerminal(terminal.terminal, terminal.training, terminal.key_id, terminal.public_key)
    assert _ask(_desk(engine, registered, before)) == AnswerRefused("unknown-terminal")


def _write(path: Path, staff: StaffFile) -> None:
    path.write_text(staff.model_dump_json())
    path.chmod(0o600)


def test_terminals_are_given_the_pins_only_where_the_site_wants_it(settings: GatewaySettings, tmp_path: Path) -> None:
    real = settings.model_copy(update={"sandbox": False})
    for at_terminals in (False, True):
        _write(real.staff_file, StaffFile(at_terminals=at_terminals, staff=(STAFF,)))
        gateway = load_gateway_registration(publish_registration(real))
        assert not isinstance(gateway, KeyUnusable)
        assert gateway.staff == ((STAFF,) if at_terminals else ())
    sandbox = load_gateway_registration(publish_registration(settings))
    assert not isinstance(sandbox, KeyUnusable)
    assert sandbox.staff == (STAFF,)


def test_without_staff_there_is_no_staff_page(settings: GatewaySettings, clock: SetClock) -> None:
    real = settings.model_copy(update={"sandbox": False})
    with serving(create_app(real, clock)) as address:
        assert requests.get(f"{address}/staff", timeout=10).status_code == 404


def test_a_staff_file_that_cannot_be_used_stops_the_start(settings: GatewaySettings, clock: SetClock) -> None:
    _write(settings.staff_file, StaffFile())
    settings.staff_file.chmod(0o644)
    with pytest.raises(GatewayNotConfiguredError, match="readable-by-others"):
        create_app(settings, clock)
    settings.staff_file.chmod(0o600)
    settings.staff_file.write_text(json.dumps({"staff": [{"staff": "1001", "pin": "302817"}]}))
    with pytest.raises(GatewayNotConfiguredError, match="not-a-staff-file"):
        create_app(settings, clock)


def test_a_file_that_is_not_there_names_nobody(tmp_path: Path) -> None:
    assert load_staff(tmp_path / "absent") == StaffFile()


@dataclass
class _Arrivals:
    """An ASGI layer that counts requests to the staff page as they come."""

    app: ASGIApp
    seen: threading.Semaphore

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/staff":
            self.seen.release()
        await self.app(scope, receive, send)


def test_who_guesses_keeps_no_terminal_waiting(
    settings: GatewaySettings, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More guesses at once than the gateway has threads, and the first of them takes for ever."""
    over, seen, checked = threading.Event(), threading.Semaphore(0), []

    def slow(typed: str, _: StaffPin | None) -> bool:
        checked.append(typed)
        over.wait(60)
        return False

    monkeypatch.setattr(staff_desk, "pin_fits", slow)
    form = {"purpose": NEW_NUMBER.value, "challenge": CHALLENGE, "terminal": TERMINAL, "staff": "9999", "pin": "000000"}
    app = create_app(settings, clock)
    app.add_middleware(_Arrivals, seen=seen)
    with serving(app) as address, ThreadPoolExecutor(60) as pool:
        guesses = [pool.submit(requests.post, f"{address}/staff", data=form, timeout=120) for _ in range(60)]
        try:
            assert all(seen.acquire(timeout=60) for _ in range(60))
            assert requests.get(f"{address}/v1/health", timeout=30).status_code == 200
            assert len(checked) == 1
        finally:
            over.set()
        assert {each.result().status_code for each in guesses} == {403}


@pytest.mark.parametrize("body", [b"", b"purpose=new-number", b"purpose=else&challenge=47110042", b"x=" + b"1" * 4096])
def test_other_forms_are_refused(address: str, body: bytes) -> None:
    answer = requests.post(f"{address}/staff", data=body, timeout=10)
    assert answer.status_code == 403
    assert answer.headers["Cache-Control"] == "no-store"
