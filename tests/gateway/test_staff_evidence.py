"""What staff see of a face: a picture that is one, beside the one of record, and nothing else a terminal sent."""

from dataclasses import replace

import pytest

from gateway.desk.evidence import References
from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.picture import Picture
from tests.gateway.test_staff_decisions import FACE
from tests.records import eligibility_case

SIZE_AT = FACE.index(b"\xff\xc0") + 5


def _sized(height: int, width: int) -> bytes:
    """The same picture, whose header tells another size."""
    return FACE[:SIZE_AT] + height.to_bytes(2) + width.to_bytes(2) + FACE[SIZE_AT + 4 :]


def test_a_face_is_shown() -> None:
    live = References(None, None).faces(eligibility_case(crop=FACE), None).live
    assert live is not None
    assert live.startswith("data:image/jpeg;base64,")


@pytest.mark.parametrize(
    "crop",
    [
        b"",
        b"\xff\xd8\xff\xe0 no picture",
        b"<svg onload='x'/>",
        FACE[:200],
        _sized(3000, 3000),
        _sized(65_535, 65_535),
    ],
)
def test_what_is_no_picture_is_shown_to_nobody(crop: bytes) -> None:
    assert References(None, None).faces(eligibility_case(crop=crop), None).live is None


class _Decoder:
    def decode(self, photo: ChipPhoto) -> Picture:
        return Picture(2, 2, b"\x00\x80\xff" * 4)


def test_the_cards_sealed_portrait_is_opened_where_a_decoder_is_fitted() -> None:
    case = replace(eligibility_case(crop=FACE), chip_photo=b"WLf" + bytes(1021))
    shown = References(_Decoder(), None).faces(case, None).reference
    assert shown is not None
    assert shown.startswith("data:image/png;base64,")
    assert References(None, None).faces(case, None).reference is None
