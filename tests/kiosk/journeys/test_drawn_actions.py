"""Which actions a session asks for: drawn anew for each attempt from those the citizen can do, the head's first."""

from collections import Counter
from uuid import UUID

import pytest

from kiosk.domain.face import FaceAction
from kiosk.face.settings import FaceSettings
from kiosk.steps.capture_face import HEAD_ACTIONS, TURNS, CapturePlan

KEYS = [UUID(int=number, version=4).int for number in range(400)]
LEFT, RIGHT, NOD, DOT, BLINK = FaceAction


def plan(
    seed: int,
    *,
    two_actions: bool = False,
    excluded: frozenset[FaceAction] = frozenset(),
    chosen: FaceAction | None = None,
) -> CapturePlan:
    return CapturePlan(
        None, FaceSettings(), seed, keep_crop=False, two_actions=two_actions, excluded=excluded, chosen=chosen
    )


def test_every_movement_of_the_head_comes_about_as_often_and_blinking_never() -> None:
    drawn = Counter(plan(key).actions(attempt) for key in KEYS for attempt in (1, 2, 3))
    assert set(drawn) == {(action,) for action in HEAD_ACTIONS}
    assert min(drawn.values()) > 0.2 * len(KEYS) * 3


def test_an_attempt_tells_nothing_of_the_next() -> None:
    pairs = Counter((plan(key).actions(1), plan(key).actions(2)) for key in KEYS)
    assert len(pairs) == len(HEAD_ACTIONS) ** 2


def test_the_same_session_asks_the_same_again() -> None:
    assert [plan(7).actions(attempt) for attempt in (1, 2, 3)] == [plan(7).actions(attempt) for attempt in (1, 2, 3)]


def test_two_actions_are_of_two_kinds_the_head_s_first() -> None:
    drawn = [plan(key, two_actions=True).actions(1) for key in KEYS]
    assert all(
        first in HEAD_ACTIONS and first is not second and not {first, second} <= TURNS for first, second in drawn
    )
    assert {second for _, second in drawn} == set(FaceAction), "blinking among them"


@pytest.mark.parametrize("two_actions", [False, True])
def test_what_cannot_be_done_is_not_asked_for(two_actions: bool) -> None:
    for key in KEYS:
        asked = plan(key, two_actions=two_actions, excluded=frozenset({LEFT, DOT})).actions(1)
        assert not {LEFT, DOT} & set(asked)
        assert asked[0] in {RIGHT, NOD}


def test_who_can_move_nothing_but_lids_is_asked_to_blink() -> None:
    assert plan(3, excluded=frozenset(HEAD_ACTIONS)).actions(1) == (BLINK,)
    assert plan(3, excluded=frozenset(HEAD_ACTIONS), two_actions=True).actions(1) == (BLINK,)


def test_only_the_other_side_is_left_as_a_second_action() -> None:
    asked = plan(3, excluded=frozenset({NOD, DOT, BLINK}), two_actions=True).actions(1)
    assert set(asked) == TURNS


@pytest.mark.parametrize("attempt", [1, 2, 3])
def test_the_picked_action_is_asked_for_in_every_attempt(attempt: int) -> None:
    assert plan(5, excluded=frozenset({LEFT}), chosen=NOD).actions(attempt) == (NOD,)
    assert plan(5, excluded=frozenset({LEFT}), chosen=BLINK).actions(attempt) == (BLINK,)
    first, second = plan(5, excluded=frozenset({LEFT}), chosen=DOT, two_actions=True).actions(attempt)
    assert first is DOT
    assert second in {RIGHT, NOD, BLINK}


def test_of_two_actions_picked_lids_come_after_the_head() -> None:
    first, second = plan(5, excluded=frozenset({LEFT}), chosen=BLINK, two_actions=True).actions(1)
    assert first in {RIGHT, NOD, DOT}
    assert second is BLINK


@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        (frozenset(), {DOT}),
        (frozenset({DOT}), {RIGHT, NOD}),
        (frozenset({DOT, RIGHT, NOD}), {BLINK}),
        (frozenset({DOT, RIGHT, NOD, BLINK}), {None}),
    ],
)
def test_in_doubt_the_dot_is_followed_too_or_what_else_is_possible(
    excluded: frozenset[FaceAction], expected: set[FaceAction | None]
) -> None:
    assert {plan(key, excluded=excluded, chosen=LEFT).in_doubt(1) for key in KEYS} == expected


def test_in_doubt_nothing_is_asked_a_second_time() -> None:
    for key in KEYS:
        for two_actions in (False, True):
            asked = plan(key, two_actions=two_actions)
            assert asked.in_doubt(1) not in asked.actions(1)
