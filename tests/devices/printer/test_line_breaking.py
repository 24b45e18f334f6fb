"""Line breaking: Chinese rules where they can be kept, the width always."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printer.glyphs import cells_of
from devices.printer.grid import GRID_58, GRID_80, Style
from devices.printer.line_breaking import NO_END, NO_START, Line, Measure, break_lines
from tests.kiosk.documents.specimens import specimens

LABEL = GRID_80.label


def lines(text: str, width: int, style: Style = LABEL, *, justify: bool = False) -> list[str]:
    return [words(line) for line in break_lines(cells_of(text, style), Measure(width, style.size, justify=justify))]


def words(line: Line) -> str:
    return "".join(cell.text for _, cell in line.cells)


@pytest.mark.parametrize(
    ("text", "ems", "expected"),
    [
        ("认证期限规则满期", 4, ["认证期限", "规则满期"]),
        ("一二三，四五六", 3, ["一二", "三，", "四五六"]),
        ("时间2026年11月20日前", 10, ["时间", "2026年11月20日前"]),
        ("甲乙丙丁戊己庚辛壬癸一", 10, ["甲乙丙丁戊己庚辛", "壬癸一"]),
        ("合计金额1,234.50元", 7, ["合计金额", "1,234.50元"]),
        ("请到政务服务中心办", 8, ["请到", "政务服务中心办"]),
    ],
)
def test_breaks(text: str, ems: int, expected: list[str]) -> None:
    assert lines(text, ems * LABEL.size) == expected


def test_number_breaks_only_after_a_hyphen() -> None:
    parts = lines("YL-20261120-0317-00042-L", 120)
    assert "".join(parts) == "YL-20261120-0317-00042-L"
    assert all(part.endswith("-") for part in parts[:-1])


def test_justified_lines_end_at_the_measure() -> None:
    cells = cells_of("本次认证结果已记入参保档案，无须再到窗口办理。", LABEL)
    first, last = break_lines(cells, Measure(512, LABEL.size, justify=True))
    assert first.width == 512
    assert last.width < 512


def test_our_texts_keep_every_rule() -> None:
    """No line of a specimen starts or ends with a mark that must not, no last line is an orphan."""
    checked = 0
    for paper in specimens().values():
        for text in (s for notes in paper.notes for s in notes.sentences):
            for grid in (GRID_80, GRID_58):
                width = grid.column - grid.label.size - 4
                set_lines = break_lines(cells_of(text, grid.label), Measure(width, grid.label.size, justify=True))
                for line in set_lines:
                    assert words(line)[0] not in NO_START
                    assert words(line)[-1] not in NO_END
                if len(set_lines) > 1:
                    assert set_lines[-1].width >= 2 * grid.label.size
                checked += len(set_lines)
    assert checked > 40


@given(st.text(max_size=80), st.integers(60, 544), st.booleans())
def test_every_line_fits_and_every_cell_is_set(text: str, width: int, justify: bool) -> None:
    cells = cells_of(text, LABEL)
    result = break_lines(cells, Measure(width, LABEL.size, justify=justify))
    for line in result:
        assert line.width <= width or len(line.cells) == 1
    assert "".join(words(line) for line in result).replace(" ", "") == "".join(c.text for c in cells if not c.is_space)
