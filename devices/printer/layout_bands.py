"""Bands across a rolled paper, whose shape alone tells what came of it."""

from typing import assert_never

from devices.printer.grid import Style
from devices.printer.layout_sheet import Sheet
from devices.printer.line_breaking import Line
from devices.printer.page import Arrow, Block, Hatch, Tick
from kiosk.domain.paper import Band, OutcomeBand, ReprintMark, VoidMark

_FRAME_INSET = 10
_SPREAD = 4
_HATCH, _HATCH_GAP = 40, 20


def set_band(sheet: Sheet, band: OutcomeBand) -> None:
    match band.shape:
        case Band.PASSED:
            _set_solid(sheet, band)
        case Band.REFERRED:
            _set_arrow(sheet, band)
        case Band.PENDING:
            _set_framed(sheet, band, double=True)
        case Band.INFORMATION:
            _set_framed(sheet, band, double=False)
        case _:
            assert_never(band.shape)
    sheet.y += 8


def _set_solid(sheet: Sheet, band: OutcomeBand) -> None:
    grid, style = sheet.grid, sheet.grid.band
    disc, air = style.size, style.size * 22 // 56
    lines = sheet.lines(band.text, style, grid.column - disc - air - 2 * grid.band_padding, balanced=True)
    below = _below(sheet, band, grid.column - 2 * grid.band_padding)
    height = len(lines) * style.line + _height(below) + 2 * grid.band_padding
    sheet.marks.append(Block(sheet.left, sheet.y, grid.column, height))
    top, sheet.y = sheet.y, sheet.y + grid.band_padding
    width = max((line.width for line in lines), default=0)
    left = sheet.middle(width + disc + air)
    sheet.marks.append(Tick(left, sheet.y + (len(lines) * style.line - disc) // 2, disc))
    for line in lines:
        sheet.put(line, left + disc + air + (width - line.width) // 2, style, white=True)
        sheet.y += style.line
    _set_centred(sheet, below, white=True)
    sheet.y = top + height


def _set_framed(sheet: Sheet, band: OutcomeBand, double: bool) -> None:
    grid = sheet.grid
    edge = 10 if double else 4
    inside = grid.column - 2 * (edge + 6)
    content = (
        *((grid.key, line) for line in sheet.lines(band.text, grid.key, inside, balanced=True)),
        *_below(sheet, band, inside),
    )
    padding = grid.band_padding // 2
    height = _height(content) + 2 * (edge + padding)
    sheet.frame(sheet.y, height, 0, 3 if double else 4)
    if double:
        sheet.frame(sheet.y, height, 7, 2)
    top, sheet.y = sheet.y, sheet.y + edge + padding
    _set_centred(sheet, content)
    sheet.y = top + height


def _set_arrow(sheet: Sheet, band: OutcomeBand) -> None:
    grid, stroke, tip = sheet.grid, 4, sheet.grid.band.size * 3 // 4
    tab = sheet.lines(band.note or "", grid.tab, grid.column // 3 - 2 * grid.tab_padding, balanced=True)
    tab_width = max((line.width for line in tab), default=0) + 2 * grid.tab_padding if tab else 0
    room = grid.column - tab_width - tip - stroke - 12
    style = sheet.largest(band.text, room, (grid.band, grid.key, grid.value.bold()))
    lines = sheet.lines(band.text, style, room, balanced=True)
    height = max(len(lines) * style.line, len(tab) * grid.tab.line, grid.band.line) + 4 * grid.band_padding
    sheet.marks.append(Arrow(sheet.left, sheet.y, grid.column, height, tip, stroke))
    if tab:
        sheet.marks.append(Block(sheet.left, sheet.y, tab_width, height))
    top = sheet.y
    sheet.y = top + (height - len(tab) * grid.tab.line) // 2
    for line in tab:
        sheet.put(line, sheet.left + (tab_width - line.width) // 2, grid.tab, white=True)
        sheet.y += grid.tab.line
    sheet.y = top + (height - len(lines) * style.line) // 2
    for line in lines:
        sheet.put(line, sheet.left + tab_width + 6 + (room - line.width) // 2, style)
        sheet.y += style.line
    sheet.y = top + height


def set_reprint_mark(sheet: Sheet, mark: ReprintMark) -> None:
    """Above everything else, so that nobody takes the paper for the first one."""
    grid, inside = sheet.grid, sheet.grid.column - 2 * _FRAME_INSET
    text = sheet.lines(f"补打件·第{mark.count}次", grid.tab, inside, balanced=True)
    content = (
        *((grid.tab, line) for line in text),
        *(
            (grid.label, line)
            for below in mark.lines
            for line in sheet.lines(sheet.dated(below), grid.label, inside, balanced=True)
        ),
    )
    height = _height(content) + 2 * _FRAME_INSET
    sheet.frame(sheet.y, height, 0, 3)
    top, sheet.y = sheet.y, sheet.y + _FRAME_INSET
    _set_centred(sheet, content)
    sheet.y = top + height + 12


def set_void_mark(sheet: Sheet, mark: VoidMark) -> None:
    """White between two hatched ends; the words spread where there is room."""
    grid = sheet.grid
    spread = " ".join(mark.text) if len(mark.text) <= _SPREAD else mark.text
    room = grid.column - 2 * (_HATCH + _HATCH_GAP)
    style = sheet.largest(spread, room, (grid.band, grid.key, grid.value.bold()))
    lines = sheet.lines(spread, style, room, balanced=True)
    height = len(lines) * style.line + 2 * grid.band_padding
    width = max((line.width for line in lines), default=0)
    hatched = max(_HATCH, (grid.column - width) // 2 - _HATCH_GAP)
    sheet.marks.extend(Hatch(x, sheet.y, hatched, height) for x in (sheet.left, sheet.right - hatched))
    sheet.marks.extend(Block(sheet.left, y, grid.column, 3) for y in (sheet.y, sheet.y + height - 3))
    top, sheet.y = sheet.y, sheet.y + grid.band_padding
    _set_centred(sheet, tuple((style, line) for line in lines))
    sheet.y = top + height + 8


_Styled = tuple[tuple[Style, Line], ...]


def _below(sheet: Sheet, band: OutcomeBand, width: int) -> _Styled:
    """Note and fact."""
    label = sheet.grid.label
    parts = ((label, band.note or ""), (label.bold(), sheet.dated(band.fact or "")))
    return tuple((style, line) for style, text in parts for line in sheet.lines(text, style, width, balanced=True))


def _height(lines: _Styled) -> int:
    return sum(style.line for style, _ in lines)


def _set_centred(sheet: Sheet, lines: _Styled, white: bool = False) -> None:
    for style, line in lines:
        sheet.put(line, sheet.middle(line.width), style, white)
        sheet.y += style.line
