"""Blocks of text on a rolled paper: key fact, statement, running text, fields, notes, number in a queue."""

from devices.printer.glyphs import cells_of
from devices.printer.grid import Style
from devices.printer.layout_sheet import Sheet
from devices.printer.line_breaking import Line, Measure, break_lines
from devices.printer.page import Block
from kiosk.domain.paper import (
    Body,
    Caution,
    EndMark,
    FieldGroup,
    KeyFact,
    PaperField,
    PaperNotes,
    QueueNumber,
    Statement,
)

_TO_WRITE_ON = "＿"
"""A field whose value is nothing but this is filled in by hand."""

_BAR, _BAR_GAP = 6, 14


def set_key_fact(sheet: Sheet, key: KeyFact) -> None:
    grid = sheet.grid
    for text, style in (
        (key.label, grid.label),
        (key.fact, grid.key),
        (key.second, grid.tab),
        (key.note, grid.label),
    ):
        if text:
            sheet.centred(text, style)


def set_statement(sheet: Sheet, statement: Statement) -> None:
    style = sheet.grid.value.bold()
    sheet.stack(sheet.lines(statement.text, style, sheet.grid.column, balanced=True), style)


def set_body(sheet: Sheet, body: Body) -> None:
    style, label = sheet.grid.value, sheet.grid.label
    if body.heading:
        sheet.paragraph(body.heading, label.bold(), sheet.left, sheet.grid.column)
    indent = 2 * style.size if body.indent else 0
    measure = Measure(sheet.grid.column, style.size, justify=True, indent=indent)
    lines = break_lines(cells_of(body.text, style), measure)
    sheet.stack(lines[:1], style, sheet.left + indent)
    sheet.stack(lines[1:], style)


def set_caution(sheet: Sheet, caution: Caution) -> None:
    style = sheet.grid.value.bold()
    top = sheet.y
    sheet.y += 4
    sheet.paragraph(caution.text, style, sheet.left + _BAR + _BAR_GAP, sheet.grid.column - _BAR - _BAR_GAP)
    sheet.y += 4
    sheet.marks.append(Block(sheet.left, top, _BAR, sheet.y - top))


def set_queue_number(sheet: Sheet, queue: QueueNumber) -> None:
    """The number in the largest size in which it is one line."""
    grid = sheet.grid
    sheet.centred(queue.heading, grid.tab)
    sheet.centred(queue.number, sheet.largest(queue.number, grid.column, (grid.queue, grid.band, grid.key, grid.tab)))
    sheet.centred(queue.subject, grid.tab)
    sheet.rule(2, before=8, after=6)


def set_end(sheet: Sheet, end: EndMark) -> None:
    sheet.centred(end.text, sheet.grid.label)


def set_fields(sheet: Sheet, group: FieldGroup) -> None:
    for field in group.fields:
        if field.value and not field.value.strip(_TO_WRITE_ON):
            set_blank(sheet, field.label)
        else:
            set_field(sheet, field)


def set_field(sheet: Sheet, field: PaperField) -> None:
    grid = sheet.grid
    style = grid.value.bold() if field.strong else grid.value
    left = sheet.left + grid.label_width + grid.label_gap
    top = sheet.y
    sheet.stack(_label_lines(sheet, field.label), Style(grid.label.face, grid.label.size, style.line))
    bottom, sheet.y = sheet.y, top
    sheet.stack(sheet.lines(sheet.dated(field.value), style, sheet.right - left), style, left)
    sheet.y = max(sheet.y, bottom, top + style.line)


def set_blank(sheet: Sheet, label: str) -> None:
    """A rule to write on, to the column's edge, with room for a hand above it."""
    grid = sheet.grid
    sheet.y += grid.writing_room
    style = Style(grid.label.face, grid.label.size, grid.value.line)
    left = sheet.left + grid.label_width + grid.label_gap
    sheet.marks.append(Block(left, sheet.baseline(style) + 3, sheet.right - left, 1))
    sheet.stack(_label_lines(sheet, label), style)
    sheet.y += 6


def _label_lines(sheet: Sheet, label: str) -> tuple[Line, ...]:
    """Labels of two and three characters are spread to four em, longer ones break."""
    grid = sheet.grid
    cells = cells_of(label, grid.label)
    natural = sum(cell.advance for cell in cells)
    if not 2 <= len(cells) <= 3 or natural >= grid.label_width:
        return break_lines(cells, Measure(grid.label_width, grid.label.size))
    gap = (grid.label_width - natural) / (len(cells) - 1)
    x, placed = 0, []
    for index, cell in enumerate(cells):
        placed.append((x + round(index * gap), cell))
        x += cell.advance
    return (Line(tuple(placed), grid.label_width),)


def set_notes(sheet: Sheet, notes: PaperNotes) -> None:
    label = sheet.grid.label
    if notes.heading:
        sheet.paragraph(notes.heading, label.bold(), sheet.left, sheet.grid.column)
    if len(notes.sentences) == 1:
        sheet.paragraph(notes.sentences[0], label, sheet.left, sheet.grid.column)
        return
    for number, sentence in enumerate(notes.sentences, start=1):
        figure = break_lines(cells_of(f"{number}.", label), Measure(sheet.grid.column, label.size))[0]
        sheet.put(figure, sheet.left, label)
        indent = max(label.size + 4, figure.width + 6)
        top = sheet.y
        sheet.paragraph(sentence, label, sheet.left + indent, sheet.grid.column - indent)
        sheet.y = max(sheet.y, top + label.line)
