"""A strip of paper by which somebody sees what the printer's own font has: one line for each coverage.

Each line stands between two combs of dots, a tooth at every cell's edge: as long as the font has cells of 24x24 and
12x24 dots, every character stands between its teeth, and the combs lie as close to it above as below.
"""

import numpy as np

from devices.printer.escpos.gb18030 import HAN_DOTS, LATIN_DOTS, ROWS, Coverage, PlacedText, text_line
from devices.printer.escpos.text_rows import HybridStrip, TextRow

SAMPLES = {
    Coverage.GB2312: "啊座亍鼗齄社保证明",
    Coverage.GBK: "镕喆堃昇赟囍囧丂瑠",
    Coverage.GB18030_2005: "䶮㑇㑳㤘䌷䓖㧏㧐㘎",
}
"""Characters of each coverage that the one before it lacks, the first and last of GB 2312 among them."""

LETTERS = "09-$~Ag"
_LEFT, _TOOTH, _BETWEEN = 16, 6, 24
_STEP = ROWS + 2 * _TOOTH + _BETWEEN


def proof_strip(dots: int) -> HybridStrip:
    """``dots`` across; at least 384."""
    bits = np.zeros((_STEP * len(SAMPLES) + _BETWEEN, dots), dtype=np.bool_)
    rows: list[TextRow] = []
    for number, (coverage, sample) in enumerate(SAMPLES.items()):
        top = _BETWEEN + number * _STEP + _TOOTH
        edges = _LEFT + np.cumsum([0, *[HAN_DOTS] * len(sample), *[LATIN_DOTS] * len(LETTERS)])
        for comb in (top - _TOOTH, top + ROWS):
            bits[comb : comb + _TOOTH, edges] = True
        rows.append(TextRow(top, text_line((PlacedText(_LEFT, sample + LETTERS),), coverage)))
    return HybridStrip(bits, tuple(rows))
