"""Sets a paper on the grid of a roll: blocks from top to bottom, every distance in dots.

Head (hall and marking, issuer, subject, title, double rule, number), band, key fact or statement, field groups between
dotted rules, notes, code to verify with, footer. The narrow roll is set anew, never scaled: no hall line, numeric
dates, the code in the middle and the footer stacked.
"""

import re
from dataclasses import dataclass

import numpy as np
import zxingcpp

from devices.printer.glyphs import Cell, cells_of
from devices.printer.grid import BOTTOM, TOP, Grid, Style
from devices.printer.line_breaking import Line, Measure, break_lines
from devices.printer.page import Arrow, Bits, Block, Dotted, Glyph, Mark, Matrix, Page, Tick
from kiosk.domain.paper import Band, Paper, PaperField, PaperNotes
from kiosk.domain.receipt_number import Verification

_SPELT_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_ASCENT = 0.88
_TO_WRITE_ON = "＿"
"""A field whose value is nothing but this is filled in by hand."""


@dataclass(frozen=True, slots=True)
class CodeTooLarge:
    """The text of the code does not fit the roll, or any code at all."""


def lay_out(paper: Paper, grid: Grid) -> Page | CodeTooLarge:
    if paper.verification is None:
        return _Sheet(grid).set(paper)
    modules = _qr_modules(paper.verification.qr_text)
    if modules is None or modules.shape[0] * grid.qr_module > grid.column:
        return CodeTooLarge()
    return _Sheet(grid).set(paper, paper.verification, modules)


def _qr_modules(text: str) -> Bits | None:
    """Level M, the smallest version; None when the text is longer than a code can be."""
    try:
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    except ValueError:
        return None
    return np.asarray(code.to_image(scale=1, add_quiet_zones=False)) < 128


class _Sheet:
    """One page being filled from the top; ``_y`` is where the next block starts."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._left = grid.margin
        self._marks: list[Mark] = []
        self._y = TOP

    def set(self, paper: Paper, verification: Verification | None = None, modules: Bits | None = None) -> Page:
        """``modules`` are those of the verification's code; a slip has neither."""
        self._head(paper)
        self._band(paper)
        self._key(paper)
        for group in paper.fields:
            self._dotted()
            for field in group:
                self._field(field)
        self._dotted()
        for index, notes in enumerate(paper.notes):
            self._y += 6 if index else 0
            self._notes(notes)
        if verification is None or modules is None:
            self._rule(2, before=10, after=6)
        else:
            self._rule(2, before=10, after=self._grid.qr_quiet)
            self._verification(paper, verification, modules)
        self._footer(paper)
        return Page(self._grid.width, self._y + BOTTOM, tuple(self._marks))

    # Blocks

    def _head(self, paper: Paper) -> None:
        grid = self._grid
        marking = f"〔{paper.marking}〕" if paper.marking else ""
        if grid.wide:
            self._pair(paper.hall, marking, grid.small)
        elif marking:
            self._centred(marking, grid.small)
        self._y += 4
        self._centred(paper.issuer, grid.issuer)
        self._centred(paper.subject, grid.subject)
        self._title(paper.title)
        self._y += 8 if grid.wide else 4
        self._rule(4, before=0, after=4)
        self._rule(1, before=0, after=6)
        if paper.number is not None:
            self._pair("编号", str(paper.number), grid.small)
        self._y += 8

    def _title(self, title: str) -> None:
        """One line, its characters an em apart (half of it from five on) where the column has the room."""
        style = self._grid.title
        cells = cells_of(title, style)
        natural = sum(cell.advance for cell in cells)
        room = (self._grid.column - natural) // max(1, len(cells) - 1) if len(cells) > 1 else 0
        if room <= 0:
            self._centred(title, style)
            return
        gap = min(style.size if len(cells) <= 4 else style.size // 2, room)
        x, placed = 0, []
        for cell in cells:
            placed.append((x, cell))
            x += cell.advance + gap
        self._put(Line(tuple(placed), x - gap), self._middle(x - gap), style)
        self._y += style.line

    def _band(self, paper: Paper) -> None:
        match paper.band:
            case Band.PASSED:
                self._passed_band(paper)
            case Band.REFERRED:
                self._referred_band(paper)
            case Band.PENDING | Band.INFORMATION:
                self._framed_band(paper, double=paper.band is Band.PENDING)
        self._y += 8

    def _passed_band(self, paper: Paper) -> None:
        grid, style = self._grid, self._grid.band
        disc, air = style.size, style.size * 22 // 56
        lines = self._lines(paper.band_text, style, grid.column - disc - air - 2 * grid.band_padding, balanced=True)
        note = self._lines(paper.band_note or "", grid.label, grid.column - 2 * grid.band_padding, balanced=True)
        height = len(lines) * style.line + len(note) * grid.label.line + 2 * grid.band_padding
        self._marks.append(Block(self._left, self._y, grid.column, height))
        top, self._y = self._y, self._y + grid.band_padding
        width = max((line.width for line in lines), default=0)
        left = self._middle(width + disc + air)
        self._marks.append(Tick(left, self._y + (len(lines) * style.line - disc) // 2, disc))
        for line in lines:
            self._put(line, left + disc + air + (width - line.width) // 2, style, white=True)
            self._y += style.line
        for line in note:
            self._put(line, self._middle(line.width), grid.label, white=True)
            self._y += grid.label.line
        self._y = top + height

    def _framed_band(self, paper: Paper, double: bool) -> None:
        grid = self._grid
        frame = 10 if double else 4
        inside = grid.column - 2 * (frame + 6)
        text = self._lines(paper.band_text, grid.key, inside, balanced=True)
        note = self._lines(paper.band_note or "", grid.label, inside, balanced=True)
        padding = grid.band_padding // 2
        height = len(text) * grid.key.line + len(note) * grid.label.line + 2 * (frame + padding)
        self._frame(self._y, height, 0, 3 if double else 4)
        if double:
            self._frame(self._y, height, 7, 2)
        top, self._y = self._y, self._y + frame + padding
        for style, lines in ((grid.key, text), (grid.label, note)):
            for line in lines:
                self._put(line, self._middle(line.width), style)
                self._y += style.line
        self._y = top + height

    def _referred_band(self, paper: Paper) -> None:
        grid, stroke, tip = self._grid, 4, self._grid.band.size * 3 // 4
        tab = self._lines(paper.band_note or "", grid.tab, grid.column // 3 - 2 * grid.tab_padding, balanced=True)
        tab_width = max((line.width for line in tab), default=0) + 2 * grid.tab_padding if tab else 0
        room = grid.column - tab_width - tip - stroke - 12
        style = self._largest(paper.band_text, room, (grid.band, grid.key, grid.value.bold()))
        lines = self._lines(paper.band_text, style, room, balanced=True)
        height = max(len(lines) * style.line, len(tab) * grid.tab.line, grid.band.line) + 4 * grid.band_padding
        self._marks.append(Arrow(self._left, self._y, grid.column, height, tip, stroke))
        if tab:
            self._marks.append(Block(self._left, self._y, tab_width, height))
        top = self._y
        self._y = top + (height - len(tab) * grid.tab.line) // 2
        for line in tab:
            self._put(line, self._left + (tab_width - line.width) // 2, grid.tab, white=True)
            self._y += grid.tab.line
        self._y = top + (height - len(lines) * style.line) // 2
        for line in lines:
            self._put(line, self._left + tab_width + 6 + (room - line.width) // 2, style)
            self._y += style.line
        self._y = top + height

    def _key(self, paper: Paper) -> None:
        grid = self._grid
        for text, style in ((paper.key_label, grid.label), (paper.key_fact, grid.key), (paper.key_note, grid.label)):
            if text:
                self._centred(text, style)
        if paper.statement:
            style = grid.value.bold()
            for line in self._lines(paper.statement, style, grid.column, balanced=True):
                self._put(line, self._left, style)
                self._y += style.line

    def _field(self, field: PaperField) -> None:
        grid = self._grid
        if field.value and not field.value.strip(_TO_WRITE_ON):
            self._blank(field.label)
            return
        style = grid.value.bold() if field.strong else grid.value
        left = self._left + grid.label_width + grid.label_gap
        top = self._y
        labels = self._label_lines(field.label)
        for line in labels:
            self._put(line, self._left, Style(grid.label.face, grid.label.size, style.line))
            self._y += style.line
        bottom, self._y = self._y, top
        value = field.value if grid.wide else _SPELT_DATE.sub(_numeric, field.value)
        for line in self._lines(value, style, self._left + grid.column - left):
            self._put(line, left, style)
            self._y += style.line
        self._y = max(self._y, bottom, top + style.line)

    def _blank(self, label: str) -> None:
        """A rule to write on, to the column's edge, with room for a hand above it."""
        grid = self._grid
        self._y += grid.writing_room
        baseline = self._y + (grid.value.line - grid.label.size) // 2 + round(_ASCENT * grid.label.size)
        left = self._left + grid.label_width + grid.label_gap
        self._marks.append(Block(left, baseline + 3, self._left + grid.column - left, 1))
        for line in self._label_lines(label):
            self._put(line, self._left, Style(grid.label.face, grid.label.size, grid.value.line))
            self._y += grid.value.line
        self._y += 6

    def _label_lines(self, label: str) -> tuple[Line, ...]:
        """Labels of two and three characters are spread to four em, longer ones break."""
        grid = self._grid
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

    def _notes(self, notes: PaperNotes) -> None:
        grid = self._grid
        if notes.heading:
            self._paragraph(notes.heading, grid.label.bold(), self._left, grid.column)
        if len(notes.sentences) == 1:
            self._paragraph(notes.sentences[0], grid.label, self._left, grid.column)
            return
        for number, sentence in enumerate(notes.sentences, start=1):
            figure = break_lines(cells_of(f"{number}.", grid.label), Measure(grid.column, grid.label.size))[0]
            self._put(figure, self._left, grid.label)
            indent = max(grid.label.size + 4, figure.width + 6)
            top = self._y
            self._paragraph(sentence, grid.label, self._left + indent, grid.column - indent)
            self._y = max(self._y, top + grid.label.line)

    def _verification(self, paper: Paper, verification: Verification, modules: Bits) -> None:
        grid = self._grid
        size = modules.shape[0] * grid.qr_module
        beside = self._left + size + 28
        if grid.wide and self._left + grid.column - beside >= 8 * grid.label.size:
            self._marks.append(Matrix(self._left, self._y, grid.qr_module, modules))
            bottom = self._y + size
            width = self._left + grid.column - beside
            if verification.short_code:
                self._code_text(paper, verification.short_code, beside, width)
            else:
                self._code_words(paper, beside, width, within=size)
            self._y = max(self._y, bottom)
            self._rule(1, before=24, after=4)
            return
        self._marks.append(Matrix(self._middle(size), self._y, grid.qr_module, modules))
        self._y += size + grid.qr_quiet - 4
        if verification.short_code:
            self._centred("核验码", grid.label)
            self._centred(verification.short_code, grid.code)
        self._centred(paper.verification_text, Style(grid.small.face, grid.small.size, 30))
        self._rule(1, before=6, after=6)

    def _code_text(self, paper: Paper, short_code: str, left: int, width: int) -> None:
        grid = self._grid
        self._paragraph("核验码", grid.label, left, width)
        self._paragraph(short_code, grid.code, left, width)
        self._y += 4
        self._code_words(paper, left, width)

    def _code_words(self, paper: Paper, left: int, width: int, within: int = 0) -> None:
        """In the middle of ``within`` dots where they are fewer."""
        style = Style(self._grid.small.face, self._grid.small.size, 30)
        lines = self._lines(paper.verification_text, style, width)
        self._y += max(0, (within - len(lines) * style.line) // 2)
        for line in lines:
            self._put(line, left, style)
            self._y += style.line

    def _footer(self, paper: Paper) -> None:
        grid = self._grid
        printed, terminal = f"打印 {paper.printed_at}", f"终端 {paper.terminal}"
        if grid.wide:
            self._pair(printed, terminal, grid.small)
        else:
            self._paragraph(printed, grid.small, self._left, grid.column)
            self._paragraph(terminal, grid.small, self._left, grid.column)
        for line in paper.footer:
            self._paragraph(line, grid.small, self._left, grid.column)

    # Lines

    def _pair(self, left: str, right: str, style: Style) -> None:
        """Two texts on one line, to the left and right edges; under each other where they would meet."""
        grid = self._grid
        lefts, rights = (self._lines(text, style, grid.column) for text in (left, right))
        one_line = len(lefts) <= 1 and len(rights) <= 1
        if one_line and sum(line.width for line in (*lefts, *rights)) + style.size <= grid.column:
            for line in lefts:
                self._put(line, self._left, style)
            for line in rights:
                self._put(line, self._left + grid.column - line.width, style)
            self._y += style.line
            return
        for line in lefts:
            self._put(line, self._left, style)
            self._y += style.line
        for line in rights:
            self._put(line, self._left + grid.column - line.width, style)
            self._y += style.line

    def _centred(self, text: str, style: Style) -> None:
        for line in self._lines(text, style, self._grid.column, balanced=True):
            self._put(line, self._middle(line.width), style)
            self._y += style.line

    def _paragraph(self, text: str, style: Style, left: int, width: int) -> None:
        for line in break_lines(cells_of(text, style), Measure(width, style.size, justify=True)):
            self._put(line, left, style)
            self._y += style.line

    def _lines(self, text: str, style: Style, width: int, balanced: bool = False) -> tuple[Line, ...]:
        return break_lines(cells_of(text, style), Measure(width, style.size, balanced=balanced))

    def _largest(self, text: str, width: int, styles: tuple[Style, ...]) -> Style:
        """The first style that sets the text in one line, else the last."""
        return next((style for style in styles if len(self._lines(text, style, width)) <= 1), styles[-1])

    def _put(self, line: Line, left: int, style: Style, white: bool = False) -> None:
        baseline = self._y + (style.line - style.size) // 2 + round(_ASCENT * style.size)
        self._marks.extend(Glyph(left + x, baseline, cell, white) for x, cell in line.cells if _has_ink(cell))

    def _middle(self, width: int) -> int:
        return self._left + (self._grid.column - width) // 2

    # Rules

    def _rule(self, height: int, before: int, after: int) -> None:
        self._marks.append(Block(self._left, self._y + before, self._grid.column, height))
        self._y += before + height + after

    def _dotted(self) -> None:
        self._marks.append(Dotted(self._left, self._y + 10, self._grid.column))
        self._y += 19

    def _frame(self, top: int, height: int, inset: int, stroke: int) -> None:
        left, width = self._left + inset, self._grid.column - 2 * inset
        top, height = top + inset, height - 2 * inset
        self._marks.extend(
            (
                Block(left, top, width, stroke),
                Block(left, top + height - stroke, width, stroke),
                Block(left, top, stroke, height),
                Block(left + width - stroke, top, stroke, height),
            )
        )


def _numeric(date: re.Match[str]) -> str:
    year, month, day = date.groups()
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _has_ink(cell: Cell) -> bool:
    return not cell.is_space
