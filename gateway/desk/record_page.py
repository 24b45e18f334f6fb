"""The page of the desk's record: the latest act first, and whether the chain is whole."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from fastapi import Response

from gateway.desk.frame import framed, notice, turning
from gateway.desk.sessions import Visitor
from gateway.desk.tables import DeskEntry
from gateway.desk.trail import ChainBroken, ChainWhole
from gateway.desk.words import ACTS, REASONS


def record_page(
    visitor: Visitor, entries: Sequence[DeskEntry], chain: ChainWhole | ChainBroken | None, page: int, pages: int
) -> Response:
    """``page`` counts from 1; ``chain`` None: it was not checked."""
    if chain is None:
        told = '<p><a class="way" href="record?check=1">逐条核对记录</a></p>'
    elif isinstance(chain, ChainWhole):
        told = notice("good", "记录完整", f"共 {chain.entries} 条，逐条核对无改动。")
    else:
        told = notice("doubt", f"第 {chain.entry} 条起对不上", "记录被改动或缺失。请保留数据库，通知系统管理员。")
    rows = "\n".join(_row(entry) for entry in entries)
    body = f"""<h1>操作记录</h1>{told}
<table><thead><tr><th>序号</th><th>时间</th><th>工号</th><th>操作</th><th>受理编号</th><th>说明</th><th>校验码</th></tr></thead>
<tbody>
{rows}
</tbody></table>
{turning("record?page=", page, pages, ("较新", "较早"))}"""
    return framed(visitor, "操作记录", body, here="record")


def _row(entry: DeskEntry) -> str:
    who = escape(entry.staff) or '<span class="hint">没有这个工号</span>'
    what, why = escape(ACTS.get(entry.act, entry.act)), escape(REASONS.get(entry.detail, entry.detail))
    return f"""<tr><td class="number">{entry.id}</td>
<td class="number">{datetime.fromisoformat(entry.at):%Y-%m-%d %H:%M:%S}</td><td>{who}</td><td>{what}</td>
<td class="number">{escape(entry.receipt)}</td><td>{why}</td><td class="number hint">{entry.digest[:8]}</td></tr>"""
