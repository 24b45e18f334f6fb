"""Training photos as the simulated card carries them, and every other kind of 1,024 bytes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.photo_decoder.training.driver import TrainingPhotoDecoder
from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.picture import Picture
from kiosk.ports.photo_decoder import PhotoUndecodable
from simulators.card_reader.photo import BLANK_PHOTO, chip_photo

SIZE_AT = 8 + 26
"""Width and height of the VP8 key frame behind the ``WL`` header, the RIFF header and the frame tag."""


@pytest.fixture(scope="module")
def photo() -> bytes:
    rows, columns = np.mgrid[:126, :102]
    blue_to_red = np.stack([255 - 2 * rows, np.full_like(rows, 90), 2 * columns], axis=-1)
    return chip_photo(blue_to_red.astype(np.uint8))


def decode(data: bytes) -> Picture | PhotoUndecodable:
    return TrainingPhotoDecoder().decode(ChipPhoto(data))


def test_the_head_comes_back_in_bgr(photo: bytes) -> None:
    picture = decode(photo)
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height, len(picture.pixels)) == (102, 126, 102 * 126 * 3)
    pixels = np.frombuffer(picture.pixels, np.uint8).reshape(126, 102, 3)
    assert np.abs(pixels[60, 51].astype(int) - (135, 90, 102)).max() < 16
    assert np.abs(pixels[40, 51].astype(int) - (175, 90, 102)).max() < 16
    assert pixels[2, 2].min() > 200, "plain ground around the head"


def changed(photo: bytes, at: int, new: bytes) -> bytes:
    return photo[:at] + new + photo[at + len(new) :]


def test_what_is_no_training_photo(photo: bytes) -> None:
    for data, reason in [
        (b"", "no-chip-photo"),
        (photo[:-1], "no-chip-photo"),
        (photo + b"\0", "no-chip-photo"),
        (changed(photo, 0, b"WX"), "no-chip-photo"),
        (changed(photo, 2, b"\x67"), "no-chip-photo"),
        (BLANK_PHOTO, "no-training-picture"),
        (changed(photo, 8, b"RIFX"), "no-training-picture"),
        (changed(photo, 12, (5000).to_bytes(4, "little")), "no-training-picture"),
        (changed(photo, 16, b"WEBPVP8X"), "no-training-picture"),
        (changed(photo, 12, (300).to_bytes(4, "little")), "no-training-picture"),
        (changed(photo, SIZE_AT, (16383).to_bytes(2, "little") * 2), "picture-size"),
        (changed(photo, SIZE_AT, (103).to_bytes(2, "little")), "picture-size"),
        (changed(photo, SIZE_AT - 3, b"\0"), "picture-size"),
    ]:
        assert decode(data) == PhotoUndecodable(reason)


@given(st.binary(min_size=1016, max_size=1016))
def test_any_sealed_content_is_turned_away(sealed: bytes) -> None:
    assert isinstance(decode(BLANK_PHOTO[:8] + sealed), PhotoUndecodable)


@given(data=st.data())
def test_garbled_pictures_get_a_typed_answer(photo: bytes, data: st.DataObject) -> None:
    bent = bytearray(photo)
    for _ in range(data.draw(st.integers(1, 20))):
        bent[data.draw(st.integers(8, 1023))] = data.draw(st.integers(0, 255))
    assert isinstance(decode(bytes(bent)), Picture | PhotoUndecodable)
