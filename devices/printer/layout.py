"""Sets a paper on the grid of a roll: head, blocks from top to bottom, foot.

One function sets one kind of block (``layout_*``). The narrow roll is set anew, never scaled: no hall line, numeric
dates, the code in the middle and the footer stacked.
"""

from devices.printer.grid import Grid
from devices.printer.layout_bands import set_band
from devices.printer.layout_foot import CodeTooLarge, set_foot
from devices.printer.layout_head import set_head
from devices.printer.layout_sheet import Sheet
from devices.printer.layout_text import set_fields, set_key_fact, set_notes, set_statement
from devices.printer.page import Page
from kiosk.domain.paper import Block, FieldGroup, KeyFact, OutcomeBand, Paper, PaperNotes, Statement

__all__ = ["CodeTooLarge", "lay_out"]


def lay_out(paper: Paper, grid: Grid) -> Page | CodeTooLarge:
    sheet = Sheet(grid)
    set_head(sheet, paper)
    above: Block | None = None
    for block in paper.blocks:
        _part(sheet, above, block)
        _set(sheet, block)
        above = block
    problem = set_foot(sheet, paper)
    return sheet.page() if problem is None else problem


def _part(sheet: Sheet, above: Block | None, block: Block) -> None:
    """The rule or the air between two blocks."""
    match above, block:
        case None, _:
            pass
        case PaperNotes(), PaperNotes():
            sheet.y += 6
        case _, FieldGroup() | PaperNotes():
            sheet.dotted()


def _set(sheet: Sheet, block: Block) -> None:
    match block:
        case OutcomeBand():
            set_band(sheet, block)
        case KeyFact():
            set_key_fact(sheet, block)
        case Statement():
            set_statement(sheet, block)
        case FieldGroup():
            set_fields(sheet, block)
        case PaperNotes():
            set_notes(sheet, block)
        case _:
            raise NotImplementedError(block.kind)
