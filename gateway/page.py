"""The frame of the gateway's pages: readable on a phone and at 70, in two languages, no scripts, nothing foreign."""

import base64
import hashlib
from collections.abc import Mapping
from enum import Enum
from html import escape
from urllib.parse import urlencode

from fastapi import Response


class Language(Enum):
    """As in HTML's ``lang``."""

    CHINESE = "zh-CN"
    ENGLISH = "en"

    @property
    def other(self) -> "Language":
        return Language.ENGLISH if self is Language.CHINESE else Language.CHINESE

    @property
    def tag(self) -> str:
        """As in an address: ``?lang=zh``."""
        return self.value[:2]


_STYLE = """
*{box-sizing:border-box}
html{font:18px/1.6 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;
-webkit-text-size-adjust:100%}
body{margin:0;background:#F6F4EF;color:#17212B;overflow-wrap:anywhere}
header,main,footer{max-width:34rem;margin:0 auto;padding:0 16px}
header{display:flex;align-items:center;justify-content:space-between;gap:12px;padding-top:8px}
header p{margin:0;font-weight:700;color:#424C56}
body>.staff{max-width:none;padding:8px max(16px,50vw - 16rem);background:#07335B}
body>.staff p{color:#FFFFFF}
a{color:#0B4A82}
a.way,button{display:inline-flex;align-items:center;justify-content:center;min-height:52px;min-width:52px;
padding:0 20px;border:2px solid #0B4A82;border-radius:10px;background:#FFFFFF;color:#0B4A82;font:inherit;
font-weight:700;text-decoration:none;text-align:center;cursor:pointer}
button{background:#0B4A82;color:#FFFFFF}
main>a.way,form button{width:100%}
a.language{border-width:1px;font-weight:400;padding:0 14px;min-height:48px}
:focus-visible{outline:4px solid #FFC400;outline-offset:2px}
h1{font-size:1.35rem;line-height:1.35;margin:16px 0 8px}
h2{font-size:1.05rem;margin:24px 0 4px}
h1,.band p{text-wrap:balance}
p,ul{margin:8px 0}
ul{padding-left:1.4em}
p,li,dd{text-wrap:pretty}
li{margin:6px 0}
.training{margin:12px 0;padding:10px 16px;border:3px dashed #17212B;background:#FFFFFF;font-weight:700;
text-align:center}
.band{margin:12px 0 16px;padding:20px 16px;border-radius:14px;text-align:center}
.band svg{display:block;width:104px;height:104px;margin:0 auto 8px}
.band h1{font-size:1.9rem;margin:0}
.band p{margin:6px 0 0;font-size:1.05rem}
.valid{background:#0B5A35;color:#FFFFFF;border-radius:40px}
.void{padding:24px 20px;border-radius:0;background:repeating-linear-gradient(45deg,#3B4654 0 8px,#FFFFFF 8px 20px)}
.void div{background:#FFFFFF;color:#17212B;border:4px solid #3B4654;padding:16px 12px}
.forged{background:#8E1620;color:#FFFFFF;border-radius:0;border:6px solid #17212B}
.unknown{background:#FFFFFF;color:#743B00;border:4px dashed #743B00}
.on-its-way{background:#E4EDF5;color:#07335B;border:8px double #0B4A82}
dl{margin:0;padding:4px 16px;background:#FFFFFF;border:1px solid #D6D2C7;border-radius:10px}
dl div{padding:10px 0;border-bottom:1px solid #D6D2C7}
dl div:last-child{border:0}
dt{color:#424C56}
dd{margin:0;font-weight:700;font-size:1.1rem;font-variant-numeric:tabular-nums}
label{display:block;margin:16px 0 4px;font-weight:700}
small{display:block;font-size:.9rem;color:#424C56;font-weight:400}
input,select{width:100%;min-height:56px;padding:0 12px;border:2px solid #6F7780;border-radius:10px;background:#FFFFFF;
color:#17212B;font:inherit;font-size:1.15rem}
form button,main>a.way{margin:20px 0 8px}
.band .answer{margin:8px 0;font-size:2.6rem;line-height:1.2;font-weight:700;letter-spacing:.06em;white-space:nowrap;
font-variant-numeric:tabular-nums}
footer{padding:24px 16px;color:#424C56;font-size:.9rem}
"""

_STYLE_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Language",
}
_OTHER_LANGUAGE = {Language.CHINESE: "English", Language.ENGLISH: "中文"}


def chosen_language(wish: str | None, accepted: str | None) -> Language:
    """``wish``: the page's own ``lang``; ``accepted``: the Accept-Language header (RFC 9110, 12.5.4). Chinese where
    neither says otherwise."""
    for language in Language:
        if wish == language.tag:
            return language
    offered = [_weighed(each) for each in (accepted or "")[:200].lower().split(",")]
    known = [(weight, tag) for weight, tag in offered if weight > 0 and tag in ("zh", "en")]
    best = max(known, key=lambda each: each[0], default=(0.0, "zh"))
    return Language.ENGLISH if best[1] == "en" else Language.CHINESE


def page(
    language: Language,
    title: str,
    house: str,
    body: str,
    footer: str,
    *,
    status: int = 200,
    query: Mapping[str, str] | None = None,
    for_staff: bool = False,
) -> Response:
    """``house`` stands at the head, ``body`` and ``footer`` are HTML; the rest is text. ``query`` is what of the
    address's must stay when the language changes; ``for_staff``: with the head of the staff desk's pages."""
    other = language.other
    same = escape("?" + urlencode({**(query or {}), "lang": other.tag}))
    text = f"""<!doctype html>
<html lang="{language.value}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>{_STYLE}</style>
</head>
<body>
<header{' class="staff"' if for_staff else ""}><p>{escape(house)}</p>
<a class="way language" lang="{other.value}" hreflang="{other.value}" href="{same}">\
{_OTHER_LANGUAGE[language]}</a></header>
<main>
{body}
</main>
<footer>{footer}</footer>
</body>
</html>
"""
    return Response(text, status, _HEADERS | {"Content-Language": language.value}, "text/html; charset=utf-8")


def listed(lines: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def field(key: str, name: str, hint: str, attributes: str, value: str = "") -> str:
    """A labelled line to type into; ``attributes`` are HTML."""
    small = f"<small>{escape(hint)}</small>" if hint else ""
    return f"""<label for="{key}">{escape(name)}{small}</label>
<input id="{key}" name="{key}" value="{escape(value)}" required spellcheck="false" {attributes}>"""


def _weighed(offer: str) -> tuple[float, str]:
    tag, _, weight = offer.partition(";")
    try:
        quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
    except ValueError:
        quality = 0.0
    return quality, tag.strip().split("-")[0]
