"""The frames decoders are judged by do not change, and the judge tells right from wrong."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from benchmarks import code_frames
from benchmarks.code_encodings import PER_CODING, encoded, hanzi_modules
from benchmarks.code_frames import EMPTY_KINDS, HEIGHT, KINDS, WIDTH, Grey, frames_with_code, frames_without_code
from benchmarks.codes import EXCEPTION, NOTHING, RIGHT, WRONG, Ours, judged, photographs, shown_to_all

FROZEN = "93bc07c73cb44971cc09180be86f49b6969d09bf62f2624fb18230a9d867bf96"


def test_the_generator_is_frozen() -> None:
    """Whoever must change it measures every decoder anew, on seeds nobody has looked at, and says so."""
    assert hashlib.sha256(Path(code_frames.__file__).read_bytes()).hexdigest() == FROZEN


def test_frames_follow_from_the_seed() -> None:
    first, again, other = (list(frames_with_code(seed, 1)) for seed in (5, 5, 6))
    assert [frame.kind for frame in first] == list(KINDS)
    assert {frame.pixels.shape for frame in first} == {(HEIGHT, WIDTH)}
    for one, same, another in zip(first, again, other, strict=True):
        assert np.array_equal(one.pixels, same.pixels)
        assert one.text == same.text
        assert one.text != another.text


def test_frames_without_a_code_are_many_and_name_none() -> None:
    frames = list(frames_without_code(5, 1))
    assert [frame.kind for frame in frames] == list(EMPTY_KINDS)
    assert len(EMPTY_KINDS) * code_frames.PER_EMPTY_KIND >= 100
    assert all(frame.text is None for frame in frames)


@pytest.mark.parametrize(
    ("texts", "truth", "outcome"),
    [
        (["a\r\nb"], "ab", RIGHT),
        (["other", "ab"], "ab", RIGHT),
        (["other"], "ab", WRONG),
        (["other"], None, WRONG),
        ([], "ab", NOTHING),
    ],
)
def test_texts_are_judged_without_control_characters(texts: list[str], truth: str | None, outcome: str) -> None:
    assert judged(lambda _: texts, np.zeros((8, 8), np.uint8), truth).outcome == outcome


def test_a_decoder_that_raises_is_counted_and_the_others_go_on() -> None:
    def broken(_: Grey) -> list[str]:
        raise IndexError

    reads = shown_to_all({"broken": broken, "other": lambda _: ["ab"]}, [("kind", np.zeros((8, 8), np.uint8), "ab")])
    assert reads["broken"][0][1].outcome == EXCEPTION
    assert reads["other"][0][1].outcome == RIGHT


def test_ours_reads_what_it_refuses() -> None:
    barcode = zxingcpp.create_barcode(b"x" * 1025, zxingcpp.BarcodeFormat.QRCode)
    picture = np.pad(np.array(barcode.to_image(scale=3), dtype=np.uint8), 24, constant_values=255)
    ours = Ours()
    assert ours(picture) == ["x" * 1025]
    assert len(ours.refused) == 1


def test_photographs_that_contradict_each_other_are_left_out(tmp_path: Path) -> None:
    frames = [frame.pixels for frame in frames_with_code(5, 1)][:2]
    for name, picture in (("a.png", frames[0]), ("b.png", frames[1]), ("c.jpg", frames[0]), ("d.png", frames[1])):
        Image.fromarray(picture).save(tmp_path / name)
    entries = [{"file": name, "text": text} for name, text in (("a.png", "1"), ("b.png", "2"), ("c.jpg", "3"))]
    (tmp_path / "truth.json").write_text(json.dumps([*entries, {"file": "d.png", "text": "2"}]), encoding="utf-8")
    taken, contradicted = photographs(tmp_path)
    assert contradicted == ["a.png", "c.jpg"]
    assert [one.name for one in taken] == ["b.png", "d.png"]


@pytest.mark.parametrize("text", ["啊", "养老保险待遇", "、。" + "齄" * 60])
def test_our_hanzi_mode_is_a_librarys(text: str) -> None:
    picture = np.kron(np.pad(1 - hanzi_modules(text, 3), 4, constant_values=1), np.ones((4, 4), np.uint8)) * 255
    (barcode,) = zxingcpp.read_barcodes(np.asarray(picture, np.uint8))
    assert (barcode.bytes, barcode.text) == (text.encode("gb2312"), text)


def test_sixty_payloads_in_each_coding() -> None:
    counts = Counter(one.coding for one in encoded(5))
    assert len(counts) == 5
    assert set(counts.values()) == {PER_CODING}
