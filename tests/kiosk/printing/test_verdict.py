"""The verdict machine against printing.md section 4."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown, PrintVerdict
from kiosk.printing.verdict import (
    Acknowledged,
    BuffersDropped,
    CommandHandedOver,
    PrecheckRefused,
    PrintProgress,
    PrintStep,
    RasterHandedOver,
    TroubleSeen,
    observe,
    verdict,
)

JOB = b"0042"
SETUP = CommandHandedOver(9)
BAND = RasterHandedOver(18_000, 256)
FEED = RasterHandedOver(3, 0)
DONE = Acknowledged(JOB)


def judged(*steps: PrintStep) -> PrintVerdict:
    return verdict(reduce(observe, steps, PrintProgress(JOB)))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), NotPrinted("no-acknowledgement")),
        ((PrecheckRefused("media-empty"),), NotPrinted("media-empty")),
        ((SETUP, TroubleSeen("link-lost")), NotPrinted("link-lost")),
        ((SETUP, RasterHandedOver(0, 0), TroubleSeen("link-lost")), NotPrinted("link-lost")),
        ((SETUP, BAND, BAND, SETUP, DONE), Printed(36_018)),
        ((SETUP, BAND, DONE, CommandHandedOver(3)), Printed(18_012)),
        ((SETUP, BAND), PrintUnknown("no-acknowledgement")),
        ((SETUP, BAND, Acknowledged(b"0041")), PrintUnknown("no-acknowledgement")),
        ((SETUP, BAND, TroubleSeen("media-empty")), PrintUnknown("media-empty")),
        ((SETUP, BAND, TroubleSeen("media-empty"), DONE), PrintUnknown("media-empty")),
        ((SETUP, BAND, TroubleSeen("cover-open"), BuffersDropped()), PrintUnknown("cover-open")),
        ((SETUP, FEED, TroubleSeen("cover-open"), BuffersDropped()), NotPrinted("cover-open")),
        ((SETUP, FEED, TroubleSeen("cover-open")), PrintUnknown("cover-open")),
        ((SETUP, BAND, DONE, TroubleSeen("media-jam")), Printed(18_009)),
        ((SETUP, BAND, DONE, BuffersDropped()), Printed(18_009)),
        ((SETUP, BAND, TroubleSeen("media-empty"), TroubleSeen("link-lost")), PrintUnknown("media-empty")),
    ],
)
def test_rules(steps: tuple[PrintStep, ...], expected: PrintVerdict) -> None:
    assert judged(*steps) == expected


STEPS = st.one_of(
    st.builds(PrecheckRefused, st.just("media-empty")),
    st.just(FEED),
    st.just(RasterHandedOver(0, 0)),
    st.just(BAND),
    st.builds(CommandHandedOver, st.integers(0, 9)),
    st.builds(Acknowledged, st.sampled_from([JOB, b"0041"])),
    st.just(BuffersDropped()),
    st.builds(TroubleSeen, st.sampled_from(["link-lost", "cover-open"])),
)


@given(st.lists(STEPS, max_size=8))
def test_printed_needs_this_jobs_word_and_not_printed_an_untouched_paper(steps: list[PrintStep]) -> None:
    result = judged(*steps)
    if isinstance(result, Printed):
        assert DONE in steps
        before = steps[: steps.index(DONE)]
        assert not any(isinstance(step, TroubleSeen | PrecheckRefused) for step in before)
    if isinstance(result, NotPrinted):
        drops = [index for index, step in enumerate(steps) if isinstance(step, BuffersDropped)]
        bands = [(index, step) for index, step in enumerate(steps) if isinstance(step, RasterHandedOver)]
        last_drop = drops[-1] if drops else -1
        assert not any(step.count for index, step in bands if index > last_drop)
        assert not any(step.rows and step.count for index, step in bands if drops)
