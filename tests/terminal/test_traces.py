"""The search that finds nothing of a citizen finds everything where something is."""

import base64
import json

import cv2
import numpy as np
import pytest

from kiosk.wire.record import encode_record
from tests.records import eligibility_case, person
from tests.terminal.memory_scan import PAGE_BYTES, Region, telling
from tests.terminal.traces import Needles, kept_picture, told_of


def _found(needles: Needles, content: bytes) -> set[str]:
    region = Region("anonymous", content)
    return {what for what, several in needles.items() if any(map(region.holds, several))}


@pytest.mark.parametrize("before", range(3))
@pytest.mark.parametrize(("encoding", "too_short"), [("utf-8", set[str]()), ("gb18030", {"name"})])
def test_a_person_is_found_in_base64_wherever_it_begins(encoding: str, too_short: set[str], before: int) -> None:
    """But for the six bytes of a name in GB 18030, which only chance would find at two of the three places."""
    citizen = person("overdue")
    said = f"{citizen.name.value}|{citizen.address}|{citizen.number.value}".encode(encoding)
    found = _found(told_of(citizen), base64.b64encode(bytes(before) + said))
    assert found | too_short == {"name", "address", "number"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030"])
def test_a_person_is_found_in_every_writing(encoding: str) -> None:
    citizen = person("overdue")
    said = f"{citizen.name.value}|{citizen.address}|{citizen.number.value}"
    assert _found(told_of(citizen), said.encode(encoding)) == {"name", "address", "number"}
    assert _found(told_of(citizen), json.dumps(said).encode()) == {"name", "address", "number"}


def test_a_record_shows_who_and_his_picture() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (120, 120, 3), np.uint8)
    crop = cv2.imencode(".jpg", noise)[1].tobytes()
    needles = told_of(person("due")) | kept_picture(crop)
    assert _found(needles, encode_record(eligibility_case("due", crop=crop))) == set(needles)
    assert _found(needles, encode_record(eligibility_case("due-2", crop=None))) == {"address"}, "all live there"
    assert _found(kept_picture(crop), crop) == {"kept picture"}


@pytest.mark.parametrize("at", [0, PAGE_BYTES - 3, 5 * PAGE_BYTES - 3, 9 * PAGE_BYTES, 10 * PAGE_BYTES - 6])
def test_what_tells_nothing_is_left_out_and_nothing_else(at: int) -> None:
    memory = bytearray(b"Z" * 5 * PAGE_BYTES + bytes(5 * PAGE_BYTES))
    memory[at : at + 6] = b"needle"
    kept = telling(bytes(memory))
    assert b"needle" in kept
    assert len(kept) <= 6 * PAGE_BYTES
    assert telling(bytes(memory[:100])) == memory[:100]
