"""Where a QR Code symbol keeps what: fixed patterns, format, codewords and their blocks (ISO/IEC 18004:2015, clause 7).

Modules are in arrays of shape (side, side), row first; dark is 1.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint8]
Signs = npt.NDArray[np.float32]
"""+1 dark, -1 light, in between as sure as that; 0 nobody knows."""

LEVELS = "MLHQ"
"""In the order of their two bits in the format information (table 12)."""

_CHECKS_PER_BLOCK = {
    "L": "7 10 15 20 26 18 20 24 30 18 20 24 26 30 22 24 28 30 28 28 28 28 30 30 26 28" + 14 * " 30",
    "M": "10 16 26 18 24 16 18 22 22 26 30 22 22 24 24 28 28 26 26 26 26" + 19 * " 28",
    "Q": "13 22 18 26 18 24 18 22 20 24 28 26 24 20 30 24 28 28 26 30 28 30 30 30 30 28" + 14 * " 30",
    "H": "17 28 22 16 22 28 26 26 24 28 24 28 22 24 24 30 28 28 26 28 30 24" + 18 * " 30",
}
_BLOCKS = {
    "L": "1 1 1 1 1 2 2 2 2 4 4 4 4 4 6 6 6 6 7 8 8 9 9 10 12 12 12 13 14 15 16 17 18 19 19 20 21 22 24 25",
    "M": "1 1 1 2 2 4 4 4 5 5 5 8 9 9 10 10 11 13 14 16 17 17 18 20 21 23 25 26 28 29 31 33 35 37 38 40 43 45 47 49",
    "Q": "1 1 2 2 4 4 6 6 8 8 8 10 12 16 12 17 16 18 21 20 23 23 25 27 29 34 34 35 38 40 43 45 48 51 53 56 59 62 65 68",
    "H": "1 1 2 4 4 4 5 6 8 8 11 11 16 16 18 16 19 21 25 25 25 34 30 32 35 37 40 42 45 48 51 54 57 60 63 66 70"
    " 74 77 81",
}
"""Table 9, versions 1 to 40."""

_FORMAT_GENERATOR = 0x537
_FORMAT_MASK = 0x5412
_VERSION_GENERATOR = 0x1F25
_MASKS = (
    lambda y, x: (x + y) % 2,
    lambda y, x: y % 2 + 0 * x,
    lambda y, x: x % 3 + 0 * y,
    lambda y, x: (x + y) % 3,
    lambda y, x: (x // 3 + y // 2) % 2,
    lambda y, x: x * y % 2 + x * y % 3,
    lambda y, x: (x * y % 2 + x * y % 3) % 2,
    lambda y, x: ((x + y) % 2 + x * y % 3) % 2,
)
"""Table 10: a module is inverted where the value is 0."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What all symbols of one version share.

    ``fixed`` holds the patterns that are the same in each, 0 elsewhere; ``data`` the places (rows, columns) of the
    codewords' bits in their order; ``formats`` the two places of each of the format's 15 bits, lowest bit first.
    """

    version: int
    side: int
    fixed: Signs = field(repr=False)
    data: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]] = field(repr=False)
    formats: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]] = field(repr=False)

    @property
    def codewords(self) -> int:
        return len(self.data[0]) // 8


@dataclass(frozen=True, slots=True)
class Format:
    level: str
    mask: int


def side_of(version: int) -> int:
    return 17 + 4 * version


@lru_cache(maxsize=8)
def layout(version: int) -> Layout:
    side = side_of(version)
    fixed = np.zeros((side, side), np.float32)
    fixed[6, 8 : side - 8] = fixed[8 : side - 8, 6] = np.where(np.arange(8, side - 8) % 2 == 0, 1, -1)
    centres = _alignment_centres(version)
    for row in centres:
        for column in centres:
            if (row, column) not in ((6, 6), (6, side - 7), (side - 7, 6)):
                fixed[row - 2 : row + 3, column - 2 : column + 3] = _rings(2)
    finder = np.pad(_rings(3), 1, constant_values=-1)
    fixed[:8, :8], fixed[:8, -8:], fixed[-8:, :8] = finder[1:, 1:], finder[1:, :-1], finder[:-1, 1:]
    fixed[side - 8, 8] = 1
    if version >= 7:
        _put_version(fixed, version)
    formats = _format_places(side)
    free = fixed == 0
    free[formats] = False
    return Layout(version, side, fixed, _data_places(free), formats)


def mask_of(number: int, side: int) -> npt.NDArray[np.bool_]:
    """Where data modules of a symbol with mask pattern ``number`` stand inverted."""
    y, x = np.mgrid[0:side, 0:side]
    return np.asarray(_MASKS[number](y, x) == 0)


def format_bits(form: Format) -> int:
    """The 15 bits of the format information."""
    return _with_remainder(LEVELS.index(form.level) << 3 | form.mask, 10, _FORMAT_GENERATOR) ^ _FORMAT_MASK


def block_sizes(version: int, level: str) -> tuple[int, list[int]]:
    """Check codewords of each block, and how many codewords each block holds in all."""
    checks, blocks = (int(table[level].split()[version - 1]) for table in (_CHECKS_PER_BLOCK, _BLOCKS))
    short, longer = divmod(layout(version).codewords, blocks)
    return checks, [short] * (blocks - longer) + [short + 1] * longer


@lru_cache(maxsize=8)
def block_places(version: int, level: str) -> tuple[npt.NDArray[np.intp], ...]:
    """For each block, where its codewords stand in the symbol's stream (clause 7.6, interleaved)."""
    checks, sizes = block_sizes(version, level)
    longest = max(sizes) - checks
    order = [(block, at) for at in range(longest) for block, size in enumerate(sizes) if at < size - checks]
    order += [(block, size_at) for size_at in range(checks) for block in range(len(sizes))]
    places: list[list[int]] = [[] for _ in sizes]
    for stream_at, (block, _) in enumerate(order):
        places[block].append(stream_at)
    return tuple(np.array(place, np.intp) for place in places)


def draw(version: int, form: Format, stream: npt.NDArray[np.uint8]) -> Bits:
    """The symbol that holds ``stream``, its interleaved codewords."""
    plan = layout(version)
    modules = (plan.fixed > 0).astype(np.uint8)
    bits = np.zeros(len(plan.data[0]), np.uint8)
    bits[: 8 * len(stream)] = np.unpackbits(stream)
    modules[plan.data] = bits ^ mask_of(form.mask, plan.side)[plan.data]
    word = format_bits(form)
    modules[plan.formats] = np.array([[word >> bit & 1] * 2 for bit in range(15)], np.uint8)
    return modules


def _rings(reach: int) -> Signs:
    """Nested squares around a dark middle: a finder's 7 x 7 modules (reach 3) or an alignment pattern's 5 x 5."""
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    distance = np.maximum(abs(x), abs(y))
    return np.where(distance == reach - 1, -1, 1).astype(np.float32)


def _alignment_centres(version: int) -> list[int]:
    """Annex E, by the rule its table follows."""
    if version == 1:
        return []
    count = version // 7 + 2
    step = 26 if version == 32 else (version * 4 + count * 2 + 1) // (count * 2 - 2) * 2
    last = side_of(version) - 7
    return [6, *reversed([last - step * at for at in range(count - 1)])]


def _put_version(fixed: Signs, version: int) -> None:
    word = _with_remainder(version, 12, _VERSION_GENERATOR)
    for bit in range(18):
        across, down = len(fixed) - 11 + bit % 3, bit // 3
        fixed[across, down] = fixed[down, across] = 1 if word >> bit & 1 else -1


def _with_remainder(value: int, places: int, generator: int) -> int:
    """A BCH codeword: ``value`` and the remainder of its division by ``generator``."""
    rest = value << places
    for bit in range(value.bit_length() - 1, -1, -1):
        if rest >> (bit + places) & 1:
            rest ^= generator << bit
    return value << places | rest


def _format_places(side: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    down = [0, 1, 2, 3, 4, 5, 7, 8]
    first = [(row, 8) for row in down] + [(8, column) for column in (7, 5, 4, 3, 2, 1, 0)]
    second = [(8, side - 1 - at) for at in range(8)] + [(side - 7 + at, 8) for at in range(7)]
    places = np.array([first, second], np.intp).transpose(2, 1, 0)
    return places[0], places[1]


def _data_places(free: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Two columns at a time from the right, up and down in turn, past the upright timing pattern (clause 7.7.3)."""
    side = len(free)
    rows, columns = [], []
    rights = [right if right > 6 else right - 1 for right in range(side - 1, 0, -2)]
    for turn, right in enumerate(rights):
        for row in range(side - 1, -1, -1) if turn % 2 == 0 else range(side):
            for column in (right, right - 1):
                if free[row, column]:
                    rows.append(row)
                    columns.append(column)
    return np.array(rows, np.intp), np.array(columns, np.intp)
