"""kiosk doctor: is everything the terminal needs there, and what is to be done if not."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kiosk.app.bootstrap import KeysMissing, build_terminal
from kiosk.app.checks import Check, check_terminal
from kiosk.app.glance import CONFIG
from kiosk.app.setting_list import options
from kiosk.app.settings import SettingsUnusable, load_settings

app = typer.Typer(add_completion=False)


@app.command()
def doctor(
    config: Annotated[Path, typer.Option(envvar="KIOSK_CONFIG", help="settings file of the terminal")] = CONFIG,
    list_settings: Annotated[bool, typer.Option("--settings", help="list every option instead")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one object a line")] = False,
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
        for check in check_terminal(settings, terminal):
            _show(check, as_json)
            good = good and check.good
    finally:
        terminal.close()
    if not good:
        raise typer.Exit(1)


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
