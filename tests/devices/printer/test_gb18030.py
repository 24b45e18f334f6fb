"""Text in the printer's own font: what has a code, and the bytes of a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printer.escpos.gb18030 import Coverage, PlacedText, cell_width, code_of, text_line

KNOWN = st.lists(st.characters(codec="gb2312"), min_size=1, max_size=24).map(
    lambda characters: "".join(one for one in characters if code_of(one, Coverage.GB2312))
)


@pytest.mark.parametrize(
    ("character", "coverages"),
    [
        ("A", "GB2312 GBK GB18030-2005"),
        ("社", "GB2312 GBK GB18030-2005"),
        ("·", "GB2312 GBK GB18030-2005"),
        ("—", "GB2312 GBK GB18030-2005"),
        ("：", "GB2312 GBK GB18030-2005"),
        ("￥", "GB2312 GBK GB18030-2005"),
        ("①", "GB2312 GBK GB18030-2005"),
        ("镕", "GBK GB18030-2005"),
        ("䶮", "GB18030-2005"),
        ("€", "GB18030-2005"),
        ("𬭚", ""),
        ("㐂", ""),
        ("\ue000", ""),
        ("\ue815", ""),
        ("\ud800", ""),
        ("\x7f", ""),
    ],
)
def test_what_a_font_has(character: str, coverages: str) -> None:
    assert [level.value for level in Coverage if code_of(character, level)] == coverages.split()


@given(st.characters(), st.sampled_from(Coverage))
def test_a_code_is_the_character_itself_or_there_is_none(character: str, coverage: Coverage) -> None:
    code = code_of(character, coverage)
    if code is not None:
        assert code.decode("gb18030") == character
        assert len(code) * 12 == cell_width(character)


def test_levels_hold_one_another() -> None:
    han = [chr(code) for code in range(0x4E00, 0x9FA6)]
    counts = [sum(code_of(one, level) is not None for one in han) for level in Coverage]
    assert counts == [6763, 20902, 20902]


def test_bytes_of_a_line() -> None:
    line = text_line((PlacedText(16, "社保"), PlacedText(300, "2009-07")), Coverage.GB2312)
    assert line == (
        b"\x1bt\x00\x1bR\x00\x1d!\x00\x1b \x00\x1cS\x00\x00\x1c&"
        b"\x1b$\x10\x00\xc9\xe7\xb1\xa3\x1b$\x2c\x012009-07\x1c.\x1bJ\x18"
    )


@given(KNOWN, st.integers(0, 575))
def test_no_line_holds_a_real_time_pair(text: str, x: int) -> None:
    line = text_line((PlacedText(x, text),), Coverage.GB2312)
    assert not any(pair in line for pair in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))
