"""Sets a paper on the grid of a roll: head, blocks from top to bottom, foot.

One function sets one kind of block (``layout_*``). The narrow roll is set anew, never scaled: no hall line, numeric
dates, the code in the middle and the footer stacked.
"""

from typing import assert_never

from devices.printer.grid import Grid
from devices.printer.layout_bands import set_band, set_reprint_mark, set_void_mark
from devices.printer.layout_closing import set_checklist, set_sealed_closing, set_signatures
from devices.printer.layout_foot import set_foot
from devices.printer.layout_head import set_head
from devices.printer.layout_sheet import Sheet
from devices.printer.layout_table import TablePart, set_table
from devices.printer.layout_text import (
    set_body,
    set_caution,
    set_end,
    set_fields,
    set_key_fact,
    set_notes,
    set_queue_number,
    set_statement,
)
from devices.printer.page import LayoutProblem, Page
from kiosk.domain.paper import (
    Block,
    Body,
    Caution,
    Checklist,
    EndMark,
    FieldGroup,
    KeyFact,
    OutcomeBand,
    Paper,
    PaperNotes,
    QueueNumber,
    ReprintMark,
    SealedClosing,
    Signatures,
    Statement,
    Table,
    VoidMark,
)


def lay_out(paper: Paper, grid: Grid) -> Page | LayoutProblem:
    """On one strip, however long."""
    sheet = Sheet(grid)
    set_head(sheet, paper)
    problem = set_blocks(sheet, paper.blocks) or set_foot(sheet, paper)
    return sheet.page() if problem is None else problem


def set_blocks(sheet: Sheet, blocks: tuple[Block | TablePart, ...]) -> LayoutProblem | None:
    above: Block | TablePart | None = None
    for block in blocks:
        _part(sheet, above, block)
        problem = _set(sheet, block)
        if problem is not None:
            return problem
        above = block
    return None


def _part(sheet: Sheet, above: Block | TablePart | None, block: Block | TablePart) -> None:
    """The rule or the air between two blocks."""
    match above, block:
        case None, _:
            pass
        case PaperNotes(), PaperNotes():
            sheet.y += 6
        case QueueNumber() | Checklist(), _:
            pass
        case Body(), FieldGroup():
            sheet.y += 8
        case (PaperNotes() | Table() | TablePart() | Caution(), FieldGroup() | PaperNotes()):
            sheet.y += 8
        case ((SealedClosing() | EndMark()), PaperNotes()):
            sheet.y += 8
        case _, PaperNotes(heading=""):
            sheet.y += 8
        case _, FieldGroup() | PaperNotes() | Signatures():
            sheet.dotted()
        case _, Body() | Caution() | Table() | TablePart() | Checklist() | EndMark() | SealedClosing():
            sheet.y += 8


def _set(sheet: Sheet, block: Block | TablePart) -> LayoutProblem | None:
    """Only a table can be at fault: all other text breaks to fit."""
    match block:
        case TablePart():
            return set_table(sheet, block)
        case Table():
            return set_table(sheet, TablePart(block))
        case OutcomeBand():
            set_band(sheet, block)
        case KeyFact():
            set_key_fact(sheet, block)
        case Statement():
            set_statement(sheet, block)
        case Body():
            set_body(sheet, block)
        case Caution():
            set_caution(sheet, block)
        case FieldGroup():
            set_fields(sheet, block)
        case PaperNotes():
            set_notes(sheet, block)
        case Checklist():
            set_checklist(sheet, block)
        case SealedClosing():
            set_sealed_closing(sheet, block)
        case Signatures():
            set_signatures(sheet, block)
        case QueueNumber():
            set_queue_number(sheet, block)
        case ReprintMark():
            set_reprint_mark(sheet, block)
        case VoidMark():
            set_void_mark(sheet, block)
        case EndMark():
            set_end(sheet, block)
        case _:
            assert_never(block)
    return None
