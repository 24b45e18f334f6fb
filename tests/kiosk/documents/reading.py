"""What a paper says, as a reader meets it."""

from collections.abc import Iterator

from kiosk.domain.paper import Paper


def words(paper: Paper) -> Iterator[str]:
    for text in (paper.hall, paper.marking, paper.issuer, paper.subject, paper.title):
        yield text or ""
    yield "" if paper.number is None else paper.number.value
    for text in (paper.band_text, paper.band_note, paper.key_label, paper.key_fact, paper.key_note, paper.statement):
        yield text or ""
    for group in paper.fields:
        for field in group:
            yield from (field.label, field.value)
    for notes in paper.notes:
        yield from (notes.heading, *notes.sentences)
    if paper.verification is not None:
        yield from (paper.verification.qr_text, paper.verification.short_code)
    yield from (paper.verification_text, *paper.footer, paper.printed_at, paper.terminal)


def text(paper: Paper) -> str:
    return "\n".join(words(paper))


def fields(paper: Paper) -> dict[str, str]:
    return {field.label: field.value for group in paper.fields for field in group}


def sentences(paper: Paper) -> tuple[str, ...]:
    return tuple(sentence for notes in paper.notes for sentence in notes.sentences)
