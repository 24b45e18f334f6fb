"""The head of a rolled paper: hall and marking, issuer, subject, title, double rule, number."""

from devices.printer.glyphs import cells_of
from devices.printer.layout_sheet import Sheet
from devices.printer.line_breaking import Line
from kiosk.domain.paper import FieldGroup, Paper

_SPREAD, _HALF_SPREAD = 4, 6
"""Titles of at most so many characters are spread by an em, by half of it."""


def set_head(sheet: Sheet, paper: Paper) -> None:
    """The narrow roll has no hall line, unless the hall stands in the title's place."""
    grid = sheet.grid
    marking = f"〔{paper.marking}〕" if paper.marking else ""
    if grid.wide and paper.title:
        sheet.pair(paper.hall, marking, grid.small)
    elif marking:
        sheet.centred(marking, grid.small)
    sheet.y += 4
    sheet.centred(paper.issuer, grid.issuer)
    sheet.centred(paper.subject, grid.subject)
    if paper.title:
        _set_title(sheet, paper.title)
    else:
        sheet.centred(paper.hall, grid.subject)
    sheet.y += 8 if grid.wide else 4
    sheet.rule(4, before=0, after=4)
    sheet.rule(1, before=0, after=6)
    if paper.number is not None:
        sheet.pair("编号", str(paper.number), grid.small)
    sheet.y += 8


def _set_title(sheet: Sheet, title: str) -> None:
    """One line, its characters apart where the column has the room."""
    style, column = sheet.grid.title, sheet.grid.column
    cells = cells_of(title, style)
    natural = sum(cell.advance for cell in cells)
    room = (column - natural) // max(1, len(cells) - 1) if 1 < len(cells) <= _HALF_SPREAD else 0
    if room <= 0:
        sheet.centred(title, style)
        return
    gap = min(style.size if len(cells) <= _SPREAD else style.size // 2, room)
    x, placed = 0, []
    for cell in cells:
        placed.append((x, cell))
        x += cell.advance + gap
    sheet.put(Line(tuple(placed), x - gap), sheet.middle(x - gap), style)
    sheet.y += style.line


def set_continued_head(sheet: Sheet, paper: Paper, page: str) -> None:
    """Of a further strip: whose it is and where it belongs, should the strips be parted."""
    grid = sheet.grid
    sheet.centred(f"{paper.subject}{paper.title}", grid.subject)
    number = "" if paper.number is None else f"编号 {paper.number}"
    if grid.wide:
        sheet.pair(number, page, grid.small)
    else:
        sheet.paragraph(number, grid.small, sheet.left, grid.column)
        sheet.paragraph(page, grid.small, sheet.left, grid.column)
    name = next(
        (field.value for group in paper.every(FieldGroup) for field in group.fields if field.label == "姓名"), ""
    )
    code = paper.verification.short_code if paper.verification is not None else ""
    words = "　".join(word for word in (name, f"核验码 {code}" if code else "") if word)
    sheet.paragraph(words, grid.small, sheet.left, grid.column)
