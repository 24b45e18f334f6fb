"""The simulator's encoder against the protocol reference's whole blocks."""

import itertools
from typing import Any

import pytest

from simulators.card_reader.card import LAYOUTS, address_record, text_block
from simulators.card_reader.frames import Answer
from tests.devices.id_card import specimens


@pytest.mark.parametrize(
    ("fields", "block", "frame_check"),
    [
        (specimens.RESIDENT, specimens.RESIDENT_TEXT, 0x63),
        (specimens.PERMIT, specimens.PERMIT_TEXT, 0xA1),
        (specimens.FOREIGN, specimens.FOREIGN_TEXT, 0x4C),
    ],
)
def test_reference_blocks(fields: dict[str, Any], block: bytes, frame_check: int) -> None:
    fields = dict(fields)
    assert text_block(fields.pop("kind", " "), fields) == block
    frame = Answer(0x90, bytes.fromhex("01000400") + block + specimens.PHOTO).frame
    assert (len(frame), frame[-1]) == (1295, frame_check)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_fields_do_not_overlap_each_other_or_the_type(layout: tuple[tuple[int, int, str], ...]) -> None:
    taken = sorted([(offset, offset + width) for offset, width, _ in layout] + [(248, 250)])
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(taken))
    assert taken[-1][1] <= 256


def test_a_name_is_cut_to_whole_characters() -> None:
    block = text_block(" ", {"name": "张" * 14 + "\U00020bb7"})
    assert block[:30].decode("utf-16-le") == "张" * 14 + " "


def test_appended_address_of_the_reference() -> None:
    record = address_record("江西省赣州市南康区测试街道2号")
    frame = Answer(0x90, record).frame
    assert frame.hex().upper().startswith("AAAAAA9669004A0000905F6C7F890177638DDE5D025E5753B75E3A53")
    assert (len(frame), frame[-1]) == (81, 0x2E)
