"""kiosk run: the terminal itself. The window stands first; drivers and settings follow behind it."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from kiosk.app.glance import CONFIG, glance_at_site
from kiosk.app.system import SystemClock, end_on_defect
from ui.app import TerminalWindow

if TYPE_CHECKING:
    from kiosk.app.bootstrap import Terminal
    from kiosk.app.settings import TerminalSettings

WAKE_MS = 500
STANDS = "the window stands"
"""Told on standard output with the first frame."""

app = typer.Typer(add_completion=False)


class Preparation(QObject):
    """Builds the terminal beside the Qt thread; ``done`` comes when it stands or cannot."""

    done = Signal()

    def __init__(self, config: Path) -> None:
        super().__init__()
        self._config = config
        self.problems: tuple[str, ...] = ()
        self.settings: TerminalSettings | None = None
        self.terminal: Terminal | None = None

    def start(self) -> None:
        threading.Thread(target=self._run, name="preparation", daemon=True).start()

    def _run(self) -> None:
        self._build()
        self.done.emit()

    def _build(self) -> None:
        from devices.printer.fonts import check_fonts  # noqa: PLC0415  after the first frame
        from kiosk.app.bootstrap import KeysMissing, build_terminal  # noqa: PLC0415  after the first frame
        from kiosk.app.settings import SettingsUnusable, load_settings  # noqa: PLC0415  after the first frame

        check_fonts()  # 100 MB are summed here and remembered, so that the Qt thread need not
        settings = load_settings(self._config)
        if isinstance(settings, SettingsUnusable):
            self.problems = (*settings.problems, "`kiosk doctor --settings` lists every option.")
            return
        terminal = build_terminal(settings)
        if isinstance(terminal, KeysMissing):
            self.problems = (f"{terminal.reason}: {terminal.remedy}",)
            return
        self.settings, self.terminal = settings, terminal


@app.command()
def run(
    config: Annotated[Path, typer.Option(envvar="KIOSK_CONFIG", help="settings file of the terminal")] = CONFIG,
    windowed: Annotated[bool, typer.Option("--windowed", help="in a window instead of the full screen")] = False,
) -> None:
    """Serve citizens until the process is told to end (SIGTERM or Ctrl-C)."""
    end_on_defect()
    preparation = Preparation(config)
    site = glance_at_site(config)
    if site is None:
        preparation._build()
        _give_up(preparation)
        raise typer.Exit(1)
    application = QGuiApplication(sys.argv[:1])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: application.quit())
    window = TerminalWindow(site=site, clock=SystemClock())
    preparation.done.connect(lambda: _join(preparation, window, application), Qt.ConnectionType.QueuedConnection)
    window.interactive.connect(lambda: print(STANDS, flush=True))
    window.interactive.connect(preparation.start)
    wake = QTimer(interval=WAKE_MS)  # lets Python see a signal while Qt waits
    wake.timeout.connect(lambda: None)
    wake.start()
    window.show(full_screen=not windowed)
    code = application.exec()
    window.close()
    if preparation.terminal is not None:
        preparation.terminal.close()
    raise typer.Exit(code)


def _join(preparation: Preparation, window: TerminalWindow, application: QGuiApplication) -> None:
    from kiosk.app.window import join_window  # noqa: PLC0415  after the first frame
    from kiosk.domain.audit_event import AuditEvent, EventName  # noqa: PLC0415  after the first frame

    if preparation.settings is None or preparation.terminal is None:
        _give_up(preparation)
        application.exit(1)
        return
    preparation.terminal.ports.audit.record(AuditEvent(EventName.TERMINAL_STARTED))
    join_window(window, preparation.settings, preparation.terminal)


def _give_up(preparation: Preparation) -> None:
    typer.echo("\n".join(preparation.problems), err=True)
