"""What staff may decide on a case, what becomes of roster and picture, and that one of two decisions counts."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from threading import Barrier

import pytest
from PIL import Image
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from gateway.database import open_database
from gateway.desk.case_desk import CaseDesk, CaseView
from gateway.desk.decisions import CLOSE_REASONS, COME_IN_REASONS, Decided, Decision, NotDecided
from gateway.desk.evidence import References
from gateway.desk.sessions import Visitor
from gateway.desk.settings import DeskSettings
from gateway.desk.tables import DeskEntry, Role, StaffDecision, Step
from gateway.desk.trail import begin_chain
from gateway.desk.waiting import Queue
from gateway.desk.words import ACTS, BASES, CLOSE, COME_IN, QUEUES, REFUSALS
from gateway.evidence_store import InRow
from gateway.hall import Hall
from gateway.settings import DecisionPolicy
from gateway.tables import Beneficiary, CaseRecord, KeptPicture
from kiosk.domain.case import EligibilityCase, Finding, Helper, Outcome
from kiosk.domain.eligibility import ConfirmationSource, RosterStatus
from kiosk.domain.face import FaceComparison
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST
from kiosk.wire.messages import DecisionMessage
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from tests.records import NOT_ALIVE, START, Registered, SetClock, eligibility_case, person, receipt

DAY = 86_400.0
CLERK = Visitor("3001", Role.CLERK, "")
SUPERVISOR = Visitor("3002", Role.SUPERVISOR, "")
UNLIKE = FaceComparison(0.58, 0.55, 5, "dlib-resnet-12345678")
STRANGER = FaceComparison(0.83, 0.55, 5, "dlib-resnet-12345678")


def _jpeg() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (48, 60), (120, 90, 70)).save(stream, "JPEG")
    return stream.getvalue()


FACE = _jpeg()


@dataclass(frozen=True)
class Bench:
    """A hall and a desk on one database."""

    engine: Engine
    hall: Hall
    desk: CaseDesk
    take: Callable[[Record], object]
    clock: SetClock

    def decide(
        self, step: Step, reason: str = "", place: int = 0, visitor: Visitor = CLERK, counter: int = 1
    ) -> Decided | NotDecided:
        return self.desk.decide(visitor, Decision(receipt(counter).value, place, step, reason))

    def record(self, counter: int = 1) -> CaseRecord:
        with Session(self.engine) as session:
            return session.scalars(select(CaseRecord).where(CaseRecord.receipt == receipt(counter).value)).one()

    def person(self, slug: str = "due") -> Beneficiary:
        with Session(self.engine) as session:
            found = session.get(Beneficiary, person(slug).number.value)
            assert found is not None
            return found

    def pictures(self) -> int:
        with Session(self.engine) as session:
            return len(session.scalars(select(KeptPicture)).all())

    def told(self, counter: int = 1) -> tuple[Outcome, date | None, date | None]:
        """What whoever looks the number up is told."""
        answer = self.hall.look_up(receipt(counter))
        assert isinstance(answer, DecisionMessage)
        return answer.outcome, answer.confirmed_on, answer.next_due


def _bench(url: str, registered: Registered, clock: SetClock, policy: DecisionPolicy) -> Bench:
    engine = open_database(url)
    begin_chain(engine)
    hall = Hall(engine, policy, clock)
    hall.settle_sandbox()

    def opened(data: bytes) -> OpenedEnvelope:
        opened = open_envelope(data, registered.sealing_key, {registered.terminal.key_id: registered.terminal})
        assert isinstance(opened, OpenedEnvelope)
        return opened

    def open_case(data: bytes) -> EligibilityCase | None:
        content = opened(data).content
        return content if isinstance(content, EligibilityCase) else None

    def take(record: Record) -> object:
        data = registered.sealer(clock).seal_record(record, FIRST).data
        return hall.take(opened(data), data)

    desk = CaseDesk(engine, clock, policy, DeskSettings(rows_a_page=2), open_case, References(None, None), InRow())
    return Bench(engine, hall, desk, take, clock)


@pytest.fixture
def bench(registered: Registered, clock: SetClock) -> Iterator[Bench]:
    bench = _bench(f"sqlite:///{registered.folder}/hall.db", registered, clock, DecisionPolicy())
    yield bench
    bench.engine.dispose()


def _unmatched(slug: str = "due", counter: int = 1, **more: object) -> EligibilityCase:
    case = eligibility_case(slug, counter, comparison=UNLIKE, finding=Finding.NOT_MATCHED, crop=FACE)
    return replace(case, **more)  # type: ignore[arg-type]


def test_a_confirmation_by_hand_is_the_pass_the_terminal_would_have_had(bench: Bench) -> None:
    bench.take(eligibility_case("due-2", 2))
    automatic = bench.told(2)
    assert automatic[0] is Outcome.PASSED
    bench.take(_unmatched())
    bench.clock.forward(3 * DAY)
    assert bench.told()[0] is Outcome.REFERRED
    assert bench.decide(Step.CONFIRM) == Decided(Outcome.PASSED)
    assert bench.told() == automatic, "the days staff took are not the citizen's"
    by_hand, by_itself = bench.person(), bench.person("due-2")
    assert (by_hand.confirmed_on, by_hand.due_on) == (by_itself.confirmed_on, by_itself.due_on)
    assert by_hand.source is ConfirmationSource.FACE_KIOSK
    assert (bench.record().envelope, bench.pictures()) == (None, 0)


def test_a_suspended_payment_goes_on_after_a_confirmation_by_hand(bench: Bench) -> None:
    bench.take(_unmatched("suspended", resume=True))
    assert bench.decide(Step.CONFIRM) == Decided(Outcome.PASSED)
    assert bench.record().resumes_on == date(2026, 12, 1)
    assert bench.person("suspended").resume_requested == START.date()


def test_who_is_asked_to_a_desk_is_confirmed_there_on_that_day(bench: Bench) -> None:
    bench.take(eligibility_case(liveness=NOT_ALIVE, finding=Finding.LIVENESS_NOT_PROVEN, crop=FACE))
    assert bench.decide(Step.CONFIRM) == NotDecided("person-needed")
    assert bench.decide(Step.COME_IN, "other-way") == Decided(Outcome.REFERRED)
    assert bench.pictures() == 0
    assert bench.told()[0] is Outcome.REFERRED
    bench.clock.forward(5 * DAY)
    assert bench.decide(Step.CONFIRM, place=1) == Decided(Outcome.PASSED)
    assert bench.told() == (Outcome.PASSED, date(2026, 11, 25), date(2027, 11, 30))
    assert bench.person().source is ConfirmationSource.DESK


def _decisions(bench: Bench) -> list[tuple[int, Step, str, Outcome, Outcome]]:
    with Session(bench.engine) as session:
        rows = session.scalars(select(StaffDecision).order_by(StaffDecision.id))
        return [(row.place, row.step, row.basis, row.outcome_before, row.outcome) for row in rows]


def test_what_the_terminal_was_told_stays_on_record(bench: Bench) -> None:
    bench.take(eligibility_case(comparison=None, finding=Finding.NOT_COMPARED, crop=FACE))
    bench.decide(Step.COME_IN, "photo-unclear")
    bench.decide(Step.CONFIRM, place=1)
    assert _decisions(bench) == [
        (1, Step.COME_IN, "not-compared", Outcome.PENDING, Outcome.REFERRED),
        (2, Step.CONFIRM, "not-compared", Outcome.REFERRED, Outcome.PASSED),
    ]


@pytest.mark.parametrize(
    "case",
    [
        eligibility_case(finding=Finding.SPOOF_SUSPECTED, crop=FACE),
        eligibility_case(finding=Finding.HELPER_FACE, crop=FACE),
        eligibility_case(liveness=NOT_ALIVE, crop=FACE),
        eligibility_case(comparison=UNLIKE, finding=Finding.NOT_MATCHED, crop=None),
    ],
    ids=["spoof", "helper", "liveness", "no-picture"],
)
def test_no_picture_stands_for_a_person_who_must_come(bench: Bench, case: EligibilityCase) -> None:
    bench.take(case)
    assert bench.decide(Step.CONFIRM, visitor=SUPERVISOR) == NotDecided("person-needed")
    assert bench.told()[0] is Outcome.REFERRED


def test_after_the_pictures_time_only_the_person_can_be_confirmed(bench: Bench) -> None:
    bench.take(_unmatched())
    bench.clock.forward(31 * DAY)
    assert bench.hall.drop_expired_pictures() == 1
    assert bench.decide(Step.CONFIRM) == NotDecided("person-needed")
    assert bench.decide(Step.COME_IN, "photo-old") == Decided(Outcome.REFERRED)
    assert bench.decide(Step.CONFIRM, place=1) == Decided(Outcome.PASSED)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "李淑真"}, "name-mismatch"),
        ({"blocked": True}, "document-blocked"),
        ({"status": RosterStatus.STOPPED}, "roster-state"),
        ({"confirmed_on": START.date(), "due_on": date(2027, 11, 30)}, "already-confirmed"),
    ],
)
def test_the_roster_comes_before_the_face(bench: Bench, change: dict[str, object], reason: str) -> None:
    """Also where it changed while the case waited."""
    bench.take(_unmatched())
    with bench.engine.begin() as connection:
        connection.execute(update(Beneficiary).where(Beneficiary.number == person().number.value).values(**change))
    assert bench.decide(Step.CONFIRM) == NotDecided(reason)
    assert bench.pictures() == 1


def test_who_is_in_no_roster_is_not_confirmed(bench: Bench) -> None:
    bench.take(eligibility_case("stranger"))
    assert bench.decide(Step.CONFIRM) == NotDecided("not-in-roster")


def test_a_corrected_roster_lets_good_evidence_pass(bench: Bench) -> None:
    bench.take(eligibility_case("renamed"))
    assert bench.decide(Step.CONFIRM) == NotDecided("name-mismatch")
    number, name = person("renamed").number.value, person("renamed").name.value
    with bench.engine.begin() as connection:
        connection.execute(update(Beneficiary).where(Beneficiary.number == number).values(name=name))
    assert bench.decide(Step.CONFIRM) == Decided(Outcome.PASSED)


def test_fraud_and_closing_are_the_supervisors(bench: Bench) -> None:
    bench.take(eligibility_case(comparison=STRANGER, finding=Finding.NOT_MATCHED, crop=FACE))
    for step, reason in ((Step.CONFIRM, ""), (Step.COME_IN, "photo-old"), (Step.CLOSE, "withdrawn")):
        assert bench.decide(step, reason) == NotDecided("not-yours")
    assert bench.desk.view(CLERK, receipt().value) == NotDecided("not-yours")
    assert isinstance(bench.desk.view(SUPERVISOR, receipt().value), CaseView)
    assert bench.decide(Step.COME_IN, "photo-old", visitor=SUPERVISOR) == Decided(Outcome.REFERRED)
    assert bench.decide(Step.CONFIRM, place=1) == NotDecided("not-yours"), "also once the person was asked in"
    bench.take(_unmatched("due-2", 2))
    assert bench.decide(Step.CLOSE, "withdrawn", counter=2) == NotDecided("not-yours")


def test_the_picture_of_a_suspicion_stays_until_the_case_is_closed(bench: Bench) -> None:
    bench.take(eligibility_case(finding=Finding.SPOOF_SUSPECTED, crop=FACE))
    assert bench.decide(Step.COME_IN, "other-way", visitor=SUPERVISOR) == Decided(Outcome.REFERRED)
    assert bench.pictures() == 1
    assert bench.decide(Step.CLOSE, "handed-over", 1, SUPERVISOR) == Decided(Outcome.REFERRED)
    assert (bench.record().envelope, bench.pictures()) == (None, 0)


def test_each_way_of_closing_is_told_as_it_is(bench: Bench) -> None:
    bench.take(_unmatched())
    assert bench.decide(Step.CLOSE, "done-elsewhere", visitor=SUPERVISOR) == NotDecided("not-confirmed-elsewhere")
    assert bench.decide(Step.CLOSE, "withdrawn", visitor=SUPERVISOR) == Decided(Outcome.CANCELLED)
    bench.take(_unmatched("due-2", 2))
    confirmed, due = date(2026, 11, 19), date(2027, 11, 30)
    with bench.engine.begin() as connection:
        line = update(Beneficiary).where(Beneficiary.number == person("due-2").number.value)
        connection.execute(line.values(confirmed_on=confirmed, due_on=due))
    assert bench.decide(Step.CLOSE, "done-elsewhere", 0, SUPERVISOR, 2) == Decided(Outcome.CANCELLED)
    assert bench.told(2) == (Outcome.CANCELLED, confirmed, due)
    assert bench.pictures() == 0


def test_a_decided_case_is_not_decided_again(bench: Bench) -> None:
    bench.take(_unmatched())
    assert bench.decide(Step.CONFIRM) == Decided(Outcome.PASSED)
    for step, reason in ((Step.CONFIRM, ""), (Step.CLOSE, "withdrawn")):
        for place in (0, 1):
            assert bench.decide(step, reason, place, SUPERVISOR) == NotDecided("already-decided")
    assert bench.told()[0] is Outcome.PASSED


def test_a_page_that_shows_an_older_state_decides_nothing(bench: Bench) -> None:
    bench.take(_unmatched())
    assert bench.decide(Step.COME_IN, "photo-old") == Decided(Outcome.REFERRED)
    assert bench.decide(Step.CONFIRM, place=0) == NotDecided("already-decided")
    assert bench.decide(Step.COME_IN, "photo-old", place=1) == NotDecided("already-decided")


def test_a_decision_has_a_reason_of_its_own(bench: Bench) -> None:
    bench.take(_unmatched())
    for step, reason in ((Step.COME_IN, ""), (Step.CLOSE, "else"), (Step.CONFIRM, "photo-old")):
        assert bench.decide(step, reason, visitor=SUPERVISOR) == NotDecided("no-reason")
    assert bench.decide(Step.CONFIRM, counter=9) == NotDecided("unknown")


def test_a_case_that_passed_by_itself_is_nobodys_to_decide(bench: Bench) -> None:
    bench.take(eligibility_case())
    for visitor in (CLERK, SUPERVISOR):
        assert bench.decide(Step.CONFIRM, visitor=visitor) == NotDecided("already-decided")


def test_of_two_who_decide_at_once_one_wins(database: str, registered: Registered, clock: SetClock) -> None:
    bench = _bench(database, registered, clock, DecisionPolicy())
    rounds = range(1, 6)
    for counter in rounds:
        bench.take(_unmatched(f"due-{counter + 1}", counter))
    together = Barrier(4)

    def decide(counter: int, step: Step, reason: str) -> Decided | NotDecided:
        together.wait(30)
        return bench.decide(step, reason, 0, SUPERVISOR, counter)

    wishes = [(Step.CONFIRM, ""), (Step.CONFIRM, ""), (Step.COME_IN, "photo-old"), (Step.CLOSE, "withdrawn")]
    with ThreadPoolExecutor(len(wishes)) as pool:
        for counter in rounds:
            answers = list(pool.map(lambda wish: decide(counter, *wish), wishes))  # noqa: B023
            assert sum(isinstance(answer, Decided) for answer in answers) == 1, answers
            assert sum(answer == NotDecided("already-decided") for answer in answers) == 3
    bench.engine.dispose()


def _waiting(bench: Bench, role: Role, queue: Queue, page: int = 1) -> list[str]:
    return [case.receipt for case in bench.desk.queue(role, queue, page).cases]


def test_every_case_waits_in_one_queue_the_oldest_first(database: str, registered: Registered, clock: SetClock) -> None:
    bench = _bench(database, registered, clock, DecisionPolicy())
    cases = (
        _unmatched("due", 1),
        eligibility_case("due-2", 2, liveness=NOT_ALIVE, finding=Finding.LIVENESS_NOT_PROVEN),
        eligibility_case("stranger", 3),
        eligibility_case("due-3", 4, comparison=STRANGER, finding=Finding.NOT_MATCHED, crop=FACE),
        eligibility_case("due-4", 5, comparison=None, finding=Finding.NOT_COMPARED, crop=FACE),
        eligibility_case("due-5", 6),
        eligibility_case("due-6", 7, comparison=None, finding=Finding.NOT_COMPARED, crop=FACE),
    )
    for case in cases:
        bench.take(case)
        bench.clock.forward(60)
    numbers = [receipt(counter).value for counter in range(1, 8)]
    first = bench.desk.queue(Role.SUPERVISOR, Queue.COMPARE, 1)
    assert first.counts == {
        Queue.COMPARE: 3,
        Queue.LIVENESS: 1,
        Queue.ROSTER: 1,
        Queue.FRAUD: 1,
        Queue.COME_IN: 0,
    }
    assert (first.page, first.pages) == (1, 2)
    assert _waiting(bench, Role.CLERK, Queue.COMPARE) == [numbers[0], numbers[4]]
    assert _waiting(bench, Role.CLERK, Queue.COMPARE, 2) == [numbers[6]]
    assert _waiting(bench, Role.CLERK, Queue.COMPARE, 99) == [numbers[6]]
    assert _waiting(bench, Role.CLERK, Queue.LIVENESS) == [numbers[1]]
    assert _waiting(bench, Role.CLERK, Queue.ROSTER) == [numbers[2]]
    assert _waiting(bench, Role.SUPERVISOR, Queue.FRAUD) == [numbers[3]]
    for counter in (1, 4):
        bench.decide(Step.COME_IN, "photo-old", visitor=SUPERVISOR, counter=counter)
    assert _waiting(bench, Role.CLERK, Queue.COME_IN) == [numbers[0]]
    assert _waiting(bench, Role.SUPERVISOR, Queue.COME_IN) == [numbers[0], numbers[3]]
    assert Queue.FRAUD not in bench.desk.queue(Role.CLERK, Queue.COMPARE, 1).counts
    bench.engine.dispose()


def test_a_look_at_a_face_is_on_record_before_the_page(bench: Bench) -> None:
    bench.take(_unmatched())
    seen = bench.desk.view(CLERK, receipt().value)
    assert isinstance(seen, CaseView)
    assert seen.faces.live is not None
    assert seen.faces.live.startswith("data:image/jpeg;base64,")
    bench.decide(Step.CONFIRM)
    after = bench.desk.view(CLERK, receipt().value)
    assert isinstance(after, CaseView)
    assert (after.faces.live, after.standing.case) == (None, None)
    with Session(bench.engine) as session:
        acts = [(entry.staff, entry.act, entry.receipt) for entry in session.scalars(select(DeskEntry))]
    number = receipt().value
    assert acts == [("3001", "evidence-viewed", number), ("3001", "confirm", number), ("3001", "case-viewed", number)]
    assert [entry.act for entry in seen.history] == ["evidence-viewed"]


def test_a_helper_is_named_masked(bench: Bench) -> None:
    helper = person("helper")
    bench.take(_unmatched(helper=Helper(helper.name, helper.number)))
    assert bench.record().figures["helper"] == "邓*艳"


def test_every_reason_has_its_words() -> None:
    assert set(COME_IN) == set(COME_IN_REASONS)
    assert set(CLOSE) == set(CLOSE_REASONS)
    assert set(QUEUES) == set(Queue)
    told = [*COME_IN.values(), *CLOSE.values(), *BASES.values(), *ACTS.values(), *sum(REFUSALS.values(), ())]
    assert not any(word in text for text in told for word in ("失败", "非本人", "活体检测不通过", "冒领"))
