"""The frame of the staff desk's pages: one look on the hall's computers, in Chinese, no scripts, nothing foreign.

A part of the gateway that has a page for staff adds its line to ``NAVIGATION`` and answers with ``framed``. Addresses
are one word below ``/desk/``, so that relative links hold behind any proxy.
"""

import base64
import hashlib
from dataclasses import dataclass
from html import escape

from fastapi import Response

from gateway.desk.sessions import Visitor
from gateway.desk.style import STYLE
from gateway.desk.tables import Role

NAME = "大厅工作台"
CHECK_FIELD = "check"
"""Name of the field that every form carries."""

ROLES = {Role.CLERK: "经办", Role.SUPERVISOR: "主管", Role.TECHNICIAN: "运维"}

_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Content-Language": "zh-CN",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A way in the navigation; ``here`` is its one word below ``/desk/``."""

    here: str
    name: str
    roles: frozenset[Role]


NAVIGATION: tuple[Entry, ...] = (
    Entry("cases", "待办审核", frozenset({Role.CLERK, Role.SUPERVISOR})),
    Entry("errands", "上门与窗口", frozenset({Role.CLERK, Role.SUPERVISOR})),
    Entry("tickets", "工单", frozenset({Role.CLERK, Role.SUPERVISOR})),
    Entry("fleet", "终端", frozenset({Role.TECHNICIAN})),
    Entry("days", "终端对账", frozenset({Role.SUPERVISOR, Role.TECHNICIAN})),
    Entry("ratings", "评价上报", frozenset({Role.SUPERVISOR})),
    Entry("record", "操作记录", frozenset({Role.SUPERVISOR})),
)
"""The first entry of a role is where it lands after the login."""


def ways_of(role: Role) -> tuple[Entry, ...]:
    return tuple(entry for entry in NAVIGATION if role in entry.roles)


def framed(visitor: Visitor, title: str, body: str, *, here: str, status: int = 200) -> Response:
    """``title`` is text, ``body`` HTML; ``here`` is the entry of the navigation the page belongs to."""
    ways = "".join(_way(entry, entry.here == here) for entry in ways_of(visitor.role))
    head = f"""<header><p class="name">{NAME}</p><nav>{ways}</nav>
<form method="post" action="logout" class="who">{token_field(visitor)}<span>{escape(visitor.staff)} \
<small>{ROLES[visitor.role]}</small></span><button class="quiet">退出</button></form></header>"""
    training = TRAINING if visitor.training else ""
    return _document(title, f"{head}\n<main>{training}\n{body}\n</main>", status)


TRAINING = '<p class="training">演示系统：人员、照片和记录均为虚构。</p>'


def bare(title: str, body: str, status: int = 200) -> Response:
    """A page for nobody who is logged in; ``body`` is HTML."""
    head = f'<header><p class="name">{NAME}</p></header>'
    return _document(title, f'{head}\n<main class="narrow">{body}</main>', status)


def _document(title: str, body: str, status: int) -> Response:
    text = f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · {NAME}</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
{body}
</body>
</html>
"""
    return Response(text, status, _HEADERS, "text/html; charset=utf-8")


def notice(kind: str, headline: str, text: str) -> str:
    """A band above a page's content; ``kind`` is ``good``, ``doubt`` or ``plain``."""
    role = ' role="alert"' if kind == "doubt" else ' role="status"'
    return f'<section class="notice {kind}"{role}><h2>{escape(headline)}</h2><p>{escape(text)}</p></section>'


def facts(rows: tuple[tuple[str, str], ...]) -> str:
    """Name and value, both text, one a line."""
    lines = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows)
    return f"<dl>{lines}</dl>"


def empty(headline: str, hint: str) -> str:
    """In the place of a table without rows."""
    return f"""<section class="card empty">{_CALM}<h2>{escape(headline)}</h2>
<p class="hint">{escape(hint)}</p></section>"""


def turning(address: str, page: int, pages: int, words: tuple[str, str] = ("上一页", "下一页")) -> str:
    """Ways to the pages beside ``page``, which counts from 1; ``address`` ends where the number goes."""
    if pages <= 1:
        return ""
    before = f'<a class="way" href="{escape(address)}{page - 1}">{words[0]}</a>' if page > 1 else ""
    after = f'<a class="way" href="{escape(address)}{page + 1}">{words[1]}</a>' if page < pages else ""
    return f'<div class="pages">{before}<span>第 {page} 页，共 {pages} 页</span>{after}</div>'


def token_field(visitor: Visitor) -> str:
    return f'<input type="hidden" name="{CHECK_FIELD}" value="{escape(visitor.form_token)}">'


_CALM = """<svg viewBox="0 0 72 72" aria-hidden="true"><circle cx="36" cy="36" r="32" fill="#E3F1E9"/>
<path d="M22 37l10 10 19-21" fill="none" stroke="#0B5A35" stroke-width="6" stroke-linecap="round" \
stroke-linejoin="round"/></svg>"""


def _way(entry: Entry, current: bool) -> str:
    mark = ' aria-current="page"' if current else ""
    return f'<a href="{entry.here}"{mark}>{escape(entry.name)}</a>'
