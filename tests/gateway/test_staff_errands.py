"""Slips and home visits: staff read what they need to come, and nothing of it stays afterwards."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gateway.database import open_database
from gateway.desk.errand_page import errand_page, errands_page
from gateway.desk.errands import ENDINGS, ErrandDesk, ErrandKind
from gateway.desk.sessions import Visitor
from gateway.desk.settings import DeskSettings
from gateway.desk.tables import DeskEntry, Role
from gateway.desk.trail import begin_chain
from gateway.desk.words import ENDS, ERRANDS, SLIPS
from gateway.hall import Hall
from gateway.settings import DecisionPolicy
from gateway.tables import DeskRecord
from kiosk.domain.case import DeskReason, HomeVisitRequest
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from tests.records import Registered, SetClock, desk_referral, home_visit, person, receipt

CLERK = Visitor("3001", Role.CLERK, "0" * 64)
VISIT, SLIP = ErrandKind.VISIT, ErrandKind.SLIP


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_database(database)
    begin_chain(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def take(engine: Engine, registered: Registered, clock: SetClock) -> Callable[[Record], object]:
    hall = Hall(engine, DecisionPolicy(), clock)

    def take(record: Record) -> object:
        data = registered.sealer(clock).seal_record(record, FIRST).data
        clock.forward(60)
        return hall.take(_opened(registered, data), data)

    return take


@pytest.fixture
def desk(engine: Engine, registered: Registered, clock: SetClock) -> ErrandDesk:
    def open_record(data: bytes) -> Record | None:
        content = _opened(registered, data).content
        return content if isinstance(content, Record) else None

    return ErrandDesk(engine, clock, DeskSettings(rows_a_page=2), open_record)


def _opened(registered: Registered, data: bytes) -> OpenedEnvelope:
    opened = open_envelope(data, registered.sealing_key, {registered.terminal.key_id: registered.terminal})
    assert isinstance(opened, OpenedEnvelope)
    return opened


def _html(answer: object) -> str:
    body = getattr(answer, "body", b"")
    assert isinstance(body, bytes)
    return body.decode()


def test_what_waits_is_listed_by_kind_the_oldest_first(desk: ErrandDesk, take: Callable[[Record], object]) -> None:
    take(home_visit("bedridden", 1))
    take(desk_referral("renamed", 2))
    for counter in (3, 4):
        take(home_visit("bedridden", counter))
    first = desk.waiting(VISIT, 1)
    assert first.counts == {VISIT: 3, SLIP: 1}
    assert [errand.receipt for errand in first.errands] == [receipt(1).value, receipt(3).value]
    assert [errand.receipt for errand in desk.waiting(VISIT, 9).errands] == [receipt(4).value]
    assert [errand.reason for errand in desk.waiting(SLIP, 1).errands] == ["name-differs"]
    assert "下一页" in _html(errands_page(CLERK, first, VISIT, desk.now()))


def test_who_visits_reads_where_and_whom_to_call_and_that_is_on_record(
    desk: ErrandDesk, take: Callable[[Record], object], engine: Engine
) -> None:
    take(home_visit())
    seen = desk.view("3001", receipt().value)
    assert seen is not None
    assert isinstance(seen.content, HomeVisitRequest)
    page, citizen = _html(errand_page(CLERK, seen)), person("bedridden")
    for word in (citizen.name.value, citizen.address, "13800002071", "已上门办理"):
        assert word in page
    assert citizen.number.value not in page
    with Session(engine) as session:
        rows = [(entry.staff, entry.act, entry.receipt) for entry in session.scalars(select(DeskEntry))]
    assert rows == [("3001", "errand-viewed", receipt().value)]


def test_a_slip_is_read_at_the_desk(desk: ErrandDesk, take: Callable[[Record], object]) -> None:
    take(desk_referral())
    seen = desk.view("3001", receipt().value)
    assert seen is not None
    page = _html(errand_page(CLERK, seen))
    assert "姓名与名册不一致" in page
    assert "已在窗口办理" in page
    assert "已上门办理" not in page


def test_nothing_of_an_errand_stays_after_its_end(
    desk: ErrandDesk, take: Callable[[Record], object], engine: Engine
) -> None:
    take(home_visit())
    number = receipt().value
    for how in ("", "served", "x"):
        assert not desk.end("3001", number, how)
    assert desk.end("3001", number, "visited")
    assert not desk.end("3002", number, "visited"), "once is enough"
    assert not desk.end("3001", receipt(9).value, "visited")
    with Session(engine) as session:
        assert session.scalars(select(DeskRecord.envelope)).one() == b""
    assert desk.waiting(VISIT, 1).counts == {VISIT: 0, SLIP: 0}
    seen = desk.view("3001", number)
    assert seen is not None
    assert (seen.content, seen.how) == (None, "visited")
    assert "13800002071" not in _html(errand_page(CLERK, seen))
    assert desk.has(number)
    assert desk.view("3001", receipt(9).value) is None


def test_of_two_ends_at_once_one_counts(desk: ErrandDesk, take: Callable[[Record], object], engine: Engine) -> None:
    take(home_visit())
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda staff: desk.end(staff, receipt().value, "visited"), "ABCD"))
    assert sum(ended) == 1
    with Session(engine) as session:
        assert len(session.scalars(select(DeskEntry)).all()) == 1


def test_every_errand_has_its_words() -> None:
    assert set(ERRANDS) == set(ErrandKind) == set(ENDINGS)
    assert {how for ways in ENDINGS.values() for how in ways} == set(ENDS)
    assert {reason.value for reason in DeskReason} | {"home-visit"} == set(SLIPS)
