"""The papers, dot for dot, and their codes read back. Renewed as conftest.py says."""

from functools import cache
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import zxingcpp

from devices.printer.fonts import FontProblem
from devices.printer.page import Bits, LayoutProblem
from devices.printer.render import RollWidth, render_strips
from tests.kiosk.documents.document_specimens import every_paper

GOLDEN = Path(__file__).parents[2] / "golden" / "papers"
PAPERS = every_paper()


@cache
def strips(name: str, width: RollWidth) -> tuple[Bits, ...]:
    result = render_strips(PAPERS[name], width)
    assert not isinstance(result, FontProblem | LayoutProblem)
    return result


def pictures(name: str, width: RollWidth) -> dict[str, npt.NDArray[np.uint8]]:
    """Each strip by the name of its file."""
    whole = strips(name, width)
    ends = [""] if len(whole) == 1 else [f"_{number}" for number in range(1, len(whole) + 1)]
    return {
        f"{name}_{width}{end}.png": np.where(dots, 0, 255).astype(np.uint8)
        for end, dots in zip(ends, whole, strict=True)
    }


@pytest.mark.parametrize("width", get_args(RollWidth))
@pytest.mark.parametrize("name", PAPERS)
def test_paper_is_the_golden_one(name: str, width: RollWidth, renew_golden: bool, tmp_path: Path) -> None:
    for file, picture in pictures(name, width).items():
        path = GOLDEN / file
        if renew_golden:
            assert cv2.imwrite(str(path), picture, [cv2.IMWRITE_PNG_BILEVEL, 1])
        golden = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        assert golden is not None, f"{path} is missing: renew it"
        rendered = tmp_path / file
        cv2.imwrite(str(rendered), picture)
        assert picture.shape == golden.shape, f"see {rendered}"
        assert np.count_nonzero(picture != golden) == 0, f"see {rendered}"


@pytest.mark.parametrize("width", get_args(RollWidth))
@pytest.mark.parametrize("name", PAPERS)
def test_code_reads_back(name: str, width: RollWidth) -> None:
    """It stands on the last strip alone."""
    *others, last = pictures(name, width).values()
    codes = [(code.text, code.ec_level) for code in zxingcpp.read_barcodes(last)]
    verification = PAPERS[name].verification
    assert codes == ([] if verification is None else [(verification.qr_text, "M")])
    assert not [code for other in others for code in zxingcpp.read_barcodes(other)]


@pytest.mark.parametrize(("width", "side"), [(80, 576), (58, 384)])
def test_widths(width: RollWidth, side: int) -> None:
    assert strips("passed", width)[0].shape[1] == side


def test_no_golden_picture_is_left_over() -> None:
    named = {file for name in PAPERS for width in get_args(RollWidth) for file in pictures(name, width)}
    assert {path.name for path in GOLDEN.glob("*.png") if not path.stem.endswith("A4")} == named
