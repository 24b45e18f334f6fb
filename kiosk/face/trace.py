"""The liveness session: position, baseline, one or two actions, perhaps the colours; proven or not proven.

Pure: a trace and an observation give the next trace, time comes with the observation. What the head shows must be the
movement of a solid head, what the eyes show must be lids; beside that ``kiosk.face.passive`` notices what no living
person before a camera does. What it cannot tell from a head, the README says.

::

    Positioning --well placed 0.8 s--> Holding --still 1.2 s--> Acting --every action done--> (Flashing) --> Proven
         ^                                |                        |
         +------- badly placed -----------+                        +-- try over --> Positioning, then NotProven
         +------- another face, two faces, face gone --------------+
"""

from dataclasses import dataclass, field, replace
from math import hypot
from typing import assert_never

from kiosk.domain.face import FaceAction, FaceObservation, LivenessResult
from kiosk.face.blink_action import BlinkAction, begin_blinks
from kiosk.face.blinks import OpenEyes, open_eyes
from kiosk.face.flash import Flash, begin_flash
from kiosk.face.geometry import FaceShape, Movement, mean_shape, movement, shape_of
from kiosk.face.head_actions import HeadWatch, Look, ways_of
from kiosk.face.passive import Passive
from kiosk.face.quality import placement_hint
from kiosk.face.selection import Candidate, chosen_frames
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import (
    Acting,
    Flashing,
    Hint,
    Holding,
    NotProven,
    NotProvenReason,
    Positioning,
    Proven,
    Stage,
)

_POSITION_SHARE, _HOLD_SHARE, _ACTIONS_SHARE = 0.2, 0.4, 0.9


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
    observations: tuple[FaceObservation, ...] = ()
    frames: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the actions of a try have shown so far."""

    shift: float = 0.0
    sink: float = 0.0
    residual: float = 0.0
    solidity: float = 0.0
    places: float = 0.0
    blinks: int = 0
    covered: int = 0
    wrong_way: int = 0
    early: int = 0
    flash: float | None = None
    witnesses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Action:
    """The actions under way: ``place`` says which one. ``flat_s`` and ``bent`` belong to this try."""

    began: float
    baseline: FaceShape
    usual: OpenEyes | None
    watch: HeadWatch | BlinkAction
    before: tuple[Candidate, ...]
    during: tuple[Candidate, ...] = ()
    after: tuple[Candidate, ...] = ()
    place: int = 0
    flat_s: float = 0.0
    bent_s: float = 0.0
    flash: Flash | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """One liveness session. Read ``stage``, ``progress`` and ``attempt``; the rest is its memory."""

    settings: FaceSettings
    actions: tuple[FaceAction, ...]
    in_doubt: FaceAction | None
    seed: int
    began: float
    stage: Stage
    progress: float = 0.0
    attempt: int = 1
    _memory: _Finding | _Still | _Action = field(repr=False, kw_only=True)
    _passive: Passive = field(repr=False, kw_only=True)
    _shown: _Shown = field(repr=False, default_factory=_Shown)
    _last: tuple[float, FaceShape] | None = field(repr=False, default=None)
    _last_at: float = 0.0
    _interruptions: int = 0

    @property
    def ended(self) -> bool:
        return isinstance(self.stage, Proven | NotProven)


def begin(
    settings: FaceSettings,
    actions: tuple[FaceAction, ...],
    at: float,
    seed: int = 0,
    in_doubt: FaceAction | None = None,
) -> Trace:
    """``actions`` are drawn by the caller and done one after the other; ``in_doubt`` is one more, asked only when
    something about the pictures was out of the ordinary until then. ``seed`` draws the way of the dot and the order of
    the colours; ``at`` is on the observations' clock."""
    finding = _Finding(at, hint_since=float("-inf"))
    passive = Passive(settings)
    return Trace(
        settings, actions, in_doubt, seed, at, Positioning(None), _memory=finding, _passive=passive, _last_at=at
    )


def observe(trace: Trace, observation: FaceObservation) -> Trace:
    """The trace after one more frame. A frame no newer than the last, or after the end, changes nothing."""
    trace = expire(trace, observation.at)
    if trace.ended or observation.at <= trace._last_at:
        return trace
    shape = None if observation.landmarks is None else shape_of(observation.landmarks)
    elapsed = observation.at - trace._last_at
    trace = replace(trace, _last_at=observation.at, _passive=trace._passive.seen(observation, shape))
    same = _same_face(trace, observation, shape)
    if shape is not None:
        trace = replace(trace, _last=(observation.at, shape))
    verdict = trace._passive.verdict()
    if verdict is not None:
        return _not_proven(trace, observation.at, verdict)
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
        case _Action() as action if now - action.began >= trace.settings.try_s * len(trace.actions):
            return _next_try(_told(trace, action), now, _reason(trace))
        case _Finding() | _Still() | _Action():
            return trace
        case _:
            assert_never(trace._memory)


def give_up(trace: Trace) -> Trace:
    """The citizen asks for another way, or no more frames will come. A trace that ended stays as it is."""
    if trace.ended:
        return trace
    if isinstance(trace._memory, _Action):
        trace = _told(trace, trace._memory)
    return _not_proven(trace, trace._last_at, NotProvenReason.GIVEN_UP)


def _advanced(trace: Trace, observation: FaceObservation, shape: FaceShape | None, elapsed: float) -> Trace:
    match trace._memory:
        case _Finding() as finding:
            return _find(trace, finding, observation, shape)
        case _Still() as still:
            return _hold(trace, still, observation, shape)
        case _Action(flash=Flash()) as action:
            return _shine(trace, action, observation)
        case _Action() as action:
            return trace if shape is None else _act(trace, action, observation, shape, elapsed)
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
    still = replace(
        still,
        shapes=(*still.shapes, shape),
        observations=(*still.observations, replace(observation, landmarks=None)),
        frames=(*still.frames, candidate),
    )
    noses = [one.nose for one in still.shapes]
    if max(noses) - min(noses) > settings.baseline_max_shift:
        return replace(trace, stage=Positioning(Hint.STEADY), _memory=_Finding(at, hint_since=at))
    held = (at - still.began) / settings.baseline_s
    trace = _at_least(trace, _POSITION_SHARE + (_HOLD_SHARE - _POSITION_SHARE) * held)
    if held < 1 or len(still.shapes) < settings.baseline_min_frames:
        return replace(trace, _memory=still)
    usual = open_eyes(still.observations, settings)
    watch = _watch(trace, trace.actions[0], usual, at)
    if watch is None:
        return _next_try(trace, at, NotProvenReason.TIMED_OUT)
    return _show(trace, _Action(at, mean_shape(still.shapes), usual, watch, still.frames))


def _watch(trace: Trace, action: FaceAction, usual: OpenEyes | None, at: float) -> HeadWatch | BlinkAction | None:
    """None for a blink of eyes that could not be seen."""
    if action is FaceAction.BLINK:
        return None if usual is None else begin_blinks(usual, trace.settings, at)
    return HeadWatch(action, ways_of(action, trace.settings, trace.seed + trace.attempt), trace.settings, at)


def _act(trace: Trace, action: _Action, observation: FaceObservation, shape: FaceShape, elapsed: float) -> Trace:
    look = Look(observation, shape, movement(action.baseline, shape))
    action = replace(action, watch=action.watch.seen(look))
    action = _with_candidate(action, look, trace)
    trace, action = _with_flatness(trace, action, look.moved, elapsed)
    trace = replace(trace, _memory=action)
    if action.flat_s >= trace.settings.flat_limit_s:
        return _next_try(_told(trace, action), observation.at, NotProvenReason.FLAT)
    if action.bent_s >= trace.settings.bent_limit_s:
        return _next_try(_told(trace, action), observation.at, NotProvenReason.BENT)
    if _place_missed(action, observation.at, trace.settings):
        return _next_try(_told(trace, action), observation.at, NotProvenReason.TIMED_OUT)
    return _next_action(trace, action, observation.at) if action.watch.back else _show(trace, action)


def _next_action(trace: Trace, action: _Action, at: float) -> Trace:
    trace = _told(trace, action)
    place = action.place + 1
    if place == len(trace.actions) and trace.in_doubt is not None and _doubts(trace):
        trace = replace(trace, actions=(*trace.actions, trace.in_doubt), in_doubt=None)
    if place == len(trace.actions):
        return _all_done(trace, action, at)
    watch = _watch(trace, trace.actions[place], action.usual, at)
    if watch is None:
        return _next_try(trace, at, NotProvenReason.TIMED_OUT)
    during = (*action.during, *action.after)
    return _show(trace, replace(action, watch=watch, place=place, during=during, after=()))


def _all_done(trace: Trace, action: _Action, at: float) -> Trace:
    if not trace.settings.flash:
        return _proven(trace, action, at)
    flash = begin_flash(trace.seed + trace.attempt, at, trace.settings.flash_colour_s)
    shining = Flashing(flash.order[0], trace.progress)
    return replace(trace, stage=shining, _memory=replace(action, flash=flash))


def _shine(trace: Trace, action: _Action, observation: FaceObservation) -> Trace:
    assert action.flash is not None
    flash = action.flash.with_face(observation.at, observation.traits.colour)
    colour = flash.colour(observation.at)
    if colour is None:
        told = replace(trace._shown, flash=flash.score())
        return _proven(replace(trace, _shown=told), action, observation.at)
    return replace(trace, stage=Flashing(colour, trace.progress), _memory=replace(action, flash=flash))


def _with_candidate(action: _Action, look: Look, trace: Trace) -> _Action:
    candidate = Candidate(look.observation.sequence, look.away, look.observation.sharpness)
    if action.watch.gone and candidate.away <= trace.settings.centre_shift:
        return replace(action, after=(*action.after, candidate))
    return replace(action, during=(*action.during, candidate))


def _with_flatness(trace: Trace, action: _Action, moved: Movement, elapsed: float) -> tuple[Trace, _Action]:
    settings = trace.settings
    seconds = min(elapsed, settings.max_gap_s)
    if _as_a_plane(moved, settings):
        passive = trace._passive.flat(moved, seconds)
        return replace(trace, _passive=passive), replace(action, flat_s=action.flat_s + seconds)
    if _as_a_tube(action.watch, moved, settings):
        return trace, replace(action, bent_s=action.bent_s + seconds)
    return trace, action


def _as_a_plane(moved: Movement, settings: FaceSettings) -> bool:
    turned = hypot(moved.yaw, moved.pitch) > settings.flat_rotation_deg
    return not turned and moved.stretch >= settings.flat_stretch and moved.residual <= settings.flat_residual


def _as_a_tube(watch: HeadWatch | BlinkAction, moved: Movement, settings: FaceSettings) -> bool:
    """As far as a head must go, and clearly less solid than one."""
    far = hypot(moved.shift, moved.sink) >= settings.turn_shift
    return isinstance(watch, HeadWatch) and far and watch.solidity < settings.bent_solidity


def _place_missed(action: _Action, at: float, settings: FaceSettings) -> bool:
    watch = action.watch
    follows = isinstance(watch, HeadWatch) and watch.action is FaceAction.FOLLOW_DOT and not watch.gone
    return follows and at - watch.asked_at >= settings.dot_place_s


def _show(trace: Trace, action: _Action) -> Trace:
    watch = action.watch
    done = (action.place + watch.progress) / len(trace.actions)
    trace = _at_least(trace, _HOLD_SHARE + (_ACTIONS_SHARE - _HOLD_SHARE) * done)
    dot = watch.dot if isinstance(watch, HeadWatch) else None
    stage = Acting(trace.actions[action.place], trace.progress, trace.attempt, watch.hint, dot)
    return replace(trace, stage=stage, _memory=action)


def _told(trace: Trace, action: _Action) -> Trace:
    """The figures of the action under way, kept for the evidence; peaks are over all tries."""
    shown, watch = trace._shown, action.watch
    if isinstance(watch, BlinkAction):
        shown = replace(
            shown,
            blinks=max(shown.blinks, watch.count),
            covered=shown.covered + watch.watch.covered,
            witnesses=(*shown.witnesses, *watch.witnesses),
        )
        return replace(trace, _shown=shown)
    nod = watch.action is FaceAction.NOD
    furthest = max((peak.shift for peak in watch.peaks), default=0.0)
    shown = replace(
        shown,
        shift=max(shown.shift, 0.0 if nod else furthest),
        sink=max(shown.sink, furthest if nod else 0.0),
        residual=max([shown.residual, *(peak.residual for peak in watch.peaks)]),
        solidity=max(shown.solidity, watch.solidity),
        places=max(shown.places, watch.reached / len(watch.ways) if watch.action is FaceAction.FOLLOW_DOT else 0.0),
        wrong_way=shown.wrong_way + watch.wrong_way,
        early=shown.early + watch.early,
        witnesses=(*shown.witnesses, *(peak.witness for peak in watch.peaks)),
    )
    return replace(trace, _shown=shown)


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
    finding = _Finding(at, hint_since=float("-inf"))
    shown = replace(trace._shown, witnesses=())
    return replace(
        trace, stage=Positioning(None), _memory=finding, _shown=shown, _interruptions=trace._interruptions + 1
    )


def _next_try(trace: Trace, at: float, reason: NotProvenReason) -> Trace:
    if trace.attempt >= trace.settings.tries:
        return _not_proven(trace, at, reason)
    finding, shown = _Finding(at, hint_since=float("-inf")), replace(trace._shown, witnesses=())
    return replace(trace, stage=Positioning(None), attempt=trace.attempt + 1, _memory=finding, _shown=shown)


def _reason(trace: Trace) -> NotProvenReason:
    if trace._passive.flat_s >= trace.settings.flat_limit_s:
        return NotProvenReason.FLAT
    return NotProvenReason.TOO_EARLY if trace._shown.early >= trace.settings.early_limit else NotProvenReason.TIMED_OUT


def _proven(trace: Trace, action: _Action, at: float) -> Trace:
    frames = chosen_frames(action.before, action.during, action.after, trace.settings.comparison_frames)
    stage = Proven(frames, _result(trace, at, proven=True), trace._shown.witnesses)
    return replace(_at_least(trace, 1.0), stage=stage)


def _not_proven(trace: Trace, at: float, reason: NotProvenReason) -> Trace:
    return replace(trace, stage=NotProven(_result(trace, at, proven=False), reason))


def _result(trace: Trace, at: float, *, proven: bool) -> LivenessResult:
    shown, passive = trace._shown, trace._passive
    figures = {
        **passive.figures(),
        "nose_shift": shown.shift,
        "nod_shift": shown.sink,
        "parallax_residual": shown.residual,
        "solidity": shown.solidity,
        "dot_followed": shown.places,
        "blinks": float(shown.blinks),
        "covered": float(shown.covered),
        "wrong_way": float(shown.wrong_way),
        "early": float(shown.early),
        "doubts": float(_doubts(trace)),
        "interruptions": float(trace._interruptions),
        "tries": float(trace.attempt),
        "seconds": at - trace.began,
        **({} if shown.flash is None else {"flash": shown.flash}),
    }
    action = "+".join(one.value for one in trace.actions)
    return LivenessResult(proven, action, {name: round(figure, 4) for name, figure in figures.items()})


def _doubts(trace: Trace) -> int:
    """How many things were out of the ordinary, none of which proves anything alone."""
    shown = trace._shown
    return len(trace._passive.screen_signs()) + (shown.covered > 0) + (shown.early > 1)


def _at_least(trace: Trace, progress: float) -> Trace:
    return replace(trace, progress=max(trace.progress, min(1.0, progress)))
