"""A Qt without widgets, and the fonts."""

import pytest
from PySide6.QtGui import QGuiApplication

from devices.printer.fonts import load_fonts


@pytest.fixture(scope="session", autouse=True)
def _fonts(qapp: QGuiApplication) -> None:
    problem = load_fonts()
    assert problem is None, problem.remedy
