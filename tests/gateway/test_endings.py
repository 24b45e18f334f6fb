"""What the hall makes of the endings beside the sunny one: codes, references, pauses, appeals, desk records."""

import base64
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from gateway.hall import Hall
from gateway.settings import DecisionPolicy
from gateway.tables import Beneficiary, CardCode, open_database
from kiosk.domain.case import Finding, Helper, Outcome
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import ConfirmationSource
from kiosk.domain.face import FaceComparison
from kiosk.domain.person_name import PersonName
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST, OpenedEnvelope, open_envelope
from kiosk.wire.messages import (
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
    RosterEntryMessage,
    RosterQuery,
    StoredMessage,
)
from kiosk.wire.record import decode_record, encode_record
from tests.records import (
    NOT_ALIVE,
    PHOTO,
    Registered,
    SetClock,
    desk_referral,
    eligibility_case,
    home_visit,
    person,
)

Send = Callable[[Record], object]
FAR = FaceComparison(0.71, 0.55, 5, "dlib")
NEAR = FaceComparison(0.58, 0.55, 5, "dlib")


@pytest.fixture
def hall(registered: Registered, clock: SetClock, tmp_path: Path) -> Iterator[Hall]:
    portraits = tmp_path / "portraits"
    portraits.mkdir()
    Image.new("RGB", (300, 400), "grey").save(portraits / "grace_hopper.jpg")
    engine = open_database(f"sqlite:///{registered.folder}/hall.db")
    hall = Hall(engine, DecisionPolicy(give_references=True), clock, portraits)
    hall.settle_sandbox()
    yield hall
    engine.dispose()


@pytest.fixture
def send(hall: Hall, registered: Registered, clock: SetClock) -> Send:
    def send(record: Record) -> object:
        data = registered.sealer(clock).seal_record(record, FIRST).data
        opened = open_envelope(data, registered.sealing_key, {registered.terminal.key_id: registered.terminal})
        assert isinstance(opened, OpenedEnvelope)
        return hall.take(opened, data)

    return send


def ask(hall: Hall, clock: SetClock, slug: str, area: str | None = None) -> object:
    citizen = person(slug)
    return hall.query(RosterQuery(number=citizen.number.value, name=citizen.name.value, area=area), clock.now())


def basis(hall: Hall, number: int = -1) -> str:
    return str(hall.counts()[number]["basis"])


def resolve(hall: Hall, clock: SetClock, code: str) -> object:
    return hall.resolve(HolderQuery(code=base64.b64encode(code.encode()).decode()), clock.now())


def test_the_roster_answers_each_person_of_the_sandbox_as_he_stands(hall: Hall, clock: SetClock) -> None:
    assert isinstance(ask(hall, clock, "renamed"), NameMismatchMessage)
    assert isinstance(ask(hall, clock, "reported-lost"), DocumentBlockedMessage)
    assert isinstance(ask(hall, clock, "stranger"), NotInRosterMessage)
    assert isinstance(ask(hall, clock, "other-area"), NotInRosterMessage)
    found = ask(hall, clock, "other-area", "示范市城西区")
    assert isinstance(found, RosterEntryMessage)
    elsewhere = ask(hall, clock, "other-province")
    assert isinstance(elsewhere, RosterEntryMessage)
    assert elsewhere.other_place


def test_a_code_is_worth_one_minute_and_one_asking(hall: Hall, clock: SetClock) -> None:
    number = person("due").number.value
    code = hall.issue_code(number)
    assert code is not None
    holder = resolve(hall, clock, code)
    assert isinstance(holder, HolderMessage)
    assert holder.document.document() == person("due").document(clock.now().date())
    with Image.open(io.BytesIO(base64.b64decode(holder.picture))) as picture:
        assert (picture.format, picture.height) == ("JPEG", 240)
    assert isinstance(resolve(hall, clock, code), CodeExpiredMessage), "used"
    late = hall.issue_code(number)
    assert late is not None
    clock.forward(61)
    assert isinstance(resolve(hall, clock, late), CodeExpiredMessage)
    assert isinstance(resolve(hall, clock, "a-code-of-nobody"), CodeExpiredMessage)
    assert hall.issue_code("nobody") is None
    with Session(hall._engine) as session:
        assert code not in [row.digest for row in session.query(CardCode)]


def test_references_are_given_for_the_right_name_and_where_the_policy_says(hall: Hall, clock: SetClock) -> None:
    citizen = person("due")
    query = ReferenceQuery(reference_of=citizen.number.value, name=citizen.name.value)
    assert isinstance(hall.reference(query, clock.now()), ReferenceMessage)
    stranger = query.model_copy(update={"name": "别人"})
    assert isinstance(hall.reference(stranger, clock.now()), NoReferenceMessage)
    hall._policy = DecisionPolicy()
    assert isinstance(hall.reference(query, clock.now()), NoReferenceMessage)


def test_after_a_suspected_spoof_the_person_is_served_at_a_desk_for_a_day(
    hall: Hall, send: Send, clock: SetClock
) -> None:
    spoof = eligibility_case("due-2", liveness=NOT_ALIVE, comparison=None, finding=Finding.SPOOF_SUSPECTED, crop=PHOTO)
    answer = send(spoof)
    assert isinstance(answer, DecisionMessage)
    assert (answer.outcome, basis(hall)) == (Outcome.REFERRED, "spoof-suspected")
    assert isinstance(ask(hall, clock, "due-2"), IdentityPausedMessage)
    clock.forward(24 * 3600 + 1)
    assert isinstance(ask(hall, clock, "due-2"), RosterEntryMessage)


@pytest.mark.parametrize(("comparison", "expected"), [(NEAR, "not-matched"), (FAR, "wrong-person")])
def test_a_face_far_from_the_card_goes_to_another_queue_with_the_same_answer(
    hall: Hall, send: Send, comparison: FaceComparison, expected: str
) -> None:
    answer = send(eligibility_case(comparison=comparison, finding=Finding.NOT_MATCHED, crop=PHOTO))
    assert isinstance(answer, DecisionMessage)
    assert (answer.outcome, basis(hall)) == (Outcome.REFERRED, expected)


def test_several_unmatched_persons_at_one_terminal_within_ten_minutes(hall: Hall, send: Send, clock: SetClock) -> None:
    for counter, slug in enumerate(("due-3", "due-4", "due-5"), 1):
        send(eligibility_case(slug, counter, comparison=NEAR, finding=Finding.NOT_MATCHED))
    assert [row["basis"] for row in hall.counts()] == ["not-matched", "not-matched", "wrong-person"]
    clock.forward(11 * 60)
    send(eligibility_case("due-6", 4, comparison=NEAR, finding=Finding.NOT_MATCHED, at=clock.now()))
    assert basis(hall) == "not-matched"


def test_a_sealed_chip_record_with_a_living_face_waits_for_staff(hall: Hall, send: Send) -> None:
    case = replace(eligibility_case(comparison=None, finding=Finding.NOT_COMPARED), chip_photo=bytes(1024))
    answer = send(case)
    assert isinstance(answer, DecisionMessage)
    assert (answer.outcome, basis(hall)) == (Outcome.PENDING, "not-compared")


def test_a_helper_s_own_face_is_no_pass(hall: Hall, send: Send) -> None:
    helper = Helper(PersonName("邓小艳"), person("helper").number)
    answer = send(replace(eligibility_case(finding=Finding.HELPER_FACE), helper=helper))
    assert isinstance(answer, DecisionMessage)
    assert (answer.outcome, basis(hall)) == (Outcome.REFERRED, "helper-face")


def test_a_suspended_pension_resumes_next_month_only_when_asked(hall: Hall, send: Send) -> None:
    answer = send(replace(eligibility_case("suspended"), resume=True))
    assert isinstance(answer, DecisionMessage)
    assert answer.resumes_on == date(2026, 12, 1)


def test_a_pass_for_another_province_is_an_assistance(hall: Hall, send: Send) -> None:
    send(eligibility_case("other-province"))
    with Session(hall._engine) as session:
        line = session.get(Beneficiary, person("other-province").number.value)
        assert line is not None
        assert line.source is ConfirmationSource.OTHER_PLACE


def test_slips_and_visits_are_kept_once_and_found_by_their_number(hall: Hall, send: Send) -> None:
    slip, visit = desk_referral(), home_visit(counter=2)
    assert isinstance(send(slip), StoredMessage)
    assert isinstance(send(slip), StoredMessage)
    assert isinstance(send(visit), StoredMessage)
    assert [(row["basis"], row["records"], row["arrivals"]) for row in hall.counts()] == [
        ("name-differs", 1, 2),
        ("home-visit", 1, 1),
    ]
    found = hall.look_up(visit.receipt)
    assert isinstance(found, DecisionMessage)
    assert found.outcome is Outcome.REFERRED


def test_every_new_member_survives_the_wire() -> None:
    case = replace(
        eligibility_case(finding=Finding.NOT_COMPARED, comparison=None),
        keeping=replace(eligibility_case().consent, version="appeal-2026-11"),
        chip_photo=bytes(range(256)) * 4,
        reference_digest="0f" * 32,
        resume=True,
        helper=Helper(PersonName("邓小艳"), CitizenNumber("11010519491231002X")),
    )
    for record in (case, desk_referral(), replace(desk_referral(), name=None), home_visit()):
        assert decode_record(encode_record(record)) == record
