"""Freed memory is not kept: measured in a process of its own, for the allocator's options hold for a whole process."""

import subprocess
import sys

from tests.terminal.memory_scan import snapshot, stopped

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


SECRET = "".join(chr(0x4E00 + number) for number in range(200, 240))
FREED = """
from kiosk.app.memory import leave_no_core_dump, overwrite_freed_memory

{call}
leave_no_core_dump()
secret = "".join(chr(0x4E00 + number) for number in range(200, 240))
copies = [("%d " % n + secret).encode("utf-8") for n in range(500)] + [secret + str(n) for n in range(500)]
del copies, secret
print("freed", flush=True)
input()
"""


def test_what_is_freed_is_overwritten() -> None:
    assert left_behind("overwrite_freed_memory()") == 0
    assert left_behind("") > 100


def left_behind(call: str) -> int:
    """Copies of a text that can still be found after all of them were freed."""
    needles = [SECRET.encode(encoding)[8:] for encoding in ("utf-8", "utf-16-le")]
    command = [sys.executable, "-c", FREED.format(call=call)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "freed\n"
        with stopped(process.pid) as family:
            regions = [region for one in family for region in snapshot(one).regions]
    return sum(region.content.count(needle) for region in regions for needle in needles)


def test_a_terminal_leaves_no_core_dump() -> None:
    program = "import resource; from kiosk.app.memory import leave_no_core_dump as leave; leave(); "
    told = "print(resource.getrlimit(resource.RLIMIT_CORE))"
    done = subprocess.run(
        [sys.executable, "-c", program + told], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "(0, 0)"
