"""Sealed pictures in the case's row or in object storage: staff, citizens and the clock see no difference."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from PIL import Image
from pydantic import ValidationError
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gateway.app import GatewayNotConfiguredError, create_app
from gateway.database import open_database
from gateway.desk.case_desk import CaseDesk, CaseView
from gateway.desk.decisions import Decided, Decision
from gateway.desk.evidence import References
from gateway.desk.sessions import Visitor
from gateway.desk.settings import DeskSettings
from gateway.desk.tables import Role, Step
from gateway.desk.trail import begin_chain
from gateway.evidence_keeping import EvidenceKeeping
from gateway.evidence_store import EvidenceAwayError, EvidenceStore, InRow, evidence_store
from gateway.hall import Hall
from gateway.settings import DecisionPolicy, GatewaySettings
from gateway.tables import CaseRecord, DroppedObject, KeptPicture
from kiosk.domain.case import EligibilityCase, Finding
from kiosk.domain.face import FaceComparison
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from tests.gateway.object_storage import ACCESS_KEY, SECRET_KEY, ObjectStorage, object_storage
from tests.gateway.serving import serving
from tests.gateway.test_staff_desk import Desk
from tests.records import START, Registered, SetClock, eligibility_case, rating


def _face() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (48, 48), "tan").save(stream, "JPEG")
    return stream.getvalue()


URL = "s3://evidence/hall/one"
DAY = 24 * 3600.0
CLERK = Visitor("2001", Role.CLERK, "token")
FACE = _face()
NEAR = FaceComparison(0.62, 0.55, 5, "dlib")
UNMATCHED = eligibility_case("due", 1, key="unmatched", comparison=NEAR, finding=Finding.NOT_MATCHED, crop=FACE)
PASSED = eligibility_case("due-2", 2, key="passed")
NO_PICTURE = eligibility_case("due-3", 3, key="no-picture", comparison=None, finding=Finding.NOT_COMPARED)


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStorage]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    with object_storage() as storage:
        yield storage


@pytest.fixture
def objects(storage: ObjectStorage, clock: SetClock) -> EvidenceStore:
    return evidence_store(URL, storage.address, "us-east-1", clock)


class House:
    """A hall, its staff's desk and its keeping round over one evidence store."""

    def __init__(self, engine: Engine, registered: Registered, clock: SetClock, evidence: EvidenceStore) -> None:
        self.engine, self._registered, self._clock = engine, registered, clock
        policy = DecisionPolicy()
        self.hall = Hall(engine, policy, clock, evidence=evidence)
        self.hall.settle_sandbox()
        begin_chain(engine)
        self.desk = CaseDesk(engine, clock, policy, DeskSettings(), self._open_record, References(None, None), evidence)
        self.keeping = EvidenceKeeping(engine, evidence, clock)

    def opened(self, record: Record) -> tuple[OpenedEnvelope, bytes]:
        data = self._registered.sealer(self._clock).seal_record(record, FIRST).data
        terminal = self._registered.terminal
        opened = open_envelope(data, self._registered.sealing_key, {terminal.key_id: terminal})
        assert isinstance(opened, OpenedEnvelope)
        return opened, data

    def take(self, record: Record) -> bytes:
        opened, data = self.opened(record)
        self.hall.take(opened, data)
        return data

    def face(self, case: EligibilityCase) -> bool:
        """Whether staff see the live face."""
        view = self.desk.view(CLERK, case.receipt.value)
        assert isinstance(view, CaseView)
        assert (view.standing.case is None) is (view.faces.live is None)
        return view.faces.live is not None

    def rows(self) -> dict[str, tuple[bool, str | None]]:
        """By key: whether the envelope is in the row, and its object's name."""
        with Session(self.engine) as session:
            found = session.execute(
                select(CaseRecord.key, CaseRecord.envelope, KeptPicture.object_name).join(
                    KeptPicture, KeptPicture.case_id == CaseRecord.id, isouter=True
                )
            )
            return {key: (envelope is not None, name) for key, envelope, name in found}

    def _open_record(self, envelope: bytes) -> Record | None:
        terminal = self._registered.terminal
        opened = open_envelope(envelope, self._registered.sealing_key, {terminal.key_id: terminal})
        return opened.content if isinstance(opened, OpenedEnvelope) else None  # type: ignore[return-value]


Make = Callable[[EvidenceStore], House]


@pytest.fixture
def make(database: str, registered: Registered, clock: SetClock) -> Iterator[Make]:
    engine = open_database(database)
    yield lambda evidence: House(engine, registered, clock, evidence)
    engine.dispose()


@pytest.fixture
def lite(registered: Registered, clock: SetClock) -> Iterator[Make]:
    engine = open_database(f"sqlite:///{registered.folder}/hall.db")
    yield lambda evidence: House(engine, registered, clock, evidence)
    engine.dispose()


@pytest.fixture(params=["row", "objects"])
def house(request: pytest.FixtureRequest, make: Make) -> House:
    return make(InRow() if request.param == "row" else request.getfixturevalue("objects"))


def test_staff_see_the_picture_until_they_have_decided(house: House) -> None:
    house.take(UNMATCHED)
    house.take(PASSED)
    assert house.face(UNMATCHED)
    decision = Decision(UNMATCHED.receipt.value, 0, Step.COME_IN, "photo-unclear")
    decided = house.desk.decide(CLERK, decision)
    assert isinstance(decided, Decided), decided
    assert not house.face(UNMATCHED)
    house.keeping.drop()
    assert house.rows()["unmatched"] == (False, None)


def test_a_picture_goes_when_its_time_is_over(house: House, clock: SetClock) -> None:
    house.take(UNMATCHED)
    house.take(NO_PICTURE)
    clock.forward(30 * DAY - 1)
    assert house.hall.drop_expired_pictures() == 0
    assert house.face(UNMATCHED)
    clock.forward(1)
    assert house.hall.drop_expired_pictures() == 1
    assert not house.face(UNMATCHED)
    assert house.rows()["no-picture"] == (True, None), "what holds no face is the row's"


def test_the_same_record_again_is_the_same_record(house: House) -> None:
    house.take(UNMATCHED)
    before = house.rows()
    house.take(UNMATCHED)
    assert house.rows() == before
    assert house.face(UNMATCHED)


def test_a_closed_case_has_no_picture(house: House) -> None:
    house.take(UNMATCHED)
    assert house.hall.close_case(UNMATCHED.receipt)
    house.keeping.drop()
    assert not house.face(UNMATCHED)
    with Session(house.engine) as session:
        assert session.scalars(select(DroppedObject)).all() == []


def test_only_pictures_lie_in_the_storage_sealed_and_nameless(
    lite: Make, objects: EvidenceStore, storage: ObjectStorage
) -> None:
    house = lite(objects)
    sealed = house.take(UNMATCHED)
    for record in (PASSED, NO_PICTURE, rating()):
        house.take(record)
    [(key, (kept, _))] = storage.objects.items()
    in_row, name = house.rows()["unmatched"]
    assert (in_row, key) == (False, f"hall/one/{name}")
    assert kept == sealed
    with Session(house.engine) as session:
        digest = session.scalars(select(CaseRecord.digest).where(CaseRecord.key == "unmatched")).one()
    assert digest == hashlib.sha256(kept).hexdigest()


def test_an_object_goes_with_its_row_and_is_asked_for_until_it_is_gone(
    lite: Make, objects: EvidenceStore, storage: ObjectStorage, clock: SetClock
) -> None:
    house = lite(objects)
    house.take(UNMATCHED)
    house.hall.close_case(UNMATCHED.receipt)
    storage.down = True
    with pytest.raises(EvidenceAwayError):
        house.keeping.drop()
    storage.down = False
    clock.forward(16)
    assert len(storage.objects) == 1
    house.keeping.drop()
    assert storage.objects == {}


def test_objects_that_never_got_a_row_are_swept_after_a_day(
    lite: Make, objects: EvidenceStore, storage: ObjectStorage, clock: SetClock
) -> None:
    house = lite(objects)
    house.take(UNMATCHED)
    orphans = [objects.put(b"sealed") for _ in range(3)]
    other, young = "hall/two/of-another-hall", f"hall/one/{objects.put(b'sealed')}"
    storage.objects = {key: (sealed, START) for key, (sealed, _) in storage.objects.items()}
    storage.objects |= {other: (b"sealed", START), young: (b"sealed", START + timedelta(hours=12))}
    clock.forward(DAY + 3600)
    assert house.keeping.sweep() == len(orphans)
    assert house.face(UNMATCHED)
    assert sorted(storage.objects) == sorted([other, young, f"hall/one/{house.rows()['unmatched'][1]}"])
    clock.forward(DAY - 1)
    assert house.keeping.sweep() == 0, "once a day"
    clock.forward(1)
    assert house.keeping.sweep() == 1


def test_what_lies_in_its_place_is_not_shown_for_it(lite: Make, objects: EvidenceStore, storage: ObjectStorage) -> None:
    house = lite(objects)
    house.take(UNMATCHED)
    [key] = storage.objects
    other = replace(UNMATCHED, crop=FACE + b"\0")
    storage.objects[key] = house.opened(other)[1], START
    assert not house.face(UNMATCHED)
    del storage.objects[key]
    assert not house.face(UNMATCHED)


def test_a_storage_that_is_away_costs_no_record_without_a_picture(
    lite: Make, objects: EvidenceStore, storage: ObjectStorage, clock: SetClock
) -> None:
    house = lite(objects)
    storage.down = True
    pictured, plain = house.opened(UNMATCHED), house.opened(PASSED)
    answers = house.hall.take_all([pictured, plain, pictured])
    assert [isinstance(answer, EvidenceAwayError) for answer in answers] == [True, False, True]
    assert set(house.rows()) == {"passed"}
    assert storage.calls.count("PUT") == 2, "asked twice, and then left alone for a while"
    storage.down = False
    clock.forward(16)
    assert not isinstance(house.hall.take_all([pictured])[0], Exception)
    assert house.face(UNMATCHED)


def test_strangers_are_let_nowhere(storage: ObjectStorage, objects: EvidenceStore) -> None:
    """The server of these tests believes a signature only."""
    storage.secret = "another"
    with pytest.raises(EvidenceAwayError, match="PermissionDenied"):
        objects.put(b"sealed")
    assert requests.put(f"{storage.address}/evidence/x", data=b"sealed", timeout=10).status_code == 403
    assert storage.objects == {}


def test_terminals_are_told_that_the_storage_is_away_and_orphans_are_on_record(
    settings: GatewaySettings, registered: Registered, clock: SetClock, storage: ObjectStorage, tmp_path: Path
) -> None:
    log = tmp_path / "gateway.log"
    chosen = settings.model_copy(update={"evidence": URL, "evidence_endpoint": storage.address, "log": log})
    envelope = registered.sealer(clock).seal_record(UNMATCHED, FIRST).data
    with serving(create_app(chosen, clock)) as address:
        storage.down = True
        answer = requests.post(f"{address}/v1/records", data=envelope, timeout=60)
        refusal = {"answer": "refusal", "reason": "storage-down", "final": False}
        assert (answer.status_code, answer.json()) == (503, refusal)
        assert int(answer.headers["Retry-After"]) > 0
        storage.down = False
        clock.forward(16)
        assert requests.post(f"{address}/v1/records", data=envelope, timeout=60).json()["answer"] == "decision"
    assert [key.split("/")[:2] for key in storage.objects] == [["hall", "one"]]
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["reason"] for line in lines if line["event"] == "trouble"] == ["storage-down"]
    storage.objects |= {"hall/one/orphan": (b"sealed", START - timedelta(days=2))}
    with serving(create_app(chosen, clock)):
        pass
    assert len(storage.objects) == 1
    last = json.loads(log.read_text().splitlines()[-1])
    assert (last["event"], last["count"]) == ("orphans-dropped", 1)


def test_staff_are_told_that_the_storage_is_away(
    settings: GatewaySettings, registered: Registered, clock: SetClock, storage: ObjectStorage
) -> None:
    chosen = settings.model_copy(update={"evidence": URL, "evidence_endpoint": storage.address})
    envelope = registered.sealer(clock).seal_record(UNMATCHED, FIRST).data
    with serving(create_app(chosen, clock)) as address:
        requests.post(f"{address}/v1/records", data=envelope, timeout=60)
        supervisor, page = Desk(address), f"case?receipt={UNMATCHED.receipt.value}"
        assert supervisor.login(Role.SUPERVISOR).status_code == 303
        assert "data:image/jpeg;base64," in supervisor.get(page).text
        storage.down = True
        away = supervisor.get(page)
        assert away.status_code == 503
        assert "data:image" not in away.text


def test_a_storage_without_credentials_stops_the_start(
    settings: GatewaySettings, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    with pytest.raises(GatewayNotConfiguredError, match="AWS_ACCESS_KEY_ID"):
        create_app(settings.model_copy(update={"evidence": URL}), clock)


@pytest.mark.parametrize(
    "chosen",
    [{"evidence": "s3:///x"}, {"evidence": "https://a.example"}, {"evidence_endpoint": "http://127.0.0.1:9000"}],
)
def test_settings_that_name_no_storage_are_refused(settings: GatewaySettings, chosen: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        GatewaySettings.model_validate(settings.model_dump() | chosen)
