"""How long a sealed picture of a face is kept at the hall, and what for."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gateway.app import create_app
from gateway.database import open_database
from gateway.hall import Hall
from gateway.keeping import KeptFor, kept_for
from gateway.numbers import aware
from gateway.settings import DecisionPolicy, GatewaySettings
from gateway.tables import CaseRecord, KeptPicture
from kiosk.domain.case import EligibilityCase, Finding, Outcome
from kiosk.domain.china_time import CHINA
from kiosk.domain.face import FaceComparison
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from tests.gateway.serving import serving
from tests.records import NOT_ALIVE, PHOTO, START, Registered, SetClock, eligibility_case, receipt

Send = Callable[[Record], object]
DAY = 24 * 3600.0
NEAR = FaceComparison(0.62, 0.55, 5, "dlib")
APPEAL = eligibility_case("due", 1, key="appeal", comparison=NEAR, finding=Finding.NOT_MATCHED, crop=PHOTO)
UNMATCHED = eligibility_case("due-2", 2, key="unmatched", comparison=None, finding=Finding.NOT_COMPARED, crop=PHOTO)
OFFLINE = eligibility_case(
    "due-3", 3, key="offline", comparison=NEAR, finding=Finding.NOT_MATCHED, offline=True, crop=PHOTO
)
SUSPICION = eligibility_case(
    "due-4", 4, key="suspicion", liveness=NOT_ALIVE, comparison=None, finding=Finding.SPOOF_SUSPECTED, crop=PHOTO
)
PICTURED = (APPEAL, UNMATCHED, OFFLINE, SUSPICION)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def hall(engine: Engine, clock: SetClock) -> Hall:
    hall = Hall(engine, DecisionPolicy(), clock)
    hall.settle_sandbox()
    return hall


@pytest.fixture
def send(hall: Hall, registered: Registered, clock: SetClock) -> Send:
    def send(record: Record) -> object:
        data = registered.sealer(clock).seal_record(record, FIRST).data
        opened = open_envelope(data, registered.sealing_key, {registered.terminal.key_id: registered.terminal})
        assert isinstance(opened, OpenedEnvelope)
        return hall.take(opened, data)

    return send


def pictured(engine: Engine) -> set[str]:
    """Keys of the cases of which a sealed picture lies in the database."""
    with Session(engine) as session:
        return set(session.scalars(select(CaseRecord.key).where(CaseRecord.envelope.is_not(None))))


@pytest.mark.parametrize(
    ("case", "outcome", "purpose"),
    [
        (APPEAL, Outcome.REFERRED, KeptFor.APPEAL),
        (UNMATCHED, Outcome.PENDING, KeptFor.APPEAL),
        (OFFLINE, Outcome.REFERRED, KeptFor.OFFLINE),
        (OFFLINE, Outcome.PASSED, None),
        (OFFLINE, Outcome.CANCELLED, None),
        (SUSPICION, Outcome.REFERRED, KeptFor.SUSPICION),
        (eligibility_case(), Outcome.REFERRED, None),
    ],
)
def test_every_picture_has_one_purpose_or_is_not_kept(
    case: EligibilityCase, outcome: Outcome, purpose: KeptFor | None
) -> None:
    assert kept_for(case, outcome) is purpose


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (6.99, {"appeal", "unmatched", "offline", "suspicion"}),
        (7.0, {"appeal", "unmatched", "suspicion"}),
        (29.99, {"appeal", "unmatched", "suspicion"}),
        (30.0, {"suspicion"}),
        (4000.0, {"suspicion"}),
    ],
)
def test_a_picture_goes_when_its_time_is_over(
    engine: Engine, hall: Hall, send: Send, clock: SetClock, days: float, left: set[str]
) -> None:
    for case in PICTURED:
        send(case)
    assert pictured(engine) == {"appeal", "unmatched", "offline", "suspicion"}
    clock.forward(days * DAY)
    assert hall.drop_expired_pictures() == len(PICTURED) - len(left)
    assert pictured(engine) == left
    assert hall.drop_expired_pictures() == 0


def test_seven_days_count_from_the_arrival_and_not_from_the_capture(engine: Engine, hall: Hall, send: Send) -> None:
    late = eligibility_case(
        "due-3", 3, key="late", comparison=NEAR, finding=Finding.NOT_MATCHED, offline=True, crop=PHOTO,
        at=START - timedelta(days=20),
    )  # fmt: skip
    send(late)
    with Session(engine) as session:
        kept = session.scalars(select(KeptPicture)).one()
    assert kept.keep_until is not None
    assert aware(kept.keep_until) == (START + timedelta(days=7)).astimezone(CHINA)
    assert hall.drop_expired_pictures() == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_after_its_time_nothing_of_the_picture_lies_in_the_file(
    engine: Engine, hall: Hall, send: Send, clock: SetClock, registered: Registered
) -> None:
    send(OFFLINE)
    with Session(engine) as session:
        envelope = session.scalars(select(CaseRecord.envelope)).one()
    assert envelope is not None
    piece = envelope[len(envelope) // 2 :][:48]
    assert piece in _files(engine, registered)
    clock.forward(8 * DAY)
    hall.drop_expired_pictures()
    assert piece not in _files(engine, registered)


def _files(engine: Engine, registered: Registered) -> bytes:
    """Everything in the database's files once its log has been written into it."""
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return b"".join(file.read_bytes() for file in sorted(registered.folder.glob("hall.db*")))


def test_what_is_kept_of_a_suspicion_goes_when_staff_close_the_case(engine: Engine, hall: Hall, send: Send) -> None:
    send(SUSPICION)
    send(APPEAL)
    assert hall.close_case(SUSPICION.receipt)
    assert pictured(engine) == {"appeal"}
    assert hall.close_case(SUSPICION.receipt), "a second time changes nothing"
    assert not hall.close_case(receipt(99))
    with Session(engine) as session:
        record = session.scalars(select(CaseRecord).where(CaseRecord.key == "suspicion")).one()
        assert record.figures["finding"] == "SPOOF_SUSPECTED", "what the decision rests on stays"


def test_the_same_record_once_more_gets_the_same_answer_when_its_picture_is_gone(send: Send, clock: SetClock) -> None:
    first = send(OFFLINE)
    clock.forward(8 * DAY)
    assert send(OFFLINE) == first


def test_two_that_drop_at_once_do_it_once(hall: Hall, send: Send, clock: SetClock) -> None:
    send(OFFLINE)
    clock.forward(8 * DAY)
    dropped: list[int] = []
    threads = [threading.Thread(target=lambda: dropped.append(hall.drop_expired_pictures())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(dropped) == [0, 0, 0, 1]


def test_a_gateway_lets_old_pictures_go_when_it_starts(
    engine: Engine, send: Send, clock: SetClock, settings: GatewaySettings
) -> None:
    send(OFFLINE)
    clock.forward(8 * DAY)
    with serving(create_app(settings, clock)):
        assert pictured(engine) == set()
