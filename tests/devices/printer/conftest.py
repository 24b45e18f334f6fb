"""A Qt without widgets, the fonts, and the way to renew the golden papers.

``pytest tests/devices/printer --renew-golden`` writes tests/golden/papers/ anew from what is rendered now. Look at
every picture before committing it.
"""

import pytest
from PySide6.QtGui import QGuiApplication

from devices.printer.fonts import load_fonts


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-golden", action="store_true", help="write the golden papers anew")


@pytest.fixture(scope="session")
def renew_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--renew-golden", default=False))


@pytest.fixture(scope="session", autouse=True)
def _fonts(qapp: QGuiApplication) -> None:
    problem = load_fonts()
    assert problem is None, problem.remedy
