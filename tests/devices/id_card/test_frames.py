"""The frame parser: the reference's frames, then streams bent in every way."""

from functools import reduce
from operator import xor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.id_card.sam.frames import Defect, Frame, FrameParser, request_frame
from tests.devices.id_card.bending import PREAMBLE, bend, pieces
from tests.devices.id_card.specimens import PHOTO, RESIDENT_TEXT

BASE_ANSWER = bytes.fromhex("AAAAAA9669050800009001000400") + RESIDENT_TEXT + PHOTO + b"\x63"
STATUS_OK = bytes.fromhex("AAAAAA9669000400009094")


def frame_bytes(frame: Frame) -> bytes:
    """An encoder of the tests' own: what ``frame`` must have looked like, from the first sure byte on."""
    body = frame.card_status.to_bytes(2, "big") + bytes([frame.status]) + frame.data
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE[1:] + counted + bytes([reduce(xor, counted)])


@pytest.mark.parametrize(
    ("command", "request_hex"),
    [
        (0x10FF, "AAAAAA9669000310FFEC"),
        (0x11FF, "AAAAAA9669000311FFED"),
        (0x12FF, "AAAAAA9669000312FFEE"),
        (0x2001, "AAAAAA96690003200122"),
        (0x2002, "AAAAAA96690003200221"),
        (0x3001, "AAAAAA96690003300132"),
        (0x3003, "AAAAAA96690003300330"),
        (0x6004, "AAAAAA96690003600467"),
    ],
)
def test_requests_of_the_reference(command: int, request_hex: str) -> None:
    assert request_frame(command).hex().upper() == request_hex


@pytest.mark.parametrize(
    ("answer", "status", "data"),
    [
        (STATUS_OK, 0x90, b""),
        (bytes.fromhex("AAAAAA9669000800009F0000000097"), 0x9F, bytes(4)),
        (bytes.fromhex("AAAAAA96690004000080 84"), 0x80, b""),
        (bytes.fromhex("AAAAAA9669000400009195"), 0x91, b""),
        (bytes.fromhex("AAAAAA9669000400001014"), 0x10, b""),
        (bytes.fromhex("AAAAAA9669000400006662"), 0x66, b""),
        (
            bytes.fromhex("AAAAAA9669001400009005000100E5D6340140E20100D21E0000E9"),
            0x90,
            bytes.fromhex("05000100E5D6340140E20100D21E0000"),
        ),
        (BASE_ANSWER, 0x90, BASE_ANSWER[10:-1]),
    ],
)
def test_answers_of_the_reference(answer: bytes, status: int, data: bytes) -> None:
    assert FrameParser().feed(answer) == [Frame(0, status, data)]
    assert FrameParser().feed(answer[1:]) == [Frame(0, status, data)], "one lost byte"
    assert FrameParser().feed(b"\x00\xff\xaa\x96\xaa\x69" + answer) == [Frame(0, status, data)], "garbage before"
    parser = FrameParser()
    assert [item for byte in answer for item in parser.feed(bytes([byte]))] == [Frame(0, status, data)]
    assert not parser.inside_frame


def test_a_card_s_own_status_is_kept_apart() -> None:
    assert FrameParser().feed(bytes.fromhex("AAAAAA966900046A8231DD")) == [Frame(0x6A82, 0x31, b"")]


@pytest.mark.parametrize(
    ("stream", "items"),
    [
        ("AAAAAA96690004000090 95", [Defect.BAD_CHECKSUM]),
        ("AAAAAA9669 0003 000090 93", [Defect.BAD_LENGTH]),
        ("AAAAAA9669 0FFA", [Defect.BAD_LENGTH]),
        ("AAAAAA9669 FFFF", [Defect.BAD_LENGTH]),
        ("AAAAAA9669 00050505 05", []),
        ("AAAA" * 200, []),
        ("", []),
    ],
)
def test_what_is_no_frame(stream: str, items: list[Defect]) -> None:
    assert FrameParser().feed(bytes.fromhex(stream)) == items


def test_the_longest_length_is_accepted() -> None:
    body = (4089).to_bytes(2, "big") + bytes([0, 0, 0x90]) + bytes(4085)
    stream = PREAMBLE + body + bytes([reduce(xor, body)])
    (frame,) = FrameParser().feed(stream)
    assert isinstance(frame, Frame)
    assert len(frame.data) == 4085


def test_a_true_frame_inside_a_garbled_one_is_found() -> None:
    garbled = bytes.fromhex("AAAAAA9669000B") + STATUS_OK
    assert FrameParser().feed(garbled) == [Defect.BAD_CHECKSUM, Frame(0, 0x90, b"")]


def test_a_stuck_line_is_not_hoarded() -> None:
    parser = FrameParser()
    for _ in range(100):
        assert parser.feed(b"\xaa" * 1000) == []
    assert not parser.inside_frame
    assert parser.feed(STATUS_OK) == [Frame(0, 0x90, b"")]


def test_photo_and_text_stay_out_of_repr() -> None:
    (frame,) = FrameParser().feed(BASE_ANSWER)
    assert repr(frame) == "Frame(card_status=0, status=144)"


GOOD = (
    STATUS_OK,
    BASE_ANSWER,
    bytes.fromhex("AAAAAA9669000800009F0000000097"),
    bytes.fromhex("AAAAAA96690004000080 84"),
)


SCRIPTS = st.binary(min_size=6, max_size=31)
"""What stands in the stream, then one to six orders."""


def bent_stream(script: bytes) -> bytes:
    """Up to three good frames in a row, bent."""
    chosen = script[0] if script else 0
    return bend(b"".join(GOOD[(chosen >> 2 * at) % 4] for at in range(1 + chosen // 64 % 3)), script[1:])


STREAMS = st.one_of(
    SCRIPTS.map(bent_stream), st.binary(max_size=200), st.binary(max_size=60).map(lambda tail: PREAMBLE + tail)
)


def check_stream(stream: bytes, count: int) -> None:
    """No exception; every accepted frame stands in the stream, whole and with its right check byte; how the
    stream is cut into pieces changes nothing."""
    whole = FrameParser().feed(stream)
    position = 0
    for item in whole:
        if isinstance(item, Frame):
            found = stream.find(frame_bytes(item), position)
            assert found >= 0
            position = found + len(frame_bytes(item))
    parser = FrameParser()
    cut = [item for piece in pieces(stream, count) for item in parser.feed(piece)]
    assert cut == whole


@settings(max_examples=5_000)
@given(STREAMS, st.integers(1, 60))
def test_no_bent_stream_gets_a_frame_through(stream: bytes, count: int) -> None:
    check_stream(stream, count)


@pytest.mark.nightly
@settings(max_examples=200_000)
@given(STREAMS, st.integers(1, 60))
def test_no_bent_stream_gets_a_frame_through_at_length(stream: bytes, count: int) -> None:
    check_stream(stream, count)


@given(st.lists(st.sampled_from(GOOD), max_size=4), st.binary(max_size=30).filter(lambda noise: b"\xaa" not in noise))
def test_good_frames_between_noise_all_come_through(frames: list[bytes], noise: bytes) -> None:
    items = FrameParser().feed(noise.join([b"", *frames]))
    assert [frame_bytes(item) for item in items if isinstance(item, Frame)] == [frame[1:] for frame in frames]
    assert len(items) == len(frames)
