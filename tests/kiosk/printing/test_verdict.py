"""The verdict machine: its rules one by one, then whatever may be observed in whatever order."""

from dataclasses import dataclass
from functools import reduce
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.ports.print_journal import PrintStage
from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown, PrintVerdict
from kiosk.printing.verdict import (
    SLOWED,
    Acknowledged,
    BuffersDropped,
    CommandHandedOver,
    CounterRead,
    HeadRested,
    InOrderAnswered,
    PaperSeen,
    Prechecked,
    PrecheckRefused,
    PrintersWord,
    PrintProgress,
    PrintStep,
    RasterHandedOver,
    RowsRead,
    StateRead,
    TroubleSeen,
    needed_seconds,
    observe,
    shortest_seconds,
    verdict,
)

JOB = b"0042"
SETUP = CommandHandedOver(9)
ASK = CommandHandedOver(22)
BAND = RasterHandedOver(18_000, 256)
FEED = RasterHandedOver(3, 0)
DONE = Acknowledged(JOB)
LATEST = 0.75
ENOUGH = LATEST * SLOWED
CLEAN = StateRead(None, ENOUGH)
TOO_SOON = StateRead(None, ENOUGH - 0.01)
EPSON, STAR, CLONE = PrintersWord.JOB_END, PrintersWord.PRINT_END_COUNTER, PrintersWord.STATUS


def after(word: PrintersWord, *steps: PrintStep) -> PrintProgress:
    return reduce(observe, steps, PrintProgress(JOB, word, LATEST))


def judged(word: PrintersWord, *steps: PrintStep) -> PrintVerdict:
    return verdict(after(word, *steps))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), NotPrinted("no-acknowledgement")),
        ((PrecheckRefused("media-empty"),), NotPrinted("media-empty")),
        ((SETUP, TroubleSeen("link-lost")), NotPrinted("link-lost")),
        ((SETUP, RasterHandedOver(0, 0), TroubleSeen("link-lost")), NotPrinted("link-lost")),
        ((Prechecked(), SETUP, BAND, BAND, ASK, DONE), Printed(36_031)),
        ((SETUP, BAND, ASK, DONE, CommandHandedOver(3)), Printed(18_034)),
        ((SETUP, BAND), PrintUnknown("no-acknowledgement")),
        ((SETUP, BAND, ASK), PrintUnknown("no-acknowledgement")),
        ((SETUP, BAND, DONE), PrintUnknown("no-acknowledgement")),
        ((SETUP, BAND, ASK, BAND, DONE), PrintUnknown("no-acknowledgement")),
        ((SETUP, DONE), NotPrinted("no-acknowledgement")),
        ((SETUP, BAND, ASK, Acknowledged(b"0041")), PrintUnknown("no-acknowledgement")),
        ((SETUP, BAND, TroubleSeen("media-empty")), PrintUnknown("media-empty")),
        ((SETUP, BAND, ASK, TroubleSeen("media-empty"), DONE), PrintUnknown("media-empty")),
        ((SETUP, BAND, TroubleSeen("cover-open"), BuffersDropped()), PrintUnknown("cover-open")),
        ((SETUP, FEED, TroubleSeen("cover-open"), BuffersDropped()), NotPrinted("cover-open")),
        ((SETUP, FEED, TroubleSeen("cover-open"), BuffersDropped(), BAND), PrintUnknown("cover-open")),
        ((SETUP, FEED, TroubleSeen("cover-open")), PrintUnknown("cover-open")),
        ((SETUP, BAND, ASK, DONE, TroubleSeen("media-jam")), Printed(18_031)),
        ((SETUP, BAND, ASK, DONE, BuffersDropped()), Printed(18_031)),
        ((SETUP, BAND, TroubleSeen("media-empty"), TroubleSeen("link-lost")), PrintUnknown("media-empty")),
        ((SETUP, BAND, ASK, CounterRead(1), InOrderAnswered(), CLEAN), PrintUnknown("no-acknowledgement")),
    ],
)
def test_a_printer_that_names_the_job(steps: tuple[PrintStep, ...], expected: PrintVerdict) -> None:
    assert judged(EPSON, *steps) == expected


@pytest.mark.parametrize(
    ("steps", "printed"),
    [
        ((CounterRead(0), BAND, ASK, CounterRead(1)), True),
        ((CounterRead(0), BAND, ASK, CounterRead(0), CounterRead(2)), True),
        ((CounterRead(7), CounterRead(0), BAND, ASK, CounterRead(1)), True),
        ((CounterRead(0), BAND, ASK, CounterRead(0)), False),
        ((CounterRead(0), BAND, CounterRead(1), ASK), False),
        ((CounterRead(0), BAND, ASK, CounterRead(3)), False),
        ((BAND, ASK, CounterRead(1)), False),
        # Switched off and on in the job: it counts from 0 again.
        ((CounterRead(31), BAND, ASK, CounterRead(0)), False),
        ((CounterRead(5), BAND, ASK, CounterRead(1)), False),
        ((CounterRead(0), BAND, ASK, TroubleSeen("media-empty"), CounterRead(1)), False),
        ((CounterRead(0), BAND, ASK, DONE, InOrderAnswered(), CLEAN), False),
    ],
)
def test_a_printer_that_counts_ended_prints(steps: tuple[PrintStep, ...], printed: bool) -> None:
    assert isinstance(judged(STAR, *steps), Printed if printed else PrintUnknown)


@pytest.mark.parametrize(
    ("steps", "printed"),
    [
        ((BAND, ASK, InOrderAnswered(), CLEAN), True),
        ((BAND, ASK, InOrderAnswered(), TOO_SOON, CLEAN), True),
        ((BAND, ASK, InOrderAnswered(), TOO_SOON), False),
        ((BAND, ASK, InOrderAnswered()), False),
        ((BAND, ASK, CLEAN), False),
        ((BAND, ASK, CLEAN, InOrderAnswered()), False),
        ((BAND, InOrderAnswered(), ASK, CLEAN), False),
        ((BAND, ASK, InOrderAnswered(), BAND, ASK, CLEAN), False),
        ((BAND, ASK, InOrderAnswered(), StateRead("media-empty", 0.1), CLEAN), False),
        ((BAND, ASK, TroubleSeen("cover-open"), InOrderAnswered(), CLEAN), False),
        ((BAND, ASK, DONE, CounterRead(1)), False),
    ],
)
def test_a_printer_of_which_only_the_state_is_known(steps: tuple[PrintStep, ...], printed: bool) -> None:
    assert isinstance(judged(CLONE, *steps), Printed if printed else PrintUnknown)


def answers(*seconds: float) -> tuple[RowsRead, ...]:
    """Of a paper that takes 0.75 s at the rated speed, in bands of 100 rows."""
    return tuple(RowsRead(100 * number, each) for number, each in enumerate(seconds, 1))


@pytest.mark.parametrize(
    ("read", "needed"),
    [
        ((), ENOUGH),
        # Swallowed whole, or held up too late to tell.
        (answers(0.01, 0.02, 0.03, 0.04), 0.04 + ENOUGH),
        (answers(0.01, 0.02, 0.03, 0.50), 0.50 + ENOUGH),
        # Three bands and a part of the fourth at once, then 0.2 s a band, or less than at the rated speed.
        (answers(0.01, 0.02, 0.03, 0.16, 0.36, 0.56), 0.56 + 4 * 0.2 * 1.1),
        (answers(0.01, 0.02, 0.03, 0.14, 0.26, 0.38), 0.38 + 4 * 0.125 * 1.1),
        # A standstill is not taken for a pace.
        (answers(0.01, 0.02, 0.03, 0.16, 0.36, 9.56), 9.56 + 4 * 1.25 * 1.1),
    ],
)
def test_a_clone_has_the_time_that_its_own_pace_needs(read: tuple[RowsRead, ...], needed: float) -> None:
    assert needed_seconds(after(CLONE, BAND, *read)) == pytest.approx(needed)
    assert needed_seconds(after(CLONE, BAND, *read, HeadRested(0.3))) == pytest.approx(needed + 0.3)


@dataclass(frozen=True)
class Head:
    """A printer that takes in ``ahead`` rows more than it has printed, at ``seconds_a_row``; it stands still at some
    rows, for some seconds."""

    ahead: int
    seconds_a_row: float
    rests: tuple[tuple[int, float], ...]

    def printed_at(self, row: int) -> float:
        return row * self.seconds_a_row + sum(rest for at, rest in self.rests if at < row)

    def answers(self, bands: list[int]) -> tuple[RowsRead, ...]:
        return tuple(RowsRead(rows, self.printed_at(max(0, rows - self.ahead))) for rows in accumulate(bands))


HEADS = st.builds(
    Head,
    st.integers(0, 1500),
    st.floats(1.0, SLOWED).map(lambda slower: slower / 800),
    st.lists(st.tuples(st.integers(0, 1200), st.floats(0, 60)), max_size=3).map(tuple),
)


@given(HEADS, st.lists(st.integers(10, 256), min_size=1, max_size=40))
def test_a_clone_is_never_believed_before_its_rows_are_on_paper(head: Head, bands: list[int]) -> None:
    """Up to ``SLOWED`` times slower than rated; rests after the last answer the driver sees."""
    rows = sum(bands)
    seen = max(0, rows - head.ahead)
    head = Head(head.ahead, head.seconds_a_row, tuple((at, rest) for at, rest in head.rests if at < seen))
    progress = reduce(observe, head.answers(bands), PrintProgress(JOB, CLONE, shortest_seconds(rows, 100)))
    assert needed_seconds(progress) >= head.printed_at(rows) - 1e-9


@given(st.integers(0, 400), st.floats(1.0, 10.0), st.lists(st.integers(10, 60), min_size=25, max_size=40))
def test_a_clone_much_slower_than_rated_shows_it_on_a_long_paper(ahead: int, slower: float, bands: list[int]) -> None:
    rows = sum(bands)
    head = Head(min(ahead, rows - 150), slower / 800, ())
    progress = reduce(observe, head.answers(bands), PrintProgress(JOB, CLONE, shortest_seconds(rows, 100)))
    assert needed_seconds(progress) >= head.printed_at(rows) - 1e-9


@given(st.lists(st.floats(0, 9), max_size=8), st.floats(0, 40))
@example([], ENOUGH - 0.01)
def test_a_clone_is_believed_then_and_no_sooner(gaps: list[float], seconds: float) -> None:
    steps: tuple[PrintStep, ...] = (BAND, ASK, *answers(*accumulate(gaps)), InOrderAnswered())
    told = isinstance(judged(CLONE, *steps, StateRead(None, seconds)), Printed)
    assert told == (seconds >= needed_seconds(after(CLONE, *steps)))


def test_the_trouble_that_was_read_is_the_reason() -> None:
    assert judged(CLONE, BAND, ASK, InOrderAnswered(), StateRead("media-empty", 0.1)) == PrintUnknown("media-empty")


def test_1200_rows_take_three_quarters_of_a_second_at_200_mm_a_second() -> None:
    assert shortest_seconds(1200, 200) == pytest.approx(0.75)


def test_stages_of_a_paper_that_is_taken_and_of_one_taken_back() -> None:
    steps: tuple[PrintStep, ...] = (Prechecked(), SETUP, BAND, BAND, ASK, DONE, PaperSeen(PrintStage.PRESENTED))
    stages = [progress.stage for progress in accumulate(steps, observe, initial=PrintProgress(JOB))]
    assert stages == [
        PrintStage.RESERVED,
        PrintStage.PRECHECKED,
        PrintStage.PRECHECKED,
        PrintStage.SENDING,
        PrintStage.SENDING,
        PrintStage.SENT,
        PrintStage.ACKNOWLEDGED,
        PrintStage.PRESENTED,
    ]
    taken = after(EPSON, *steps, PaperSeen(PrintStage.TAKEN), PaperSeen(PrintStage.RETRACTED))
    back = after(EPSON, *steps, PaperSeen(PrintStage.RETRACTED), PaperSeen(PrintStage.TAKEN))
    assert (taken.stage, back.stage) == (PrintStage.TAKEN, PrintStage.RETRACTED)


QUIET = (
    st.just(Prechecked()),
    st.just(FEED),
    st.just(RasterHandedOver(0, 0)),
    st.just(BAND),
    st.builds(CommandHandedOver, st.integers(0, 9)),
    st.builds(Acknowledged, st.sampled_from([JOB, b"0041"])),
    st.builds(CounterRead, st.integers(0, 3)),
    st.just(InOrderAnswered()),
    st.builds(RowsRead, st.integers(1, 9), st.floats(0, 0.05)),
    st.builds(StateRead, st.none(), st.sampled_from([0.5, LATEST, ENOUGH])),
    st.just(BuffersDropped()),
    st.builds(PaperSeen, st.sampled_from([PrintStage.PRESENTED, PrintStage.TAKEN, PrintStage.RETRACTED])),
)
BAD = (
    st.builds(PrecheckRefused, st.just("media-empty")),
    st.builds(TroubleSeen, st.sampled_from(["link-lost", "cover-open"])),
    st.builds(StateRead, st.just("cover-open"), st.sampled_from([0.5, 0.75, 1.0])),
)
ANYTHING = st.lists(st.one_of(*QUIET, *BAD), max_size=12)
NOTHING_BAD = st.lists(st.one_of(*QUIET), max_size=12)
ENDS_WELL = st.tuples(
    st.sampled_from([(), (CounterRead(0),), (CounterRead(1),)]),
    st.just((BAND, ASK)),
    st.lists(st.one_of(*QUIET), max_size=2),
    st.sampled_from([(DONE,), (CounterRead(1),), (InOrderAnswered(), CLEAN), (InOrderAnswered(), TOO_SOON), (CLEAN,)]),
    ANYTHING,
).map(lambda parts: [step for part in parts for step in part])
SEQUENCES = st.one_of(ANYTHING, NOTHING_BAD, ENDS_WELL)


def _is_word(word: PrintersWord, step: PrintStep, before: list[PrintStep]) -> bool:
    """A second reading of the rule, from the observations alone."""
    match word, step:
        case PrintersWord.JOB_END, Acknowledged(job_id):
            return job_id == JOB
        case PrintersWord.PRINT_END_COUNTER, CounterRead(value):
            first = next((i for i, each in enumerate(before) if isinstance(each, RasterHandedOver) and each.count), 0)
            bases = [each.value for each in before[:first] if isinstance(each, CounterRead)]
            return bool(bases) and value - bases[-1] in (1, 2)
        case PrintersWord.STATUS, StateRead(None, seconds):
            last = max((i for i, each in enumerate(before) if isinstance(each, RasterHandedOver) and each.count))
            return seconds >= LATEST and InOrderAnswered() in before[last:]
    return False


@given(st.sampled_from(PrintersWord), SEQUENCES)
def test_printed_needs_the_printers_word_asked_for_after_the_last_row_before_any_trouble(
    word: PrintersWord, steps: list[PrintStep]
) -> None:
    if not isinstance(judged(word, *steps), Printed):
        return
    count = next(n for n in range(len(steps) + 1) if isinstance(judged(word, *steps[:n]), Printed))
    before = steps[: count - 1]
    assert _is_word(word, steps[count - 1], before)
    assert not any(isinstance(step, TroubleSeen | PrecheckRefused) for step in before)
    assert not any(isinstance(step, StateRead) and step.trouble for step in before)
    handed = [step for step in before if isinstance(step, RasterHandedOver | CommandHandedOver) and step.count]
    assert any(isinstance(step, RasterHandedOver) for step in handed)
    assert isinstance(handed[-1], CommandHandedOver)


@given(st.sampled_from(PrintersWord), SEQUENCES)
def test_not_printed_means_that_no_row_can_be_on_paper(word: PrintersWord, steps: list[PrintStep]) -> None:
    """Any row may print the moment it is handed over, so none was; and what else was handed over was dropped."""
    if not isinstance(judged(word, *steps), NotPrinted):
        return
    raster = [(n, step) for n, step in enumerate(steps) if isinstance(step, RasterHandedOver) and step.count]
    assert not any(step.rows for _, step in raster)
    if raster:
        assert BuffersDropped() in steps[raster[-1][0] :]


@given(st.sampled_from(PrintersWord), SEQUENCES)
def test_stages_never_go_back_and_a_verdict_of_printed_stands(word: PrintersWord, steps: list[PrintStep]) -> None:
    path = list(accumulate(steps, observe, initial=PrintProgress(JOB, word, LATEST)))
    order = list(PrintStage)
    places = [min(order.index(progress.stage), order.index(PrintStage.TAKEN)) for progress in path]
    assert places == sorted(places)
    printed = [isinstance(verdict(progress), Printed) for progress in path]
    assert printed == sorted(printed)
    assert all(
        (place >= order.index(PrintStage.ACKNOWLEDGED)) == done for place, done in zip(places, printed, strict=True)
    )
