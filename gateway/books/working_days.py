"""Working days as deadlines count them: pure."""

from collections.abc import Collection
from datetime import date, timedelta

_SATURDAY = 5


def is_working_day(day: date, holidays: Collection[date], make_up_days: Collection[date]) -> bool:
    return day in make_up_days or (day.weekday() < _SATURDAY and day not in holidays)


def working_days_after(
    day: date, count: int, holidays: Collection[date] = (), make_up_days: Collection[date] = ()
) -> date:
    """The ``count``-th working day after ``day``, which itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, holidays, make_up_days)
    return day
