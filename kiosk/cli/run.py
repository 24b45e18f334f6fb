"""kiosk run: the terminal itself."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from kiosk.app.bootstrap import KeysMissing, build_terminal
from kiosk.app.settings import SettingsUnusable, load_settings
from kiosk.app.system import end_on_defect
from kiosk.app.window import open_window
from kiosk.cli.doctor import CONFIG
from kiosk.domain.audit_event import AuditEvent, EventName

WAKE_MS = 500

app = typer.Typer(add_completion=False)


@app.command()
def run(
    config: Annotated[Path, typer.Option(envvar="KIOSK_CONFIG", help="settings file of the terminal")] = CONFIG,
    windowed: Annotated[bool, typer.Option("--windowed", help="in a window instead of the full screen")] = False,
) -> None:
    """Serve citizens until the process is told to end (SIGTERM or Ctrl-C)."""
    settings = load_settings(config)
    if isinstance(settings, SettingsUnusable):
        typer.echo("\n".join((*settings.problems, "`kiosk doctor --settings` lists every option.")), err=True)
        raise typer.Exit(1)
    terminal = build_terminal(settings)
    if isinstance(terminal, KeysMissing):
        typer.echo(f"{terminal.reason}: {terminal.remedy}", err=True)
        raise typer.Exit(1)
    application = QGuiApplication(sys.argv[:1])
    end_on_defect()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: application.quit())
    window = open_window(settings, terminal)
    window.interactive.connect(lambda: terminal.ports.audit.record(AuditEvent(EventName.TERMINAL_STARTED)))
    wake = QTimer(interval=WAKE_MS)  # lets Python see a signal while Qt waits
    wake.timeout.connect(lambda: None)
    wake.start()
    window.show(full_screen=not windowed)
    application.exec()
    window.close()
    terminal.close()
