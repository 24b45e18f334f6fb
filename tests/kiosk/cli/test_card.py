"""kiosk card read against a simulated reader: masked, timed, with a telling end."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kiosk.cli.card import app
from simulators.card_reader.simulator import CardReaderSimulator
from tests.devices.id_card.conftest import made_up_picture
from tests.devices.id_card.specimens import FOREIGN, RESIDENT


@pytest.fixture
def simulator() -> Iterator[CardReaderSimulator]:
    reader = CardReaderSimulator(made_up_picture)
    reader.plug({})
    yield reader
    reader.close()


def read(simulator: CardReaderSimulator, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["read", "--port", simulator.address, "--timeout", "0", *options])
    return result.exit_code, result.stdout


def read_json(simulator: CardReaderSimulator) -> tuple[int, dict[str, Any]]:
    code, output = read(simulator, "--json")
    (line,) = output.splitlines()
    outcome = json.loads(line)
    assert isinstance(outcome, dict)
    return code, outcome


def test_a_card_is_shown_masked_with_its_times(simulator: CardReaderSimulator) -> None:
    simulator.insert_card(dict(RESIDENT))
    code, outcome = read_json(simulator)
    steps = outcome.pop("steps_ms")
    assert set(steps) == {"find", "select", "read"}
    assert outcome.pop("total_ms") == pytest.approx(sum(steps.values()), abs=0.2)
    assert code == 0
    assert outcome == {
        "result": "read",
        "card_type": "resident-id",
        "name": "测*甲",
        "number": "110***********002X",
        "sex": "female",
        "ethnicity": "汉",
        "address": "14 characters",
        "authority": "赣州市公安局章贡分局",
        "valid_from": "2020-01-01",
        "valid_to": "长期",
        "photo_bytes": 1024,
    }


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_no_output_holds_a_person(simulator: CardReaderSimulator, options: tuple[str, ...]) -> None:
    simulator.insert_card(dict(RESIDENT))
    _, output = read(simulator, *options)
    for secret in (RESIDENT["name"], RESIDENT["number"], RESIDENT["address"]):
        assert secret not in output


def test_a_wrong_card(simulator: CardReaderSimulator) -> None:
    simulator.insert_card(dict(FOREIGN))
    code, outcome = read_json(simulator)
    assert (code, outcome["result"], outcome["card_type"]) == (1, "wrong-card", "foreign-permanent-2023")


def test_a_contradictory_card(simulator: CardReaderSimulator) -> None:
    simulator.insert_card({**RESIDENT, "sex": "1"})
    code, outcome = read_json(simulator)
    assert (code, outcome["result"], outcome["field"]) == (1, "card-contradictory", "sex")


def test_an_unreadable_card(simulator: CardReaderSimulator) -> None:
    simulator.insert_card(dict(RESIDENT))
    simulator.set_fault({"kind": "status", "status": "41", "command": "3001"})
    code, outcome = read_json(simulator)
    assert (code, outcome["result"], outcome["reason"]) == (1, "card-unreadable", "read")


def test_nothing_there(simulator: CardReaderSimulator) -> None:
    code, outcome = read_json(simulator)
    assert (code, outcome) == (1, {"result": "no-card", "card_type": None, "steps_ms": None, "total_ms": None})
    simulator.unplug({})
    result = CliRunner().invoke(app, ["read", "--port", "/dev/absent-reader", "--json"])
    assert (result.exit_code, json.loads(result.stdout)["reason"]) == (1, "port-gone")


def test_without_usable_settings_it_says_so(tmp_path: Path) -> None:
    settings = tmp_path / "terminal.toml"
    result = CliRunner().invoke(app, ["read", "--config", str(settings)])
    assert result.exit_code == 2
    assert str(settings) in result.stderr
