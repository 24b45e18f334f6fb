"""kiosk run: the terminal itself. The window stands first; drivers and settings follow behind it."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from kiosk.app.glance import CONFIG, glance_at_site
from kiosk.app.system import SystemClock, end_on_defect
from ui.app import TerminalWindow

if TYPE_CHECKING:
    from kiosk.app.preparation import Prepared, Unprepared

LOOK_MS = 100
STANDS = "the window stands"
"""Told on standard output with the first frame."""


def run(arguments: list[str]) -> int:
    """Serve citizens until the process is told to end (SIGTERM or Ctrl-C). The exit code."""
    options = _options(arguments)
    end_on_defect()
    gc.disable()  # nothing to collect before the first frame
    site = glance_at_site(options.config)
    if site is None:
        _Behind(options.config).prepare_here()
        return 1
    application = QGuiApplication(sys.argv[:1])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: QTimer.singleShot(0, application.quit))
    window = TerminalWindow(site=site, clock=SystemClock())
    behind = _Behind(options.config)
    window.interactive.connect(behind.begin)
    look = QTimer(interval=LOOK_MS)  # also lets Python see a signal while Qt waits
    look.timeout.connect(lambda: behind.look(window))
    look.start()
    window.show(full_screen=not options.windowed)
    code = application.exec()
    window.close()
    behind.close()
    return code


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="kiosk run", description="Serve citizens until told to end (SIGTERM, Ctrl-C)."
    )
    config = Path(os.environ.get("KIOSK_CONFIG", CONFIG))
    parser.add_argument("--config", type=Path, default=config, help="settings file of the terminal (or KIOSK_CONFIG)")
    parser.add_argument("--windowed", action="store_true", help="in a window instead of the full screen")
    return parser.parse_args(arguments)


class _Behind:
    """The terminal being built in a thread, and joined to the window once it is there."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._outcome: Prepared | Unprepared | None = None
        self._joined = False

    def begin(self) -> None:
        """With the first frame."""
        print(STANDS, flush=True)
        gc.freeze()
        gc.enable()
        threading.Thread(target=self._prepare, name="preparation", daemon=True).start()

    def look(self, window: TerminalWindow) -> None:
        """Joins the terminal as soon as it is prepared, or ends the application when there is none."""
        if self._joined or self._outcome is None:
            return
        from kiosk.app.preparation import Prepared  # noqa: PLC0415  imported already, in the thread

        self._joined = True
        if isinstance(self._outcome, Prepared):
            self._outcome.join(window)
        else:
            _tell(self._outcome)
            QGuiApplication.exit(1)

    def prepare_here(self) -> None:
        """Without a window: only what is wrong is wanted."""
        self._prepare()
        from kiosk.app.preparation import Unprepared  # noqa: PLC0415  imported already

        assert isinstance(self._outcome, Unprepared), "a glance found no site where the settings name one"
        _tell(self._outcome)

    def close(self) -> None:
        terminal = getattr(self._outcome, "terminal", None)
        if terminal is not None:
            terminal.close()

    def _prepare(self) -> None:
        from kiosk.app.preparation import prepare  # noqa: PLC0415  imports every driver

        self._outcome = prepare(self._config)


def _tell(outcome: Unprepared) -> None:
    print("\n".join(outcome.problems), file=sys.stderr)
