"""The A4 sheet in dots of 0.125 mm, 1680 by 2376 of them, and what stands where on it."""

from devices.printer.grid import Face, Grid, Style

SHEET_WIDTH, SHEET_HEIGHT = 1680, 2376
DOTS_PER_MM = 8

HALL_TOP = 130
FOOT_TOP = 1902
"""The rule of the foot, the same on every sheet."""
BOTTOM_MARGIN = 80
"""Kept free by any office printer."""

GRID_A4 = Grid(
    width=SHEET_WIDTH,
    margin=200,
    wide=True,
    label_width=144,
    label_gap=36,
    qr_module=6,
    qr_quiet=24,
    small=Style(Face.SANS, 26, 40),
    issuer=Style(Face.SANS, 34, 52),
    label=Style(Face.SANS, 28, 44),
    value=Style(Face.SANS, 34, 58),
    subject=Style(Face.SERIF_BOLD, 42, 62),
    title=Style(Face.SERIF_BOLD, 68, 96),
    key=Style(Face.SANS_BOLD, 56, 78),
    band=Style(Face.SANS_BOLD, 68, 92),
    tab=Style(Face.SANS_BOLD, 42, 60),
    code=Style(Face.SANS_BOLD, 54, 68),
    table=Style(Face.SANS, 32, 46),
    queue=Style(Face.SANS_BOLD, 240, 270),
    tab_padding=20,
    band_padding=14,
    writing_room=26,
    seal=336,
)
