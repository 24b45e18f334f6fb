"""Step: a living face, and the right one (domain.md 5.1 steps 6 to 8, E-11 to E-17).

Liveness first, then the comparison with the chip portrait; up to three comparisons. The machine passes a citizen on or
hands him to a person; it never refuses him.
"""

from dataclasses import dataclass, field, replace

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.face import FaceComparison, FaceObservation, LivenessResult, TurnDirection
from kiosk.domain.picture import Picture
from kiosk.face import trace as liveness_trace
from kiosk.face.matching import decide
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import NotProven, Proven
from kiosk.face.trace import Trace
from kiosk.flow.commands import Command, CompareFace, CropFace, Log, StartFace, StopFace
from kiosk.flow.events import Event, FaceCompared, FaceCropped, FaceLost, FaceSeen, FaceStarted
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed
from kiosk.ports.face_analyser import AnalyserFault, Distances, NoReferenceFace, ReferenceReady

COMPARISONS = 3
DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class CapturePlan:
    """What stays the same through all tries. ``keep_crop``: a person will look at the case later (offline evidence)."""

    reference: Picture
    settings: FaceSettings
    directions: tuple[TurnDirection, ...]
    keep_crop: bool

    def direction(self, attempt: int) -> TurnDirection:
        return self.directions[(attempt - 1) % len(self.directions)]


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
class Comparing:
    plan: CapturePlan
    attempt: int
    frames: tuple[int, ...]
    liveness: LivenessResult


@dataclass(frozen=True, slots=True)
class Cropping:
    liveness: LivenessResult
    comparison: FaceComparison | None


@dataclass(frozen=True, slots=True)
class CaptureFinished:
    """``comparison`` is None when liveness was not proven; ``crop`` is a JPEG only where a person must look."""

    liveness: LivenessResult
    comparison: FaceComparison | None
    crop: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class FaceUnavailable:
    """Camera, analyser or reference gave out (E-27)."""

    reason: str


@dataclass(frozen=True, slots=True)
class ReferenceUnusable:
    """The chip portrait shows no face that could be compared."""


CaptureState = StartingFace | Watching | Comparing | Cropping
CaptureResult = CaptureFinished | ReferenceUnusable | FaceUnavailable
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
        case StartingFace(plan, attempt), FaceStarted(ReferenceReady()):
            return Transition(Watching(plan, attempt, None))
        case StartingFace(), FaceStarted(NoReferenceFace()):
            return Transition(ReferenceUnusable(), (StopFace(),))
        case StartingFace(), FaceStarted(AnalyserFault(reason)):
            return _unavailable(reason)
        case (StartingFace() | Watching(), FaceLost(reason)):
            return _unavailable(reason)
        case Watching(), FaceSeen(observation):
            return _watch(state, observation)
        case Watching(trace=trace), Pressed(Button.CANNOT_DO_ACTION):
            return _hand_over(_declined(trace), None, None)
        case Comparing(), FaceCompared(Distances() as distances):
            return _compared(state, distances)
        case Comparing(), FaceCompared(AnalyserFault(reason)):
            return _unavailable(reason)
        case Cropping(liveness, comparison), FaceCropped(answer):
            crop = answer if isinstance(answer, bytes) else None
            return Transition(CaptureFinished(liveness, comparison, crop))
        case _:
            return Transition(state)


def _watch(state: Watching, observation: FaceObservation) -> CaptureMove:
    plan = state.plan
    trace = state.trace or liveness_trace.begin(plan.settings, plan.direction(state.attempt), observation.at)
    trace = liveness_trace.observe(trace, observation)
    match trace.stage:
        case Proven(frames, liveness):
            comparing = Comparing(plan, state.attempt, frames, liveness)
            return Transition(comparing, (StopFace(), _liveness_log(liveness), CompareFace(frames)))
        case NotProven(result=liveness):
            return _hand_over(liveness, None, observation)
        case _:
            return Transition(replace(state, trace=trace))


def _compared(state: Comparing, distances: Distances) -> CaptureMove:
    comparison = decide(distances, state.plan.settings)
    matched = comparison is not None and comparison.matched
    log = _comparison_log(comparison)
    if not matched and state.attempt < COMPARISONS:
        again = StartingFace(state.plan, state.attempt + 1)
        return Transition(again, (log, StartFace(state.plan.reference)))
    if matched and not state.plan.keep_crop:
        return Transition(CaptureFinished(state.liveness, comparison, None), (log,))
    return Transition(Cropping(state.liveness, comparison), (log, CropFace(state.frames[0])))


def _hand_over(
    liveness: LivenessResult, comparison: FaceComparison | None, last: FaceObservation | None
) -> CaptureMove:
    """To a person, with one crop when a face stands in the last frame."""
    commands: tuple[Command, ...] = (StopFace(), _liveness_log(liveness))
    if last is None or last.landmarks is None:
        return Transition(CaptureFinished(liveness, comparison, None), commands)
    return Transition(Cropping(liveness, comparison), (*commands, CropFace(last.sequence)))


def _declined(trace: Trace | None) -> LivenessResult:
    """What was measured until the citizen asked for a person."""
    stage = None if trace is None else liveness_trace.give_up(trace).stage
    signals = stage.result.signals if isinstance(stage, NotProven) else {}
    return LivenessResult(proven=False, action=DECLINED, signals=signals)


def _unavailable(reason: str) -> CaptureMove:
    gone = AuditEvent(EventName.DEVICE_UNAVAILABLE, device="face", reason=reason)
    return Transition(FaceUnavailable(reason), (StopFace(), Log(gone)))


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


def _liveness_log(liveness: LivenessResult) -> Log:
    return Log(
        AuditEvent(
            EventName.LIVENESS_FINISHED,
            outcome="proven" if liveness.proven else "not-proven",
            step=liveness.action,
            figures=tuple(sorted(liveness.signals.items())),
        )
    )
