"""The due dates of 粤人社规〔2023〕4号 (month end) and Gansu (365 days)."""

from datetime import date

import pytest

from kiosk.domain.eligibility import WindowRule, due_date


@pytest.mark.parametrize(
    ("last_pass", "month_end", "days_365"),
    [
        (date(2023, 6, 11), date(2024, 6, 30), date(2024, 6, 10)),
        (date(2023, 2, 28), date(2024, 2, 29), date(2024, 2, 28)),
        (date(2024, 2, 29), date(2025, 2, 28), date(2025, 2, 28)),
        (date(2024, 12, 31), date(2025, 12, 31), date(2025, 12, 31)),
    ],
)
def test_due_date(last_pass: date, month_end: date, days_365: date) -> None:
    assert due_date(last_pass, WindowRule.MONTH_END_12) == month_end
    assert due_date(last_pass, WindowRule.DAYS_365) == days_365
