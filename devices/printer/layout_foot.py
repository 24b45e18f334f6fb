"""The foot of a rolled paper: code to verify with, time and place of printing, closing lines."""

import numpy as np
import zxingcpp

from devices.printer.grid import Style
from devices.printer.layout_sheet import Sheet
from devices.printer.page import Bits, LayoutFault, LayoutProblem, Matrix
from kiosk.domain.paper import Paper
from kiosk.domain.receipt_number import Verification


def qr_modules(text: str) -> Bits | None:
    """Level M, the smallest version; None when the text is longer than a code can be."""
    try:
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    except ValueError:
        return None
    return np.asarray(code.to_image(scale=1, add_quiet_zones=False)) < 128


def set_foot(sheet: Sheet, paper: Paper) -> LayoutProblem | None:
    grid = sheet.grid
    if paper.verification is None:
        sheet.rule(2, before=10, after=6)
    else:
        modules = qr_modules(paper.verification.qr_text)
        if modules is None or modules.shape[0] * grid.qr_module > grid.column:
            return LayoutProblem(LayoutFault.CODE_TOO_LARGE)
        sheet.rule(2, before=10, after=grid.qr_quiet)
        _set_verification(sheet, paper, paper.verification, modules)
    _set_footer(sheet, paper)
    return None


def _set_verification(sheet: Sheet, paper: Paper, verification: Verification, modules: Bits) -> None:
    grid = sheet.grid
    size = modules.shape[0] * grid.qr_module
    beside = sheet.left + size + 28
    if grid.wide and sheet.right - beside >= 8 * grid.label.size:
        sheet.marks.append(Matrix(sheet.left, sheet.y, grid.qr_module, modules))
        bottom = sheet.y + size
        width = sheet.right - beside
        if verification.short_code:
            _set_short_code(sheet, paper, verification.short_code, beside, width)
        else:
            _set_code_words(sheet, paper, beside, width, within=size)
        sheet.y = max(sheet.y, bottom)
        sheet.rule(1, before=24, after=4)
        return
    sheet.marks.append(Matrix(sheet.middle(size), sheet.y, grid.qr_module, modules))
    sheet.y += size + grid.qr_quiet - 4
    if verification.short_code:
        sheet.centred("核验码", grid.label)
        sheet.centred(verification.short_code, grid.code)
    sheet.centred(paper.verification_text, Style(grid.small.face, grid.small.size, 30))
    sheet.rule(1, before=6, after=6)


def _set_short_code(sheet: Sheet, paper: Paper, short_code: str, left: int, width: int) -> None:
    sheet.paragraph("核验码", sheet.grid.label, left, width)
    sheet.paragraph(short_code, sheet.grid.code, left, width)
    sheet.y += 4
    _set_code_words(sheet, paper, left, width)


def _set_code_words(sheet: Sheet, paper: Paper, left: int, width: int, within: int = 0) -> None:
    """In the middle of ``within`` dots where they are fewer."""
    style = Style(sheet.grid.small.face, sheet.grid.small.size, 30)
    lines = sheet.lines(paper.verification_text, style, width)
    sheet.y += max(0, (within - len(lines) * style.line) // 2)
    sheet.stack(lines, style, left)


def _set_footer(sheet: Sheet, paper: Paper) -> None:
    grid = sheet.grid
    printed, terminal = f"打印 {paper.printed_at}", f"终端 {paper.terminal}"
    if grid.wide:
        sheet.pair(printed, terminal, grid.small)
    else:
        sheet.paragraph(printed, grid.small, sheet.left, grid.column)
        sheet.paragraph(terminal, grid.small, sheet.left, grid.column)
    for line in paper.footer:
        sheet.paragraph(line, grid.small, sheet.left, grid.column)
