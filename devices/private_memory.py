"""Memory for pictures of people: it has a name on no disk, a child process sees it by its descriptor, and it is kept
out of core dumps and, where the system allows (RLIMIT_MEMLOCK), out of swap."""

import ctypes
import mmap
import os

import numpy as np

_LOCK_ON_FAULT = 1
"""Of mlock2(2): a page is locked when it is first written to, so that unused ones take no room."""


class PrivateMemory:
    """``size`` bytes of anonymous shared memory, all zero; only pages that were written to take room."""

    def __init__(self, name: str, size: int) -> None:
        self.descriptor = os.memfd_create(name, os.MFD_CLOEXEC)
        os.ftruncate(self.descriptor, size)
        self.bytes = mmap.mmap(self.descriptor, size)
        self.bytes.madvise(mmap.MADV_DONTDUMP)
        _lock(self.bytes)

    def wipe(self, used: int) -> None:
        """Overwrites the first ``used`` bytes. Views of them stay valid and see zeros."""
        np.frombuffer(self.bytes, np.uint8, used).fill(0)

    def let_go(self) -> None:
        """Closes the descriptor. The pages go with the last view of them."""
        os.close(self.descriptor)


def open_for_child(descriptor: int, size: int, *, writing: bool) -> mmap.mmap:
    """The same memory in the child that was given the descriptor."""
    memory = mmap.mmap(descriptor, size, prot=mmap.PROT_READ | (mmap.PROT_WRITE if writing else 0))
    memory.madvise(mmap.MADV_DONTDUMP)
    return memory


def _lock(memory: mmap.mmap) -> None:
    begin = ctypes.c_char.from_buffer(memory)
    ctypes.CDLL(None).mlock2(ctypes.c_void_p(ctypes.addressof(begin)), ctypes.c_size_t(len(memory)), _LOCK_ON_FAULT)
