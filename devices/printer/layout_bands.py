"""Bands across a rolled paper, whose shape alone tells what came of it."""

from typing import assert_never

from devices.printer.grid import Style
from devices.printer.layout_sheet import Sheet
from devices.printer.line_breaking import Line
from devices.printer.page import Arrow, Block, Tick
from kiosk.domain.paper import Band, OutcomeBand


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
    style = _largest(sheet, band.text, room, (grid.band, grid.key, grid.value.bold()))
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


def _largest(sheet: Sheet, text: str, width: int, styles: tuple[Style, ...]) -> Style:
    """The first style that sets the text in one line, else the last."""
    return next((style for style in styles if len(sheet.lines(text, style, width)) <= 1), styles[-1])
