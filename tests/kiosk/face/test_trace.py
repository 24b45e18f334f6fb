from dataclasses import replace

import pytest

from kiosk.domain.face import FaceAction
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import Acting, Hint, Holding, NotProven, NotProvenReason, Positioning, Proven
from kiosk.face.trace import Trace, begin, expire, observe
from tests.kiosk.face.heads import FPS, Pose, feed, head_at, observation, play, print_at, turn_pose

LEFT, RIGHT = FaceAction.TURN_LEFT, FaceAction.TURN_RIGHT
DEGREES = {LEFT: 18.0, RIGHT: -18.0}


def still(seconds: float | None) -> Pose:
    return Pose()


def kinds(traces: list[Trace]) -> list[type]:
    """Stages in order, repeats left out."""
    names = [type(trace.stage) for trace in traces]
    return [name for place, name in enumerate(names) if place == 0 or names[place - 1] is not name]


def asked_to_turn(direction: FaceAction = LEFT) -> tuple[Trace, int]:
    """A trace that just reached the turn, and its last sequence."""
    trace, sequence = begin(FaceSettings(), (direction,), 0.0), 0
    while not isinstance(trace.stage, Acting):
        sequence += 1
        trace = observe(trace, observation(sequence, head_at(Pose())))
    return trace, sequence


@pytest.mark.parametrize("asked", [LEFT, RIGHT])
@pytest.mark.parametrize("noise", [0.0, 0.006])
def test_a_head_that_turns_as_asked_is_proven(asked: FaceAction, noise: float) -> None:
    traces = play(lambda s: head_at(turn_pose(s or 0, DEGREES[asked])), asked, noise=noise)
    assert kinds(traces) == [Positioning, Holding, Acting, Proven]
    end = traces[-1].stage
    assert isinstance(end, Proven)
    assert end.result.proven
    assert end.result.action == asked.value
    assert end.result.signals["nose_shift"] >= 0.10
    assert end.result.signals["parallax_residual"] >= 0.035


@pytest.mark.parametrize("asked", [LEFT, RIGHT])
def test_a_head_that_turns_the_other_way_is_not(asked: FaceAction) -> None:
    traces = play(lambda s: head_at(turn_pose((s or 0) % 4, -DEGREES[asked])), asked)
    end = traces[-1].stage
    assert isinstance(end, NotProven)
    assert end.reason is NotProvenReason.TIMED_OUT
    assert end.result.signals["wrong_way"] >= 2
    assert Hint.OTHER_SIDE in {trace.stage.hint for trace in traces if isinstance(trace.stage, Acting)}


def test_a_wrong_turn_may_be_put_right_after_a_rest_at_the_centre() -> None:
    def head(seconds: float | None) -> Pose:
        second = seconds or 0.0
        return turn_pose(second, -18) if second < 3 else turn_pose(second - 3, 18)

    assert isinstance(play(lambda s: head_at(head(s)), LEFT)[-1].stage, Proven)


def test_shaking_the_head_both_ways_proves_nothing() -> None:
    def shaking(seconds: float | None) -> Pose:
        return turn_pose((seconds or 0) % 0.8, -18 if ((seconds or 0) // 0.8) % 2 == 0 else 18, lasting=0.8)

    assert isinstance(play(lambda s: head_at(shaking(s)), LEFT)[-1].stage, NotProven)


def test_turning_without_coming_back_is_not_enough() -> None:
    traces = play(lambda s: head_at(turn_pose(min(s or 0, 1.0), 18)), LEFT, seconds=8)
    stage = traces[-1].stage
    assert isinstance(stage, Acting)
    assert stage.hint is Hint.BACK_TO_CENTRE


def test_one_bad_frame_is_no_turn() -> None:
    traces = play(lambda s: head_at(Pose(yaw=12 if s is not None and 0.5 < s < 0.56 else 0)), LEFT, seconds=8)
    assert not any(isinstance(trace.stage, Proven) for trace in traces)


def test_progress_never_runs_back() -> None:
    traces = play(lambda s: head_at(turn_pose((s or 0) % 3, -18 if (s or 0) < 3 else 18)), LEFT)
    progress = [trace.progress for trace in traces]
    assert progress == sorted(progress)
    assert progress[0] == 0
    assert progress[-1] == 1


def test_a_still_face_ends_after_two_tries() -> None:
    traces = play(lambda s: head_at(Pose()), LEFT)
    end = traces[-1]
    assert isinstance(end.stage, NotProven)
    assert end.stage.reason is NotProvenReason.TIMED_OUT
    assert end.attempt == 2
    assert 24 <= end.stage.result.signals["seconds"] <= 30


def test_a_tilting_print_is_called_flat() -> None:
    end = play(lambda s: print_at(turn_pose((s or 0) % 4, 40, lasting=4)), LEFT)[-1].stage
    assert isinstance(end, NotProven)
    assert end.reason is NotProvenReason.FLAT
    assert end.result.signals["flat_seconds"] >= 1


def test_a_nodding_or_turning_head_is_never_called_flat() -> None:
    nodding = play(lambda s: head_at(Pose(pitch=turn_pose((s or 0) % 2, 20).yaw)), LEFT)[-1].stage
    assert isinstance(nodding, NotProven)
    assert nodding.reason is NotProvenReason.TIMED_OUT
    assert nodding.result.signals["flat_seconds"] < 0.3


def test_frames_for_comparison_are_spread_over_the_try() -> None:
    traces = play(lambda s: head_at(turn_pose(s or 0, 18)), LEFT)
    end = traces[-1].stage
    assert isinstance(end, Proven)
    first_turning = next(place for place, trace in enumerate(traces) if isinstance(trace.stage, Acting))
    assert len(end.frames) == 5
    assert list(end.frames) == sorted(set(end.frames))
    assert sum(frame <= first_turning for frame in end.frames) == 2
    assert sum(frame > first_turning + FPS for frame in end.frames) == 2


def test_second_face_restarts_the_turn_and_says_so() -> None:
    trace, last = asked_to_turn()
    trace = observe(trace, observation(last + 1, head_at(Pose()), faces=2))
    assert trace.stage == Positioning(Hint.ONE_PERSON)
    trace = feed(trace, (observation(last + 2 + i, head_at(turn_pose(i / FPS, 18))) for i in range(2 * FPS)))
    assert not trace.ended
    assert trace.attempt == 1


def test_another_face_in_its_place_restarts_the_turn() -> None:
    trace, last = asked_to_turn()
    trace = observe(trace, observation(last + 1, head_at(Pose(dx=90))))
    assert isinstance(trace.stage, Positioning)


def test_a_face_of_another_size_restarts_the_turn() -> None:
    trace, last = asked_to_turn()
    trace = observe(trace, observation(last + 1, head_at(Pose(near=1.4))))
    assert isinstance(trace.stage, Positioning)


def test_a_face_away_too_long_restarts_the_turn_and_a_blink_of_the_tracker_does_not() -> None:
    trace, last = asked_to_turn()
    briefly = feed(trace, (observation(last + 1 + i, None) for i in range(5)))
    assert isinstance(briefly.stage, Acting)
    assert isinstance(observe(briefly, observation(last + 6, head_at(Pose()))).stage, Acting)
    long = feed(trace, (observation(last + 1 + i, None) for i in range(FPS)))
    assert isinstance(long.stage, Positioning)


def test_frames_that_stop_coming_break_the_track() -> None:
    trace, last = asked_to_turn()
    late = observation(last + 1, head_at(Pose()), at=last / FPS + 0.8)
    assert isinstance(observe(trace, late).stage, Positioning)


def test_a_restless_baseline_begins_again() -> None:
    traces = play(lambda s: head_at(Pose(yaw=6 if s is None else 0)), LEFT, seconds=1)
    trace = traces[-1]
    assert isinstance(trace.stage, Holding)
    trace = observe(trace, observation(FPS + 1, head_at(Pose(yaw=-6))))
    assert trace.stage == Positioning(Hint.STEADY)


def test_a_hint_stays_long_enough_to_be_read() -> None:
    trace = begin(FaceSettings(), (LEFT,), 0.0)
    trace = observe(trace, observation(1, head_at(Pose(near=0.5))))
    assert trace.stage == Positioning(Hint.NEARER)
    trace = feed(trace, (observation(i, head_at(Pose(yaw=25))) for i in range(2, 2 * FPS)))
    assert trace.stage == Positioning(Hint.NEARER)
    trace = feed(trace, (observation(i, head_at(Pose(yaw=25))) for i in range(2 * FPS, 2 * FPS + 5)))
    assert trace.stage == Positioning(Hint.LOOK_HERE)


def test_nobody_in_place_ends_both_tries_by_the_clock_alone() -> None:
    settings = FaceSettings()
    trace = begin(settings, (LEFT,), 100.0)
    assert expire(trace, 100.0 + settings.position_limit_s - 0.1) == trace
    second = expire(trace, 100.0 + settings.position_limit_s)
    assert second.attempt == 2
    ended = expire(second, 100.0 + 2 * settings.position_limit_s)
    assert isinstance(ended.stage, NotProven)
    assert ended.stage.reason is NotProvenReason.NOT_POSITIONED


def test_endless_interruptions_end_with_the_session() -> None:
    settings = replace(FaceSettings(), session_limit_s=20.0)
    trace = begin(settings, (LEFT,), 0.0)
    for sequence in range(1, 25 * FPS):
        faces = 2 if sequence % (3 * FPS) == 0 else 1
        trace = observe(trace, observation(sequence, head_at(Pose()), faces=faces))
    assert isinstance(trace.stage, NotProven)
    assert trace.stage.result.signals["seconds"] == pytest.approx(20, abs=0.1)


def test_old_frames_and_frames_after_the_end_change_nothing() -> None:
    trace, last = asked_to_turn()
    assert observe(trace, observation(last, head_at(Pose(yaw=18)))) is trace
    ended = play(lambda s: head_at(turn_pose(s or 0, 18)), LEFT)[-1]
    assert observe(ended, observation(9999, head_at(Pose()))) is ended
    assert expire(ended, 1e6) is ended


def test_no_measurement_shows_in_repr() -> None:
    trace, _ = asked_to_turn()
    assert "array" not in repr(trace)
    assert "FaceShape" not in repr(trace)
