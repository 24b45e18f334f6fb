"""The raster encoder against an independent decoder and against python-escpos, byte for byte."""

import numpy as np
import numpy.typing as npt
import pytest
from escpos.printer import Dummy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from devices.printer.escpos_raster import BAND_ROWS, Savings, encode
from devices.printer.page import Bits
from devices.printer.render import RollWidth, render
from tests.kiosk.documents.specimens import specimens

SHAPES = st.tuples(st.integers(1, 600), st.sampled_from([8, 64, 384]))
DOTS = arrays.arrays(np.bool_, SHAPES, elements=st.booleans(), fill=st.just(False))


def decoded(data: bytes, width: int) -> Bits:
    """Reads ``ESC J n`` and ``GS v 0`` and nothing else."""
    rows: list[npt.NDArray[np.bool_]] = []
    at = 0
    while at < len(data):
        if data[at : at + 2] == b"\x1bJ":
            rows.extend(np.zeros(width, dtype=np.bool_) for _ in range(data[at + 2]))
            at += 3
            continue
        assert data[at : at + 4] == b"\x1dv0\x00"
        across = data[at + 4] | data[at + 5] << 8
        down = data[at + 6] | data[at + 7] << 8
        at += 8
        for _ in range(down):
            row = np.zeros(width, dtype=np.bool_)
            row[: across * 8] = np.unpackbits(np.frombuffer(data[at : at + across], dtype=np.uint8))
            rows.append(row)
            at += across
    return np.stack(rows)


def sent(bits: Bits) -> bytes:
    return b"".join(command.data for command in encode(bits))


@given(DOTS)
def test_independent_decoder_sees_the_same_paper(bits: Bits) -> None:
    paper = decoded(sent(bits), bits.shape[1])
    assert paper.shape == bits.shape
    assert not (bits & ~paper).any()
    added = np.packbits(paper & ~bits, axis=1)
    assert set(np.unique(added)) <= {0, 1}, "only a masked DLE may gain its one dot"


def live_pairs(data: bytes) -> int:
    return sum(data.count(pair) for pair in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


@given(st.lists(st.sampled_from([0x10, 0x04, 0x05, 0x14, 0xFF]), min_size=8, max_size=400))
def test_no_real_time_pair_is_left(values: list[int]) -> None:
    data = np.array(values[: len(values) // 8 * 8], dtype=np.uint8).reshape(-1, 8)
    assert live_pairs(sent(np.unpackbits(data, axis=1).astype(np.bool_))) == 0


def test_specimens_hold_no_real_time_pair() -> None:
    for paper in specimens().values():
        for width in (80, 58):
            dots = render(paper, 80 if width == 80 else 58)
            assert isinstance(dots, np.ndarray)
            assert live_pairs(sent(dots)) == 0


def test_rows_count_what_prints() -> None:
    bits = np.zeros((600, 64), dtype=np.bool_)
    bits[100:500, 3] = True
    commands = encode(bits)
    assert sum(command.rows for command in commands) == 400
    assert max(command.rows for command in commands) == BAND_ROWS


def of_python_escpos(bits: Bits) -> bytes:
    oracle = Dummy()
    oracle.image(Image.fromarray(np.where(bits, 0, 255).astype(np.uint8)).convert("1"), fragment_height=BAND_ROWS)
    return bytes(oracle.output)


@pytest.mark.parametrize("width", [80, 58])
@pytest.mark.parametrize("name", specimens())
def test_bytes_are_those_of_python_escpos(name: str, width: RollWidth) -> None:
    """With masking, trimming and feeding off, on papers as they are."""
    dots = render(specimens()[name], width)
    assert isinstance(dots, np.ndarray)
    plain = encode(dots, Savings(feed_blank=False, trim=False, mask=False))
    assert b"".join(command.data for command in plain) == of_python_escpos(dots)


def test_nothing_to_save_leaves_the_bytes_of_python_escpos() -> None:
    """A page without blank rows, blank right edge or real-time pairs: nothing of ours is left but the bands."""
    values = np.random.default_rng(7).integers(0x20, 0x100, size=(700, 72), dtype=np.uint8)
    values[:, -1] |= 1
    bits = np.unpackbits(values, axis=1).astype(np.bool_)
    assert sent(bits) == of_python_escpos(bits)


@settings(max_examples=15)
@given(DOTS)
def test_each_saving_can_be_left_out(bits: Bits) -> None:
    plain = encode(bits, Savings(feed_blank=False, trim=False, mask=False))
    paper = decoded(b"".join(command.data for command in plain), bits.shape[1])
    assert (paper == bits).all()
