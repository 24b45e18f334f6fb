"""The page of what waits: queues as tabs, the oldest case first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from urllib.parse import urlencode

from fastapi import Response

from gateway.desk.frame import empty, framed, notice, turning
from gateway.desk.sessions import Visitor
from gateway.desk.waiting import Queue, WaitingCase
from gateway.desk.words import BASES, QUEUES, REFUSALS

_SOON_DAYS = 3


def queue_page(
    visitor: Visitor,
    counts: Mapping[Queue, int],
    queue: Queue,
    cases: Sequence[WaitingCase],
    page: int,
    pages: int,
    now: datetime,
    unknown: str | None = None,
) -> Response:
    """``page`` counts from 1; ``unknown`` is a receipt number that was looked for in vain."""
    told = "" if unknown is None else notice("doubt", *REFUSALS["unknown"])
    shown = empty(f"“{QUEUES[queue]}”没有待办", "新的办件到了会排在这里，先到的在前。")
    if cases:
        shown = _table(cases, now) + turning(f"cases?queue={queue.value}&page=", page, pages)
    body = f"""{told}<h1>待办审核</h1>
<form method="get" action="find" class="find"><input name="receipt" maxlength="40" required aria-label="受理编号"
placeholder="输入受理编号，直接打开办件" value="{escape(unknown or "")}"><button class="second">打开</button></form>
<div class="tabs">{"".join(_tab(each, count, each is queue) for each, count in counts.items())}</div>
{shown}"""
    return framed(visitor, "待办审核", body, here="cases", status=200 if unknown is None else 404)


def days_left(case: WaitingCase, now: datetime) -> str:
    """When the picture must be gone, as HTML."""
    if not case.pictured:
        return '<span class="hint">没有照片</span>'
    if case.keep_until is None:
        return '<span class="tag">办结时删除</span>'
    days = (case.keep_until - now).days
    kind = " soon" if days < _SOON_DAYS else ""
    return f'<span class="tag{kind}">{f"还剩 {days} 天" if days > 0 else "今天到期"}</span>'


def waited(since: datetime, now: datetime) -> str:
    days = (now.date() - since.date()).days
    return "今天" if days <= 0 else f"{days} 天"


def _table(cases: Sequence[WaitingCase], now: datetime) -> str:
    rows = "\n".join(_row(case, now) for case in cases)
    return f"""<table><thead><tr><th>受理时间</th><th>已等候</th><th>受理编号</th><th>转人工的原因</th><th>终端</th>
<th>照片保留</th><th></th></tr></thead><tbody>
{rows}
</tbody></table>"""


def _row(case: WaitingCase, now: datetime) -> str:
    offline = ' <span class="tag blue">离线受理</span>' if case.offline else ""
    way = escape("case?" + urlencode({"receipt": case.receipt}))
    return f"""<tr><td class="number">{case.received_at:%m-%d %H:%M}</td><td>{waited(case.received_at, now)}</td>
<td class="number">{escape(case.receipt)}</td><td>{escape(BASES.get(case.basis, case.basis))}{offline}</td>
<td class="number">{escape(case.terminal)}</td><td>{days_left(case, now)}</td>
<td><a class="open" href="{way}">办理</a></td></tr>"""


def _tab(queue: Queue, count: int, current: bool) -> str:
    mark = ' aria-current="page"' if current else ""
    return f'<a href="cases?queue={queue.value}"{mark}>{QUEUES[queue]}<b>{count}</b></a>'
