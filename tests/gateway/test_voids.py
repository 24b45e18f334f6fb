"""A number whose paper is in doubt counts no longer, whatever comes before or after; the case behind it stands."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.hall import Hall
from gateway.numbers import counts_instead
from gateway.tables import VoidRecord
from kiosk.domain.case import Outcome, VoidedNumber
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.ports.outbox import Record
from kiosk.wire.messages import (
    DecisionMessage,
    ReceiptUnknownMessage,
    RefusalMessage,
    StoredMessage,
)
from kiosk.wire.receipt_code import short_code
from tests.gateway.conftest import Send
from tests.records import START, Registered, eligibility_case, proof, receipt

REUSED = RefusalMessage(reason="receipt-reused", final=True)


def _void(counter: int = 1, replaced_by: int | None = None, key: str = "void-1") -> VoidedNumber:
    plain = VoidedNumber(key, receipt(counter), "print-unknown", START)
    if replaced_by is None:
        return plain
    return replace(plain, replaced_by=receipt(replaced_by), staff="1001", way="challenge")


def _standing(hall: Hall, counter: int, code: str) -> tuple[bool, ReceiptNumber | None] | None:
    """Whether the paper counts, and which number came in its place; None when the paper is not known."""
    entry = hall.entry(receipt(counter), code)
    if entry is None:
        return None
    return entry.void is None, None if entry.void is None else entry.void.replaced_by


def test_a_void_is_kept_once_with_who_allowed_it(hall: Hall, send: Send) -> None:
    assert send(_void(1, 2)) == StoredMessage(key="void-1") == send(_void(1, 2))
    with Session(hall._engine) as session:
        kept = session.scalars(select(VoidRecord)).one()
        assert (kept.receipt, kept.replaced_by, kept.arrivals) == (receipt(1).value, receipt(2).value, 2)
        assert (kept.reason, kept.staff, kept.way) == ("print-unknown", "1001", "challenge")
    assert send(_void(3)) == RefusalMessage(reason="key-reused", final=True)


def test_the_paper_is_void_and_the_case_is_told_under_both_numbers(
    hall: Hall, send: Send, registered: Registered
) -> None:
    send(eligibility_case("due", 1))
    old, new = (short_code(receipt(counter), registered.signing_key) for counter in (1, 2))
    assert _standing(hall, 1, old) == (True, None)
    send(_void(1))
    assert _standing(hall, 1, old) == (False, None)
    assert _standing(hall, 2, new) is None
    send(_void(1, 2, key="void-2"))
    assert _standing(hall, 1, old) == (False, receipt(2))
    assert _standing(hall, 2, new) == (True, None)
    for number in (receipt(1), receipt(2)):
        answer = hall.look_up(number)
        assert isinstance(answer, DecisionMessage)
        assert (answer.receipt, answer.outcome) == (number.value, Outcome.PASSED)
        assert answer.void == (number == receipt(1))
    assert _standing(hall, 2, old) is None
    assert _standing(hall, 1, new) is None


def test_a_void_may_come_before_its_record_and_outlasts_it(hall: Hall, send: Send, registered: Registered) -> None:
    code = short_code(receipt(1), registered.signing_key)
    send(_void(1))
    assert hall.look_up(receipt(1)) == ReceiptUnknownMessage()
    assert _standing(hall, 1, code) == (False, None)
    assert isinstance(send(eligibility_case("due", 1)), DecisionMessage)
    assert _standing(hall, 1, code) == (False, None)


def test_a_replacement_may_be_in_doubt_as_well(hall: Hall, send: Send, registered: Registered) -> None:
    send(eligibility_case("due", 1))
    send(_void(1, 2, "first"))
    send(_void(2, 3, "second"))
    second, third = (short_code(receipt(counter), registered.signing_key) for counter in (2, 3))
    assert _standing(hall, 2, second) == (False, receipt(3))
    assert _standing(hall, 3, third) == (True, None)


def test_who_looks_a_void_number_up_is_told_which_one_counts(hall: Hall, send: Send) -> None:
    def told(counter: int) -> tuple[bool, str | None]:
        answer = hall.look_up(receipt(counter))
        assert isinstance(answer, DecisionMessage)
        assert answer.outcome is Outcome.PASSED, "whatever the paper is worth"
        return answer.void, answer.replaced_by

    send(eligibility_case("due", 1))
    assert told(1) == (False, None)
    send(_void(1))
    assert told(1) == (True, None)
    send(_void(1, 2, "first"))
    assert (told(1), told(2)) == ((True, receipt(2).value), (False, None))
    send(_void(2, key="again"))
    assert told(1) == told(2) == (True, None), "a void number never stands in another's place"
    send(_void(2, 3, "second"))
    assert told(1) == told(2) == (True, receipt(3).value)
    assert told(3) == (False, None)


def test_a_new_number_is_new(send: Send) -> None:
    send(eligibility_case("due", 1))
    assert send(_void(1, 1)) == REUSED
    send(_void(1, 3))
    assert send(_void(2, 3, "again")) == send(_void(2, 1, "again")) == REUSED


@pytest.mark.parametrize("void_first", [True, False])
def test_a_slip_made_anew_and_the_void_of_the_old_one_come_in_any_order(
    hall: Hall, send: Send, void_first: bool
) -> None:
    send(proof(counter=1))
    records: list[Record] = [_void(1, 2), replace(proof(counter=2, key="anew"), due_on=date(2027, 5, 31))]
    for record in records if void_first else reversed(records):
        assert send(record) == StoredMessage(key=record.key)
    answer = hall.look_up(receipt(2))
    assert isinstance(answer, DecisionMessage)
    assert answer.next_due == date(2027, 5, 31), "its own record counts, not that of the number it replaced"


def test_a_terminal_voids_its_own_numbers_only(send: Send) -> None:
    other = RefusalMessage(reason="receipt-of-other-terminal", final=True)
    assert send(replace(_void(), receipt=receipt(1, "0999"))) == other
    assert send(replace(_void(1, 2), replaced_by=receipt(2, "0999"))) == other


def test_numbers_in_each_others_place_lead_nowhere(hall: Hall, send: Send) -> None:
    """Two voids that were judged at once, neither of which knew of the other."""
    send(_void(1, 2))
    with Session(hall._engine) as session, session.begin():
        kept = session.scalars(select(VoidRecord)).one()
        columns = {column.key: getattr(kept, column.key) for column in VoidRecord.__table__.columns}
        turned = {"id": None, "key": "void-2", "receipt": kept.replaced_by, "replaced_by": kept.receipt}
        session.add(VoidRecord(**columns | turned))
    for counter in (1, 2):
        assert hall.look_up(receipt(counter)) == ReceiptUnknownMessage()
        with Session(hall._engine) as session:
            assert counts_instead(session, receipt(counter)) is None
