"""Freed memory is not kept: measured in a process of its own, for the allocator's options hold for a whole process."""

import subprocess
import sys

MIB = 1 << 20

CHILD = """
import threading
from pathlib import Path
from kiosk.app.memory import give_memory_back

def written():
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_Dirty"))

def work(size):
    block = bytearray(b"1") * size
    del block

def work_and_stay():
    work(6 << 20)
    done.set()
    over.wait()

{call}
work(20 << 20)
before, done, over = written(), threading.Event(), threading.Event()
thread = threading.Thread(target=work_and_stay)
thread.start()
done.wait()
print(written() - before)
over.set()
thread.join()
"""


def test_a_thread_keeps_nothing_of_a_picture_it_has_freed() -> None:
    assert kept("give_memory_back()") < MIB


def test_left_alone_the_allocator_keeps_it() -> None:
    assert kept("") > 5 * MIB


def kept(call: str) -> int:
    """Bytes a thread still holds after it freed a block of 6 MiB, where one of 20 MiB was freed before."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD.format(call=call)], capture_output=True, text=True, check=True, timeout=60
    )
    return int(done.stdout)
