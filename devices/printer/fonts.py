"""The fonts of printed papers: Debian's files, by path, and only the very bytes the papers were measured with."""

import hashlib
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

from PySide6.QtGui import QFontDatabase


@dataclass(frozen=True, slots=True)
class FontFile:
    """``family`` is the one of the file's families that papers use; ``package`` is the Debian package holding it."""

    path: Path
    sha256: str
    family: str
    package: str


_NOTO = Path("/usr/share/fonts/opentype/noto")
_HANAZONO = Path("/usr/share/fonts/truetype/hanazono")

SANS = "Noto Sans CJK SC"
SERIF = "Noto Serif CJK SC"
RARE = "HanaMinB"

FONT_FILES = (
    FontFile(
        _NOTO / "NotoSansCJK-Regular.ttc",
        "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a",
        SANS,
        "fonts-noto-cjk",
    ),
    FontFile(
        _NOTO / "NotoSansCJK-Bold.ttc",
        "faa5f3656a78b2e2d450d27fe8382c778bc2b6bb5ea29c986664a6a435056ceb",
        SANS,
        "fonts-noto-cjk",
    ),
    FontFile(
        _NOTO / "NotoSerifCJK-Bold.ttc",
        "a5d4b046c127da3d7c72f98b46c41489cd29bf52abfdf18aba920903e920d4ac",
        SERIF,
        "fonts-noto-cjk",
    ),
    FontFile(
        _HANAZONO / "HanaMinB.ttf",
        "829543436cdf7b4c6730e2af5806fa406f8ddf0d4b656e0cd49c58d4db1c8d3c",
        RARE,
        "fonts-hanazono",
    ),
)


class FontFault(Enum):
    MISSING = "font-missing"
    DIFFERENT = "font-different"
    UNUSABLE = "font-unusable"


@dataclass(frozen=True, slots=True)
class FontProblem:
    """A font file that papers cannot be printed with."""

    fault: FontFault
    font: FontFile

    @property
    def remedy(self) -> str:
        return f"reinstall the Debian package {self.font.package} ({self.font.path.name})"


def check_fonts(files: tuple[FontFile, ...] = FONT_FILES) -> FontProblem | None:
    """None when every file is there with the right bytes. Reads some 100 MB the first time, then only looks."""
    for font in files:
        if not font.path.is_file():
            return FontProblem(FontFault.MISSING, font)
        if _sha256(font.path, *_stamp(font.path)) != font.sha256:
            return FontProblem(FontFault.DIFFERENT, font)
    return None


def load_fonts(files: tuple[FontFile, ...] = FONT_FILES) -> FontProblem | None:
    """Checks ``files`` and registers them with Qt, once a process while they do not change. Needs a QGuiApplication."""
    problem = check_fonts(files)
    if problem is not None:
        return problem
    return next((FontProblem(FontFault.UNUSABLE, font) for font in files if not _register(font)), None)


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


@lru_cache(maxsize=16)
def _sha256(path: Path, size: int, changed_ns: int) -> str:  # noqa: ARG001
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=16)
def _register(font: FontFile) -> bool:
    number = QFontDatabase.addApplicationFont(str(font.path))
    return font.family in QFontDatabase.applicationFontFamilies(number)
