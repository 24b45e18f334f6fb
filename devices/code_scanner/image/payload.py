"""What a code says: its bytes first, text after."""

import re
from dataclasses import dataclass, field

Quad = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]
"""The code's corners in pixels of the picture, in order around it."""

UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Control characters, and those that turn, join or break a line without being seen."""


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """``payload`` is exactly what the code holds; ``text`` is for people and has no characters that are not
    seen."""

    payload: bytes = field(repr=False)
    text: str = field(repr=False)
    symbology: str
    quad: Quad


def decode_text(payload: bytes, declared: str | None) -> str:
    """``declared`` is the text under the code's own character set (ECI); without one the bytes are UTF-8 when they
    can be, else GB18030 (GB 18030-2022), which Chinese writers of codes use undeclared."""
    if declared is not None:
        text = declared
    else:
        try:
            text = payload.decode("utf-8")
        except UnicodeDecodeError:
            text = payload.decode("gb18030", errors="replace")
    return text if text.isprintable() else UNSEEN.sub("", text)
