"""Serves the gateway over HTTP until SIGTERM: in this process, or by several on one socket."""

import json
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

_WORKER_START_S = 60.0


class WorkersFailedError(Exception):
    """A worker did not come up; the log says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where requests are taken; ``port`` 0 takes a free one."""

    host: str
    port: int


class _AnnouncingServer(uvicorn.Server):
    """Prints one JSON line on standard output once requests are taken."""

    def __init__(self, config: uvicorn.Config, ready: dict[str, str]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _announce(self._ready)


class _AnnouncingWorkers(Multiprocess):
    """The same once every worker takes requests. Raises WorkersFailedError where one does not."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], ready: dict[str, str]) -> None:
        super().__init__(config, sockets)
        self._ready = ready

    def init_processes(self) -> None:
        super().init_processes()
        if all(process.wait_until_ready(_WORKER_START_S, self.should_exit) for process in self.processes):
            _announce(self._ready)
        elif not self.signal_queue:
            for process in self.processes:
                process.kill()
                process.join()
            raise WorkersFailedError("a worker did not start")


def serve(app: FastAPI, place: Place, registration: Path, control: str | None = None) -> None:
    """Returns after SIGTERM or SIGINT, requests under way answered. ``control`` is the address of the sandbox's control
    channel. Raises OSError when the address is taken."""
    with _listener(place) as (listener, address):
        # uvicorn raises the signal again once it has stopped; then it has been obeyed already.
        signal.signal(signal.SIGTERM, _obeyed)
        signal.signal(signal.SIGINT, _obeyed)
        ready = {"address": address, "registration": str(registration)}
        if control is not None:
            ready["control"] = control
        _AnnouncingServer(_config(app), ready).run(sockets=[listener])


def serve_by_workers(make_app: Callable[[], FastAPI], workers: int, place: Place, registration: Path) -> None:
    """``workers`` processes take requests from one socket; each makes its own app by ``make_app``, which is pickled.
    One that dies is replaced. Otherwise as ``serve``; raises WorkersFailedError too."""
    with _listener(place) as (listener, address):
        config = _config(make_app, workers)
        ready = {"address": address, "registration": str(registration)}
        _AnnouncingWorkers(config, [listener], ready).run()


def _config(app: FastAPI | Callable[[], FastAPI], workers: int | None = None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=workers is not None,
        workers=workers,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=10,
    )


@contextmanager
def _listener(place: Place) -> Iterator[tuple[socket.socket, str]]:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.create_server((place.host, place.port), family=family, backlog=2048) as listener:
        shown = f"[{place.host}]" if family is socket.AF_INET6 else place.host
        yield listener, f"http://{shown}:{listener.getsockname()[1]}"


def _announce(ready: dict[str, str]) -> None:
    print(json.dumps({"ready": ready}), flush=True)  # noqa: T201


def _obeyed(_signal: int, _frame: object) -> None:
    """Nothing is left to do."""
