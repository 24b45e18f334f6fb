"""kiosk card social against the virtual card behind a real pcscd: masked, with a telling end."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from devices.smart_card.pcsc.driver import PcscReader
from devices.smart_card.pcsc.settings import PcscSettings
from kiosk.app.system import SystemClock
from kiosk.cli.card import app
from tests.smart_card_bench import NEVER, PATIENCE_S, SPECIMEN, VirtualReader, patient


@pytest.fixture
def slot(virtual_reader: VirtualReader, monkeypatch: pytest.MonkeyPatch) -> VirtualReader:
    """Empty, and pcscd has noticed it."""
    monkeypatch.setattr("kiosk.cli.card.PcscReader", lambda settings, clock: PcscReader(patient(settings), clock))
    reader = PcscReader(PcscSettings(socket=virtual_reader.socket), SystemClock())
    assert reader.wait_until_removed(PATIENCE_S, NEVER)
    reader.close()
    return virtual_reader


def social(reader: VirtualReader, *options: str, timeout: str = str(PATIENCE_S)) -> tuple[int, dict[str, Any], str]:
    arguments = ["social", "--socket", str(reader.socket), "--timeout", timeout, "--json", *options]
    result = CliRunner().invoke(app, arguments)
    outcome = json.loads(result.stdout)
    assert isinstance(outcome, dict)
    assert outcome.pop("total_ms") >= 0
    return result.exit_code, outcome, result.stdout


def test_a_card_is_shown_masked(slot: VirtualReader) -> None:
    slot.world.insert_card({**SPECIMEN, "card_number": "A12345678"})
    code, outcome, said = social(slot)
    assert code == 0
    assert outcome == {
        "result": "read",
        "card_type": "social-security",
        "version": 3,
        "name": "测*甲",
        "number": "110***********002X",
        "sex": "female",
        "ethnicity": "汉",
        "area_code": "360700",
        "issued_on": "2020-01-01",
        "valid_to": "2030-01-01",
    }
    assert not [secret for secret in (SPECIMEN["name"], SPECIMEN["number"], "A12345678") if secret in said]


@pytest.mark.parametrize(
    ("card", "outcome"),
    [
        ({"kind": "bank"}, {"result": "wrong-card"}),
        (
            {**SPECIMEN, "kind": "pin-protected"},
            {"result": "issuer-needed", "reason": "needs issuer authentication"},
        ),
        ({**SPECIMEN, "birth": "19500101"}, {"result": "card-contradictory", "field": "birth-date"}),
    ],
)
def test_every_other_end_says_why(slot: VirtualReader, card: dict[str, str], outcome: dict[str, str]) -> None:
    slot.world.insert_card(dict(card))
    assert social(slot)[:2] == (1, outcome)


def test_an_empty_slot_is_no_card(slot: VirtualReader) -> None:
    assert social(slot, timeout="0")[:2] == (1, {"result": "no-card"})
