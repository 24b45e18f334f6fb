"""Sets a paper on sheets of A4: head, blocks, and a foot at the same place on every sheet.

Tables and fields are ruled fully, in the roomiest type that needs no more sheets than the tightest.
"""

from dataclasses import replace
from functools import partial

from devices.printer.a4.grid import BOTTOM_MARGIN, FOOT_TOP, GRID_A4, HALL_TOP, SHEET_HEIGHT
from devices.printer.a4.pieces import Piece, lowered, piece
from devices.printer.a4.sheets import Sheets
from devices.printer.a4.table import DENSE, ROOMY, TIGHT, Density, field_table, ruled_table
from devices.printer.glyphs import cells_of
from devices.printer.layout import set_blocks
from devices.printer.layout_foot import qr_modules
from devices.printer.layout_sheet import Sheet
from devices.printer.line_breaking import Line
from devices.printer.page import Bits, LayoutFault, LayoutProblem, Mark, Matrix, Stamp
from kiosk.domain.paper import (
    Block,
    Body,
    EndMark,
    FieldGroup,
    Paper,
    PaperField,
    PaperNotes,
    SealedClosing,
    Statement,
    Table,
)

_THERMAL, _ANY_PRINT = "热敏纸", "黑白打印件"
_TITLE_GAPS = ((2, 68), (4, 34), (8, 10))
"""Up to so many characters stand so many dots apart; longer titles 4."""
_SEAL_INSET, _SEAL_GAP = 62, 34
_DATE_AT = 0.77
"""Where the date crosses the seal, in diameters from its top: the seal is empty there."""
_FOOT_GAP = 48
_BODY_AIR = 24
"""At least so much stands free between the blocks and the foot."""

Pages = tuple[tuple[Mark, ...], ...]
"""The marks of each sheet, in dots of the A4 grid."""


def lay_out_a4(paper: Paper) -> Pages | LayoutProblem:
    paper = _without_thermal_paper(paper)
    foot = _foot(paper)
    if isinstance(foot, LayoutProblem):
        return foot
    foot_top = min(FOOT_TOP, SHEET_HEIGHT - BOTTOM_MARGIN - foot.height)
    bodies = _fewest([_bodies(paper, density, foot_top - _BODY_AIR) for density in (ROOMY, DENSE, TIGHT)])
    if isinstance(bodies, LayoutProblem):
        return bodies
    below = lowered(foot.marks, foot_top)
    return tuple((*_head(paper, index, len(bodies)).marks, *body, *below) for index, body in enumerate(bodies, start=1))


def _without_thermal_paper(paper: Paper) -> Paper:
    """Thermal paper fades, a sheet does not; that the seal is a picture holds for both."""
    blocks = tuple(
        replace(block, sentences=tuple(text.replace(_THERMAL, _ANY_PRINT) for text in block.sentences))
        if isinstance(block, PaperNotes)
        else block
        for block in paper.blocks
    )
    return replace(paper, blocks=blocks, footer=tuple(line for line in paper.footer if _THERMAL not in line))


def _fewest(tries: list[Pages | LayoutProblem]) -> Pages | LayoutProblem:
    """The first of those with the fewest sheets."""
    pages = [one for one in tries if not isinstance(one, LayoutProblem)]
    return min(pages, key=len) if pages else tries[0]


def _bodies(paper: Paper, density: Density, bottom: int) -> Pages | LayoutProblem:
    sheets = Sheets(_head(paper, 1, 1).height, bottom)
    before: Block | None = None
    for block in paper.blocks:
        problem = _add(sheets, block, _air(before, block), density)
        if problem is not None:
            return problem
        before = block
    return sheets.bodies()


def _add(sheets: Sheets, block: Block, air: int, density: Density) -> LayoutProblem | None:
    match block:
        case FieldGroup():
            sheets.add_table(field_table(block, density), air)
        case Table():
            return _add_table(sheets, block, air, density)
        case SealedClosing():
            sheets.add(piece(lambda sheet: _set_sealed(sheet, block), air))
        case _:
            sheets.add(piece(lambda sheet: set_blocks(sheet, (block,)), air))
    return None


def _add_table(sheets: Sheets, table: Table, air: int, density: Density) -> LayoutProblem | None:
    ruled = ruled_table(table, density)
    if isinstance(ruled, LayoutProblem):
        return ruled
    if table.unit:
        unit = table.unit
        sheets.add(piece(lambda sheet: sheet.pair("", unit, GRID_A4.small), air))
        air = 1
    sheets.add_table(ruled, air)
    for index, field in enumerate(table.closing):
        sheets.add(piece(partial(_set_closing, field=field), 0 if index else 10))
    return None


def _set_closing(sheet: Sheet, field: PaperField) -> None:
    sheet.pair(field.label, field.value, GRID_A4.label.bold())


def _air(before: Block | None, block: Block) -> int:
    """Dots between two blocks."""
    match before, block:
        case None, _:
            return 0
        case (Body(), Body()) | (Statement(), Body()):
            return 0
        case FieldGroup(), Table(unit=str()):
            return 5
        case (FieldGroup(), Body() | Statement()):
            return 44
        case Table(), EndMark() | PaperNotes():
            return 10
        case (Body(), Table()) | (PaperNotes(), PaperNotes()) | (FieldGroup(), FieldGroup()):
            return 16
        case EndMark(), _:
            return 30
        case _, SealedClosing():
            return 40
        case _:
            return 24


def _head(paper: Paper, index: int, count: int) -> Piece:
    """Its height is where the body begins. The issuer has no line here where it closes the paper with its seal."""
    return piece(lambda sheet: _set_head(sheet, paper, index, count))


def _set_head(sheet: Sheet, paper: Paper, index: int, count: int) -> None:
    grid = sheet.grid
    sheet.y = HALL_TOP
    sheet.pair(paper.hall if paper.title else "", f"〔{paper.marking}〕" if paper.marking else "", grid.small)
    sheet.y = max(sheet.y, HALL_TOP + grid.small.line) + 43
    if not paper.every(SealedClosing):
        sheet.centred(paper.issuer, grid.issuer)
    sheet.centred(paper.subject, grid.subject)
    _set_title(sheet, paper.title or paper.hall)
    sheet.rule(4, before=15, after=4)
    sheet.rule(1, before=0, after=16)
    number = "" if paper.number is None else f"编号　{paper.number}"
    sheet.pair(number, f"第{index}页 共{count}页", grid.small)
    sheet.y += 16


def _set_title(sheet: Sheet, title: str) -> None:
    style = sheet.grid.title
    cells = cells_of(title, style)
    gap = next((gap for most, gap in _TITLE_GAPS if len(cells) <= most), 4)
    x, placed = 0, []
    for cell in cells:
        placed.append((x, cell))
        x += cell.advance + gap
    if x - gap > sheet.grid.column:
        sheet.centred(title, style)
        return
    sheet.put(Line(tuple(placed), x - gap), sheet.middle(x - gap), style)
    sheet.y += style.line


def _set_sealed(sheet: Sheet, closing: SealedClosing) -> None:
    """The issuer to the left of the seal, at its middle; the date across the seal in a white halo."""
    grid = sheet.grid
    left = sheet.right - _SEAL_INSET - grid.seal
    sheet.marks.append(Stamp(left, sheet.y, grid.seal, closing.seal))
    room = left - _SEAL_GAP - sheet.left
    lines = [
        (style, line)
        for style, text in ((grid.label, closing.label), (grid.value, closing.issuer))
        for line in sheet.lines(text, style, room, balanced=True)
    ]
    top = sheet.y
    sheet.y = top + max(0, grid.seal - sum(style.line for style, _ in lines)) // 2
    for style, line in lines:
        sheet.put(line, left - _SEAL_GAP - line.width, style)
        sheet.y += style.line
    bottom = sheet.y
    sheet.y = top + round(_DATE_AT * grid.seal) - grid.table.line // 2
    for line in sheet.lines(closing.date, grid.table, grid.column):
        sheet.put(line, min(left + (grid.seal - line.width) // 2, sheet.right - line.width), grid.table, halo=True)
    sheet.y = max(bottom, top + grid.seal)


def _foot(paper: Paper) -> Piece | LayoutProblem:
    """The rule at its top, the code on the left, everything else beside it."""
    if paper.verification is None:
        return piece(lambda sheet: _set_foot(sheet, paper, None))
    modules = qr_modules(paper.verification.qr_text)
    if modules is None or modules.shape[0] * GRID_A4.qr_module > GRID_A4.column // 2:
        return LayoutProblem(LayoutFault.CODE_TOO_LARGE)
    return piece(lambda sheet: _set_foot(sheet, paper, modules))


def _set_foot(sheet: Sheet, paper: Paper, modules: Bits | None) -> None:
    grid, left, bottom = sheet.grid, sheet.left, 0
    sheet.rule(2, before=0, after=18)
    if modules is not None:
        size = modules.shape[0] * grid.qr_module
        sheet.marks.append(Matrix(left, sheet.y + 4, grid.qr_module, modules))
        left += size + _FOOT_GAP
        bottom = sheet.y + 4 + size
    width = sheet.right - left
    if paper.verification is not None and paper.verification.short_code:
        sheet.paragraph("核验码", grid.label, left, width)
        sheet.paragraph(paper.verification.short_code, grid.code, left, width)
        sheet.y += 8
    if paper.verification is not None:
        sheet.paragraph(paper.verification_text, grid.small, left, width)
    sheet.paragraph(f"打印 {paper.printed_at}　终端 {paper.terminal}", grid.small, left, width)
    for line in paper.footer:
        sheet.paragraph(line, grid.small, left, width)
    sheet.y = max(sheet.y, bottom)
