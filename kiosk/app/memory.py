"""What the allocator does with memory that the terminal has freed: overwritten always, given back where it is much."""

import os
import resource
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""malloc.h of glibc."""

KEPT_BYTES = 1 << 20
"""A camera's picture stays below it, so that frames are not mapped anew each time; a paper or a page lies above."""

TUNABLES = "GLIBC_TUNABLES"
_OVERWRITING = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0:glibc.pthread.stack_cache_size=0"
"""glibc fills what is freed, but not what its cache of each thread keeps: so there is none. Nor are the stacks of
threads that ended kept for later ones: one still had a citizen's name on it."""

PYTHONS_OWN = "PYTHONMALLOC"
"""Python's own allocator for small objects fills nothing: so everything is asked of glibc."""


def overwrite_freed_memory() -> None:
    """Begins this process anew, once, with an allocator that overwrites whatever is freed (docs/adr/0017). Both take
    their orders from the environment when a process begins, and children inherit them. The first thing a terminal
    does, before it has threads or has read anything."""
    orders = os.environ.get(TUNABLES, "")
    if _OVERWRITING in orders and os.environ.get(PYTHONS_OWN) == "malloc":
        return
    os.environ[TUNABLES] = ":".join(filter(None, (orders, _OVERWRITING)))
    os.environ[PYTHONS_OWN] = "malloc"
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the same words once more


def leave_no_core_dump() -> None:
    """A terminal that crashes writes its memory nowhere."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def give_memory_back() -> None:
    """Lets blocks above ``KEPT_BYTES`` go back to the system when they are freed.

    Left alone, glibc raises this limit to the largest block ever freed (mallopt(3)), and every thread then keeps that
    much for good: the picture of a paper or a page each, 6 MiB and more, up and down from session to session.
    """
    import ctypes  # noqa: PLC0415  not before the terminal has begun itself anew

    libc = ctypes.CDLL(None)
    for option in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
        if not libc.mallopt(option, KEPT_BYTES):
            raise OSError(f"glibc does not take malloc option {option}")
