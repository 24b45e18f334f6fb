"""The terminal joined to its window, in a running Qt application."""

import sys

from devices.printer.fonts import load_fonts
from kiosk.app.bootstrap import Terminal, build_session
from kiosk.app.settings import TerminalSettings
from kiosk.app.site_at_hand import site_at_hand
from ui.app import TerminalWindow

TURN_S = 0.0001
"""A thread that computes, painting a paper, say, lets the window's have its turn after this time instead of Python's
usual 5 ms: a new page asks for a hundred turns."""


def join_window(window: TerminalWindow, settings: TerminalSettings, terminal: Terminal) -> None:
    """Gives ``window`` the engine of ``terminal`` and starts both. Called on the Qt thread, where fonts of papers are
    loaded too: papers are painted on another."""
    sys.setswitchinterval(TURN_S)
    load_fonts()
    site = site_at_hand(settings.site, terminal.references, settings.references.site_profile)
    session = build_session(settings.model_copy(update={"site": site}), terminal.codes)
    runner = terminal.runner(session, window.publish)
    window.join(
        site=site,
        times=settings.times,
        post=runner.post,
        latest_frame=terminal.latest_frame,
        speaker=terminal.speaker,
    )
    terminal.start()
