"""What the drivers say of a paper in doubt, what the journal says after a power cut, and what a notice says: one
vocabulary."""

import ast
from collections.abc import Iterator
from pathlib import Path

import devices.printer
from devices.printer import escpos_status
from devices.printer.a4 import condition
from kiosk.domain.void_reasons import VOID_REASONS

DRIVERS = Path(devices.printer.__file__).parent
SAYING = {"PrintUnknown", "TroubleSeen", "LinkLost", "_give_up"}


def test_every_reason_a_driver_gives_is_a_known_word() -> None:
    said = set(_reasons())
    assert {"link-lost", "no-acknowledgement", "job-vanished", "queue-failed"} <= said
    assert said <= VOID_REASONS
    assert {*escpos_status.REMEDIES, *condition.REMEDIES} <= VOID_REASONS


def _reasons() -> Iterator[str]:
    """Every literal in a call that tells of doubt."""
    for source in DRIVERS.rglob("*.py"):
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _name(call.func) in SAYING:
                yield from (
                    part.value
                    for argument in call.args
                    for part in ast.walk(argument)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
