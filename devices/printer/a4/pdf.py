"""From a paper to a PDF of A4 sheets."""

from devices.printer.a4.drawing import PdfDocument, pdf_of_marks
from devices.printer.a4.layout import lay_out_a4
from devices.printer.fonts import FontProblem, load_fonts
from devices.printer.page import LayoutProblem
from kiosk.domain.paper import Paper


def paper_pdf(paper: Paper) -> PdfDocument | FontProblem | LayoutProblem:
    """Needs a QGuiApplication; runs on any thread. The PDF names its kind, and no person, as its title."""
    problem = load_fonts()
    if problem is not None:
        return problem
    pages = lay_out_a4(paper)
    return pages if isinstance(pages, LayoutProblem) else pdf_of_marks(pages, paper.title or paper.hall)
