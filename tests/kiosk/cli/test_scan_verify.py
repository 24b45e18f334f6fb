"""kiosk scan --verify: a paper is checked by the keys the terminal holds, without a network."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from kiosk.cli.print_document import app as print_app
from kiosk.cli.scan import app
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber, compose_receipt_number
from kiosk.wire.keys import register_gateway, write_registration
from kiosk.wire.receipt_code import verification
from tests.records import START, TERMINAL, Registered, receipt, register

GATEWAY_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CERTIFICATE = compose_receipt_number(ReceiptKind.CERTIFICATE, START.date(), TERMINAL, 1)


@pytest.fixture
def registered(tmp_path: Path) -> Registered:
    registered = register(tmp_path)
    published = register_gateway(registered.sealing_key, (registered.terminal,), GATEWAY_KEY.public_key())
    write_registration(registered.gateway_file, published)
    return registered


def _paper(folder: Path, text: str) -> Path:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    path = folder / "paper.png"
    cv2.imwrite(str(path), np.pad(np.array(barcode.to_image(scale=4), dtype=np.uint8), 32, constant_values=255))
    return path


def _qr(number: ReceiptNumber, key: Ed25519PrivateKey) -> str:
    return verification(number, key, "https://hall.example").qr_text


@pytest.mark.parametrize(
    ("number", "signer", "standing", "exit_code"),
    [
        (receipt(1), "terminal", "genuine", 0),
        (CERTIFICATE, "gateway", "genuine", 0),
        (receipt(1), "gateway", "forged", 4),
        (CERTIFICATE, "terminal", "forged", 4),
        (receipt(1), "nobody", "forged", 4),
        (receipt(1, "0999"), "terminal", "not-ours", 3),
    ],
)
def test_a_paper_is_told_by_its_signature(
    registered: Registered, number: ReceiptNumber, signer: str, standing: str, exit_code: int
) -> None:
    keys = {"terminal": registered.signing_key, "gateway": GATEWAY_KEY, "nobody": Ed25519PrivateKey.generate()}
    paper = _paper(registered.folder, _qr(number, keys[signer]))
    options = ["--verify", "--registration", str(registered.gateway_file)]
    result = CliRunner().invoke(app, [str(paper), *options, "--json"])
    (payload,) = json.loads(result.stdout)["payloads"]
    assert (payload["receipt"], payload["standing"], result.exit_code) == (number.value, standing, exit_code)
    told = CliRunner().invoke(app, [str(paper), *options])
    assert told.exit_code == exit_code
    assert f"{number.value}: {standing.replace('-', ' ')}" in told.stdout.replace("FORGED", "forged")


def test_other_codes_are_not_ours(registered: Registered) -> None:
    paper = _paper(registered.folder, "https://elsewhere.example/x")
    result = CliRunner().invoke(app, [str(paper), "--verify", "--registration", str(registered.gateway_file), "--json"])
    (payload,) = json.loads(result.stdout)["payloads"]
    assert (payload["receipt"], payload["standing"], result.exit_code) == (None, "not-ours", 3)


def test_without_keys_nothing_is_said(registered: Registered, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = _paper(registered.folder, _qr(receipt(1), registered.signing_key))
    monkeypatch.chdir(registered.folder)
    for options in (["--registration", "absent.json"], []):
        result = CliRunner().invoke(app, [str(paper), "--verify", *options])
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("No keys to verify with: ")


def test_the_terminals_own_settings_name_the_keys(registered: Registered, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also its own key, where the gateway's file was written before it knew the terminal."""
    folder = registered.folder
    other = replace(registered.terminal, terminal="0318")
    write_registration(registered.gateway_file, register_gateway(registered.sealing_key, (other,)))
    example = (Path(__file__).parents[3] / "docs" / "terminal.example.toml").read_text(encoding="utf-8")
    settings = example.replace("var/gateway-key.registration.json", str(registered.gateway_file))
    assert settings != example
    (folder / "terminal.toml").write_text(f'signing_key = "{folder}/terminal.pem"\n{settings}', encoding="utf-8")
    monkeypatch.chdir(folder)
    paper = _paper(folder, _qr(receipt(1), registered.signing_key))
    result = CliRunner().invoke(app, [str(paper), "--verify"])
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize("width", ["58", "80"])
def test_a_paper_as_it_is_printed_is_genuine(registered: Registered, width: str) -> None:
    paper = json.loads((Path(__file__).parents[3] / "docs" / "images" / "receipt.json").read_text(encoding="utf-8"))
    proof = verification(receipt(1), registered.signing_key, "https://hy.shili.example")
    paper |= {
        "number": {"value": receipt(1).value},
        "verification": {"qr_text": proof.qr_text, "short_code": proof.short_code},
    }
    document, picture = registered.folder / "paper.json", registered.folder / "paper.png"
    document.write_text(json.dumps(paper), encoding="utf-8")
    printed = CliRunner().invoke(print_app, [str(document), "--to", f"png:{picture}", "--width", width])
    assert printed.exit_code == 0, printed.output
    result = CliRunner().invoke(app, [str(picture), "--verify", "--registration", str(registered.gateway_file)])
    assert (result.exit_code, result.stdout.split(": ")[1]) == (0, receipt(1).value)
