"""The terminal with its window, in a running Qt application."""

from PySide6.QtCore import QSize

from kiosk.app.bootstrap import ConfirmationState, Terminal, build_session
from kiosk.app.settings import TerminalSettings
from ui.app import TerminalWindow


def open_window(settings: TerminalSettings, terminal: Terminal, size: QSize | None = None) -> TerminalWindow:
    """Builds the window on ``terminal``'s engine and starts both. A ``QGuiApplication`` must exist."""

    def publish(state: ConfirmationState) -> None:
        window.publish(state)

    runner = terminal.runner(build_session(settings), publish)
    window = TerminalWindow(
        state=runner.state,
        post=runner.post,
        site=settings.site,
        times=settings.times,
        latest_frame=terminal.latest_frame,
        speaker=terminal.speaker,
        clock=terminal.clock,
        size=size,
    )
    terminal.start()
    return window
