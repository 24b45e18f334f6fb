"""The desk's door: who is asking, in which role, and whether a form came from a page of ours."""

import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from gateway.desk.frame import CHECK_FIELD, bare, framed, notice, ways_of
from gateway.desk.sessions import Sessions, Visitor, form_token
from gateway.desk.tables import Role
from gateway.forms import read_form

COOKIE = "staff-desk"

Form = Annotated[dict[str, str], Depends(read_form)]
"""The fields of the request's form, for a route that is no coroutine."""


class DeskDoor:
    """Every route of the desk asks here first. What is not a Visitor is the answer to give at once::

    visitor = door.admit(request, Role.TECHNICIAN)
    if isinstance(visitor, Response):
        return visitor
    """

    def __init__(self, sessions: Sessions, training: bool) -> None:
        """``training``: a sandbox, which says so on every page."""
        self._sessions = sessions
        self.training = training

    def admit(self, request: Request, *roles: Role) -> Visitor | Response:
        """Whoever is logged in, in one of ``roles`` where any are named; else the login (303) or a refusal (403)."""
        visitor = self._sessions.find(request.cookies.get(COOKIE, ""), self.training)
        if visitor is None:
            return RedirectResponse("login", 303)
        if roles and visitor.role not in roles:
            told = notice("doubt", "您的岗位不办理这一项", "请找主管或系统管理员。")
            return framed(visitor, "不在职责范围", told, here="", status=403)
        return visitor

    def admit_form(self, request: Request, form: dict[str, str], *roles: Role) -> Visitor | Response:
        """As ``admit``, for a POST: the form must come from a page that was served to this very session."""
        visitor = self.admit(request, *roles)
        if isinstance(visitor, Visitor) and not self.ours(request, form):
            return framed(visitor, "页面已过期", STALE, here="", status=403)
        return visitor

    def ours(self, request: Request, form: dict[str, str]) -> bool:
        """Also before the login, where the cookie is a token of nobody's yet."""
        token = request.cookies.get(COOKIE, "")
        given = form.get(CHECK_FIELD, "").encode()
        return bool(token) and _same_origin(request) and hmac.compare_digest(given, form_token(token).encode())


STALE = notice("doubt", "页面已过期，没有办理任何事项", "请返回待办，重新打开后再办。")


def page_number(text: str) -> int:
    """Of an address; 1 for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def landing(visitor: Visitor) -> Response:
    """To the first page of the visitor's role."""
    ways = ways_of(visitor.role)
    return RedirectResponse(ways[0].here, 303) if ways else framed(visitor, "工作台", EMPTY, here="")


EMPTY = notice("plain", "这个岗位在本网关没有待办", "终端授权码请在“工作人员”页面领取。")


def give_cookie(request: Request, response: Response, token: str) -> None:
    """Without a path of its own: the browser takes the folder of the address, whatever the proxy calls it."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, token, path=None, secure=secure, httponly=True, samesite="strict")


def take_cookie(response: Response) -> None:
    response.set_cookie(COOKIE, "", max_age=0, expires=0, path=None, httponly=True, samesite="strict")


def unknown_page() -> Response:
    told = notice("doubt", "没有这个页面", "请从待办进入。")
    return bare("没有这个页面", f'{told}<a class="way" href="start">回工作台</a>', 404)


def busy_page() -> Response:
    """What an address of the desk answers in expected trouble (``gateway.troubles``)."""
    told = notice("doubt", "数据库暂时没有回应，没有办理任何事项", "请稍等片刻再试；一直这样，请通知系统管理员。")
    return bare("暂时不能办理", f'{told}<a class="way" href="start">再试一次</a>', 503)


def _same_origin(request: Request) -> bool:
    """Browsers name the page's origin with every POST; where they do, it must be this host."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
