"""kiosk card against a simulated reader: masked, timed, with a telling end."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kiosk.cli.card import app
from simulators.card_reader.simulator import CardReaderSimulator
from tests.devices.id_card.conftest import made_up_picture
from tests.devices.id_card.specimens import FOREIGN, FOREIGN_2017, PERMIT, RESIDENT


@pytest.fixture
def simulator() -> Iterator[CardReaderSimulator]:
    reader = CardReaderSimulator(made_up_picture)
    reader.plug({})
    yield reader
    reader.close()


CARDS: dict[str, dict[str, Any]] = {" ": RESIDENT, "J": PERMIT, "I": FOREIGN_2017, "Y": FOREIGN}


def read(simulator: CardReaderSimulator, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["read", "--port", simulator.address, "--timeout", "0", *options])
    return result.exit_code, result.stdout


def read_json(simulator: CardReaderSimulator, *options: str) -> tuple[int, dict[str, Any]]:
    code, output = read(simulator, "--json", *options)
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


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (
            "J",
            {
                "card_type": "hk-macao-taiwan-permit",
                "name": "测*乙",
                "number": "810***********0019",
                "sex": "male",
                "address": "11 characters",
                "authority": "赣州市公安局",
                "travel_permit": "*****0000",
                "times_issued": "01",
                "valid_from": "2020-01-01",
                "valid_to": "2025-01-01",
            },
        ),
        (
            "I",
            {
                "card_type": "foreign-permanent-2017",
                "name": "Z*N",
                "number": "PAK********0106",
                "sex": "female",
                "chinese_name": "证*本",
                "country": "PAK",
                "earlier_number": None,
                "valid_from": "2017-06-01",
                "valid_to": "2027-05-31",
            },
        ),
        (
            "Y",
            {
                "card_type": "foreign-permanent-2023",
                "name": "Z*N",
                "number": "931***********0028",
                "sex": "female",
                "chinese_name": "证*本",
                "country": "PAK",
                "earlier_number": "PAK********0103",
                "valid_from": "2023-08-08",
                "valid_to": "2033-08-07",
            },
        ),
    ],
)
def test_permits_are_shown_masked(simulator: CardReaderSimulator, kind: str, fields: dict[str, Any]) -> None:
    simulator.insert_card(dict(CARDS[kind]))
    code, outcome = read_json(simulator)
    assert code == 0
    assert outcome.pop("total_ms") > 0
    assert set(outcome.pop("steps_ms")) == {"find", "select", "read"}
    assert outcome == {"result": "read", **fields, "photo_bytes": 1024}


@pytest.mark.parametrize("options", [(), ("--json",), ("--addresses", "--chip"), ("--json", "--addresses", "--chip")])
@pytest.mark.parametrize("kind", CARDS)
def test_no_output_holds_a_person(simulator: CardReaderSimulator, kind: str, options: tuple[str, ...]) -> None:
    moved = "江西省赣州市南康区测试街道2号"
    card = {**CARDS[kind], "addresses": [moved], "management_number": "A1" * 28}
    simulator.insert_card(card)
    code, output = read(simulator, *options)
    assert code == 0
    for secret in (card["name"], card["number"], card.get("address"), card.get("english_name"), moved, "A1" * 8):
        assert secret is None or secret not in output


MADE_UP = {**RESIDENT, "number": "100101195104170089", "birth": "19510417"}


def test_a_published_specimen_is_revealed(simulator: CardReaderSimulator) -> None:
    moved = "江西省赣州市南康区测试街道2号"
    simulator.insert_card({**RESIDENT, "addresses": [moved], "management_number": "01" * 4 + "02" * 8 + "03" * 16})
    code, outcome = read_json(simulator, "--reveal", "--addresses", "--chip")
    assert (code, outcome["revealed"]) == (0, True)
    assert outcome["name"] == RESIDENT["name"]
    assert outcome["number"] == RESIDENT["number"]
    assert outcome["address"] == RESIDENT["address"]
    assert outcome["appended_addresses"] == [moved]
    assert outcome["chip_number"] == " ".join(("01" * 4, "02" * 8, "03" * 16))


@pytest.mark.parametrize("kind", ["J", "Y"])
def test_specimens_of_permits_are_revealed(simulator: CardReaderSimulator, kind: str) -> None:
    simulator.insert_card(dict(CARDS[kind]))
    _, outcome = read_json(simulator, "--reveal")
    assert outcome["number"] == CARDS[kind]["number"]
    assert outcome["name"] == CARDS[kind]["english_name" if kind == "Y" else "name"]
    assert outcome["revealed"] is True


@pytest.mark.parametrize("card", [MADE_UP, FOREIGN_2017])
def test_nobody_else_is_revealed(simulator: CardReaderSimulator, card: dict[str, Any]) -> None:
    simulator.insert_card(dict(card))
    result = CliRunner().invoke(app, ["read", "--port", simulator.address, "--timeout", "0", "--reveal", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["revealed"] is False
    assert "stays masked" in result.stderr
    for secret in (card["name"], card["number"], card.get("address"), card.get("english_name")):
        assert secret is None or secret not in result.output


def test_appended_addresses_and_chip_number_are_shown_only_when_asked_for(simulator: CardReaderSimulator) -> None:
    card = {**RESIDENT, "addresses": ["江西省赣州市南康区测试街道2号"], "management_number": "AB" * 28}
    simulator.insert_card(dict(card))
    _, outcome = read_json(simulator)
    assert not {"appended_addresses", "chip_number"} & set(outcome)
    simulator.swap_card(dict(card))
    _, outcome = read_json(simulator, "--addresses", "--chip")
    assert outcome["appended_addresses"] == ["15 characters"]
    assert outcome["chip_number"] == "*" * 52 + "ABAB"


def test_a_chip_number_that_cannot_be_read_does_not_spoil_the_card(simulator: CardReaderSimulator) -> None:
    simulator.insert_card(dict(RESIDENT))
    simulator.set_fault({"kind": "status", "status": "41", "command": "3005"})
    code, outcome = read_json(simulator, "--chip")
    assert (code, outcome["result"], outcome["chip_number"]) == (0, "read", "not read: read")


def test_a_wrong_card(simulator: CardReaderSimulator) -> None:
    simulator.insert_card(dict(RESIDENT))
    simulator.set_fault({"kind": "status", "status": "40", "command": "2002"})
    code, outcome = read_json(simulator)
    assert (code, outcome["result"], outcome["card_type"]) == (1, "wrong-card", None)


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


def test_a_port_that_is_no_address_is_refused() -> None:
    result = CliRunner().invoke(app, ["read", "--port", "tcp:nowhere"])
    assert result.exit_code == 2
    assert "must be tcp:HOST:PORT" in result.stderr


def test_a_reader_behind_a_bridge() -> None:
    bridged = CardReaderSimulator(made_up_picture, tcp=0)
    bridged.plug({})
    bridged.insert_card(dict(RESIDENT))
    code, outcome = read_json(bridged)
    bridged.close()
    assert (code, outcome["card_type"]) == (0, "resident-id")


def test_a_reset_tells_how_the_module_is(simulator: CardReaderSimulator) -> None:
    result = CliRunner().invoke(app, ["reset", "--port", simulator.address, "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"result": "ready", "module": "05.01-20240101-0000123456-0000007890"}
    simulator.set_fault({"kind": "status", "status": "60", "lasting": True})
    result = CliRunner().invoke(app, ["reset", "--port", simulator.address])
    assert result.exit_code == 1
    assert "self-test" in result.stdout
    assert simulator.describe({})["heard"][:3] == ["10FF", "11FF", "12FF"]
