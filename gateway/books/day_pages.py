"""The pages of a day's accounts: every terminal in one line, and one terminal with each number that is not equal."""

from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gateway.chain import ChainGaps, chain_of
from gateway.database import reading
from gateway.day_summaries import has_numbers_of, reconciled_day, terminals_of
from gateway.desk.door import DeskDoor
from gateway.desk.frame import facts, framed, notice
from gateway.desk.sessions import Visitor
from gateway.desk.tables import Role
from gateway.desk.words import OUTCOMES
from gateway.reconciliation import Discrepancy, Named, Reconciled
from kiosk.domain.china_time import CHINA
from kiosk.ports.clock import Clock
from kiosk.wire.record import CASE_KIND, PROOF_KIND, RATING_KIND, REFERRAL_KIND, VISIT_KIND, VOID_KIND

_HERE = "days"
_FIRST_DAY, _BEYOND = date(2000, 1, 1), date(2200, 1, 1)
"""A day that is asked for; one further still has a day before and after it."""

_KINDS = {
    CASE_KIND: "办件",
    PROOF_KIND: "认证证明",
    RATING_KIND: "评价",
    REFERRAL_KIND: "窗口办理单",
    VISIT_KIND: "上门预约",
    VOID_KIND: "作废",
    "": "凭证",
}
_NAMED = {
    Discrepancy.MISSING_HERE: ("大厅缺少", "终端已送达，大厅没有。请保留终端数据，联系运维。"),
    Discrepancy.MISSING_THERE: ("终端缺少", "大厅有记录，终端账上没有。请联系运维。"),
    Discrepancy.OTHER_OUTCOME: ("结果不一致", "终端得到的结果与大厅不同。"),
    Discrepancy.NOT_TAKEN: ("未被收下", "终端多次送达未被收下，请运维在终端上查看。"),
    Discrepancy.PRINTED_WITHOUT_RECORD: ("有凭证无记录", "打印了凭证，两边都没有它的记录。"),
    Discrepancy.DOUBT_NOT_VOID: ("凭证存疑未作废", "不能确定是否打印完整，编号还没有作废。"),
    Discrepancy.ON_ITS_WAY: ("等待送达", "终端联网后自动送达，不用处理。"),
    Discrepancy.NO_PAPER: ("没有凭证", "没有打印出来，结果有效，可以补打。"),
}


_COLUMNS = ("终端", "取号", "受理", "送达", "决定", "打印", "作废", "对账结果", "")
_HEADS = "".join(f"<th>{name}</th>" for name in _COLUMNS)
_ALL_EQUAL = """<section class="card empty"><h2>没有差异</h2>
<p class="hint">受理、送达、决定、打印、作废都一致。</p></section>"""


@dataclass(frozen=True, slots=True)
class _Line:
    terminal: str
    found: Reconciled | None
    """None: the terminal's own account has not come."""


def router(door: DeskDoor, engine: Engine, clock: Clock) -> APIRouter:
    """``/desk/days?day=YYYY-MM-DD`` and ``/desk/day?day=...&terminal=...``; without a day it is yesterday."""
    routes = APIRouter()
    asked = Annotated[date | None, Query(ge=_FIRST_DAY, lt=_BEYOND)]
    unlocked = reading(engine)

    def yesterday() -> date:
        return clock.now().astimezone(CHINA).date() - timedelta(days=1)

    @routes.get("/desk/days")
    def days(request: Request, day: asked = None) -> Response:
        visitor = door.admit(request, Role.SUPERVISOR, Role.TECHNICIAN)
        if isinstance(visitor, Response):
            return visitor
        day = day or yesterday()
        with Session(unlocked) as session, session.begin():
            lines = [_Line(each, reconciled_day(session, each, day)) for each in terminals_of(session, day)]
            shown = [each for each in lines if each.found is not None or has_numbers_of(session, each.terminal, day)]
        return _days_page(visitor, day, shown, day < yesterday())

    @routes.get("/desk/day")
    def one(request: Request, terminal: Annotated[str, Query(max_length=8)], day: asked = None) -> Response:
        visitor = door.admit(request, Role.SUPERVISOR, Role.TECHNICIAN)
        if isinstance(visitor, Response):
            return visitor
        day = day or yesterday()
        with Session(unlocked) as session, session.begin():
            found = reconciled_day(session, terminal, day)
            chain = chain_of(session, terminal, clock.now())
        return _missing_page(visitor, terminal, day) if found is None else _day_page(visitor, found, chain)

    return routes


def _days_page(visitor: Visitor, day: date, lines: list[_Line], later: bool) -> Response:
    unequal = sum(each.found is None or not each.found.equal for each in lines)
    if not lines:
        told = notice("plain", "这一天没有终端的账", "终端在次日零时三十分后报送前一天的账。")
    elif unequal:
        told = notice("doubt", f"{unequal} 台终端对不上", "请逐台打开，每个有差异的编号都列在里面。")
    else:
        told = notice("good", f"{len(lines)} 台终端全部对平", "受理、送达、决定、打印、作废，两边一致。")
    table = _days_table(lines) if lines else ""
    body = f"<h1>{day:%Y年%m月%d日} 对账</h1>{told}{_turning(day, later)}{table}"
    return framed(visitor, "终端对账", body, here=_HERE)


def _days_table(lines: list[_Line]) -> str:
    rows = "\n".join(_days_row(each) for each in lines)
    return f"""<table><thead><tr>{_HEADS}</tr></thead><tbody>
{rows}
</tbody></table>"""


def _days_row(line: _Line) -> str:
    found = line.found
    if found is None:
        told = (
            '<td colspan="6" class="hint">终端的账还没有到</td><td><span class="tag soon">未报送</span></td><td></td>'
        )
        return f'<tr><td class="number">{escape(line.terminal)}</td>{told}</tr>'
    figures = (
        found.issued,
        found.there.accepted,
        found.sent,
        found.there.decided,
        found.printed,
        found.there.voided,
    )
    cells = "".join(f'<td class="number">{figure}</td>' for figure in figures)
    way = f"day?day={found.day:%Y-%m-%d}&amp;terminal={escape(found.terminal)}"
    return f"""<tr><td class="number">{escape(found.terminal)}</td>{cells}<td>{_verdict(found)}</td>
<td><a class="open" href="{way}">查看</a></td></tr>"""


def _verdict(found: Reconciled) -> str:
    unclear = sum(each.discrepancy.to_be_cleared for each in found.named)
    if unclear:
        return f'<span class="tag soon">{unclear} 处不一致</span>'
    noted = f' <span class="tag">{len(found.named)} 处说明</span>' if found.named else ""
    return f'<span class="tag good">一致</span>{noted}'


def _day_page(visitor: Visitor, found: Reconciled, chain: ChainGaps) -> Response:
    if found.equal:
        told = notice("good", "两边一致", "每个编号都对得上。")
    else:
        unclear = sum(each.discrepancy.to_be_cleared for each in found.named)
        told = notice("doubt", f"{unclear} 处不一致", "下面按编号列出，处理后这里自动更新。")
    there, here = found.there, found.here
    rows = "".join(
        f'<tr><td>{name}</td><td class="number">{left}</td><td class="number">{right}</td></tr>'
        for name, left, right in (
            ("受理", there.accepted, here.accepted),
            ("其中已有结果", there.decided, here.decided),
            ("评价", there.rated, here.rated),
            ("作废", there.voided, here.voided),
        )
    )
    body = f"""<p><a href="days?day={found.day:%Y-%m-%d}">返回 {found.day:%Y年%m月%d日} 全部终端</a></p>
<h1>终端 {escape(found.terminal)}，{found.day:%Y年%m月%d日}</h1>{told}
<div class="columns"><div>{_named_table(found.named)}</div>
<div><section class="card"><h2>两边的数</h2><table><thead><tr><th></th><th>终端</th><th>大厅</th></tr></thead>
<tbody>{rows}</tbody></table></section>
<section class="card"><h2>终端自己的数</h2>{facts(_own_figures(found))}</section>
<section class="card"><h2>记录链（近三个月）</h2>{facts(_chain_figures(chain))}</section></div></div>"""
    return framed(visitor, "终端对账", body, here=_HERE)


def _chain_figures(chain: ChainGaps) -> tuple[tuple[str, str], ...]:
    if chain.whole:
        return (("首尾相接", "完整"),)
    return (
        ("应有而未到", f"{chain.missing} 条"),
        ("分叉", f"{chain.forked} 处"),
        ("重新开始", f"{chain.begun_anew} 次"),
    )


def _own_figures(found: Reconciled) -> tuple[tuple[str, str], ...]:
    made_at = found.made_at.astimezone(CHINA)
    return (
        ("取号", str(found.issued)),
        ("已送达", str(found.sent)),
        ("已打印", str(found.printed)),
        ("报送时间", f"{made_at:%m-%d %H:%M}"),
    )


def _named_table(named: tuple[Named, ...]) -> str:
    if not named:
        return _ALL_EQUAL
    rows = "\n".join(_named_row(each) for each in named)
    return f"""<table><thead><tr><th>编号</th><th>类别</th><th>差异</th></tr></thead><tbody>
{rows}
</tbody></table>"""


def _named_row(each: Named) -> str:
    name, advice = _NAMED[each.discrepancy]
    if each.there is not None and each.here is not None:
        advice = f"终端：{OUTCOMES[each.there]}；大厅：{OUTCOMES[each.here]}。"
    kind = escape(_KINDS.get(each.kind, each.kind))
    tag = "tag soon" if each.discrepancy.to_be_cleared else "tag"
    return f"""<tr><td class="number">{escape(each.receipt)}</td><td class="number">{kind}</td>
<td><span class="{tag}">{name}</span><br><small>{advice}</small></td></tr>"""


def _missing_page(visitor: Visitor, terminal: str, day: date) -> Response:
    told = notice("plain", "终端的账还没有到", "终端联网后自动报送。")
    body = f'<p><a href="days?day={day:%Y-%m-%d}">返回全部终端</a></p><h1>终端 {escape(terminal)}</h1>{told}'
    return framed(visitor, "终端对账", body, here=_HERE, status=404)


def _turning(day: date, later: bool) -> str:
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    next_day = f'<a class="way" href="days?day={after:%Y-%m-%d}">后一天</a>' if later else ""
    return f'<div class="pages"><a class="way" href="days?day={before:%Y-%m-%d}">前一天</a>{next_day}</div>'
