"""What the hall makes of the endings beside the sunny one: codes, references, pauses, appeals, desk records."""

import base64
import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.database import open_database
from gateway.hall import Hall
from gateway.portraits import jpeg_of
from gateway.sandbox import AREA, CODE_ISSUERS, OTHER_AREA
from gateway.settings import DecisionPolicy
from gateway.tables import Beneficiary, CardCode, CaseRecord, DeskRecord
from kiosk.domain.case import Finding, Helper, Outcome
from kiosk.domain.eligibility import ConfirmationSource
from kiosk.domain.face import FaceComparison
from kiosk.domain.person_name import PersonName
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST
from kiosk.wire.messages import (
    MAX_PICTURE_BYTES,
    CodeExpiredMessage,
    DecisionMessage,
    DocumentBlockedMessage,
    HolderMessage,
    HolderQuery,
    IdentityPausedMessage,
    NameMismatchMessage,
    NoReferenceMessage,
    NotInRosterMessage,
    ReferenceMessage,
    ReferenceQuery,
    RefusalMessage,
    RosterEntryMessage,
    RosterQuery,
    StoredMessage,
)
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from tests.records import (
    NOT_ALIVE,
    PHOTO,
    TERMINAL,
    Registered,
    SetClock,
    desk_referral,
    eligibility_case,
    home_visit,
    person,
    proof,
    receipt,
    register,
)

Send = Callable[[Record], object]
POLICY = DecisionPolicy(give_references=True, home_area=AREA)
E_CARD = "social-security-card"
FAR = FaceComparison(0.71, 0.55, 5, "dlib")
NEAR = FaceComparison(0.58, 0.55, 5, "dlib")


@pytest.fixture
def hall(registered: Registered, clock: SetClock, tmp_path: Path) -> Iterator[Hall]:
    portraits = tmp_path / "portraits"
    portraits.mkdir()
    Image.effect_noise((300, 400), 40).save(portraits / "grace_hopper.jpg")
    engine = open_database(f"sqlite:///{registered.folder}/hall.db")
    hall = Hall(engine, POLICY, clock, portraits, CODE_ISSUERS)
    hall.settle_sandbox()
    yield hall
    engine.dispose()


@pytest.fixture
def send(hall: Hall, registered: Registered, clock: SetClock) -> Send:
    return _sender(hall, registered, clock)


@pytest.fixture
def send_from_other(hall: Hall, registered: Registered, clock: SetClock, tmp_path: Path) -> Send:
    """Another terminal of the same gateway."""
    (tmp_path / "other").mkdir()
    other = register(tmp_path / "other", number="0318")
    return _sender(hall, replace(other, sealing_key=registered.sealing_key, gateway=registered.gateway), clock)


def _sender(hall: Hall, registered: Registered, clock: SetClock) -> Send:
    def send(record: Record) -> object:
        data = registered.sealer(clock).seal_record(record, FIRST).data
        opened = open_envelope(data, registered.sealing_key, {registered.terminal.key_id: registered.terminal})
        assert isinstance(opened, OpenedEnvelope)
        return hall.take(opened, data)

    return send


def line_of(hall: Hall, slug: str) -> Beneficiary:
    with Session(hall._engine) as session:
        line = session.get(Beneficiary, person(slug).number.value)
        assert line is not None
        return line


def case_of(hall: Hall, key: str) -> CaseRecord:
    with Session(hall._engine) as session:
        return session.scalars(select(CaseRecord).where(CaseRecord.key == key)).one()


def outcome(answer: object) -> Outcome:
    assert isinstance(answer, DecisionMessage)
    return answer.outcome


def ask(hall: Hall, clock: SetClock, slug: str, area: str | None = None) -> object:
    citizen = person(slug)
    return hall.query(RosterQuery(number=citizen.number.value, name=citizen.name.value, area=area), clock.now())


def basis(hall: Hall, number: int = -1) -> str:
    return str(hall.counts()[number]["basis"])


def resolve(hall: Hall, clock: SetClock, code: str) -> object:
    return hall.resolve(HolderQuery.of(code.encode(), E_CARD), clock.now())


def test_the_roster_answers_each_person_of_the_sandbox_as_he_stands(hall: Hall, clock: SetClock) -> None:
    assert isinstance(ask(hall, clock, "renamed"), NameMismatchMessage)
    assert isinstance(ask(hall, clock, "reported-lost"), DocumentBlockedMessage)
    assert isinstance(ask(hall, clock, "stranger"), NotInRosterMessage)
    assert isinstance(ask(hall, clock, "other-area"), NotInRosterMessage)
    found = ask(hall, clock, "other-area", OTHER_AREA)
    assert isinstance(found, RosterEntryMessage)
    assert (found.area, found.other_place) == (OTHER_AREA, False)
    assert isinstance(ask(hall, clock, "due", OTHER_AREA), NotInRosterMessage)
    assert isinstance(ask(hall, clock, "other-province", AREA), NotInRosterMessage)
    elsewhere = ask(hall, clock, "other-province")
    assert isinstance(elsewhere, RosterEntryMessage)
    assert elsewhere.other_place
    for slug in ("due", "expired-card", "bedridden", *(f"due-{number}" for number in range(2, 10))):
        entry = ask(hall, clock, slug)
        assert isinstance(entry, RosterEntryMessage), slug
        assert not entry.confirmed_this_window, slug


def test_a_hall_that_names_no_area_of_its_own_knows_every_line(hall: Hall, clock: SetClock) -> None:
    hall._policy = DecisionPolicy()
    assert isinstance(ask(hall, clock, "other-area"), RosterEntryMessage)
    assert isinstance(ask(hall, clock, "due"), RosterEntryMessage)


@pytest.mark.story("E-01")
def test_a_code_is_worth_one_minute_and_one_asking(hall: Hall, clock: SetClock) -> None:
    number = person("due").number.value
    code = hall.issue_code(number, E_CARD)
    assert code is not None
    holder = resolve(hall, clock, code)
    assert isinstance(holder, HolderMessage)
    assert holder.document.document() == person("due").document(clock.now().date())
    with Image.open(io.BytesIO(base64.b64decode(holder.picture))) as picture:
        assert (picture.format, picture.height) == ("JPEG", 240)
    assert len(base64.b64decode(holder.picture)) <= MAX_PICTURE_BYTES, "also of noise, which is hard to make small"
    assert isinstance(resolve(hall, clock, code), CodeExpiredMessage), "used"
    late = hall.issue_code(number, E_CARD)
    assert late is not None
    clock.forward(61)
    assert isinstance(resolve(hall, clock, late), CodeExpiredMessage)
    assert isinstance(resolve(hall, clock, "a-code-of-nobody"), CodeExpiredMessage)
    assert hall.issue_code("nobody", E_CARD) is None


@pytest.mark.story("E-01")
def test_a_code_shown_under_another_issuers_name_is_nobodys_and_stays_good(hall: Hall, clock: SetClock) -> None:
    code = hall.issue_code(person("due").number.value, "ctid")
    assert code is not None
    assert code.startswith(CODE_ISSUERS["ctid"])
    assert isinstance(resolve(hall, clock, code), CodeExpiredMessage)
    assert isinstance(hall.resolve(HolderQuery.of(code.encode(), "ctid"), clock.now()), HolderMessage)


def test_a_hall_without_a_way_to_an_issuer_says_so_for_good(hall: Hall, clock: SetClock) -> None:
    query = HolderQuery.of(b"a code", "city-app")
    assert hall.resolve(query, clock.now()) == RefusalMessage(reason="issuer-unknown", final=True)
    assert hall.issue_code(person("due").number.value, "city-app") is None


def test_of_a_code_a_digest_stays_and_that_for_its_minute_only(hall: Hall, clock: SetClock, tmp_path: Path) -> None:
    number = person("due").number.value
    code = hall.issue_code(number, E_CARD)
    assert code is not None
    assert len(code) >= 22, "128 bits in base64"
    assert number not in code
    resolve(hall, clock, code)
    assert all(code.encode() not in file.read_bytes() for file in tmp_path.glob("hall.db*"))
    clock.forward(61)
    hall.issue_code(number, E_CARD)
    with Session(hall._engine) as session:
        assert len(session.scalars(select(CardCode)).all()) == 1


def test_a_code_shown_at_two_terminals_at_once_is_worth_one_asking(hall: Hall, clock: SetClock) -> None:
    code = hall.issue_code(person("due").number.value, E_CARD)
    assert code is not None
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(resolve(hall, clock, code))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(answer) for answer in answers].count(HolderMessage) == 1
    assert [type(answer) for answer in answers].count(CodeExpiredMessage) == 3


def test_references_are_given_for_the_right_name_and_where_the_policy_says(hall: Hall, clock: SetClock) -> None:
    citizen = person("due")
    query = ReferenceQuery(reference_of=citizen.number.value, name=citizen.name.value)
    assert isinstance(hall.reference(query, clock.now()), ReferenceMessage)
    stranger = query.model_copy(update={"name": "别人"})
    assert isinstance(hall.reference(stranger, clock.now()), NoReferenceMessage)
    lost = person("reported-lost")
    of_lost = ReferenceQuery(reference_of=lost.number.value, name=lost.name.value)
    assert isinstance(hall.reference(of_lost, clock.now()), NoReferenceMessage)
    hall._policy = DecisionPolicy()
    assert isinstance(hall.reference(query, clock.now()), NoReferenceMessage)


@pytest.mark.parametrize("answer", ["reference", "holder"])
def test_an_overheard_query_is_worth_nothing_later(hall: Hall, clock: SetClock, answer: str) -> None:
    citizen = person("due")
    code = hall.issue_code(citizen.number.value, E_CARD)
    assert code is not None
    made_at = clock.now() - timedelta(seconds=301)
    stale = RefusalMessage(reason="stale-query", final=False)
    if answer == "holder":
        assert hall.resolve(HolderQuery.of(code.encode(), E_CARD), made_at) == stale
    else:
        query = ReferenceQuery(reference_of=citizen.number.value, name=citizen.name.value)
        assert hall.reference(query, made_at) == stale


def test_the_sandbox_has_no_picture_where_the_file_is_not_there(tmp_path: Path) -> None:
    assert jpeg_of(tmp_path, "hopper") is None
    (tmp_path / "grace_hopper.jpg").write_bytes(b"no picture")
    assert jpeg_of(tmp_path, "hopper") is None
    assert jpeg_of(tmp_path, "somebody") is None


@pytest.mark.story("E-14")
def test_after_a_suspected_spoof_the_person_is_served_at_a_desk_for_a_day(
    hall: Hall, send: Send, clock: SetClock
) -> None:
    spoof = eligibility_case("due-2", liveness=NOT_ALIVE, comparison=None, finding=Finding.SPOOF_SUSPECTED, crop=PHOTO)
    answer = send(spoof)
    assert isinstance(answer, DecisionMessage)
    assert (answer.outcome, basis(hall)) == (Outcome.REFERRED, "spoof-suspected")
    assert isinstance(ask(hall, clock, "due-2"), IdentityPausedMessage)
    assert isinstance(ask(hall, clock, "due-3"), RosterEntryMessage), "nobody else"
    assert outcome(send(eligibility_case("due-2", 2, offline=True))) is Outcome.REFERRED
    assert basis(hall) == "identity-paused"
    clock.forward(24 * 3600 - 1)
    assert isinstance(ask(hall, clock, "due-2"), IdentityPausedMessage)
    clock.forward(1)
    assert isinstance(ask(hall, clock, "due-2"), RosterEntryMessage)
    assert send(spoof) == answer, "the same record, the same word"
    assert isinstance(ask(hall, clock, "due-2"), RosterEntryMessage)
    assert outcome(send(eligibility_case("due-2", 3, at=clock.now()))) is Outcome.PASSED


def test_a_pause_counts_from_the_attempt_and_not_from_the_day_its_record_came(
    hall: Hall, send: Send, clock: SetClock
) -> None:
    late = eligibility_case(
        "due-2", finding=Finding.SPOOF_SUSPECTED, offline=True, at=clock.now() - timedelta(hours=25)
    )
    send(late)
    assert basis(hall) == "spoof-suspected"
    assert isinstance(ask(hall, clock, "due-2"), RosterEntryMessage)
    ahead = eligibility_case("due-3", 2, finding=Finding.SPOOF_SUSPECTED, at=clock.now() + timedelta(days=300))
    send(ahead)
    clock.forward(24 * 3600)
    assert isinstance(ask(hall, clock, "due-3"), RosterEntryMessage), "a terminal's wrong clock pauses nobody for long"


def test_an_agency_may_pause_nobody(hall: Hall, send: Send, clock: SetClock) -> None:
    hall._policy = POLICY.model_copy(update={"pause_hours": 0})
    send(eligibility_case("due-2", finding=Finding.SPOOF_SUSPECTED))
    assert basis(hall) == "spoof-suspected"
    assert isinstance(ask(hall, clock, "due-2"), RosterEntryMessage)


def test_a_spoof_for_somebody_already_confirmed_is_told_to_staff(hall: Hall, send: Send, clock: SetClock) -> None:
    assert outcome(send(eligibility_case("confirmed", finding=Finding.SPOOF_SUSPECTED))) is Outcome.REFERRED
    assert basis(hall) == "spoof-suspected"
    assert isinstance(ask(hall, clock, "confirmed"), IdentityPausedMessage)


def test_a_lost_card_passes_nobody_whom_the_terminal_could_not_ask_about(hall: Hall, send: Send) -> None:
    assert outcome(send(eligibility_case("reported-lost", offline=True))) is Outcome.REFERRED
    assert basis(hall) == "document-blocked"


@pytest.mark.story("E-16", "E-17")
@pytest.mark.parametrize(("comparison", "expected"), [(NEAR, "not-matched"), (FAR, "wrong-person")])
def test_a_face_far_from_the_card_goes_to_another_queue_with_the_same_answer(
    hall: Hall, send: Send, comparison: FaceComparison, expected: str
) -> None:
    answer = send(eligibility_case(comparison=comparison, finding=Finding.NOT_MATCHED, crop=PHOTO))
    assert isinstance(answer, DecisionMessage)
    assert (answer.outcome, basis(hall)) == (Outcome.REFERRED, expected)


@pytest.mark.story("E-17")
def test_several_unmatched_persons_at_one_terminal_within_ten_minutes(hall: Hall, send: Send, clock: SetClock) -> None:
    for counter, slug in enumerate(("due-3", "due-4", "due-5"), 1):
        send(eligibility_case(slug, counter, comparison=NEAR, finding=Finding.NOT_MATCHED))
    assert [row["basis"] for row in hall.counts()] == ["not-matched", "not-matched", "wrong-person"]
    clock.forward(11 * 60)
    send(eligibility_case("due-6", 4, comparison=NEAR, finding=Finding.NOT_MATCHED, at=clock.now()))
    assert basis(hall) == "not-matched"


def test_one_person_who_tries_often_is_not_several(hall: Hall, send: Send) -> None:
    for counter in range(1, 5):
        send(eligibility_case("due-3", counter, comparison=NEAR, finding=Finding.NOT_MATCHED))
    assert {row["basis"] for row in hall.counts()} == {"not-matched"}


def test_unmatched_persons_of_two_terminals_are_not_counted_together(
    hall: Hall, send: Send, send_from_other: Send
) -> None:
    for counter, (slug, sender, terminal) in enumerate(
        [("due-3", send, TERMINAL), ("due-4", send_from_other, "0318"), ("due-5", send, TERMINAL)], 1
    ):
        sender(eligibility_case(slug, counter, comparison=NEAR, finding=Finding.NOT_MATCHED, terminal=terminal))
    assert {row["basis"] for row in hall.counts()} == {"not-matched"}


def test_what_was_kept_over_an_outage_counts_by_the_time_of_its_capture(
    hall: Hall, send: Send, clock: SetClock
) -> None:
    """Three captures hours apart come in one minute; three of one quarter of an hour come days later, last first."""
    for counter, (slug, hours) in enumerate([("due-3", 5), ("due-4", 3), ("due-5", 1)], 1):
        at = clock.now() - timedelta(hours=hours)
        send(eligibility_case(slug, counter, comparison=NEAR, finding=Finding.NOT_MATCHED, offline=True, at=at))
    assert {row["basis"] for row in hall.counts()} == {"not-matched"}
    for counter, (slug, minutes) in enumerate([("due-6", 1), ("due-7", 5), ("due-8", 9)], 4):
        at = clock.now() - timedelta(days=2, minutes=minutes)
        send(eligibility_case(slug, counter, comparison=NEAR, finding=Finding.NOT_MATCHED, offline=True, at=at))
    assert [row["basis"] for row in hall.counts()][3:] == ["not-matched", "not-matched", "wrong-person"]


def test_a_far_face_that_was_not_proven_alive_accuses_nobody(hall: Hall, send: Send) -> None:
    send(eligibility_case(liveness=NOT_ALIVE, comparison=FAR, finding=Finding.NOT_MATCHED))
    send(
        eligibility_case(
            "overdue", 2, liveness=replace(NOT_ALIVE, proven=True), comparison=FAR, finding=Finding.NOT_MATCHED
        )
    )
    assert [row["basis"] for row in hall.counts()] == ["not-matched", "not-matched"]


def test_a_sealed_chip_record_with_a_living_face_waits_for_staff(hall: Hall, send: Send) -> None:
    case = replace(eligibility_case(comparison=None, finding=Finding.NOT_COMPARED), chip_photo=bytes(1024))
    assert outcome(send(case)) is Outcome.PENDING
    assert basis(hall) == "not-compared"
    assert case_of(hall, case.key).envelope is not None, "staff compare what is in it"
    not_alive = replace(case, key="dead", receipt=receipt(2), liveness=NOT_ALIVE)
    assert outcome(send(not_alive)) is Outcome.REFERRED
    assert basis(hall) == "liveness-not-proven"


def test_a_terminal_that_compared_nothing_passes_nobody(send: Send) -> None:
    assert outcome(send(eligibility_case(finding=Finding.NOT_COMPARED, crop=PHOTO))) is Outcome.PENDING


def test_no_chip_photo_stays_after_a_pass(hall: Hall, send: Send) -> None:
    case = replace(eligibility_case(), chip_photo=bytes(1024))
    assert outcome(send(case)) is Outcome.PASSED
    assert case_of(hall, case.key).envelope is None


def test_a_helper_s_own_face_is_no_pass(hall: Hall, send: Send) -> None:
    helper = Helper(PersonName("邓小艳"), person("helper").number)
    case = replace(eligibility_case(finding=Finding.HELPER_FACE), helper=helper)
    assert outcome(send(case)) is Outcome.REFERRED
    assert basis(hall) == "helper-face"


def test_of_a_helper_the_masked_name_is_noted_and_nothing_else(hall: Hall, send: Send) -> None:
    helper = Helper(PersonName("邓小艳"), person("helper").number)
    case = replace(eligibility_case(), helper=helper, resume=True, reference_digest="0f" * 32)
    assert outcome(send(case)) is Outcome.PASSED
    figures = case_of(hall, case.key).figures
    assert (figures["helper"], figures["reference_digest"]) == ("邓*艳", "0f" * 32)
    noted = json.dumps(figures, ensure_ascii=False)
    assert helper.name.value not in noted
    assert helper.number.value not in noted
    assert case.document.number.value not in noted


@pytest.mark.story("E-09")
def test_a_suspended_pension_resumes_next_month_only_when_asked(hall: Hall, send: Send) -> None:
    case = replace(eligibility_case("suspended"), resume=True)
    answer = send(case)
    assert isinstance(answer, DecisionMessage)
    assert (answer.outcome, answer.resumes_on) == (Outcome.PASSED, date(2026, 12, 1))
    assert line_of(hall, "suspended").resume_requested == date(2026, 11, 20)
    looked_up = hall.look_up(case.receipt)
    assert isinstance(looked_up, DecisionMessage)
    assert looked_up.resumes_on == date(2026, 12, 1)


def test_nothing_resumes_that_nobody_asked_for(hall: Hall, send: Send) -> None:
    unasked = send(eligibility_case("suspended", 1))
    running = send(replace(eligibility_case("due", 2), resume=True))
    for answer in (unasked, running):
        assert isinstance(answer, DecisionMessage)
        assert (answer.outcome, answer.resumes_on) == (Outcome.PASSED, None)
    assert line_of(hall, "suspended").resume_requested is line_of(hall, "due").resume_requested is None


@pytest.mark.story("E-30")
def test_the_first_of_two_terminals_wins_and_the_second_tells_its_dates(send: Send, send_from_other: Send) -> None:
    first = send(eligibility_case("due", 1))
    second = send_from_other(eligibility_case("due", 1, terminal="0318"))
    assert isinstance(first, DecisionMessage)
    assert isinstance(second, DecisionMessage)
    assert (first.outcome, second.outcome) == (Outcome.PASSED, Outcome.CANCELLED)
    assert (second.confirmed_on, second.next_due) == (first.confirmed_on, first.next_due)
    assert second.receipt != first.receipt


@pytest.mark.story("E-30")
def test_two_terminals_at_once_confirm_a_person_once(hall: Hall, send: Send, send_from_other: Send) -> None:
    answers: list[object] = []

    def bring(counter: int) -> None:
        sender, terminal = (send, TERMINAL) if counter % 2 else (send_from_other, "0318")
        answers.append(sender(eligibility_case("due", counter, terminal=terminal)))

    threads = [threading.Thread(target=bring, args=(counter,)) for counter in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome(answer).value for answer in answers) == ["CANCELLED"] * 5 + ["PASSED"]
    assert sorted(str(row["basis"]) for row in hall.counts()) == ["already-confirmed"] * 5 + ["verified"]


@pytest.mark.story("E-31")
def test_a_pass_for_another_province_is_an_assistance(hall: Hall, send: Send) -> None:
    assert outcome(send(eligibility_case("other-province", 1))) is Outcome.PASSED
    assert line_of(hall, "other-province").source is ConfirmationSource.OTHER_PLACE
    assert outcome(send(eligibility_case("due", 2))) is Outcome.PASSED
    assert line_of(hall, "due").source is ConfirmationSource.FACE_KIOSK


def test_slips_and_visits_are_kept_once_and_found_by_their_number(hall: Hall, send: Send) -> None:
    slip, visit = desk_referral(), home_visit(counter=2)
    assert isinstance(send(slip), StoredMessage)
    assert isinstance(send(slip), StoredMessage)
    assert isinstance(send(visit), StoredMessage)
    assert [(row["basis"], row["records"], row["arrivals"]) for row in hall.counts()] == [
        ("desk-referral", 1, 2),
        ("home-visit", 1, 1),
    ]
    for record in (slip, visit):
        found = hall.look_up(record.receipt)
        assert isinstance(found, DecisionMessage)
        assert (found.key, found.outcome) == (None, Outcome.REFERRED)
        assert found.confirmed_on is found.next_due is found.resumes_on is None
    with Session(hall._engine) as session:
        kept = session.scalars(select(DeskRecord).order_by(DeskRecord.id)).all()
        assert [(row.kind, row.reason) for row in kept] == [
            ("desk-referral", "name-differs"),
            ("home-visit", "home-visit"),
        ]


def test_slips_and_visits_keep_to_the_rules_of_every_record(send: Send) -> None:
    reused = RefusalMessage(reason="receipt-reused", final=True)
    send(desk_referral(key="slip"))
    assert send(home_visit(counter=1)) == send(eligibility_case("due", 1)) == send(proof(counter=1)) == reused
    assert send(desk_referral(counter=2, key="slip")) == RefusalMessage(reason="key-reused", final=True)
    stolen = replace(home_visit(), receipt=receipt(3, "0999"))
    assert send(stolen) == RefusalMessage(reason="receipt-of-other-terminal", final=True)
