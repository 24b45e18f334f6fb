"""Looks for bytes in everything a process has mapped, as somebody would who had seized the machine."""

import ctypes
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

REMEDY = (
    "This test reads other processes' memory. Run it as root, or give the interpreter CAP_SYS_PTRACE: the terminal's "
    "children are not dumpable on purpose, so that even their own user cannot read them."
)

PAGE_BYTES = 4096

_UNREADABLE = ("[vvar]", "[vvar_vclock]", "[vsyscall]")

_memmem = ctypes.CDLL(None).memmem
_memmem.restype = ctypes.c_void_p
_memmem.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t)


class MemoryClosedError(Exception):
    """The system does not let this process read the memory; the message is the remedy."""


@dataclass(frozen=True, slots=True)
class Region:
    """``name`` is the file that is mapped, or what the kernel calls anonymous memory. ``content`` is all that tells
    anything in it (``telling``)."""

    name: str
    content: bytes

    def holds(self, needle: bytes) -> bool:
        """As ``in``, ten times as fast: it matters with half a gigabyte and a hundred needles."""
        begin = ctypes.cast(ctypes.c_char_p(self.content), ctypes.c_void_p)
        return _memmem(begin, len(self.content), needle, len(needle)) is not None


def telling(content: bytes) -> bytes:
    """Without pages that hold one byte over and over and lie between two such pages: three quarters of a process. What
    reaches over the edge of a page is still whole."""
    whole = len(content) // PAGE_BYTES * PAGE_BYTES
    pages = np.frombuffer(content, np.uint8, whole).reshape(-1, PAGE_BYTES)
    dull = (pages == pages[:, :1]).all(axis=1)
    between = dull.copy()
    between[1:] &= dull[:-1]
    between[:-1] &= dull[1:]
    kept: bytes = pages[~between].tobytes()
    return kept + content[whole:]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one process could have written, at one moment. ``program`` is its module, or its first word."""

    program: str
    regions: tuple[Region, ...]

    def holding(self, needles: Mapping[str, Sequence[bytes]]) -> dict[str, list[str]]:
        """What is found, and in which regions."""
        found = {
            what: [region.name for region in self.regions if any(map(region.holds, several))]
            for what, several in needles.items()
        }
        return {what: regions for what, regions in found.items() if regions}


@contextmanager
def stopped(pid: int) -> Iterator[list[psutil.Process]]:
    """The process and everything it started, directly or not; none of them runs meanwhile. Whoever starts and buries
    others stops before them and goes on after them; what waits to be buried has no memory any more."""
    family = [psutil.Process(pid)]
    os.kill(pid, signal.SIGSTOP)
    try:
        children = family[0].children(recursive=True)
        family += [child for child in children if child.status() != psutil.STATUS_ZOMBIE]
        for process in family[1:]:
            os.kill(process.pid, signal.SIGSTOP)
        yield family
    finally:
        for process in reversed(family):
            os.kill(process.pid, signal.SIGCONT)


def snapshot(process: psutil.Process) -> Snapshot:
    """Of a process that is stopped."""
    try:
        return Snapshot(_program(process), tuple(_regions(process.pid)))
    except PermissionError:
        raise MemoryClosedError(REMEDY) from None


def _program(process: psutil.Process) -> str:
    words = process.cmdline()
    return words[words.index("-m") + 1] if "-m" in words else words[0]


def _regions(pid: int) -> list[Region]:
    regions = []
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            addresses, rights, _offset, _device, _inode, *name = line.split(maxsplit=5)
            begin, end = (int(address, 16) for address in addresses.split("-"))
            if _may_hold_data(rights, "".join(name)):
                regions.append(Region("".join(name) or "anonymous", telling(_content(memory.fileno(), begin, end))))
    return regions


def _may_hold_data(rights: str, name: str) -> bool:
    """A library's code and a font's tables are their file's, and nobody can have written there."""
    if "r" not in rights or name in _UNREADABLE:
        return False
    return "w" in rights or not name.startswith("/") or "memfd:" in name


def _content(memory: int, begin: int, end: int) -> bytes:
    content = bytearray()
    while begin + len(content) < end:
        try:
            part = os.pread(memory, end - begin - len(content), begin + len(content))
        except PermissionError:
            raise
        except OSError:  # beyond the end of what is mapped
            break
        content += part
    return bytes(content)
