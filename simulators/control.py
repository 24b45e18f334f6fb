"""The control channel of a simulator: one JSON object a line over loopback TCP, one JSON line back.

A request names its verb under ``do``; its other members are the verb's arguments. The answer is ``{"ok": true, ...}``
or ``{"ok": false, "error": "..."}``. Verbs change the world the device sees, never a verdict of the terminal. Every
channel knows ``verbs``, which lists them.
"""

import json
import socketserver
import threading
from collections.abc import Callable, Mapping
from typing import Any

Verb = Callable[[dict[str, Any]], dict[str, Any] | None]


class ControlServer:
    """Serves ``verbs`` on 127.0.0.1:``port`` (0 picks a free one) in a thread of its own."""

    def __init__(self, verbs: Mapping[str, Verb], port: int = 0) -> None:
        self._verbs: dict[str, Verb] = {**verbs, "verbs": lambda _: {"verbs": sorted(self._verbs)}}
        channel = self

        class Connection(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    self.wfile.write(channel.answer(line))
                    self.wfile.flush()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", port), Connection)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="control", daemon=True)

    @property
    def address(self) -> str:
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, line: bytes) -> bytes:
        """One request line to one answer line; a bad request is answered, never raised."""
        return json.dumps(self._perform(line), ensure_ascii=False).encode() + b"\n"

    def _perform(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
            verb = self._verbs[request.pop("do")]
            return {"ok": True, **(verb(request) or {})}
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            return {"ok": False, "error": f"{type(problem).__name__}: {problem}"}


def announce(address: str, control: str) -> None:
    """Tells the starter, as the first line of standard output, where the simulator can be reached."""
    print(json.dumps({"ready": {"address": address, "control": control}}), flush=True)
