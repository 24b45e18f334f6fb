"""Stories of an outbox at its end: who cannot be served is told before he starts (domain.md 5.3.5), and of a number
looked up while the line is down (5.3.6)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.audit_event import EventName
from kiosk.domain.case import Outcome
from kiosk.flow.commands import PrintPaper, PutRecord
from kiosk.flow.session_state import Attract
from kiosk.flow.touches import Button
from kiosk.journeys.look_up_receipt import NotFound, ShowingFound
from kiosk.ports.device_status import Unavailable
from kiosk.ports.outbox import KnownReceipt, OutboxRefused, Queued
from kiosk.ports.platform import PlatformUnavailable
from kiosk.steps.consent import ReadingNotice
from tests.kiosk.journeys.telling import NUMBER, decided, ended
from tests.kiosk.journeys.visit import HEALTHY, NOW, Visit, World
from tests.offline_cache.parts import Parts, build
from tests.records import PHOTO, eligibility_case, register

CUT_OFF = replace(HEALTHY, platform=Unavailable("no-link", "check the cable"))
NO_LINE = PlatformUnavailable("no-link")


def _too_many(folder: Path) -> Parts:
    parts = build(register(folder), max_records=2)
    for counter in (1, 2):
        assert isinstance(parts.outbox.put(eligibility_case(counter=counter, offline=True)), Queued)
    return parts


def _too_old(folder: Path) -> Parts:
    parts = build(register(folder))
    parts.outbox.put(eligibility_case(offline=True))
    parts.clock.forward(timedelta(days=7, seconds=1).total_seconds())
    return parts


def _full(folder: Path) -> Parts:
    parts = build(register(folder), max_bytes=1024 * 1024)
    counter = 1
    while isinstance(parts.outbox.put(eligibility_case(counter=counter, crop=PHOTO * 40)), Queued):
        counter += 1
    return parts


def _broken(folder: Path) -> Parts:
    (folder / "terminal.db").write_bytes(b"no database" * 1000)
    return build(register(folder))


ENDS = [
    pytest.param(_too_many, "too-many-records", "line", id="200 records"),
    pytest.param(_too_old, "oldest-record-too-old", "line", id="7 days"),
    pytest.param(_full, "storage-full", "outbox", id="full disk"),
    pytest.param(_broken, "storage-damaged", "outbox", id="broken storage"),
]


@pytest.mark.story("E-20")
@pytest.mark.parametrize(("fill", "reason", "closed"), ENDS)
def test_at_its_end_the_offline_path_is_closed_before_the_citizen_starts(
    tmp_path: Path, fill: Callable[[Path], Parts], reason: str, closed: str
) -> None:
    parts = fill(tmp_path)
    refused = parts.outbox.accepts()
    assert refused == OutboxRefused(reason)
    health = replace(CUT_OFF, refused=reason)
    visit = Visit(World(health=health))
    for start in (Button.START, Button.START_HELPED, Button.START_HOME_VISIT):
        assert visit.session._journeys[start].closed_by(health) == closed
        visit.press(start)
        assert visit.state.phase == Attract()
    assert not visit.asked(PutRecord)
    assert reason in visit.reasons(EventName.DEVICE_UNAVAILABLE), "the technician reads why"
    assert visit.session.can_serve(visit.state, Button.START_LOOK_UP)
    visit.world.health = HEALTHY
    visit.elapse("health")
    visit.press(Button.START)
    assert isinstance(visit.stage, ReadingNotice), "it has drained"
    parts.close()


@pytest.mark.story("E-20")
@pytest.mark.parametrize(("fill", "reason", "closed"), ENDS)
def test_a_hall_that_answers_takes_cases_at_a_limit_of_the_offline_path_but_not_without_a_disk(
    tmp_path: Path, fill: Callable[[Path], Parts], reason: str, closed: str
) -> None:
    parts = fill(tmp_path)
    online = replace(HEALTHY, refused=reason)
    visit = Visit(World(health=online))
    visit.press(Button.START)
    kept = parts.outbox.put(eligibility_case(counter=900, key="online", crop=PHOTO * 40))
    if closed == "line":
        assert isinstance(visit.stage, ReadingNotice)
        assert kept == Queued("online")
    else:
        assert visit.state.phase == Attract()
        assert kept == OutboxRefused(reason)
    parts.close()


def _looked_up(world: World) -> Visit:
    visit = Visit(world)
    visit.press(Button.START_LOOK_UP, Button.TYPE_NUMBER)
    visit.type(NUMBER.value)
    return visit


@pytest.mark.story("E-20")
def test_without_a_line_the_terminal_tells_what_it_knew_of_its_own_number_and_prints_nothing() -> None:
    known = KnownReceipt(decided(Outcome.PENDING), NOW - timedelta(days=1))
    visit = _looked_up(World(health=CUT_OFF, found=NO_LINE, known=known))
    assert visit.stage == ShowingFound(known.decision, None, as_of=known.as_of)
    visit.press(Button.PRINT_SLIP)
    assert not visit.asked(PrintPaper)
    visit.press(Button.CONTINUE)
    assert ended(visit) == ("PENDING", "looked-up")


@pytest.mark.story("E-20")
def test_without_a_line_another_terminal_s_number_cannot_be_looked_up() -> None:
    assert _looked_up(World(health=CUT_OFF, found=NO_LINE)).stage == NotFound("offline")


def test_a_number_is_remembered_from_the_moment_its_case_was_kept(tmp_path: Path) -> None:
    parts = build(register(tmp_path))
    case = eligibility_case()
    parts.outbox.put(case)
    known = parts.outbox.recall(case.receipt)
    assert known is not None
    assert (known.decision.receipt, known.decision.outcome, known.as_of) == (
        case.receipt,
        Outcome.PENDING,
        parts.clock.now(),
    )
    parts.close()
