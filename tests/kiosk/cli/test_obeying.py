"""A head that does what is asked, and nothing before it was asked."""

from typing import Any

import pytest

from kiosk.cli.demo.obeying import BLINK_S, DOT_S, NOD_DEG, PAUSE_S, REACTION_S, ObeyingHead
from kiosk.domain.face import FaceAction

LEFT, RIGHT, NOD, DOT, BLINK = FaceAction
Orders = list[tuple[str, dict[str, Any]]]


def watched(**how: Any) -> tuple[ObeyingHead, Orders]:
    orders: Orders = []
    return ObeyingHead(lambda verb, **arguments: orders.append((verb, arguments)), **how), orders


@pytest.mark.parametrize(
    ("action", "order"),
    [
        (LEFT, ("turn", {"seconds": 2.0, "side": "left", "degrees": 20.0})),
        (RIGHT, ("turn", {"seconds": 2.0, "side": "right", "degrees": 20.0})),
        (NOD, ("nod", {"seconds": 2.0, "degrees": NOD_DEG})),
        (BLINK, ("blink", {"seconds": BLINK_S, "times": 2})),
    ],
)
def test_what_is_asked_is_done_after_a_moment_and_again_when_it_is_still_asked(
    action: FaceAction, order: tuple[str, dict[str, Any]]
) -> None:
    head, orders = watched(degrees=20.0, seconds=2.0)
    for tick in range(200):
        head.see(action, None, tick / 50)
        began = [] if tick / 50 < REACTION_S else [order]
        again = tick / 50 >= REACTION_S + order[1]["seconds"] + PAUSE_S
        assert orders == [*began, *([order] if again else [])], tick
    assert head.done == len(orders)


def test_nothing_is_done_while_nothing_is_asked() -> None:
    head, orders = watched()
    for tick in range(200):
        head.see(None, None, tick / 50)
    assert not orders


def test_another_asking_is_answered_after_a_moment_of_its_own() -> None:
    head, orders = watched()
    head.see(LEFT, None, 0.0)
    head.see(NOD, None, REACTION_S)
    assert not orders
    head.see(NOD, None, 2 * REACTION_S)
    assert [verb for verb, _ in orders] == ["nod"]


def test_the_head_goes_after_the_dot_and_back_when_it_is_gone() -> None:
    head, orders = watched()
    at = 0.0
    for dot in ((1.0, 0.0), (-0.5, 1.0), (0.0, 0.0), None):
        for _ in range(50):
            at += 0.02
            head.see(None if dot in (None, (0.0, 0.0)) else DOT, dot, at)
    assert [verb for verb, _ in orders] == ["look"] * 3
    assert [(order["yaw"], order["pitch"], order["seconds"]) for _, order in orders] == [
        (-14.0, 0.0, DOT_S),
        (7.0, 13.0, DOT_S),
        (0.0, 0.0, DOT_S),
    ]
    assert head.done == 1, "one action, however often the dot moves"


def test_a_dot_that_vanishes_leaves_nobody_looking_aside() -> None:
    head, orders = watched()
    head.see(DOT, (0.0, 1.0), 0.0)
    head.see(DOT, (0.0, 1.0), REACTION_S)
    head.see(None, None, 1.0)
    head.see(None, None, 1.0 + REACTION_S)
    assert [(order["yaw"], order["pitch"]) for _, order in orders] == [(0.0, 13.0), (0.0, 0.0)]


@pytest.mark.parametrize("action", FaceAction)
def test_what_is_held_up_is_tilted_to_a_side_whatever_is_asked(action: FaceAction) -> None:
    head, orders = watched(degrees=34.0, seconds=3.0, tilted=True)
    dot = (1.0, 0.0) if action is DOT else None
    head.see(action, dot, 0.0)
    head.see(action, dot, REACTION_S)
    side = "right" if action is RIGHT else "left"
    assert orders == [("turn", {"seconds": 3.0, "side": side, "degrees": 34.0})]
