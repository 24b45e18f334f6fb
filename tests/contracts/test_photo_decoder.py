"""What every decoder of chip photos owes its caller, held over the training decoder and over a maker's library."""

from pathlib import Path

import numpy as np
import pytest

from devices.photo_decoder.maker.driver import MakerPhotoDecoder
from devices.photo_decoder.maker.settings import MakerDecoderSettings
from devices.photo_decoder.training.driver import TrainingPhotoDecoder
from kiosk.app.system import SystemClock
from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.picture import Picture
from kiosk.ports.photo_decoder import PhotoDecoder, PhotoUndecodable
from simulators.card_reader.photo import BLANK_PHOTO, chip_photo
from tests.devices.id_card.conftest import made_up_picture
from tests.devices.photo_decoder.libraries import compile_library


@pytest.fixture(params=["training", "maker"])
def decoder(request: pytest.FixtureRequest, tmp_path: Path) -> PhotoDecoder:
    if request.param == "training":
        return TrainingPhotoDecoder()
    library = compile_library("header-only", tmp_path)
    return MakerPhotoDecoder(MakerDecoderSettings(library=library, entry="unpack", deadline_s=20), SystemClock())


def test_a_photo_becomes_a_picture_of_the_standard_s_size(decoder: PhotoDecoder) -> None:
    picture = decoder.decode(ChipPhoto(chip_photo(made_up_picture("a"))))
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height, len(picture.pixels)) == (102, 126, 102 * 126 * 3)
    assert np.ptp(np.frombuffer(picture.pixels, np.uint8)) > 0


def test_a_photo_can_be_decoded_again(decoder: PhotoDecoder) -> None:
    photo = ChipPhoto(chip_photo(made_up_picture("a")))
    first, second = decoder.decode(photo), decoder.decode(photo)
    assert isinstance(first, Picture)
    assert first == second


@pytest.mark.parametrize(
    "data",
    [b"", bytes(1024), BLANK_PHOTO[:-1], BLANK_PHOTO + b"\0", b"\xff" * 1024],
    ids=["nothing", "zeros", "short", "long", "ones"],
)
def test_what_is_no_photo_is_answered_in_a_word(decoder: PhotoDecoder, data: bytes) -> None:
    answer = decoder.decode(ChipPhoto(data))
    assert isinstance(answer, PhotoUndecodable)
    assert answer.reason == answer.reason.lower().strip()
    assert answer.reason
