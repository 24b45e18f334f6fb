"""Serves the gateway over HTTP until SIGTERM."""

import json
import signal
import socket
from pathlib import Path

import uvicorn
from fastapi import FastAPI


class _AnnouncingServer(uvicorn.Server):
    """Prints one JSON line on standard output once requests are taken."""

    def __init__(self, config: uvicorn.Config, ready: dict[str, str]) -> None:
        super().__init__(config)
        self._ready = {"ready": ready}

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(json.dumps(self._ready), flush=True)  # noqa: T201


def serve(app: FastAPI, host: str, port: int, registration: Path, control: str | None = None) -> None:
    """Returns after SIGTERM or SIGINT, requests under way answered. ``port`` 0 takes a free one; ``control`` is the
    address of the sandbox's control channel. Raises OSError when the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listener:
        shown = f"[{host}]" if family is socket.AF_INET6 else host
        address = f"http://{shown}:{listener.getsockname()[1]}"
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=10)
        # uvicorn raises the signal again once it has stopped; then it has been obeyed already.
        signal.signal(signal.SIGTERM, _obeyed)
        signal.signal(signal.SIGINT, _obeyed)
        ready = {"address": address, "registration": str(registration)}
        if control is not None:
            ready["control"] = control
        _AnnouncingServer(config, ready).run(sockets=[listener])


def _obeyed(_signal: int, _frame: object) -> None:
    """Nothing is left to do."""
