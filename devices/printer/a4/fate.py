"""What became of one job, from what CUPS and the printer say of it: pure.

"completed" of CUPS means that its backend got rid of the data, no more: a printer that swallows a page says nothing to
that. PRINTED is therefore said on the printer's own word alone, the job-state "completed" of the job as the printer
keeps it (RFC 8011, 5.3.7: all of the job's media have been stacked), with no error among its reasons and no side
missing from its count. Where the printer has no such word (USB, socket, LPD), CUPS's is taken only when the site has
chosen so. NOT PRINTED is said only of a job that CUPS never started.
"""

from dataclasses import dataclass

from devices.printer.a4.ipp_queue import IppJob, JobState
from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown, PrintVerdict

_SPOILT = frozenset(
    (
        "job-completed-with-errors",
        "job-canceled-by-user",
        "job-canceled-by-operator",
        "job-canceled-at-device",
        "aborted-by-system",
        "document-format-error",
        "unsupported-document-format",
    )
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One look at a job. ``printer`` is the job at the printer, None while the printer knows none; ``asked`` tells that
    the printer answered at all, ``askable`` that it is one that could."""

    cups: IppJob
    printer: IppJob | None
    asked: bool
    askable: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """``sides`` of paper and ``count`` bytes of the document; ``trust_backend`` as in the settings."""

    sides: int
    count: int
    trust_backend: bool


def fate(seen: Sighting, expected: Expected) -> PrintVerdict | None:
    """None while the job is under way, or while the printer's word is still to be had."""
    match seen.cups.state:
        case JobState.COMPLETED if not seen.askable:
            return Printed(expected.count) if expected.trust_backend else PrintUnknown("no-acknowledgement")
        case JobState.COMPLETED:
            return _of_printer(seen, expected)
        case JobState.CANCELED | JobState.ABORTED:
            return PrintUnknown("printer-error") if seen.cups.began else NotPrinted("cancelled")
        case _:
            return None


def _of_printer(seen: Sighting, expected: Expected) -> PrintVerdict | None:
    if not seen.asked:
        return None
    if seen.printer is None:
        return PrintUnknown("no-acknowledgement")
    if not seen.printer.ended:
        return None
    if seen.printer.state is not JobState.COMPLETED or _SPOILT & set(seen.printer.reasons):
        return PrintUnknown("printer-error")
    if seen.printer.impressions and seen.printer.impressions < expected.sides:
        return PrintUnknown("sides-missing")
    return Printed(expected.count)
