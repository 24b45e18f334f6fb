"""The phone's code is read by both decoders of the terminal, off the JPEG the camera sends."""

import cv2
import numpy as np
import pytest

from devices.code_scanner.image import zbar
from devices.code_scanner.image.driver import CodesFound, Grey, ImageScanner
from simulators.camera.__main__ import JPEG_QUALITY
from simulators.camera.phone import draw_phone
from simulators.camera.renderer import Renderer
from simulators.camera.world import World

RECEIPT = f"HTTPS://RZ.EXAMPLE.INVALID/R/YL-20261120-0001-000123/{'A2B7' * 25}"
TEXTS = {"short": "YL-20261120", "receipt": RECEIPT, "Chinese": "养老待遇资格确认" * 12, "longest": "x" * 330}


def received(renderer: Renderer, world: World, at: float) -> Grey:
    _, jpeg = cv2.imencode(".jpg", renderer.frame(world.scene(at), 1), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_the_code_holds_the_text(renderer: Renderer, text: str) -> None:
    world = World("hopper")
    world.phone(text, now=0.0)
    for at in (1.0, 2.3, 5.7):
        found = ImageScanner().scan(received(renderer, world, at))
        assert isinstance(found, CodesFound)
        assert [code.text for code in found.codes] == [text]


def test_zbar_reads_it_too(renderer: Renderer) -> None:
    world = World("astronaut")
    world.phone(RECEIPT, now=0.0)
    ((payload, _),) = zbar.read_qr(received(renderer, world, 1.0))
    assert payload == RECEIPT.encode()


@pytest.mark.parametrize("level", [0.02, 10])
def test_the_screen_shines_of_itself(renderer: Renderer, level: float) -> None:
    world = World("hopper")
    world.light(level)
    world.phone(RECEIPT, now=0.0)
    assert isinstance(ImageScanner().scan(received(renderer, world, 1.0)), CodesFound)


def test_a_phone_put_away_shows_no_code(renderer: Renderer) -> None:
    world = World("hopper")
    world.phone(RECEIPT, now=0.0)
    world.phone(None, now=2.0)
    assert not isinstance(ImageScanner().scan(received(renderer, world, 3.0)), CodesFound)
    assert np.array_equal(renderer.frame(world.scene(3.0), 1), renderer.frame(World("hopper").scene(3.0), 1))


@pytest.mark.parametrize("text", ["", "x" * 400, "x" * 4000])
def test_a_code_no_camera_could_resolve_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        draw_phone(text)
