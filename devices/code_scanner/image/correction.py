"""From modules of which each is more or less sure to the symbol that was meant."""

import numpy as np
import numpy.typing as npt

from devices.code_scanner.image import reed_solomon
from devices.code_scanner.image.symbol import (
    LEVELS,
    Bits,
    Format,
    Signs,
    block_places,
    block_sizes,
    draw,
    format_bits,
    layout,
    mask_of,
)

_FORMATS = [Format(level, mask) for level in LEVELS for mask in range(8)]
_FORMAT_SIGNS = np.array([[1 if format_bits(form) >> bit & 1 else -1 for bit in range(15)] for form in _FORMATS])
_SPARE = 4
"""Check codewords that are never given up: they tell a right block from a wrong one."""


def formats(signs: Signs, version: int) -> list[tuple[float, Format]]:
    """Likeliest first, each with the share of its bits that is seen, -1 to 1."""
    read = np.clip(signs[layout(version).formats], -1, 1).mean(1)
    shares = (_FORMAT_SIGNS * read).mean(1)
    return [(float(shares[at]), _FORMATS[at]) for at in np.argsort(-shares)]


def corrected(signs: Signs, sureness: Signs, version: int, form: Format) -> Bits | None:
    """The symbol with all errors put right, or None. Codewords are given up in the order of their doubtfulness until a
    block can be corrected (Forney 1966, generalised minimum distance decoding)."""
    plan = layout(version)
    count = 8 * plan.codewords
    stream = np.packbits(((signs > 0) ^ mask_of(form.mask, plan.side))[plan.data][:count])
    weakest = np.sort(sureness[plan.data][:count].reshape(-1, 8), axis=1)[:, :2].sum(1)
    checks, _ = block_sizes(version, form.level)
    for places in block_places(version, form.level):
        block = _corrected_block(stream[places].tobytes(), checks, np.argsort(weakest[places]))
        if block is None:
            return None
        stream[places] = np.frombuffer(block, np.uint8)
    return draw(version, form, stream)


def _corrected_block(block: bytes, checks: int, doubtful: npt.NDArray[np.intp]) -> bytes | None:
    for erased in range(0, max(0, checks - _SPARE) + 1, 2):
        right = reed_solomon.corrected(block, checks, [int(at) for at in doubtful[:erased]])
        if right is not None:
            return right
    return None
