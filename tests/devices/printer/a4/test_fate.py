"""PRINTED on the printer's own word alone, NOT PRINTED only of what never began."""

import itertools

import pytest

from devices.printer.a4.fate import Expected, Sighting, fate
from devices.printer.a4.ipp_queue import IppJob, JobState
from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown, PrintVerdict

EXPECTED = Expected(2, 1000, trust_backend=False)


def job(state: JobState, *reasons: str, began: bool = True, impressions: int | None = None) -> IppJob:
    return IppJob(7, "kiosk YL-1", state, reasons, began, impressions)


def seen(cups: JobState, printer: IppJob | None = None, asked: bool = True, askable: bool = True) -> Sighting:
    return Sighting(job(cups), printer, asked, askable)


@pytest.mark.parametrize(
    ("printer", "verdict"),
    [
        (job(JobState.COMPLETED), Printed(1000)),
        (job(JobState.COMPLETED, "job-completed-successfully", impressions=2), Printed(1000)),
        (job(JobState.COMPLETED, impressions=0), Printed(1000)),
        (job(JobState.COMPLETED, impressions=1), PrintUnknown("sides-missing")),
        (job(JobState.COMPLETED, "job-completed-with-errors"), PrintUnknown("printer-error")),
        (job(JobState.ABORTED), PrintUnknown("printer-error")),
        (job(JobState.CANCELED), PrintUnknown("printer-error")),
        (job(JobState.PROCESSING), None),
        (job(JobState.STOPPED), None),
        (None, PrintUnknown("no-acknowledgement")),
    ],
)
def test_the_printers_word(printer: IppJob | None, verdict: PrintVerdict | None) -> None:
    assert fate(seen(JobState.COMPLETED, printer), EXPECTED) == verdict


def test_a_printer_that_does_not_answer_is_asked_again() -> None:
    assert fate(seen(JobState.COMPLETED, asked=False), EXPECTED) is None


@pytest.mark.parametrize("trusted", [True, False])
def test_a_printer_that_has_no_word(trusted: bool) -> None:
    verdict = fate(seen(JobState.COMPLETED, asked=False, askable=False), Expected(2, 1000, trusted))
    assert verdict == (Printed(1000) if trusted else PrintUnknown("no-acknowledgement"))


@pytest.mark.parametrize("state", [JobState.CANCELED, JobState.ABORTED])
def test_only_what_never_began_is_not_printed(state: JobState) -> None:
    assert fate(Sighting(job(state, began=False), None, True, True), EXPECTED) == NotPrinted("cancelled")
    assert fate(Sighting(job(state), None, True, True), EXPECTED) == PrintUnknown("printer-error")


def test_nothing_else_is_ever_printed() -> None:
    """Over every state of both queues: PRINTED needs the printer's job completed, or the site's trust in CUPS."""
    flags = (True, False)
    for cups, own, began, asked, askable, trust in itertools.product(
        JobState, (None, *JobState), flags, flags, flags, flags
    ):
        printer = None if own is None else job(own)
        verdict = fate(Sighting(job(cups, began=began), printer, asked, askable), Expected(1, 9, trust))
        if isinstance(verdict, Printed):
            assert cups is JobState.COMPLETED
            assert (asked and askable and own is JobState.COMPLETED) or (trust and not askable)
        if isinstance(verdict, NotPrinted):
            assert not began
