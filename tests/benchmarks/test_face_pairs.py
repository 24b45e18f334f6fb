"""Rates of pairs: the arithmetic, the list, and both portraits of the virtual hall with their renderings."""

import json
from math import inf
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from benchmarks import face_pairs
from benchmarks.card_pictures import CHIP_BYTES, compressed, cut_as_card_picture
from benchmarks.face_pairs import Pair, read_pairs
from benchmarks.face_rates import Rate, Scores, impostors_needed
from simulators.camera.pose import Pose
from simulators.portraits import PORTRAITS, load_portrait
from tests.devices.face_analyser.pictures import Image, nobody, person, require_models


def test_errors_are_counted_on_their_own_side_of_the_threshold() -> None:
    scores = Scores(genuine=[0.2, 0.55, 0.5500001, inf], impostor=[0.5, 0.55, 0.7])
    assert scores.fnmr(0.55) == Rate(2, 4)
    assert scores.fmr(0.55) == Rate(2, 3)


def test_the_equal_error_rate_lies_where_both_errors_meet() -> None:
    own = [index / 100 for index in range(100)]
    others = [0.8 + index / 100 for index in range(100)]
    assert Scores(own, others).eer() == pytest.approx((0.10, 0.895), abs=0.011)
    assert Scores([0.1, 0.2], [0.7, 0.8]).eer() == (0.0, 0.2)
    assert Scores([], [0.7]).eer() is None
    assert Scores([inf], [0.7]).eer() == (1.0, 0.7)


def test_a_threshold_is_told_only_where_thirty_false_matches_are_to_be_expected() -> None:
    assert (impostors_needed(0.01), impostors_needed(0.001)) == (3000, 30000)
    others = [index / 1000 for index in range(3000)]
    threshold = Scores([0.01], others).threshold_at(0.01)
    assert threshold is not None
    assert threshold == pytest.approx(0.029)
    assert Scores([], others).fmr(threshold) == Rate(30, 3000)
    assert Scores([], others[1:]).threshold_at(0.01) is None
    assert Scores([], others).threshold_at(0.001) is None


def test_equal_distances_never_exceed_the_allowed_rate() -> None:
    others = [0.3] * 31 + [0.7] * 2969
    threshold = Scores([], others).threshold_at(0.01)
    assert threshold is not None
    assert Scores([], others).fmr(threshold).errors == 0


@pytest.mark.parametrize(("errors", "count", "low", "high"), [(0, 100, 0.0, 0.037), (30, 3000, 0.0070, 0.0142)])
def test_bounds_are_wilsons(errors: int, count: int, low: float, high: float) -> None:
    assert Rate(errors, count).bounds == pytest.approx((low, high), abs=5e-4)
    assert Rate(0, 0).share is None


def listing(folder: Path, text: str) -> Path:
    path = folder / "pairs.csv"
    path.write_bytes(text.encode())
    return path


def test_a_list_may_have_a_header_in_any_order_or_none(tmp_path: Path) -> None:
    one, other = tmp_path / "a.png", tmp_path / "甲.png"
    expected = [Pair(2, one, other, True), Pair(4, one, Path("/b.png"), False)]
    for text in (
        "\ufeffpath_a,path_b,same\r\na.png,甲.png,1\r\n\r\na.png, /b.png, 0\r\n",
        "note,same,path_a,path_b\nx,TRUE,a.png,甲.png\n\nx,no,a.png,/b.png\n",
    ):
        assert read_pairs(listing(tmp_path, text)) == (expected, [])
    assert read_pairs(listing(tmp_path, "a.png,甲.png,yes\n")) == ([Pair(1, one, other, True)], [])


def test_rows_that_say_nothing_are_named(tmp_path: Path) -> None:
    pairs, problems = read_pairs(listing(tmp_path, "a.png,b.png\na.png,b.png,maybe\na.png,b.png,1\n"))
    assert [pair.line for pair in pairs] == [3]
    assert [problem.split(":")[0] for problem in problems] == ["line 1", "line 2"]


def test_a_card_picture_fits_the_chip(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    decode = cv2.imdecode

    def measured(data: npt.NDArray[np.uint8], flags: int) -> object:
        sizes.append(data.size)
        return decode(data, flags)

    monkeypatch.setattr(cv2, "imdecode", measured)
    noise: Image = np.random.default_rng(3).integers(0, 256, (126, 102, 3)).astype(np.uint8)
    for picture in (noise, np.full((126, 102, 3), 200, np.uint8)):
        assert compressed(picture).shape == (126, 102, 3)
    assert 0 < max(sizes) <= CHIP_BYTES


@pytest.mark.parametrize("size", [(480, 640), (300, 90), (70, 400)])
def test_a_card_picture_is_cut_out_of_any_size(size: tuple[int, int]) -> None:
    height, width = size
    corners = [(width * 0.3, height * 0.2, 0), (width * 0.9, height * 0.7, 0)]
    landmarks = np.array((corners * 234), np.float32)
    assert cut_as_card_picture(np.zeros((height, width, 3), np.uint8), landmarks).shape == (126, 102, 3)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both portraits, two renderings of each, and a room without anybody."""
    folder = tmp_path_factory.mktemp("people")
    for name, portrait in PORTRAITS.items():
        cv2.imwrite(str(folder / f"{name}.png"), load_portrait(portrait, require_models()))
        for yaw in (0, 10):
            cv2.imwrite(str(folder / f"{name}-{yaw}.jpg"), person(name, Pose(yaw=yaw)))
    cv2.imwrite(str(folder / "nobody.png"), nobody())
    (folder / "broken.png").write_bytes(b"no picture")
    return folder


def run(path: Path, *options: str) -> int:
    return face_pairs.main([str(path), "--models", str(require_models()), *options])


def test_two_people_are_told_apart(people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    couples = [(one, other) for one in PORTRAITS for other in PORTRAITS]
    rows = [f"{one}.png,{other}-{yaw}.jpg,{int(one == other)}" for one, other in couples for yaw in (0, 10)]
    rows += ["hopper.png,nobody.png,1", "nobody.png,hopper-0.jpg,0", "broken.png,hopper-0.jpg,1", "absent.png,x.png,0"]
    assert run(listing(people, "\n".join(rows)), "--json") == 0
    told = capsys.readouterr()
    result = json.loads(told.out)
    assert (result["genuine"], result["impostor"], result["bad_rows"]) == (5, 4, 2)
    assert result["fta"] == {"genuine": 1, "impostor": 1}
    assert (result["references"], result["probes"]) == (3, 5), "each picture is embedded once"
    assert [one["threshold"] for one in result["thresholds"]] == [0.55, 0.60]
    for one in result["thresholds"]:
        assert (one["fmr"]["errors"], one["fmr"]["of"]) == (0, 4)
        assert (one["fnmr"]["errors"], one["fnmr"]["of"]) == (1, 5), "the genuine pair without a face"
    assert result["eer"]["share"] == pytest.approx((1 / 5 + 1 / 4) / 2), "at the nearest impostor pair"
    assert [one["impostors_needed"] for one in result["at_fmr"]] == [3000, 30000]
    assert [line.split(":")[0] for line in told.err.splitlines()] == ["line 11", "line 12"]


def test_it_tells_in_words_how_little_it_rests_on(people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(listing(people, "hopper.png,hopper.png,1\nhopper.png,astronaut-0.jpg,0\n")) == 0
    told = capsys.readouterr().out
    assert "1 genuine and 1 impostor pairs" in told
    assert "0.000 % (0 of 1; 95 %: 0.000 to 79.3" in told
    assert "under 30 errors: indicative only" in told
    assert "1 pairs compare a picture with itself" in told
    assert "the rule of 30 asks for 30000" in told


@pytest.mark.parametrize("text", ["", "path_a,path_b,same\n", "absent.png,absent.png,1\n"])
def test_without_a_usable_pair_it_ends_with_2(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(listing(tmp_path, text)) == 2
    assert "no pair in" in capsys.readouterr().err


def test_what_is_no_list_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes(b"caf\xe9.png,b.png,1\n")
    for path in (tmp_path / "absent.csv", latin):
        assert run(path) == 2
        assert "no list of pairs" in capsys.readouterr().err
    assert face_pairs.main([str(latin), "--models", str(tmp_path)]) == 2
    assert "kiosk models install" in capsys.readouterr().err
