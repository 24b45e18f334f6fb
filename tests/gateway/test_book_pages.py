"""The books' pages and addresses over HTTP: who may, what is shown, and what the public is told."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from gateway.app import create_app
from gateway.books.settings import BooksSettings
from gateway.desk.tables import Role
from gateway.settings import GatewaySettings
from kiosk.domain.case import Outcome
from kiosk.domain.day_summary import DayPaper, DayRecord, DaySummary, PaperStanding, RecordStanding
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST
from kiosk.wire.record import CASE_KIND, RATING_KIND
from tests.gateway.serving import serving
from tests.gateway.test_books import CODES
from tests.gateway.test_staff_desk import Desk
from tests.records import START, TERMINAL, Registered, SetClock, eligibility_case, person, rating, receipt

DAY = f"{START:%Y-%m-%d}"
PAGES = {
    "days": {Role.SUPERVISOR, Role.TECHNICIAN},
    f"day?day={DAY}&terminal={TERMINAL}": {Role.SUPERVISOR, Role.TECHNICIAN},
    "ratings": {Role.SUPERVISOR},
    f"ratings-file?day={DAY}": {Role.SUPERVISOR},
    "tickets": {Role.CLERK, Role.SUPERVISOR},
    "ticket-new": {Role.CLERK, Role.SUPERVISOR},
}


@pytest.fixture
def settings(settings: GatewaySettings) -> GatewaySettings:
    return settings.model_copy(update={"books": BooksSettings(upload=CODES)})


@pytest.fixture
def address(settings: GatewaySettings, registered: Registered, clock: SetClock) -> Iterator[str]:
    """One terminal's day: a case with a low rating, on paper, equal on both sides."""
    sent = RecordStanding.SENT
    records = (
        DayRecord(receipt(1), CASE_KIND, sent, Outcome.PASSED),
        DayRecord(receipt(1), RATING_KIND, sent),
    )
    paper = DayPaper(receipt(1), PaperStanding.PRINTED)
    with serving(create_app(settings, clock)) as address:
        _take(address, registered, clock, eligibility_case("due", 1))
        _take(address, registered, clock, rating(1, 2, ("208",)))
        clock.forward(24 * 3600)
        _take(address, registered, clock, DaySummary("day-1", START.date(), clock.now(), 1, records, (paper,)))
        yield address


def _take(address: str, registered: Registered, clock: SetClock, record: Record) -> None:
    envelope = registered.sealer(clock).seal_record(record, FIRST).data
    assert requests.post(f"{address}/v1/records", data=envelope, timeout=30).status_code == 200


@pytest.fixture
def supervisor(address: str) -> Desk:
    desk = Desk(address)
    assert desk.login(Role.SUPERVISOR).status_code == 303
    return desk


@pytest.mark.parametrize("role", Role)
def test_each_page_is_for_its_roles(address: str, role: Role) -> None:
    desk = Desk(address)
    for page in PAGES:
        assert desk.get(page).headers["location"] == "login"
    desk.login(role)
    for page, roles in PAGES.items():
        assert desk.get(page).status_code == (200 if role in roles else 403), page


def test_an_equal_day_is_said_to_be_equal_and_a_difference_is_named(
    address: str, supervisor: Desk, registered: Registered, clock: SetClock
) -> None:
    assert "1 台终端全部对平" in supervisor.get(f"days?day={DAY}").text
    assert "两边一致" in supervisor.get(f"day?day={DAY}&terminal={TERMINAL}").text
    clock.forward(60)
    lost = (DayRecord(receipt(2), CASE_KIND, RecordStanding.SENT, Outcome.PENDING),)
    _take(address, registered, clock, DaySummary("day-2", START.date(), clock.now(), 2, lost, ()))
    assert "1 台终端对不上" in supervisor.get(f"days?day={DAY}").text
    page = supervisor.get(f"day?day={DAY}&terminal={TERMINAL}").text
    for number, words in ((receipt(2).value, "大厅缺少"), (receipt(1).value, "终端缺少")):
        row = next(row for row in page.split("<tr>") if number in row and words in row)
        assert "办件" in row or "评价" in row


def test_a_terminal_that_has_not_accounted_is_named_where_it_served(
    address: str, supervisor: Desk, registered: Registered, clock: SetClock
) -> None:
    tomorrow = START.date() + timedelta(days=1)
    assert "没有终端的账" in supervisor.get(f"days?day={tomorrow}").text
    assert supervisor.get(f"day?day={tomorrow}&terminal={TERMINAL}").status_code == 404
    assert supervisor.get("days?day=yesterday").status_code == 422


def test_the_file_of_a_day_is_taken_by_a_supervisor_and_marked(supervisor: Desk) -> None:
    assert "0 条，还差 1 条" in supervisor.get("ratings").text
    answer = supervisor.get(f"ratings-file?day={DAY}")
    assert answer.headers["content-disposition"] == 'attachment; filename="ratings-20261120.jsonl"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["certificateNo"] == person("due").number.value
    stale = supervisor.post("ratings", day=DAY)
    assert stale.status_code == 403
    check = supervisor.check("ratings")
    page = supervisor.get("ratings").text
    assert f'href="ratings-file?day={DAY}&amp;last=1"' in page
    assert 'name="last" value="1"' in page
    assert supervisor.get(f"ratings-file?day={DAY}&last=0").content == b""
    assert supervisor.post("ratings", check=check, day=DAY, last="0").headers["location"] == "ratings"
    assert "0 条，还差 1 条" in supervisor.get("ratings").text
    assert supervisor.post("ratings", check=check, day=DAY, last="1").headers["location"] == "ratings"
    assert supervisor.post("ratings", check=check, day="someday", last="1").status_code == 400
    assert supervisor.post("ratings", check=check, day=DAY).status_code == 400
    assert "全部 1 条" in supervisor.get("ratings").text
    record = supervisor.get("record").text
    assert "下载评价上报文件" in record
    assert "标记评价已上报" in record


def test_a_low_rating_becomes_a_ticket_that_the_public_can_follow(address: str, supervisor: Desk) -> None:
    page = supervisor.get("tickets").text
    assert "不满意：没有提供材料清单" in page
    number = page.split('href="ticket?number=')[1].split('"')[0]
    check = supervisor.check(f"ticket?number={number}")
    for step, words in (("assign", "2001"), ("answer", "清单已补上"), ("close", "")):
        answer = supervisor.post("ticket", check=check, number=number, step=step, words=words)
        assert answer.headers["location"] == f"ticket?number={number}"
    again = supervisor.post("ticket", check=check, number=number, step="close", words="")
    assert (again.status_code, "没有重复办理" in again.text) == (409, True)
    told = requests.get(f"{address}/v1/tickets/{number}", timeout=30)
    assert told.json() == {
        "answer": "ticket",
        "number": number,
        "state": "CLOSED",
        "opened_on": DAY,
        "due_on": "2026-11-27",
        "answered_on": "2026-11-21",
        "closed_on": "2026-11-21",
    }
    assert requests.get(f"{address}/v1/tickets/GD-1", timeout=30).status_code == 404


def test_staff_open_a_ticket_and_nothing_typed_becomes_a_page(supervisor: Desk) -> None:
    check = supervisor.check("ticket-new")
    empty = supervisor.post("ticket-new", check=check, source="HOTLINE", subject=" ", receipt="")
    assert (empty.status_code, "请写明内容" in empty.text) == (400, True)
    opened = supervisor.post(
        "ticket-new", check=check, source="HOTLINE", subject="<script>alert(1)</script>", receipt=receipt(1).value
    )
    page = supervisor.get(opened.headers["location"]).text
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert receipt(1).value in page
    assert "12345 热线" in page
    assert supervisor.get("ticket?number=GD-1").status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_beside_which_there_is_none_is_not_asked_for(supervisor: Desk, day: str) -> None:
    assert supervisor.get(f"days?day={day}").status_code == 422
