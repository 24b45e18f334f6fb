"""A whole terminal without its window: real drivers, real engine, real gateway, simulators as processes."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from gateway.sandbox import SandboxPerson, sandbox_people
from kiosk.app.bootstrap import Terminal, build_session, build_terminal
from kiosk.cli.demo.hall import Hall
from kiosk.cli.demo.obeying import ObeyingHead
from kiosk.cli.demo.training import TrainingTerminal, card_fields, set_up
from kiosk.domain.china_time import CHINA
from kiosk.face.stages import Acting, Hint
from kiosk.flow.events import Event
from kiosk.flow.runner import Runner
from kiosk.flow.session_state import Attract, Serving
from kiosk.flow.touches import Button, Picked, Pressed
from kiosk.journeys.states import JourneyState, TerminalState
from kiosk.steps.capture_face import ChoosingAction, Watching
from kiosk.steps.identify import AwaitingCard

MODELS = Path(__file__).parents[2] / "var" / "models"
PATIENCE_S = 60.0

S = TypeVar("S")


@dataclass
class Visitor:
    """A citizen at the engine: waits for a stage, presses, and does what the stage asks of his head."""

    runner: Runner[JourneyState]
    training: TrainingTerminal
    terminal: Terminal
    states: list[TerminalState]
    changed: threading.Condition
    head: ObeyingHead = field(init=False)
    _chosen_at: ChoosingAction | None = None

    def __post_init__(self) -> None:
        self.stands_anew()

    def stands_anew(self) -> None:
        """Somebody else, who has done nothing yet."""
        self.head = ObeyingHead(partial(self.world, "camera"))

    def world(self, program: str, verb: str, **arguments: object) -> None:
        self.training.programs[program].do(verb, **arguments)

    def press(self, button: Button) -> None:
        self.post(Pressed(button))

    def post(self, event: Event) -> None:
        self.runner.post(event)

    def at_home(self) -> None:
        """Until nobody is served and every device is ready."""
        session = build_session(self.training.settings, self.terminal.codes)
        self._until(lambda state: isinstance(state.phase, Attract) and session.can_serve(state), "an open home page")

    def reaches(self, kind: type[S]) -> S:
        """Waits for a stage of this kind, doing on the way whatever is asked of the head; where an action came to
        nothing, the first other one."""

        def there(state: TerminalState) -> bool:
            if not isinstance(state.phase, Serving):
                return False
            stage = state.phase.journey.stage
            if isinstance(stage, ChoosingAction) and stage is not self._chosen_at:
                self._chosen_at = stage
                self.post(Picked(0))
            self._obey(stage)
            return isinstance(state.phase.journey.stage, kind)

        state = self._until(there, kind.__name__)
        assert isinstance(state.phase, Serving)
        stage = state.phase.journey.stage
        assert isinstance(stage, kind)
        return stage

    def lays_card(self, person: SandboxPerson, **changes: str) -> None:
        document = person.document(datetime.now(CHINA).date())
        card = card_fields(document) | {"valid_to": "长期", "portrait": "hopper"}
        self.world("card-reader", "insert-card", **{**card, **changes})

    def lays_card_again(self, person: SandboxPerson, attempt: int) -> None:
        """Waits for this try and puts the card down anew, as the page asks."""

        def trying(state: TerminalState) -> bool:
            stage = state.phase.journey.stage if isinstance(state.phase, Serving) else None
            return isinstance(stage, AwaitingCard) and stage.attempt == attempt

        self._until(trying, f"try {attempt}")
        self.world("card-reader", "remove-card")
        self.lays_card(person)

    def _obey(self, stage: object) -> None:
        trace = stage.trace if isinstance(stage, Watching) else None
        acting = trace.stage if trace is not None and isinstance(trace.stage, Acting) else None
        action = None if acting is None or acting.hint is Hint.BACK_TO_CENTRE else acting.action
        self.head.see(action, None if acting is None else acting.dot, time.monotonic())

    def _until(self, met: Callable[[TerminalState], bool], what: str) -> TerminalState:
        with self.changed:
            assert self.changed.wait_for(lambda: met(self.states[-1]), PATIENCE_S), (
                f"never came to {what}; stood at {_place(self.states[-1])}, {self.states[-1].health}"
            )
            return self.states[-1]


def _place(state: TerminalState) -> str:
    """Stage of the journey and, at the camera, of the face session."""
    if not isinstance(state.phase, Serving):
        return type(state.phase).__name__
    stage = state.phase.journey.stage
    return str(stage.trace.stage) if isinstance(stage, Watching) and stage.trace else type(stage).__name__


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingTerminal]:
    folder = tmp_path_factory.mktemp("hall")
    with Hall(folder) as hall:
        yield set_up(hall, folder, MODELS, folder, {"first_delay_s": 0.2, "start_window_s": 0.2})


@pytest.fixture(scope="module")
def terminal(training: TrainingTerminal, qapp_args: list[str]) -> Iterator[Terminal]:
    built = build_terminal(training.settings)
    assert isinstance(built, Terminal), built
    yield built
    built.close()


@pytest.fixture(scope="module")
def engine(training: TrainingTerminal, terminal: Terminal) -> Visitor:
    states: list[TerminalState] = []
    changed = threading.Condition()

    def publish(state: TerminalState) -> None:
        with changed:
            states.append(state)
            changed.notify_all()

    runner = terminal.runner(build_session(training.settings, terminal.codes), publish)
    states.append(runner.state)
    terminal.start()
    return Visitor(runner, training, terminal, states, changed)


@pytest.fixture
def visitor(engine: Visitor, qapp: object) -> Iterator[Visitor]:
    """Alone before a terminal that is ready, in a world without faults."""
    engine.at_home()
    engine.world("camera", "person", portrait="hopper")
    yield engine
    engine.world("link", "restore")
    engine.world("card-reader", "fault", kind=None)
    engine.world("card-reader", "remove-card")
    engine.world("printer", "paper-in")
    if not isinstance(engine.states[-1].phase, Attract):
        engine.press(Button.HOME)
    engine.stands_anew()


@pytest.fixture
def people() -> dict[str, SandboxPerson]:
    return {person.slug: person for person in sandbox_people(datetime.now(CHINA).date())}
