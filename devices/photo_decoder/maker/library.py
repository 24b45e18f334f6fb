"""Whether a file can be a shared library for this processor, by its ELF header."""

import sys
from pathlib import Path

MISSING = "library-missing"
NOT_A_LIBRARY = "not-a-library"
OTHER_PROCESSOR = "wrong-architecture"

_MAGIC = b"\x7fELF"
_SHARED_OBJECT = 3
_HEADER_BYTES = 20


def trouble_with(library: Path, own_program: Path = Path(sys.executable)) -> str | None:
    """A word, or None when ``library`` is built for the processor that ``own_program`` runs on."""
    header = _header(library)
    if header is None:
        return MISSING
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES or _number(header, 16) != _SHARED_OBJECT:
        return NOT_A_LIBRARY
    return None if _processor(header) == _processor(_header(own_program) or b"") else OTHER_PROCESSOR


def _header(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_HEADER_BYTES)
    except OSError:
        return None


def _number(header: bytes, at: int) -> int:
    return int.from_bytes(header[at : at + 2], "big" if header[5] == 2 else "little")


def _processor(header: bytes) -> tuple[bytes, int]:
    """Word size and byte order, and the machine's number."""
    return header[4:6], _number(header, 18)
