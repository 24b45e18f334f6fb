"""Serves the gateway over HTTP or HTTPS until SIGTERM: in this process, or by several on one port."""

import gc
import json
import os
import signal
import socket
import ssl
from asyncio import BaseTransport
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from gateway.authority import ServerFiles
from gateway.renewal import Renewal
from gateway.watch import MULTIPROCESS_FOLDER

_WORKER_START_S = 60.0
_GARBAGE = 20_000
"""New objects after which the collector looks for circles among them; a batch of cases makes thousands."""


class WorkersFailedError(Exception):
    """A worker did not come up; the log says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where requests are taken, and how; ``port`` 0 takes a free one. ``renewal`` goes with ``tls``."""

    host: str
    port: int
    tls: ServerFiles | None = None
    renewal: Renewal | None = None


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
        """Each worker has a socket of its own on the port, so that the kernel deals connections out among them: on a
        shared one the first to wake takes all that wait. One that replaces another listens on every socket."""
        for listener in self.sockets:
            process = Process(self.config, [listener])
            process.start()
            self.processes.append(process)
        if all(process.wait_until_ready(_WORKER_START_S, self.should_exit) for process in self.processes):
            _announce(self._ready)
        elif not self.signal_queue:
            for process in self.processes:
                process.kill()
                process.join()
            raise WorkersFailedError("a worker did not start")


class _CertificateProtocol(HttpToolsProtocol):
    """Tells the application the other side's certificate, as ASGI's TLS extension says; uvicorn does not by itself."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        tls = transport.get_extra_info("ssl_object")
        certificate = None if tls is None else tls.getpeercert(binary_form=True)
        chain = [] if certificate is None else [ssl.DER_cert_to_PEM_cert(certificate)]
        self.app = _behind_tls(self.app, chain)


def _behind_tls(app: Any, chain: list[str]) -> ASGIApp:
    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        extensions = {**scope.get("extensions", {}), "tls": {"client_cert_chain": chain}}
        await app({**scope, "extensions": extensions}, receive, send)

    return told


def serve(app: FastAPI, place: Place, registration: Path, control: str | None = None) -> None:
    """Returns after SIGTERM or SIGINT, requests under way answered. ``control`` is the address of the sandbox's control
    channel. Raises OSError when the address is taken."""
    with _listener(place) as (listener, address):
        # uvicorn raises the signal again once it has stopped; then it has been obeyed already.
        signal.signal(signal.SIGTERM, _obeyed)
        signal.signal(signal.SIGINT, _obeyed)
        _settle()
        ready = {"address": address, "registration": str(registration)}
        if control is not None:
            ready["control"] = control
        _AnnouncingServer(server_config(app, place.tls, renewal=place.renewal), ready).run(sockets=[listener])


def serve_by_workers(make_app: Callable[[], FastAPI], workers: int, place: Place, registration: Path) -> None:
    """``workers`` processes take requests from one port; each makes its own app by ``make_app``, which is pickled.
    One that dies is replaced. Otherwise as ``serve``; raises WorkersFailedError too."""
    with ExitStack() as stack:
        os.environ[MULTIPROCESS_FOLDER] = stack.enter_context(TemporaryDirectory(prefix="hall-figures-"))
        listener, address = stack.enter_context(_listener(place, shared=True))
        taken = Place(place.host, listener.getsockname()[1], place.tls)
        more = [stack.enter_context(_listener(taken, shared=True))[0] for _ in range(workers - 1)]
        config = server_config(partial(_settled, make_app), place.tls, workers, place.renewal)
        ready = {"address": address, "registration": str(registration)}
        _AnnouncingWorkers(config, [listener, *more], ready).run()


def _settled(make_app: Callable[[], FastAPI]) -> FastAPI:
    app = make_app()
    _settle()
    return app


def _settle() -> None:
    """What is there now stays: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE)


def server_config(
    app: FastAPI | Callable[[], FastAPI],
    tls: ServerFiles | None = None,
    workers: int | None = None,
    renewal: Renewal | None = None,
) -> uvicorn.Config:
    """With ``tls`` the other side may show a certificate; one that is not of our authority, or whose time is over,
    ends the connection. The application says where one is wanted, and puts the date on its answers itself."""
    secured: dict[str, Any] = {}
    if tls is not None:
        secured = {
            "ssl_certfile": tls.certificate,
            "ssl_keyfile": tls.key,
            "ssl_ca_certs": str(tls.authority),
            "ssl_cert_reqs": ssl.CERT_OPTIONAL,
            "ssl_context_factory": None if renewal is None else renewal.context,
        }
    return uvicorn.Config(
        app,
        factory=workers is not None,
        workers=workers,
        loop="uvloop",
        http=HttpToolsProtocol if tls is None else _CertificateProtocol,
        log_config=None,
        access_log=False,
        lifespan="on",
        date_header=False,
        timeout_graceful_shutdown=10,
        **secured,
    )


@contextmanager
def _listener(place: Place, shared: bool = False) -> Iterator[tuple[socket.socket, str]]:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.create_server((place.host, place.port), family=family, backlog=2048, reuse_port=shared) as listener:
        shown = f"[{place.host}]" if family is socket.AF_INET6 else place.host
        scheme = "http" if place.tls is None else "https"
        yield listener, f"{scheme}://{shown}:{listener.getsockname()[1]}"


def _announce(ready: dict[str, str]) -> None:
    print(json.dumps({"ready": ready}), flush=True)  # noqa: T201


def _obeyed(_signal: int, _frame: object) -> None:
    """Nothing is left to do."""
