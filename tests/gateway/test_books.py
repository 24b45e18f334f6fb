"""Tickets have one way to their end and a day; ratings reach the province with one number for ever."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from gateway.account_tables import Ticket
from gateway.books.ratings import RatingUploads
from gateway.books.settings import BooksSettings, UploadSettings
from gateway.books.tickets import TicketRefused, Tickets
from gateway.books.working_days import working_days_after
from gateway.database import open_database
from gateway.day_summaries import reconciled_day
from gateway.desk.trail import ChainWhole, begin_chain, check_chain
from gateway.hall import Hall
from gateway.reconciliation import Discrepancy, Named
from gateway.settings import DecisionPolicy
from gateway.ticket_states import TicketOrigin, TicketState, may_become
from kiosk.domain.case import Outcome
from kiosk.domain.day_summary import DayPaper, DayRecord, DaySummary, PaperStanding, RecordStanding
from kiosk.domain.receipt_number import mod_37_36
from kiosk.wire.record import CASE_KIND, RATING_KIND
from tests.gateway.conftest import Send
from tests.records import START, TERMINAL, SetClock, eligibility_case, person, rating, receipt

CODES = UploadSettings(
    department_code="12441500196720244T",
    hall_code="H1",
    affair_code="12441500196720244T3442199806003",
    affair_name="养老保险待遇领取资格确认",
)
TODAY = date(2026, 11, 20)
"""A Friday."""


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (TODAY, 5, date(2026, 11, 27)),
        (TODAY, 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 9, 28), 5, date(2026, 10, 10)),
    ],
)
def test_deadlines_count_working_days(day: date, count: int, due: date) -> None:
    golden_week = frozenset(date(2026, 10, 1) + timedelta(days=each) for each in range(7))
    make_up = frozenset({date(2026, 10, 10)})
    assert working_days_after(day, count, golden_week, make_up) == due


def test_a_worked_saturday_counts() -> None:
    saturday = date(2026, 11, 21)
    assert working_days_after(TODAY, 1, (), {saturday}) == saturday


def test_nothing_is_closed_without_an_answer() -> None:
    ways = {(a, b) for a in TicketState for b in TicketState if may_become(a, b)}
    assert ways == {
        (TicketState.ACCEPTED, TicketState.ASSIGNED),
        (TicketState.ASSIGNED, TicketState.ASSIGNED),
        (TicketState.ASSIGNED, TicketState.ANSWERED),
        (TicketState.ANSWERED, TicketState.ASSIGNED),
        (TicketState.ANSWERED, TicketState.CLOSED),
    }


@pytest.fixture
def hall(database: str, clock: SetClock) -> Iterator[Hall]:
    """On SQLite and on PostgreSQL."""
    engine = open_database(database)
    hall = Hall(engine, DecisionPolicy(), clock)
    hall.settle_sandbox()
    yield hall
    engine.dispose()


@pytest.fixture
def tickets(hall: Hall, clock: SetClock) -> Tickets:
    begin_chain(hall._engine)
    return Tickets(hall._engine, clock, BooksSettings())


@pytest.fixture
def uploads(hall: Hall, clock: SetClock) -> RatingUploads:
    begin_chain(hall._engine)
    return RatingUploads(hall._engine, clock, CODES)


def _opened(tickets: Tickets, subject: str = "自助机上找不到打印键") -> Ticket:
    ticket = tickets.open(TicketOrigin.HOTLINE, subject, "2001", receipt(1))
    assert isinstance(ticket, Ticket)
    return ticket


def test_a_ticket_goes_from_hand_to_hand_to_its_end(hall: Hall, tickets: Tickets) -> None:
    ticket = _opened(tickets)
    stem, check = ticket.number.rsplit("-", 1)
    assert stem == "GD-20261120-00001"
    assert check == mod_37_36(stem.replace("-", ""))
    assert ticket.due_on == date(2026, 11, 27)
    assert tickets.answer(ticket.number, "已加大按键", "2001") == TicketRefused("not-now")
    assert tickets.assign(ticket.number, " ", "2001") == TicketRefused("staff-missing")
    assert isinstance(tickets.assign(ticket.number, "2001", "2002"), Ticket)
    assert tickets.answer(ticket.number, " ", "2001") == TicketRefused("words-missing")
    answered = tickets.answer(ticket.number, "已加大按键", "2001")
    assert isinstance(answered, Ticket)
    assert answered.answered_at is not None
    assert isinstance(tickets.assign(ticket.number, "2003", "2002"), Ticket)
    tickets.answer(ticket.number, "按键已加大，另有语音", "2003")
    closed = tickets.close(ticket.number, "2002")
    assert isinstance(closed, Ticket)
    assert (closed.state, closed.answer) == (TicketState.CLOSED, "按键已加大，另有语音")
    assert tickets.close(ticket.number, "2002") == TicketRefused("not-now")
    states = [entry.state for entry in tickets.history(closed)]
    assert [each.value[:3] for each in states] == ["ACC", "ASS", "ANS", "ASS", "ANS", "CLO"]
    with Session(hall._engine) as session:
        assert check_chain(session) == ChainWhole(6)


def test_tickets_are_numbered_a_day_and_listed_by_their_deadline(tickets: Tickets, clock: SetClock) -> None:
    first, second = _opened(tickets), _opened(tickets)
    clock.forward(24 * 3600)
    third = _opened(tickets)
    assert [each.number[:17] for each in (first, second, third)] == [
        "GD-20261120-00001",
        "GD-20261120-00002",
        "GD-20261121-00001",
    ]
    listed = tickets.listed(TicketState.ACCEPTED, 1, 2)
    assert [each.number for each in listed] == [first.number, second.number]
    assert [each.number for each in tickets.listed(TicketState.ACCEPTED, 2, 2)] == [third.number]
    assert tickets.counts() == {state: 3 * (state is TicketState.ACCEPTED) for state in TicketState}
    assert tickets.find(f" {second.number.lower()} ") is not None
    assert tickets.find("GD-20261120-00009-X") is None
    assert tickets.open(TicketOrigin.DESK, "  ", "2001") == TicketRefused("words-missing")


def test_every_low_rating_has_one_ticket_due_from_the_day_it_came(
    tickets: Tickets, send: Send, clock: SetClock
) -> None:
    for each in (rating(1, 5), rating(2, 3, ("307",)), rating(3, 2, ("207", "208")), rating(4, 1, ())):
        send(each)
    clock.forward(3 * 24 * 3600)
    assert tickets.open_for_low_ratings() == 2
    assert tickets.open_for_low_ratings() == 0
    found = tickets.listed(TicketState.ACCEPTED, 1, 10)
    assert [(each.subject, each.receipt, each.due_on) for each in found] == [
        ("不满意：没有提供材料样本；没有提供材料清单", receipt(3).value, date(2026, 11, 27)),
        ("非常不满意", receipt(4).value, date(2026, 11, 27)),
    ]
    assert all(each.origin is TicketOrigin.LOW_RATING for each in found)


def _lines(uploads: RatingUploads, day: date = TODAY) -> list[dict[str, object]]:
    content = uploads.file(day, "2002")
    assert content is not None
    return [json.loads(line) for line in content.decode().splitlines()]


def test_a_rating_is_uploaded_with_the_members_of_a_citys_gateway(uploads: RatingUploads, send: Send) -> None:
    send(eligibility_case("due", 1))
    send(rating(1, 2, ("207", "212")))
    (line,) = _lines(uploads)
    assert line == {
        "departmentCode": CODES.department_code,
        "hallCode": "H1",
        "windowNo": TERMINAL,
        "affairCode": CODES.affair_code,
        "affairHandleItem": "",
        "affairSerialNo": f"{CODES.affair_code}202611200001",
        "affairName": "养老保险待遇领取资格确认",
        "applyTime": "2026-11-20 10:30:00",
        "doneTime": "2026-11-20 10:30:00",
        "userType": "0",
        "certificateType": "10",
        "certificateNo": person("due").number.value,
        "contactPhone": "",
        "projectType": "1",
        "serviceNumber": 1,
        "serviceTime": "2026-11-20 10:30:00",
        "evalProcess": "",
        "satisfaction": "2",
        "evalDetail": "207,212",
    }
    assert len(str(line["affairSerialNo"])) == 43


def test_numbers_stay_and_late_cases_come_after_them(uploads: RatingUploads, send: Send) -> None:
    send(eligibility_case("due-2", 2))
    send(rating(1))
    send(rating(2))
    before = _lines(uploads)
    assert [line["affairSerialNo"] for line in before] == [f"{CODES.affair_code}202611200001"]
    assert uploads.days(TODAY, 3)[0].waiting == 1
    assert uploads.mark_uploaded(TODAY, "2002", 1) == 1
    send(eligibility_case("due", 1))
    assert _lines(uploads)[0] == before[0]
    assert [str(line["affairSerialNo"])[-4:] for line in _lines(uploads)] == ["0001", "0002"]
    (day,) = uploads.days(TODAY + timedelta(days=2), 10)
    assert (day.day, day.rated, day.low, day.uploaded, day.waiting, day.last) == (TODAY, 2, 0, 1, 0, 2)
    assert uploads.mark_uploaded(TODAY, "2002", 1) == 0, "the other one came after that file"
    assert uploads.mark_uploaded(TODAY, "2002", 2) == 1
    assert uploads.mark_uploaded(TODAY, "2002", 2) == 0


def test_a_day_is_the_halls_day(uploads: RatingUploads, send: Send, clock: SetClock) -> None:
    send(eligibility_case("due", 1))
    clock.forward(13.5 * 3600 - 1)
    send(rating(1))
    clock.forward(1)
    send(rating(2))
    assert [day.day for day in uploads.days(TODAY + timedelta(days=1), 3)] == [TODAY + timedelta(days=1), TODAY]


def test_without_the_halls_codes_there_is_no_file(hall: Hall, clock: SetClock) -> None:
    uploads = RatingUploads(hall._engine, clock, None)
    assert not uploads.set_up
    assert uploads.file(TODAY, "2002") is None


@pytest.mark.parametrize(
    "wrong",
    [{"department_code": "12441500196720244"}, {"affair_code": "1"}, {"project_type": 3}, {"affair_handle_item": "X"}],
)
def test_codes_of_another_length_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        UploadSettings.model_validate(CODES.model_dump() | wrong)


def test_a_day_is_reconciled_on_either_database(hall: Hall, send: Send) -> None:
    send(eligibility_case("due", 1))
    send(rating(1))
    rows = (
        DayRecord(receipt(1), CASE_KIND, RecordStanding.SENT, Outcome.PASSED),
        DayRecord(receipt(1), RATING_KIND, RecordStanding.SENT),
        DayRecord(receipt(2), CASE_KIND, RecordStanding.SENT, Outcome.PENDING),
    )
    papers = (DayPaper(receipt(1), PaperStanding.PRINTED), DayPaper(receipt(2), PaperStanding.PRINTED))
    send(DaySummary("day-1", TODAY, START + timedelta(hours=14), 2, rows, papers))
    with Session(hall._engine) as session:
        found = reconciled_day(session, TERMINAL, TODAY)
    assert found is not None
    assert found.named == (Named(receipt(2).value, Discrepancy.MISSING_HERE, CASE_KIND),)
