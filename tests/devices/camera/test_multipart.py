"""The part reader against every way the bytes can arrive."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from devices.camera.mjpeg.multipart import Malformed, PartReader, declared_boundary
from tests.devices.camera.byte_stream import part

pictures = st.lists(st.binary(min_size=1, max_size=60).filter(lambda data: b"--cut" not in data), max_size=5)


def read_in_pieces(stream: bytes, sizes: list[int], longest: int = 1000) -> list[bytes] | Malformed:
    reader, found, at = PartReader("cut", longest), [], 0
    for size in [*sizes, len(stream)]:
        step = reader.feed(stream[at : at + size])
        if isinstance(step, Malformed):
            return step
        found += step
        at += size
    return found


@given(pictures, st.lists(st.integers(1, 30), max_size=20))
def test_parts_do_not_depend_on_how_the_bytes_arrive(bodies: list[bytes], sizes: list[int]) -> None:
    assert read_in_pieces(b"".join(part(body) for body in bodies), sizes) == bodies


@given(pictures, st.lists(st.integers(1, 30), max_size=20))
@example([b"\r"], [])
def test_parts_without_a_length_end_at_the_next_boundary(bodies: list[bytes], sizes: list[int]) -> None:
    stream = b"".join(part(body, with_length=False) for body in bodies) + b"--cut--"
    found = read_in_pieces(stream, sizes)
    assert not isinstance(found, Malformed)
    assert [body.removesuffix(b"\r") for body in found] == bodies


@given(st.lists(st.binary(max_size=200), max_size=10))
def test_no_bytes_make_the_reader_stumble(pieces: list[bytes]) -> None:
    reader = PartReader("cut", 100)
    for piece in pieces:
        parts = reader.feed(piece)
        if isinstance(parts, Malformed):
            assert parts.reason
            return
        assert all(len(part) <= 100 for part in parts), "no part is longer than the bound"


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (b"--other\r\n\r\nabc", "boundary"),
        (b"\xff\xd8\xff\xe0 naked picture", "boundary"),
        (b"--cut\r\nX: " + b"a" * 5000, "head-too-long"),
        (b"--cut\r\nContent-Length: 1001\r\n\r\n", "too-long"),
        (b"--cut\r\n\r\n" + b"x" * 1100, "too-long"),
    ],
)
def test_what_cannot_be_read_on_is_named(stream: bytes, reason: str) -> None:
    assert read_in_pieces(stream, []) == Malformed(reason)
    assert read_in_pieces(stream, [1] * len(stream)) == Malformed(reason)


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/x-mixed-replace; boundary=frame", "frame"),
        ('multipart/x-mixed-replace;boundary="--myboundary"', "myboundary"),
        ("Multipart/X-Mixed-Replace; boundary=--cut", "cut"),
        ("multipart/x-mixed-replace", None),
        ("multipart/x-mixed-replace; boundary=--", None),
        ("image/jpeg", None),
        ("", None),
    ],
)
def test_boundary_is_taken_from_the_content_type(content_type: str, boundary: str | None) -> None:
    assert declared_boundary(content_type) == boundary


@pytest.mark.parametrize("boundary", ["schnitt\u00e4", "\u8fb9\u754c", "\udcff"])
def test_a_boundary_that_is_not_ascii_is_none(boundary: str) -> None:
    assert declared_boundary(f"multipart/x-mixed-replace; boundary={boundary}") is None
    assert declared_boundary(f'multipart/x-mixed-replace; boundary="{boundary}"') is None
