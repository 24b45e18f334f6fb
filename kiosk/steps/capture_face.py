"""Step: a living face, and the right one (domain.md 5.1 steps 6 to 8, E-11 to E-19).

Liveness first, then the comparison with the reference, up to three of them. An action that was not done, or that the
citizen cannot do, leads to another action or to a person. The machine passes a citizen on; it never refuses him.
"""

from dataclasses import dataclass, field, replace

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.face import FaceAction, FaceComparison, FaceObservation, LivenessResult
from kiosk.domain.picture import Picture
from kiosk.face import trace as liveness_trace
from kiosk.face.matching import decide
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import NotProven, NotProvenReason, Proven
from kiosk.face.trace import Trace
from kiosk.flow.commands import Command, CompareFace, CompareHelper, CropFace, Log, StartFace, StopFace
from kiosk.flow.events import Event, FaceCompared, FaceCropped, FaceLost, FaceSeen, FaceStarted, HelperCompared
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Picked, Pressed
from kiosk.ports.face_analyser import AnalyserFault, Distances, NoReferenceFace, ReferenceReady

COMPARISONS = 3
DECLINED = "declined"
COMPANION_EPISODES = 3
"""So often may a second face come into the picture before the log says that somebody stands beside (E-12)."""


@dataclass(frozen=True, slots=True)
class CapturePlan:
    """What stays the same through all tries. Without ``reference`` nothing is compared. ``keep_crop``: the citizen
    agreed that one picture is kept for a person to look at. ``excluded`` are actions that were not done or cannot be.
    ``helper`` is the portrait of who operates the terminal for the citizen."""

    reference: Picture | None
    settings: FaceSettings
    draws: tuple[FaceAction, ...]
    keep_crop: bool
    excluded: frozenset[FaceAction] = frozenset()
    helper: Picture | None = None

    def actions(self, attempt: int) -> tuple[FaceAction, ...]:
        """The drawn one, or one that is still open."""
        drawn = self.draws[(attempt - 1) % len(self.draws)]
        return (drawn if drawn not in self.excluded else self.open_actions[0],)

    @property
    def open_actions(self) -> tuple[FaceAction, ...]:
        known = (FaceAction.TURN_LEFT, FaceAction.TURN_RIGHT)
        return tuple(action for action in known if action not in self.excluded)


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
    """Back after a detour: it used up a try, and the next try asks for its own turn."""
    return Transition(StartingFace(left.plan, left.attempt + 1), (StartFace(left.plan.reference),))


def may_resume(left: StartingFace | Watching) -> bool:
    return left.attempt < COMPARISONS


def advance(state: CaptureState, event: Event) -> CaptureMove:
    match state, event:
        case StartingFace(plan, attempt), FaceStarted(ReferenceReady() | None):
            return Transition(Watching(plan, attempt, None))
        case StartingFace(), FaceStarted(NoReferenceFace()):
            return Transition(ReferenceUnusable(), (StopFace(),))
        case StartingFace(), FaceStarted(AnalyserFault(reason)):
            return _unavailable("face", reason)
        case (StartingFace() | Watching(), FaceLost(device, reason)):
            return _unavailable(device, reason)
        case Watching(), FaceSeen(observation):
            return _watch(state, observation)
        case Watching(trace=trace), Pressed(Button.CANNOT_DO_ACTION):
            return _other_action(state, _declined(trace), None)
        case ChoosingAction(plan, attempt), Picked(index) if index < len(plan.open_actions):
            others = frozenset(plan.open_actions) - {plan.open_actions[index]}
            chosen = replace(plan, excluded=plan.excluded | others)
            return Transition(StartingFace(chosen, attempt), (StartFace(plan.reference),))
        case ChoosingAction(liveness=liveness), Pressed(Button.ASK_STAFF):
            return Transition(CaptureFinished(replace(liveness, action=DECLINED), None, None))
        case Comparing(), FaceCompared(Distances() as distances):
            return _compared(state, distances)
        case Comparing(), FaceCompared(AnalyserFault(reason)):
            return _unavailable("face", reason)
        case ComparingHelper(), HelperCompared(answer):
            return _helper_compared(state, answer)
        case Cropping(liveness, comparison, spoof), FaceCropped(answer):
            crop = answer if isinstance(answer, bytes) else None
            return Transition(CaptureFinished(liveness, comparison, crop, spoof))
        case _:
            return Transition(state)


def _watch(state: Watching, observation: FaceObservation) -> CaptureMove:
    plan = state.plan
    trace = state.trace or liveness_trace.begin(plan.settings, plan.actions(state.attempt), observation.at)
    trace = liveness_trace.observe(trace, observation)
    match trace.stage:
        case Proven(frames, liveness):
            commands: tuple[Command, ...] = (StopFace(), *_liveness_logs(liveness))
            if plan.reference is None:
                return Transition(Cropping(liveness, None), (*commands, CropFace(frames[0])))
            return Transition(Comparing(plan, state.attempt, frames, liveness), (*commands, CompareFace(frames)))
        case NotProven(liveness, NotProvenReason.FLAT):
            return _hand_over(plan, liveness, observation, spoof=True)
        case NotProven(result=liveness):
            return _other_action(state, liveness, observation)
        case _:
            return Transition(replace(state, trace=trace))


def _other_action(state: Watching, liveness: LivenessResult, last: FaceObservation | None) -> CaptureMove:
    """Another action where one is open, else a person."""
    done = frozenset(state.plan.actions(state.attempt))
    plan = replace(state.plan, excluded=state.plan.excluded | done)
    if not plan.open_actions:
        return _hand_over(plan, liveness, last, spoof=False)
    choosing = ChoosingAction(plan, state.attempt, liveness)
    return Transition(choosing, (StopFace(), *_liveness_logs(liveness)))


def _compared(state: Comparing, distances: Distances) -> CaptureMove:
    plan = state.plan
    comparison = decide(distances, plan.settings, state.liveness, None)
    log = _comparison_log(comparison)
    if comparison is not None and comparison.matched:
        return _matched(state, comparison, log)
    if state.attempt < COMPARISONS:
        return Transition(StartingFace(plan, state.attempt + 1), (log, StartFace(plan.reference)))
    logs = (log, _alert("not-matched"))
    if plan.keep_crop:
        return Transition(Cropping(state.liveness, comparison), (*logs, CropFace(state.frames[0])))
    return Transition(AppealNeeded(state.liveness, comparison, state.frames[0]), logs)


def _matched(state: Comparing, comparison: FaceComparison, log: Log) -> CaptureMove:
    if state.plan.helper is not None:
        checking = ComparingHelper(state.plan, state.frames, state.liveness, comparison)
        return Transition(checking, (log, CompareHelper(state.plan.helper, state.frames)))
    if state.plan.keep_crop:
        return Transition(Cropping(state.liveness, comparison), (log, CropFace(state.frames[0])))
    return Transition(CaptureFinished(state.liveness, comparison, None), (log,))


def _helper_compared(state: ComparingHelper, answer: Distances | NoReferenceFace | AnalyserFault) -> CaptureMove:
    """A helper whose portrait cannot be compared is left to the audit sample."""
    against = decide(answer, state.plan.settings, state.liveness, None) if isinstance(answer, Distances) else None
    if against is not None and against.matched:
        same = CaptureFinished(state.liveness, state.comparison, None, helper_face=True)
        return Transition(same, (_alert("helper-face"),))
    if state.plan.keep_crop:
        return Transition(Cropping(state.liveness, state.comparison), (CropFace(state.frames[0]),))
    return Transition(CaptureFinished(state.liveness, state.comparison, None))


def _hand_over(
    plan: CapturePlan, liveness: LivenessResult, last: FaceObservation | None, *, spoof: bool
) -> CaptureMove:
    """To a person; with one crop where the citizen agreed to that or a spoof is suspected, and a face stands there."""
    logs = (*_liveness_logs(liveness), *((_alert("spoof-suspected"),) if spoof else ()))
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


def _liveness_logs(liveness: LivenessResult) -> tuple[Log, ...]:
    finished = Log(
        AuditEvent(
            EventName.LIVENESS_FINISHED,
            outcome="proven" if liveness.proven else "not-proven",
            step=liveness.action,
            figures=tuple(sorted(liveness.signals.items())),
        )
    )
    if liveness.signals.get("second_faces", 0.0) < COMPANION_EPISODES:
        return (finished,)
    return finished, Log(AuditEvent(EventName.COMPANION_SEEN, device="camera"))
