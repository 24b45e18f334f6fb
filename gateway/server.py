"""Serves the gateway over HTTP or HTTPS until SIGTERM."""

import json
import signal
import socket
import ssl
from asyncio import BaseTransport
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from gateway.authority import ServerFiles


class _AnnouncingServer(uvicorn.Server):
    """Prints one JSON line on standard output once requests are taken."""

    def __init__(self, config: uvicorn.Config, ready: dict[str, str]) -> None:
        super().__init__(config)
        self._ready = {"ready": ready}

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(json.dumps(self._ready), flush=True)  # noqa: T201


class _CertificateProtocol(H11Protocol):
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


def server_config(app: FastAPI, tls: ServerFiles | None = None) -> uvicorn.Config:
    """With ``tls`` the other side may show a certificate; one that is not of our authority, or whose time is over,
    ends the connection. The application says where one is wanted, and puts the date on its answers itself."""
    secured: dict[str, Any] = {}
    if tls is not None:
        secured = {
            "http": _CertificateProtocol,
            "ssl_certfile": tls.certificate,
            "ssl_keyfile": tls.key,
            "ssl_ca_certs": str(tls.authority),
            "ssl_cert_reqs": ssl.CERT_OPTIONAL,
        }
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        date_header=False,
        timeout_graceful_shutdown=10,
        **secured,
    )


def serve(
    app: FastAPI, host: str, port: int, registration: Path, control: str | None = None, tls: ServerFiles | None = None
) -> None:
    """Returns after SIGTERM or SIGINT, requests under way answered. ``port`` 0 takes a free one; ``control`` is the
    address of the sandbox's control channel. Raises OSError when the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listener:
        shown = f"[{host}]" if family is socket.AF_INET6 else host
        address = f"{'http' if tls is None else 'https'}://{shown}:{listener.getsockname()[1]}"
        # uvicorn raises the signal again once it has stopped; then it has been obeyed already.
        signal.signal(signal.SIGTERM, _obeyed)
        signal.signal(signal.SIGINT, _obeyed)
        ready = {"address": address, "registration": str(registration)}
        if control is not None:
            ready["control"] = control
        _AnnouncingServer(server_config(app, tls), ready).run(sockets=[listener])


def _obeyed(_signal: int, _frame: object) -> None:
    """Nothing is left to do."""
