"""What follows behind the window's first frame: settings, keys and drivers. Importing this module imports them all."""

from dataclasses import dataclass
from pathlib import Path

from devices.printer.fonts import check_fonts
from kiosk.app.bootstrap import KeysMissing, Terminal, build_terminal
from kiosk.app.memory import give_memory_back
from kiosk.app.settings import SettingsUnusable, TerminalSettings, load_settings
from kiosk.app.window import join_window
from kiosk.domain.audit_event import AuditEvent, EventName
from ui.app import TerminalWindow


@dataclass(frozen=True, slots=True)
class Unprepared:
    """Why there is no terminal, a line each."""

    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    settings: TerminalSettings
    terminal: Terminal

    def join(self, window: TerminalWindow) -> None:
        """On the Qt thread: gives ``window`` its terminal."""
        self.terminal.ports.audit.record(AuditEvent(EventName.TERMINAL_STARTED))
        join_window(window, self.settings, self.terminal)


def prepare(config: Path) -> Prepared | Unprepared:
    """Off the Qt thread. The fonts' 100 MB are summed here too and remembered, so that the Qt thread need not."""
    give_memory_back()
    check_fonts()
    settings = load_settings(config)
    if isinstance(settings, SettingsUnusable):
        return Unprepared((*settings.problems, "`kiosk doctor --settings` lists every option."))
    terminal = build_terminal(settings)
    if isinstance(terminal, KeysMissing):
        return Unprepared((f"{terminal.reason}: {terminal.remedy}",))
    return Prepared(settings, terminal)
