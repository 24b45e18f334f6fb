"""Searches files for people: whatever says who was at the terminal, and pictures, outside sealed envelopes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.sandbox import SandboxPerson
from kiosk.cli.demo import evidence

ENCODINGS = ("utf-8", "gb18030", "utf-16-le")
"""GB 18030 writes every character of GBK as GBK does."""

PICTURES = (b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xdb", b"\x89PNG\r\n\x1a\n")
"""How JPEG and PNG files begin, long enough not to come about by chance in a sealed envelope."""


@dataclass(frozen=True, slots=True)
class Searched:
    """``traces`` are ``file: what``; ``sealed_case`` says that a case lay sealed in one of the files."""

    files: int
    size: int
    sealed_case: bool
    traces: tuple[str, ...]


def search(folder: Path, not_ours: Iterable[str], people: tuple[SandboxPerson, ...], phones: Iterable[str]) -> Searched:
    """Every file below ``folder`` but those that match a pattern of ``not_ours``."""
    others = {file for pattern in not_ours for file in folder.rglob(pattern)}
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file not in others)
    needles = tuple(_needles(phones))
    sealed, traces, size = False, set[str](), 0
    for file in files:
        content, found = file.read_bytes(), evidence.search([file], people)
        sealed |= found.sealed_case
        more = (f"{file.name}: {what}" for what, needle in needles if needle in content)
        traces |= {*found.traces, *more}
        size += len(content)
    return Searched(len(files), size, sealed, tuple(sorted(traces)))


def _needles(phones: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for phone in phones:
        for encoding in ENCODINGS:
            yield "phone", phone.encode(encoding)
    for mark in PICTURES:
        yield "picture", mark
