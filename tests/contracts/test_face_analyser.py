"""What every face analyser keeps to."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from devices.face_analyser.embedded.driver import EmbeddedFaceAnalyser
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from kiosk.domain.face import Eyes, FaceObservation, InfraredLook, PictureTraits
from kiosk.domain.picture import Frame, Picture
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.face_analyser import AnalyserFault, Distances, FaceAnalyser, NoReferenceFace, ReferenceReady
from simulators.camera.pose import Pose
from tests.devices.face_analyser.pictures import (
    Image,
    chip,
    frame,
    nobody,
    on_screen,
    person,
    picture,
    require_models,
    sheet,
    two_people,
)

Build = Callable[[Path], FaceAnalyser]


def embedded(models: Path) -> FaceAnalyser:
    return EmbeddedFaceAnalyser(EmbeddedFaceSettings(models=models))


IMPLEMENTATIONS: list[Build] = [embedded]


@pytest.fixture(scope="module", params=IMPLEMENTATIONS, ids=lambda build: build.__name__)
def running(request: pytest.FixtureRequest) -> Iterator[FaceAnalyser]:
    build: Build = request.param
    analyser = build(require_models())
    yield analyser
    analyser.close()


@pytest.fixture
def analyser(running: FaceAnalyser) -> Iterator[FaceAnalyser]:
    yield running
    running.forget()


def seen(analyser: FaceAnalyser, one: Frame) -> FaceObservation:
    observation = analyser.observe(one)
    assert isinstance(observation, FaceObservation), observation
    return observation


def test_ready_names_its_model(analyser: FaceAnalyser) -> None:
    status = analyser.status()
    assert isinstance(status, Ready)
    assert status.detail


@pytest.mark.parametrize("portrait", ["astronaut", "hopper"])
def test_a_chip_picture_is_a_reference(analyser: FaceAnalyser, portrait: str) -> None:
    status = analyser.status()
    assert isinstance(status, Ready)
    assert analyser.set_reference(chip(portrait)) == ReferenceReady(status.detail)


def test_a_picture_without_a_face_is_none(analyser: FaceAnalyser) -> None:
    grey = np.full((126, 102, 3), 128, np.uint8)
    assert analyser.set_reference(picture(grey)) == NoReferenceFace()
    assert analyser.set_reference(picture(nobody())) == NoReferenceFace()


@pytest.mark.parametrize("yaw", [-25, 0, 25])
def test_a_person_is_one_face_with_landmarks_on_it(analyser: FaceAnalyser, yaw: int) -> None:
    observation = seen(analyser, frame(7, person("hopper", Pose(yaw=yaw))))
    assert (observation.sequence, observation.at, observation.faces) == (7, 7 / 20, 1)
    landmarks = observation.landmarks
    assert landmarks is not None
    assert landmarks.shape == (468, 3)
    assert landmarks.dtype == np.float32
    assert landmarks[33, 0] < landmarks[263, 0], "the picture is not mirrored"
    assert landmarks[10, 1] < landmarks[152, 1]
    assert landmarks[1, 2] < landmarks[234, 2], "the nose is nearer than the ear"
    assert landmarks[:, 0].min() > 100
    assert landmarks[:, 0].max() < 540


def test_an_empty_hall_is_no_face(analyser: FaceAnalyser) -> None:
    observation = seen(analyser, frame(1, nobody()))
    assert observation.faces == 0
    assert observation.landmarks is None
    assert observation.brightness > 50


def test_two_people_are_two_faces(analyser: FaceAnalyser) -> None:
    assert seen(analyser, frame(1, two_people())).faces == 2


def test_a_face_that_leaves_is_gone_at_once(analyser: FaceAnalyser) -> None:
    assert seen(analyser, frame(1, person("hopper"))).faces == 1
    assert seen(analyser, frame(2, nobody())).faces == 0


def test_light_and_sharpness_are_told(analyser: FaceAnalyser) -> None:
    clear = person("hopper")
    dark = (clear * 0.4).astype(np.uint8)
    blurred = np.asarray(cv2.GaussianBlur(clear, (0, 0), 5), np.uint8)
    normal, darker, softer = (seen(analyser, frame(i, image)) for i, image in enumerate((clear, dark, blurred), 1))
    assert darker.brightness < 0.6 * normal.brightness
    assert softer.sharpness < 0.3 * normal.sharpness


def usual_and_now(analyser: FaceAnalyser, usual: Image, now: Image) -> tuple[FaceObservation, FaceObservation]:
    return seen(analyser, frame(1, usual)), seen(analyser, frame(2, now))


def eyes_of(observation: FaceObservation) -> Eyes:
    assert observation.eyes is not None
    return observation.eyes


def change_around(usual: FaceObservation, now: FaceObservation) -> float:
    """Second largest change of an area about the eyes, by the brightness of the face."""
    before, after = (eyes_of(one).around / one.brightness for one in (usual, now))
    return float(np.sort(np.abs(after - before))[-2])


@pytest.mark.parametrize("portrait", ["astronaut", "hopper"])
@pytest.mark.parametrize("yaw", [0, 10])
def test_closed_lids_are_told_from_open_ones_and_leave_what_is_about_them(
    analyser: FaceAnalyser, portrait: str, yaw: int
) -> None:
    usual, now = usual_and_now(analyser, person(portrait, Pose(yaw=yaw)), person(portrait, Pose(yaw=yaw), lids=1.0))
    assert 0.25 < eyes_of(usual).right < 0.45
    assert 0.25 < eyes_of(usual).left < 0.45
    assert eyes_of(now).right < 0.5 * eyes_of(usual).right
    assert eyes_of(now).left < 0.5 * eyes_of(usual).left
    assert change_around(usual, now) < 0.22


@pytest.mark.parametrize("grey", [30, 150, 235])
def test_a_strip_before_the_eyes_changes_what_is_about_them(analyser: FaceAnalyser, grey: int) -> None:
    clear = person("hopper")
    found = seen(analyser, frame(1, clear)).landmarks
    assert found is not None
    covered = clear.copy()
    top, bottom = int(found[[159, 386], 1].min()) - 8, int(found[[145, 374], 1].max()) + 8
    covered[top:bottom, int(found[127, 0]) : int(found[356, 0])] = grey
    usual, now = usual_and_now(analyser, clear, covered)
    assert change_around(usual, now) > 0.3


def test_nobody_has_no_eyes_and_no_traits_but_how_the_frame_came(analyser: FaceAnalyser) -> None:
    observation = seen(analyser, frame(1, nobody()))
    assert observation.eyes is None
    assert observation.traits == PictureTraits()


def test_the_very_same_pixels_are_known_again_until_forgotten(analyser: FaceAnalyser) -> None:
    one, other = person("hopper"), person("hopper", Pose(yaw=1))
    came = [seen(analyser, frame(i, image)).traits.repeated for i, image in enumerate((one, other, one, nobody()))]
    assert came == [False, False, True, False]
    analyser.forget()
    assert not seen(analyser, frame(9, one)).traits.repeated


def measured(analyser: FaceAnalyser, image: Image) -> PictureTraits:
    """Pattern and bezel of a picture, which are looked for in every fifth frame."""
    looks = [seen(analyser, frame(number, image)).traits for number in range(5)]
    (moire,) = (look.moire for look in looks if look.moire is not None)
    (bezel,) = (look.bezel for look in looks if look.bezel is not None)
    return PictureTraits(moire=moire, bezel=bezel)


@pytest.mark.parametrize("portrait", ["astronaut", "hopper"])
def test_a_grid_of_pixels_and_a_sheet_of_paper_stand_out_of_a_person(analyser: FaceAnalyser, portrait: str) -> None:
    clear, grid, paper = (
        measured(analyser, image) for image in (person(portrait), on_screen(person(portrait)), sheet(portrait))
    )
    assert clear.moire is not None
    assert grid.moire is not None
    assert clear.moire < 2.5
    assert grid.moire > 4.0
    assert clear.bezel is not None
    assert paper.bezel is not None
    assert clear.bezel < 0.3
    assert paper.bezel > 0.8


def test_a_hall_stands_still_behind_a_head_and_goes_along_with_a_picture_in_the_hand(analyser: FaceAnalyser) -> None:
    still, turned = person("hopper"), person("hopper", Pose(yaw=6, dx=5))
    assert seen(analyser, frame(1, still)).traits.backdrop is None
    assert seen(analyser, frame(2, turned)).traits.backdrop == pytest.approx((0, 0), abs=0.3)
    moved = np.roll(turned, (-3, 5), (0, 1))
    assert seen(analyser, frame(3, moved)).traits.backdrop == pytest.approx((5, -3), abs=0.5)


def test_the_colour_of_the_skin_follows_the_light(analyser: FaceAnalyser) -> None:
    clear = person("astronaut")
    rosy = np.clip(clear * np.array([1.0, 1.0, 1.05]), 0, 255).astype(np.uint8)
    usual, now = usual_and_now(analyser, clear, rosy)
    assert usual.traits.colour is not None
    assert now.traits.colour is not None
    assert now.traits.colour[2] > 1.03 * usual.traits.colour[2]
    assert now.traits.colour[:2] == pytest.approx(usual.traits.colour[:2], rel=0.01)


@pytest.mark.parametrize("depth", [1, 3])
def test_a_second_camera_sees_a_face_or_darkness(analyser: FaceAnalyser, depth: int) -> None:
    """In grey, with one byte a pixel or three equal ones."""
    clear = person("hopper")
    grey = np.repeat(clear[:, :, 1:2], depth, axis=2)
    person_seen, dark_seen, alone = (
        replace(frame(number, clear), infrared=other)
        for number, other in enumerate((Picture(640, 480, grey.tobytes()), Picture(640, 480, bytes(grey.size)), None))
    )
    look = seen(analyser, person_seen).infrared
    assert look is not None
    assert look.face
    assert look.texture > 0.15
    assert seen(analyser, dark_seen).infrared == InfraredLook(face=False, texture=0.0)
    assert seen(analyser, alone).infrared is None


def test_a_second_picture_that_is_not_its_size_is_a_fault(analyser: FaceAnalyser) -> None:
    broken = replace(frame(1, person("hopper")), infrared=Picture(640, 480, bytes(1000)))
    assert isinstance(analyser.observe(broken), AnalyserFault)


@pytest.mark.parametrize(("portrait", "another"), [("astronaut", "hopper"), ("hopper", "astronaut")])
def test_a_head_that_turned_is_the_same_person_and_another_is_not(
    analyser: FaceAnalyser, portrait: str, another: str
) -> None:
    analyser.set_reference(chip(portrait))
    images = (person(portrait), person(portrait, Pose(yaw=20)), person(portrait, Pose(yaw=-20)), person(another))
    for sequence, image in enumerate(images):
        seen(analyser, frame(sequence, image))
    left, both_ways, swapped = (analyser.compare((0,), witnesses) for witnesses in ((1,), (1, 2), (3,)))
    assert isinstance(left, Distances)
    assert isinstance(both_ways, Distances)
    assert isinstance(swapped, Distances)
    assert len(left.values) == len(both_ways.values) == len(swapped.values) == 1
    assert 0 < left.spread <= 0.42
    assert left.spread <= both_ways.spread < 0.5
    assert swapped.spread > 0.6


def test_same_person_near_another_far(analyser: FaceAnalyser) -> None:
    analyser.set_reference(chip("astronaut"))
    for sequence, (portrait, yaw) in enumerate([("astronaut", 0), ("hopper", 0), ("astronaut", 10)], start=1):
        seen(analyser, frame(sequence, person(portrait, Pose(yaw=yaw))))
    distances = analyser.compare((1, 2, 3))
    assert isinstance(distances, Distances)
    same, other, turned = distances.values
    assert same < 0.4
    assert turned < 0.5
    assert other > 0.6
    swapped = analyser.compare((2, 1))
    assert isinstance(swapped, Distances)
    assert swapped.values == (other, same)


def test_frames_without_a_face_are_left_out(analyser: FaceAnalyser) -> None:
    analyser.set_reference(chip("hopper"))
    seen(analyser, frame(1, nobody()))
    seen(analyser, frame(2, person("hopper")))
    distances = analyser.compare((1, 2, 99))
    assert isinstance(distances, Distances)
    assert len(distances.values) == 1


def test_comparing_with_nothing_is_a_fault(analyser: FaceAnalyser) -> None:
    seen(analyser, frame(1, person("hopper")))
    assert isinstance(analyser.compare((1,)), AnalyserFault)


def test_a_crop_is_a_jpeg_of_the_face(analyser: FaceAnalyser) -> None:
    seen(analyser, frame(5, person("hopper")))
    jpeg = analyser.crop(5)
    assert isinstance(jpeg, bytes)
    assert jpeg.startswith(b"\xff\xd8")
    assert len(jpeg) < 64_000
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert isinstance(analyser.set_reference(picture(np.asarray(image, np.uint8))), ReferenceReady)


def test_forgetting_leaves_nothing_to_ask_for(analyser: FaceAnalyser) -> None:
    analyser.set_reference(chip("hopper"))
    seen(analyser, frame(1, person("hopper")))
    analyser.forget()
    assert isinstance(analyser.crop(1), AnalyserFault)
    assert isinstance(analyser.compare((1,)), AnalyserFault)
    assert isinstance(analyser.status(), Ready)


@pytest.mark.parametrize("size", [(0, 0), (640, 479), (1, 1), (100_000, 100_000)])
def test_a_picture_that_is_not_its_size_is_a_fault_and_the_next_is_served(
    analyser: FaceAnalyser, size: tuple[int, int]
) -> None:
    broken = Picture(*size, bytes(640 * 480 * 3))
    assert isinstance(analyser.observe(Frame(1, 0.05, broken)), AnalyserFault)
    assert isinstance(analyser.set_reference(broken), AnalyserFault)
    assert seen(analyser, frame(2, person("hopper"))).faces == 1


@pytest.mark.parametrize("width", [1, 2, 5])
def test_a_sliver_of_a_picture_holds_no_face(analyser: FaceAnalyser, width: int) -> None:
    assert seen(analyser, frame(1, np.zeros((3 * width, width, 3), np.uint8))).faces == 0


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
def test_closing_twice_and_unused_is_fine(build: Build) -> None:
    analyser = build(require_models())
    analyser.close()
    analyser.close()


def _without(folder: Path) -> None:
    next(folder.glob("*.dat")).unlink()


def _truncated(folder: Path) -> None:
    model = next(folder.glob("face_landmark*"))
    model.write_bytes(model.read_bytes()[:-1])


def _one_bit_off(folder: Path) -> None:
    model = next(folder.glob("face_detection*"))
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)


def _gone(folder: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.parametrize("damage", [_without, _truncated, _one_bit_off, _gone])
@pytest.mark.parametrize("build", IMPLEMENTATIONS)
def test_missing_or_altered_models_are_told_with_the_way_out(
    build: Build, damage: Callable[[Path], None], tmp_path: Path
) -> None:
    models = tmp_path / "models"
    shutil.copytree(require_models(), models, ignore=shutil.ignore_patterns("portraits"))
    damage(models)
    analyser = build(models)
    try:
        status = analyser.status()
        assert isinstance(status, Unavailable)
        assert status.reason in {"model-missing", "model-altered"}
        assert "kiosk models install" in status.remedy
        assert analyser.set_reference(chip("hopper")) == AnalyserFault(status.reason)
        assert analyser.observe(frame(1, nobody())) == AnalyserFault(status.reason)
        analyser.forget()
    finally:
        analyser.close()
