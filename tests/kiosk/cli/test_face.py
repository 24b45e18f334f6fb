import json
from pathlib import Path

import cv2
import pytest
from typer.testing import CliRunner, Result

from kiosk.cli.face import app
from simulators.camera.pose import Side
from simulators.camera.world import World
from tests.devices.face_analyser.pictures import FPS, chip_image, hall, require_models


@pytest.fixture(scope="module")
def turning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of somebody who turns to the right after three seconds."""
    folder, world = tmp_path_factory.mktemp("clip"), World("hopper")
    for number in range(6 * FPS):
        if number == 3 * FPS:
            world.turn(Side.RIGHT, 20, 2.5, number / FPS)
        cv2.imwrite(str(folder / f"{number:04}.jpg"), hall().frame(world.scene(number / FPS), number))
    return folder


def reference(portrait: str, folder: Path) -> Path:
    path = folder / f"{portrait}.png"
    cv2.imwrite(str(path), chip_image(portrait))
    return path


def check(picture: Path, clip: Path) -> Result:
    options = ["--reference", str(picture), "--clip", str(clip), "--models", str(require_models()), "--json"]
    return CliRunner().invoke(app, ["check", *options])


@pytest.mark.parametrize(("portrait", "decision", "code"), [("hopper", "matched", 0), ("astronaut", "not-matched", 1)])
def test_a_turning_person_is_compared(portrait: str, decision: str, code: int, turning: Path, tmp_path: Path) -> None:
    result = check(reference(portrait, tmp_path), turning)
    line = json.loads(result.stdout)
    assert result.exit_code == code
    assert line["decision"] == decision
    assert set(line) == {"decision", "signals", "distance", "threshold", "frames", "ms"}
    assert (line["distance"] <= line["threshold"]) == (code == 0)
    assert line["signals"]["nose_shift"] >= 0.10


def test_a_clip_without_a_turn_proves_nothing(turning: Path, tmp_path: Path) -> None:
    clip = tmp_path / "still"
    clip.mkdir()
    for number in range(5):
        (clip / f"{number}.jpg").write_bytes((turning / f"{number:04}.jpg").read_bytes())
    result = check(reference("hopper", tmp_path), clip)
    line = json.loads(result.stdout)
    assert result.exit_code == 1
    assert line["decision"] == "not-proven"
    assert line["distance"] < 0.4


def test_what_cannot_be_measured_is_said(turning: Path, tmp_path: Path) -> None:
    hopper = reference("hopper", tmp_path)
    empty, grey = tmp_path / "empty", tmp_path / "grey.png"
    empty.mkdir()
    cv2.imwrite(str(grey), hall().frame(World().scene(0), 0))
    for picture, clip, word in (
        (tmp_path / "absent.png", turning, "no picture"),
        (grey, turning, "no face"),
        (hopper, empty, "no frame"),
    ):
        result = check(picture, clip)
        assert result.exit_code == 2
        assert word in json.loads(result.stdout)["problem"]
