"""The pages of slips and home visits."""

from datetime import datetime
from html import escape
from urllib.parse import urlencode

from fastapi import Response

from gateway.desk.errands import ENDINGS, ErrandKind, ErrandsView, ErrandView, WaitingErrand
from gateway.desk.frame import empty, facts, framed, notice, token_field, turning
from gateway.desk.history import history_card
from gateway.desk.queue_page import waited
from gateway.desk.sessions import Visitor
from gateway.desk.words import ENDS, ERRANDS, REFUSALS, SLIPS
from kiosk.domain.case import DeskReferral, HomeVisitRequest
from kiosk.domain.china_time import CHINA


def errands_page(
    visitor: Visitor, seen: ErrandsView, kind: ErrandKind, now: datetime, refused: str | None = None
) -> Response:
    """``refused`` is a stable word of ``words.REFUSALS``: 404."""
    told = "" if refused is None else notice("doubt", *REFUSALS[refused])
    tabs = "".join(_tab(each, count, each is kind) for each, count in seen.counts.items())
    shown = _table(seen, now) if seen.errands else empty(f"“{ERRANDS[kind]}”没有待办", "新的申请到了会排在这里。")
    body = f"""{told}<h1>上门与窗口</h1><div class="tabs">{tabs}</div>{shown}
{turning(f"errands?kind={kind.value}&page=", seen.page, seen.pages)}"""
    return framed(visitor, "上门与窗口", body, here="errands", status=200 if refused is None else 404)


def errand_page(visitor: Visitor, seen: ErrandView, refused: str | None = None) -> Response:
    """``refused``: 409."""
    told = "" if refused is None else notice("doubt", *REFUSALS[refused])
    if seen.how is not None:
        told += notice("good", f"已结束：{ENDS[seen.how]}", "内容已经删除，受理编号和经过保留。")
    receipt = escape(seen.errand.receipt)
    body = f"""{told}<p><a href="errands?kind={seen.kind.value}">返回</a></p>
<h1>{ERRANDS[seen.kind]} <small class="number">{receipt}</small></h1>
<div class="columns"><div><section class="card"><h2>申请内容</h2>{_content(seen)}
<p class="hint">每次查看都有记录；结束后内容删除。</p></section></div><div>
{"" if seen.how is not None else _ending(visitor, seen)}
{history_card(seen.errand.received_at, "终端送达", seen.history)}</div></div>"""
    return framed(visitor, ERRANDS[seen.kind], body, here="errands", status=200 if refused is None else 409)


def _content(seen: ErrandView) -> str:
    rows: tuple[tuple[str, str], ...]
    match seen.content:
        case HomeVisitRequest() as visit:
            document = visit.document
            rows = (
                ("姓名", document.name.value),
                ("号码", document.number.masked),
                ("地址", document.address),
                ("联系电话", visit.phone),
                ("希望日期", f"{visit.wished_on:%Y-%m-%d}"),
                ("申请时间", f"{visit.asked_at.astimezone(CHINA):%Y-%m-%d %H:%M}"),
            )
        case DeskReferral() as slip:
            rows = (
                ("事由", SLIPS[slip.reason.value]),
                ("姓名", "没有读到" if slip.name is None else slip.name.value),
                ("号码", slip.number.masked),
                ("开单时间", f"{slip.made_at.astimezone(CHINA):%Y-%m-%d %H:%M}"),
            )
        case None:
            gone = "内容已经删除。" if seen.how is not None else "本网关打不开这件申请，请联系系统管理员。"
            return f"<p>{gone}</p>"
    return facts(rows)


def _ending(visitor: Visitor, seen: ErrandView) -> str:
    options = "".join(f'<option value="{how}">{escape(ENDS[how])}</option>' for how in ENDINGS[seen.kind])
    return f"""<section class="card"><form method="post" action="errand-end" class="choice">{token_field(visitor)}
<input type="hidden" name="receipt" value="{escape(seen.errand.receipt)}">
<h2>办完了</h2><p>记下结果，内容随即删除。</p>
<div class="row"><select name="how" required aria-label="结果"><option value="">选择结果</option>{options}</select>
<button>结束</button></div></form></section>"""


def _table(seen: ErrandsView, now: datetime) -> str:
    rows = "\n".join(_row(errand, now) for errand in seen.errands)
    return f"""<table><thead><tr><th>申请时间</th><th>已等候</th><th>受理编号</th><th>事由</th><th>终端</th>
<th></th></tr></thead><tbody>
{rows}
</tbody></table>"""


def _row(errand: WaitingErrand, now: datetime) -> str:
    way = escape("errand?" + urlencode({"receipt": errand.receipt}))
    return f"""<tr><td class="number">{errand.received_at:%m-%d %H:%M}</td><td>{waited(errand.received_at, now)}</td>
<td class="number">{escape(errand.receipt)}</td><td>{escape(SLIPS.get(errand.reason, errand.reason))}</td>
<td class="number">{escape(errand.terminal)}</td><td><a class="open" href="{way}">办理</a></td></tr>"""


def _tab(kind: ErrandKind, count: int, current: bool) -> str:
    mark = ' aria-current="page"' if current else ""
    return f'<a href="errands?kind={kind.value}"{mark}>{ERRANDS[kind]}<b>{count}</b></a>'
