"""One search by several sources: the first code ends it for all, and a fault counts only when everybody has one."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow.code_search import CodeSearch
from kiosk.ports.code_scanner import CodeReading, CodeSeen, NoCode, ScannerFault

CODE, OTHER = CodeSeen(b"a code"), CodeSeen(b"another")
NO_CAMERA, NO_PORT = ScannerFault("stalled"), ScannerFault("port-gone")


def told_by(*readings: CodeReading, sources: int | None = None) -> list[CodeReading]:
    told: list[CodeReading] = []
    search = CodeSearch(sources or len(readings), None, threading.Event(), told.append)
    for reading in readings:
        search.report(reading)
    return told


@pytest.mark.parametrize(
    ("readings", "answer"),
    [
        ((CODE, NoCode()), CODE),
        ((NoCode(), CODE), CODE),
        ((CODE, OTHER), CODE),
        ((NO_CAMERA, CODE), CODE),
        ((CODE, NO_PORT), CODE),
        ((NO_CAMERA, NoCode()), NoCode()),
        ((NoCode(), NO_PORT), NoCode()),
        ((NO_CAMERA, NO_PORT), NO_CAMERA),
        ((NO_PORT, NO_CAMERA), NO_PORT),
        ((NO_PORT, NO_CAMERA, NoCode()), NoCode()),
        ((NoCode(),), NoCode()),
        ((NO_CAMERA,), NO_CAMERA),
    ],
)
def test_who_has_the_last_word(readings: tuple[CodeReading, ...], answer: CodeReading) -> None:
    assert told_by(*readings) == [answer]


def test_a_code_ends_the_search_at_once_and_everything_else_waits_for_the_last() -> None:
    assert told_by(CODE, sources=3) == [CODE]
    assert told_by(NoCode(), NO_PORT, sources=3) == []


def test_only_the_code_that_is_known_already_is_not_wanted() -> None:
    search = CodeSearch(1, CODE.digest, threading.Event(), lambda _: None)
    assert not search.wanted(CodeSeen(b"a code"))
    assert search.wanted(OTHER)


def test_a_search_that_was_ended_from_outside_tells_nothing() -> None:
    ended = threading.Event()
    told: list[CodeReading] = []
    search = CodeSearch(1, None, ended, told.append)
    ended.set()
    search.report(CODE)
    assert told == []


@given(st.lists(st.sampled_from([CODE, OTHER, NoCode(), NO_CAMERA, NO_PORT]), min_size=1, max_size=8))
def test_one_answer_however_many_threads_report(readings: list[CodeReading]) -> None:
    told: list[CodeReading] = []
    search = CodeSearch(len(readings), None, threading.Event(), told.append)
    start = threading.Barrier(len(readings))

    def source(reading: CodeReading) -> None:
        start.wait(10)
        search.report(reading)

    threads = [threading.Thread(target=source, args=(reading,)) for reading in readings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (answer,) = told
    codes = [reading for reading in readings if isinstance(reading, CodeSeen)]
    if codes:
        assert answer in codes
    elif NoCode() in readings:
        assert answer == NoCode()
    else:
        assert answer in (NO_CAMERA, NO_PORT)
