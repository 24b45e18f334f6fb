"""What a make of printer understands beyond the commands they all share."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Personality:
    """``acknowledges_jobs``: answers ``GS ( H`` function 48. ``clears``: obeys ``DLE ENQ`` and confirms ``DLE DC4 8``.
    ``pulses``: obeys ``DLE DC4 1`` and 2 until ``GS ( D`` forbids it. ``graphics``: knows ``GS ( L`` and ``GS 8 L``.
    ``rows_ahead`` of a job may be taken in before they are printed: its answer to ``GS r`` comes that much too early;
    0 answers when everything before is on paper. ``charset`` is the codec of the Chinese characters its font has.
    ``identity`` is what ``GS I n`` sends back for each n."""

    name: str
    acknowledges_jobs: bool
    clears: bool
    pulses: bool
    graphics: bool
    rows_ahead: int = 0
    charset: str = "gb18030"
    identity: Mapping[int, bytes] = field(default_factory=dict)


def _text(words: bytes) -> bytes:
    """An information block of ``GS I``."""
    return b"\x5f" + words + b"\x00"


_WITH_CUTTER_AND_HAN = b"\x03"

EPSON = Personality(
    "epson",
    acknowledges_jobs=True,
    clears=True,
    pulses=True,
    graphics=True,
    identity={
        1: b"\x20",
        2: _WITH_CUTTER_AND_HAN,
        3: b"\x01",
        65: _text(b"1.00"),
        66: _text(b"EPSON"),
        67: _text(b"TM-T88V"),
        68: _text(b"SIM0000001"),
        69: _text(b"CHINA GB18030"),
    },
)

CLONE = Personality(
    "clone", acknowledges_jobs=False, clears=False, pulses=False, graphics=False, rows_ahead=256, charset="gb2312"
)

PERSONALITIES = {personality.name: personality for personality in (EPSON, CLONE)}
