"""Nod, dot and blink: what a citizen is asked for beside a turn, alone and two of them, and who can do none of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from math import cos, hypot, pi, sin

import pytest

from kiosk.domain.face import FaceAction, FaceObservation, PictureTraits
from kiosk.face.head_actions import ways_of
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import Acting, Flashing, Hint, NotProven, NotProvenReason, Positioning, Proven
from kiosk.face.trace import Trace, begin, observe
from tests.kiosk.face.heads import FPS, Pose, eyes, head_at, observation, print_at

NOD, DOT, BLINK, LEFT = FaceAction.NOD, FaceAction.FOLLOW_DOT, FaceAction.BLINK, FaceAction.TURN_LEFT
SETTINGS = FaceSettings()

Moment = Callable[[int, Acting | None, float], FaceObservation]
"""What is seen in the frame of this number, while this is asked since so many seconds."""


def session(
    moment: Moment,
    *actions: FaceAction,
    settings: FaceSettings = SETTINGS,
    seed: int = 5,
    seconds: float = 60.0,
    in_doubt: FaceAction | None = None,
) -> list[Trace]:
    trace = begin(settings, actions, 0.0, seed, in_doubt)
    traces, asked, since = [trace], None, 0.0
    for sequence in range(1, int(seconds * FPS)):
        at = sequence / FPS
        acting = trace.stage if isinstance(trace.stage, Acting) else None
        now_asked = None if acting is None else (acting.action, acting.dot)
        if now_asked != asked:
            asked, since = now_asked, at
        trace = observe(trace, moment(sequence, acting, at - since))
        traces.append(trace)
        if trace.ended:
            break
    return traces


def bump(seconds: float, lasting: float = 2.0) -> float:
    return sin(pi * min(1.0, max(0.0, seconds / lasting)))


def obeys(sequence: int, acting: Acting | None, seconds: float) -> FaceObservation:
    """A citizen who answers after 0.6 s: nods, turns, follows the dot, blinks every half a second."""
    since = seconds - 0.6
    pose, open_eyes = Pose(), eyes()
    if acting is not None and since > 0:
        match acting.action:
            case FaceAction.NOD:
                pose = Pose(pitch=14 * bump(since))
            case FaceAction.TURN_LEFT:
                pose = Pose(yaw=18 * bump(since))
            case FaceAction.FOLLOW_DOT if acting.dot is not None:
                part = min(1.0, since / 0.5)
                pose = Pose(yaw=-14 * acting.dot[0] * part, pitch=14 * acting.dot[1] * part)
            case FaceAction.BLINK:
                open_eyes = eyes(0.05 if since % 0.6 < 0.2 else 0.32)
    return observation(sequence, head_at(pose), eyes=open_eyes)


def end(traces: list[Trace]) -> Proven | NotProven:
    stage = traces[-1].stage
    assert isinstance(stage, Proven | NotProven)
    return stage


@pytest.mark.parametrize("action", [NOD, DOT, BLINK, LEFT])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_does_as_asked_is_proven_within_seconds(action: FaceAction, seed: int) -> None:
    proven = end(session(obeys, action, seed=seed))
    assert isinstance(proven, Proven), proven
    assert proven.result.action == action.value
    assert proven.result.signals["seconds"] < 12
    assert proven.result.clean
    assert proven.witnesses
    assert len(proven.frames) == 5


@pytest.mark.parametrize("second", [NOD, DOT, BLINK])
def test_two_actions_are_asked_one_after_the_other(second: FaceAction) -> None:
    traces = session(obeys, LEFT, second)
    asked = [trace.stage.action for trace in traces if isinstance(trace.stage, Acting)]
    assert asked == [LEFT] * asked.count(LEFT) + [second] * asked.count(second)
    proven = end(traces)
    assert isinstance(proven, Proven)
    assert proven.result.action == f"turn-left+{second.value}"
    assert len(proven.witnesses) >= 2


def test_the_first_of_two_actions_alone_proves_nothing() -> None:
    def turns_only(sequence: int, acting: Acting | None, seconds: float) -> FaceObservation:
        return obeys(sequence, acting if acting is not None and acting.action is LEFT else None, seconds)

    assert end(session(turns_only, LEFT, BLINK)).result.proven is False


def test_progress_never_runs_back_and_ends_full() -> None:
    progress = [trace.progress for trace in session(obeys, LEFT, NOD)]
    assert progress == sorted(progress)
    assert progress[-1] == 1.0


@pytest.mark.parametrize("action", [NOD, DOT, BLINK, LEFT])
def test_who_does_nothing_is_not_proven(action: FaceAction) -> None:
    stage = end(session(lambda sequence, *_: observation(sequence, head_at(Pose()), eyes=eyes()), action))
    assert isinstance(stage, NotProven)
    assert stage.reason is NotProvenReason.TIMED_OUT


@pytest.mark.parametrize("action", [NOD, DOT, LEFT])
@pytest.mark.parametrize("degrees", [15, 30, 45])
def test_a_print_moved_as_asked_proves_nothing(action: FaceAction, degrees: float) -> None:
    def tilted(sequence: int, acting: Acting | None, seconds: float) -> FaceObservation:
        pose = Pose()
        if acting is not None:
            x, y = (-acting.dot[0], acting.dot[1]) if acting.dot else (0.0, 1.0) if acting.action is NOD else (1.0, 0.0)
            pose = Pose(yaw=x * degrees * bump(seconds), pitch=y * degrees * bump(seconds))
        return observation(sequence, print_at(pose), eyes=eyes())

    assert isinstance(end(session(tilted, action)), NotProven)


def test_who_follows_the_dot_the_wrong_way_is_not_proven() -> None:
    def mirrored(sequence: int, acting: Acting | None, seconds: float) -> FaceObservation:
        away = acting and acting.dot and replace(acting, dot=(-acting.dot[0], -acting.dot[1]))
        return obeys(sequence, away or acting, seconds)

    stage = end(session(mirrored, DOT))
    assert isinstance(stage, NotProven)
    assert stage.result.signals["dot_followed"] < 1


@pytest.mark.parametrize("seed", range(20))
def test_the_dot_goes_to_places_apart_and_never_straight_up(seed: int) -> None:
    ways = ways_of(DOT, SETTINGS, seed)
    assert len(ways) == SETTINGS.dot_places
    assert all(hypot(*way) == pytest.approx(1) and way[1] > -0.9 for way in ways)
    assert all(a[0] * b[0] + a[1] * b[1] < cos(pi / 4) for a, b in pairwise(ways))


def test_the_dot_s_way_is_drawn_from_the_seed() -> None:
    assert len({ways_of(DOT, SETTINGS, seed) for seed in range(20)}) > 10
    assert ways_of(DOT, SETTINGS, 7) == ways_of(DOT, SETTINGS, 7)


def test_a_turn_that_begins_before_anybody_could_answer_does_not_count() -> None:
    """A recording that turns at its own times."""

    def foresees(sequence: int, acting: Acting | None, seconds: float) -> FaceObservation:
        pose = Pose(yaw=20 * min(1.0, 0.5 + seconds)) if acting is not None and seconds < 2.0 else Pose()
        return observation(sequence, head_at(pose), eyes=eyes())

    stage = end(session(foresees, LEFT))
    assert isinstance(stage, NotProven)
    assert stage.result.signals["early"] >= 1


def test_a_turn_too_quick_to_be_seen_is_asked_for_more_slowly() -> None:
    def hasty(sequence: int, acting: Acting | None, seconds: float) -> FaceObservation:
        pose = Pose(yaw=20) if acting is not None and 0.5 <= seconds % 3 < 0.58 else Pose()
        return observation(sequence, head_at(pose), eyes=eyes())

    traces = session(hasty, LEFT)
    assert Hint.SLOWER in {trace.stage.hint for trace in traces if isinstance(trace.stage, Acting)}
    assert isinstance(end(traces), NotProven)


def test_eyes_that_nobody_can_see_are_not_asked_to_blink() -> None:
    """The face is asked to look here instead, until the time is up; then another action is offered."""

    def no_eyes(sequence: int, acting: Acting | None, seconds: float) -> FaceObservation:
        return observation(sequence, head_at(Pose()))

    traces = session(no_eyes, BLINK)
    assert not any(isinstance(trace.stage, Acting) for trace in traces)
    assert isinstance(end(traces), NotProven)


def test_a_slower_pace_stretches_every_time_that_is_asked_for() -> None:
    slow = SETTINGS.paced(2.0)
    assert (slow.try_s, slow.dot_place_s, slow.position_limit_s, slow.session_limit_s) == (24.0, 8.0, 60.0, 180.0)
    assert replace(slow, try_s=12.0, dot_place_s=4.0, position_limit_s=30.0, session_limit_s=90.0) == SETTINGS


def test_colours_come_after_the_action_where_they_are_switched_on() -> None:
    shining = replace(SETTINGS, flash=True)
    traces = session(obeys, LEFT, settings=shining)
    colours = [trace.stage.colour for trace in traces if isinstance(trace.stage, Flashing)]
    assert len(set(colours)) == 4
    assert len(colours) == pytest.approx(4 * shining.flash_colour_s * FPS, abs=2)
    proven = end(traces)
    assert isinstance(proven, Proven)
    assert proven.result.signals["flash"] == 0.0, "no colour of a face was told"


def test_where_they_are_switched_off_no_colour_is_shown_or_scored() -> None:
    traces = session(obeys, LEFT)
    assert not any(isinstance(trace.stage, Flashing) for trace in traces)
    assert "flash" not in end(traces).result.signals


def test_a_face_that_leaves_between_two_actions_begins_again() -> None:
    def leaves(sequence: int, acting: Acting | None, seconds: float) -> FaceObservation:
        gone = acting is not None and acting.action is NOD and acting.attempt == 1 and seconds < 0.7
        return observation(sequence, None) if gone and not back else obeys(sequence, acting, seconds)

    back: list[int] = []
    trace, again = begin(SETTINGS, (LEFT, NOD), 0.0), False
    asked, since = None, 0.0
    for sequence in range(1, 1200):
        at = sequence / FPS
        acting = trace.stage if isinstance(trace.stage, Acting) else None
        if (acting and acting.action) != asked:
            asked, since = acting and acting.action, at
        trace = observe(trace, leaves(sequence, acting, at - since))
        if asked is NOD and isinstance(trace.stage, Positioning):
            again = True
            back.append(1)
        if trace.ended:
            break
    assert again
    assert isinstance(trace.stage, Proven)
    assert trace.stage.result.signals["interruptions"] == 1


def behind_glass(sequence: int, acting: Acting | None, seconds: float) -> FaceObservation:
    """Obeys, in a picture that has a frame about the face."""
    return replace(obeys(sequence, acting, seconds), traits=PictureTraits(bezel=SETTINGS.bezel + 0.1))


def test_a_doubt_asks_for_one_more_action_before_anything_is_proven() -> None:
    traces = session(behind_glass, LEFT, in_doubt=NOD)
    asked = {trace.stage.action for trace in traces if isinstance(trace.stage, Acting)}
    assert asked == {LEFT, NOD}
    proven = end(traces)
    assert isinstance(proven, Proven)
    assert proven.result.action == "turn-left+nod"
    assert not proven.result.clean


def test_who_cannot_do_one_more_in_doubt_is_not_proven() -> None:
    def turns_only(sequence: int, acting: Acting | None, seconds: float) -> FaceObservation:
        return behind_glass(sequence, acting if acting is not None and acting.action is LEFT else None, seconds)

    assert isinstance(end(session(turns_only, LEFT, in_doubt=NOD)), NotProven)


def test_without_a_doubt_one_action_is_enough() -> None:
    proven = end(session(obeys, LEFT, in_doubt=NOD))
    assert isinstance(proven, Proven)
    assert proven.result.action == "turn-left"
