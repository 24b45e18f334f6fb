"""Codes in pictures the tests draw themselves: every text coding, every rescue stage, every bad file."""

import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from devices.code_scanner.image import zbar
from devices.code_scanner.image.driver import (
    CodesFound,
    Grey,
    ImageScanner,
    NoCode,
    PayloadTooLong,
    PictureUnreadable,
)
from devices.code_scanner.image.payload import ScannedCode, decode_text

QR = zxingcpp.BarcodeFormat.QRCode
CHINESE = "养老待遇资格确认回执"


def draw(content: str | bytes, scale: int = 6, **options: str) -> Grey:
    barcode = zxingcpp.create_barcode(content, QR, **options)
    return np.pad(np.array(barcode.to_image(scale=scale), dtype=np.uint8), 8 * scale, constant_values=255)


def one_code(picture: Grey) -> ScannedCode:
    found = ImageScanner().scan(picture)
    assert isinstance(found, CodesFound)
    (code,) = found.codes
    return code


@pytest.mark.parametrize(
    ("content", "payload", "text"),
    [
        ("HTTPS://EXAMPLE.INVALID/R?N=YL-20261120", b"HTTPS://EXAMPLE.INVALID/R?N=YL-20261120", None),
        (CHINESE.encode(), CHINESE.encode(), CHINESE),
        (CHINESE.encode("gb18030"), CHINESE.encode("gb18030"), CHINESE),
        ("𠮷田".encode("gb18030"), "𠮷田".encode("gb18030"), "𠮷田"),
        (bytes(range(1, 256)), bytes(range(1, 256)), None),
        (b"a\0b\x1bc\r\nd", b"a\0b\x1bc\r\nd", "abcd"),
    ],
)
def test_bytes_are_exact_and_text_follows(content: str | bytes, payload: bytes, text: str | None) -> None:
    code = one_code(draw(content))
    assert code.payload == payload
    assert code.symbology == "QRCode"
    if text is not None:
        assert code.text == text


@pytest.mark.parametrize(
    ("charset", "text"),
    [("ISO-8859-1", "größte"), ("ISO-8859-5", "Жы"), ("UTF-8", CHINESE), ("GB18030", CHINESE)],
)
def test_a_declared_character_set_is_believed(charset: str, text: str) -> None:
    code = one_code(draw(text, eci=charset))
    assert (code.text, code.payload) == (text, text.encode(charset))


@pytest.mark.parametrize("text", ["今度のバージョンでは", "養老123"])
def test_kanji_mode_declares_shift_jis(text: str) -> None:
    code = one_code(draw(text))
    assert (code.text, code.payload) == (text, text.encode("shift_jis"))


def test_chinese_that_could_pass_for_shift_jis_stays_chinese() -> None:
    payload = "社保".encode("gb18030")
    assert payload.decode("shift_jis")
    assert one_code(draw(payload)).text == "社保"


def test_a_light_code_on_dark_and_a_turned_one() -> None:
    assert one_code(255 - draw("dark")).text == "dark"
    assert one_code(np.ascontiguousarray(np.rot90(draw("turned")))).text == "turned"


def test_the_quad_surrounds_the_code_in_picture_pixels() -> None:
    canvas = np.full((600, 900), 255, np.uint8)
    code = draw("place")
    canvas[100 : 100 + code.shape[0], 400 : 400 + code.shape[1]] = code
    side = code.shape[0] - 2 * 48
    near = [(448, 148), (448 + side, 148), (448 + side, 148 + side), (448, 148 + side)]
    quad = one_code(canvas).quad
    quiet_zone = 4 * 6
    assert np.abs(np.array(quad) - np.array(near)).max() <= quiet_zone + 6


def test_two_codes_are_both_told() -> None:
    left, right = draw("left"), draw("right")
    found = ImageScanner().scan(np.hstack([left, right]))
    assert isinstance(found, CodesFound)
    assert sorted(code.text for code in found.codes) == ["left", "right"]


def test_a_noisy_picture_is_rescued() -> None:
    noise = np.random.default_rng(3)
    picture = draw("RESCUE ME", scale=4).astype(int)
    found = None
    for strength in range(40, 200, 10):
        noisy = np.clip(picture + noise.normal(0, strength, picture.shape), 0, 255).astype(np.uint8)
        found = ImageScanner().scan(noisy)
        if isinstance(found, CodesFound) and found.stage != "zxing":
            break
    assert isinstance(found, CodesFound)
    assert found.stage != "zxing"
    assert found.codes[0].text == "RESCUE ME"


@pytest.mark.parametrize("payload", [CHINESE.encode("gb18030"), CHINESE.encode(), bytes(range(256)), b"plain"])
def test_zbar_gives_bytes_untouched(payload: bytes) -> None:
    picture = draw(payload)
    ((read, outline),) = zbar.read_qr(picture)
    assert read == payload
    assert all(0 <= x <= picture.shape[1] and 0 <= y <= picture.shape[0] for x, y in outline)


def test_payloads_up_to_1024_bytes() -> None:
    assert one_code(draw(b"x" * 1024, scale=4)).payload == b"x" * 1024
    assert ImageScanner().scan(draw(b"x" * 1025, scale=4)) == PayloadTooLong(1025)


def test_pictures_without_a_code() -> None:
    assert ImageScanner().scan(np.full((480, 640), 255, np.uint8)) == NoCode()
    texture = np.random.default_rng(1).integers(0, 256, (480, 640)).astype(np.uint8)
    assert ImageScanner().scan(texture) == NoCode()


def test_files(tmp_path: Path) -> None:
    picture = tmp_path / "code.png"
    cv2.imwrite(str(picture), draw("from a file"))
    clear = np.zeros((*draw("clear").shape, 4), np.uint8)
    clear[:, :, 3] = 255 - draw("clear")
    transparent = tmp_path / "clear.png"
    Image.fromarray(clear).save(transparent)
    scanner = ImageScanner()
    for path, text in ((picture, "from a file"), (transparent, "clear")):
        found = scanner.scan_file(path)
        assert isinstance(found, CodesFound)
        assert found.codes[0].text == text


def test_files_that_are_no_pictures(tmp_path: Path) -> None:
    scanner = ImageScanner()
    assert scanner.scan_file(tmp_path / "absent.png") == PictureUnreadable("no-such-file")
    assert scanner.scan_file(tmp_path) == PictureUnreadable("not-a-picture")
    text = tmp_path / "text.png"
    text.write_text("not a picture")
    assert scanner.scan_file(text) == PictureUnreadable("not-a-picture")
    whole = cv2.imencode(".png", draw("half"))[1].tobytes()
    half = tmp_path / "half.png"
    half.write_bytes(whole[: len(whole) // 2])
    assert scanner.scan_file(half) == PictureUnreadable("not-a-picture")
    giant = tmp_path / "giant.png"
    header = bytearray(whole)
    header[16:24] = (12_000).to_bytes(4, "big") * 2
    header[29:33] = zlib.crc32(bytes(header[12:29])).to_bytes(4, "big")
    giant.write_bytes(bytes(header))
    assert scanner.scan_file(giant) == PictureUnreadable("too-large")


@given(st.binary(max_size=64))
def test_any_bytes_become_text_without_control_characters(payload: bytes) -> None:
    text = decode_text(payload, None)
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text)


def test_payload_and_text_stay_out_of_repr() -> None:
    assert "TOKEN" not in repr(one_code(draw("TOKEN")))
