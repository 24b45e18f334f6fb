"""Printed, not printed, or unknown: the one question a terminal must answer after every paper, as a pure machine.

Each step is something that was observed. NOT PRINTED is said only when no row can be on paper: the precheck refused,
no byte of the raster left the terminal, or the printer confirmed dropping its buffers before one row was complete.
PRINTED is said only on the printer's own word about this job (Epson ``GS ( H`` function 48) with no error before it.
Everything else is UNKNOWN and must not be repeated under the same number by itself.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown, PrintVerdict


@dataclass(frozen=True, slots=True)
class PrecheckRefused:
    """Nothing was begun; ``reason`` is a stable word (media-empty, cover-open, no-answer ...)."""

    reason: str


@dataclass(frozen=True, slots=True)
class RasterHandedOver:
    """``count`` bytes of the job went to the operating system; with them ``rows`` complete raster rows."""

    count: int
    rows: int


@dataclass(frozen=True, slots=True)
class CommandHandedOver:
    """``count`` bytes that print nothing went to the operating system."""

    count: int


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The printer says the job of this id is printed (37 22 id 00)."""

    job_id: bytes


@dataclass(frozen=True, slots=True)
class BuffersDropped:
    """The printer says that it cleared its buffers (37 25 00)."""


@dataclass(frozen=True, slots=True)
class TroubleSeen:
    """An error in an automatic status, a deadline missed, a link lost; ``reason`` is a stable word."""

    reason: str


PrintStep = PrecheckRefused | RasterHandedOver | CommandHandedOver | Acknowledged | BuffersDropped | TroubleSeen


@dataclass(frozen=True, slots=True)
class PrintProgress:
    """What is known of one job. ``refused`` and ``trouble`` keep the first reason; ``dropped_unprinted`` is set when
    the buffers were cleared before a row could print."""

    job_id: bytes
    bytes_sent: int = 0
    raster_bytes: int = 0
    rows: int = 0
    refused: str | None = None
    trouble: str | None = None
    acknowledged: bool = False
    dropped_unprinted: bool = False


def observe(progress: PrintProgress, step: PrintStep) -> PrintProgress:
    """The progress after ``step``. After the acknowledgement no later step takes the paper away again."""
    if progress.acknowledged:
        return _after_acknowledgement(progress, step)
    match step:
        case PrecheckRefused(reason):
            return replace(progress, refused=progress.refused or reason)
        case RasterHandedOver(count, rows):
            return replace(
                progress,
                bytes_sent=progress.bytes_sent + count,
                raster_bytes=progress.raster_bytes + count,
                rows=progress.rows + rows,
                dropped_unprinted=progress.dropped_unprinted and count == 0,
            )
        case CommandHandedOver(count):
            return replace(progress, bytes_sent=progress.bytes_sent + count)
        case Acknowledged(job_id):
            valid = job_id == progress.job_id and progress.trouble is None and progress.refused is None
            return replace(progress, acknowledged=valid)
        case BuffersDropped():
            return replace(progress, dropped_unprinted=progress.rows == 0)
        case TroubleSeen(reason):
            return replace(progress, trouble=progress.trouble or reason)
        case _:
            assert_never(step)


def verdict(progress: PrintProgress) -> PrintVerdict:
    """The verdict if nothing more were ever observed."""
    if progress.acknowledged:
        return Printed(progress.bytes_sent)
    reason = progress.refused or progress.trouble or "no-acknowledgement"
    if progress.raster_bytes == 0 or progress.dropped_unprinted:
        return NotPrinted(reason)
    return PrintUnknown(reason)


def _after_acknowledgement(progress: PrintProgress, step: PrintStep) -> PrintProgress:
    if isinstance(step, RasterHandedOver | CommandHandedOver):
        return replace(progress, bytes_sent=progress.bytes_sent + step.count)
    return progress
