"""What the run had to show, and whether it did. Everything judged here was read back from what the run left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.cli.demo.evidence import Findings, SessionRecord
from kiosk.cli.demo.scenario import Scenario
from kiosk.domain.case import Outcome


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing the run had to show."""

    name: str
    good: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a case left behind: its ``sessions`` in the log; ``alerts``, why staff were called; how many ``papers`` came
    out, the receipt numbers signed on them and the words of the scenario that are missing there; ``record`` as the
    gateway holds it under the case's receipt, None when it holds none; ``trouble`` where the case got stuck."""

    sessions: Sequence[SessionRecord]
    alerts: Sequence[str]
    papers: int
    receipts: Sequence[str]
    missing_words: Sequence[str]
    record: Mapping[str, Any] | None
    trouble: str | None = None


def not_as_written(scenario: Scenario, told: Told) -> tuple[str, ...]:
    """Every difference in plain words; none when the case ended as its scenario says."""
    expected = [] if scenario.outcome is None else [(scenario.outcome.value, scenario.reason)]
    ended = [(session.outcome, session.reason) for session in told.sessions]
    receipt = next((session.receipt for session in told.sessions), None)
    unsigned = receipt is not None and told.papers > 0 and receipt not in told.receipts
    differences = (
        told.trouble,
        _unlike("ended as", expected, ended),
        _unlike("papers", scenario.papers, told.papers),
        f"no paper says {'; '.join(told.missing_words)}" if told.missing_words else None,
        _unlike("alerts", sorted(scenario.alerts), sorted(told.alerts)),
        _unlike("the gateway holds", _written_record(scenario), _held_record(told.record)),
        f"no paper carries the signed code of {receipt}" if unsigned else None,
    )
    return tuple(difference for difference in differences if difference is not None)


def as_written(wrong: Mapping[str, Sequence[str]]) -> Proof:
    """``wrong`` holds the differences of every case by its name."""
    bad = [name for name, differences in wrong.items() if differences]
    detail = f"{len(wrong) - len(bad)} of {len(wrong)} cases"
    return Proof("every case ended as written", not bad and bool(wrong), "; ".join((detail, *bad)))


def all_outcomes(shown: Sequence[str]) -> Proof:
    missing = [outcome.value for outcome in Outcome if outcome.value not in shown]
    words = f"missing: {', '.join(missing)}" if missing else ", ".join(outcome.value for outcome in Outcome)
    return Proof("all four outcomes came about", not missing, words)


def nothing_personal(while_waiting: Findings | None, at_the_end: Findings) -> Proof:
    """Both searches count; the first only if a case did lie in the files it searched."""
    name = "nothing personal in log and outbox"
    if while_waiting is None or not while_waiting.sealed_case:
        return Proof(name, False, "never searched while a case waited")
    traces = sorted({*while_waiting.traces, *at_the_end.traces})
    return Proof(name, not traces, "; ".join(traces) or "no trace, neither while a case waited nor at the end")


def _unlike(what: str, written: object, found: object) -> str | None:
    return None if written == found else f"{what}: {found} instead of {written}"


def _written_record(scenario: Scenario) -> dict[str, object] | None:
    held = scenario.gateway
    if held is None:
        return None
    return {"records": 1, "arrivals": held.arrivals, "outcome": held.outcome.value, "basis": held.basis}


def _held_record(record: Mapping[str, Any] | None) -> dict[str, object] | None:
    return None if record is None else {name: record[name] for name in ("records", "arrivals", "outcome", "basis")}
