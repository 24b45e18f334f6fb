"""What the allocator may keep of memory that the terminal has freed."""

import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""malloc.h of glibc."""

KEPT_BYTES = 1 << 20
"""A camera's picture stays below it, so that frames are not mapped anew each time; a paper or a page lies above."""


def give_memory_back() -> None:
    """Lets blocks above ``KEPT_BYTES`` go back to the system when they are freed.

    Left alone, glibc raises this limit to the largest block ever freed (mallopt(3)), and every thread then keeps that
    much for good: the picture of a paper or a page each, 6 MiB and more, up and down from session to session.
    """
    libc = ctypes.CDLL(None)
    for option in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
        if not libc.mallopt(option, KEPT_BYTES):
            raise OSError(f"glibc does not take malloc option {option}")
