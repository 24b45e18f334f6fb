"""The layout of QR Codes against a library's writer, and errors put right up to what the standard promises."""

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from devices.code_scanner.image.correction import corrected as corrected_symbol
from devices.code_scanner.image.correction import formats
from devices.code_scanner.image.reed_solomon import corrected
from devices.code_scanner.image.segments import has_kanji
from devices.code_scanner.image.symbol import Bits, block_places, block_sizes, draw, layout, mask_of


def written(content: str | bytes, level: str) -> Bits:
    barcode = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    return np.asarray(np.array(barcode.to_image(scale=1, add_quiet_zones=False)) == 0, np.uint8)


@pytest.mark.parametrize("level", "LMQH")
@pytest.mark.parametrize("size", [1, 20, 40, 100, 150, 300, 700, 1100])
def test_symbols_are_laid_out_as_a_library_does(size: int, level: str) -> None:
    modules = written(np.random.default_rng(size).bytes(size), level)
    version = (len(modules) - 17) // 4
    plan = layout(version)
    assert np.array_equal((plan.fixed > 0)[plan.fixed != 0], modules[plan.fixed != 0])
    (share, form), (next_share, _), *_ = formats(modules * 2.0 - 1, version)
    assert share == 1 > next_share
    stream = np.packbits((modules.astype(bool) ^ mask_of(form.mask, plan.side))[plan.data][: 8 * plan.codewords])
    checks, sizes = block_sizes(version, form.level)
    for places, length in zip(block_places(version, form.level), sizes, strict=True):
        assert len(places) == length
        assert corrected(stream[places].tobytes(), checks, []) == stream[places].tobytes()
    assert np.array_equal(draw(version, form, stream), modules)


@given(st.data())
def test_as_many_errors_and_erasures_as_the_checks_allow_are_put_right(data: st.DataObject) -> None:
    checks = data.draw(st.integers(2, 30))
    words = data.draw(st.binary(min_size=1, max_size=120))
    block = corrected(words + bytes(checks), checks, range(len(words), len(words) + checks))
    assert block is not None
    assert block[: len(words)] == words
    errors = data.draw(st.integers(0, checks // 2))
    erasures = data.draw(st.integers(0, checks - 2 * errors))
    hit = data.draw(st.permutations(range(len(block))))[: errors + erasures]
    damaged = bytearray(block)
    for at in hit:
        damaged[at] ^= data.draw(st.integers(1, 255))
    assert corrected(bytes(damaged), checks, hit[errors:]) == block


@given(st.binary(min_size=31, max_size=150), st.lists(st.integers(0, 30), unique=True))
def test_noise_is_no_block_or_becomes_one(noise: bytes, erased: list[int]) -> None:
    right = corrected(noise, 30, erased)
    assert right is None or corrected(right, 30, []) == right


def test_doubtful_codewords_are_given_up_beyond_what_errors_could_be() -> None:
    modules = written("HTTPS://EXAMPLE.INVALID/R?N=YL-20261120", "M")
    plan = layout(3)
    generator = np.random.default_rng(1)
    signs = modules * 2.0 - 1
    sureness = np.ones_like(signs)
    spot = np.zeros_like(modules, bool)
    spot[10:22, 12:22] = True
    spot &= plan.fixed == 0
    signs[spot] = generator.choice([-1, 1], int(spot.sum()))
    (_, form), *_ = formats(signs, 3)
    assert corrected_symbol(signs, sureness, 3, form) is None
    sureness[spot] = 0.1
    right = corrected_symbol(signs, sureness, 3, form)
    assert right is not None
    assert np.array_equal(right, modules)


@pytest.mark.parametrize(
    ("text", "kanji"), [("今度のバージョン", True), ("A1B2", False), ("12345", False), ("abc", False), ("養老", True)]
)
def test_kanji_mode_is_seen(text: str, kanji: bool) -> None:
    assert has_kanji(written(text, "Q")) is kanji
