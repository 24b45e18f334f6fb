"""The summary of a run, in Chinese and English: for the screen as lines, for programs as JSON."""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kiosk.cli.demo.evidence import SessionRecord
from kiosk.cli.demo.proofs import Proof
from kiosk.cli.demo.scenario import Scenario
from kiosk.cli.demo.shorten import Change

OUTCOMES = {
    "PASSED": "通过",
    "PENDING": "已受理待审核",
    "REFERRED": "转人工",
    "CANCELLED": "已取消",
    None: "未开办",
}
"""``None`` stands for a case in which no session could be begun."""


@dataclass(frozen=True, slots=True)
class Row:
    """One case: what it was to be, what came of it, and every difference between the two. ``session`` is None where
    none came about; ``papers`` are file names."""

    scenario: Scenario
    session: SessionRecord | None
    alerts: tuple[str, ...]
    papers: tuple[str, ...]
    record: dict[str, Any] | None
    seconds: float
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    rows: Sequence[Row]
    proofs: Sequence[Proof]
    changes: Sequence[Change]
    total_s: float
    timeline: Sequence[str]


def lines(summary: Summary) -> list[str]:
    table = [_row(number, row) for number, row in enumerate(summary.rows, 1)]
    return [
        _columns("", "案例 case", "结果 outcome", "原因 reason", "秒 s", "单据 papers", ""),
        *(line for lines in table for line in lines),
        "",
        *(f"{'ok   ' if proof.good else 'WRONG'} {proof.name}: {proof.detail}" for proof in summary.proofs),
        "",
        "缩短的等待时间 waiting times shortened:",
        *(f"  {change.setting}: {change.usual:g} → {change.here:g}" for change in summary.changes),
        f"总用时 total: {summary.total_s:.0f} s，{len(summary.rows)} 个案例 cases",
    ]


def document(summary: Summary) -> dict[str, Any]:
    return {
        "cases": [_case(row) for row in summary.rows],
        "proofs": [asdict(proof) for proof in summary.proofs],
        "shortened": [asdict(change) for change in summary.changes],
        "total_s": round(summary.total_s, 1),
        "timeline": list(summary.timeline),
    }


def _row(number: int, row: Row) -> list[str]:
    outcome = None if row.session is None else row.session.outcome
    reason = "-" if row.session is None else row.session.reason
    codes = "" if not row.scenario.covers else f" ({', '.join(row.scenario.covers)})"
    words = f"{row.scenario.title.zh} {row.scenario.title.en}{codes}"
    told = f"{OUTCOMES[outcome]} {outcome or '-'}"
    mark = "" if not row.differences else "WRONG"
    head = _columns(f"{number:2}", row.scenario.name, told, reason, f"{row.seconds:.1f}", str(len(row.papers)), mark)
    return [head, f"    {words}", *(f"    ! {difference}" for difference in row.differences)]


_WIDTHS = (3, 18, 21, 36, 6, 12, 0)


def _columns(*cells: str) -> str:
    return " ".join(_padded(cell, width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()


def _padded(text: str, width: int) -> str:
    """Chinese characters take two columns of a terminal."""
    taken = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * (width - taken)


def _case(row: Row) -> dict[str, Any]:
    scenario, session = row.scenario, row.session
    return {
        "name": scenario.name,
        "title": scenario.title.model_dump(),
        "covers": scenario.covers,
        "outcome": None if session is None else session.outcome,
        "reason": None if session is None else session.reason,
        "receipt": None if session is None else session.receipt,
        "alerts": list(row.alerts),
        "papers": list(row.papers),
        "gateway": row.record,
        "seconds": round(row.seconds, 1),
        "steps": [] if session is None else [{"step": step, "seconds": seconds} for step, seconds in session.steps],
        "bytes_printed": 0 if session is None else session.bytes_printed,
        "not_as_written": list(row.differences),
    }
