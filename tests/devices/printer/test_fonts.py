"""A font that is not the measured one is a problem with a remedy, not a different paper."""

from dataclasses import replace
from pathlib import Path

from devices.printer.fonts import FONT_FILES, FontFault, FontProblem, check_fonts


def test_installed_fonts_are_the_measured_ones() -> None:
    assert check_fonts() is None


def test_missing_font(tmp_path: Path) -> None:
    font = replace(FONT_FILES[0], path=tmp_path / "absent.ttc")
    assert check_fonts((font,)) == FontProblem(FontFault.MISSING, font)


def test_other_bytes(tmp_path: Path) -> None:
    path = tmp_path / "other.ttc"
    path.write_bytes(b"not a font")
    problem = check_fonts((replace(FONT_FILES[0], path=path),))
    assert problem is not None
    assert problem.fault is FontFault.DIFFERENT
    assert "fonts-noto-cjk" in problem.remedy
