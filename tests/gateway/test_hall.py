"""What the hall keeps, and who comes first."""

import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gateway.hall import Hall
from gateway.tables import Beneficiary, CaseRecord, ProofRecord, RatingRecord
from kiosk.domain.case import Outcome
from kiosk.domain.eligibility import RosterStatus
from kiosk.wire.messages import DecisionMessage, RefusalMessage, RosterQuery, StoredMessage
from tests.gateway.conftest import Send
from tests.records import PHOTO, SetClock, eligibility_case, person, proof, rating, receipt


def _case(hall: Hall, key: str) -> CaseRecord:
    with Session(hall._engine) as session:
        found = session.scalar(select(CaseRecord).where(CaseRecord.key == key))
        assert found is not None
        return found


def _outcome(answer: object) -> Outcome:
    assert isinstance(answer, DecisionMessage)
    return answer.outcome


def test_a_record_sealed_anew_is_still_the_same_record(hall: Hall, send: Send) -> None:
    case = eligibility_case()
    assert send(case) == send(case)
    assert [row["arrivals"] for row in hall.counts()] == [2]


def test_two_cases_of_one_person_at_once_pass_once(send: Send) -> None:
    outcomes: list[Outcome] = []
    cases = [eligibility_case("due", counter) for counter in range(1, 6)]
    threads = [threading.Thread(target=lambda case=case: outcomes.append(_outcome(send(case)))) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.value for outcome in outcomes) == ["CANCELLED"] * 4 + ["PASSED"]


def test_one_record_sent_by_two_at_once_is_kept_once(hall: Hall, send: Send) -> None:
    case = eligibility_case("due")
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(send(case))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)
    assert [(row["records"], row["arrivals"]) for row in hall.counts()] == [(1, 4)]


def test_a_receipt_belongs_to_one_case_and_to_its_terminal(send: Send) -> None:
    send(eligibility_case("due", 1))
    assert send(eligibility_case("overdue", 1)) == RefusalMessage(reason="receipt-reused", final=True)
    stolen = replace(eligibility_case("overdue"), receipt=receipt(2, "0999"))
    assert send(stolen) == RefusalMessage(reason="receipt-of-other-terminal", final=True)


def test_no_picture_stays_after_a_pass(hall: Hall, send: Send) -> None:
    send(eligibility_case("due", 1, key="passed", offline=True, crop=PHOTO))
    send(eligibility_case("overdue", 2, key="online"))
    send(eligibility_case("suspended", 3, key="pending", expired=True, crop=PHOTO))
    assert _case(hall, "passed").envelope is None
    assert _case(hall, "online").envelope is not None
    assert _case(hall, "pending").envelope is not None
    assert _case(hall, "passed").figures["comparison"]["distance"] == 0.31


def test_a_suspended_persons_pass_asks_for_resumption(hall: Hall, send: Send) -> None:
    send(replace(eligibility_case("suspended"), resume=True))
    with Session(hall._engine) as session:
        line = session.get(Beneficiary, person("suspended").number.value)
        assert line is not None
        assert (line.status, line.confirmed_on) == (RosterStatus.SUSPENDED, date(2026, 11, 20))
        assert line.resume_requested == date(2026, 11, 20)


def test_a_proof_is_kept_once_and_changes_nothing(hall: Hall, send: Send) -> None:
    slip = replace(proof("due"), confirmed_on=date(2026, 1, 2), due_on=date(2027, 1, 31))
    assert send(slip) == StoredMessage(key=slip.key) == send(slip)
    answer = hall.look_up(slip.receipt)
    assert isinstance(answer, DecisionMessage)
    assert (answer.outcome, answer.confirmed_on, answer.next_due) == (Outcome.CANCELLED, slip.confirmed_on, slip.due_on)
    with Session(hall._engine) as session:
        kept = session.scalars(select(ProofRecord)).one()
        assert (kept.arrivals, kept.receipt, kept.number) == (2, slip.receipt.value, slip.document.number.value)
        assert session.scalars(select(CaseRecord)).all() == []
        line = session.get(Beneficiary, person("due").number.value)
        assert line is not None
        assert (line.confirmed_on, line.due_on) == (person("due").last_pass, person("due").due_on)
    assert _outcome(send(eligibility_case("due", 2))) is Outcome.PASSED
    assert [(row["receipt"], row["records"], row["basis"]) for row in hall.counts()] == [
        (receipt(2).value, 1, "verified"),
        (slip.receipt.value, 1, "proof"),
    ]


def test_a_receipt_belongs_to_one_record_of_any_kind(send: Send) -> None:
    reused = RefusalMessage(reason="receipt-reused", final=True)
    send(eligibility_case("due", 1))
    send(proof(counter=2, key="slip"))
    assert send(proof(counter=1)) == send(proof(counter=2)) == send(eligibility_case("overdue", 2)) == reused
    assert send(proof(counter=3, key="slip")) == RefusalMessage(reason="key-reused", final=True)
    stolen = replace(proof(), receipt=receipt(4, "0999"))
    assert send(stolen) == RefusalMessage(reason="receipt-of-other-terminal", final=True)


def test_a_code_proves_nothing_where_none_is_kept(hall: Hall, send: Send) -> None:
    send(eligibility_case(key="one"))
    with Session(hall._engine) as session, session.begin():
        session.execute(update(CaseRecord).values(receipt_code=None))
    assert isinstance(hall.look_up(receipt()), DecisionMessage)
    assert hall.entry(receipt(), "") is None
    assert hall.entry(receipt(), "None") is None


def test_a_rating_may_come_before_its_case_and_counts_once(hall: Hall, send: Send) -> None:
    first = rating(1, 2, ("207", "214"))
    assert send(first) == StoredMessage(key=first.key) == send(first)
    assert send(rating(1, 5)) == RefusalMessage(reason="already-rated", final=True)
    with Session(hall._engine) as session:
        kept = session.scalars(select(RatingRecord)).one()
        assert (kept.grade, kept.tags, kept.arrivals) == (2, ["207", "214"], 2)


@pytest.mark.parametrize("tags", [("999",), ("207",), ("509",), ("x",), ("５１０",)])
def test_tags_of_another_grade_or_of_none_are_refused(send: Send, tags: tuple[str, ...]) -> None:
    assert send(rating(1, 5, tags)) == RefusalMessage(reason="unknown-tag", final=True)


def test_a_query_that_was_overheard_is_worth_nothing_later(hall: Hall, clock: SetClock) -> None:
    citizen = person()
    query = RosterQuery(number=citizen.number.value, name=citizen.name.value)
    made_at = clock.now()
    clock.forward(301)
    assert hall.query(query, made_at) == RefusalMessage(reason="stale-query", final=False)


def test_a_new_start_puts_the_sandbox_back_and_keeps_its_records(hall: Hall, send: Send, clock: SetClock) -> None:
    assert _outcome(send(eligibility_case("due", 1))) is Outcome.PASSED
    assert _outcome(send(eligibility_case("due", 2))) is Outcome.CANCELLED
    clock.forward(40 * 24 * 3600)
    hall.settle_sandbox()
    later = eligibility_case("due", 3, at=clock.now())
    assert _outcome(send(later)) is Outcome.PASSED
    assert len(hall.counts()) == 3
