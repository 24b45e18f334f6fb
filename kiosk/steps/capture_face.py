"""Step: a living face, and the right one (domain.md 5.1 steps 6 to 8, E-11 to E-19).

Liveness first, then the comparison with the reference, up to three of them. An action that was not done, or that the
citizen cannot do, leads to another action or to a person. An analyser that gives out costs the attempt, no more. The
machine passes a citizen on; it never refuses him.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.face import FaceAction, FaceComparison, FaceObservation, LivenessResult
from kiosk.domain.picture import Picture
from kiosk.face import trace as liveness_trace
from kiosk.face.matching import decide, one_person
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import SPOOFS, Acting, NotProven, NotProvenReason, Proven
from kiosk.face.trace import Trace
from kiosk.flow.commands import Command, CompareFace, CompareHelper, CropFace, Log, StartFace, StopFace
from kiosk.flow.events import Event, FaceCompared, FaceCropped, FaceLost, FaceSeen, FaceStarted, HelperCompared
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Picked, Pressed
from kiosk.ports.face_analyser import AnalyserFault, Distances, NoReferenceFace, ReferenceReady

COMPARISONS = 3
ACTIONS_NOT_DONE = 2
"""So many actions may come to nothing, then a person looks (E-13); saying that one cannot do it does not count."""

RESTARTS = 2
"""So often in a session an attempt begins again because the analyser gave out."""

DECLINED = "declined"
SWAPPED = "swapped"
"""Reason of a suspicion: another face did the action than the one that would be compared."""

TURNS = frozenset({FaceAction.TURN_LEFT, FaceAction.TURN_RIGHT})
HEAD_ACTIONS = (FaceAction.TURN_LEFT, FaceAction.TURN_RIGHT, FaceAction.NOD, FaceAction.FOLLOW_DOT)
"""Those with a parallax, which no flat picture has."""

COMPANION_EPISODES = 3
"""So often may a second face come into the picture before the log says that somebody stands beside (E-12)."""


@dataclass(frozen=True, slots=True)
class CapturePlan:
    """What stays the same through all tries. Without ``reference`` nothing is compared. ``seed`` draws the actions:
    nobody outside the session may foresee it. ``keep_crop``: the citizen agreed that one picture is kept for a person
    to look at. ``helper`` is the portrait of who operates the terminal for the citizen. ``photo_years`` is the age of
    the reference, None where nobody knows it.

    ``two_actions``: two different ones are asked, because a person decides later. ``excluded`` are actions that were
    not done or cannot be, ``chosen`` the one the citizen picked instead; ``not_done`` counts those come to nothing.
    ``pace`` is how many times as long as usual the citizen may take, ``restarts`` how often the analyser gave out.
    """

    reference: Picture | None
    settings: FaceSettings
    seed: int
    keep_crop: bool
    helper: Picture | None = None
    photo_years: float | None = None
    two_actions: bool = False
    excluded: frozenset[FaceAction] = frozenset()
    chosen: FaceAction | None = None
    not_done: int = 0
    pace: float = 1.0
    restarts: int = 0

    def actions(self, attempt: int) -> tuple[FaceAction, ...]:
        """What is asked in this attempt, in order: a movement of the head first where one is possible, unless the
        citizen picked the only action."""
        heads = [action for action in self.open_actions if action in HEAD_ACTIONS]
        if self.chosen is not None and (self.chosen in heads or not (self.two_actions and heads)):
            first = self.chosen
        else:
            first = self._drawn(heads or self.open_actions, attempt, "first")
        return (first, *self._second(first, attempt)) if self.two_actions else (first,)

    def in_doubt(self, attempt: int) -> FaceAction | None:
        """One more where something about the pictures is out of the ordinary: the dot where that is possible,
        whose way no recording knows."""
        others = [action for action in self.open_actions if action not in self.actions(attempt)]
        if FaceAction.FOLLOW_DOT in others:
            return FaceAction.FOLLOW_DOT
        heads = [action for action in others if action in HEAD_ACTIONS]
        return self._drawn(heads or others, attempt, "in doubt") if others else None

    @property
    def open_actions(self) -> tuple[FaceAction, ...]:
        return tuple(action for action in FaceAction if action not in self.excluded)

    def _second(self, first: FaceAction, attempt: int) -> tuple[FaceAction, ...]:
        """The picked one, else one of another kind; the other side only where nothing else is possible."""
        others = [action for action in self.open_actions if action is not first]
        if self.chosen in others:
            return (self.chosen,)
        of_other_kind = [action for action in others if not {action, first} <= TURNS]
        return (self._drawn(of_other_kind or others, attempt, "second"),) if others else ()

    def _drawn(self, among: Collection[FaceAction], attempt: int, which: str) -> FaceAction:
        draw = hashlib.sha256(f"{self.seed} {attempt} {which}".encode()).digest()
        return list(among)[int.from_bytes(draw) % len(among)]


@dataclass(frozen=True, slots=True)
class StartingFace:
    plan: CapturePlan
    attempt: int


@dataclass(frozen=True, slots=True)
class Watching:
    """``trace`` is None until the first frame of this try; ``attempt`` counts comparisons from 1."""

    plan: CapturePlan
    attempt: int
    trace: Trace | None


@dataclass(frozen=True, slots=True)
class ChoosingAction:
    """Another action, or a person (E-13); ``liveness`` is what the last action showed."""

    plan: CapturePlan
    attempt: int
    liveness: LivenessResult


@dataclass(frozen=True, slots=True)
class Comparing:
    plan: CapturePlan
    attempt: int
    frames: tuple[int, ...]
    liveness: LivenessResult


@dataclass(frozen=True, slots=True)
class ComparingHelper:
    """The face matched; it must not be the helper's own (E-19)."""

    plan: CapturePlan
    attempt: int
    frames: tuple[int, ...]
    liveness: LivenessResult
    comparison: FaceComparison


@dataclass(frozen=True, slots=True)
class Cropping:
    liveness: LivenessResult
    comparison: FaceComparison | None
    spoof: bool = False


@dataclass(frozen=True, slots=True)
class CaptureFinished:
    """``comparison`` is None when nothing was compared; ``crop`` is a JPEG only where a person must look; ``spoof``: a
    print or screen is suspected (E-14); ``helper_face``: it is the helper who stands there."""

    liveness: LivenessResult
    comparison: FaceComparison | None
    crop: bytes | None = field(repr=False)
    spoof: bool = False
    helper_face: bool = False


@dataclass(frozen=True, slots=True)
class AppealNeeded:
    """Three comparisons did not match (E-16, E-17); ``sequence`` is the frame a person could look at."""

    liveness: LivenessResult
    comparison: FaceComparison | None
    sequence: int


@dataclass(frozen=True, slots=True)
class FaceUnavailable:
    """Camera, analyser or reference gave out (E-27)."""

    reason: str


@dataclass(frozen=True, slots=True)
class ReferenceUnusable:
    """The reference shows no face that could be compared."""


CaptureState = StartingFace | Watching | ChoosingAction | Comparing | ComparingHelper | Cropping
CaptureResult = CaptureFinished | AppealNeeded | ReferenceUnusable | FaceUnavailable
CaptureMove = Transition[CaptureState | CaptureResult]


def begin(plan: CapturePlan) -> Transition[StartingFace]:
    return Transition(StartingFace(plan, 1), (StartFace(plan.reference),))


def resume(left: StartingFace | Watching) -> Transition[StartingFace]:
    """Back after a detour: it used up a try, and the next try draws its own action."""
    return Transition(StartingFace(left.plan, left.attempt + 1), (StartFace(left.plan.reference),))


def may_resume(left: StartingFace | Watching) -> bool:
    return left.attempt < COMPARISONS


def advance(state: CaptureState, event: Event) -> CaptureMove:
    match state, event:
        case StartingFace(plan, attempt), FaceStarted(ReferenceReady() | None as answer, pace):
            refused = () if answer is None else answer.refused
            return Transition(Watching(replace(plan, pace=pace), attempt, None), tuple(map(_refused_log, refused)))
        case StartingFace(), FaceStarted(NoReferenceFace()):
            return Transition(ReferenceUnusable(), (StopFace(),))
        case StartingFace(plan, attempt), FaceStarted(AnalyserFault(reason)):
            return _begin_again(plan, attempt, reason)
        case (StartingFace(plan, attempt) | Watching(plan, attempt), FaceLost("face", reason)):
            return _begin_again(plan, attempt, reason)
        case (StartingFace() | Watching(), FaceLost(device, reason)):
            return _unavailable(device, reason)
        case Watching(), FaceSeen(observation):
            return _watch(state, observation)
        case Watching(trace=trace), Pressed(Button.CANNOT_DO_ACTION):
            return _other_action(state, _declined(trace), NotProvenReason.GIVEN_UP, None)
        case ChoosingAction(plan, attempt), Picked(index) if index < len(plan.open_actions):
            return _start(replace(plan, chosen=plan.open_actions[index]), attempt)
        case ChoosingAction(liveness=liveness), Pressed(Button.ASK_STAFF):
            return Transition(CaptureFinished(replace(liveness, action=DECLINED), None, None))
        case Comparing(), FaceCompared(Distances() as distances):
            return _compared(state, distances)
        case Comparing(plan, attempt), FaceCompared(AnalyserFault(reason)):
            return _begin_again(plan, attempt, reason)
        case ComparingHelper(plan, attempt), HelperCompared(AnalyserFault(reason)):
            return _begin_again(plan, attempt, reason)
        case ComparingHelper(), HelperCompared(Distances() | NoReferenceFace() as answer):
            return _helper_compared(state, answer)
        case Cropping(liveness, comparison, spoof), FaceCropped(answer):
            crop = answer if isinstance(answer, bytes) else None
            return Transition(CaptureFinished(liveness, comparison, crop, spoof))
        case _:
            return Transition(state)


def _start(plan: CapturePlan, attempt: int, *before: Command) -> CaptureMove:
    return Transition(StartingFace(plan, attempt), (*before, StartFace(plan.reference)))


def _begin_again(plan: CapturePlan, attempt: int, reason: str) -> CaptureMove:
    """The analyser gave out: the attempt counts no more, the session goes on while it comes back."""
    if plan.restarts == RESTARTS:
        return _unavailable("face", reason)
    gone = AuditEvent(EventName.DEVICE_UNAVAILABLE, device="face", reason=reason)
    return _start(replace(plan, restarts=plan.restarts + 1), attempt, StopFace(), Log(gone))


def _watch(state: Watching, observation: FaceObservation) -> CaptureMove:
    plan = state.plan
    trace = liveness_trace.observe(state.trace or _begun(plan, state.attempt, observation.at), observation)
    match trace.stage:
        case Proven(frames, liveness, witnesses):
            commands: tuple[Command, ...] = (StopFace(), *_liveness_logs(liveness, None))
            if plan.reference is None:
                return Transition(Cropping(liveness, None), (*commands, CropFace(frames[0])))
            comparing = Comparing(plan, state.attempt, frames, liveness)
            return Transition(comparing, (*commands, CompareFace(frames, witnesses)))
        case NotProven(liveness, reason) if reason in SPOOFS:
            logs = (*_liveness_logs(liveness, reason), *_suspicion_logs(reason.value, liveness.signals))
            return _hand_over(plan, liveness, observation, logs, spoof=True)
        case NotProven(liveness, reason):
            return _other_action(state, liveness, reason, observation)
        case _:
            return Transition(replace(state, trace=trace))


def _begun(plan: CapturePlan, attempt: int, at: float) -> Trace:
    settings, actions = plan.settings.paced(plan.pace), plan.actions(attempt)
    return liveness_trace.begin(settings, actions, at, plan.seed + attempt, plan.in_doubt(attempt))


def _other_action(
    state: Watching, liveness: LivenessResult, reason: NotProvenReason, last: FaceObservation | None
) -> CaptureMove:
    """Another action where one is open, else a person; also a person once enough of them came to nothing."""
    not_done = state.plan.not_done + (reason is not NotProvenReason.GIVEN_UP)
    excluded = state.plan.excluded | {_asked(state)}
    plan = replace(state.plan, excluded=excluded, chosen=None, not_done=not_done)
    logs = _liveness_logs(liveness, reason)
    if not plan.open_actions or not_done == ACTIONS_NOT_DONE:
        return _hand_over(plan, liveness, last, logs, spoof=False)
    return Transition(ChoosingAction(plan, state.attempt, liveness), (StopFace(), *logs))


def _asked(state: Watching) -> FaceAction:
    """What the page asks for now, or would have asked for first."""
    stage = None if state.trace is None else state.trace.stage
    return stage.action if isinstance(stage, Acting) else state.plan.actions(state.attempt)[0]


def _compared(state: Comparing, distances: Distances) -> CaptureMove:
    plan = state.plan
    comparison = decide(distances, plan.settings, state.liveness, plan.photo_years)
    log = _comparison_log(comparison)
    if not one_person(distances, plan.settings):
        logs = (log, *_suspicion_logs(SWAPPED, {"spread": distances.spread}))
        return Transition(Cropping(state.liveness, comparison, spoof=True), (*logs, CropFace(state.frames[0])))
    if comparison is not None and comparison.matched:
        return _matched(state, comparison, log)
    if state.attempt < COMPARISONS:
        return _start(plan, state.attempt + 1, log)
    logs = (log, _alert("not-matched"))
    if plan.keep_crop:
        return Transition(Cropping(state.liveness, comparison), (*logs, CropFace(state.frames[0])))
    return Transition(AppealNeeded(state.liveness, comparison, state.frames[0]), logs)


def _matched(state: Comparing, comparison: FaceComparison, log: Log) -> CaptureMove:
    if state.plan.helper is not None:
        checking = ComparingHelper(state.plan, state.attempt, state.frames, state.liveness, comparison)
        return Transition(checking, (log, CompareHelper(state.plan.helper, state.frames)))
    if state.plan.keep_crop:
        return Transition(Cropping(state.liveness, comparison), (log, CropFace(state.frames[0])))
    return Transition(CaptureFinished(state.liveness, comparison, None), (log,))


def _helper_compared(state: ComparingHelper, answer: Distances | NoReferenceFace) -> CaptureMove:
    """A helper whose portrait shows no face is left to the audit sample."""
    against = decide(answer, state.plan.settings, state.liveness, None) if isinstance(answer, Distances) else None
    if against is not None and against.matched:
        same = CaptureFinished(state.liveness, state.comparison, None, helper_face=True)
        return Transition(same, (_alert("helper-face"),))
    if state.plan.keep_crop:
        return Transition(Cropping(state.liveness, state.comparison), (CropFace(state.frames[0]),))
    return Transition(CaptureFinished(state.liveness, state.comparison, None))


def _hand_over(
    plan: CapturePlan, liveness: LivenessResult, last: FaceObservation | None, logs: tuple[Log, ...], *, spoof: bool
) -> CaptureMove:
    """To a person; with one crop where the citizen agreed to that or a spoof is suspected, and a face stands there."""
    if last is None or last.landmarks is None or not (spoof or plan.keep_crop):
        return Transition(CaptureFinished(liveness, None, None, spoof), (StopFace(), *logs))
    return Transition(Cropping(liveness, None, spoof), (StopFace(), *logs, CropFace(last.sequence)))


def _declined(trace: Trace | None) -> LivenessResult:
    """What was measured until the citizen asked for something else."""
    stage = None if trace is None else liveness_trace.give_up(trace).stage
    signals = stage.result.signals if isinstance(stage, NotProven) else {}
    return LivenessResult(proven=False, action=DECLINED, signals=signals)


def _unavailable(device: str, reason: str) -> CaptureMove:
    gone = AuditEvent(EventName.DEVICE_UNAVAILABLE, device=device, reason=reason)
    return Transition(FaceUnavailable(reason), (StopFace(), Log(gone)))


def _alert(reason: str) -> Log:
    return Log(AuditEvent(EventName.STAFF_ALERTED, device="face", reason=reason))


def _suspicion_logs(reason: str, signals: Mapping[str, float]) -> tuple[Log, ...]:
    """The kind of attack for those who look into it, and the call for staff, who need not know it."""
    figures = tuple(sorted(signals.items()))
    suspected = AuditEvent(EventName.PRESENTATION_SUSPECTED, device="face", reason=reason, figures=figures)
    return Log(suspected), _alert("spoof-suspected")


def _refused_log(model: str) -> Log:
    return Log(AuditEvent(EventName.FACE_MODEL_REFUSED, device="face", reason=model))


def _comparison_log(comparison: FaceComparison | None) -> Log:
    if comparison is None:
        return Log(AuditEvent(EventName.FACE_COMPARED, outcome="too-few-frames"))
    return Log(
        AuditEvent(
            EventName.FACE_COMPARED,
            outcome="matched" if comparison.matched else "not-matched",
            figures=(("distance", comparison.distance), ("threshold", comparison.threshold)),
        )
    )


def _liveness_logs(liveness: LivenessResult, reason: NotProvenReason | None) -> tuple[Log, ...]:
    finished = Log(
        AuditEvent(
            EventName.LIVENESS_FINISHED,
            outcome="proven" if liveness.proven else "not-proven",
            step=liveness.action,
            reason=None if reason is None else reason.value,
            figures=tuple(sorted(liveness.signals.items())),
        )
    )
    if liveness.signals.get("second_faces", 0.0) < COMPANION_EPISODES:
        return (finished,)
    return finished, Log(AuditEvent(EventName.COMPANION_SEEN, device="camera"))
