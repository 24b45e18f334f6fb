"""PySide6 6.12.0 on Python 3.11 drops one reference to None with every void Qt call and dies of it within the hour."""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QTimer

CALLS = 10_000
STRAY = 100


def timer_interval() -> Callable[[], None]:
    timer = QTimer()
    return lambda: timer.setInterval(5)


def object_name() -> Callable[[], None]:
    item = QObject()
    return lambda: item.setObjectName("page")


def process_events() -> Callable[[], None]:
    return QCoreApplication.processEvents


@pytest.mark.parametrize("make", [timer_interval, object_name, process_events])
def test_ten_thousand_void_calls_lose_no_reference_to_none(
    qapp: object, make: Callable[[], Callable[[], None]]
) -> None:
    call = make()
    call()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        call()
    assert abs(sys.getrefcount(None) - before) < STRAY
