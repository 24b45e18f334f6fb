"""What the camera sees: a head has depth and stays the same person, a print is flat, the hall stands still.

The figures are those of face-matching practice: a turned head shifts its nose along the eye line by at least a tenth of
the eyes' distance and bends the face out of any homography by at least 0.035 of it; a print cannot do the second.
"""

from dataclasses import replace
from pathlib import Path

import cv2
import dlib
import numpy as np
import numpy.typing as npt
import pytest

from simulators.camera.head import find_landmarks
from simulators.camera.pose import Pose
from simulators.camera.renderer import Renderer
from simulators.camera.world import Scene, Subject
from simulators.portraits import PORTRAITS, Box, Image, chip_picture

Points = npt.NDArray[np.float64]

FACE = Box(210, 144, 220, 236)
RIGID = [1, 4, 5, 6, 168, 197, 195, 33, 133, 362, 263, 70, 63, 105, 66, 107]
RIGID += [336, 296, 334, 293, 300, 9, 8, 10, 151, 108, 337, 50, 280, 101, 330, 94]


class Recogniser:
    def __init__(self, models: Path) -> None:
        self._find = dlib.get_frontal_face_detector()
        self._shape = dlib.shape_predictor(str(models / "shape_predictor_5_face_landmarks.dat"))
        self._net = dlib.face_recognition_model_v1(str(models / "dlib_face_recognition_resnet_model_v1.dat"))

    def describe(self, picture: Image) -> Points:
        rgb = np.ascontiguousarray(picture[:, :, ::-1])
        faces = self._find(rgb, 0)
        assert len(faces) == 1
        return np.array(self._net.compute_face_descriptor(rgb, self._shape(rgb, faces[0])))


@pytest.fixture(scope="module")
def recogniser(models_dir: Path) -> Recogniser:
    return Recogniser(models_dir)


def chip_description(recogniser: Recogniser, name: str, models: Path) -> Points:
    chip = chip_picture(PORTRAITS[name], models)
    assert chip.shape == (126, 102, 3)
    enlarged = cv2.resize(chip, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    return recogniser.describe(np.asarray(enlarged, dtype=np.uint8))


def seen(renderer: Renderer, subject: Subject, yaw: float, name: str = "hopper", pitch: float = 0.0) -> Image:
    return renderer.frame(Scene(subject, name, Pose(yaw=yaw, pitch=pitch)), 1)


def landmarks(frame: Image, models: Path) -> Points:
    return find_landmarks(frame, FACE, models / "face_landmark.tflite")[:, :2]


def eyes(points: Points) -> tuple[Points, Points]:
    return points[[33, 133]].mean(axis=0), points[[263, 362]].mean(axis=0)


def nose_shift(points: Points) -> float:
    """Nose tip along the eye line from the eyes' middle, in eye distances; positive towards the picture's right."""
    one, other = eyes(points)
    axis = other - one
    return float((points[1] - (one + other) / 2) @ axis / (axis @ axis))


def bending(before: Points, after: Points) -> float:
    """What no plane explains: residual of the best homography in eye distances."""
    plane, _ = cv2.findHomography(before[RIGID], after[RIGID], 0)
    moved = cv2.perspectiveTransform(before[RIGID][None], plane)[0]
    one, other = eyes(before)
    return float(np.sqrt(((moved - after[RIGID]) ** 2).sum(axis=1).mean()) / np.hypot(*(other - one)))


@pytest.mark.parametrize("name", ["hopper", "astronaut"])
@pytest.mark.parametrize("yaw", [-20, 20])
def test_a_head_turns_with_parallax(renderer: Renderer, models_dir: Path, name: str, yaw: int) -> None:
    front = landmarks(seen(renderer, Subject.PERSON, 0, name), models_dir)
    turned = landmarks(seen(renderer, Subject.PERSON, yaw, name), models_dir)
    shift = nose_shift(turned) - nose_shift(front)
    assert np.sign(shift) == np.sign(yaw)
    assert 0.15 < abs(shift) < 0.45
    assert bending(front, turned) > 0.045


@pytest.mark.parametrize("yaw", [-25, 25])
def test_a_print_stays_flat(renderer: Renderer, models_dir: Path, yaw: int) -> None:
    front = landmarks(seen(renderer, Subject.PHOTO, 0), models_dir)
    turned = landmarks(seen(renderer, Subject.PHOTO, yaw, pitch=-5), models_dir)
    assert bending(front, turned) < 0.02


@pytest.mark.parametrize("name", ["hopper", "astronaut"])
def test_a_turned_head_is_the_same_person(
    renderer: Renderer, recogniser: Recogniser, models_dir: Path, name: str
) -> None:
    chip = chip_description(recogniser, name, models_dir)
    for yaw, furthest in ((0, 0.3), (-12, 0.35), (12, 0.35), (20, 0.42)):
        live = recogniser.describe(seen(renderer, Subject.PERSON, yaw, name))
        assert np.linalg.norm(live - chip) < furthest, yaw


def test_two_citizens_are_two_persons(renderer: Renderer, recogniser: Recogniser, models_dir: Path) -> None:
    chip = chip_description(recogniser, "astronaut", models_dir)
    assert np.linalg.norm(recogniser.describe(seen(renderer, Subject.PERSON, 0)) - chip) > 0.6


def test_the_eyes_are_far_enough_apart_to_match(renderer: Renderer, models_dir: Path) -> None:
    for subject in (Subject.PERSON, Subject.PHOTO):
        one, other = eyes(landmarks(seen(renderer, subject, 0), models_dir))
        assert np.hypot(*(other - one)) > 80


def test_the_hall_stands_still_behind_a_turning_head(renderer: Renderer) -> None:
    front = seen(renderer, Subject.PERSON, 0)
    turned = seen(renderer, Subject.PERSON, 20)
    empty = renderer.frame(Scene(Subject.NOBODY, "", Pose()), 1)
    for frame in (front, turned):
        assert np.array_equal(frame[:300, :100], empty[:300, :100])
        assert np.array_equal(frame[:300, -100:], empty[:300, -100:])
    assert not np.array_equal(front, turned)


@pytest.mark.parametrize("subject", list(Subject))
def test_no_two_frames_are_equal(renderer: Renderer, subject: Subject) -> None:
    scene = Scene(subject, "hopper", Pose())
    frames = [renderer.frame(scene, number) for number in (1, 2, 3)]
    assert all(frame.shape == (480, 640, 3) for frame in frames)
    assert not np.array_equal(frames[0], frames[1])
    assert not np.array_equal(frames[1], frames[2])


def test_drawing_is_a_function_of_the_scene(renderer: Renderer) -> None:
    scene = Scene(Subject.PERSON, "hopper", Pose(yaw=7.3, pitch=-1.1, roll=0.4, dx=3, dy=-2, scale=1.01))
    assert np.array_equal(renderer.frame(scene, 5), renderer.frame(scene, 5))


@pytest.mark.parametrize(("pose", "across", "down"), [(Pose(dx=12), 12, 0), (Pose(dy=-9), 0, -9)])
def test_a_swaying_body_takes_the_face_along(
    renderer: Renderer, models_dir: Path, pose: Pose, across: float, down: float
) -> None:
    front = landmarks(seen(renderer, Subject.PERSON, 0), models_dir).mean(axis=0)
    moved = landmarks(renderer.frame(Scene(Subject.PERSON, "hopper", pose), 1), models_dir).mean(axis=0)
    assert moved - front == pytest.approx([across, down], abs=1.5)


@pytest.mark.parametrize("name", ["hopper", "astronaut"])
def test_closed_eyes_are_of_skin_with_lashes_below(renderer: Renderer, models_dir: Path, name: str) -> None:
    front = Scene(Subject.PERSON, name, Pose())
    face = landmarks(renderer.frame(front, 1), models_dir)
    shut = renderer.frame(replace(front, lids=1.0), 1).astype(float)
    for pupil_above, pupil_below in ((159, 145), (386, 374)):
        above, below = face[pupil_above], face[pupil_below]
        x, iris_y, lash_y = int(above[0]), int((above[1] + below[1]) / 2), int(below[1])
        lid = shut[iris_y - 2 : iris_y + 1, x - 6 : x + 7].mean(axis=(0, 1))
        cheek = shut[lash_y + 14 : lash_y + 20, x - 6 : x + 7].mean(axis=(0, 1))
        lashes = shut[lash_y - 4 : lash_y + 13, x - 6 : x + 7].mean(axis=(1, 2)).min()
        assert lid / lid.sum() == pytest.approx(cheek / cheek.sum(), abs=0.06)
        assert lid.mean() > 0.65 * cheek.mean()
        assert lashes < 0.6 * lid.mean()


def test_only_the_eyes_close(renderer: Renderer) -> None:
    front = Scene(Subject.PERSON, "hopper", Pose())
    changed = np.argwhere((renderer.frame(front, 1) != renderer.frame(replace(front, lids=1.0), 1)).any(axis=2))
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert bottom - top < 50
    assert right - left < 180


def test_a_dark_hall_is_dark_everywhere(renderer: Renderer) -> None:
    front = Scene(Subject.PERSON, "hopper", Pose())
    usual, dark = renderer.frame(front, 1), renderer.frame(replace(front, light=0.1), 1)
    bright = renderer.frame(replace(front, light=4.0), 1)
    assert (dark <= usual).mean() > 0.99
    assert (bright >= usual).mean() > 0.99
    assert dark.mean() < 0.5 * usual.mean() < 0.5 * bright.mean()
