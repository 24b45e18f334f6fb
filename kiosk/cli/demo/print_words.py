"""Reads words off a printed paper: set as the printer driver sets them, they must stand on its picture dot by dot."""

from dataclasses import fields
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from devices.printer.fonts import load_fonts
from devices.printer.glyphs import cells_of
from devices.printer.grid import GRID_80, Style
from devices.printer.page import Block, Glyph, Page
from devices.printer.rasterise import rasterise

Dots = npt.NDArray[np.uint8]
"""Shape (rows, dots): 1 is black."""

_DARK = 128


def words_missing(papers: tuple[Path, ...], words: list[str]) -> tuple[str, ...]:
    """Those of ``words`` that stand on none of ``papers`` within one line. Needs a QGuiApplication; justified lines
    and spread labels are out of its sight."""
    load_fonts()
    pictures = [_dots(paper) for paper in papers]
    return tuple(word for word in words if not any(_stands_on(picture, word) for picture in pictures))


def _stands_on(picture: Dots, words: str) -> bool:
    return any(_found(picture, _set(words, style, white)) for style in _styles() for white in (False, True))


def _found(picture: Dots, line: Dots) -> bool:
    """An exact match of all dots; the transform behind the search is a little off the whole number."""
    if line.shape[0] > picture.shape[0] or line.shape[1] > picture.shape[1]:
        return False
    return bool(cv2.matchTemplate(picture, line, cv2.TM_SQDIFF).min() < 0.5)


def _dots(paper: Path) -> Dots:
    picture = cv2.imread(str(paper), cv2.IMREAD_GRAYSCALE)
    assert picture is not None, f"{paper} is no picture"
    return (picture < _DARK).astype(np.uint8)


@lru_cache
def _styles() -> tuple[Style, ...]:
    plain = [style for each in fields(GRID_80) if isinstance(style := getattr(GRID_80, each.name), Style)]
    return tuple(dict.fromkeys((*plain, *(style.bold() for style in plain))))


@lru_cache
def _set(words: str, style: Style, white: bool) -> Dots:
    """The words in one line, black or ``white`` on black, cut to their own dots."""
    x, glyphs = 0, []
    for cell in cells_of(words, style):
        glyphs.append(Glyph(x, style.size, cell, white))
        x += cell.advance
    height = style.size + style.line
    ground = (Block(0, 0, x, height),) if white else ()
    dots = rasterise(Page(x, height, (*ground, *glyphs)))
    ink = dots != white
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return dots[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.uint8)
