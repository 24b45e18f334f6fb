"""Lives of a terminal that end when its power does: each a process forked off one that has imported everything.

The program (``run_lives``) takes what a life is to do as a line of JSON on its standard input and tells what happens on
its standard output, a JSON object a line; the first is the new process's ``pid``, ``failed`` a defect. A line
``echo WORD`` is told back: everything told before it has been read.
"""

import json
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_S = 60.0

Told = dict[str, Any]


def run_lives(live: Callable[[Told], None]) -> None:
    """``live`` gets the line's object."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if line.startswith("echo "):
            tell(echo=line.split()[1])
        elif os.fork() == 0:
            signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGUSR1,))
            tell(pid=os.getpid())
            _live(live, json.loads(line))


def _live(live: Callable[[Told], None], words: Told) -> None:
    try:
        live(words)
    except BaseException:
        tell(failed=traceback.format_exc())
        os._exit(1)
    os._exit(0)


def tell(**words: object) -> None:
    """One write, so that a cut leaves no half a line."""
    os.write(1, (json.dumps(words) + "\n").encode())


@dataclass
class Engines:
    """The process that forks off one terminal after the other, and what they tell."""

    process: subprocess.Popen[bytes]
    told: "queue.SimpleQueue[Told | None]"
    echoes: int = 0

    def begin(self, life: Told) -> int:
        """The descriptor of the new process."""
        self.send(json.dumps(life))
        pid: int = self.next()["pid"]
        return os.pidfd_open(pid)

    def send(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def next(self) -> Told:
        told = self._read()
        assert "failed" not in told, told["failed"]
        return told

    def read_by_now(self) -> Iterator[Told]:
        """What has been read already and not been looked at."""
        while not self.told.empty():
            yield self.next()

    def rest(self) -> list[Told]:
        """What dead processes have told."""
        self.echoes += 1
        word = str(self.echoes)
        self.send(f"echo {word}")
        rest = []
        while (told := self._read()) != {"echo": word}:
            rest.append(told)
        return rest

    def _read(self) -> Told:
        told = self.told.get(timeout=PATIENCE_S)
        assert told is not None, "the engines have ended"
        return told


@contextmanager
def engines(module: str) -> Iterator[Engines]:
    """``module`` is a program that runs lives."""
    with subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as process:
        told: queue.SimpleQueue[Told | None] = queue.SimpleQueue()
        listener = threading.Thread(target=_listen, args=(process, told))
        listener.start()
        try:
            yield Engines(process, told)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(PATIENCE_S)
            listener.join()


def _listen(process: "subprocess.Popen[bytes]", told: "queue.SimpleQueue[Told | None]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        told.put(json.loads(line))
    told.put(None)


def ended(process: int, seconds: float) -> bool:
    """Whether the process of this descriptor ends in time."""
    return bool(select.select((process,), (), (), seconds)[0])


def await_end(process: int) -> None:
    """The descriptor is closed."""
    gone = ended(process, PATIENCE_S)
    os.close(process)
    assert gone, "the process goes on"


def kill(process: int) -> None:
    signal.pidfd_send_signal(process, signal.SIGKILL)
