"""Line breaking: Chinese rules where they can be kept, the width always."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printer.glyphs import cells_of
from devices.printer.grid import GRID_58, GRID_80, Grid, Style
from devices.printer.line_breaking import NO_END, NO_START, Line, Measure, break_lines
from kiosk.domain.paper import Body, Caution, Checklist, Paper
from tests.kiosk.documents import reading
from tests.kiosk.documents.document_specimens import every_paper

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
        ("经办机构，电话 0000-88880317。", 10, ["经办机构，", "电话 0000-88880317。"]),
        ("审核期间不影响您已有的待遇", 10, ["审核期间", "不影响您已有的待遇"]),
    ],
)
def test_breaks(text: str, ems: int, expected: list[str]) -> None:
    assert lines(text, ems * LABEL.size) == expected


def test_balanced_text_rather_breaks_after_a_mark_than_into_even_lines() -> None:
    cells = cells_of("甲乙丙丁戊己庚辛，壬癸子丑寅卯辰巳午未申", LABEL)
    set_lines = break_lines(cells, Measure(14 * LABEL.size, LABEL.size, balanced=True))
    assert [words(line) for line in set_lines] == ["甲乙丙丁戊己庚辛，", "壬癸子丑寅卯辰巳午未申"]


def test_number_breaks_only_after_a_hyphen() -> None:
    parts = lines("YL-20261120-0317-00042-L", 120)
    assert "".join(parts) == "YL-20261120-0317-00042-L"
    assert all(part.endswith("-") for part in parts[:-1])


def test_justified_lines_end_at_the_measure() -> None:
    cells = cells_of("本次认证结果已记入参保档案，无须再到窗口办理。", LABEL)
    first, last = break_lines(cells, Measure(512, LABEL.size, justify=True))
    assert first.width == 512
    assert last.width < 512


@pytest.mark.parametrize("grid", [GRID_80, GRID_58], ids=["80", "58"])
@pytest.mark.parametrize("paper", every_paper().values(), ids=every_paper().keys())
def test_our_texts_keep_every_rule(paper: Paper, grid: Grid) -> None:
    """No line of a paper starts or ends with a mark that must not, no last line is an orphan."""
    for text, style, measure in set_texts(paper, grid):
        set_lines = break_lines(cells_of(text, style), measure)
        for line in set_lines:
            assert words(line)[0] not in NO_START
            assert words(line)[-1] not in NO_END
        if len(set_lines) > 1:
            assert set_lines[-1].width >= 2.5 * style.size


def set_texts(paper: Paper, grid: Grid) -> Iterator[tuple[str, Style, Measure]]:
    """Every text of more than a word, as layout sets it; days apart, which the narrow roll writes in another form."""
    note, small, statement = grid.label, grid.small, grid.value.bold()
    for notes in reading.notes(paper):
        for sentence in notes.sentences:
            indent = note.size + 4 if len(notes.sentences) > 1 else 0
            yield sentence, note, Measure(grid.column - indent, note.size, justify=True)
    for line in paper.footer:
        yield line, small, Measure(grid.column, small.size, justify=True)
    yield reading.statement(paper) or "", statement, Measure(grid.column, statement.size, balanced=True)
    yield paper.verification_text, small, Measure(grid.column, small.size, balanced=True)
    for body in paper.every(Body):
        yield body.text, grid.value, Measure(grid.column, grid.value.size, justify=True, indent=2 * grid.value.size)
    for caution in paper.every(Caution):
        yield caution.text, statement, Measure(grid.column - 20, statement.size, justify=True)
    for item in (item for checklist in paper.every(Checklist) for item in checklist.items):
        yield item.source, note, Measure(grid.column - 38, note.size, justify=True)
    values = grid.column - grid.label_width - grid.label_gap
    for group in reading.groups(paper):
        for field in (field for field in group if "年" not in field.value):
            yield field.value, grid.value, Measure(values, grid.value.size)


def test_an_indented_paragraph_has_a_shorter_first_line() -> None:
    cells = cells_of("经查询，上述人员截至今日在本地参加社会保险情况如下", LABEL)
    first, *others = break_lines(cells, Measure(240, LABEL.size, justify=True, indent=48))
    assert first.width <= 192
    assert max(line.width for line in others) == 240


HAN_AND_MARKS = st.text(st.sampled_from("甲乙丙丁戊己庚辛，。、；：？！）》」』”（《「『“"), max_size=60)


@given(HAN_AND_MARKS, st.integers(8 * 24, 544), st.booleans(), st.sampled_from([0, 48]))
def test_no_line_starts_or_ends_with_a_mark_that_must_not_where_one_can_do_otherwise(
    text: str, width: int, justify: bool, indent: int
) -> None:
    """A break before a closing mark or after an opening one is only taken between marks alone."""
    set_lines = break_lines(cells_of(text, LABEL), Measure(width, LABEL.size, justify=justify, indent=indent))
    for line, following in pairwise(words(line) for line in set_lines):
        if following[0] in NO_START or line[-1] in NO_END:
            assert not any(may_break(line, index) for index in range(max(1, len(line) - 2), len(line)))


def may_break(line: str, index: int) -> bool:
    return line[index] not in NO_START and line[index - 1] not in NO_END


@given(st.text(max_size=80), st.integers(60, 544), st.booleans())
def test_every_line_fits_and_every_cell_is_set(text: str, width: int, justify: bool) -> None:
    cells = cells_of(text, LABEL)
    result = break_lines(cells, Measure(width, LABEL.size, justify=justify))
    for line in result:
        assert line.width <= width or len(line.cells) == 1
    assert "".join(words(line) for line in result).replace(" ", "") == "".join(c.text for c in cells if not c.is_space)
