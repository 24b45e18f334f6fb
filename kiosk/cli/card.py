"""kiosk card: reads a card on the bench. What it shows is masked, as everywhere outside the card's own session."""

import json
import threading
from pathlib import Path
from typing import Annotated, Any, assert_never

import typer

from devices.id_card.ethnicity import ETHNICITIES
from devices.id_card.sam.driver import SamReader, StepTimes
from devices.id_card.sam.settings import SamSettings
from kiosk.app.glance import CONFIG
from kiosk.app.settings import SettingsUnusable, load_settings
from kiosk.app.system import SystemClock
from kiosk.domain.identity_document import IdentityDocument
from kiosk.ports.id_card import (
    CardContradictory,
    CardRead,
    CardReading,
    CardUnreadable,
    NoCard,
    PermitRead,
    ReaderFault,
    WrongCard,
)

app = typer.Typer(add_completion=False, help="The card reader on the bench.", no_args_is_help=True)


NOT_READ = 1
SETTINGS_UNUSABLE = 2


@app.callback()
def card() -> None:
    """The card reader on the bench."""


@app.command()
def read(
    config: Annotated[Path, typer.Option(envvar="KIOSK_CONFIG", help="Settings file of the terminal.")] = CONFIG,
    port: Annotated[str, typer.Option("--port", help="A reader on this serial port, whatever the settings say.")] = "",
    timeout: Annotated[float, typer.Option("--timeout", help="Seconds to wait for a card.", min=0.0)] = 20.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Wait for a card, read it, show it masked. Ends with 1 when no resident ID card was read."""
    reader = SamReader(SamSettings(port=port) if port else _configured(config), SystemClock())
    try:
        outcome = describe(reader.read_card(timeout, threading.Event()), reader.last_steps)
    finally:
        reader.close()
    typer.echo(json.dumps(outcome, ensure_ascii=False) if as_json else _for_people(outcome))
    if outcome["result"] != "read":
        raise typer.Exit(NOT_READ)


def _configured(config: Path) -> SamSettings:
    settings = load_settings(config)
    if isinstance(settings, SettingsUnusable):
        for problem in settings.problems:
            typer.echo(problem, err=True)
        raise typer.Exit(SETTINGS_UNUSABLE)
    return settings.id_card


def describe(reading: CardReading, steps: StepTimes | None) -> dict[str, Any]:
    """What ``card read`` shows of ``reading``: ``result``, ``card_type``, masked fields or a reason, times."""
    times: dict[str, Any] = {
        "steps_ms": None if steps is None else _rounded(steps),
        "total_ms": None if steps is None else round(steps.total_ms, 1),
    }
    match reading:
        case CardRead(document, photo):
            return {
                "result": "read",
                "card_type": "resident-id",
                **_masked(document),
                "photo_bytes": len(photo.data),
                **times,
            }
        case PermitRead():
            return {"result": "wrong-card", "card_type": "permit", **times}
        case WrongCard():
            return {"result": "wrong-card", "card_type": "unknown", **times}
        case CardContradictory(field):
            return {"result": "card-contradictory", "card_type": "resident-id", "field": field, **times}
        case CardUnreadable(reason):
            return {"result": "card-unreadable", "card_type": None, "reason": reason, **times}
        case ReaderFault(reason):
            return {"result": "reader-fault", "card_type": None, "reason": reason, **times}
        case NoCard():
            return {"result": "no-card", "card_type": None, **times}
        case _:
            assert_never(reading)


def _rounded(steps: StepTimes) -> dict[str, float]:
    return {
        "find": round(steps.find_ms, 1),
        "select": round(steps.select_ms, 1),
        "read": round(steps.read_ms, 1),
    }


def _masked(document: IdentityDocument) -> dict[str, Any]:
    return {
        "name": document.name.masked,
        "number": document.number.masked,
        "sex": document.sex.name.lower(),
        "ethnicity": ETHNICITIES.get(document.ethnicity_code, document.ethnicity_code),
        "address": f"{len(document.address)} characters",
        "authority": document.authority,
        "valid_from": document.valid_from.isoformat(),
        "valid_to": "长期" if document.valid_to is None else document.valid_to.isoformat(),
    }


def _for_people(outcome: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in outcome.items() if value is not None)
