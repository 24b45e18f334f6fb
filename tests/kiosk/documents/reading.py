"""What a paper says, as a reader meets it."""

from collections.abc import Iterator
from dataclasses import fields as members
from dataclasses import is_dataclass
from enum import Enum

from kiosk.domain.paper import Paper


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
    return {field.label: field.value for group in paper.fields for field in group}


def sentences(paper: Paper) -> tuple[str, ...]:
    return tuple(sentence for notes in paper.notes for sentence in notes.sentences)
