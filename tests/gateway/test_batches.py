"""Cases that are taken together: each is answered and kept as if it had come alone, on either database."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from benchmarks.postgres import Cluster
from gateway.cases import CaseArrival, take_cases
from gateway.database import open_database
from gateway.desk.case_desk import CaseDesk
from gateway.desk.decisions import Decided, Decision, NotDecided
from gateway.desk.evidence import References
from gateway.desk.sessions import Visitor
from gateway.desk.settings import DeskSettings
from gateway.desk.tables import Role, Step
from gateway.desk.trail import begin_chain
from gateway.evidence_store import InRow
from gateway.hall import Hall
from gateway.keeping import KeptFor
from gateway.numbers import aware
from gateway.settings import DecisionPolicy
from gateway.tables import Beneficiary, CaseRecord, KeptPicture
from gateway.taking import KEY_REUSED, RECEIPT_OF_OTHER_TERMINAL, RECEIPT_REUSED
from kiosk.domain.case import EligibilityCase, Finding, Outcome
from kiosk.domain.eligibility import ConfirmationSource
from kiosk.domain.face import FaceComparison
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST
from kiosk.wire.messages import DecisionMessage, RefusalMessage
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from tests.eventually import eventually
from tests.records import PHOTO, START, Registered, SetClock, eligibility_case, person, receipt

Opened = tuple[OpenedEnvelope, bytes]
Open = Callable[[Record], Opened]

UNLIKE = FaceComparison(0.58, 0.55, 5, "dlib-resnet-12345678")
TODAY, DUE, RESUMES = date(2026, 11, 20), date(2027, 11, 30), date(2026, 12, 1)
PAUSED_UNTIL = START + timedelta(hours=DecisionPolicy().pause_hours)
POSTGRESQL_ONLY = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""SQLite lets one transaction write at a time, and takes any text."""

UNMATCHED = eligibility_case("due-2", 5, key="kept", comparison=UNLIKE, finding=Finding.NOT_MATCHED, crop=PHOTO)
BATCH = (
    eligibility_case("due", 1, key="pass"),
    eligibility_case("due", 2, key="second"),
    eligibility_case("overdue", 3, key="spoof", finding=Finding.SPOOF_SUSPECTED, crop=PHOTO),
    replace(eligibility_case("suspended", 4, key="resume"), resume=True),
    UNMATCHED,
    eligibility_case("due-3", 6, key="gone", offline=True, crop=PHOTO),
    eligibility_case("overdue", 7, key="paused"),
    eligibility_case("other-province", 8, key="elsewhere"),
    UNMATCHED,
    eligibility_case("due-4", 9, key="pass"),
    eligibility_case("due-5", 1, key="receipt-twice"),
    replace(eligibility_case("due-6", key="stolen"), receipt=receipt(11, "0999")),
)
PASSED = (Outcome.PASSED, "verified", TODAY, DUE, None)
EXPECTED = {
    "pass": PASSED,
    "second": (Outcome.CANCELLED, "already-confirmed", TODAY, DUE, None),
    "spoof": (Outcome.REFERRED, "spoof-suspected", None, None, None),
    "resume": (Outcome.PASSED, "verified", TODAY, DUE, RESUMES),
    "kept": (Outcome.REFERRED, "not-matched", None, None, None),
    "gone": PASSED,
    "paused": (Outcome.REFERRED, "identity-paused", None, None, None),
    "elsewhere": PASSED,
}
REFUSED = [KEY_REUSED, RECEIPT_REUSED, RECEIPT_OF_OTHER_TERMINAL]


@pytest.fixture
def opened(registered: Registered, clock: SetClock) -> Open:
    """Each time sealed anew."""

    def opened(record: Record) -> Opened:
        data = registered.sealer(clock).seal_record(record, FIRST).data
        opened = open_envelope(data, registered.sealing_key, {registered.terminal.key_id: registered.terminal})
        assert isinstance(opened, OpenedEnvelope)
        return opened, data

    return opened


def _rows(engine: Engine) -> dict[str, dict[str, Any]]:
    """Every column of every case but its id, by key; moments with their zone."""
    names = [column.name for column in CaseRecord.__table__.columns if column.name != "id"]
    with Session(engine) as session:
        rows = session.scalars(select(CaseRecord)).all()
        return {row.key: {name: _plain(getattr(row, name)) for name in names} for row in rows}


def _line(engine: Engine, slug: str) -> tuple[object, ...]:
    with Session(engine) as session:
        line = session.get(Beneficiary, person(slug).number.value)
        assert line is not None
        until = _plain(line.paused_until)
        return line.confirmed_on, line.due_on, line.source, line.resume_requested, until


def _plain(value: object) -> object:
    return aware(value) if isinstance(value, datetime) else value


def _as_before(slug: str) -> tuple[object, ...]:
    return person(slug).last_pass, person(slug).due_on, person(slug).source


def _decision(case: EligibilityCase) -> DecisionMessage:
    outcome, _, confirmed_on, next_due, resumes_on = EXPECTED[case.key]
    return DecisionMessage(
        key=case.key,
        receipt=case.receipt.value,
        outcome=outcome,
        confirmed_on=confirmed_on,
        next_due=next_due,
        resumes_on=resumes_on,
    )


def test_each_case_of_a_batch_is_answered_for_itself_after_those_before_it(hall: Hall, opened: Open) -> None:
    answers = hall.take_all([opened(case) for case in BATCH])
    assert answers == [*map(_decision, BATCH[:9]), *REFUSED]


def test_each_case_of_a_batch_is_kept_with_its_own_decision(hall: Hall, opened: Open) -> None:
    hall.take_all([opened(case) for case in BATCH])
    rows = _rows(hall._engine)
    decided = ("outcome", "basis", "confirmed_on", "next_due", "resumes_on")
    assert {key: tuple(row[name] for name in decided) for key, row in rows.items()} == EXPECTED
    assert {row["received_at"] for row in rows.values()} == {START}
    assert {key: row["arrivals"] for key, row in rows.items() if row["arrivals"] > 1} == {"pass": 2, "kept": 2}
    figures = rows["gone"]["figures"]
    assert figures["liveness"] == {
        "proven": True,
        "action": "turn-left+nod",
        "signals": {"nose_shift": 0.21, "parallax_residual": 0.06, "nod_shift": 0.12},
    }
    assert figures["comparison"] == {"distance": 0.31, "threshold": 0.55, "frames": 5, "model": "dlib-resnet-12345678"}
    assert (figures["offline"], datetime.fromisoformat(figures["closed_at"])) == (True, START)
    assert rows["resume"]["figures"]["resume"] is True


def test_of_a_batch_only_the_pictures_stay_that_somebody_must_look_at(hall: Hall, opened: Open) -> None:
    batch = [opened(case) for case in BATCH]
    hall.take_all(batch)
    rows = _rows(hall._engine)
    first = {case.key: data for case, (_, data) in reversed(list(zip(BATCH, batch, strict=True)))}
    assert {key: row["envelope"] for key, row in rows.items()} == {
        key: None if key == "gone" else first[key] for key in EXPECTED
    }
    with Session(hall._engine) as session:
        kept = {picture.case.key: picture.purpose for picture in session.scalars(select(KeptPicture))}
    assert kept == {"spoof": KeptFor.SUSPICION, "kept": KeptFor.APPEAL}


def test_each_persons_line_follows_from_his_own_cases_of_a_batch(hall: Hall, opened: Open) -> None:
    hall.take_all([opened(case) for case in BATCH])
    face, elsewhere = ConfirmationSource.FACE_KIOSK, ConfirmationSource.OTHER_PLACE
    engine = hall._engine
    assert _line(engine, "due") == _line(engine, "due-3") == (TODAY, DUE, face, None, None)
    assert _line(engine, "other-province") == (TODAY, DUE, elsewhere, None, None)
    assert _line(engine, "suspended") == (TODAY, DUE, face, TODAY, None)
    assert _line(engine, "overdue") == (*_as_before("overdue"), None, PAUSED_UNTIL)
    for untouched in ("due-2", "due-4", "due-5", "due-6"):
        assert _line(engine, untouched) == (*_as_before(untouched), None, None)


def test_a_batch_that_comes_again_gets_its_answers_again_and_changes_nothing(hall: Hall, opened: Open) -> None:
    answers = hall.take_all([opened(case) for case in BATCH])
    before = _rows(hall._engine)
    assert hall.take_all([opened(case) for case in BATCH]) == answers
    twice = {key: {**row, "arrivals": 2 * row["arrivals"]} for key, row in before.items()}
    assert _rows(hall._engine) == twice


def test_a_batch_is_answered_and_kept_as_its_cases_are_one_by_one(
    database: str, clock: SetClock, opened: Open, tmp_path: Path
) -> None:
    batch, slugs = [opened(case) for case in BATCH], ("due", "overdue", "suspended", "due-2", "due-3", "other-province")
    with _engine(database) as one, _engine(f"sqlite:///{tmp_path}/alone.db") as other:
        together, alone = _settled(one, clock), _settled(other, clock)
        assert together.take_all(batch) == [alone.take(*each) for each in batch]
        assert _rows(one) == _rows(other)
        assert [_line(one, slug) for slug in slugs] == [_line(other, slug) for slug in slugs]


def _settled(engine: Engine, clock: SetClock) -> Hall:
    hall = Hall(engine, DecisionPolicy(), clock)
    hall.settle_sandbox()
    return hall


@POSTGRESQL_ONLY
def test_a_case_that_the_database_cannot_hold_is_refused_and_ten_beside_it_are_taken(hall: Hall, opened: Open) -> None:
    good = [opened(eligibility_case(f"due-{number}", number)) for number in range(2, 12)]
    case = eligibility_case("due", 1, key="bad")
    liveness = replace(case.liveness, action="turn-left\0")
    envelope, data = opened(case)
    bad = replace(envelope, content=replace(case, liveness=liveness)), data
    answers = hall.take_all([*good[:5], bad, *good[5:]])
    assert answers[5] == RefusalMessage(reason="bad-content", final=True)
    assert [_outcome(each) for each in (*answers[:5], *answers[6:])] == [Outcome.PASSED] * 10
    assert set(_rows(hall._engine)) == {each.key for each, _ in good}


def _outcome(answer: object) -> Outcome:
    assert isinstance(answer, DecisionMessage), answer
    return answer.outcome


@dataclass
class Held:
    """A transaction that stands still at one point until it is let go."""

    at: str
    reached: Event = field(default_factory=Event)
    go: Event = field(default_factory=Event)
    _wrote: bool = False

    def executing(self, _: object, __: object, statement: str, *more: object) -> None:
        self._wrote = self._wrote or "INSERT" in statement
        if self.at == "case" and "FROM case_record" in statement and "FOR UPDATE" in statement:
            self._hold()

    def committing(self, _: object) -> None:
        if self.at == "commit" and self._wrote:
            self._hold()

    def _hold(self) -> None:
        self.reached.set()
        assert self.go.wait(30)


@contextmanager
def _held(engine: Engine, at: str) -> Iterator[Held]:
    """``at`` is "commit" of what was written, or "case": before the first statement that locks a case."""
    held = Held(at)
    listeners = (("before_cursor_execute", held.executing), ("commit", held.committing))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield held
    finally:
        held.go.set()
        for name, listener in listeners:
            event.remove(engine, name, listener)


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _somebody_waits(postgres: Cluster) -> bool:
    """For a lock that another transaction holds."""
    with postgres.connect() as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0"
        found = connection.execute(asked).fetchone()
    return found is not None and found[0] > 0


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many cases were taken together, each time that any were."""
    taken: list[int] = []

    def counted(session: Session, arrivals: Sequence[CaseArrival]) -> list[DecisionMessage | RefusalMessage]:
        taken.append(len(arrivals))
        return take_cases(session, arrivals)

    monkeypatch.setattr("gateway.hall.take_cases", counted)
    return taken


@POSTGRESQL_ONLY
def test_a_batch_waits_for_the_twin_of_one_of_its_cases_and_is_then_taken_whole(
    hall: Hall, database: str, postgres: Cluster, clock: SetClock, opened: Open, batches: list[int]
) -> None:
    """The twin went to another process of the gateway."""
    cases = [eligibility_case(f"due-{number}", number, key=f"case-{number}") for number in range(2, 8)]
    batch, twin = [opened(case) for case in cases], opened(cases[2])
    with _engine(database) as other, _held(other, "commit") as held, ThreadPoolExecutor(2) as pool:
        first = pool.submit(Hall(other, DecisionPolicy(), clock).take, *twin)
        assert held.reached.wait(30)
        batches.clear()
        answers = pool.submit(hall.take_all, batch)
        assert eventually(lambda: _somebody_waits(postgres))
        held.go.set()
        told = answers.result(30)
        assert told[2] == first.result(30)
    assert [_outcome(answer) for answer in told] == [Outcome.PASSED] * 6
    assert {key: row["arrivals"] for key, row in _rows(hall._engine).items()} == {
        case.key: 2 if case is cases[2] else 1 for case in cases
    }
    assert batches == [6, 6], "tried whole once more, and not one by one"


def _desk(engine: Engine, clock: SetClock) -> CaseDesk:
    """Its envelopes hold ``UNMATCHED``."""
    begin_chain(engine)
    return CaseDesk(
        engine, clock, DecisionPolicy(), DeskSettings(), lambda _: UNMATCHED, References(None, None), InRow()
    )


CLERK = Visitor("3001", Role.CLERK, "")
CONFIRM = Decision(UNMATCHED.receipt.value, 0, Step.CONFIRM, "")
LATER = eligibility_case("due-2", 20, key="later")
OTHER = eligibility_case("due", 21, key="other")


@POSTGRESQL_ONLY
@pytest.mark.parametrize("at", ["case", "commit"])
def test_a_batch_that_comes_while_staff_decide_waits_for_them(
    hall: Hall, database: str, postgres: Cluster, clock: SetClock, opened: Open, batches: list[int], at: str
) -> None:
    """The decided case itself comes again, too."""
    hall.take(*opened(UNMATCHED))
    batch = [opened(case) for case in (LATER, UNMATCHED, OTHER)]
    with _engine(database) as other, ThreadPoolExecutor(2) as pool:
        desk = _desk(other, clock)
        with _held(other, at) as held:
            decided = pool.submit(desk.decide, CLERK, CONFIRM)
            assert held.reached.wait(30)
            batches.clear()
            answers = pool.submit(hall.take_all, batch)
            assert eventually(lambda: _somebody_waits(postgres))
            held.go.set()
            assert decided.result(30) == Decided(Outcome.PASSED)
            told = [_outcome(answer) for answer in answers.result(30)]
    assert told == [Outcome.CANCELLED, Outcome.PASSED, Outcome.PASSED]
    assert batches == [3], "without a deadlock there is no second try"


@POSTGRESQL_ONLY
def test_staff_who_decide_while_a_batch_is_taken_wait_for_it(
    hall: Hall, database: str, postgres: Cluster, clock: SetClock, opened: Open
) -> None:
    hall.take(*opened(UNMATCHED))
    batch = [opened(case) for case in (LATER, UNMATCHED, OTHER)]
    with _engine(database) as other, ThreadPoolExecutor(2) as pool:
        desk = _desk(other, clock)
        with _held(hall._engine, "commit") as held:
            answers = pool.submit(hall.take_all, batch)
            assert held.reached.wait(30)
            decided = pool.submit(desk.decide, CLERK, CONFIRM)
            assert eventually(lambda: _somebody_waits(postgres))
            held.go.set()
            told = [_outcome(answer) for answer in answers.result(30)]
            assert decided.result(30) == NotDecided("already-confirmed")
    assert told == [Outcome.PASSED, Outcome.REFERRED, Outcome.PASSED]
