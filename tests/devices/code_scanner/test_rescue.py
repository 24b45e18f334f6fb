"""Codes that zxing-cpp alone does not read: hidden, bent, blurred, pale; and patterns that say nothing."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
import zxingcpp

from devices.code_scanner.image.driver import CodesFound, Grey, ImageScanner, NoCode
from devices.code_scanner.image.ladder import QUICK
from devices.code_scanner.image.symbol import layout
from kiosk.domain.picture import Picture

TEXT = "https://hall7.example.invalid/r?c=Mq4rTzB8yWnK2pX9"
SCALE = 6


def code(level: str = "M", text: str = TEXT) -> Grey:
    """Black on white, a quiet zone of 4 modules of 6 pixels."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    modules = np.array(barcode.to_image(scale=SCALE, add_quiet_zones=False), dtype=np.uint8)
    return np.pad(modules, 4 * SCALE, constant_values=255)


def hidden_finder() -> Grey:
    picture = code()
    cv2.circle(picture, (45, 45), 26, 255, -1)
    return picture


def hidden_corner_of_the_rows_end() -> Grey:
    picture = code()
    cv2.circle(picture, (picture.shape[1] - 45, 45), 24, 0, -1)
    return picture


def bent() -> Grey:
    """As on a sleeve: columns are pushed aside and up and down."""
    picture = np.pad(code(), 30, constant_values=255)
    y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    pushed = 9 * np.sin(x / 60), 11 * np.sin(x / 75 + 1) + 6 * np.sin(y / 50)
    return np.asarray(cv2.remap(picture, x + pushed[0], y + pushed[1], cv2.INTER_LINEAR, borderValue=255), np.uint8)


def moved() -> Grey:
    """A hand's width of two modules and a half, slantwise."""
    kernel = np.zeros((19, 19), np.float32)
    cv2.line(kernel, (4, 6), (14, 12), 1.0, 1)
    return np.asarray(cv2.filter2D(code(), -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8)


def pale() -> Grey:
    """Twelve levels between paper and ink."""
    return np.asarray(150 + code().astype(np.float32) * 12 / 255, np.uint8)


def tilted_and_hidden() -> Grey:
    picture = hidden_finder()
    size = picture.shape[0]
    corners = np.array([[0, 0], [size, 0], [size, size], [0, size]], np.float32)
    seen = np.array([[20, 60], [size + 40, 10], [size, size - 20], [70, size + 30]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    return np.asarray(cv2.warpPerspective(picture, matrix, (size + 60, size + 60), borderValue=255), np.uint8)


HARD = [hidden_finder, hidden_corner_of_the_rows_end, bent, moved, pale, tilted_and_hidden]


@pytest.mark.parametrize("draw", HARD, ids=[draw.__name__ for draw in HARD])
@pytest.mark.parametrize("turns", range(4))
def test_what_zxing_alone_does_not_read_is_read(draw: Callable[[], Grey], turns: int) -> None:
    picture = np.ascontiguousarray(np.rot90(draw(), turns))
    assert not zxingcpp.read_barcodes(picture)
    found = ImageScanner().scan(picture)
    assert isinstance(found, CodesFound)
    assert [read.text for read in found.codes] == [TEXT]


def in_a_frame(picture: Grey, left: int = 500, top: int = 200) -> Grey:
    """1280 x 720, grey around."""
    frame = np.full((720, 1280), 120, np.uint8)
    frame[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return frame


def test_the_quad_of_a_rescued_code_lies_where_the_code_is() -> None:
    picture = hidden_finder()
    found = ImageScanner().scan(in_a_frame(picture))
    assert isinstance(found, CodesFound)
    first, last = 4 * SCALE, picture.shape[0] - 4 * SCALE
    corners = np.array([[first, first], [last, first], [last, last], [first, last]]) + np.array([500, 200])
    assert np.abs(np.array(found.codes[0].quad) - corners).max() <= 3


def test_a_live_frame_gets_one_rescue_after_another() -> None:
    pixels = cv2.cvtColor(in_a_frame(hidden_finder()), cv2.COLOR_GRAY2BGR)
    picture = Picture(1280, 720, np.asarray(pixels, np.uint8).tobytes())
    scanner = ImageScanner()
    assert any(scanner.codes_in(picture) == (TEXT.encode(),) for _ in QUICK)


@pytest.mark.parametrize("version", [1, 3, 7])
def test_fixed_patterns_around_noise_say_nothing(version: int) -> None:
    """All that marks a code is there, its data are not."""
    plan = layout(version)
    noise = np.random.default_rng(version)
    for _ in range(5):
        dark = np.where(plan.fixed != 0, plan.fixed > 0, noise.random(plan.fixed.shape) < 0.5)
        modules = np.where(dark, 0, 255).astype(np.uint8)
        picture = np.pad(np.kron(modules, np.ones((SCALE, SCALE), np.uint8)), 4 * SCALE, constant_values=255)
        assert ImageScanner().scan(picture) == NoCode()


def test_an_emblem_of_finders_says_nothing() -> None:
    plan = layout(4)
    modules = np.where(plan.fixed > 0, 0, 255).astype(np.uint8)
    modules[8:-8] = 255
    picture = np.pad(np.kron(modules, np.ones((SCALE, SCALE), np.uint8)), 4 * SCALE, constant_values=255)
    assert ImageScanner().scan(in_a_frame(picture)) == NoCode()


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 1), (9, 9), (64, 3000), (2, 40_000)])
def test_pictures_of_any_shape_are_no_trouble(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    assert ImageScanner().scan(noise) == NoCode()


@pytest.mark.parametrize("symbology", ["PDF417", "Code128"])
@pytest.mark.parametrize("turns", range(4))
def test_bar_codes_are_read_level_and_upright(symbology: str, turns: int) -> None:
    kind = getattr(zxingcpp.BarcodeFormat, symbology)
    drawn = np.array(zxingcpp.create_barcode("YL-20261120-0001-000123", kind).to_image(scale=4), dtype=np.uint8)
    picture = np.ascontiguousarray(np.rot90(np.pad(drawn, 30, constant_values=255), turns))
    frame = np.full((max(720, picture.shape[0]), 1280), 120, np.uint8)
    frame[: picture.shape[0], 100 : 100 + picture.shape[1]] = picture
    found = ImageScanner().scan(frame)
    assert isinstance(found, CodesFound)
    assert [(read.text, read.symbology) for read in found.codes] == [("YL-20261120-0001-000123", symbology)]
