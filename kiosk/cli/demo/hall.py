"""The virtual hall as processes: the gateway and the simulators, and the wires to their control channels."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from kiosk.app.memory import PYTHONS_OWN, TUNABLES
from kiosk.cli.control_channel import Done, NotDone, tell


class HallError(Exception):
    """A program of the virtual hall did not start or did not obey; the message says which and where its log is."""


@dataclass(frozen=True, slots=True)
class Program:
    """A running program: where it serves, and its control channel where it has one."""

    name: str
    process: subprocess.Popen[str]
    address: str
    control: str | None

    def do(self, verb: str, **arguments: Any) -> dict[str, Any]:
        """Asks for one change of the world; HallError when it does not come about."""
        assert self.control is not None
        match tell(self.control, verb, arguments):
            case Done(answer):
                return answer
            case NotDone(reason):
                raise HallError(f"{self.name} did not {verb}: {reason}")


class Hall:
    """Starts programs and ends them all on leaving; they also end when this process dies.

    Their output goes to ``<name>.log`` in ``logs``.
    """

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self, name: str, *arguments: str) -> Program:
        """Runs ``kiosk <arguments>`` and waits until it says where it can be reached."""
        log = self._stack.enter_context((self._logs / f"{name}.log").open("w", encoding="utf-8"))
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own commands
            [sys.executable, "-m", "kiosk.cli.demo.bound", str(os.getpid()), *arguments],
            env={name: value for name, value in os.environ.items() if name not in (TUNABLES, PYTHONS_OWN)},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        self._stack.callback(_end, process)
        assert process.stdout is not None
        ready = self._first_line(name, process.stdout)
        return Program(name, process, ready["address"], ready.get("control"))

    def _first_line(self, name: str, output: IO[str]) -> dict[str, str]:
        line = output.readline()
        try:
            ready: dict[str, str] = json.loads(line)["ready"]
        except (ValueError, KeyError, TypeError):
            raise HallError(f"{name} did not start; see {self._logs / f'{name}.log'}") from None
        return ready


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
