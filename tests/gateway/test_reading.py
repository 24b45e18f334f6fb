"""Staff look at a day while records come: neither waits for the other, and a day costs the same few queries."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gateway.database import open_database, reading
from gateway.day_summaries import reconciled_day
from gateway.hall import Hall
from kiosk.domain.day_summary import DaySummary
from tests.gateway.conftest import Send
from tests.records import START, TERMINAL, eligibility_case, rating

DAY = DaySummary("day-1", START.date(), START, 0, (), ())


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


def test_a_page_neither_waits_for_a_record_nor_holds_one_up(hall: Hall, engine: Engine, send: Send) -> None:
    send(DAY)
    with engine.begin() as storing:
        storing.execute(text("UPDATE beneficiary SET office_phone = '1'"))
        with Session(reading(engine)) as session, session.begin():
            assert reconciled_day(session, TERMINAL, START.date()) is not None
    with Session(reading(engine)) as session, session.begin():
        assert reconciled_day(session, TERMINAL, START.date()) is not None
        send(eligibility_case("due", 1))


def test_postgresql_changes_nothing_in_a_transaction_that_reads(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        with pytest.raises(DBAPIError, match="read-only"), reading(engine).begin() as connection:
            connection.execute(text("UPDATE beneficiary SET office_phone = '1'"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE beneficiary SET office_phone = '1'"))


def test_a_day_of_more_cases_asks_no_more_of_the_database(hall: Hall, engine: Engine, send: Send) -> None:
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))

    def queries() -> int:
        asked.clear()
        with Session(reading(engine)) as session, session.begin():
            assert reconciled_day(session, TERMINAL, START.date()) is not None
        return len(asked)

    send(DAY)
    empty = queries()
    for number in range(1, 6):
        send(eligibility_case("due", number))
        send(rating(number))
    assert queries() == empty
    assert not any("envelope" in statement for statement in asked), "pictures stay where they are"
