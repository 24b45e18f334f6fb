"""A printed paper as data: what it says, from top to bottom, without any layout."""

from dataclasses import dataclass, field
from enum import Enum

from kiosk.domain.receipt_number import ReceiptNumber, Verification


class Band(Enum):
    """The shape that tells the outcome without reading (solid black, double frame, black tab, plain frame)."""

    PASSED = "passed"
    PENDING = "pending"
    REFERRED = "referred"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class PaperField:
    """One labelled line; ``strong`` sets the value in bold."""

    label: str
    value: str = field(repr=False)
    strong: bool = False


@dataclass(frozen=True, slots=True)
class PaperNotes:
    """Sentences under one heading, numbered from 1 where they are several."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One receipt (回执), or an information slip without number and code.

    ``marking`` is the bracketed word top right (演示 on a training terminal). ``band_note`` is the line under the
    band's words; a REFERRED band sets it in its black tab. ``key_label``, ``key_fact`` and ``key_note`` are the one
    thing to remember, ``statement`` is a bold sentence in its place. Each group of ``fields`` stands between dotted
    rules. ``footer`` holds the closing lines after time of printing and terminal.
    """

    hall: str
    marking: str | None
    issuer: str
    subject: str
    title: str
    number: ReceiptNumber | None
    band: Band
    band_text: str
    band_note: str | None
    key_label: str | None
    key_fact: str | None
    key_note: str | None
    statement: str | None
    fields: tuple[tuple[PaperField, ...], ...]
    notes: tuple[PaperNotes, ...]
    verification: Verification | None
    verification_text: str
    footer: tuple[str, ...]
    printed_at: str
    terminal: str
