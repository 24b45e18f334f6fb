"""The screen's typeface: Debian's Noto Sans CJK, loaded by path so that no other version can slip in."""

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

FOLDER = Path("/usr/share/fonts/opentype/noto")
FILES = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")


def load_fonts(family: str, folder: Path = FOLDER) -> tuple[str, ...]:
    """Loads both weights and makes ``family`` the application's font; the file names that could not be loaded."""
    missing = tuple(name for name in FILES if QFontDatabase.addApplicationFont(str(folder / name)) < 0)
    font = QFont(family)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    QGuiApplication.setFont(font)
    return missing
