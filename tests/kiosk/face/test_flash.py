import numpy as np
import pytest

from kiosk.face.flash import _TINTS, Flash, begin_flash
from kiosk.face.stages import FlashColour

SKIN = np.array([95.0, 120.0, 165.0])


def shown_to(face: str, seed: int = 3) -> Flash:
    flash, at = begin_flash(seed, 10.0, 0.3), 10.0
    while (colour := flash.colour(at)) is not None:
        tint = np.array(_TINTS[colour]) - np.mean(list(_TINTS.values()), axis=0)
        gain = {"skin": 0.1, "opposite": -0.1, "nothing": 0.0}[face]
        blue, green, red = SKIN * (1 + gain * tint)
        flash = flash.with_face(at, (blue, green, red))
        at += 0.05
    return flash


def test_a_face_that_gives_back_the_colours_scores_high() -> None:
    assert shown_to("skin").score() > 0.9


@pytest.mark.parametrize("face", ["opposite", "nothing"])
def test_a_picture_with_its_own_light_does_not(face: str) -> None:
    assert shown_to(face).score() < 0.1


def test_a_colour_in_which_no_face_was_seen_gives_no_score() -> None:
    flash = begin_flash(3, 10.0, 0.3)
    assert flash.with_face(10.2, (95.0, 120.0, 165.0)).score() == 0.0
    assert flash.with_face(10.2, None) == flash


def test_all_four_colours_come_once_in_a_drawn_order() -> None:
    orders = {begin_flash(seed, 0.0, 0.3).order for seed in range(40)}
    assert all(set(order) == set(FlashColour) and len(order) == 4 for order in orders)
    assert len(orders) > 10
