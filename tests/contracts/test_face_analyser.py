"""What every face analyser keeps to."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from devices.face_analyser.embedded.driver import EmbeddedFaceAnalyser
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from kiosk.domain.face import FaceObservation
from kiosk.domain.picture import Frame, Picture
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.face_analyser import AnalyserFault, Distances, FaceAnalyser, NoReferenceFace, ReferenceReady
from simulators.camera.pose import Pose
from tests.devices.face_analyser.pictures import chip, frame, nobody, person, picture, require_models, two_people

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
