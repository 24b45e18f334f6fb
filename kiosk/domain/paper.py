"""A printed paper as data: what it says, block by block from top to bottom, without any layout.

Head, blocks and foot say the same on a roll of 58 mm, a roll of 80 mm and a sheet of A4; each of these sets them in its
own way. ``kind`` of a block is its name in a JSON document.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeVar

from kiosk.domain.receipt_number import ReceiptNumber, Verification


class Band(Enum):
    """The shape that tells the outcome without reading (solid black, double frame, black tab, plain frame)."""

    PASSED = "passed"
    PENDING = "pending"
    REFERRED = "referred"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class PaperField:
    """One labelled line; ``strong`` sets the value in bold. A value of nothing but ＿ is filled in by hand."""

    label: str
    value: str = field(repr=False)
    strong: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeBand:
    """What came of it. ``note`` is the line under ``text``; a REFERRED band sets it in its black tab. ``fact`` is a
    bold line below both (the second from which a loss counts)."""

    shape: Band
    text: str
    note: str | None = None
    fact: str | None = None
    kind: Literal["band"] = "band"


@dataclass(frozen=True, slots=True)
class KeyFact:
    """The one thing to remember: ``label`` over a large ``fact``, ``second`` smaller below it, then ``note``."""

    label: str | None
    fact: str | None
    note: str | None
    second: str | None = None
    kind: Literal["key"] = "key"


@dataclass(frozen=True, slots=True)
class Statement:
    """A bold sentence across the column."""

    text: str
    kind: Literal["statement"] = "statement"


@dataclass(frozen=True, slots=True)
class Body:
    """Running text of the size of values; ``indent`` sets its first line in by two characters."""

    text: str = field(repr=False)
    heading: str | None = None
    indent: bool = False
    kind: Literal["body"] = "body"


@dataclass(frozen=True, slots=True)
class Caution:
    """What must not be overlooked: bold, with a bar on its left."""

    text: str
    kind: Literal["caution"] = "caution"


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Labelled lines that belong together."""

    fields: tuple[PaperField, ...]
    kind: Literal["fields"] = "fields"


@dataclass(frozen=True, slots=True)
class PaperNotes:
    """Sentences under one heading, numbered from 1 where they are several."""

    heading: str
    sentences: tuple[str, ...]
    kind: Literal["notes"] = "notes"


class Align(Enum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` is the column's share of the table's width, in any unit common to the table. On the 58 mm roll
    ``narrow_title`` (``title`` where None) and ``narrow_width`` count; a column of narrow width 0 is left out there."""

    title: str
    width: int
    narrow_width: int
    align: Align = Align.LEFT
    narrow_title: str | None = None


Row = tuple[str, ...]
"""One cell a column, as printed."""


@dataclass(frozen=True, slots=True)
class SumRow:
    """A line of sums. ``label`` and, where there is room, ``count`` (24个月) stand in the first cell and over the empty
    ones after it; ``cells`` has one cell a column, the first of them empty."""

    label: str
    count: str
    cells: Row = field(repr=False)


@dataclass(frozen=True, slots=True)
class RowPart:
    """Rows between which no page breaks (a quarter). ``carried`` are the sums from the table's first row to the last of
    these (过次页 and 承前页), None in a table that carries none."""

    rows: tuple[Row, ...] = field(repr=False)
    carried: SumRow | None = None


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A year of rows. The 58 mm roll gives ``title`` a row of its own and leaves ``stem`` (2025-) out of the first
    cells below it. Without title and stem the rows stand alone."""

    title: str
    stem: str
    parts: tuple[RowPart, ...]
    subtotal: SumRow | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """``unit`` stands over the table (金额单位：元), ``closing`` below it: what all of it comes to. ``ruled`` draws a
    rule between all rows; otherwise rules stand between groups and dotted ones between parts.

    ``ValueError``: no column, or a row that has not one cell a column.
    """

    columns: tuple[Column, ...]
    groups: tuple[RowGroup, ...]
    unit: str | None = None
    total: SumRow | None = None
    closing: tuple[PaperField, ...] = ()
    ruled: bool = False
    kind: Literal["table"] = "table"

    def __post_init__(self) -> None:
        if not self.columns or any(len(row) != len(self.columns) for row in self._every_row()):
            raise ValueError("a table needs one cell a column in every row")

    def _every_row(self) -> Iterator[Row]:
        sums = [self.total]
        for group in self.groups:
            sums.append(group.subtotal)
            for part in group.parts:
                sums.append(part.carried)
                yield from part.rows
        yield from (row.cells for row in sums if row is not None)


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A material: ``ticked`` has been checked, ``copies`` (1份) stands on the right, ``source`` (where it comes from)
    below."""

    name: str
    copies: str
    source: str
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    items: tuple[ChecklistItem, ...]
    kind: Literal["checklist"] = "checklist"


@dataclass(frozen=True, slots=True)
class Seal:
    """A picture of a seal: ``body`` along the ring, a star, ``purpose`` (证明专用章) across, ``lower`` (样章) below."""

    body: str
    purpose: str
    lower: str = ""


@dataclass(frozen=True, slots=True)
class SealedClosing:
    """``issuer`` under ``label`` (出具机构（盖章）) on the left, on the right the seal, crossed by ``date`` alone."""

    label: str
    issuer: str
    date: str
    seal: Seal
    kind: Literal["sealed"] = "sealed"


@dataclass(frozen=True, slots=True)
class Signatures:
    """One line to sign on for each label."""

    labels: tuple[str, ...]
    kind: Literal["signatures"] = "signatures"


@dataclass(frozen=True, slots=True)
class QueueNumber:
    """``heading`` (预约取号) over the largest number of all, ``subject`` below it."""

    heading: str
    number: str
    subject: str
    kind: Literal["queue-number"] = "queue-number"


@dataclass(frozen=True, slots=True)
class ReprintMark:
    """Framed 补打件·第N次: ``count`` is N, at least 1; ``lines`` stand below it."""

    count: int
    lines: tuple[str, ...]
    kind: Literal["reprint"] = "reprint"


@dataclass(frozen=True, slots=True)
class VoidMark:
    """``text`` (已作废) in a hatched band."""

    text: str
    kind: Literal["void"] = "void"


@dataclass(frozen=True, slots=True)
class EndMark:
    """以下空白: nothing may be written below it."""

    text: str
    kind: Literal["end"] = "end"


Block = (
    OutcomeBand
    | KeyFact
    | Statement
    | Body
    | Caution
    | FieldGroup
    | PaperNotes
    | Table
    | Checklist
    | SealedClosing
    | Signatures
    | QueueNumber
    | ReprintMark
    | VoidMark
    | EndMark
)

_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class Paper:
    """One document, from a certificate to an information slip without number and code.

    ``marking`` is the bracketed word top right (演示 on a training terminal). Empty ``issuer``, ``subject`` and
    ``title`` have no line; a paper without title bears the hall's name in its place. ``footer`` holds the closing lines
    after time of printing and terminal.
    """

    hall: str
    marking: str | None
    issuer: str
    subject: str
    title: str
    number: ReceiptNumber | None
    blocks: tuple[Block, ...]
    verification: Verification | None
    verification_text: str
    footer: tuple[str, ...]
    printed_at: str
    terminal: str

    def number_as(self, job: str) -> ReceiptNumber | None:
        """The number that stands and falls with this paper printed as ``job``: a copy is another job, and leaves it to
        the first paper."""
        return self.number if self.number is not None and self.number.value == job else None

    def every(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        """The blocks of one kind, from the top."""
        return tuple(block for block in self.blocks if isinstance(block, kind))
