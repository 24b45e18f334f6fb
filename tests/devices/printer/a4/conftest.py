"""One private CUPS and one printer for all A4 tests of a run."""

from collections.abc import Iterator

import pytest

from devices.printer.a4.drawing import PdfDocument
from devices.printer.a4.pdf import paper_pdf
from tests.devices.printer.a4.private_cups import EverywherePrinter, PrivateCups, everywhere_printer, private_cups
from tests.kiosk.documents.document_specimens import documents


@pytest.fixture(scope="session")
def cups() -> Iterator[PrivateCups]:
    with private_cups() as running:
        yield running


@pytest.fixture(scope="session")
def printer(cups: PrivateCups) -> Iterator[EverywherePrinter]:
    """Behind the queue ``everywhere``."""
    with everywhere_printer() as running:
        cups.queue("everywhere", running.uri)
        yield running


@pytest.fixture(scope="session")
def licence() -> bytes:
    """A licence of one A4 page, as a platform would supply it."""
    document = paper_pdf(documents()["licence"])
    assert isinstance(document, PdfDocument)
    return document.data
