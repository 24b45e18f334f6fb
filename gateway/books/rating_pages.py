"""The page of the ratings' upload: each day, its file, and whether the pool has it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from gateway.books.ratings import MOST_A_DAY, RatingDay, RatingUploads
from gateway.desk.door import DeskDoor, Form
from gateway.desk.frame import framed, notice, token_field
from gateway.desk.sessions import Visitor
from gateway.desk.tables import Role
from kiosk.domain.china_time import CHINA
from kiosk.ports.clock import Clock

SHOWN_DAYS = 31
_HERE = "ratings"
_HEADS = "".join(f"<th>{name}</th>" for name in ("日期", "评价", "其中差评", "等待办件", "已上报", ""))
_NOT_SET_UP = notice("plain", "还没有设置上报代码", "请系统管理员设置部门、大厅和事项的代码，之后才能生成上报文件。")


def router(door: DeskDoor, uploads: RatingUploads, clock: Clock) -> APIRouter:
    """``/desk/ratings``, ``/desk/ratings-file?day=...&last=...`` and the form that marks the same ones as uploaded: a
    rating that is numbered after the page was made is in neither."""
    routes = APIRouter()

    @routes.get("/desk/ratings")
    def shown(request: Request) -> Response:
        visitor = door.admit(request, Role.SUPERVISOR)
        if isinstance(visitor, Response):
            return visitor
        days = uploads.days(clock.now().astimezone(CHINA).date(), SHOWN_DAYS)
        return _page(visitor, days, uploads.set_up)

    @routes.get("/desk/ratings-file")
    def file(
        request: Request, day: Annotated[date, Query()], last: Annotated[int, Query(ge=0, le=MOST_A_DAY)] = MOST_A_DAY
    ) -> Response:
        visitor = door.admit(request, Role.SUPERVISOR)
        if isinstance(visitor, Response):
            return visitor
        content = uploads.file(day, visitor.staff, last)
        if content is None:
            return framed(visitor, "评价上报", f"<h1>评价上报</h1>{_NOT_SET_UP}", here=_HERE, status=409)
        name = f'attachment; filename="ratings-{day:%Y%m%d}.jsonl"'
        headers = {"Content-Disposition": name, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return Response(content, 200, headers, "application/jsonl")

    @routes.post("/desk/ratings")
    def uploaded(request: Request, form: Form) -> Response:
        visitor = door.admit_form(request, form, Role.SUPERVISOR)
        if isinstance(visitor, Response):
            return visitor
        try:
            last = min(int(form.get("last", "")[:9]), MOST_A_DAY)
            uploads.mark_uploaded(date.fromisoformat(form.get("day", "")), visitor.staff, last)
        except ValueError:
            return framed(visitor, "评价上报", notice("doubt", "没有这一天", "请返回重选。"), here=_HERE, status=400)
        return RedirectResponse("ratings", 303)

    return routes


def _page(visitor: Visitor, days: tuple[RatingDay, ...], set_up: bool) -> Response:
    told = "" if set_up else _NOT_SET_UP
    if not days:
        table = '<section class="card empty"><h2>最近一个月没有评价</h2></section>'
    else:
        rows = "\n".join(_row(visitor, day, set_up) for day in days)
        table = f"""<table><thead><tr>{_HEADS}</tr></thead><tbody>
{rows}
</tbody></table>"""
    body = f"""<h1>评价上报</h1>{told}{table}
<p class="hint">上报文件含办件人的证件号码，只交给省级“好差评”平台。下载和上报都会记录工号。</p>"""
    return framed(visitor, "评价上报", body, here=_HERE)


def _row(visitor: Visitor, day: RatingDay, set_up: bool) -> str:
    low = f'<span class="tag soon">{day.low}</span>' if day.low else "0"
    return f"""<tr><td class="number">{day.day:%Y-%m-%d}</td><td class="number">{day.rated}</td><td>{low}</td>
<td class="number">{day.waiting}</td><td>{_state(day)}</td><td>{_ways(visitor, day) if set_up else ""}</td></tr>"""


def _state(day: RatingDay) -> str:
    if day.uploaded == day.rated:
        return f'<span class="tag good">全部 {day.uploaded} 条</span>'
    return f'<span class="tag">{day.uploaded} 条，还差 {day.rated - day.uploaded} 条</span>'


def _ways(visitor: Visitor, day: RatingDay) -> str:
    way = f"ratings-file?day={day.day:%Y-%m-%d}&amp;last={day.last}"
    return f"""<div class="pages"><a class="way" href="{way}">下载文件</a>
<form method="post" action="ratings">{token_field(visitor)}<input type="hidden" name="day" value="{day.day:%Y-%m-%d}">
<input type="hidden" name="last" value="{day.last}"><button class="second">已上报</button></form></div>"""
