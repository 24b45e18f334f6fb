"""kiosk card: the card readers on the bench. What it shows is masked, as everywhere outside the card's own session."""

import json
import threading
from pathlib import Path
from typing import Annotated, Any, assert_never

import typer
from pydantic import ValidationError

from devices.id_card.ethnicity import ETHNICITIES
from devices.id_card.sam.driver import ChipNumber, SamReader, StepTimes
from devices.id_card.sam.settings import SamSettings
from devices.smart_card.pcsc.driver import PcscReader
from devices.smart_card.pcsc.settings import PcscSettings
from kiosk.app.glance import CONFIG
from kiosk.app.settings import SettingsUnusable, TerminalSettings, load_settings
from kiosk.app.system import SystemClock
from kiosk.domain.identity_document import DocumentKind, ForeignPermit, IdentityDocument, ResidencePermit
from kiosk.ports.device_status import Ready, Unavailable
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
from kiosk.ports.smart_card import IssuerNeeded, SmartCardReading, SocialSecurityCardRead

app = typer.Typer(add_completion=False, help="The card readers on the bench.", no_args_is_help=True)

SPECIMENS = frozenset({"11010519491231002X", "810000199001010019", "932682198501010017", "931586198001010028"})
"""Numbers of published specimens, which belong to nobody."""

CARD_TYPES = {
    DocumentKind.RESIDENT_ID: "resident-id",
    DocumentKind.HK_MACAO_TAIWAN_PERMIT: "hk-macao-taiwan-permit",
    DocumentKind.FOREIGN_PERMANENT_2017: "foreign-permanent-2017",
    DocumentKind.FOREIGN_PERMANENT_2023: "foreign-permanent-2023",
}

NOT_DONE = 1
SETTINGS_UNUSABLE = 2

Config = Annotated[Path, typer.Option(envvar="KIOSK_CONFIG", help="Settings file of the terminal.")]
Port = Annotated[
    str,
    typer.Option(
        "--port",
        help="A reader at this address, whatever the settings say: a serial port, tcp:HOST:PORT or "
        "hid:VVVV:PPPP[:SERIAL].",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]

Document = IdentityDocument | ResidencePermit | ForeignPermit


@app.callback()
def card() -> None:
    """The card readers on the bench."""


@app.command()
def read(
    config: Config = CONFIG,
    port: Port = "",
    timeout: Annotated[float, typer.Option("--timeout", help="Seconds to wait for a card.", min=0.0)] = 20.0,
    reveal: Annotated[bool, typer.Option("--reveal", help="Unmasked, for published specimen numbers only.")] = False,
    addresses: Annotated[bool, typer.Option("--addresses", help="Ask for addresses appended at moves too.")] = False,
    chip: Annotated[bool, typer.Option("--chip", help="Ask for the management number of the card's body.")] = False,
    as_json: Json = False,
) -> None:
    """Wait for a card, read it, show it masked. Ends with 1 when no card was read."""
    settings = _settings(config, port)
    if addresses:
        settings = settings.model_copy(update={"read_appended_address": True})
    reader = SamReader(settings, SystemClock())
    try:
        reading = reader.read_card(timeout, threading.Event())
        outcome = describe(reading, reader.last_steps, reveal)
        if chip and outcome["result"] == "read":
            outcome["chip_number"] = _chip(reader.read_chip_number(), bool(outcome.get("revealed")))
    finally:
        reader.close()
    _show(outcome, as_json)
    if outcome.get("revealed") is False:
        typer.echo("stays masked: only published specimen numbers are revealed", err=True)
    if outcome["result"] != "read":
        raise typer.Exit(NOT_DONE)


@app.command()
def reset(config: Config = CONFIG, port: Port = "", as_json: Json = False) -> None:
    """Start the reader's module anew and tell how it is. Ends with 1 when it is not ready then."""
    reader = SamReader(_settings(config, port), SystemClock())
    try:
        status = reader.reset()
    finally:
        reader.close()
    match status:
        case Ready(detail):
            _show({"result": "ready", "module": detail}, as_json)
        case Unavailable(reason, remedy):
            _show({"result": "unavailable", "reason": reason, "remedy": remedy}, as_json)
            raise typer.Exit(NOT_DONE)


@app.command()
def social(
    config: Config = CONFIG,
    socket: Annotated[
        Path | None, typer.Option("--socket", help="Any reader of the pcscd at this socket, whatever the settings say.")
    ] = None,
    timeout: Annotated[float, typer.Option("--timeout", help="Seconds to wait for a card.", min=0.0)] = 20.0,
    as_json: Json = False,
) -> None:
    """Wait for a social-security card, read it, show it masked. Ends with 1 when none was read."""
    settings = PcscSettings(socket=socket) if socket is not None else _whole_settings(config).smart_card
    clock = SystemClock()
    reader = PcscReader(settings or PcscSettings(), clock)
    try:
        began = clock.monotonic()
        outcome = describe_social(reader.read_card(timeout, threading.Event()))
        outcome["total_ms"] = round((clock.monotonic() - began) * 1000, 1)
    finally:
        reader.close()
    _show(outcome, as_json)
    if outcome["result"] != "read":
        raise typer.Exit(NOT_DONE)


def describe_social(reading: SmartCardReading) -> dict[str, Any]:
    """What ``card social`` shows of ``reading``: ``result``, then masked fields or a reason. The number printed on the
    card is not among them."""
    match reading:
        case SocialSecurityCardRead(card):
            return {
                "result": "read",
                "card_type": "social-security",
                "version": card.version,
                "name": card.name.masked,
                "number": card.number.masked,
                "sex": card.sex.name.lower(),
                "ethnicity": ETHNICITIES.get(card.ethnicity_code, card.ethnicity_code),
                "area_code": card.area_code,
                "issued_on": card.issued_on.isoformat(),
                "valid_to": card.valid_to.isoformat(),
            }
        case IssuerNeeded():
            return {"result": "issuer-needed", "reason": "needs issuer authentication"}
        case WrongCard():
            return {"result": "wrong-card"}
        case CardContradictory(field):
            return {"result": "card-contradictory", "field": field}
        case CardUnreadable(reason):
            return {"result": "card-unreadable", "reason": reason}
        case ReaderFault(reason):
            return {"result": "reader-fault", "reason": reason}
        case NoCard():
            return {"result": "no-card"}
        case _:
            assert_never(reading)


def _settings(config: Path, port: str) -> SamSettings:
    if port:
        try:
            return SamSettings(port=port)
        except ValidationError as trouble:
            typer.echo("\n".join(f"--port: {error['msg']}" for error in trouble.errors()), err=True)
            raise typer.Exit(SETTINGS_UNUSABLE) from None
    return _whole_settings(config).id_card


def _whole_settings(config: Path) -> TerminalSettings:
    settings = load_settings(config)
    if isinstance(settings, SettingsUnusable):
        for problem in settings.problems:
            typer.echo(problem, err=True)
        raise typer.Exit(SETTINGS_UNUSABLE)
    return settings


def describe(reading: CardReading, steps: StepTimes | None, reveal: bool) -> dict[str, Any]:
    """What ``card read`` shows of ``reading``: ``result``, ``card_type``, masked fields or a reason, times. Where
    ``reveal`` was wished, ``revealed`` tells whether name, number and address are whole."""
    times: dict[str, Any] = {
        "steps_ms": None if steps is None else _rounded(steps),
        "total_ms": None if steps is None else round(steps.total_ms, 1),
    }
    match reading:
        case CardRead(document, photo, addresses):
            return {**_fields(document, reveal, addresses), "photo_bytes": len(photo.data), **times}
        case PermitRead(document, photo):
            return {**_fields(document, reveal), "photo_bytes": len(photo.data), **times}
        case WrongCard():
            return {"result": "wrong-card", "card_type": None, **times}
        case CardContradictory(field):
            return {"result": "card-contradictory", "card_type": None, "field": field, **times}
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


def _fields(document: Document, reveal: bool, addresses: tuple[str, ...] = ()) -> dict[str, Any]:
    whole = reveal and document.number.value in SPECIMENS
    fields = {
        "result": "read",
        "card_type": CARD_TYPES[_kind(document)],
        "name": document.name.value if whole else document.name.masked,
        "number": document.number.value if whole else document.number.masked,
        "sex": document.sex.name.lower(),
        **_own_fields(document, whole),
        "valid_from": document.valid_from.isoformat(),
        "valid_to": "长期" if document.valid_to is None else document.valid_to.isoformat(),
    }
    if addresses:
        fields["appended_addresses"] = [_address(address, whole) for address in addresses]
    return {**fields, "revealed": whole} if reveal else fields


def _kind(document: Document) -> DocumentKind:
    match document:
        case IdentityDocument():
            return DocumentKind.RESIDENT_ID
        case ResidencePermit():
            return DocumentKind.HK_MACAO_TAIWAN_PERMIT
        case ForeignPermit(kind):
            return kind


def _own_fields(document: Document, whole: bool) -> dict[str, Any]:
    """What only this kind of card has."""
    match document:
        case IdentityDocument():
            return {
                "ethnicity": ETHNICITIES.get(document.ethnicity_code, document.ethnicity_code),
                "address": _address(document.address, whole),
                "authority": document.authority,
            }
        case ResidencePermit():
            return {
                "address": _address(document.address, whole),
                "authority": document.authority,
                "travel_permit": document.travel_permit if whole else _last_four(document.travel_permit),
                "times_issued": document.times_issued,
            }
        case ForeignPermit():
            chinese, earlier = document.chinese_name, document.earlier_number
            return {
                "chinese_name": chinese and (chinese.value if whole else chinese.masked),
                "country": document.country,
                "earlier_number": earlier and (earlier.value if whole else earlier.masked),
            }


def _address(address: str, whole: bool) -> str:
    return address if whole else f"{len(address)} characters"


def _last_four(text: str) -> str:
    return "*" * max(0, len(text) - 4) + text[-4:]


def _chip(chip: ChipNumber | CardUnreadable | WrongCard | ReaderFault, whole: bool) -> str:
    match chip:
        case ChipNumber(issuer, serial, data):
            parts = [part.hex().upper() for part in (issuer, serial, data)]
            return " ".join(parts) if whole else _last_four("".join(parts))
        case CardUnreadable(reason) | ReaderFault(reason):
            return f"not read: {reason}"
        case WrongCard():
            return "not read: wrong-card"


def _show(outcome: dict[str, Any], as_json: bool) -> None:
    typer.echo(json.dumps(outcome, ensure_ascii=False) if as_json else _for_people(outcome))


def _for_people(outcome: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in outcome.items() if value is not None)
