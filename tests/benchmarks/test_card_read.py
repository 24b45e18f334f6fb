"""The arithmetic of the card benchmark."""

import pytest

from benchmarks.card_read import READ_BYTES, Reads, percentile


def test_the_wire_carries_1359_bytes_for_a_read() -> None:
    assert READ_BYTES == 1359
    assert Reads(115200, (1.0,)).wire_ms == pytest.approx(118.0, abs=0.05)
    assert Reads(9600, (1.0,)).wire_ms == pytest.approx(1415.6, abs=0.05)


@pytest.mark.parametrize(("baud", "good", "bad"), [(115200, 121.5, 121.6), (9600, 1429.7, 1429.9)])
def test_the_median_keeps_the_limit_or_fails(baud: int, good: float, bad: float) -> None:
    kept, missed = Reads(baud, (good, good, 9000.0)), Reads(baud, (1.0, bad, bad))
    assert kept.within_limit
    assert not missed.within_limit
    assert kept.line().endswith("PASS")
    assert missed.line().endswith("FAIL")


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(number) for number in range(1, 41)]
    assert percentile(values, 0.95) == 38.0
    assert percentile([7.0], 0.95) == 7.0
    assert percentile([1.0, 2.0], 0.5) == 1.0
