"""Pictures that are not whole pictures of the expected size never reach the decoder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.camera.mjpeg.jpeg import declared_size, decode
from tests.devices.camera.byte_stream import HEIGHT, WIDTH, jpeg

PICTURE = jpeg(120)


def test_a_whole_picture_is_decoded() -> None:
    pixels = decode(PICTURE, WIDTH, HEIGHT)
    assert pixels is not None
    assert pixels.shape == (HEIGHT, WIDTH, 3)
    assert abs(int(pixels.mean()) - 120) <= 1


def test_padding_after_the_end_is_allowed() -> None:
    assert decode(PICTURE + b"\x00\x00\r\n", WIDTH, HEIGHT) is not None


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\xff\xd8",
        PICTURE[:-2],
        PICTURE[: len(PICTURE) // 2],
        PICTURE[1:],
        b"GIF89a" + PICTURE,
        jpeg(120, 320, 240),
    ],
)
def test_torn_garbled_and_wrongly_sized_pictures_are_refused(bad: bytes) -> None:
    assert decode(bad, WIDTH, HEIGHT) is None


def test_a_picture_that_claims_a_huge_size_is_refused_before_decoding() -> None:
    at = PICTURE.index(b"\xff\xc0")
    bomb = PICTURE[: at + 5] + b"\xff\xff\xff\xff" + PICTURE[at + 9 :]
    assert declared_size(bomb) == (65535, 65535)
    assert decode(bomb, WIDTH, HEIGHT) is None


@given(st.binary(max_size=300))
def test_no_bytes_make_the_size_reader_stumble(data: bytes) -> None:
    declared_size(b"\xff\xd8" + data)
    assert declared_size(b"x" + data) is None
