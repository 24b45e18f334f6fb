"""A reference picture is a portrait or nothing, whatever the bytes."""

import base64
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kiosk.platform.picture import LONGEST_SIDE, picture_of


def _text(image: Image.Image, **options: bool) -> str:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=95, **options)
    return base64.b64encode(stream.getvalue()).decode()


def test_the_pixels_are_blue_first_and_the_top_row_comes_first() -> None:
    image = Image.new("RGB", (16, 24), (250, 10, 10))
    image.paste((10, 10, 250), (0, 0, 16, 8))
    picture = picture_of(_text(image))
    assert picture is not None
    assert (picture.width, picture.height, len(picture.pixels)) == (16, 24, 16 * 24 * 3)
    top, bottom = bytes(picture.pixels[:3]), bytes(picture.pixels[-3:])
    assert top[0] > 200 > 60 > top[2]
    assert bottom[2] > 200 > 60 > bottom[0]


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_print_colours_become_three_channels(mode: str) -> None:
    picture = picture_of(_text(Image.new("RGB", (8, 8), "white").convert(mode)))
    assert picture is not None
    assert min(picture.pixels) > 250
    assert len(picture.pixels) == 8 * 8 * 3


def test_the_longest_side_is_bounded() -> None:
    for size in ((LONGEST_SIDE, 8), (8, LONGEST_SIDE)):
        assert picture_of(_text(Image.new("L", size))) is not None
        assert picture_of(_text(Image.new("L", (size[0] + 1, size[1] + 1)))) is None


def test_a_size_only_claimed_costs_nothing() -> None:
    """65,535 x 65,535 pixels in the header, over a handful of bytes."""
    data = bytearray(base64.b64decode(_text(Image.new("L", (8, 8)))))
    start = data.index(b"\xff\xc0")
    data[start + 5 : start + 9] = b"\xff\xff\xff\xff"
    assert picture_of(base64.b64encode(data).decode()) is None


@given(st.text(max_size=200))
def test_other_text_is_no_picture(text: str) -> None:
    assert picture_of(text) is None


@given(st.integers(0, 2**32), st.booleans(), st.integers(1, 20))
def test_a_damaged_picture_is_a_portrait_or_nothing(seed: int, progressive: bool, times: int) -> None:
    chance = random.Random(seed)
    data = bytearray(base64.b64decode(_text(_NOISE, progressive=progressive)))
    for _ in range(times):
        place = chance.randrange(len(data))
        match chance.randrange(3):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randrange(1, 40)]
            case _:
                data[place:place] = chance.randbytes(8)
    picture = picture_of(base64.b64encode(data).decode())
    if picture is not None:
        assert 0 < max(picture.width, picture.height) <= LONGEST_SIDE
        assert len(picture.pixels) == picture.width * picture.height * 3


_NOISE = Image.effect_noise((48, 64), 60)
