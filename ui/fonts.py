"""The screen's typeface: Debian's Noto Sans CJK, loaded by path so that no other version can slip in."""

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

FILES = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"),
)


def load_fonts(family: str) -> None:
    """Loads both weights and makes ``family``, unhinted, the application's font. ``kiosk doctor`` checks the files."""
    for file in FILES:
        QFontDatabase.addApplicationFont(str(file))
    font = QFont(family)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    QGuiApplication.setFont(font)
