import json
from pathlib import Path
from typing import Any

import cv2
import pytest
from typer.testing import CliRunner, Result

from kiosk.cli.face import app
from simulators.camera.pose import Side
from simulators.camera.world import World
from tests.devices.face_analyser.pictures import chip_image, hall, require_models

RATE = 10
TURN_S, BLINKS_S, END_S = 2.4, 4.8, 6.2
"""When the clip's person turns, and blinks twice."""


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of somebody who turns to the right and then blinks twice."""
    folder, world = tmp_path_factory.mktemp("clip"), World("astronaut")
    for number in range(round(END_S * RATE)):
        if number == TURN_S * RATE:
            world.turn(Side.RIGHT, 20, 2.2, number / RATE)
        if number == BLINKS_S * RATE:
            world.blink(2, 1.2, number / RATE)
        cv2.imwrite(str(folder / f"{number:04}.jpg"), hall().frame(world.scene(number / RATE), number))
    return folder


def reference(portrait: str, folder: Path) -> Path:
    path = folder / f"{portrait}.png"
    cv2.imwrite(str(path), chip_image(portrait))
    return path


def check(clip: Path, picture: Path | None = None) -> Result:
    compared = [] if picture is None else ["--reference", str(picture)]
    options = ["--clip", str(clip), *compared, "--models", str(require_models()), "--rate", str(RATE), "--json"]
    return CliRunner().invoke(app, ["check", *options])


def line_of(result: Result) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(result.stdout)
    return line


@pytest.mark.parametrize(("portrait", "decision", "code"), [("astronaut", "matched", 0), ("hopper", "not-matched", 1)])
def test_a_turning_person_is_compared(portrait: str, decision: str, code: int, moving: Path, tmp_path: Path) -> None:
    result = check(moving, reference(portrait, tmp_path))
    line = line_of(result)
    assert result.exit_code == code
    assert line["decision"] == decision
    assert set(line) == {"decision", "proven", "signals", "distance", "threshold", "blinks", "frames", "ms"}
    assert (line["distance"] <= line["threshold"]) == (code == 0)
    assert line["signals"]["nose_shift"] >= 0.10
    assert 0 < line["signals"]["face_spread"] <= 0.45


def test_without_a_reference_it_says_what_was_shown_and_where_the_eyes_closed(moving: Path) -> None:
    result = check(moving)
    line = line_of(result)
    assert result.exit_code == 0
    assert line["decision"] == "proven"
    assert line["proven"][0] == "turn-right"
    assert not {"turn-left", "nod"} & set(line["proven"])
    assert line["distance"] is None
    assert line["frames"] == 62
    first, second = line["blinks"]
    assert BLINKS_S <= first["at"] < second["at"] <= BLINKS_S + 1.2
    for blink in line["blinks"]:
        assert blink["at"] == pytest.approx(blink["frame"] / RATE)
        assert blink["frame"] < blink["until"] <= blink["frame"] + 0.6 * RATE
        assert 0 <= blink["depth"] < 0.5


def test_a_clip_without_an_action_proves_nothing(moving: Path, tmp_path: Path) -> None:
    """Whatever lies beside the pictures is passed over, and any picture OpenCV reads counts, whatever its name."""
    clip = tmp_path / "still"
    (clip / "folder").mkdir(parents=True)
    (clip / "notes.txt").write_text("no picture")
    (clip / "empty.jpg").touch()
    for number in range(5):
        (clip / f"{number}.frame").write_bytes((moving / f"{number:04}.jpg").read_bytes())
    result = check(clip, reference("astronaut", tmp_path))
    line = line_of(result)
    assert result.exit_code == 1
    assert (line["decision"], line["proven"], line["blinks"], line["frames"]) == ("not-proven", [], [], 5)
    assert line["distance"] < 0.4


def test_a_video_is_read_at_its_own_rate(moving: Path, tmp_path: Path) -> None:
    clip = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(clip), cv2.VideoWriter.fourcc(*"MJPG"), 25, (640, 480))
    for number in range(10):
        picture = cv2.imread(str(moving / f"{number:04}.jpg"))
        assert picture is not None
        writer.write(picture)
    writer.release()
    line = line_of(check(clip))
    assert line["frames"] == 10
    assert line["decision"] == "not-proven"
    assert line["signals"]["seconds"] == pytest.approx(10 / 25)


def test_what_cannot_be_measured_is_said(moving: Path, tmp_path: Path) -> None:
    known = reference("astronaut", tmp_path)
    empty, grey, text = tmp_path / "empty", tmp_path / "grey.png", tmp_path / "clip.mp4"
    empty.mkdir()
    text.write_text("no video")
    cv2.imwrite(str(grey), hall().frame(World().scene(0), 0))
    for picture, clip, word in (
        (tmp_path / "absent.png", moving, "no picture"),
        (grey, moving, "no face"),
        (known, empty, "no frame"),
        (None, tmp_path / "absent.mp4", "no frame"),
        (None, text, "no frame"),
    ):
        result = check(clip, picture)
        assert result.exit_code == 2
        assert word in line_of(result)["problem"]
        assert word in result.stderr


def test_missing_models_are_said(moving: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", "--clip", str(moving), "--models", str(tmp_path)])
    assert result.exit_code == 2
    assert "kiosk models" in result.stderr
