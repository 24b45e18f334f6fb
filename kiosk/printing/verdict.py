"""Printed, not printed, or unknown: the one question a terminal must answer after every paper, as a pure machine.

Each step is something that was observed. NOT PRINTED is said only when no row can be on paper: the precheck refused,
no byte of the raster left the terminal, or the printer confirmed dropping its buffers before one row was complete.
PRINTED is said only on the printer's own word about this job with no error before it, asked for after the last row.
Everything else is UNKNOWN and must not be repeated under the same number by itself.

The printer's word (sources: Epson's ``GS ( H`` function 48, Star line mode ``ETB``, Epson's ``GS r`` and ``DLE EOT``):
``JOB_END``, it names the job's id; ``PRINT_END_COUNTER``, its counter of ended prints went up; ``STATUS`` for printers
that have neither: they answered in order with the data, and were found without trouble no sooner than the head must
have passed over the whole paper. How fast it moves only such a printer's own answers tell: one that reads no faster
than its head can print is held up by it, so that is the pace. One that has swallowed the paper whole has shown nothing,
and may be ``SLOWED`` times slower than it is rated: heads slow down in the cold, in dark rows, on a weak supply.
"""

from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from typing import Literal, assert_never

from kiosk.ports.print_journal import PrintStage
from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown, PrintVerdict

DOTS_PER_MM = 8
SLOWED = 4.0
_MARKS_A_JOB = 2
_MARGIN = 1.1
_NO_FASTER = 1.25
_GAPS_OF_A_PACE = 4
_SLOWEST_ROW_S = 1 / 80
"""10 mm/s: a head that takes longer stood still."""


class PrintersWord(Enum):
    """How a printer tells that a job is printed."""

    JOB_END = "job-end"
    PRINT_END_COUNTER = "print-end-counter"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Prechecked:
    """The printer answered and would print."""


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
    """``count`` bytes that print nothing went to the operating system. After raster they ask for the printer's word."""

    count: int


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The printer says the job of this id is printed (37 22 id 00)."""

    job_id: bytes


@dataclass(frozen=True, slots=True)
class CounterRead:
    """The printer's counter of ended prints (0 to 31); the last one before the raster is where the job counts from."""

    value: int


@dataclass(frozen=True, slots=True)
class InOrderAnswered:
    """The printer answered in order with the data: it has read everything before the request."""


@dataclass(frozen=True, slots=True)
class RowsRead:
    """The printer has read the paper's first ``rows``, blank ones too; it said so ``seconds`` after the first byte of
    raster was handed over."""

    rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class HeadRested:
    """The head may have stood still so long, after the last rows were read."""

    seconds: float


@dataclass(frozen=True, slots=True)
class StateRead:
    """The printer's state as asked for in real time, None without trouble; ``seconds`` after the first byte of raster
    was handed over."""

    trouble: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class BuffersDropped:
    """The printer says that it cleared its buffers (37 25 00)."""


@dataclass(frozen=True, slots=True)
class TroubleSeen:
    """An error in an automatic status, a deadline missed, a link lost; ``reason`` is a stable word."""

    reason: str


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """The presenter's sensor: PRESENTED while the paper is in the slot, then TAKEN or RETRACTED."""

    stage: Literal[PrintStage.PRESENTED, PrintStage.TAKEN, PrintStage.RETRACTED]


PrintStep = (
    Prechecked
    | PrecheckRefused
    | RasterHandedOver
    | CommandHandedOver
    | Acknowledged
    | CounterRead
    | InOrderAnswered
    | RowsRead
    | HeadRested
    | StateRead
    | BuffersDropped
    | TroubleSeen
    | PaperSeen
)


@dataclass(frozen=True, slots=True)
class PrintProgress:
    """What is known of one job. ``shortest_seconds`` is the least time its paper takes a head at its rated speed, and
    ``read`` is what the printer has said of rows it has read, ``rested`` how long its head may have stood still since;
    only STATUS printers need them.

    ``asked``: a command followed the last raster. ``counted_from`` is the counter before the raster. ``refused`` and
    ``trouble`` keep the first reason; ``dropped_unprinted`` is set when the buffers were cleared before a row could
    print.
    """

    job_id: bytes
    word: PrintersWord = PrintersWord.JOB_END
    shortest_seconds: float = 0.0
    stage: PrintStage = PrintStage.RESERVED
    bytes_sent: int = 0
    raster_bytes: int = 0
    rows: int = 0
    asked: bool = False
    counted_from: int | None = None
    in_order: bool = False
    read: tuple[RowsRead, ...] = ()
    rested: float = 0.0
    refused: str | None = None
    trouble: str | None = None
    acknowledged: bool = False
    dropped_unprinted: bool = False


def shortest_seconds(rows: int, mm_per_second: float) -> float:
    """How long a head of that speed needs for ``rows`` at 203 dpi, fed ones included."""
    return rows / DOTS_PER_MM / mm_per_second


def needed_seconds(progress: PrintProgress) -> float:
    """After how long every row is on paper, as far as the printer has shown how fast it prints.

    What it read at once when the paper began it has not printed when it has read the last row. A standstill in between
    held up its answers as long as its head.
    """
    if not progress.read:
        return progress.shortest_seconds * SLOWED + progress.rested
    last = progress.read[-1]
    rated = progress.shortest_seconds / max(1, last.rows)
    swallowed, pace = _shown(progress.read, rated)
    if pace is None:
        return last.seconds + last.rows * rated * SLOWED + progress.rested
    return last.seconds + swallowed * max(rated, pace) * _MARGIN + progress.rested


def _shown(read: tuple[RowsRead, ...], rated: float) -> tuple[int, float | None]:
    """How many rows the printer may have read before its head held it up, and the seconds that a row took then; None
    when it was not held up long enough to tell. The first gap after the last quick one is partly quick."""
    gaps = [_seconds_a_row(before, after) for before, after in pairwise((RowsRead(0, 0.0), *read))]
    quick = max((number for number, seconds in enumerate(gaps) if seconds * _NO_FASTER < rated), default=-1)
    paced = gaps[quick + 2 :]
    if not paced:
        return read[-1].rows, None
    return read[quick + 1].rows, min(max(paced[-_GAPS_OF_A_PACE:]), _SLOWEST_ROW_S)


def _seconds_a_row(before: RowsRead, after: RowsRead) -> float:
    return (after.seconds - before.seconds) / max(1, after.rows - before.rows)


def observe(progress: PrintProgress, step: PrintStep) -> PrintProgress:
    """The progress after ``step``. After the acknowledgement no later step takes the paper away again."""
    if progress.acknowledged:
        return _after_acknowledgement(progress, step)
    match step:
        case Prechecked():
            return replace(progress, stage=PrintStage.PRECHECKED) if progress.raster_bytes == 0 else progress
        case PrecheckRefused(reason):
            return replace(progress, refused=progress.refused or reason)
        case RasterHandedOver() | CommandHandedOver():
            return _handed_over(progress, step)
        case Acknowledged() | CounterRead() | InOrderAnswered() | StateRead():
            return _told(progress, step)
        case RowsRead():
            return replace(progress, read=(*progress.read, step))
        case HeadRested(seconds):
            return replace(progress, rested=progress.rested + seconds)
        case BuffersDropped():
            return replace(progress, dropped_unprinted=progress.rows == 0)
        case TroubleSeen(reason):
            return replace(progress, trouble=progress.trouble or reason)
        case PaperSeen():
            return progress
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


def _handed_over(progress: PrintProgress, step: RasterHandedOver | CommandHandedOver) -> PrintProgress:
    if step.count == 0:
        return progress
    progress = replace(progress, bytes_sent=progress.bytes_sent + step.count)
    if isinstance(step, RasterHandedOver):
        return replace(
            progress,
            stage=progress.stage if progress.stage is PrintStage.SENT else PrintStage.SENDING,
            raster_bytes=progress.raster_bytes + step.count,
            rows=progress.rows + step.rows,
            asked=False,
            in_order=False,
            dropped_unprinted=False,
        )
    return replace(progress, stage=PrintStage.SENT, asked=True) if progress.raster_bytes else progress


def _told(progress: PrintProgress, step: Acknowledged | CounterRead | InOrderAnswered | StateRead) -> PrintProgress:
    """Only the word that this printer gives counts, and only when it was asked for after the last row."""
    match step:
        case CounterRead(value) if progress.raster_bytes == 0:
            return replace(progress, counted_from=value)
        case StateRead(str(trouble)):
            return replace(progress, trouble=progress.trouble or trouble)
        case InOrderAnswered():
            return replace(progress, in_order=progress.asked)
    if not progress.asked or progress.trouble is not None or progress.refused is not None:
        return progress
    if not _is_the_word(progress, step):
        return progress
    return replace(progress, stage=PrintStage.ACKNOWLEDGED, acknowledged=True)


def _is_the_word(progress: PrintProgress, step: Acknowledged | CounterRead | StateRead) -> bool:
    """A counter that starts anew has not counted: a printer switched off and on comes back with 0. The job's second
    mark, behind the cut, tells of the first as well."""
    match step:
        case Acknowledged(job_id):
            return progress.word is PrintersWord.JOB_END and job_id == progress.job_id
        case CounterRead(value):
            counted = 0 if progress.counted_from is None else value - progress.counted_from
            return progress.word is PrintersWord.PRINT_END_COUNTER and 1 <= counted <= _MARKS_A_JOB
        case StateRead(_, seconds):
            long_enough = seconds >= needed_seconds(progress)
            return progress.word is PrintersWord.STATUS and progress.in_order and long_enough
        case _:
            assert_never(step)


def _after_acknowledgement(progress: PrintProgress, step: PrintStep) -> PrintProgress:
    match step:
        case RasterHandedOver() | CommandHandedOver():
            return replace(progress, bytes_sent=progress.bytes_sent + step.count)
        case PaperSeen(stage) if progress.stage not in (PrintStage.TAKEN, PrintStage.RETRACTED):
            return replace(progress, stage=stage)
        case _:
            return progress
