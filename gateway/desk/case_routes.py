"""The addresses of queue, case, decision and record."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from gateway.desk.case_desk import CaseDesk
from gateway.desk.case_page import case_page
from gateway.desk.decisions import Decided, Decision, NotDecided
from gateway.desk.door import DeskDoor, Form, page_number
from gateway.desk.errands import ErrandDesk
from gateway.desk.frame import framed, notice
from gateway.desk.queue_page import queue_page
from gateway.desk.record_page import record_page
from gateway.desk.sessions import Visitor
from gateway.desk.tables import Role, Step
from gateway.desk.waiting import Queue
from gateway.desk.words import REFUSALS

_CASE_ROLES = (Role.CLERK, Role.SUPERVISOR)


def router(door: DeskDoor, desk: CaseDesk, errands: ErrandDesk) -> APIRouter:
    routes = APIRouter(prefix="/desk", include_in_schema=False)

    @routes.get("/cases")
    def cases(request: Request, queue: str = "", page: str = "1") -> Response:
        visitor = door.admit(request, *_CASE_ROLES)
        if isinstance(visitor, Response):
            return visitor
        return _queue(desk, visitor, queue, page)

    @routes.get("/find")
    def find(request: Request, receipt: str = "") -> Response:
        visitor = door.admit(request, *_CASE_ROLES)
        if isinstance(visitor, Response):
            return visitor
        number = "".join(receipt.split()).upper()
        page = "errand" if errands.has(number) else "case"
        return RedirectResponse(f"{page}?{urlencode({'receipt': number})}", 303)

    @routes.get("/case")
    def case(request: Request, receipt: str = "", done: str = "") -> Response:
        visitor = door.admit(request, *_CASE_ROLES)
        if isinstance(visitor, Response):
            return visitor
        return _case(desk, visitor, receipt, done=done == "1")

    @routes.post("/decide")
    def decide(request: Request, form: Form) -> Response:
        visitor = door.admit_form(request, form, *_CASE_ROLES)
        if isinstance(visitor, Response):
            return visitor
        decision = _decision(form)
        if decision is None:
            return _case(desk, visitor, form.get("receipt", ""), refused="no-reason")
        answer = desk.decide(visitor, decision)
        if isinstance(answer, Decided):
            return RedirectResponse("case?" + urlencode({"receipt": decision.receipt, "done": "1"}), 303)
        return _case(desk, visitor, decision.receipt, refused=answer.reason)

    @routes.get("/record")
    def record(request: Request, page: str = "1", check: str = "") -> Response:
        visitor = door.admit(request, Role.SUPERVISOR)
        if isinstance(visitor, Response):
            return visitor
        seen = desk.record(visitor, page_number(page), check == "1")
        return record_page(visitor, seen.entries, seen.chain, seen.page, seen.pages)

    return routes


def _queue(desk: CaseDesk, visitor: Visitor, wish: str, page: str, unknown: str | None = None) -> Response:
    wished = next((queue for queue in Queue if queue.value == wish), Queue.COMPARE)
    queue = Queue.COMPARE if wished is Queue.FRAUD and visitor.role is not Role.SUPERVISOR else wished
    seen = desk.queue(visitor.role, queue, page_number(page))
    return queue_page(visitor, seen.counts, queue, seen.cases, seen.page, seen.pages, desk.now(), unknown)


def _case(desk: CaseDesk, visitor: Visitor, receipt: str, refused: str | None = None, done: bool = False) -> Response:
    seen = desk.view(visitor, receipt)
    if isinstance(seen, NotDecided) and seen.reason == "unknown":
        return _queue(desk, visitor, "", "1", receipt)
    if isinstance(seen, NotDecided):
        return framed(visitor, "办件", notice("doubt", *REFUSALS[seen.reason]), here="cases", status=403)
    return case_page(
        visitor, seen.standing, seen.faces, seen.hindrance, seen.history, desk.now(), desk.policy, refused, done
    )


def _decision(form: dict[str, str]) -> Decision | None:
    """None for a form that is none of ours."""
    step = next((each for each in Step if each.value == form.get("step")), None)
    place = form.get("place", "")
    if step is None or not (place.isascii() and place.isdigit() and len(place) < 4):
        return None
    return Decision(form.get("receipt", ""), int(place), step, form.get("reason", ""))
