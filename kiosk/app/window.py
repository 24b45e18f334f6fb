"""The terminal joined to its window, in a running Qt application."""

from devices.printer.fonts import load_fonts
from kiosk.app.bootstrap import Terminal, build_session
from kiosk.app.settings import TerminalSettings
from ui.app import TerminalWindow


def join_window(window: TerminalWindow, settings: TerminalSettings, terminal: Terminal) -> None:
    """Gives ``window`` the engine of ``terminal`` and starts both. Called on the Qt thread, where fonts of papers are
    loaded too: papers are painted on another."""
    load_fonts()
    runner = terminal.runner(build_session(settings, terminal.codes), window.publish)
    window.join(times=settings.times, post=runner.post, latest_frame=terminal.latest_frame, speaker=terminal.speaker)
    terminal.start()
