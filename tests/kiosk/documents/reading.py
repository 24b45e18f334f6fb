"""What a paper says, as a reader meets it."""

from collections.abc import Iterator
from dataclasses import fields as members
from dataclasses import is_dataclass
from enum import Enum

from kiosk.domain.paper import Band, FieldGroup, KeyFact, OutcomeBand, Paper, PaperField, PaperNotes, Statement


def words(paper: Paper) -> Iterator[str]:
    for text in (paper.hall, paper.marking, paper.issuer, paper.subject, paper.title):
        yield text or ""
    yield "" if paper.number is None else paper.number.value
    for block in paper.blocks:
        yield from _strings(block)
    if paper.verification is not None:
        yield from (paper.verification.qr_text, paper.verification.short_code)
    yield from (paper.verification_text, *paper.footer, paper.printed_at, paper.terminal)


def _strings(said: object) -> Iterator[str]:
    """Every text inside a block, the name of its kind left out."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, tuple):
        for part in said:
            yield from _strings(part)
    elif is_dataclass(said) and not isinstance(said, Enum):
        for member in members(said):
            if member.name != "kind":
                yield from _strings(getattr(said, member.name))


def text(paper: Paper) -> str:
    return "\n".join(words(paper))


def fields(paper: Paper) -> dict[str, str]:
    return {field.label: field.value for group in groups(paper) for field in group}


def groups(paper: Paper) -> tuple[tuple[PaperField, ...], ...]:
    return tuple(block.fields for block in paper.every(FieldGroup))


def notes(paper: Paper) -> tuple[PaperNotes, ...]:
    return paper.every(PaperNotes)


def sentences(paper: Paper) -> tuple[str, ...]:
    return tuple(sentence for block in notes(paper) for sentence in block.sentences)


def band(paper: Paper) -> Band | None:
    """The shape of the first band."""
    return next((block.shape for block in paper.every(OutcomeBand)), None)


def band_text(paper: Paper) -> str:
    return next((block.text for block in paper.every(OutcomeBand)), "")


def band_note(paper: Paper) -> str | None:
    return next((block.note for block in paper.every(OutcomeBand)), None)


def headline(paper: Paper) -> tuple[Band | None, str, str | None]:
    """The first band and the key fact: what is read from a step away."""
    return band(paper), band_text(paper), key_fact(paper)


def key_label(paper: Paper) -> str | None:
    return next((block.label for block in paper.every(KeyFact)), None)


def key_fact(paper: Paper) -> str | None:
    return next((block.fact for block in paper.every(KeyFact)), None)


def key_note(paper: Paper) -> str | None:
    return next((block.note for block in paper.every(KeyFact)), None)


def statement(paper: Paper) -> str | None:
    return next((block.text for block in paper.every(Statement)), None)
