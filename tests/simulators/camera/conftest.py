"""Figures of the virtual hall, prepared once for all tests."""

from pathlib import Path

import pytest

from simulators.camera.renderer import Renderer


@pytest.fixture(scope="session")
def models_dir() -> Path:
    folder = Path(__file__).parents[3] / "var" / "models"
    if not (folder / "portraits").is_dir():
        pytest.fail(f"{folder} holds no training portraits: run kiosk models install --training")
    return folder


@pytest.fixture(scope="session")
def renderer(models_dir: Path) -> Renderer:
    prepared = Renderer(models_dir)
    prepared.prepare("hopper")
    prepared.prepare("astronaut")
    return prepared
