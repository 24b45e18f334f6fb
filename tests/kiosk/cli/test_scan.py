"""kiosk scan, as the technician calls it."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from typer.testing import CliRunner

from kiosk.cli.scan import app


@pytest.fixture
def code_file(tmp_path: Path) -> Path:
    barcode = zxingcpp.create_barcode("养老".encode("gb18030"), zxingcpp.BarcodeFormat.QRCode)
    path = tmp_path / "code.png"
    cv2.imwrite(str(path), np.pad(np.array(barcode.to_image(scale=6), dtype=np.uint8), 48, constant_values=255))
    return path


def test_json_is_one_object_a_line(code_file: Path) -> None:
    result = CliRunner().invoke(app, [str(code_file), str(code_file), "--json"])
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == 2
    assert set(lines[0]) == {"file", "payloads", "ms"}
    assert lines[0]["file"] == str(code_file)
    (payload,) = lines[0]["payloads"]
    assert payload["text"] == "养老"
    assert payload["hex"] == "d1f8c0cf"
    assert payload["symbology"] == "QRCode"
    assert len(payload["quad"]) == 4
    assert lines[0]["ms"] > 0


@pytest.mark.parametrize("symbology", ["PDF417", "Code128"])
def test_bar_codes_are_told_by_their_symbology(tmp_path: Path, symbology: str) -> None:
    barcode = zxingcpp.create_barcode("YL-20261120-00042", getattr(zxingcpp.BarcodeFormat, symbology))
    path = tmp_path / "bars.png"
    cv2.imwrite(str(path), np.pad(np.array(barcode.to_image(scale=4), dtype=np.uint8), 40, constant_values=255))
    result = CliRunner().invoke(app, [str(path), "--json"])
    assert result.exit_code == 0
    (payload,) = json.loads(result.stdout)["payloads"]
    assert (payload["text"], payload["symbology"]) == ("YL-20261120-00042", symbology)
    assert payload["hex"] == b"YL-20261120-00042".hex()


def test_people_read_file_and_text(code_file: Path) -> None:
    result = CliRunner().invoke(app, [str(code_file)])
    assert (result.exit_code, result.stdout) == (0, f"{code_file}: 养老\n")


def test_no_code_ends_with_1(tmp_path: Path) -> None:
    blank = tmp_path / "blank.png"
    cv2.imwrite(str(blank), np.full((100, 100), 255, np.uint8))
    result = CliRunner().invoke(app, [str(blank)])
    assert result.exit_code == 1
    assert result.stderr == f"{blank}: no code found\n"


def test_an_unreadable_file_ends_with_2_and_the_others_are_read(code_file: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(tmp_path / "absent.png"), str(code_file), "--json"])
    assert result.exit_code == 2
    assert "cannot be read: no-such-file" in result.stderr
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["payloads"], first["problem"]) == ([], "cannot be read: no-such-file")
    assert len(second["payloads"]) == 1
