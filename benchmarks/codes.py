"""How many codes we read beside pyzbar, zxing-cpp and OpenCV: real photographs, generated frames, frames without one.

``python -m benchmarks.codes --real FOLDER --seed 0`` shows every picture to all decoders in turn, in one process, and
prints right, wrong and exceptions, what successes cost, and each limit with PASS or FAIL; it ends with 1 when one
fails. The folder holds photographs and ``truth.json``, a list of objects with ``file`` and ``text``.

Milliseconds are those of the one thread that works: other programs' share of the cores does not count. Texts count
without characters that are not seen, which a terminal does not show.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")

import argparse
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from benchmarks.code_encodings import PER_CODING, encoded
from benchmarks.code_frames import Grey, frames_with_code, frames_without_code
from devices.code_scanner.image.driver import CodesFound, ImageScanner, PayloadTooLong
from devices.code_scanner.image.ladder import climb
from devices.code_scanner.image.payload import UNSEEN

REAL_POINTS = 1.0
GENERATED_POINTS = 10.0
SUCCESS_RATIO = 1.2
EMPTY_MS = 20.0
OURS, ZXING, ZBAR, OPENCV = "ours", "zxing-cpp", "pyzbar", "OpenCV"
RIGHT, WRONG, NOTHING, EXCEPTION = "right", "wrong", "nothing", "exception"

_LOOKS, _LOOKS_MS = 2, 10.0
_THUMBNAIL = (128, 128)
_SAME_PICTURE = 8.0


@dataclass(frozen=True, slots=True)
class Read:
    """One decoder's look at one picture."""

    outcome: str
    ms: float


@dataclass(frozen=True, slots=True)
class Photograph:
    name: str
    pixels: Grey = field(repr=False)
    text: str


Decoder = Callable[[Grey], list[str]]
"""From a grey picture to the texts in it."""


@dataclass(slots=True)
class Ours:
    """A code longer than a terminal accepts is refused by its length; it counts as read when its text is right.
    ``refused`` are the addresses of such pictures."""

    scanner: ImageScanner = field(default_factory=ImageScanner)
    refused: set[int] = field(default_factory=set)

    def __call__(self, grey: Grey) -> list[str]:
        match self.scanner.scan(grey):
            case CodesFound(codes):
                return [code.text for code in codes]
            case PayloadTooLong():
                self.refused.add(id(grey))
                return [code.text for code in next(seen.codes for seen in climb(grey) if seen.codes)]
            case _:
                return []


def _zxing(grey: Grey) -> list[str]:
    formats = zxingcpp.barcode_formats_from_str("QRCode")
    return [barcode.text for barcode in zxingcpp.read_barcodes(grey, formats=formats)]


def _pyzbar(grey: Grey) -> list[str]:
    return [symbol.data.decode(errors="replace") for symbol in pyzbar.decode(grey, [pyzbar.ZBarSymbol.QRCODE])]


def _opencv(grey: Grey) -> list[str]:
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(grey)
    return [text] if text else []


def decoders() -> dict[str, Decoder]:
    return {OURS: Ours(), ZXING: _zxing, ZBAR: _pyzbar, OPENCV: _opencv}


def judged(decode: Decoder, grey: Grey, text: str | None) -> Read:
    """``text`` None: there is no code in the picture. A decoder looks again until it has had its time, and its quickest
    look counts: the first ones pay for finding the processor's caches full of another decoder's things. Whatever a
    decoder raises is counted."""
    looks: list[float] = []
    while len(looks) < _LOOKS or sum(looks) < _LOOKS_MS:
        began = time.thread_time()
        try:
            texts = decode(grey)
        except Exception:
            return Read(EXCEPTION, 1000 * (time.thread_time() - began))
        looks.append(1000 * (time.thread_time() - began))
    ms = min(looks)
    if not texts:
        return Read(NOTHING, ms)
    said = {_shown(one) for one in texts}
    return Read(RIGHT if text is not None and _shown(text) in said else WRONG, ms)


def shown_to_all(
    programs: dict[str, Decoder], pictures: Iterable[tuple[str, Grey, str | None]]
) -> dict[str, list[tuple[str, Read]]]:
    """By decoder: kind of picture and what came of it. Nobody's turn is a fixed one."""
    reads: dict[str, list[tuple[str, Read]]] = {name: [] for name in programs}
    order = np.random.default_rng(0)
    for kind, grey, text in pictures:
        for name in order.permutation(list(programs)):
            reads[name].append((kind, judged(programs[name], grey, text)))
    return reads


def photographs(folder: Path) -> tuple[list[Photograph], list[str]]:
    """Photographs with their truth, and the names of those left out because two of one picture contradict each other
    on what it says."""
    entries = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    found = [Photograph(entry["file"], _loaded(folder / entry["file"]), entry["text"]) for entry in entries]
    thumbnails = [np.asarray(Image.fromarray(one.pixels).resize(_THUMBNAIL), np.float32) for one in found]
    contradicted: set[str] = set()
    for at, one in enumerate(found):
        for other_at, other in enumerate(found[:at]):
            same = float(np.abs(thumbnails[at] - thumbnails[other_at]).mean()) < _SAME_PICTURE
            if same and _shown(one.text) != _shown(other.text):
                contradicted |= {one.name, other.name}
    return [one for one in found if one.name not in contradicted], sorted(contradicted)


def _loaded(path: Path) -> Grey:
    """Transparent parts are white paper."""
    with Image.open(path) as image:
        if not image.has_transparency_data:
            return np.asarray(image.convert("L"), np.uint8)
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return np.asarray(paper.convert("L"), np.uint8)


def _shown(text: str) -> str:
    return UNSEEN.sub("", text)


def _count(reads: Sequence[tuple[str, Read]], outcome: str) -> int:
    return sum(read.outcome == outcome for _, read in reads)


def _success_ms(reads: Sequence[tuple[str, Read]]) -> tuple[float, float]:
    """Median and 95th percentile; infinite without a success."""
    times = [read.ms for _, read in reads if read.outcome == RIGHT]
    return (float(np.median(times)), float(np.percentile(times, 95))) if times else (float("inf"), float("inf"))


def _ratio(ours: Sequence[tuple[str, Read]], theirs: Sequence[tuple[str, Read]]) -> float:
    return _success_ms(ours)[0] / _success_ms(theirs)[0]


class Verdicts:
    """Prints what was asked for, and remembers what was not kept."""

    def __init__(self) -> None:
        self.failed = 0

    def say(self, what: str, kept: bool) -> None:
        self.failed += not kept
        print(f"  {'PASS' if kept else 'FAIL'}  {what}")


def _table(title: str, reads: dict[str, list[tuple[str, Read]]]) -> None:
    size = len(next(iter(reads.values())))
    print(f"\n{title}: {size} pictures\n{'':12}right  wrong  exceptions   success ms median / p95")
    for name, all_reads in reads.items():
        median, p95 = _success_ms(all_reads)
        counts = [_count(all_reads, outcome) for outcome in (RIGHT, WRONG, EXCEPTION)]
        print(f"{name:12}{counts[0]:5d}  {counts[1]:5d}  {counts[2]:10d}   {median:8.2f} / {p95:.2f}")


def _kinds(reads: dict[str, list[tuple[str, Read]]]) -> None:
    print(f"\n{'right by kind':14}" + "".join(f"{name:>11}" for name in reads) + f"{'of':>6}")
    for kind in dict.fromkeys(kind for kind, _ in reads[OURS]):
        rows = {name: [one for one in all_reads if one[0] == kind] for name, all_reads in reads.items()}
        print(f"{kind:14}" + "".join(f"{_count(row, RIGHT):11d}" for row in rows.values()) + f"{len(rows[OURS]):6d}")


def _compare(reads: dict[str, list[tuple[str, Read]]], points: float, verdicts: Verdicts) -> None:
    ours, theirs = reads[OURS], reads[ZXING]
    more = 100 * (_count(ours, RIGHT) - _count(theirs, RIGHT)) / len(ours)
    verdicts.say(f"{more:+.1f} points over zxing-cpp (at least {points:+.0f})", more >= points)
    wrong, their_wrong = _count(ours, WRONG), _count(theirs, WRONG)
    verdicts.say(f"{wrong} wrong texts (zxing-cpp {their_wrong})", wrong <= their_wrong)
    verdicts.say(f"{_count(ours, EXCEPTION)} exceptions (none)", _count(ours, EXCEPTION) == 0)
    ratio = _ratio(ours, theirs)
    verdicts.say(f"success median {ratio:.2f} times zxing-cpp's (at most {SUCCESS_RATIO})", ratio <= SUCCESS_RATIO)


def _real(folder: Path | None, verdicts: Verdicts) -> None:
    if folder is None:
        print("\nreal photographs: none given (--real FOLDER), so nothing is said about them")
        return
    taken, contradicted = photographs(folder)
    programs = decoders()
    reads = shown_to_all(programs, (("photograph", one.pixels, one.text) for one in taken))
    _table("real photographs", reads)
    if contradicted:
        print(f"left out, for truth.json says two things of one picture: {', '.join(contradicted)}")
    ours = programs[OURS]
    assert isinstance(ours, Ours)
    if ours.refused:
        print(f"{len(ours.refused)} of ours were read and refused, being longer than any code a terminal accepts")
    wrong = [one.name for one, (_, read) in zip(taken, reads[OURS], strict=True) if read.outcome == WRONG]
    if wrong:
        print(f"wrong by ours: {', '.join(wrong)}")
    _compare(reads, REAL_POINTS, verdicts)


def _generated(seed: int, verdicts: Verdicts) -> None:
    reads = shown_to_all(decoders(), ((frame.kind, frame.pixels, frame.text) for frame in frames_with_code(seed)))
    _table(f"generated frames, seed {seed}", reads)
    _kinds(reads)
    _compare(reads, GENERATED_POINTS, verdicts)


def _empty(seed: int, verdicts: Verdicts) -> None:
    reads = shown_to_all(decoders(), ((frame.kind, frame.pixels, None) for frame in frames_without_code(seed)))
    size = len(reads[OURS])
    print(f"\nframes without a code, seed {seed}: {size} pictures\n{'':12}false  exceptions   ms median / p95")
    for name, all_reads in reads.items():
        median, p95 = np.percentile([read.ms for _, read in all_reads], [50, 95])
        false, exceptions = _count(all_reads, WRONG), _count(all_reads, EXCEPTION)
        print(f"{name:12}{false:5d}  {exceptions:10d}   {median:5.1f} / {p95:.1f}")
    by_kind = {kind: [read.ms for other, read in reads[OURS] if other == kind] for kind, _ in reads[OURS]}
    print("ours by kind, median: " + ", ".join(f"{kind} {np.median(times):.1f}" for kind, times in by_kind.items()))
    times = [read.ms for _, read in reads[OURS]]
    verdicts.say(f"{_count(reads[OURS], WRONG)} false positives (none)", _count(reads[OURS], WRONG) == 0)
    verdicts.say(f"{_count(reads[OURS], EXCEPTION)} exceptions (none)", _count(reads[OURS], EXCEPTION) == 0)
    for name, share in (("median", 50), ("95th percentile", 95)):
        ms = float(np.percentile(times, share))
        verdicts.say(f"{name} {ms:.1f} ms (at most {EMPTY_MS:.0f})", ms <= EMPTY_MS)


def _codings(seed: int, verdicts: Verdicts) -> None:
    exact: dict[str, dict[str, int]] = {}
    scanner = ImageScanner()
    formats = zxingcpp.barcode_formats_from_str("QRCode")
    for one in encoded(seed):
        row = exact.setdefault(one.coding, dict.fromkeys((OURS, ZXING, ZBAR), 0))
        found = scanner.scan(one.pixels)
        row[OURS] += isinstance(found, CodesFound) and [code.payload for code in found.codes] == [one.payload]
        theirs = zxingcpp.read_barcodes(one.pixels, formats=formats)
        row[ZXING] += [barcode.bytes for barcode in theirs] == [one.payload]
        row[ZBAR] += [symbol.data for symbol in pyzbar.decode(one.pixels)] == [one.payload]
    print(
        f"\nbytes exact, {PER_CODING} payloads each\n{'':14}" + "".join(f"{name:>11}" for name in (OURS, ZXING, ZBAR))
    )
    for coding, row in exact.items():
        print(f"{coding:14}" + "".join(f"{count:11d}" for count in row.values()))
    least = min(row[OURS] for row in exact.values())
    verdicts.say(f"at least {least} of {PER_CODING} exact in every coding (all)", least == PER_CODING)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.codes", description="Decoders side by side.")
    parser.add_argument("--real", type=Path, help="folder of photographs with truth.json", default=None)
    parser.add_argument("--seed", type=int, default=0, help="of the generated frames, 0 unless told")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    verdicts = Verdicts()
    began = time.monotonic()
    _real(options.real, verdicts)
    _generated(options.seed, verdicts)
    _empty(options.seed, verdicts)
    _codings(options.seed, verdicts)
    failed = f"{verdicts.failed} of the limits NOT kept" if verdicts.failed else "all limits kept"
    print(f"\n{failed}; {time.monotonic() - began:.0f} s")
    return 1 if verdicts.failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
