"""Login and logout of the desk."""

from html import escape

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from gateway.desk.accounts import Accounts, LoginRefused
from gateway.desk.door import COOKIE, DeskDoor, Form, give_cookie, landing, take_cookie, unknown_page
from gateway.desk.frame import CHECK_FIELD, TRAINING, bare, notice
from gateway.desk.sessions import Sessions, Visitor, form_token, new_token

_REFUSALS = {
    "wrong": ("工号或密码不对", "请重新输入。连续 5 次不对，该工号将锁定。"),
    "locked": ("该工号已锁定", "请找系统管理员重新设置密码。"),
    "stale": ("页面已过期", "请重新输入工号和密码。"),
}


def router(door: DeskDoor, accounts: Accounts, sessions: Sessions) -> APIRouter:
    routes = APIRouter(prefix="/desk", include_in_schema=False)

    @routes.get("")
    def enter() -> Response:
        return RedirectResponse("desk/start", 303)

    @routes.get("/start")
    def start(request: Request) -> Response:
        visitor = door.admit(request)
        return landing(visitor) if isinstance(visitor, Visitor) else visitor

    @routes.get("/login")
    def empty(request: Request) -> Response:
        """Whoever is in stays in."""
        visitor = door.admit(request)
        return landing(visitor) if isinstance(visitor, Visitor) else _form_page(request, door.training)

    one_at_a_time = CapacityLimiter(1)

    @routes.post("/login")
    async def login(request: Request, form: Form) -> Response:
        """Passwords are checked one at a time, and who waits holds no thread: guessing fills no memory and keeps no
        terminal waiting."""
        if not door.ours(request, form):
            return _form_page(request, door.training, "stale")
        staff, password = form.get("staff", "").strip().upper(), form.get("password", "")
        account = await to_thread.run_sync(accounts.check, staff, password, limiter=one_at_a_time)
        if isinstance(account, LoginRefused):
            return _form_page(request, door.training, account.reason)
        token = await run_in_threadpool(sessions.begin, account.staff)
        response = RedirectResponse("start", 303)
        give_cookie(request, response, token)
        return response

    @routes.post("/logout")
    def logout(request: Request, form: Form) -> Response:
        visitor = door.admit_form(request, form)
        if isinstance(visitor, Response):
            return visitor
        sessions.end(request.cookies[COOKIE])
        response = RedirectResponse("login", 303)
        take_cookie(response)
        return response

    return routes


def elsewhere() -> APIRouter:
    """For every other address below ``/desk``; to be added after all parts of the desk."""
    routes = APIRouter(prefix="/desk", include_in_schema=False)

    @routes.get("/{anything:path}")
    def unknown(anything: str) -> Response:  # noqa: ARG001
        return unknown_page()

    return routes


def _form_page(request: Request, training: bool, refused: str | None = None) -> Response:
    """403 where a login was refused. A new token each time: one that was there before the login is worth nothing."""
    token = new_token()
    told = "" if refused is None else notice("doubt", *_REFUSALS[refused])
    body = f"""{TRAINING if training else ""}{told}
<form method="post" action="login" class="card" autocomplete="off">
<h1>登录</h1>
<input type="hidden" name="{CHECK_FIELD}" value="{escape(form_token(token))}">
<label for="staff">工号</label>
<input id="staff" name="staff" required maxlength="16" autocapitalize="characters" spellcheck="false" autofocus>
<label for="password">密码</label>
<input id="password" name="password" type="password" required maxlength="128">
<button>登录</button>
</form>
<p class="hint">登录、查看照片和每一次办理都会记录工号和时间。离开座位请退出。</p>
<p class="hint">只需要终端授权码？请到<a href="../staff">授权码页面</a>，用工号和密码数字领取。</p>"""
    response = bare("登录", body, 200 if refused is None else 403)
    give_cookie(request, response, token)
    return response
