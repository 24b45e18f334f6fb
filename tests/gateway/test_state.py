"""What is told when the ground gives way: never a 500, never final, and well again by itself."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine, event, text

from benchmarks.postgres import Cluster, cluster
from gateway.app import create_app
from gateway.database import open_database
from gateway.desk.door import COOKIE
from gateway.limits import LimitSettings, TerminalLimits
from gateway.settings import GatewaySettings
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST
from tests.gateway.serving import serving
from tests.records import PHOTO, TERMINAL, Registered, SetClock, eligibility_case, person, rating


@pytest.fixture
def away() -> Iterator[Cluster]:
    """A server that a test may stop."""
    with cluster() as made:
        yield made


@contextmanager
def _without_room() -> Iterator[None]:
    def bound(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    event.listen(Engine, "connect", bound)
    try:
        yield
    finally:
        event.remove(Engine, "connect", bound)


def _post(address: str, registered: Registered, clock: SetClock, record: Record) -> requests.Response:
    envelope = registered.sealer(clock).seal_record(record, FIRST).data
    return requests.post(f"{address}/v1/records", data=envelope, timeout=60)


def _refusal(answer: requests.Response) -> tuple[int, str, bool]:
    told = answer.json()
    return answer.status_code, told["reason"], told["final"]


def test_a_database_that_is_away_is_told_and_its_return_too(
    settings: GatewaySettings, registered: Registered, clock: SetClock, away: Cluster, tmp_path: Path
) -> None:
    log = tmp_path / "gateway.log"
    with away.running():
        app = create_app(settings.model_copy(update={"database": away.new_database(), "log": log}), clock)
    with serving(app) as address:
        answer = _post(address, registered, clock, eligibility_case())
        assert _refusal(answer) == (503, "database-down", False)
        assert int(answer.headers["Retry-After"]) > 0
        assert json.loads(log.read_text().splitlines()[-1])["address"] == "/v1/records"
        assert _refusal(requests.get(f"{address}/v1/health", timeout=60)) == (503, "database-down", False)
        page = requests.get(f"{address}/?number=YL-20261120-0317-00001-X&code=2222-2222", timeout=60)
        assert page.status_code in (404, 503)
        assert "Traceback" not in page.text
        with away.running():
            assert requests.get(f"{address}/v1/health", timeout=60).status_code == 200
            assert _post(address, registered, clock, eligibility_case()).json()["answer"] == "decision"


def test_a_full_disk_is_told(settings: GatewaySettings, registered: Registered, clock: SetClock) -> None:
    """SQLite answers for a file at its ``max_page_count`` as for a disk without room."""
    with serving(create_app(settings, clock)):
        pass
    with _without_room(), serving(create_app(settings, clock)) as address:
        pictured = eligibility_case("suspended", expired=True, crop=PHOTO * 200)
        answer = _post(address, registered, clock, pictured)
        assert _refusal(answer) == (507, "storage-full", False)
        assert int(answer.headers["Retry-After"]) > 0
        assert _refusal(requests.get(f"{address}/v1/health", timeout=10)) == (507, "storage-full", False)
        clock.forward(61)
        assert requests.get(f"{address}/v1/health", timeout=10).status_code == 200


def test_one_terminal_may_send_so_much_and_no_other_pays_for_it(clock: SetClock) -> None:
    limits = TerminalLimits(LimitSettings(burst=2, per_minute=6), clock)
    assert [limits.take("0001") for _ in range(3)] == [None, None, 10]
    assert limits.take("0002") is None
    clock.forward(9)
    assert limits.take("0001") == 1
    clock.forward(1)
    assert limits.take("0001") is None
    clock.forward(3600)
    assert [limits.take("0001") for _ in range(3)] == [None, None, 10]


def test_who_sends_too_much_is_told_when_to_come_again(
    settings: GatewaySettings, registered: Registered, clock: SetClock
) -> None:
    bounded = settings.model_copy(update={"limits": LimitSettings(burst=1, per_minute=6)})
    with serving(create_app(bounded, clock)) as address:
        assert _post(address, registered, clock, eligibility_case()).status_code == 200
        answer = _post(address, registered, clock, rating())
        assert _refusal(answer) == (429, "too-many-requests", False)
        assert answer.headers["Retry-After"] == "10"
        clock.forward(10)
        assert _post(address, registered, clock, rating()).status_code == 200


def test_figures_and_log_say_what_happened_and_name_nobody(
    settings: GatewaySettings, registered: Registered, clock: SetClock, tmp_path: Path
) -> None:
    log = tmp_path / "gateway.log"
    with serving(create_app(settings.model_copy(update={"log": log}), clock)) as address:
        _post(address, registered, clock, eligibility_case("due", 1))
        _post(address, registered, clock, eligibility_case("overdue", 2, comparison=None, crop=PHOTO))
        _post(address, registered, clock, replace(rating(), tags=("999",)))
        requests.post(f"{address}/v1/records", data=b"{}\n", timeout=10)
        figures = requests.get(f"{address}/metrics", timeout=10).text
    assert 'hall_records_total{kind="eligibility-case",outcome="passed"} 1.0' in figures
    assert 'hall_records_total{kind="eligibility-case",outcome="pending"} 1.0' in figures
    assert 'hall_refusals_total{address="/v1/records",reason="unknown-tag"} 1.0' in figures
    assert 'hall_refusals_total{address="/v1/records",reason="not-an-envelope"} 1.0' in figures
    assert 'hall_request_seconds_count{address="/v1/records"} 4.0' in figures
    assert 'hall_cases_waiting{queue="compare"} 1.0' in figures
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert lines[0]["event"] == "started"
    answered = [line for line in lines if line["event"] == "answered"]
    assert [line.get("terminal") for line in answered] == [TERMINAL, TERMINAL, TERMINAL, None]
    assert [line["answer"] for line in answered] == ["decision", "decision", "refusal", "refusal"]
    for citizen in (person("due"), person("overdue")):
        assert citizen.number.value not in figures + log.read_text()
        assert citizen.name.value not in figures + log.read_text()


def test_a_body_that_is_not_what_its_digest_says_may_come_again(
    address: str, registered: Registered, clock: SetClock
) -> None:
    envelope = registered.sealer(clock).seal_record(eligibility_case(), FIRST).data
    digest = {"Content-Digest": "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"}
    answer = requests.post(f"{address}/v1/records", data=envelope, headers=digest, timeout=10)
    assert _refusal(answer) == (422, "damaged", False)


@pytest.mark.parametrize("page", ["cases", "days", "tickets", "ratings", "fleet"])
def test_staff_are_told_on_their_own_page_and_it_is_counted(
    settings: GatewaySettings, clock: SetClock, page: str
) -> None:
    with serving(create_app(settings, clock)) as address:
        engine = open_database(settings.database)
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE staff_session"))
        engine.dispose()
        told = requests.get(f"{address}/desk/{page}", cookies={COOKIE: "a-token"}, timeout=30)
        figures = requests.get(f"{address}/metrics", timeout=30).text
    assert (told.status_code, "没有办理任何事项" in told.text) == (503, True)
    assert 'hall_troubles_total{trouble="database-down"} 1.0' in figures
