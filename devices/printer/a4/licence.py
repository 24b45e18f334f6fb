"""Licences (电子证照) that the platform supplies as PDF: dots for an A4 printer, laid out by whoever issued them.

They go to paper as pictures: the printer needs none of their fonts, and scripts, forms and attachments stay behind.
A roll gets such a licence laid out anew from its data: an A4 page shrunk to 72 mm cannot be read.
"""

import threading
from dataclasses import dataclass
from typing import Literal

import pypdfium2  # type: ignore[import-untyped]
from PySide6.QtGui import QImage

from devices.printer.a4.drawing import PdfDocument, pdf_of_pictures

_one_at_a_time = threading.Lock()
"""PDFium keeps state of its own and is not made for threads."""
_MOST_PAGES = 20
_POINTS_PER_INCH = 72
_LONGEST_INCHES = 17.0
"""A3 and no more: a page of metres would ask for gigabytes of dots."""


@dataclass(frozen=True, slots=True)
class UnreadablePdf:
    """No PDF, one that asks for a password, one without pages, or one too long or too large for the counter."""


def licence_pdf(supplied: bytes, dpi: Literal[203, 300] = 300) -> PdfDocument | UnreadablePdf:
    """One sheet a page, grey, ``dpi`` dots an inch of the page as supplied. Needs a QGuiApplication."""
    with _one_at_a_time:
        pictures = _pictures(supplied, dpi)
    return pictures if isinstance(pictures, UnreadablePdf) else pdf_of_pictures(pictures, "电子证照")


def _pictures(supplied: bytes, dpi: int) -> list[QImage] | UnreadablePdf:
    try:
        document = pypdfium2.PdfDocument(supplied)
    except pypdfium2.PdfiumError:
        return UnreadablePdf()
    try:
        sizes = [document.get_page_size(index) for index in range(len(document))]
        if not 1 <= len(sizes) <= _MOST_PAGES or max(map(max, sizes)) > _LONGEST_INCHES * _POINTS_PER_INCH:
            return UnreadablePdf()
        document.init_forms()
        return [_picture(page, dpi) for page in document]
    except pypdfium2.PdfiumError:
        return UnreadablePdf()
    finally:
        document.close()


def _picture(page: pypdfium2.PdfPage, dpi: int) -> QImage:
    bitmap = page.render(scale=dpi / _POINTS_PER_INCH, grayscale=True, may_draw_forms=True)
    dots = bitmap.to_numpy()
    picture = QImage(dots.tobytes(), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_Grayscale8).copy()
    bitmap.close()
    return picture
