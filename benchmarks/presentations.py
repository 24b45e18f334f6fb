"""One presentation to the camera, from the first frame to the verdict, without a camera, a process or a clock.

The simulated subject is drawn at the moments of an injected clock, the analyser measures, and the terminal's own
liveness and matching decide with the terminal's own settings. The subject learns what the page would ask.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from devices.face_analyser.embedded.analysis import Analysis
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from kiosk.domain.face import FaceAction, LivenessResult
from kiosk.face import trace as liveness
from kiosk.face.matching import decide, one_person
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import Acting, NotProven, Positioning, Proven, Stage
from kiosk.face.trace import Trace
from kiosk.ports.face_analyser import Distances
from simulators.camera.presentations import GENUINE, SPECIES, Presentation
from simulators.camera.renderer import Renderer
from simulators.portraits import PORTRAITS, Image, chip_picture

FRAMES = 100
"""Of one asking."""

PLACING_S, MOVING_S, BLINKING_S = 0.1, 0.12, 0.08
"""From frame to frame while the place is found, while a head is to move, and while eyes are to blink: a terminal looks
more than twice as often, but with 100 frames it would see no slow citizen to the end. So a try lasts up to 11.6 s."""

TRIES = 2
PAUSE_S = 2.0
"""Between two tries, while nothing is asked."""

UNABLE = {"no-blink": FaceAction.BLINK}
"""By stratum, what these citizens cannot do; they press 我做不了这个动作 and get another action in the same try."""

DECLINE_S = 1.0
"""How long they look at what is asked before they press."""

MATCHED, SWAPPED, NOT_MATCHED, TOO_FEW, DECLINED = "matched", "swapped", "not-matched", "too-few-frames", "declined"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is presented: the ``number``-th of a species of attack or of a stratum of citizens."""

    kind: str
    number: int
    genuine: bool

    def draw(self, seed: int) -> random.Random:
        return random.Random(f"{seed}/{self.kind}/{self.number}")


@dataclass(frozen=True, slots=True)
class Asking:
    """For one action, from ``began`` on the injected clock, after ``shown`` frames and for at most ``frames``;
    ``declined`` by who cannot do it. ``seed`` draws what the terminal draws."""

    action: FaceAction
    seed: int
    began: float = 0.0
    shown: int = 0
    frames: int = FRAMES
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """How one asking ended. ``end`` is ``matched``, a reason of ``NotProven``, what the comparison said, ``declined``,
    or ``unfinished-`` and what was under way after the last frame. ``seconds`` are simulated."""

    action: str
    end: str
    proven: bool
    frames: int
    seconds: float
    distance: float | None
    spread: float | None
    signals: dict[str, float]

    @property
    def accepted(self) -> bool:
        return self.end == MATCHED


@dataclass(frozen=True, slots=True)
class Played:
    """``cpu_s`` is what drawing and judging cost."""

    subject: Subject
    portrait: str
    tries: tuple[Try, ...]
    cpu_s: float

    @property
    def accepted(self) -> bool:
        return self.tries[-1].accepted

    @property
    def proven(self) -> bool:
        return any(one.proven for one in self.tries)

    @property
    def seconds(self) -> float:
        """At the camera, over all tries."""
        return sum(one.seconds for one in self.tries)


def analysis_of(models: Path) -> Analysis:
    """As the worker builds it."""
    options = EmbeddedFaceSettings(models=models)
    return Analysis(models, options.detection_score, options.bystander_share, options.kept_frames)


class Bench:
    """Analyser and renderer of one process."""

    def __init__(self, models: Path, settings: FaceSettings, *, infrared: bool = False) -> None:
        self.analysis = analysis_of(models)
        self.renderer = Renderer(models)
        self._settings = settings
        self._infrared = infrared
        self._references = {name: chip_picture(portrait, models) for name, portrait in PORTRAITS.items()}
        for name in PORTRAITS:
            self.renderer.prepare(name)

    def play(self, subject: Subject, seed: int, attack_frames: int = FRAMES) -> Played:
        """An attack has one try of so many frames, a citizen two: the second with another action."""
        began, draw = time.process_time(), subject.draw(seed)
        makers = GENUINE if subject.genuine else SPECIES
        presentation = makers[subject.kind](self.renderer, draw)
        found = self.set_reference(self._references[presentation.victim])
        assert found, "no face in the reference"
        actions = drawn_actions(subject.number, draw)
        if subject.genuine:
            tries = self._two_tries(presentation, actions, UNABLE.get(subject.kind), draw)
        else:
            tries = (self.attempt(presentation, Asking(actions[0], draw.getrandbits(32), frames=attack_frames)),)
        return Played(subject, presentation.portrait, tries, time.process_time() - began)

    def set_reference(self, picture: Image) -> bool:
        """Forgets whoever was there before. False when no face is in it."""
        self.analysis.forget()
        return self.analysis.set_reference(picture)

    def attempt(self, presentation: Presentation, asking: Asking) -> Try:
        """The reference is set already."""
        trace, at = _begun(self._settings, asking), asking.began
        number, acting_since = 0, None
        for number in range(1, asking.frames + 1):
            at += _step_s(trace.stage)
            trace = self._watched(trace, presentation, at, asking.shown + number)
            if trace.ended:
                break
            if acting_since is None and isinstance(trace.stage, Acting):
                acting_since = at
            if asking.declined and acting_since is not None and at - acting_since >= DECLINE_S:
                return _try(liveness.give_up(trace), DECLINED, number, at - asking.began)
        return self._judged(trace, number, at - asking.began)

    def _two_tries(
        self,
        presentation: Presentation,
        actions: Iterable[FaceAction],
        unable: FaceAction | None,
        draw: random.Random,
    ) -> tuple[Try, ...]:
        tries: list[Try] = []
        began, used, shown = 0.0, 0, 0
        for action in actions:
            asking = Asking(action, draw.getrandbits(32), began, shown, declined=action is unable)
            tries.append(self.attempt(presentation, asking))
            shown += tries[-1].frames
            used += not asking.declined
            if tries[-1].accepted or used == TRIES:
                break
            began += tries[-1].seconds + PAUSE_S
        return tuple(tries)

    def _watched(self, trace: Trace, presentation: Presentation, at: float, number: int) -> Trace:
        stage = trace.stage
        asked, dot = (stage.action, stage.dot) if isinstance(stage, Acting) else (None, None)
        presentation.ask(asked, at, dot)
        infrared = presentation.infrared(at, number) if self._infrared else None
        return liveness.observe(trace, self.analysis.observe(number, at, presentation.frame(at, number), infrared))

    def _judged(self, trace: Trace, frames: int, seconds: float) -> Try:
        match trace.stage:
            case Proven(asked, _, witnesses):
                values, spread = self.analysis.compare(asked, witnesses)
                end, distance = self._compared(Distances(values, "", spread), trace.stage.result)
                return _try(trace, end, frames, seconds, distance, spread)
            case NotProven(reason=reason):
                return _try(trace, reason.value, frames, seconds)
            case stage:
                return _try(liveness.give_up(trace), f"unfinished-{_under_way(stage)}", frames, seconds)

    def _compared(self, distances: Distances, result: LivenessResult) -> tuple[str, float | None]:
        """As the step does: one person first, then the person of the reference; the portrait is new."""
        comparison = decide(distances, self._settings, result, None)
        if comparison is None:
            return TOO_FEW, None
        if not one_person(distances, self._settings):
            return SWAPPED, comparison.distance
        return MATCHED if comparison.matched else NOT_MATCHED, comparison.distance


def drawn_actions(number: int, draw: random.Random) -> list[FaceAction]:
    """Every action in an order that is drawn; the first ones of a kind are spread evenly over all of them."""
    everything = list(FaceAction)
    first = everything[number % len(everything)]
    rest = [action for action in everything if action is not first]
    draw.shuffle(rest)
    return [first, *rest]


def _begun(settings: FaceSettings, asking: Asking) -> Trace:
    """In doubt one more action is asked, as the terminal does: the dot, after the dot a nod."""
    in_doubt = FaceAction.NOD if asking.action is FaceAction.FOLLOW_DOT else FaceAction.FOLLOW_DOT
    return liveness.begin(settings, (asking.action,), asking.began, asking.seed, in_doubt)


def _try(
    trace: Trace, end: str, frames: int, seconds: float, distance: float | None = None, spread: float | None = None
) -> Try:
    assert isinstance(trace.stage, Proven | NotProven)
    result = trace.stage.result
    return Try(result.action, end, result.proven, frames, round(seconds, 2), distance, spread, result.signals)


def _step_s(stage: Stage) -> float:
    match stage:
        case Acting(action=FaceAction.BLINK):
            return BLINKING_S
        case Acting():
            return MOVING_S
        case _:
            return PLACING_S


def _under_way(stage: Stage) -> str:
    match stage:
        case Positioning(hint):
            return "positioning" if hint is None else f"positioning-{hint.value}"
        case Acting(hint=hint):
            return "acting" if hint is None else f"acting-{hint.value}"
        case _:
            return type(stage).__name__.lower()
