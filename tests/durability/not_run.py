"""Proofs this machine does not allow are told at the end of the run, each with its reason: they did not pass."""

from collections.abc import Iterator

import pytest

NOT_RUN = "NOT RUN"
"""How the reason of such a skip begins."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = sorted(set(_lines(terminalreporter.getreports("skipped"))))
    if lines:
        terminalreporter.section("proofs that were not run", red=True, bold=True)
        for line in lines:
            terminalreporter.write_line(line)


def _lines(reports: list[pytest.TestReport]) -> Iterator[str]:
    for report in reports:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if NOT_RUN in reason:
            yield f"{report.nodeid}: {reason.removeprefix('Skipped: ')}"
