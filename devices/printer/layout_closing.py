"""What closes a rolled paper: materials to tick, lines to sign on, issuer with seal and date."""

from devices.printer.glyphs import cells_of
from devices.printer.grid import Style
from devices.printer.layout_sheet import Sheet
from devices.printer.line_breaking import Measure, break_lines
from devices.printer.page import Block, Checkbox, Stamp
from kiosk.domain.paper import Checklist, ChecklistItem, SealedClosing, Signatures

_BOX, _BOX_GAP = 26, 12
_DATE_AT = 0.76
"""Where the middle of the date's line crosses the seal, as a share of its diameter: the seal is empty there."""


def set_checklist(sheet: Sheet, checklist: Checklist) -> None:
    sheet.rule(2, before=4, after=6)
    for index, item in enumerate(checklist.items):
        if index:
            sheet.dotted(before=6, after=6)
        _set_item(sheet, item)
    sheet.rule(2, before=8, after=8)


def _set_item(sheet: Sheet, item: ChecklistItem) -> None:
    grid, style = sheet.grid, sheet.grid.value.bold()
    copies = sheet.lines(item.copies, grid.label, grid.column // 4)
    aside = max((line.width for line in copies), default=0)
    left = sheet.left + _BOX + _BOX_GAP
    room = sheet.right - left - (aside + _BOX_GAP if aside else 0)
    sheet.marks.append(Checkbox(sheet.left, sheet.y + (style.line - _BOX) // 2, _BOX, item.ticked))
    top = sheet.y
    for line in copies:
        sheet.put(line, sheet.right - line.width, Style(grid.label.face, grid.label.size, style.line))
        sheet.y += style.line
    bottom, sheet.y = sheet.y, top
    sheet.stack(sheet.lines(item.name, style, room), style, left)
    sheet.y = max(sheet.y, bottom, top + style.line)
    sheet.paragraph(item.source, grid.label, left, sheet.right - left)


def set_signatures(sheet: Sheet, signatures: Signatures) -> None:
    """A label on the left, a rule from it to the column's edge."""
    grid = sheet.grid
    style = Style(grid.label.face, grid.label.size, grid.value.line)
    for label in signatures.labels:
        sheet.y += grid.writing_room
        lines = break_lines(cells_of(label, style), Measure(grid.column // 2, style.size))
        left = sheet.left + max((line.width for line in lines), default=0) + 8
        sheet.stack(lines[:-1], style)
        sheet.marks.append(Block(left, sheet.baseline(style) + 3, sheet.right - left, 1))
        sheet.stack(lines[-1:], style)
        sheet.y += 6


def set_sealed_closing(sheet: Sheet, closing: SealedClosing) -> None:
    """Issuer in the middle of the seal's left, the seal on the right, and across it the date with a white halo."""
    grid = sheet.grid
    top, size = sheet.y + 4, grid.seal
    x = sheet.right - size
    sheet.marks.append(Stamp(x, top, size, closing.seal))
    room = x - sheet.left - 12
    label = break_lines(cells_of(closing.label, grid.label), Measure(room, grid.label.size, balanced=True))
    issuer = sheet.lines(closing.issuer, grid.value, room, balanced=True)
    height = len(label) * grid.label.line + len(issuer) * grid.value.line
    sheet.y = top + max(0, (size - height) // 2)
    sheet.stack(label, grid.label)
    sheet.stack(issuer, grid.value)
    bottom = sheet.y
    date = sheet.lines(closing.date, grid.table, grid.column, balanced=True)
    sheet.y = top + round(_DATE_AT * size) - grid.table.line // 2
    for line in date:
        sheet.put(line, min(x + (size - line.width) // 2, sheet.right - line.width), grid.table, halo=True)
        sheet.y += grid.table.line
    sheet.y = max(bottom, sheet.y, top + size) + 6
