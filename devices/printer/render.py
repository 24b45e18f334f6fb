"""From a paper to the dots of a roll."""

from typing import Literal

from devices.printer.fonts import FontProblem, load_fonts
from devices.printer.grid import GRID_58, GRID_80, Grid
from devices.printer.layout import lay_out
from devices.printer.layout_strips import lay_out_strips
from devices.printer.page import Bits, LayoutProblem
from devices.printer.rasterise import rasterise
from kiosk.domain.paper import Paper

RollWidth = Literal[80, 58]
"""Millimetres of the paper roll."""


def render(paper: Paper, paper_width: RollWidth) -> Bits | FontProblem | LayoutProblem:
    """Shape (rows, 576) for 80 mm, (rows, 384) for 58 mm. Needs a QGuiApplication; runs on any thread."""
    problem = load_fonts()
    if problem is not None:
        return problem
    page = lay_out(paper, _grid(paper_width))
    return page if isinstance(page, LayoutProblem) else rasterise(page)


def render_strips(paper: Paper, paper_width: RollWidth) -> tuple[Bits, ...] | FontProblem | LayoutProblem:
    """As ``render``, but a table longer than a presenter takes goes on on further strips: cut between them."""
    problem = load_fonts()
    if problem is not None:
        return problem
    pages = lay_out_strips(paper, _grid(paper_width))
    return pages if isinstance(pages, LayoutProblem) else tuple(rasterise(page) for page in pages)


def _grid(paper_width: RollWidth) -> Grid:
    return GRID_80 if paper_width == 80 else GRID_58
