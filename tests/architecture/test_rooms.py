"""Every driver, journey, step and simulator is complete and stands in its room."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest
from pydantic import BaseModel

import devices
from kiosk.app.settings import TerminalSettings
from kiosk.cli.commands import COMMANDS
from kiosk.flow.machine import Journey

ROOT = Path(devices.__file__).parent.parent
DRIVERS = sorted(path.parent for path in (ROOT / "devices").glob("*/*/settings.py"))
NO_JOURNEY = ("__init__", "states")
"""``states`` is the sum of what the journeys can be in."""

JOURNEYS = sorted(path for path in (ROOT / "kiosk" / "journeys").glob("*.py") if path.stem not in NO_JOURNEY)
STEPS = sorted(path for path in (ROOT / "kiosk" / "steps").glob("*.py") if path.stem != "__init__")
SIMULATORS = sorted(path.parent for path in (ROOT / "simulators").glob("*/__main__.py"))
PRODUCT = [
    path
    for room in ("kiosk", "devices", "offline_cache", "ui", "gateway", "simulators", "benchmarks")
    for path in (ROOT / room).rglob("*.py")
]
PORT_OF_CLASS = {
    "id_card": "IdCardReader",
    "photo_decoder": "PhotoDecoder",
    "camera": "Camera",
    "face_analyser": "FaceAnalyser",
    "printer": "Printer",
    "smart_card": "SmartCardReader",
    "speaker": "Speaker",
}
FORBIDDEN_NAMES = {"utils", "helpers", "manager", "common"}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_is_something_to_check() -> None:
    assert len(DRIVERS) >= 6
    assert JOURNEYS
    assert STEPS
    assert len(SIMULATORS) >= 4


@pytest.mark.parametrize("folder", DRIVERS, ids=name_of)
def test_a_driver_declares_settings_named_after_its_folder(folder: Path) -> None:
    settings = importlib.import_module(f"{module_of(folder)}.settings")
    (declared,) = [
        value
        for value in vars(settings).values()
        if inspect.isclass(value) and issubclass(value, BaseModel) and value.__module__ == settings.__name__
    ]
    assert declared.model_config.get("frozen"), "settings are values"
    assert declared.model_config.get("extra") == "forbid", "a misspelt option must be told"
    assert declared.model_fields["model"].default == folder.name
    undescribed = [name for name, info in declared.model_fields.items() if name != "model" and not info.description]
    assert not undescribed


@pytest.mark.parametrize("folder", [f for f in DRIVERS if f.parent.name in PORT_OF_CLASS], ids=name_of)
def test_a_driver_has_every_method_of_its_port(folder: Path) -> None:
    port_class = PORT_OF_CLASS[folder.parent.name]
    port = getattr(importlib.import_module(f"kiosk.ports.{folder.parent.name}"), port_class)
    driver = importlib.import_module(f"{module_of(folder)}.driver")
    wanted = {name for name in vars(port) if not name.startswith("_")}
    complete = [
        cls
        for cls in vars(driver).values()
        if inspect.isclass(cls) and cls.__module__ == driver.__name__ and wanted <= set(dir(cls))
    ]
    assert complete, f"no class in {driver.__name__} has all of {sorted(wanted)}"


@pytest.mark.parametrize("folder", [f for f in DRIVERS if f.parent.name in PORT_OF_CLASS], ids=name_of)
def test_a_terminal_can_be_set_up_with_the_driver(folder: Path) -> None:
    assert folder.parent.name in TerminalSettings.model_fields


@pytest.mark.parametrize("path", JOURNEYS, ids=name_of)
def test_a_journey_answers_the_engine_s_questions(path: Path) -> None:
    module = importlib.import_module(module_of(path))
    wanted = {name for name in vars(Journey) if not name.startswith("_")} | {"code"}
    (journey,) = [
        cls
        for cls in vars(module).values()
        if inspect.isclass(cls) and cls.__module__ == module.__name__ and wanted <= set(dir(cls))
    ]
    assert vars(journey)["code"] == path.stem


@pytest.mark.parametrize("path", STEPS, ids=name_of)
def test_a_step_is_a_beginning_and_an_advance(path: Path) -> None:
    module = importlib.import_module(module_of(path))
    assert callable(module.begin)
    assert callable(module.advance)


@pytest.mark.parametrize("folder", SIMULATORS, ids=name_of)
def test_a_simulator_is_a_program(folder: Path) -> None:
    assert callable(importlib.import_module(f"{module_of(folder)}.__main__").main)


@pytest.mark.parametrize("module", COMMANDS.values())
def test_a_command_is_a_module_with_an_app(module: str) -> None:
    assert importlib.import_module(module).app


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_a_file_has_a_purpose_and_a_name_that_tells_it(path: Path) -> None:
    assert not FORBIDDEN_NAMES & set(path.relative_to(ROOT).with_suffix("").parts)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree), "says in its first line what it is for"


def test_product_code_never_imports_a_simulator() -> None:
    offenders = [
        name_of(path)
        for path in PRODUCT
        if path.relative_to(ROOT).parts[0] not in {"simulators", "benchmarks"}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "simulators")
        or (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "simulators" for alias in node.names))
    ]
    assert not offenders
