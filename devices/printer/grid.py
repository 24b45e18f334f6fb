"""Dot grids and type sizes of the two roll widths. One dot is 0.125 mm (203 dpi)."""

from dataclasses import dataclass
from enum import StrEnum


class Face(StrEnum):
    """Typeface and weight of a piece of text."""

    SANS = "sans"
    SANS_BOLD = "sans-bold"
    SERIF_BOLD = "serif-bold"


@dataclass(frozen=True, slots=True)
class Style:
    """``size`` is the em and ``line`` the line height, in dots."""

    face: Face
    size: int
    line: int

    def bold(self) -> "Style":
        return Style(Face.SANS_BOLD, self.size, self.line)


@dataclass(frozen=True, slots=True)
class Grid:
    """Everything about a roll width that layout needs, in dots. ``wide`` papers name the hall and spell dates out;
    ``writing_room`` is what a line to write on has above it, ``seal`` the diameter of a seal."""

    width: int
    margin: int
    wide: bool
    label_width: int
    label_gap: int
    qr_module: int
    qr_quiet: int
    small: Style
    issuer: Style
    label: Style
    value: Style
    subject: Style
    title: Style
    key: Style
    band: Style
    tab: Style
    code: Style
    table: Style
    queue: Style
    tab_padding: int
    band_padding: int
    writing_room: int
    seal: int

    @property
    def column(self) -> int:
        return self.width - 2 * self.margin


TOP = 8
BOTTOM = 16

GRID_80 = Grid(
    width=576,
    margin=16,
    wide=True,
    label_width=96,
    label_gap=20,
    qr_module=5,
    qr_quiet=20,
    small=Style(Face.SANS, 22, 32),
    issuer=Style(Face.SANS, 26, 40),
    label=Style(Face.SANS, 24, 36),
    value=Style(Face.SANS, 28, 40),
    subject=Style(Face.SERIF_BOLD, 34, 48),
    title=Style(Face.SERIF_BOLD, 44, 60),
    key=Style(Face.SANS_BOLD, 44, 60),
    band=Style(Face.SANS_BOLD, 56, 76),
    tab=Style(Face.SANS_BOLD, 34, 48),
    code=Style(Face.SANS_BOLD, 38, 50),
    table=Style(Face.SANS, 24, 36),
    queue=Style(Face.SANS_BOLD, 136, 152),
    tab_padding=16,
    band_padding=10,
    writing_room=14,
    seal=248,
)

GRID_58 = Grid(
    width=384,
    margin=8,
    wide=False,
    label_width=96,
    label_gap=14,
    qr_module=4,
    qr_quiet=16,
    small=Style(Face.SANS, 22, 30),
    issuer=Style(Face.SANS, 24, 38),
    label=Style(Face.SANS, 24, 34),
    value=Style(Face.SANS, 26, 38),
    subject=Style(Face.SERIF_BOLD, 28, 40),
    title=Style(Face.SERIF_BOLD, 36, 50),
    key=Style(Face.SANS_BOLD, 36, 50),
    band=Style(Face.SANS_BOLD, 44, 60),
    tab=Style(Face.SANS_BOLD, 28, 40),
    code=Style(Face.SANS_BOLD, 36, 48),
    table=Style(Face.SANS, 22, 34),
    queue=Style(Face.SANS_BOLD, 112, 126),
    tab_padding=14,
    band_padding=8,
    writing_room=12,
    seal=200,
)
