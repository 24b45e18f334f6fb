"""python -m tests.terminal.power_cut_engine CONFIG [STAGE]: a terminal without its window, to be cut from its power.

Real drivers, engine, outbox and delivery. Every change of state is told on standard output, a JSON object a line:
``stage`` (None on the home page), ``session`` (sessions begun since the start), ``open`` (the service can be begun),
``waiting`` (records at the last self-check), ``action`` (what is asked of the face), ``dot`` (where the one to follow
stands). Lines on standard input are names of buttons that are pressed.

With STAGE the process kills itself the moment the session comes to it: nothing is closed, flushed or told any more.
``Printed`` is the result with its paper out.
"""

import json
import os
import signal
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from devices.printer.fonts import load_fonts
from kiosk.app.bootstrap import Terminal, build_session, build_terminal
from kiosk.app.settings import TerminalSettings, load_settings
from kiosk.face.stages import Acting, Hint
from kiosk.flow.session_state import Attract, Serving
from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.states import TerminalState
from kiosk.steps.capture_face import Watching

PRINTED = "Taking"
"""A printed paper is at once one to be taken."""


def main(config: Path, killed_at: str | None) -> None:
    settings = load_settings(config)
    assert isinstance(settings, TerminalSettings), settings
    application = QGuiApplication(sys.argv[:1])
    load_fonts()
    terminal = build_terminal(settings)
    assert isinstance(terminal, Terminal), terminal
    session = build_session(settings, terminal.codes)

    def publish(state: TerminalState) -> None:
        if killed_at is not None and killed_at == _stage(state):
            os.kill(os.getpid(), signal.SIGKILL)
        opens = isinstance(state.phase, Attract) and session.can_serve(state)
        waiting = None if state.health is None else state.health.waiting
        _tell(stage=_stage(state), session=state.number, open=opens, waiting=waiting, **_asked(state))

    runner = terminal.runner(session, publish)
    terminal.start()
    for line in sys.stdin:
        runner.post(Pressed(Button[line.strip()]))
    terminal.close()
    del application


def _stage(state: TerminalState) -> str | None:
    return type(state.phase.journey.stage).__name__ if isinstance(state.phase, Serving) else None


def _asked(state: TerminalState) -> dict[str, object]:
    stage = state.phase.journey.stage if isinstance(state.phase, Serving) else None
    trace = stage.trace if isinstance(stage, Watching) else None
    if trace is None or not isinstance(trace.stage, Acting):
        return {"action": None, "dot": None}
    back = trace.stage.hint is Hint.BACK_TO_CENTRE
    return {"action": None if back else trace.stage.action.value, "dot": trace.stage.dot}


def _tell(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
