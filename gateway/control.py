"""The control channel of a sandbox gateway: as a simulator's, one JSON object a line over loopback TCP, one line back.

Verbs: ``clock`` shifts the gateway's clock by ``seconds``, so that a terminal finds its own wrong (E-28) or a due date
come; ``verbs`` lists them. The answer is ``{"ok": true, ...}`` or ``{"ok": false, "error": "..."}``.
"""

import json
import math
import socketserver
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from kiosk.ports.clock import Clock

Verb = Callable[[dict[str, Any]], dict[str, Any] | None]


class ShiftedClock:
    """A clock that is ``shift_s`` seconds ahead of ``clock``, behind when negative. Monotonic time stays."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.shift_s = 0.0

    def now(self) -> datetime:
        return self._clock.now() + timedelta(seconds=self.shift_s)

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def set_shift(self, seconds: float) -> dict[str, Any]:
        """From the true time, not from the shift before."""
        if not math.isfinite(seconds) or abs(seconds) > 10 * 366 * 86400:
            raise ValueError("seconds must be within ten years")
        self.shift_s = seconds
        return {"now": self.now().isoformat()}


class Control:
    """Serves ``verbs`` on 127.0.0.1:``port`` (0 picks a free one) while it is entered. OSError when it is taken."""

    def __init__(self, verbs: Mapping[str, Verb], port: int) -> None:
        self._verbs: dict[str, Verb] = {**verbs, "verbs": lambda _: {"verbs": sorted(self._verbs)}}
        channel = self

        class Connection(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    self.wfile.write(json.dumps(channel.answer(line)).encode() + b"\n")
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

    def __enter__(self) -> "Control":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, line: bytes) -> dict[str, Any]:
        """A bad request is answered, never raised."""
        try:
            request = json.loads(line)
            verb = self._verbs[request.pop("do")]
            return {"ok": True, **(verb(request) or {})}
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as problem:
            return {"ok": False, "error": f"{type(problem).__name__}: {problem}"}


def sandbox_verbs(clock: ShiftedClock) -> dict[str, Verb]:
    return {"clock": lambda request: clock.set_shift(float(request["seconds"]))}
