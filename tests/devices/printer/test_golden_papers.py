"""The papers, dot for dot, and their codes read back. Renewed as conftest.py says."""

from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import pytest
import zxingcpp

from devices.printer.fonts import FontProblem
from devices.printer.layout import CodeTooLarge
from devices.printer.page import Bits
from devices.printer.render import RollWidth, render
from tests.kiosk.documents.specimens import VERIFICATION, all_papers

GOLDEN = Path(__file__).parents[2] / "golden" / "papers"
PAPERS = all_papers()


def dots(name: str, width: RollWidth) -> Bits:
    result = render(PAPERS[name], width)
    assert not isinstance(result, FontProblem | CodeTooLarge)
    return result


@pytest.mark.parametrize("width", get_args(RollWidth))
@pytest.mark.parametrize("name", PAPERS)
def test_paper_is_the_golden_one(name: str, width: RollWidth, renew_golden: bool, tmp_path: Path) -> None:
    picture = np.where(dots(name, width), 0, 255).astype(np.uint8)
    path = GOLDEN / f"{name}_{width}.png"
    if renew_golden:
        assert cv2.imwrite(str(path), picture, [cv2.IMWRITE_PNG_BILEVEL, 1])
    golden = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert golden is not None, f"{path} is missing: renew it"
    rendered = tmp_path / path.name
    cv2.imwrite(str(rendered), picture)
    assert picture.shape == golden.shape, f"see {rendered}"
    assert np.count_nonzero(picture != golden) == 0, f"see {rendered}"


@pytest.mark.parametrize("width", get_args(RollWidth))
@pytest.mark.parametrize("name", PAPERS)
def test_code_reads_back(name: str, width: RollWidth) -> None:
    picture = np.where(dots(name, width), 0, 255).astype(np.uint8)
    codes = [(code.text, code.ec_level) for code in zxingcpp.read_barcodes(picture)]
    assert codes == ([] if PAPERS[name].verification is None else [(VERIFICATION.qr_text, "M")])


@pytest.mark.parametrize(("width", "side"), [(80, 576), (58, 384)])
def test_widths(width: RollWidth, side: int) -> None:
    assert dots("passed", width).shape[1] == side
