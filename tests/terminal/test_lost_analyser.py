"""The face process dies at work: the attempt begins again with another process, and the citizen goes home confirmed."""

import pytest

from gateway.sandbox import SandboxPerson
from kiosk.domain.audit_event import EventName
from kiosk.domain.case import Outcome
from kiosk.face.stages import Holding
from kiosk.flow.session_state import Serving
from kiosk.flow.touches import Button
from kiosk.journeys.confirmation.stages import ShowingResult
from kiosk.journeys.states import TerminalState
from kiosk.steps.capture_face import Watching
from kiosk.steps.confirm_self import ReviewingStatus
from tests.family import children_running
from tests.terminal.conftest import Visitor


def holding_still(state: TerminalState) -> bool:
    stage = state.phase.journey.stage if isinstance(state.phase, Serving) else None
    return isinstance(stage, Watching) and stage.trace is not None and isinstance(stage.trace.stage, Holding)


@pytest.mark.story("E-27")
def test_a_face_process_that_is_killed_costs_the_attempt_and_not_the_session(
    visitor: Visitor, people: dict[str, SandboxPerson]
) -> None:
    visitor.press(Button.START)
    visitor.press(Button.AGREE)
    visitor.lays_card(people["due"])
    visitor.reaches(ReviewingStatus)
    visitor.press(Button.CONFIRM_SELF)
    visitor._until(holding_still, "a face that is looked at")
    for worker in children_running("face_analyser"):
        worker.kill()
    assert visitor.reaches(ShowingResult).outcome is Outcome.PASSED
    log = visitor.training.settings.log.read_text(encoding="utf-8").splitlines()
    assert any(EventName.DEVICE_UNAVAILABLE.value in line and '"face"' in line for line in log)
