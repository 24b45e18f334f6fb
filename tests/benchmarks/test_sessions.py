"""The measure of many sessions must be able to find what it looks for."""

import os
from pathlib import Path

import psutil
import pytest

from benchmarks.sessions import WARM_UP, growth, held, middle_mean
from benchmarks.traces import search
from benchmarks.visits import PHONE, VISITS, WITH_FACE
from gateway.sandbox import SandboxPerson, sandbox_people
from kiosk.domain.phone import parse_phone
from kiosk.wire.record import CASE_KIND
from tests.ui.states import NOW

PEOPLE = sandbox_people(NOW.date())


def test_one_odd_session_does_not_count() -> None:
    assert middle_mean([100.0] * 19 + [900.0]) == 100.0


def test_what_the_first_sessions_take_is_no_growth() -> None:
    values = [100.0 + number for number in range(WARM_UP)] + [120.0] * 60
    grown = growth("terminal MiB", values)
    assert grown.share == 0
    assert grown.within_limit


def test_a_little_more_after_every_session_is_found() -> None:
    grown = growth("terminal MiB", [180.0 + 0.03 * number for number in range(200)])
    assert grown.share == pytest.approx(0.0265, abs=0.001)
    assert not grown.within_limit


def test_a_descriptor_that_stays_open_now_and_then_is_found() -> None:
    assert not growth("terminal descriptors", [32.0 + number // 40 for number in range(200)]).within_limit


def test_descriptors_are_counted_and_memory_is_what_was_written() -> None:
    process = [psutil.Process()]
    before = held(process)
    ends = os.pipe()
    block = bytearray(os.urandom(1)) * (64 << 20)
    after = held(process)
    for end in ends:
        os.close(end)
    assert after.descriptors == before.descriptors + 2
    assert after.memory - before.memory == pytest.approx(len(block) / (1 << 20), abs=8)


def test_a_fifth_of_the_visits_takes_a_face() -> None:
    names = {visit.__name__ for visit in VISITS}
    assert names >= WITH_FACE
    assert len(WITH_FACE) * 5 >= len(VISITS) == len(names)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
@pytest.mark.parametrize(
    "words",
    [PEOPLE[0].name.value, PEOPLE[0].number.value, PEOPLE[0].address, PHONE],
    ids=["name", "id", "home", "phone"],
)
def test_whoever_lies_in_a_file_is_found(tmp_path: Path, words: str, encoding: str) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "outbox.sqlite-wal").write_bytes(b"\0\x01" + words.encode(encoding) + b"\xff")
    assert traces_in(tmp_path, PEOPLE)


@pytest.mark.parametrize("mark", [b"\xff\xd8\xff\xe0\0\x10JFIF", b"\x89PNG\r\n\x1a\n"])
def test_a_kept_picture_is_found(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / "scratch").write_bytes(b"0" * 100 + mark)
    assert traces_in(tmp_path, PEOPLE) == ("scratch: picture",)


def test_the_gateways_files_are_its_own_and_a_sealed_case_is_seen(tmp_path: Path) -> None:
    (tmp_path / "gateway.sqlite-wal").write_text(PEOPLE[0].name.value, encoding="utf-8")
    (tmp_path / "outbox.sqlite").write_bytes(f'"kind":"{CASE_KIND}"'.encode() + os.urandom(4096))
    searched = search(tmp_path, ("gateway.sqlite*",), PEOPLE, (PHONE,))
    assert (searched.files, searched.sealed_case, searched.traces) == (1, True, ())


def test_the_phone_that_is_typed_is_one() -> None:
    assert parse_phone(PHONE) == PHONE


def traces_in(folder: Path, people: tuple[SandboxPerson, ...]) -> tuple[str, ...]:
    return search(folder, (), people, (PHONE,)).traces
