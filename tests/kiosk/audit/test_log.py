"""The log tells declared events, nothing else, and shows when it was tampered with."""

import json
import resource
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.audit.log import FIRST, AuditLog, first_break
from kiosk.domain.audit_event import AuditEvent, EventName
from tests.records import SetClock, person, receipt

EVENT = AuditEvent(
    EventName.FACE_COMPARED,
    session=7,
    journey="confirm-eligibility",
    outcome="matched",
    receipt=receipt().value,
    figures=(("distance", 0.31), ("frames", 5.0)),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log" / "terminal.log"


@pytest.fixture
def log(path: Path) -> Iterator[AuditLog]:
    log = AuditLog(path, SetClock())
    yield log
    log.close()


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_line_holds_the_events_own_fields(log: AuditLog, path: Path) -> None:
    log.record(EVENT)
    line = _lines(path)[0]
    assert {name: value for name, value in line.items() if name not in {"hash", "previous"}} == {
        "at": "2026-11-20T02:30:00.000+00:00",
        "event": "face-compared",
        "session": 7,
        "journey": "confirm-eligibility",
        "outcome": "matched",
        "receipt": receipt().value,
        "figures": {"distance": 0.31, "frames": 5.0},
    }
    assert line["previous"] == FIRST


def test_the_chain_goes_on_over_a_restart(path: Path) -> None:
    for _ in range(3):
        log = AuditLog(path, SetClock())
        log.record(EVENT)
        log.record(AuditEvent(EventName.SESSION_ENDED, session=7))
        log.close()
    assert len(_lines(path)) == 6
    assert first_break(path) is None


@pytest.mark.parametrize("tamper", ["change", "take out", "put in", "swap"])
def test_tampering_shows(log: AuditLog, path: Path, tamper: str) -> None:
    for session in range(5):
        log.record(AuditEvent(EventName.SESSION_STARTED, session=session))
    lines = path.read_bytes().splitlines(keepends=True)
    match tamper:
        case "change":
            lines[2] = lines[2].replace(b'"session":2', b'"session":9')
        case "take out":
            del lines[2]
        case "put in":
            lines.insert(2, lines[0])
        case "swap":
            lines[2], lines[3] = lines[3], lines[2]
    path.write_bytes(b"".join(lines))
    assert first_break(path) == 3


def test_half_a_line_of_a_power_cut_is_cut_off(log: AuditLog, path: Path) -> None:
    log.record(EVENT)
    log.close()
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    log.record(EVENT)
    assert len(_lines(path)) == 2
    assert first_break(path) is None


@pytest.mark.parametrize("room", [0, 1, 100])
def test_a_full_disk_loses_lines_but_never_the_log(log: AuditLog, path: Path, room: int) -> None:
    log.record(EVENT)
    with _largest_file(path.stat().st_size + room):
        log.record(EVENT)
        log.record(EVENT)
        assert log.dropped == 2
    log.record(EVENT)
    assert log.dropped == 0
    assert [line.get("dropped") for line in _lines(path)] == [None, 2]
    assert first_break(path) is None


def test_a_log_that_cannot_be_opened_never_raises(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    log = AuditLog(tmp_path / "file" / "terminal.log", SetClock())
    log.record(EVENT)
    assert log.dropped == 1


@pytest.mark.parametrize(
    "text", [person().number.value, person().name.value, "李淑珍 came", "a\nb", "x" * 81, "", "id 11010519491231002X"]
)
def test_what_is_no_stable_word_never_reaches_the_file(log: AuditLog, path: Path, text: str) -> None:
    log.record(AuditEvent(EventName.CARD_NOT_READ, reason=text, figures=((text, 1.0),)))
    line = _lines(path)[0]
    assert line["reason"] == "not-a-word"
    assert line["figures"] == {"not-a-word": 1.0}


@given(st.text(max_size=100))
def test_any_text_makes_one_line(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = AuditLog(Path(folder) / "log", SetClock())
        log.record(AuditEvent(EventName.CARD_NOT_READ, reason=text))
        log.close()
        assert first_break(Path(folder) / "log") is None
        assert len(_lines(Path(folder) / "log")) == 1


def test_many_threads_write_one_chain(log: AuditLog, path: Path) -> None:
    def write() -> None:
        for _ in range(50):
            log.record(EVENT)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(_lines(path)) == 200
    assert first_break(path) is None
