"""Any program with a control channel can be moved from a script."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from kiosk.cli.commands import app
from kiosk.cli.simulate import value_of
from simulators.control import ControlServer


@pytest.fixture
def told() -> list[dict[str, Any]]:
    """What the program was asked for."""
    return []


@pytest.fixture
def address(told: list[dict[str, Any]]) -> Iterator[str]:
    def turn(request: dict[str, Any]) -> dict[str, Any]:
        told.append(request)
        if request.get("side") not in ("left", "right"):
            raise ValueError("side must be left or right")
        return {"turned": request["side"]}

    server = ControlServer({"turn": turn})
    server.start()
    yield server.address
    server.close()


def control(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["simulate", "control", *arguments])
    return result.exit_code, result.stdout


def test_a_verb_reaches_the_program_with_its_arguments(address: str, told: list[dict[str, Any]]) -> None:
    code, out = control(address, "turn", "side=left", "seconds=2.5", 'names=["a"]', "number=11010519491231002X")
    assert (code, json.loads(out)) == (0, {"ok": True, "turned": "left"})
    assert told == [{"side": "left", "seconds": 2.5, "names": ["a"], "number": "11010519491231002X"}]


def test_the_program_lists_its_verbs(address: str) -> None:
    assert json.loads(control(address, "verbs")[1]) == {"ok": True, "verbs": ["turn", "verbs"]}


@pytest.mark.parametrize(("verb", "argument"), [("turn", "side=up"), ("vanish", "now=1")])
def test_a_refusal_is_told_and_is_exit_code_1(address: str, verb: str, argument: str) -> None:
    code, out = control(address, verb, argument)
    assert code == 1
    assert json.loads(out)["ok"] is False


def test_nobody_there_is_exit_code_1() -> None:
    code, out = control("127.0.0.1:9", "state")
    assert (code, json.loads(out)) == (1, {"ok": False, "error": "no answer"})


@pytest.mark.parametrize("arguments", [(), ("127.0.0.1:9",), ("nowhere", "state"), ("127.0.0.1:9", "turn", "left")])
def test_what_cannot_be_meant_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    assert control(*arguments)[0] == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("true", True),
        ("null", None),
        ("hopper", "hopper"),
        ("长期", "长期"),
        ("100101195203140029", "100101195203140029"),
    ],
)
def test_values_are_json_where_they_read_as_json(text: str, value: object) -> None:
    assert value_of(text) == value


def test_the_help_tells_of_programs_and_control() -> None:
    result = CliRunner().invoke(app, ["simulate", "--help"])
    assert result.exit_code == 0
    for word in ("card-reader", "printer", "control ADDRESS VERB"):
        assert word in result.stdout
