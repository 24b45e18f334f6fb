"""kiosk enrol: set this terminal up with its hall, by the code the gateway shows."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kiosk.app.glance import CONFIG
from kiosk.app.settings import SettingsUnusable, TerminalSettings, load_settings
from kiosk.app.system import SystemClock
from kiosk.platform.enrolment import Applicant, Enrolled, EnrolmentRefused, enrol
from kiosk.platform.line import Line
from kiosk.platform.renewals import key_file_beside
from kiosk.wire.enrolment import EnrolmentCode, parse_code
from kiosk.wire.keys import KeyUnusable, load_or_create_signing_key, register_terminal
from kiosk.wire.private_files import replace_whole
from kiosk.wire.tls_key import load_or_create_tls_key

app = typer.Typer(add_completion=False)


@app.command(name="enrol")
def enrol_terminal(
    code: Annotated[str, typer.Option(prompt=True, help="the code the gateway shows for this terminal")],
    config: Annotated[Path, typer.Option(envvar="KIOSK_CONFIG", help="settings file of the terminal")] = CONFIG,
) -> None:
    """Make this terminal's keys, have the gateway sign them, and keep what it gives. The settings say where to."""
    settings = load_settings(config)
    if isinstance(settings, SettingsUnusable):
        _give_up("; ".join(settings.problems), f"mend {config}; `kiosk doctor --settings` lists every option")
    typed = parse_code(code)
    if typed is None:
        _give_up("not a code", "a code has eight groups of four digits and letters; type all of them")
    line = Line.of(settings.platform)
    if not line.secured() or line.authority is None or line.certificate is None:
        _give_up(
            "the settings do not say where to",
            "set platform.address to https://…, and platform.authority, platform.certificate and platform.tls_key to "
            "the files that are to be written",
        )
    try:
        answer = _enrol(settings, line, typed)
        if isinstance(answer, EnrolmentRefused):
            _give_up(answer.reason, answer.remedy)
        replace_whole(key_file_beside(settings.platform.registration), answer.keys)
        replace_whole(settings.platform.registration, answer.registration)
        replace_whole(line.certificate, answer.certificate)
    except OSError as trouble:
        _give_up(f"{trouble.filename}: {trouble.strerror}", "make room on the disk and let this folder be written")
    typer.echo(f"Terminal {settings.site.terminal} is set up with {settings.platform.address}.")
    typer.echo("`kiosk doctor` checks the line. Its two private keys never leave this machine:")
    for path in (settings.signing_key, settings.platform.tls_key):
        typer.echo(f"  {path}")


def _enrol(settings: TerminalSettings, line: Line, code: EnrolmentCode) -> Enrolled | EnrolmentRefused:
    assert settings.platform.tls_key is not None
    signing_key = load_or_create_signing_key(settings.signing_key)
    tls_key = load_or_create_tls_key(settings.platform.tls_key)
    if isinstance(signing_key, KeyUnusable):
        return EnrolmentRefused(f"{settings.signing_key}: {signing_key.reason}", "move it aside; a new one is made")
    if isinstance(tls_key, KeyUnusable):
        return EnrolmentRefused(f"{settings.platform.tls_key}: {tls_key.reason}", "move it aside; a new one is made")
    registration = register_terminal(settings.site.terminal, settings.site.training, signing_key)
    return enrol(line, code, Applicant(registration, signing_key, tls_key), SystemClock().now())


def _give_up(reason: str, remedy: str) -> NoReturn:
    typer.echo(f"Not set up: {reason}\n      -> {remedy}", err=True)
    raise typer.Exit(1)
