"""Waits for what other threads and programs bring about: looked for again and again, and given up in the end."""

import threading
import time
from collections.abc import Callable

_LOOK_S = 0.005


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether ``condition`` comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(_LOOK_S)
    return True
