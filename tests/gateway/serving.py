"""A real gateway on loopback, in a thread of the test."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from gateway.authority import ServerFiles
from gateway.renewal import Renewal
from gateway.server import server_config


@contextmanager
def serving(
    app: FastAPI, tls: ServerFiles | None = None, port: int = 0, renewal: Renewal | None = None
) -> Iterator[str]:
    """Yields the address once requests are taken; ``port`` 0 is a free one. The date on answers is the
    application's, by its own clock."""
    ready = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready.set()

    server = Server(server_config(app, tls, renewal=renewal))
    with socket.create_server(("127.0.0.1", port)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            assert ready.wait(30)
            yield f"{'http' if tls is None else 'https'}://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
