"""kiosk doctor: is everything the terminal needs there, and what is to be done if not."""

import json
import os
import queue
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from devices.id_card.sam.address import HidAddress, SerialPath, TcpAddress, parse_address
from devices.photo_decoder.maker.driver import MakerPhotoDecoder
from devices.photo_decoder.maker.settings import MakerDecoderSettings
from kiosk.app.bootstrap import KeysMissing, Terminal, build_terminal
from kiosk.app.checks import GATEWAY, Check, check_of, check_terminal
from kiosk.app.glance import CONFIG
from kiosk.app.setting_list import options
from kiosk.app.settings import SettingsUnusable, TerminalSettings, load_settings
from kiosk.app.system import SystemClock
from kiosk.app.watched import FLEET
from kiosk.fleet.causes import CAUSES as FLEET_CAUSES
from kiosk.ports.device_status import CLOCK_DRIFT, Ready, Unavailable
from kiosk.ports.supervision import DeviceReport

SLOW_S = 3.0
"""An answer of the hall platform that takes longer keeps citizens waiting: their page then says so."""

HEED_S = 0.5
"""A Ctrl-C that falls just before a wait is heeded after it."""

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Cause:
    """What lies behind a stable word, and what a technician does about it."""

    words: str
    remedy: str


CAUSES = {
    ("id-card", "no-answer"): Cause(
        "the reader's port is there, but the reader says nothing",
        "check the reader's own power and lamp, and that id_card.port is its own",
    ),
    ("id-card", "noise"): Cause(
        "what comes from the reader is no answer of an identity-card reader",
        "check that id_card.port is the identity-card reader; then change the cable",
    ),
    ("camera", "camera-unreachable"): Cause(
        "nothing answers at camera.url",
        "check the camera's power and network cable, then camera.url",
    ),
    ("camera", "camera-refused"): Cause(
        "camera.url answers, but gives no stream: the camera behind it is unplugged, or path or rights are wrong",
        "plug the camera in again; then check the path of camera.url and who may see the stream",
    ),
    ("camera", "camera-stalled"): Cause(
        "connected, but no picture comes",
        "switch the camera off and on; if it stays, change its cable, then the camera",
    ),
    ("printer", "media-empty"): Cause("the paper is used up", "put in a new roll of paper and close the cover"),
    ("printer", "media-jam"): Cause(
        "paper is jammed, or the cutter is blocked",
        "open the cover, take the jammed paper out, free the cutter, close the cover",
    ),
    ("printer", "cover-open"): Cause("the cover is open", "close the printer's cover until it clicks"),
    ("printer", "unreachable"): Cause(
        "nothing answers at printer.address",
        "check that the printer is switched on and its cable is in, then printer.address",
    ),
    ("printer", "no-answer"): Cause(
        "the printer takes the connection and tells no status",
        "switch the printer off and on; if it stays, check that this model answers ESC/POS status",
    ),
    ("gateway and clock", "no-link"): Cause(
        "network cut: there is no way to the hall platform, or the connection breaks",
        "check the terminal's network cable and the switch, then that the hall platform runs at platform.address",
    ),
    ("gateway and clock", "refused"): Cause(
        "nothing takes connections at platform.address",
        "check that the hall platform runs there, then the terminal's network cable and the switch",
    ),
    ("gateway and clock", CLOCK_DRIFT): Cause(
        "the terminal's clock and the hall platform's differ by more than 60 s, so nothing may be signed",
        "look which of the two is wrong; set the clock by the time server (timedatectl set-ntp true)",
    ),
    **{(FLEET, word): Cause(*told) for word, told in FLEET_CAUSES.items()},
}
"""By check and stable word. A word that is not here speaks for itself, and its driver knows the remedy."""

UNPLUGGED = Cause("unplugged: there is no such port", "plug the reader's cable in, then check id_card.port")
NOT_ALLOWED = Cause(
    "this user may not use the reader's port", "put the terminal's user into the port's group (mostly dialout)"
)
TAKEN = Cause(
    "another program uses the reader's port, or it is no serial port",
    "end the other program (`kiosk run` counts as one), then check id_card.port",
)
NO_BRIDGE = Cause(
    "nothing answers at id_card.port",
    "check power and network cable of the serial device server, then id_card.port; it may serve one program at a time",
)
NO_HID_READER = Cause(
    "no such USB reader, or this user may not use it",
    "plug the reader's cable in, then check id_card.port against `lsusb` and the rights of its /dev/hidraw",
)
SWALLOWED = Cause(
    "no connection: what is sent gets no answer, not even a refusal",
    "check the cables beyond the terminal, the router and the firewall, then platform.address",
)
SLOW = Cause(
    "network slow: the hall platform's answer came too late",
    "measure the line to platform.address (ping), restart the router, ask the hall whether its platform is overloaded",
)


@app.command()
def doctor(
    config: Annotated[Path, typer.Option(envvar="KIOSK_CONFIG", help="settings file of the terminal")] = CONFIG,
    list_settings: Annotated[bool, typer.Option("--settings", help="list every option instead")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one object a line")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="tell every change of a device until Ctrl-C")] = False,
) -> None:
    """Check devices, models, fonts, clock, disk and gateway. Ends with 1 when something needs doing."""
    if list_settings:
        _list_settings(as_json)
        return
    settings = load_settings(config)
    if isinstance(settings, SettingsUnusable):
        for problem in settings.problems:
            _show(Check("settings", False, problem, f"mend {config}; `kiosk doctor --settings` lists options"), as_json)
        raise typer.Exit(1)
    terminal = build_terminal(settings)
    if isinstance(terminal, KeysMissing):
        _show(Check("keys", False, terminal.reason, terminal.remedy), as_json)
        raise typer.Exit(1)
    good = True
    try:
        if watch:
            _watch(settings, terminal, as_json)
            return
        for check in _examine(settings, terminal):
            _show(check, as_json)
            good = good and check.good
    finally:
        terminal.close()
    if not good:
        raise typer.Exit(1)


def _examine(settings: TerminalSettings, terminal: Terminal) -> Iterator[Check]:
    """Every check as it is done, its cause in words."""
    yield _photo_decoder(settings)
    for check in check_terminal(settings, terminal):
        yield explained(check, settings)


def _watch(settings: TerminalSettings, terminal: Terminal, as_json: bool) -> None:
    """A line for every device, then one for every change, until Ctrl-C."""
    reports: queue.SimpleQueue[DeviceReport] = queue.SimpleQueue()
    leave = terminal.supervisor.subscribe(reports.put)
    terminal.supervisor.start()
    terminal.supervisor.look_at_all()
    try:
        while True:
            with suppress(queue.Empty):
                show_report(reports.get(timeout=HEED_S), settings, as_json)
    except KeyboardInterrupt:
        leave()


def explained(check: Check, settings: TerminalSettings) -> Check:
    """``check`` with cause and remedy in a technician's words. A good answer of the hall platform that took longer than
    ``SLOW_S`` becomes a bad one."""
    cause = _cause(check, settings, check.took_s)
    if cause is None:
        return check
    word = "slow" if check.good else check.detail
    return replace(check, good=False, detail=f"{word}: {cause.words}", remedy=cause.remedy)


def _cause(check: Check, settings: TerminalSettings, seconds: float) -> Cause | None:
    match check.name, check.good, check.detail:
        case name, True, _ if name == GATEWAY:
            return _slow(seconds) if seconds > SLOW_S else None
        case name, False, "timeout" if name == GATEWAY:
            return _slow(seconds) if seconds >= settings.platform.total_s else SWALLOWED
        case "id-card", False, "port-gone":
            return _reader_port(settings.id_card.port)
        case name, False, word:
            return CAUSES.get((name, word))
        case _:
            return None


def _slow(seconds: float) -> Cause:
    return replace(SLOW, words=f"{SLOW.words} (after {seconds:.1f} s)")


def _reader_port(port: str) -> Cause:
    match parse_address(port):
        case TcpAddress():
            return NO_BRIDGE
        case HidAddress():
            return NO_HID_READER
        case SerialPath(path):
            if not Path(path).exists():
                return UNPLUGGED
            return TAKEN if os.access(path, os.R_OK | os.W_OK) else NOT_ALLOWED


def _photo_decoder(settings: TerminalSettings) -> Check:
    """The training decoder reads the cards of the virtual hall and no others; a maker's is put to a probe."""
    name, site, decoder = "photo-decoder", settings.site, settings.photo_decoder
    if isinstance(decoder, MakerDecoderSettings):
        return _maker_decoder(name, decoder)
    if site.training:
        return Check(name, True, "training cards only, as befits a training terminal")
    if site.reference_from_platform:
        return Check(name, True, "none; the hall platform's pictures stand in")
    return Check(
        name,
        False,
        "missing: portraits of real cards cannot be read, so that every case has to wait for a person",
        "fit the reader maker's decoder, or set site.reference_from_platform where the agency allows it",
    )


def _maker_decoder(name: str, settings: MakerDecoderSettings) -> Check:
    match MakerPhotoDecoder(settings, SystemClock()).status():
        case Ready(detail):
            return Check(name, True, detail)
        case Unavailable(reason, remedy):
            return Check(name, False, f"{reason}: {settings.library}", remedy)


def show_report(report: DeviceReport, settings: TerminalSettings, as_json: bool) -> None:
    """``failures`` are bad looks in a row; one of them is not yet a loss."""
    check = explained(check_of(report), settings)
    error = report.last_error
    if as_json:
        told = asdict(check) | {
            "since": report.since.isoformat(),
            "failures": report.failures,
            "last_error": None if error is None else {"reason": error.what.reason, "at": error.at.isoformat()},
            "paper": None if report.paper is None else report.paper.value,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    flicker = f" (one bad look: {error.what.reason})" if check.good and report.failures and error is not None else ""
    looked_at = report.looked_at or report.since
    typer.echo(f"{looked_at:%H:%M:%S} ", nl=False)
    _show(replace(check, detail=check.detail + flicker), as_json=False)


def _show(check: Check, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(check), ensure_ascii=False))
        return
    remedy = f"\n      -> {check.remedy}" if check.remedy else ""
    typer.echo(f"{'ok  ' if check.good else 'WRONG'} {check.name}: {check.detail}{remedy}")


def _list_settings(as_json: bool) -> None:
    for option in options():
        if as_json:
            typer.echo(json.dumps(asdict(option), ensure_ascii=False))
        else:
            default = "must be set" if option.default is None else option.default
            typer.echo(f"{option.name} = {default}\n    {option.kind}. {option.description}")
