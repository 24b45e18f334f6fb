"""QR Codes in the codings that Chinese writers use, sixty payloads each.

zxing-cpp's writer draws all but hanzi mode (GB/T 18284-2000, 7.4.6), for which no library is at hand: those symbols are
composed here, bit by bit.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
import zxingcpp

from benchmarks.code_frames import Grey
from devices.code_scanner.image.reed_solomon import corrected
from devices.code_scanner.image.symbol import Format, block_places, block_sizes, draw, layout

PER_CODING = 60
_SCALE = 5
_QUIET = 4
_HANZI = "1101"
_GB2312 = "0001"
_END = "0000"
_FILLERS = (0xEC, 0x11)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture of a code that holds exactly ``payload``."""

    coding: str
    pixels: Grey = field(repr=False)
    payload: bytes


def encoded(seed: int) -> Iterator[Encoded]:
    for index, (coding, draw_one) in enumerate(_CODINGS.items()):
        for number in range(PER_CODING):
            rng = np.random.default_rng([seed, 200 + index, number])
            modules, payload = draw_one(rng)
            yield Encoded(coding, _picture(modules), payload)


def hanzi_modules(text: str, mask: int) -> Grey:
    """The symbol at level M whose only segment writes ``text``, characters of GB 2312, in hanzi mode; 1 dark."""
    version = 1
    while True:
        digits = _HANZI + _GB2312 + f"{len(text):0{8 if version < 10 else 10}b}" + "".join(map(_thirteen_bits, text))
        checks, sizes = block_sizes(version, "M")
        room = 8 * (sum(sizes) - checks * len(sizes))
        if len(digits) <= room:
            break
        version += 1
    digits += _END[: room - len(digits)]
    digits += "0" * (-len(digits) % 8)
    data = int(digits, 2).to_bytes(len(digits) // 8, "big")
    data += bytes(_FILLERS[at % 2] for at in range(room // 8 - len(data)))
    stream = np.zeros(layout(version).codewords, np.uint8)
    start = 0
    for places, size in zip(block_places(version, "M"), sizes, strict=True):
        block = data[start : start + size - checks]
        start += size - checks
        whole = corrected(block + bytes(checks), checks, range(size - checks, size))
        assert whole is not None
        stream[places] = np.frombuffer(whole, np.uint8)
    return draw(version, Format("M", mask), stream)


def _thirteen_bits(character: str) -> str:
    first, second = character.encode("gb2312")
    return f"{(first - (0xA1 if first < 0xB0 else 0xA6)) * 0x60 + second - 0xA1:013b}"


def _picture(modules: Grey) -> Grey:
    """``modules``: 1 dark."""
    light = np.pad(1 - modules, _QUIET, constant_values=1) * np.uint8(255)
    return np.asarray(cv2.resize(light, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_NEAREST), np.uint8)


def _written(content: str | bytes, **options: str) -> Grey:
    barcode = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, **options)
    return np.asarray(np.array(barcode.to_image(scale=1, add_quiet_zones=False)) == 0, np.uint8)


def _chinese(rng: np.random.Generator, last: int = 0x9FA5) -> str:
    return "".join(chr(at) for at in rng.integers(0x4E00, last + 1, int(rng.integers(2, 60))))


def _rare(rng: np.random.Generator) -> str:
    """With characters beyond the basic plane, which GB 18030 writes in four bytes."""
    return _chinese(rng) + "".join(chr(at) for at in rng.integers(0x20000, 0x2A6D6, 2))


def _gb2312(rng: np.random.Generator) -> str:
    """Of its first level's 3,755 characters and its signs."""
    rows, cells = rng.integers(0xB0, 0xD7, 40), rng.integers(0xA1, 0xFF, 40)
    pairs = [bytes([row, cell]) for row, cell in zip(rows.tolist(), cells.tolist(), strict=True)]
    return (b"".join(pairs[: int(rng.integers(2, 40))]) + "，。".encode("gb2312")).decode("gb2312")


def _utf_8(rng: np.random.Generator) -> tuple[Grey, bytes]:
    payload = _rare(rng).encode()
    return _written(payload), payload


def _gb18030(rng: np.random.Generator) -> tuple[Grey, bytes]:
    payload = _rare(rng).encode("gb18030")
    return _written(payload), payload


def _gb18030_declared(rng: np.random.Generator) -> tuple[Grey, bytes]:
    text = _chinese(rng)
    return _written(text, eci="GB18030"), text.encode("gb18030")


def _hanzi(rng: np.random.Generator) -> tuple[Grey, bytes]:
    text = _gb2312(rng)
    return hanzi_modules(text, int(rng.integers(8))), text.encode("gb2312")


def _binary(rng: np.random.Generator) -> tuple[Grey, bytes]:
    payload = rng.integers(0, 256, int(rng.integers(8, 200)), np.uint8).tobytes()
    return _written(payload), payload


_CODINGS: dict[str, Callable[[np.random.Generator], tuple[Grey, bytes]]] = {
    "UTF-8": _utf_8,
    "GB18030": _gb18030,
    "GB18030, ECI": _gb18030_declared,
    "hanzi mode": _hanzi,
    "binary": _binary,
}
