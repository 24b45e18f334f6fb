"""The addresses of slips and home visits."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from gateway.desk.door import DeskDoor, Form, page_number
from gateway.desk.errand_page import errand_page, errands_page
from gateway.desk.errands import ErrandDesk, ErrandKind
from gateway.desk.sessions import Visitor
from gateway.desk.tables import Role

_ROLES = (Role.CLERK, Role.SUPERVISOR)


def router(door: DeskDoor, desk: ErrandDesk) -> APIRouter:
    routes = APIRouter(prefix="/desk", include_in_schema=False)

    @routes.get("/errands")
    def errands(request: Request, kind: str = "", page: str = "1") -> Response:
        visitor = door.admit(request, *_ROLES)
        if isinstance(visitor, Response):
            return visitor
        wished = next((each for each in ErrandKind if each.value == kind), ErrandKind.VISIT)
        return errands_page(visitor, desk.waiting(wished, page_number(page)), wished, desk.now())

    @routes.get("/errand")
    def errand(request: Request, receipt: str = "") -> Response:
        visitor = door.admit(request, *_ROLES)
        return visitor if isinstance(visitor, Response) else _errand(desk, visitor, receipt)

    @routes.post("/errand-end")
    def end(request: Request, form: Form) -> Response:
        visitor = door.admit_form(request, form, *_ROLES)
        if isinstance(visitor, Response):
            return visitor
        receipt = form.get("receipt", "")
        if not desk.end(visitor.staff, receipt, form.get("how", "")):
            return _errand(desk, visitor, receipt, "already-decided")
        return RedirectResponse("errand?" + urlencode({"receipt": receipt}), 303)

    return routes


def _errand(desk: ErrandDesk, visitor: Visitor, receipt: str, refused: str | None = None) -> Response:
    seen = desk.view(visitor.staff, receipt)
    if seen is None:
        return errands_page(visitor, desk.waiting(ErrandKind.VISIT, 1), ErrandKind.VISIT, desk.now(), "unknown")
    if refused is not None and seen.how is None:
        refused = "no-reason"
    return errand_page(visitor, seen, refused)
