"""Each sign of a picture instead of a person: alone, at its limit, and with an innocent reading beside it."""

from collections.abc import Callable
from dataclasses import replace
from math import sin

import pytest

from kiosk.domain.face import FaceAction, FaceObservation, InfraredLook, PictureTraits
from kiosk.face.geometry import shape_of
from kiosk.face.passive import Passive
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import SPOOFS, NotProven, NotProvenReason, Positioning
from kiosk.face.trace import begin, observe
from tests.kiosk.face.heads import FPS, PLAIN, Pose, head_at, observation

SETTINGS = FaceSettings()


def noticed(seen: Callable[[int], FaceObservation], frames: int = 60, settings: FaceSettings = SETTINGS) -> Passive:
    passive = Passive(settings)
    for number in range(1, frames + 1):
        one = seen(number)
        passive = passive.seen(one, None if one.landmarks is None else shape_of(one.landmarks))
    return passive


def swaying(number: int, traits: PictureTraits = PLAIN, infrared: InfraredLook | None = None) -> FaceObservation:
    return observation(number, head_at(Pose(dx=6 * sin(number / 5))), traits=traits, infrared=infrared)


def ending(seen: Callable[[int], FaceObservation]) -> NotProvenReason | None:
    """How a session of six seconds ends, None when it goes on."""
    trace = begin(SETTINGS, (FaceAction.TURN_LEFT,), 0.0)
    for number in range(1, 6 * FPS):
        trace = observe(trace, seen(number))
    return trace.stage.reason if isinstance(trace.stage, NotProven) else None


def test_a_person_who_sways_leaves_no_sign() -> None:
    passive = noticed(lambda n: swaying(n, PictureTraits(moire=1.5, bezel=0.1, backdrop=(0.1, 0.0))))
    assert passive.verdict() is None
    assert passive.screen_signs() == ()


def test_pixels_that_stand_still_to_the_last_bit_are_a_frozen_feed() -> None:
    def frozen(number: int) -> FaceObservation:
        return (
            swaying(min(number, 30), PictureTraits(repeated=number > 30))
            if number <= 30
            else replace(swaying(30, PictureTraits(repeated=True)), sequence=number, at=number / FPS)
        )

    assert noticed(frozen).verdict() is NotProvenReason.FROZEN
    assert ending(frozen) is NotProvenReason.FROZEN


def test_pictures_that_come_again_are_a_loop() -> None:
    def looped(number: int) -> FaceObservation:
        return replace(swaying(number % 25, PictureTraits(repeated=number > 25)), sequence=number, at=number / FPS)

    assert noticed(looped).verdict() is NotProvenReason.REPEATED
    assert ending(looped) is NotProvenReason.REPEATED


@pytest.mark.parametrize("repeats", [1, 4])
def test_a_few_repeated_frames_are_a_camera_that_stutters(repeats: int) -> None:
    assert noticed(lambda n: swaying(n, PictureTraits(repeated=n % 12 < 1 and n <= 12 * repeats))).verdict() is None


MOIRE = PictureTraits(moire=SETTINGS.moire + 1)
BEZEL = PictureTraits(bezel=SETTINGS.bezel + 0.1)


@pytest.mark.parametrize(("traits", "sign"), [(MOIRE, "moire"), (BEZEL, "bezel")])
def test_one_sign_of_a_screen_is_a_doubt_and_no_verdict(traits: PictureTraits, sign: str) -> None:
    """A striped jacket, a door frame."""
    passive = noticed(lambda n: swaying(n, traits))
    assert passive.screen_signs() == (sign,)
    assert passive.verdict() is None


def test_two_signs_together_are_a_screen() -> None:
    def screen(number: int) -> FaceObservation:
        return swaying(number, replace(MOIRE, bezel=BEZEL.bezel))

    assert noticed(screen).verdict() is NotProvenReason.SCREEN
    assert ending(screen) is NotProvenReason.SCREEN


def test_a_hall_that_moves_with_the_face_is_in_the_picture_with_it() -> None:
    def held(number: int) -> FaceObservation:
        step = 6 * (sin(number / 5) - sin((number - 1) / 5))
        return swaying(number, PictureTraits(backdrop=(0.9 * step, 0.0)))

    passive = noticed(held, 90)
    assert passive.screen_signs() == ("backdrop",)
    assert passive.figures()["backdrop_together"] == pytest.approx(1 / 0.9, abs=0.02)


def test_people_who_pass_behind_move_otherwise() -> None:
    assert noticed(lambda n: swaying(n, PictureTraits(backdrop=(3 * sin(n), 1.0)))).screen_signs() == ()


def test_a_face_that_moves_by_fits_and_starts_is_a_video_of_another_rate() -> None:
    def turning(number: int, held: bool) -> FaceObservation:
        step = number - number % 3 // 2 if held else number
        return observation(number, head_at(Pose(yaw=2 * step - 30)))

    assert noticed(lambda n: turning(n, held=True), 29).screen_signs() == ("beat",)
    assert noticed(lambda n: turning(n, held=False), 29).screen_signs() == ()


@pytest.mark.parametrize("look", [InfraredLook(False, 0.0), InfraredLook(True, 0.02)], ids=["black", "blank paper"])
def test_no_living_face_in_the_infrared_is_no_person(look: InfraredLook) -> None:
    assert noticed(lambda n: swaying(n, infrared=look)).verdict() is NotProvenReason.NO_INFRARED


def test_a_face_in_the_infrared_is_well_even_when_it_is_missed_now_and_then() -> None:
    def looked(number: int) -> FaceObservation:
        return swaying(number, infrared=InfraredLook(number % 3 != 0, 0.3))

    passive = noticed(looked)
    assert passive.verdict() is None
    assert passive.figures()["infrared"] == pytest.approx(2 / 3, abs=0.02)


def test_without_a_second_camera_nothing_is_said_of_the_infrared() -> None:
    assert "infrared" not in noticed(swaying).figures()


def test_what_a_placed_network_thinks_is_told_and_decides_nothing() -> None:
    passive = noticed(lambda n: swaying(n, PictureTraits(advice=0.01)))
    assert passive.verdict() is None
    assert passive.figures()["advice"] == 0.01
    assert "advice" not in noticed(swaying).figures()


def test_a_verdict_is_a_suspected_spoof_and_comes_at_any_stage() -> None:
    trace = begin(SETTINGS, (FaceAction.TURN_LEFT,), 0.0)
    assert isinstance(trace.stage, Positioning)
    for number in range(1, 20):
        trace = observe(
            trace, replace(swaying(1, PictureTraits(repeated=number > 1)), sequence=number, at=number / FPS)
        )
    assert isinstance(trace.stage, NotProven)
    assert trace.stage.reason in SPOOFS
