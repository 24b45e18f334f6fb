"""Drills: something at the hall breaks. Citizens are served on, the technician reads the cause in one line, and when it
is mended everything that was taken in arrives by itself, once."""

import os
import resource
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner

from benchmarks.postgres import Cluster, cluster
from gateway.sandbox import AREA, SandboxPerson, sandbox_people
from kiosk.app import bootstrap
from kiosk.app.checks import Check, check_of
from kiosk.cli.commands import app
from kiosk.cli.demo.training import TrainingTerminal
from kiosk.cli.doctor import explained
from kiosk.domain.case import Outcome
from kiosk.domain.china_time import CHINA
from kiosk.domain.receipt_number import ReceiptKind
from kiosk.flow.health import OUTBOX, PLATFORM, closed_by
from kiosk.flow.touches import Button
from kiosk.journeys.confirmation.stages import ShowingResult
from kiosk.ports.device_status import CLOCK_DRIFT
from kiosk.ports.outbox import OutboxRefused
from kiosk.ports.receipt_issuer import IssuedReceipt
from kiosk.ports.reference_cache import HeldBundle
from kiosk.steps.ask_platform import OfferingOffline
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.wire.record_messages import MAX_CROP_BYTES
from tests.durability.not_run import NOT_RUN
from tests.eventually import eventually
from tests.records import eligibility_case
from tests.terminal.conftest import MODELS, Visitor
from tests.terminal.machine_room import ROSTER, MachineRoom, machine_room, watchful

PATIENCE_S = 30.0
Asked = OfferingOffline | ReviewingStatus
A = TypeVar("A", bound=Asked)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MachineRoom]:
    with machine_room(tmp_path_factory.mktemp("hall"), MODELS) as room:
        yield room


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 4 MB."""
    mount = ("mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", tmp_path)
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip(f"{NOT_RUN}: a full disk needs mounts, which this machine does not permit")
    yield tmp_path
    subprocess.run(("umount", tmp_path), check=True)


@pytest.fixture(scope="module")
def training(room: MachineRoom) -> Iterator[TrainingTerminal]:
    """Its site may hold the roster, which the hall has published, and it looks for that at once."""
    published = CliRunner().invoke(app, ["publish-roster", ROSTER, AREA, "--settings", str(room.settings)])
    assert published.exit_code == 0, published.output
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bootstrap, "_UPKEEP_ROUND_S", 0.3)
        yield watchful(room)


@contextmanager
def _killed_gateway(room: MachineRoom) -> Iterator[None]:
    room.kill_gateway()
    try:
        yield
    finally:
        room.start_gateway()


@contextmanager
def _locked_database(room: MachineRoom) -> Iterator[None]:
    """Another process has it and lets nobody in."""
    with closing(sqlite3.connect(room.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


@contextmanager
def _failing_disk(room: MachineRoom) -> Iterator[None]:
    """Not one byte more can be written by the gateway."""
    process = room.gateway.process.pid
    usual = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (0, usual[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, usual)


Trouble = Callable[[MachineRoom], AbstractContextManager[None]]
TROUBLES: dict[str, tuple[Trouble, str, type[Asked]]] = {
    "a killed gateway": (_killed_gateway, "network cut", OfferingOffline),
    "a locked database": (_locked_database, "database-busy", OfferingOffline),
    "a failing disk": (_failing_disk, "storage-down", ReviewingStatus),
    "an expired certificate": (MachineRoom.certificate_over, "certificate-expired", OfferingOffline),
    "an expired certificate of its own": (
        MachineRoom.terminal_certificate_over,
        "certificate-refused",
        OfferingOffline,
    ),
}
"""What breaks, what the technician's line about the hall then says, and how far the hall still answers a citizen: a
disk that takes nothing can still be read."""

IN_MAKE_TEST = frozenset({"an expired certificate", "an expired certificate of its own"})
"""For the others a longer drill tells the same there."""


@pytest.mark.story("E-20")
@pytest.mark.parametrize(
    "what", [what if what in IN_MAKE_TEST else pytest.param(what, marks=pytest.mark.nightly) for what in TROUBLES]
)
def test_what_is_taken_in_arrives_once_when_the_trouble_is_over(visitor: Visitor, room: MachineRoom, what: str) -> None:
    before = room.records()
    trouble, cause, stage = TROUBLES[what]
    with trouble(room):
        receipt = _taken_in(visitor, "overdue")
        _served_on(visitor, cause, stage)
        assert visitor.terminal.ports.outbox.waiting() == 1
    assert _caught_up(visitor, room, before) == {receipt}


@pytest.mark.story("E-20")
def test_what_is_taken_in_while_postgresql_is_dead_arrives_when_it_lives_again(
    visitor: Visitor, room: MachineRoom
) -> None:
    with cluster() as server:
        try:
            with server.running():
                room.kill_gateway()
                room.start_gateway(server.new_database())
                visitor.at_home()
                _kill(server)
            receipt = _taken_in(visitor, "overdue")
            _served_on(visitor, "database-down", OfferingOffline)
            assert visitor.terminal.ports.outbox.waiting() == 1
            with server.running():
                assert _caught_up(visitor, room, {}) == {receipt}
                room.kill_gateway()
        finally:
            room.kill_gateway()
            room.start_gateway()


@pytest.mark.story("E-20")
def test_what_is_taken_in_while_the_hall_s_disk_is_full_arrives_when_there_is_room(
    visitor: Visitor, room: MachineRoom, small_disk: Path
) -> None:
    room.kill_gateway()
    room.start_gateway(f"sqlite:///{small_disk}/gateway.sqlite")
    try:
        others = small_disk / "somebody-elses"
        _fill(others)
        receipt = _taken_in(visitor, "overdue", crop=bytes(MAX_CROP_BYTES))
        _served_on(visitor, "storage-full", ReviewingStatus)
        assert visitor.terminal.ports.outbox.waiting() == 1
        others.unlink()
        assert _caught_up(visitor, room, {}) == {receipt}
    finally:
        room.kill_gateway()
        room.start_gateway()


@pytest.mark.story("E-20")
def test_a_full_storage_closes_the_service_and_empties_itself(visitor: Visitor, room: MachineRoom) -> None:
    before = room.records()
    visitor.world("link", "cut")
    assert eventually(lambda: "refused" in _technicians_line(visitor), PATIENCE_S), _technicians_line(visitor)
    taken: set[str] = set()
    while isinstance(receipt := _put(visitor, "suspended", crop=bytes(MAX_CROP_BYTES)), str):
        taken.add(receipt)
    assert receipt == OutboxRefused("storage-full")
    assert len(taken) > 1
    closed = visitor._until(
        lambda state: state.health is not None and closed_by(state.health) == OUTBOX, "a full outbox"
    )
    assert closed.health is not None
    assert closed.health.refused == "storage-full"
    visitor.world("link", "restore")
    assert _caught_up(visitor, room, before) == taken


@pytest.mark.story("E-20", "E-26")
@pytest.mark.parametrize(
    ("what", "slug"),
    [
        ("a killed gateway", "due"),
        pytest.param("a locked database", "due-2", marks=pytest.mark.nightly),
        pytest.param("an expired certificate", "due-3", marks=pytest.mark.nightly),
        pytest.param("an expired certificate of its own", "due-4", marks=pytest.mark.nightly),
    ],
)
def test_a_citizen_is_served_in_the_middle_of_the_trouble(
    visitor: Visitor, room: MachineRoom, people: dict[str, SandboxPerson], what: str, slug: str
) -> None:
    """已受理，待联网审核: accepted, and checked when the hall answers again."""
    before = room.records()
    trouble, cause, _ = TROUBLES[what]
    with trouble(room):
        visitor.lays_card(people[slug])
        visitor.press(Button.START)
        visitor.press(Button.AGREE)
        visitor.reaches(OfferingOffline)
        visitor.press(Button.ACCEPT_OFFLINE)
        assert visitor.reaches(ShowingResult).outcome is Outcome.PENDING
        assert visitor.terminal.ports.outbox.waiting() == 1
        _technician_reads(visitor, cause)
        _leaves(visitor)
    (receipt,) = _caught_up(visitor, room, before)
    assert room.records()[receipt]["outcome"] == "PASSED"


@pytest.mark.story("E-07", "E-20")
def test_a_site_that_holds_the_roster_knows_its_people_while_the_gateway_is_dead(
    visitor: Visitor, room: MachineRoom, people: dict[str, SandboxPerson]
) -> None:
    held = visitor.terminal.references.held
    assert eventually(lambda: isinstance(held(ROSTER), HeldBundle), PATIENCE_S), held(ROSTER)
    with _killed_gateway(room):
        _technician_reads(visitor, "network cut")
        offered = _asked(visitor, people["due-6"], OfferingOffline)
        assert offered.held is not None
        assert (offered.held.entry.due_on, offered.held.as_of) == (people["due-6"].due_on, datetime.now(CHINA).date())
        reviewed = _asked(visitor, people["confirmed"], ReviewingStatus)
        assert (reviewed.entry.confirmed_this_window, reviewed.as_of) == (True, datetime.now(CHINA).date())
    visitor.at_home()


@pytest.mark.story("E-28")
def test_a_wrong_clock_signs_nothing_new_and_delivers_what_was_signed(visitor: Visitor, room: MachineRoom) -> None:
    before = room.records()
    visitor.world("link", "cut")
    receipt = _taken_in(visitor, "suspended")
    room.gateway.do("clock", seconds=-120)
    visitor.world("link", "restore")
    try:
        assert eventually(lambda: "clock" in _technicians_line(visitor), PATIENCE_S), _technicians_line(visitor)
        visitor._until(
            lambda state: state.health is not None and closed_by(state.health) == "clock", "a closed service"
        )
        assert eventually(lambda: visitor.terminal.ports.outbox.waiting() == 0, PATIENCE_S)
        assert _put(visitor, "due-5") == OutboxRefused(CLOCK_DRIFT)
    finally:
        room.gateway.do("clock", seconds=0)
    assert _caught_up(visitor, room, before) == {receipt}


def _served_on(visitor: Visitor, cause: str, stage: type[Asked]) -> None:
    """The technician's line tells the cause, and a citizen comes as far as ``stage``."""
    _technician_reads(visitor, cause)
    _asked(visitor, {person.slug: person for person in sandbox_people(datetime.now(CHINA).date())}["due"], stage)


def _asked(visitor: Visitor, person: SandboxPerson, stage: type[A]) -> A:
    """How far ``person`` comes before anything is asked of him, and leaves."""
    visitor.lays_card(person)
    visitor.press(Button.START)
    visitor.press(Button.AGREE)
    reached = visitor.reaches(stage)
    _leaves(visitor)
    return reached


def _caught_up(visitor: Visitor, room: MachineRoom, before: dict[str, Any]) -> set[str]:
    """By itself: nothing waits and the technician's line is good again. The receipts that came, one record each."""
    assert eventually(lambda: visitor.terminal.ports.outbox.waiting() == 0, PATIENCE_S)
    assert eventually(lambda: _technicians_line(visitor).startswith("ok"), PATIENCE_S), _technicians_line(visitor)
    came = {number: each["records"] for number, each in room.records().items() if number not in before}
    assert set(came.values()) == {1}
    visitor.at_home()
    return set(came)


def _fill(file: Path) -> None:
    """Until no byte more has room on its disk."""
    with file.open("wb", buffering=0) as growing, pytest.raises(OSError, match="No space"):  # noqa: PT012  until it fails
        while True:
            growing.write(bytes(4096))


def _kill(server: Cluster) -> None:
    """At once, without writing anything more: as a power cut does."""
    os.kill(int((server.folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)


def _taken_in(visitor: Visitor, slug: str, crop: bytes | None = None) -> str:
    """A case without the hall's answer, as a session queues it; its receipt number."""
    number = _put(visitor, slug, crop)
    assert isinstance(number, str), number
    return number


def _put(visitor: Visitor, slug: str, crop: bytes | None = None) -> str | OutboxRefused:
    ports, now = visitor.terminal.ports, visitor.terminal.clock.now()
    issued = ports.receipts.issue(ReceiptKind.ELIGIBILITY, now)
    assert isinstance(issued, IssuedReceipt)
    case = replace(eligibility_case(slug, offline=True, at=now, crop=crop), receipt=issued.number)
    answer = ports.outbox.put(case)
    return answer if isinstance(answer, OutboxRefused) else issued.number.value


def _leaves(visitor: Visitor) -> None:
    visitor.press(Button.HOME)
    visitor.world("card-reader", "remove-card")
    visitor.at_home()


def _technician_reads(visitor: Visitor, cause: str) -> None:
    assert eventually(lambda: cause in _technicians_line(visitor), PATIENCE_S), _technicians_line(visitor)
    assert _of_the_hall(visitor).remedy


def _technicians_line(visitor: Visitor) -> str:
    """What `kiosk doctor --watch` shows of the hall, remedy left out."""
    check = _of_the_hall(visitor)
    return f"{'ok' if check.good else 'WRONG'} {check.name}: {check.detail}"


def _of_the_hall(visitor: Visitor) -> Check:
    reports = {report.device: report for report in visitor.terminal.supervisor.reports()}
    return explained(check_of(reports[PLATFORM]), visitor.training.settings)
