"""An entry of a snapshot opens with its own card's data, and with nothing else."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.eligibility import RosterStatus
from kiosk.wire.reference import MAX_BUNDLE_BYTES
from kiosk.wire.roster_snapshot import Listed, find_in_snapshot, seal_snapshot
from tests.kiosk.documents.specimens import ENTRY

PEOPLE = [
    Listed("11010519491231002X", "张明", ENTRY),
    Listed("440524188001010014", "张明", replace(ENTRY, status=RosterStatus.STOPPED, confirmed_on=None, due_on=None)),
    Listed("53010219200508011X", "王𬭚𠀀", replace(ENTRY, area="示例市一个名字很长很长很长的样张区", other_place=True)),
]
SNAPSHOT = seal_snapshot(PEOPLE)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.number)
def test_a_card_s_number_and_name_open_its_entry(person: Listed) -> None:
    assert find_in_snapshot(SNAPSHOT, person.number, person.name) == person.entry


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("11010519491231002X", "王𬭚𠀀"),
        ("53010219200508011X", "张明"),
        ("110105194912310", "张明"),
        ("11010519491231002X\n张", "明"),
        ("", ""),
    ],
)
def test_nothing_else_opens_one(number: str, name: str) -> None:
    assert find_in_snapshot(SNAPSHOT, number, name) is None


def test_nothing_of_anybody_can_be_read_in_it_and_no_length_tells_a_state() -> None:
    for person in PEOPLE:
        entry = (person.number, person.name, person.entry.area, person.entry.status.value, person.entry.office)
        assert not [text for text in entry if text.encode() in SNAPSHOT]
    line, _, pieces = SNAPSHOT.partition(b"\n")
    entry_bytes = json.loads(line)["entry_bytes"]
    assert entry_bytes % 64 == 0
    assert len(pieces) == len(PEOPLE) * (16 + entry_bytes + 16)


def test_the_same_roster_is_another_file_every_time() -> None:
    assert seal_snapshot(PEOPLE).partition(b"\n")[2] != SNAPSHOT.partition(b"\n")[2]


def test_an_empty_roster_knows_nobody() -> None:
    assert find_in_snapshot(seal_snapshot([]), PEOPLE[0].number, PEOPLE[0].name) is None


@settings(max_examples=60)
@given(at=st.integers(0, len(SNAPSHOT) - 1), flip=st.integers(1, 255))
def test_a_changed_byte_changes_no_answer_but_to_none(at: int, flip: int) -> None:
    spoiled = bytearray(SNAPSHOT)
    spoiled[at] ^= flip
    for person in PEOPLE:
        assert find_in_snapshot(bytes(spoiled), person.number, person.name) in (person.entry, None)


@given(st.binary(max_size=300))
def test_no_bytes_are_a_snapshot_by_chance(data: bytes) -> None:
    assert find_in_snapshot(data, PEOPLE[0].number, PEOPLE[0].name) is None


@pytest.mark.parametrize("cut", [1, 100, 400])
def test_a_truncated_one_knows_nobody(cut: int) -> None:
    assert find_in_snapshot(SNAPSHOT[:-cut], PEOPLE[0].number, PEOPLE[0].name) is None


def test_more_people_than_a_bundle_holds_are_refused_before_any_is_sealed() -> None:
    too_many = [PEOPLE[0]] * (MAX_BUNDLE_BYTES // 300)
    with pytest.raises(ValueError, match=r"one snapshot holds \d+"):
        seal_snapshot(too_many)
