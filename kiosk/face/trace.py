"""The liveness session: position, baseline, turn, back to the centre; proven or not proven.

Pure: a trace and an observation give the next trace, time comes with the observation. A turn counts only when the
nose moves along the eye line *and* the points leave every homography: a print, however it is tilted, stays a plane.
What it cannot tell from a head: a recorded video that happens to turn as asked, and a print bent to a tube and rolled
by 20 degrees or more, in which the mesh believes to see a turning head.

::

    Positioning --well placed 0.8 s--> Holding --still 1.2 s--> Turning --turned and back--> Proven
         ^                                |                        |
         +------- badly placed -----------+                        +-- try over --> Positioning, then NotProven
         +------- another face, two faces, face gone --------------+
"""

from dataclasses import dataclass, field, replace
from math import hypot
from typing import assert_never

from kiosk.domain.face import FaceAction, FaceObservation, LivenessResult
from kiosk.face.geometry import FaceShape, Movement, mean_shape, movement, shape_of
from kiosk.face.quality import placement_hint
from kiosk.face.selection import Candidate, chosen_frames
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import Acting, Hint, Holding, NotProven, NotProvenReason, Positioning, Proven, Stage

_POSITION_SHARE, _HOLD_SHARE, _TURN_SHARE = 0.2, 0.4, 0.85


@dataclass(frozen=True, slots=True)
class _Finding:
    """Looking for a well-placed face, since ``began``; good without a break since ``good_since``."""

    began: float
    good_since: float | None = None
    hint_since: float = 0.0


@dataclass(frozen=True, slots=True)
class _Still:
    began: float
    shapes: tuple[FaceShape, ...] = ()
    frames: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class _Action:
    """The asked turn. ``seen`` counts frames in a row that show it, ``turned`` says it happened."""

    began: float
    baseline: FaceShape
    before: tuple[Candidate, ...]
    during: tuple[Candidate, ...] = ()
    after: tuple[Candidate, ...] = ()
    seen: int = 0
    turned: bool = False
    strayed: bool = False
    centred_since: float | None = None
    flat_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Signals:
    """The figures that go with the result; peaks are over all tries. ``second_faces`` counts how often another face
    came into the picture."""

    frames: int = 0
    interruptions: int = 0
    two_faces: int = 0
    second_faces: int = 0
    crowded: bool = False
    wrong_way: int = 0
    nose_shift: float = 0.0
    residual: float = 0.0
    flat_s: float = 0.0
    flat_stretch: float = 0.0
    eye_distance: float = 0.0


@dataclass(frozen=True, slots=True)
class Trace:
    """One liveness session. Read ``stage``, ``progress`` and ``attempt``; the rest is its memory."""

    settings: FaceSettings
    actions: tuple[FaceAction, ...]
    seed: int
    began: float
    stage: Stage
    progress: float = 0.0
    attempt: int = 1
    _memory: _Finding | _Still | _Action = field(repr=False, kw_only=True)
    _last: tuple[float, FaceShape] | None = field(repr=False, default=None)
    _last_at: float = 0.0
    _signals: _Signals = field(repr=False, default_factory=_Signals)

    @property
    def ended(self) -> bool:
        return isinstance(self.stage, Proven | NotProven)


def begin(settings: FaceSettings, actions: tuple[FaceAction, ...], at: float, seed: int = 0) -> Trace:
    """``actions`` are drawn by the caller and done one after the other; ``seed`` draws the way of the dot and the order
    of the colours; ``at`` is on the observations' clock."""
    finding = _Finding(at, hint_since=float("-inf"))
    return Trace(settings, actions, seed, at, Positioning(None), _memory=finding, _last_at=at)


def observe(trace: Trace, observation: FaceObservation) -> Trace:
    """The trace after one more frame. A frame no newer than the last, or after the end, changes nothing."""
    trace = expire(trace, observation.at)
    if trace.ended or observation.at <= trace._last_at:
        return trace
    shape = None if observation.landmarks is None else shape_of(observation.landmarks)
    trace = _counted(trace, observation, shape)
    elapsed, trace = observation.at - trace._last_at, replace(trace, _last_at=observation.at)
    same = _same_face(trace, observation, shape)
    if shape is not None:
        trace = replace(trace, _last=(observation.at, shape))
    if not same and not isinstance(trace._memory, _Finding):
        trace = _interrupted(trace, observation.at)
    return _advanced(trace, observation, shape, elapsed)


def expire(trace: Trace, now: float) -> Trace:
    """The trace when no frame came: tries and the whole session end by time alone."""
    if trace.ended:
        return trace
    if now - trace.began >= trace.settings.session_limit_s:
        return _not_proven(trace, now, _reason(trace))
    match trace._memory:
        case _Finding(began=began) if now - began >= trace.settings.position_limit_s:
            return _next_try(trace, now, NotProvenReason.NOT_POSITIONED)
        case _Action(began=began) if now - began >= trace.settings.try_s:
            return _next_try(trace, now, _reason(trace))
        case _Finding() | _Still() | _Action():
            return trace
        case _:
            assert_never(trace._memory)


def give_up(trace: Trace) -> Trace:
    """The citizen asks for another way, or no more frames will come. A trace that ended stays as it is."""
    return trace if trace.ended else _not_proven(trace, trace._last_at, NotProvenReason.GIVEN_UP)


def _advanced(trace: Trace, observation: FaceObservation, shape: FaceShape | None, elapsed: float) -> Trace:
    match trace._memory:
        case _Finding() as finding:
            return _find(trace, finding, observation, shape)
        case _Still() as still:
            return _hold(trace, still, observation, shape)
        case _Action() as action:
            return trace if shape is None else _turn(trace, action, observation, shape, elapsed)
        case _:
            assert_never(trace._memory)


def _find(trace: Trace, finding: _Finding, observation: FaceObservation, shape: FaceShape | None) -> Trace:
    at, settings = observation.at, trace.settings
    hint = placement_hint(observation, shape, settings)
    trace, finding = _shown_hint(trace, finding, hint, at)
    if hint is not None:
        return replace(trace, _memory=replace(finding, good_since=None))
    good_since = at if finding.good_since is None else finding.good_since
    held = (at - good_since) / settings.position_hold_s
    trace = _at_least(trace, _POSITION_SHARE * held)
    if held < 1:
        return replace(trace, _memory=replace(finding, good_since=good_since))
    return replace(trace, stage=Holding(), _memory=_Still(at))


def _shown_hint(trace: Trace, finding: _Finding, hint: Hint | None, at: float) -> tuple[Trace, _Finding]:
    shown = trace.stage.hint if isinstance(trace.stage, Positioning) else None
    waits = hint is not None and shown is not None and at - finding.hint_since < trace.settings.hint_hold_s
    if hint == shown or waits:
        return trace, finding
    return replace(trace, stage=Positioning(hint)), replace(finding, hint_since=at)


def _hold(trace: Trace, still: _Still, observation: FaceObservation, shape: FaceShape | None) -> Trace:
    at, settings = observation.at, trace.settings
    hint = placement_hint(observation, shape, settings)
    if shape is None or hint is not None:
        return _find(replace(trace, stage=Positioning(hint)), _Finding(at, hint_since=at), observation, shape)
    candidate = Candidate(observation.sequence, 0.0, observation.sharpness)
    still = replace(still, shapes=(*still.shapes, shape), frames=(*still.frames, candidate))
    noses = [one.nose for one in still.shapes]
    if max(noses) - min(noses) > settings.baseline_max_shift:
        return replace(trace, stage=Positioning(Hint.STEADY), _memory=_Finding(at, hint_since=at))
    held = (at - still.began) / settings.baseline_s
    trace = _at_least(trace, _POSITION_SHARE + (_HOLD_SHARE - _POSITION_SHARE) * held)
    if held < 1 or len(still.shapes) < settings.baseline_min_frames:
        return replace(trace, _memory=still)
    return _show_turning(replace(trace, _memory=_Action(at, mean_shape(still.shapes), still.frames)), None)


def _turn(trace: Trace, action: _Action, observation: FaceObservation, shape: FaceShape, elapsed: float) -> Trace:
    settings = trace.settings
    moved = movement(action.baseline, shape)
    side = 1 if trace.actions[0] is FaceAction.TURN_LEFT else -1
    asked = side * moved.shift
    action = _with_candidate(action, Candidate(observation.sequence, abs(asked), observation.sharpness), settings)
    action = _with_centre(action, asked, observation.at, settings)
    trace, action = _with_flatness(trace, action, moved, elapsed)
    trace, action = _with_asked_turn(trace, action, asked, moved)
    trace = replace(trace, _memory=action)
    if action.flat_s >= settings.flat_limit_s:
        return _next_try(trace, observation.at, NotProvenReason.FLAT)
    if action.turned and _centred_for(action, observation.at) >= settings.centre_hold_s:
        return _proven(trace, action, observation.at)
    return _show_turning(trace, _turn_hint(action, asked, settings))


def _with_candidate(action: _Action, candidate: Candidate, settings: FaceSettings) -> _Action:
    if action.turned and candidate.away <= settings.centre_shift:
        return replace(action, after=(*action.after, candidate))
    return replace(action, during=(*action.during, candidate))


def _with_centre(action: _Action, asked: float, at: float, settings: FaceSettings) -> _Action:
    if abs(asked) > settings.centre_shift:
        return replace(action, centred_since=None)
    since = at if action.centred_since is None else action.centred_since
    rested = action.strayed and at - since >= settings.wrong_way_rest_s
    return replace(action, centred_since=since, strayed=action.strayed and not rested)


def _with_flatness(trace: Trace, action: _Action, moved: Movement, elapsed: float) -> tuple[Trace, _Action]:
    settings, signals = trace.settings, trace._signals
    turned = hypot(moved.yaw, moved.pitch) > settings.flat_rotation_deg
    if turned or moved.stretch < settings.flat_stretch or moved.residual > settings.flat_residual:
        return trace, action
    seconds = min(elapsed, settings.max_gap_s)
    signals = replace(signals, flat_s=signals.flat_s + seconds, flat_stretch=max(signals.flat_stretch, moved.stretch))
    return replace(trace, _signals=signals), replace(action, flat_s=action.flat_s + seconds)


def _with_asked_turn(trace: Trace, action: _Action, asked: float, moved: Movement) -> tuple[Trace, _Action]:
    if action.turned:
        return trace, action
    head_turned = _head_turned(moved, trace.settings)
    if head_turned and asked < 0:
        wrong_way = trace._signals.wrong_way + (not action.strayed)
        signals = replace(trace._signals, wrong_way=wrong_way)
        return replace(trace, _signals=signals), replace(action, strayed=True, seen=0)
    if not head_turned or action.strayed:
        return _peaked(trace, asked, 0.0), replace(action, seen=0)
    seen = action.seen + 1
    return _peaked(trace, asked, moved.residual), replace(action, seen=seen, turned=seen >= trace.settings.turn_frames)


def _head_turned(moved: Movement, settings: FaceSettings) -> bool:
    """Nose, mesh and parallax agree that a head turned, to whichever side."""
    nose = abs(moved.shift) >= settings.turn_shift
    mesh = abs(moved.yaw) >= settings.turn_yaw_deg and moved.yaw * moved.shift > 0
    return nose and mesh and moved.residual >= settings.turn_residual


def _peaked(trace: Trace, asked: float, residual: float) -> Trace:
    signals = trace._signals
    peaks = replace(signals, nose_shift=max(signals.nose_shift, asked), residual=max(signals.residual, residual))
    way = min(1.0, max(0.0, asked) / trace.settings.turn_shift)
    return _at_least(replace(trace, _signals=peaks), _HOLD_SHARE + (_TURN_SHARE - _HOLD_SHARE) * way)


def _turn_hint(action: _Action, asked: float, settings: FaceSettings) -> Hint | None:
    if action.turned or (action.strayed and asked > settings.centre_shift):
        return Hint.BACK_TO_CENTRE
    return Hint.OTHER_SIDE if action.strayed else None


def _centred_for(action: _Action, at: float) -> float:
    return 0.0 if action.centred_since is None else at - action.centred_since


def _show_turning(trace: Trace, hint: Hint | None) -> Trace:
    return replace(trace, stage=Acting(trace.actions[0], trace.progress, trace.attempt, hint))


def _same_face(trace: Trace, observation: FaceObservation, shape: FaceShape | None) -> bool:
    """One face, where the last one was a moment ago, of about its size."""
    if observation.faces > 1:
        return False
    if trace._last is None:
        return True
    at, last = trace._last
    if observation.at - at > trace.settings.max_gap_s:
        return False
    if shape is None:
        return True
    (x, y), (last_x, last_y) = shape.centre, last.centre
    reach = trace.settings.max_jump
    near = max(abs(x - last_x), abs(y - last_y)) <= reach * last.eye_distance
    return near and 1 - reach / 2 <= shape.eye_distance / last.eye_distance <= 1 + reach / 2


def _interrupted(trace: Trace, at: float) -> Trace:
    """Another face, or none: what was seen of the first one counts no more. The try is not used up."""
    signals = replace(trace._signals, interruptions=trace._signals.interruptions + 1)
    finding = _Finding(at, hint_since=float("-inf"))
    return replace(trace, stage=Positioning(None), _memory=finding, _signals=signals)


def _counted(trace: Trace, observation: FaceObservation, shape: FaceShape | None) -> Trace:
    signals = trace._signals
    return replace(
        trace,
        _signals=replace(
            signals,
            frames=signals.frames + 1,
            two_faces=signals.two_faces + (observation.faces > 1),
            second_faces=signals.second_faces + (observation.faces > 1 and not signals.crowded),
            crowded=observation.faces > 1,
            eye_distance=signals.eye_distance if shape is None else shape.eye_distance,
        ),
    )


def _next_try(trace: Trace, at: float, reason: NotProvenReason) -> Trace:
    if trace.attempt >= trace.settings.tries:
        return _not_proven(trace, at, reason)
    finding = _Finding(at, hint_since=float("-inf"))
    return replace(trace, stage=Positioning(None), attempt=trace.attempt + 1, _memory=finding)


def _reason(trace: Trace) -> NotProvenReason:
    return NotProvenReason.FLAT if trace._signals.flat_s >= trace.settings.flat_limit_s else NotProvenReason.TIMED_OUT


def _proven(trace: Trace, action: _Action, at: float) -> Trace:
    frames = chosen_frames(action.before, action.during, action.after, trace.settings.comparison_frames)
    return replace(_at_least(trace, 1.0), stage=Proven(frames, _result(trace, at, proven=True)))


def _not_proven(trace: Trace, at: float, reason: NotProvenReason) -> Trace:
    return replace(trace, stage=NotProven(_result(trace, at, proven=False), reason))


def _result(trace: Trace, at: float, *, proven: bool) -> LivenessResult:
    signals = trace._signals
    figures = {
        "nose_shift": signals.nose_shift,
        "parallax_residual": signals.residual,
        "flat_seconds": signals.flat_s,
        "flat_stretch": signals.flat_stretch,
        "eye_distance_px": signals.eye_distance,
        "wrong_way": float(signals.wrong_way),
        "interruptions": float(signals.interruptions),
        "frames_with_two_faces": float(signals.two_faces),
        "second_faces": float(signals.second_faces),
        "frames": float(signals.frames),
        "tries": float(trace.attempt),
        "seconds": at - trace.began,
    }
    action = "+".join(one.value for one in trace.actions)
    return LivenessResult(proven, action, {name: round(figure, 4) for name, figure in figures.items()})


def _at_least(trace: Trace, progress: float) -> Trace:
    return replace(trace, progress=max(trace.progress, min(1.0, progress)))
