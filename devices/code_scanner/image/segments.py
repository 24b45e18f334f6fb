"""Whether a QR Code writes in Kanji mode, which makes its text Shift JIS (ISO/IEC 18004:2015, 7.4.6)."""

import numpy as np

from devices.code_scanner.image.correction import corrected, formats
from devices.code_scanner.image.symbol import Bits, Format, block_places, block_sizes, layout, mask_of

_NUMERIC, _ALPHANUMERIC, _BYTES, _KANJI = 1, 2, 4, 8
_COUNT_BITS = {_NUMERIC: (10, 12, 14), _ALPHANUMERIC: (9, 11, 13), _BYTES: (8, 16, 16), _KANJI: (8, 10, 12)}
"""Of the character count: versions up to 9, up to 26, above (table 3)."""


def has_kanji(bits: Bits) -> bool:
    """``bits``: a symbol's modules, 1 dark, shape (side, side), with errors or without."""
    version = (len(bits) - 17) // 4
    signs = bits.astype(np.float32) * 2 - 1
    _, form = formats(signs, version)[0]
    right = corrected(signs, np.ones_like(signs), version, form)
    return right is not None and _KANJI in _modes(_data(right, version, form), version)


def _data(bits: Bits, version: int, form: Format) -> str:
    """The data codewords as binary digits, in order."""
    plan = layout(version)
    stream = np.packbits((bits.astype(bool) ^ mask_of(form.mask, plan.side))[plan.data][: 8 * plan.codewords])
    checks, _ = block_sizes(version, form.level)
    words = b"".join(stream[places[: len(places) - checks]].tobytes() for places in block_places(version, form.level))
    return "".join(f"{word:08b}" for word in words)


def _modes(digits: str, version: int) -> set[int]:
    """Of all segments up to the first of another kind or the end."""
    modes: set[int] = set()
    wide = 0 if version < 10 else 1 if version < 27 else 2
    at = 0
    while (mode := int(digits[at : at + 4] or "0", 2)) in _COUNT_BITS:
        modes.add(mode)
        start = at + 4 + _COUNT_BITS[mode][wide]
        count = int(digits[at + 4 : start] or "0", 2)
        at = start + _length(mode, count)
    return modes


def _length(mode: int, count: int) -> int:
    """Bits of ``count`` characters."""
    if mode == _NUMERIC:
        return count // 3 * 10 + (0, 4, 7)[count % 3]
    if mode == _ALPHANUMERIC:
        return count // 2 * 11 + count % 2 * 6
    return count * (8 if mode == _BYTES else 13)
