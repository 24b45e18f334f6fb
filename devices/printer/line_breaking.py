"""Chinese line breaking by least squares over a whole paragraph (GB/T 15834 punctuation, clreq).

Where a break hurts it costs, and the cheapest set of breaks wins: a line more than needed, a last line shorter than
2.5 em, a mark where it must not stand, a split term, a split date, in growing order. So every text fits every width.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from devices.printer.glyphs import Cell

NO_START = frozenset("，。、；：？！）》」』】〕”’…—％%,.;:?!)]}·")
NO_END = frozenset("（《「『【〔“‘￥№([{¥")
HALF_AT_END = frozenset("，。、；：）》」』】〕”’")
HALF_AT_START = frozenset("（《「『【〔“‘")
TIGHT = frozenset("年月日时分秒号个人份次元楼")

_TERMS = (
    "养老保险待遇",
    "资格认证",
    "资格确认",
    "基本养老保险",
    "企业职工",
    "城乡居民",
    "机关事业单位",
    "养老保险",
    "社会保险",
    "社会保障卡",
    "身份证",
    "居民身份证",
    "政务服务中心",
    "便民服务中心",
    "服务中心",
    "事业服务",
    "自助终端",
    "人脸比对",
    "工作人员",
    "工作日",
    "人工核对",
    "人工审核",
    "经办机构",
    "核验码",
    "二维码不含证件号码",
    "二维码",
    "证件号码",
    "编号",
    "窗口",
    "认证",
    "办理",
    "参保档案",
    "待遇发放",
    "不影响您已有的待遇",
    "已有的待遇",
    "短信",
    "电话",
    "可上门办理",
    "次月恢复并补发",
    "监督投诉",
    "办理凭证",
    "电子件",
    "字迹",
    "复印",
    "核对本单真伪",
    "查询审核进度",
    "需要工作人员核对",
    "养老金认证",
    "到期",
    "调出",
    "派出所",
    "换领",
    "更正",
    "领取待遇",
    "在其他险种",
    "审核期间",
    "需人工核对",
    "本人无须操作",
    "本人输入",
    "本次登记",
    "办理信息",
    "以查询结果为准",
    "任何自助机可补打",
    "您不用再跑",
    "可以帮您查",
    "代替",
    "完成",
    "影响",
    "版本",
    "出具",
    "拨打",
    "随时",
    "有效期",
    "重新填表",
    "继续办理",
    "综合服务区",
    "出具机构",
    "作废记录",
    "扫码核验",
    "排队号",
    "银行网点",
    "银行账户",
)
_UNBREAKABLE = re.compile(
    "|".join(
        (
            r"\d{4}年\d{1,2}月\d{1,2}日[前内止]?",
            r"\d{4}-\d{2}-\d{2}[前内止]?",
            r"(?:电话 )?\d{3,4}-\d{7,8}",
            r"\d{1,2}:\d{2}(?::\d{2})?(?:[—–~～-]\d{1,2}:\d{2})?[，；。]?",
            r"(?:最迟|满|第|共)?\d[\d,]*(?:\.\d+)?(?:个工作日|个月|工作日|个|号|楼|日|天|年|月|元|次|页|分钟|小时|秒|％|%)?(?:窗口|内|前)?",
            r"[一二三四五六七八九十]楼(?:大厅|[A-Z]区)?(?:[东南西北]侧?)?",
            r"（[^（）]{1,14}）",
            r"[!-~]+",
            *sorted(_TERMS, key=len, reverse=True),
        )
    )
)
_SOFT_AFTER = frozenset("-/.@_")

_GAP_EM = 0.1
_ORPHAN_EM = 2.5
_JUSTIFY_EM = 2.2
_BALANCED_EM = 3
_COST_ORPHAN = 5e6
_COST_LINE = 1e7
_COST_MARK = 1e9
_COST_HYPHEN = 1e10
_COST_UNIT = 1e12


@dataclass(frozen=True, slots=True)
class Line:
    """Cells with their left edges in dots from the line's start; ``width`` is the ink's advance."""

    cells: tuple[tuple[int, Cell], ...]
    width: int


@dataclass(frozen=True, slots=True)
class Measure:
    """How a paragraph is set: into ``width`` dots, its first line shorter by ``indent``, the lines even (``balanced``,
    for centred text and statements) or justified."""

    width: int
    em: int
    balanced: bool = False
    justify: bool = False
    indent: int = 0


def break_lines(cells: Sequence[Cell], measure: Measure) -> tuple[Line, ...]:
    """Lines none of which is wider than the measure (a single cell wider than it keeps a line of its own)."""
    if not cells:
        return ()
    lines = [_set(cells[start:end]) for start, end in pairwise(_best_breaks(cells, measure))]
    if measure.justify:
        room = [measure.width - (measure.indent if index == 0 else 0) for index in range(len(lines) - 1)]
        lines[:-1] = [_justified(line, width, measure.em) for line, width in zip(lines, room, strict=False)]
    return tuple(lines)


def _best_breaks(cells: Sequence[Cell], measure: Measure) -> list[int]:
    """Text that fits one line is one line: a second costs more than any slack."""
    count = len(cells)
    widest = sum(cell.advance for cell in cells) + (count - 1) * round(_GAP_EM * measure.em)
    if widest + measure.indent <= measure.width:
        return [0, count]
    starts, ends = _edges(cells)
    if ends[count] - starts[0] + measure.indent <= measure.width:
        return [0, count]
    cost = _break_costs(cells, measure)
    allowed = [place for place in range(count + 1) if cost[place] < _COST_MARK]
    edges = (starts, ends)
    return _cheapest(allowed, cost, edges, measure) or _cheapest(range(count + 1), cost, edges, measure)


def _cheapest(
    places: Sequence[int], break_cost: list[float], edges: tuple[list[int], list[int]], measure: Measure
) -> list[int]:
    """The breaks of least cost among ``places``, which begin with 0 and end with the paragraph's end; empty when lines
    between them would be too wide. A break where none is allowed costs more than all others together."""
    starts, ends = edges
    count = places[-1]
    best = {0: 0.0}
    previous: dict[int, int] = {}
    limit = measure.width + 2 * measure.em
    for index, end in enumerate(places[1:], start=1):
        right, even, least = ends[end], measure.balanced or end < count, float("inf")
        for start in places[index - 1 :: -1]:
            width = right - starts[start] + (0 if start else measure.indent)
            if width > measure.width and end - start > 1:
                if width > limit:
                    break
                continue
            if start not in best:
                continue
            cost = best[start]
            if even:
                cost += (measure.width - min(max(0, width), measure.width)) ** 2
            elif start and width < _ORPHAN_EM * measure.em:
                cost += _COST_ORPHAN
            if cost < least:
                least, previous[end] = cost, start
        if end in previous:
            best[end] = least + break_cost[end] + _COST_LINE
    if count not in best:
        return []
    breaks = [count]
    while breaks[-1]:
        breaks.append(previous[breaks[-1]])
    return breaks[::-1]


def _edges(cells: Sequence[Cell]) -> tuple[list[int], list[int]]:
    """Of a line that starts at a cell, or ends before it, its left and right edge in dots from the paragraph's start,
    without the spaces there: the line's width is their difference, unless it is nothing but spaces."""
    lefts = list(accumulate(_steps(cells), initial=0))
    count = len(cells)
    starts, ends = [lefts[-1]] * (count + 1), [0] * (count + 1)
    for index in range(count - 1, -1, -1):
        cell = cells[index]
        starts[index] = starts[index + 1] if cell.is_space else lefts[index] + _hang(cell)
    for index, cell in enumerate(cells):
        ends[index + 1] = ends[index] if cell.is_space else lefts[index] + _closing_advance(cell)
    return starts, ends


def _break_costs(cells: Sequence[Cell], measure: Measure) -> list[float]:
    """What a break before each cell costs; index ``len(cells)`` is the paragraph's end and free.

    Balanced text likes to break after a mark: elsewhere it costs as much as three em of slack.
    """
    texts = [cell.text if len(cell.text) == 1 else "　" for cell in cells]
    cost = [0.0] * (len(cells) + 1)
    for unit in _UNBREAKABLE.finditer("".join(texts)):
        for index in range(unit.start() + 1, unit.end()):
            cost[index] = _COST_HYPHEN if texts[index - 1] in _SOFT_AFTER else _COST_UNIT
    for index in range(1, len(cells)):
        if texts[index] in NO_START or texts[index - 1] in NO_END:
            cost[index] += _COST_MARK
        if cells[index].is_space:
            cost[index] = _COST_MARK
        if measure.balanced and texts[index - 1] not in HALF_AT_END:
            cost[index] += (_BALANCED_EM * measure.em) ** 2
    return cost


def _steps(cells: Sequence[Cell]) -> list[int]:
    """From each cell's left edge to the next one's inside a line: a mark before a mark is half, Han and Latin part."""
    steps = []
    for left, right in pairwise(cells):
        half = left.advance // 2 if _is_full(left, HALF_AT_END) and _is_mark(right) else 0
        steps.append(left.advance - half + _gap(left, right))
    return steps


def _set(cells: Sequence[Cell]) -> Line:
    cells = _trimmed(cells)
    if not cells:
        return Line((), 0)
    lefts = list(accumulate(_steps(cells), initial=-_hang(cells[0])))
    return Line(tuple(zip(lefts, cells, strict=True)), lefts[-1] + _closing_advance(cells[-1]))


def _hang(first: Cell) -> int:
    """How far a line's first cell reaches left of its start: the empty half of an opening mark."""
    return first.advance // 2 if _is_full(first, HALF_AT_START) else 0


def _closing_advance(last: Cell) -> int:
    return last.advance - (last.advance // 2 if _is_full(last, HALF_AT_END) else 0)


def _trimmed(cells: Sequence[Cell]) -> Sequence[Cell]:
    start, end = 0, len(cells)
    while start < end and cells[start].is_space:
        start += 1
    while end > start and cells[end - 1].is_space:
        end -= 1
    return cells[start:end]


def _is_full(cell: Cell, marks: frozenset[str]) -> bool:
    return cell.text in marks and cell.advance >= cell.size


def _is_mark(cell: Cell) -> bool:
    return cell.text in HALF_AT_END or cell.text in HALF_AT_START


def _gap(left: Cell, right: Cell) -> int:
    """A tenth of an em between Han and Latin below 36 dots, but none beside units of date and count."""
    if left.size >= 36 or left.text in TIGHT or right.text in TIGHT:
        return 0
    borders = (left.is_han and right.is_latin) or (left.is_latin and right.is_han)
    if not borders or _is_punctuation(left) or _is_punctuation(right):
        return 0
    return round(_GAP_EM * left.size)


def _is_punctuation(cell: Cell) -> bool:
    return cell.text in NO_START or cell.text in NO_END


def _justified(line: Line, width: int, em: int) -> Line:
    slack = width - line.width
    joints = [
        index for index in range(1, len(line.cells)) if _stretches(line.cells[index - 1][1], line.cells[index][1])
    ]
    if not joints or not 0 < slack < _JUSTIFY_EM * em:
        return line
    share, rest = divmod(slack, len(joints))
    extra = dict.fromkeys(joints, share)
    extra.update(dict.fromkeys(joints[:rest], share + 1))
    moved, placed = 0, []
    for index, (x, cell) in enumerate(line.cells):
        moved += extra.get(index, 0)
        placed.append((x + moved, cell))
    return Line(tuple(placed), width)


def _stretches(left: Cell, right: Cell) -> bool:
    return (left.is_han or right.is_han) and right.text not in NO_START and left.text not in NO_END
