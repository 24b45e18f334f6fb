"""Stories: tests that tell one of the failure branches of domain.md 5.2 from the citizen's side, by its code.

``pytest -m story`` ends with every code, how its stories went and their names. A story without a code tells a branch
that the table does not name.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

BRANCHES = tuple(f"E-{number:02}" for number in range(1, 33) if number != 18)
"""E-18 compares one face with many and stays switched off, so there is nothing to tell of it."""

_PROPERTY = "story"
_UNNAMED = "----"


def story_codes(item: pytest.Item) -> tuple[str, ...]:
    return tuple(code for mark in item.iter_markers("story") for code in mark.args)


def written_stories(folder: Path) -> dict[str, tuple[str, ...]]:
    """Every marked test in the files under ``folder``, as ``file::name``, with its codes, whatever is collected."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(folder.rglob("test_*.py")):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and (codes := tuple(_codes_of(function))):
                found[f"{file.relative_to(folder).as_posix()}::{function.name}"] = codes
    return found


def _codes_of(function: ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.story":
            for argument in decorator.args:
                yield ast.literal_eval(argument)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("story") is not None:
            item.user_properties.extend((_PROPERTY, code) for code in story_codes(item) or (_UNNAMED,))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if "story" not in config.option.markexpr:
        return
    reports = [report for outcome in ("passed", "failed", "error") for report in terminalreporter.getreports(outcome)]
    told: dict[str, list[pytest.TestReport]] = defaultdict(list)
    for report in reports:
        for code in {value for name, value in getattr(report, "user_properties", ()) if name == _PROPERTY}:
            told[str(code)].append(report)
    terminalreporter.section("failure branches told as stories")
    for code in (*BRANCHES, *(_UNNAMED,) * (_UNNAMED in told)):
        terminalreporter.write_line(f"{code}  {_line(told[code])}")


def _line(reports: list[pytest.TestReport]) -> str:
    if not reports:
        return "no story among the tests that ran"
    passed = sum(report.passed for report in reports)
    names = sorted({report.nodeid.rsplit("::", 1)[-1].split("[", 1)[0] for report in reports})
    return f"{passed} of {len(reports)} passed: {', '.join(names)}"
