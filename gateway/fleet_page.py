"""The technician's page of terminals (终端): the silent first, by site, in colours that are words too. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from html import escape
from urllib.parse import urlencode

from gateway.desk.frame import notice
from gateway.fleet import Level, troubles
from gateway.fleet_view import Entry, Fleet, Place
from gateway.fleet_words import CLOSED_BY, DEVICE_REASONS, DEVICES, HEARING, REASONS, STANDINGS, TROUBLES
from kiosk.domain.china_time import CHINA
from kiosk.ports.fleet_status import DeviceLine, TerminalStatus

TITLE = "终端"
NO_BROKER = notice("plain", "本网关没有接入终端监测", "在网关设置里写明消息服务器后，这里显示每台终端的情况。")
_ROWS = 50


class Show(Enum):
    """Which terminals: all, or those of one colour."""

    ALL = "all"
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


_SHOWN = {Show.ALL: "全部", Show.RED: "失联", Show.YELLOW: "注意", Show.GREEN: "正常"}
_LEVELS = {Show.RED: Level.RED, Show.YELLOW: Level.YELLOW, Show.GREEN: Level.GREEN}
_MARKS = {Level.RED: ("red", "●"), Level.YELLOW: ("soon", "▲"), Level.GREEN: ("good", "✓")}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be seen: ``site`` is the code of a place, empty for all; ``page`` counts from 1."""

    show: Show = Show.ALL
    site: str = ""
    page: int = 1


def fleet_body(fleet: Fleet, wish: Wish) -> str:
    here = [entry for entry in fleet.entries if not wish.site or entry.is_at(wish.site)]
    level = _LEVELS.get(wish.show)
    chosen = [entry for entry in here if level is None or entry.standing.level is level]
    pages = max(1, -(-len(chosen) // _ROWS))
    page = min(max(1, wish.page), pages)
    rows = chosen[(page - 1) * _ROWS : page * _ROWS]
    shown = _table(rows, fleet.at) if rows else _nobody(wish.show)
    return f"""{_deaf(fleet)}<h1>{TITLE}</h1>
{_way(here, wish)}<div class="tabs">{"".join(_tab(each, here, wish) for each in Show)}</div>
{_sites(here, wish)}{shown}{_turning(wish, page, pages)}"""


def _deaf(fleet: Fleet) -> str:
    """A gateway that hears nothing says so, and does not call the terminals silent."""
    if fleet.hearing.since is not None:
        return ""
    why = HEARING.get(fleet.hearing.trouble or "nobody-listens", fleet.hearing.trouble or "")
    return notice("doubt", "网关现在收不到终端的消息，下面是最后收到的情况", why)


def _way(here: Sequence[Entry], wish: Wish) -> str:
    """From all sites down to this one."""
    if not wish.site or not here:
        return ""
    steps = [_link(Wish(wish.show), "全部站点")]
    for place in here[0].places:
        if place.code == wish.site:
            steps.append(f"<b>{escape(place.name)}</b>")
            break
        steps.append(_link(Wish(wish.show, place.code), place.name))
    return f"<p>{' › '.join(steps)}</p>\n"


def _tab(show: Show, here: Sequence[Entry], wish: Wish) -> str:
    level = _LEVELS.get(show)
    count = sum(level is None or entry.standing.level is level for entry in here)
    mark = ' aria-current="page"' if show is wish.show else ""
    return f'<a href="{_address(Wish(show, wish.site))}"{mark}>{_SHOWN[show]}<b>{count}</b></a>'


def _sites(here: Sequence[Entry], wish: Wish) -> str:
    """The places below, where they part, each with its counts; nothing where they do not."""
    below = _below(here, wish.site)
    while len(below) == 1:
        below = _below(here, next(iter(below)).code)
    if not below:
        return ""
    rows = "\n".join(_site_row(place, below[place]) for place in sorted(below, key=lambda each: each.code))
    return f"""<table class="sites"><thead><tr><th>站点</th><th>失联</th><th>注意</th><th>正常</th></tr></thead><tbody>
{rows}
</tbody></table>
<p></p>
"""


def _below(here: Sequence[Entry], site: str) -> dict[Place, list[Entry]]:
    found: dict[Place, list[Entry]] = {}
    for entry in here:
        place = _next(entry, site)
        if place is not None:
            found.setdefault(place, []).append(entry)
    return found


def _next(entry: Entry, site: str) -> Place | None:
    """The place directly below ``site``; None where the terminal stands there itself, or elsewhere."""
    codes = [place.code for place in entry.places]
    if site and site not in codes:
        return None
    place = codes.index(site) + 1 if site else 0
    return entry.places[place] if place < len(entry.places) else None


def _site_row(place: Place, entries: Sequence[Entry]) -> str:
    counts = "".join(
        f'<td class="number">{_count(level, sum(each.standing.level is level for each in entries))}</td>'
        for level in Level
    )
    return (
        f'<tr><td><a class="open" href="{_address(Wish(site=place.code))}">{escape(place.name)}</a></td>{counts}</tr>'
    )


def _count(level: Level, count: int) -> str:
    kind, mark = _MARKS[level]
    return f'<span class="tag {kind}">{mark} {count}</span>' if count else '<span class="hint">0</span>'


def _table(entries: Sequence[Entry], now: datetime) -> str:
    rows = "\n".join(_row(entry, now) for entry in entries)
    return f"""<table><thead><tr><th>终端</th><th>状态</th><th>最后消息</th><th>情况</th><th>待送</th><th>版本</th></tr>
</thead><tbody>
{rows}
</tbody></table>"""


def _row(entry: Entry, now: datetime) -> str:
    kind, mark = _MARKS[entry.standing.level]
    word = STANDINGS.get(entry.standing.word, entry.standing.word)
    place = f"<br><small>{escape(entry.places[-1].name)}</small>" if entry.places else ""
    status = None if entry.last is None else entry.last.status
    version = "" if status is None else escape(status.version)
    return f"""<tr><td class="number"><b>{escape(entry.terminal)}</b>{place}</td>
<td><span class="tag {kind}">{mark} {escape(word)}</span></td>
<td class="number">{_heard(entry, now)}</td><td>{_matters(entry)}</td>
<td class="number">{_queue(status)}</td><td class="number">{version}</td></tr>"""


def _heard(entry: Entry, now: datetime) -> str:
    if entry.last is None or entry.last.heard_at is None:
        return "从来没有"
    at = entry.last.heard_at.astimezone(CHINA)
    clock = f"{at:%H:%M}" if at.date() == now.astimezone(CHINA).date() else f"{at:%m-%d %H:%M}"
    return f"{_ago((now - at).total_seconds())}<br><small>{clock}</small>"


def _ago(seconds: float) -> str:
    for unit, name in ((86_400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= unit:
            return f"{int(seconds // unit)} {name}前"
    return "刚刚"


def _matters(entry: Entry) -> str:
    """Why it stands as it does, then what its own last word says, one matter a line."""
    lines = [REASONS[entry.standing.word]] if entry.standing.word in REASONS else []
    last = entry.last
    if last is not None and last.status is not None:
        lines += _told(last.status, last.clock_off_s)
    return "<br>".join(escape(line) for line in lines)


def _told(status: TerminalStatus, clock_off_s: int | None) -> list[str]:
    closed = status.closed_by
    lines = [] if closed is None else [f"人脸服务停办：{CLOSED_BY.get(closed, closed)}"]
    lines += [_device(device) for device in status.devices if not device.ok]
    return lines + [TROUBLES[word] for word in troubles(status, clock_off_s)]


def _device(device: DeviceLine) -> str:
    kind, _, number = device.name.rpartition("-")
    name = f"扫码器 {number}" if kind == "scanner" else DEVICES.get(device.name, device.name)
    return f"{name}：{DEVICE_REASONS.get(device.reason, device.reason)}"


def _queue(status: TerminalStatus | None) -> str:
    if status is None or status.queue is None:
        return ""
    dead = f'<br><span class="tag red">{status.queue.dead} 件要处理</span>' if status.queue.dead else ""
    return f"{status.queue.waiting}{dead}"


def _nobody(show: Show) -> str:
    calm = {Show.RED: "没有失联的终端", Show.YELLOW: "没有要注意的终端"}
    return f'<section class="card empty"><h2>{calm.get(show, "没有终端")}</h2></section>'


def _turning(wish: Wish, page: int, pages: int) -> str:
    if pages == 1:
        return ""
    before = _link(Wish(wish.show, wish.site, page - 1), "上一页", "way") if page > 1 else ""
    after = _link(Wish(wish.show, wish.site, page + 1), "下一页", "way") if page < pages else ""
    return f'<div class="pages">{before}<span>第 {page} 页，共 {pages} 页</span>{after}</div>'


def _link(wish: Wish, text: str, kind: str = "") -> str:
    look = f' class="{kind}"' if kind else ""
    return f'<a href="{_address(wish)}"{look}>{escape(text)}</a>'


def _address(wish: Wish) -> str:
    fields = {"show": wish.show.value, "site": wish.site, "page": str(wish.page)}
    plain = {"show": Show.ALL.value, "site": "", "page": "1"}
    query = urlencode({name: value for name, value in fields.items() if value != plain[name]})
    return escape(f"fleet?{query}" if query else "fleet")
