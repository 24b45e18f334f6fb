"""The pages of tickets, and what the public is told of one by its number."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from gateway.account_tables import Ticket, TicketEntry
from gateway.books.tickets import MAX_WORDS, TicketRefused, Tickets
from gateway.desk.door import DeskDoor, Form
from gateway.desk.frame import facts, framed, notice, token_field
from gateway.desk.sessions import Visitor
from gateway.desk.tables import Role
from gateway.door import response
from gateway.numbers import aware
from gateway.ticket_states import TicketOrigin, TicketState, may_become
from kiosk.domain.china_time import CHINA
from kiosk.domain.receipt_number import parse_typed_receipt
from kiosk.ports.clock import Clock
from kiosk.wire.messages import Message, RefusalMessage

ROWS_A_PAGE = 20
_HERE = "tickets"
_HEADS = "".join(f"<th>{name}</th>" for name in ("工单编号", "来源", "内容", "承办", "期限", ""))
_STAFF = (Role.CLERK, Role.SUPERVISOR)
_STATES = {
    TicketState.ACCEPTED: "已受理",
    TicketState.ASSIGNED: "已交办",
    TicketState.ANSWERED: "已答复",
    TicketState.CLOSED: "已办结",
}
_ORIGINS = {TicketOrigin.LOW_RATING: "差评回访", TicketOrigin.HOTLINE: "12345 热线", TicketOrigin.DESK: "窗口登记"}
_REFUSALS = {
    "unknown": ("没有这个工单", "请核对工单编号。"),
    "not-now": ("这个工单已经往下办了", "没有重复办理。下面是现在的情况。"),
    "words-missing": ("请写明内容", "没有办理任何事项。"),
    "staff-missing": ("请写明交给谁", "没有办理任何事项。"),
}


class TicketMessage(Message):
    """How far a ticket is: no name, no words of anybody."""

    answer: Literal["ticket"] = "ticket"
    number: str
    state: TicketState
    opened_on: date
    due_on: date
    answered_on: date | None
    closed_on: date | None


def router(door: DeskDoor, tickets: Tickets, clock: Clock) -> APIRouter:
    """``/desk/tickets``, ``/desk/ticket``, ``/desk/ticket-new`` and ``GET /v1/tickets/{number}``."""
    routes = APIRouter()

    def today() -> date:
        return clock.now().astimezone(CHINA).date()

    def page(visitor: Visitor, number: str, refused: TicketRefused | None = None) -> Response:
        ticket = tickets.find(number)
        if ticket is None:
            told = notice("doubt", *_REFUSALS["unknown"])
            return framed(visitor, "工单", f"<h1>工单</h1>{told}", here=_HERE, status=404)
        return _ticket_page(visitor, ticket, tickets.history(ticket), today(), refused)

    @routes.get("/v1/tickets/{number}")
    def public(number: Annotated[str, Path(max_length=32)]) -> Response:
        ticket = tickets.find(number)
        if ticket is None:
            unknown = RefusalMessage(reason="ticket-unknown", final=False)
            return Response(unknown.model_dump_json(), 404, media_type="application/json")
        return response(_told(ticket))

    @routes.get("/desk/tickets")
    def listed(
        request: Request, state: TicketState = TicketState.ACCEPTED, page: Annotated[int, Query(ge=1, le=10_000)] = 1
    ) -> Response:
        visitor = door.admit(request, *_STAFF)
        if isinstance(visitor, Response):
            return visitor
        tickets.open_for_low_ratings()
        counts = tickets.counts()
        pages = max(1, -(-counts[state] // ROWS_A_PAGE))
        return _list_page(visitor, counts, state, tickets.listed(state, page, ROWS_A_PAGE), page, pages, today())

    @routes.get("/desk/ticket")
    def one(request: Request, number: Annotated[str, Query(max_length=32)]) -> Response:
        visitor = door.admit(request, *_STAFF)
        return visitor if isinstance(visitor, Response) else page(visitor, number)

    @routes.post("/desk/ticket")
    def step(request: Request, form: Form) -> Response:
        visitor = door.admit_form(request, form, *_STAFF)
        if isinstance(visitor, Response):
            return visitor
        number, words = form.get("number", "")[:32], form.get("words", "")
        match form.get("step"):
            case "assign":
                done = tickets.assign(number, words, visitor.staff)
            case "answer":
                done = tickets.answer(number, words, visitor.staff)
            case "close":
                done = tickets.close(number, visitor.staff)
            case _:
                done = TicketRefused("not-now")
        if isinstance(done, TicketRefused):
            return page(visitor, number, done)
        return RedirectResponse(f"ticket?number={done.number}", 303)

    @routes.get("/desk/ticket-new")
    def empty(request: Request) -> Response:
        visitor = door.admit(request, *_STAFF)
        return visitor if isinstance(visitor, Response) else _new_page(visitor)

    @routes.post("/desk/ticket-new")
    def opened(request: Request, form: Form) -> Response:
        visitor = door.admit_form(request, form, *_STAFF)
        if isinstance(visitor, Response):
            return visitor
        origin = TicketOrigin.HOTLINE if form.get("source") == TicketOrigin.HOTLINE.value else TicketOrigin.DESK
        about = parse_typed_receipt(form.get("receipt", ""))
        done = tickets.open(origin, form.get("subject", ""), visitor.staff, about)
        if isinstance(done, TicketRefused):
            return _new_page(visitor, done)
        return RedirectResponse(f"ticket?number={done.number}", 303)

    return routes


def _told(ticket: Ticket) -> TicketMessage:
    answered, closed = ticket.answered_at, ticket.closed_at
    return TicketMessage(
        number=ticket.number,
        state=ticket.state,
        opened_on=aware(ticket.opened_at).astimezone(CHINA).date(),
        due_on=ticket.due_on,
        answered_on=None if answered is None else aware(answered).astimezone(CHINA).date(),
        closed_on=None if closed is None else aware(closed).astimezone(CHINA).date(),
    )


def _list_page(
    visitor: Visitor,
    counts: Mapping[TicketState, int],
    state: TicketState,
    shown: Sequence[Ticket],
    page: int,
    pages: int,
    today: date,
) -> Response:
    tabs = "".join(
        f'<a href="tickets?state={each.value}"{" aria-current=page" if each is state else ""}>{_STATES[each]}'
        f"<b>{count}</b></a>"
        for each, count in counts.items()
    )
    body = f"""<h1>工单</h1>
<p><a class="way" href="ticket-new">登记新工单</a></p>
<div class="tabs">{tabs}</div>
{_table(shown, today) + _turning(state, page, pages) if shown else _empty(state)}"""
    return framed(visitor, "工单", body, here=_HERE)


def _table(shown: Sequence[Ticket], today: date) -> str:
    rows = "\n".join(_row(ticket, today) for ticket in shown)
    return f"""<table><thead><tr>{_HEADS}</tr></thead><tbody>
{rows}
</tbody></table>"""


def _row(ticket: Ticket, today: date) -> str:
    who = escape(ticket.staff) or '<span class="hint">未交办</span>'
    return f"""<tr><td class="number">{ticket.number}</td><td>{_ORIGINS[ticket.origin]}</td>
<td>{escape(ticket.subject)}</td><td>{who}</td><td>{_deadline(ticket, today)}</td>
<td><a class="open" href="ticket?number={ticket.number}">办理</a></td></tr>"""


def _deadline(ticket: Ticket, today: date) -> str:
    """As HTML: the day, and how near it is while there is something to do."""
    shown = f'<span class="number">{ticket.due_on:%m-%d}</span>'
    if ticket.state in (TicketState.ANSWERED, TicketState.CLOSED):
        return shown
    days = (ticket.due_on - today).days
    if days < 0:
        return f'{shown} <span class="tag soon">超期 {-days} 天</span>'
    return f'{shown} <span class="tag{" soon" if days <= 1 else ""}">{f"还剩 {days} 天" if days else "今天到期"}</span>'


def _turning(state: TicketState, page: int, pages: int) -> str:
    if pages <= 1:
        return ""
    way = f"tickets?state={state.value}&amp;page="
    before = f'<a class="way" href="{way}{page - 1}">上一页</a>' if page > 1 else ""
    after = f'<a class="way" href="{way}{page + 1}">下一页</a>' if page < pages else ""
    return f'<div class="pages">{before}<span>第 {page} 页，共 {pages} 页</span>{after}</div>'


def _empty(state: TicketState) -> str:
    return f"""<section class="card empty"><h2>“{_STATES[state]}”没有工单</h2>
<p class="hint">差评会自动生成工单，期限近的排在前面。</p></section>"""


def _ticket_page(
    visitor: Visitor, ticket: Ticket, history: Sequence[TicketEntry], today: date, refused: TicketRefused | None
) -> Response:
    told = "" if refused is None else notice("doubt", *_REFUSALS[refused.reason])
    rows = (
        ("来源", _ORIGINS[ticket.origin]),
        ("内容", ticket.subject),
        *((("关联编号", ticket.receipt),) if ticket.receipt else ()),
        ("承办工号", ticket.staff or "未交办"),
        *((("答复", ticket.answer),) if ticket.answer else ()),
    )
    steps = "\n".join(_history_row(entry) for entry in history)
    body = f"""<p><a href="tickets?state={ticket.state.value}">返回工单</a></p>
<h1 class="number">{ticket.number}</h1>{told}
<p><span class="tag blue">{_STATES[ticket.state]}</span> 期限 {_deadline(ticket, today)}</p>
<div class="columns"><div><section class="card"><h2>工单</h2>{facts(rows)}</section>
<section class="card"><h2>经过</h2><ul class="history">{steps}</ul></section></div>
<section class="card"><h2>办理</h2>{_choices(visitor, ticket)}</section></div>"""
    return framed(visitor, "工单", body, here=_HERE, status=200 if refused is None else 409)


def _history_row(entry: TicketEntry) -> str:
    who = escape(entry.staff) or "系统"
    to = f"，交给 {escape(entry.assigned_to)}" if entry.assigned_to else ""
    moment = aware(entry.at).astimezone(CHINA)
    return f"<li><time>{moment:%Y-%m-%d %H:%M}</time><span>{_STATES[entry.state]}{to}（{who}）</span></li>"


def _choices(visitor: Visitor, ticket: Ticket) -> str:
    words = f'<input name="words" maxlength="{MAX_WORDS}" required aria-label='
    offered = {
        TicketState.ASSIGNED: ("assign", "交办", "写承办人的工号。", f'{words}"承办工号" placeholder="工号">'),
        TicketState.ANSWERED: ("answer", "答复", "写给群众的答复。", f'{words}"答复内容" placeholder="答复内容">'),
        TicketState.CLOSED: ("close", "办结", "答复已送达本人，没有其他事项。", ""),
    }
    shown = "".join(
        f"""<form method="post" action="ticket" class="choice" autocomplete="off">{token_field(visitor)}
<input type="hidden" name="number" value="{ticket.number}"><input type="hidden" name="step" value="{step}">
<h2>{name}</h2><p>{hint}</p><div class="row">{entry}<button>{name}</button></div></form>"""
        for state, (step, name, hint, entry) in offered.items()
        if may_become(ticket.state, state)
    )
    return shown or '<p class="hint">已经办结。</p>'


def _new_page(visitor: Visitor, refused: TicketRefused | None = None) -> Response:
    told = "" if refused is None else notice("doubt", *_REFUSALS[refused.reason])
    origins = "".join(
        f'<option value="{each.value}">{_ORIGINS[each]}</option>' for each in (TicketOrigin.HOTLINE, TicketOrigin.DESK)
    )
    body = f"""<p><a href="tickets">返回工单</a></p><h1>登记新工单</h1>{told}
<section class="card"><form method="post" action="ticket-new" autocomplete="off">{token_field(visitor)}
<label for="source">来源</label><select id="source" name="source">{origins}</select>
<label for="subject">内容 <small>不写姓名和证件号码</small></label>
<input id="subject" name="subject" maxlength="{MAX_WORDS}" required>
<label for="receipt">关联的受理编号 <small>没有可以不填</small></label>
<input id="receipt" name="receipt" maxlength="40">
<p><button>登记</button></p></form></section>"""
    return framed(visitor, "登记新工单", body, here=_HERE, status=200 if refused is None else 400)
