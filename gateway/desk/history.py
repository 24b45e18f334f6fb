"""What was done with a case or an errand, as its page tells it."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from gateway.desk.tables import DeskEntry
from gateway.desk.words import ACTS, REASONS


def history_card(arrived_at: datetime, arrival: str, entries: Sequence[DeskEntry]) -> str:
    """The first one first; ``arrival`` is text."""
    lines = "".join(_line(entry) for entry in entries)
    return f"""<section class="card"><h2>经过</h2><ul class="history">
<li><time>{arrived_at:%Y-%m-%d %H:%M}</time><span>{escape(arrival)}</span></li>{lines}</ul></section>"""


def _line(entry: DeskEntry) -> str:
    why = f"：{REASONS[entry.detail]}" if entry.detail in REASONS else ""
    told = escape(f"{entry.staff} {ACTS.get(entry.act, entry.act)}{why}")
    return f"<li><time>{datetime.fromisoformat(entry.at):%Y-%m-%d %H:%M}</time><span>{told}</span></li>"
