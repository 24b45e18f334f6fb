"""The sample documents in docs/papers: what is printed today, marked, and ``kiosk print`` takes every one.

Renewed with ``--renew-golden``.
"""

import json
from pathlib import Path

import cv2
import pytest
import zxingcpp
from PySide6.QtGui import QGuiApplication
from typer.testing import CliRunner

from kiosk.cli.print_document import app
from kiosk.documents.paper_document import paper_from_json, paper_to_json
from tests.kiosk.documents.document_specimens import samples

PLACE = Path(__file__).parents[3] / "docs" / "papers"
SAMPLES = samples()


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_says_what_is_printed_today(name: str, renew_golden: bool) -> None:
    path, paper = PLACE / f"{name}.json", SAMPLES[name]
    if renew_golden:
        path.write_bytes(paper_to_json(paper) + b"\n")
    assert paper_from_json(path.read_bytes()) == paper
    assert paper.marking == "演示"


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_prints_to_a_picture(name: str, tmp_path: Path, qapp: QGuiApplication) -> None:
    target = tmp_path / "paper.png"
    result = CliRunner().invoke(app, [str(PLACE / f"{name}.json"), "--to", f"png:{target}", "--json"])
    assert (result.exit_code, json.loads(result.output)["verdict"]) == (0, "written")
    picture = cv2.imread(str(target), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    verification = SAMPLES[name].verification
    codes = [code.text for code in zxingcpp.read_barcodes(picture)]
    assert codes == ([] if verification is None else [verification.qr_text])


def test_no_sample_is_left_over() -> None:
    assert {path.stem for path in PLACE.glob("*.json")} == set(SAMPLES)
