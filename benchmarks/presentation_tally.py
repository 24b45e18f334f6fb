"""What came of presentations, in the terms of ISO/IEC 30107-3, and whether that keeps the limits.

APCER is the share of a species' presentations that were accepted, BPCER that of citizens who were not, after two tries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil, exp, lgamma, log, log1p
from statistics import median

from benchmarks.presentations import DECLINED, MATCHED, Played

NONE_ACCEPTED = 0.0
LIMITS = {
    "flat-print": NONE_ACCEPTED,
    "eye-bar": NONE_ACCEPTED,
    "still-image": NONE_ACCEPTED,
    "frozen-feed": NONE_ACCEPTED,
    "bent-print": 0.02,
}
"""Largest APCER of the species that have one; the others are only reported."""

BPCER_LIMIT = 0.05
CONFIDENCE = 0.95
_HALVINGS = 60


def upper_bound(events: int, of: int) -> float:
    """Clopper-Pearson: the one-sided 95 % upper bound of the share of which ``events`` among ``of`` were seen."""
    if events >= of:
        return 1.0
    low, high = events / of, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(events, of, middle) > 1 - CONFIDENCE else (low, middle)
    return high


def _at_most(events: int, of: int, share: float) -> float:
    """Probability of no more than ``events`` among ``of`` when each has the probability ``share``, 0 < share < 1."""
    ways = [lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) for k in range(events + 1)]
    return sum(exp(way + k * log(share) + (of - k) * log1p(-share)) for k, way in enumerate(ways))


def by_kind(played: Sequence[Played]) -> dict[str, list[Played]]:
    kinds: dict[str, list[Played]] = {}
    for one in played:
        kinds.setdefault(one.subject.kind, []).append(one)
    return kinds


def attack_lines(attacks: Sequence[Played]) -> list[str]:
    """A table: a species a line, and below what stopped it."""
    lines = [f"{'species':16}{'accepted':>10}{'APCER':>8}{'95 % up to':>12}{'alive':>7}  limit"]
    for kind, ones in by_kind(attacks).items():
        accepted, alive = sum(one.accepted for one in ones), sum(one.proven for one in ones)
        limit = LIMITS.get(kind)
        verdict = "reported only" if limit is None else f"{limit:.0%}  {_pass(accepted / len(ones) <= limit)}"
        share, bound = f"{accepted / len(ones):.1%}", f"{upper_bound(accepted, len(ones)):.1%}"
        lines.append(f"{kind:16}{accepted:>5d}/{len(ones):<4d}{share:>8}{bound:>12}{alive:>7d}  {verdict}")
        lines.append(f"    ended by {_counted(one.tries[-1].end for one in ones)}")
        if accepted:
            lines.append(f"    accepted at {_counted(one.tries[-1].action for one in ones if one.accepted)}")
    return lines


def citizen_lines(citizens: Sequence[Played]) -> list[str]:
    """A table: a stratum a line, all of them at the end."""
    lines = [f"{'stratum':16}{'rejected':>10}{'BPCER':>8}{'95 % up to':>12}  in the first try"]
    for kind, ones in [*by_kind(citizens).items(), ("all", list(citizens))]:
        rejected, first = sum(not one.accepted for one in ones), sum(not _accepted_first(one) for one in ones)
        share, bound = f"{rejected / len(ones):.1%}", f"{upper_bound(rejected, len(ones)):.1%}"
        lines.append(f"{kind:16}{rejected:>5d}/{len(ones):<4d}{share:>8}{bound:>12}{first:>7d}")
        ends = _counted(f"{one.end} at {one.action}" for each in ones for one in each.tries if _failed(one.end))
        if ends and kind != "all":
            lines.append(f"    tries that failed: {ends}")
    return lines


def _failed(end: str) -> bool:
    return end not in {MATCHED, DECLINED}


def _accepted_first(played: Played) -> bool:
    return next(one for one in played.tries if one.end != DECLINED).accepted


def time_line(citizens: Sequence[Played]) -> str:
    """Simulated seconds at the camera of citizens who passed, until the comparison begins."""
    seconds = sorted(one.seconds for one in citizens if one.accepted)
    if not seconds:
        return "no citizen passed: no time to tell"
    p95 = seconds[ceil(0.95 * len(seconds)) - 1]
    return f"seconds of a passed session (simulated): median {median(seconds):.1f}, 95th percentile {p95:.1f}"


def broken_limits(attacks: Sequence[Played], citizens: Sequence[Played]) -> list[str]:
    """Empty when everything is kept. A species with a limit that was not presented breaks it."""
    kinds = by_kind(attacks)
    broken = [f"{kind} was not presented" for kind in LIMITS if kind not in kinds]
    for kind, limit in LIMITS.items():
        accepted, of = sum(one.accepted for one in kinds.get(kind, [])), len(kinds.get(kind, []))
        if accepted > limit * of:
            broken.append(f"APCER of {kind}: {accepted} of {of}, at most {limit:.0%}")
    rejected = sum(not one.accepted for one in citizens)
    if not citizens:
        broken.append("no citizen was presented")
    elif rejected > BPCER_LIMIT * len(citizens):
        broken.append(f"BPCER: {rejected} of {len(citizens)}, at most {BPCER_LIMIT:.0%}")
    return broken


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in Counter(words).most_common())


def _pass(kept: bool) -> str:
    return "PASS" if kept else "FAIL"
