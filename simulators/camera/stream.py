"""Motion JPEG over HTTP as network cameras serve it: ``multipart/x-mixed-replace``, one part a picture."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from enum import Enum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BOUNDARY = "frame"

Shutter = Callable[[int], bytes]
"""Delivers the JPEG of picture number ``n``."""

COLOUR, INFRARED = "/stream", "/infrared"


class Link(Enum):
    """The cable: ``UP`` delivers, ``SILENT`` keeps connections but sends nothing, ``DOWN`` breaks and refuses them."""

    UP = "up"
    SILENT = "silent"
    DOWN = "down"


class MjpegServer:
    """Serves every path of ``shutters`` on 127.0.0.1:``port`` (0 picks a free one), ``fps`` pictures a second of each,
    taken at the same moments.

    Pictures are taken only while somebody looks at that path. A viewer who reads slowly misses pictures, never delays
    others.
    """

    def __init__(self, shutters: Mapping[str, Shutter], fps: float, port: int = 0) -> None:
        self._shutters = shutters
        self._period = 1.0 / fps
        self._changed = threading.Condition()
        self._link = Link.UP
        self._open = True
        self._viewers = Counter[str]()
        self._number = 0
        self._jpegs: dict[str, bytes] = {}
        server = self

        class Viewer(BaseHTTPRequestHandler):
            timeout = 2.0

            def do_GET(self) -> None:
                server.serve(self)

            def log_message(self, format: str, *args: object) -> None:
                """Keeps standard error for what matters."""

        class Server(ThreadingHTTPServer):
            daemon_threads = False

        self._http = Server(("127.0.0.1", port), Viewer)
        self._threads = [
            threading.Thread(target=self._http.serve_forever, args=(0.05,), name="camera http"),
            threading.Thread(target=self._take_pictures, name="camera sensor"),
        ]

    @property
    def url(self) -> str:
        """Of the colour camera."""
        return f"http://127.0.0.1:{self._http.server_port}{COLOUR}"

    @property
    def pictures(self) -> int:
        """Taken so far."""
        return self._number

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        with self._changed:
            self._open = False
            self._changed.notify_all()
        self._http.shutdown()
        self._http.server_close()
        for thread in self._threads:
            thread.join()

    def set_link(self, link: Link) -> None:
        with self._changed:
            self._link = link
            self._changed.notify_all()

    def serve(self, viewer: BaseHTTPRequestHandler) -> None:
        if viewer.path not in self._shutters:
            viewer.send_error(HTTPStatus.NOT_FOUND)
        elif self._link is Link.DOWN:
            viewer.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            self._stream_to(viewer)

    def _stream_to(self, viewer: BaseHTTPRequestHandler) -> None:
        self._count(viewer.path, +1)
        try:
            viewer.send_response(HTTPStatus.OK)
            viewer.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
            viewer.send_header("Cache-Control", "no-store")
            viewer.end_headers()
            last = self._number
            while (taken := self._newer_than(last, viewer.path)) is not None:
                last, jpeg = taken
                head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                viewer.wfile.write(head.encode() + jpeg + b"\r\n")
        except OSError:
            pass  # the viewer left or does not read: both are its own affair
        finally:
            self._count(viewer.path, -1)

    def _newer_than(self, last: int, path: str) -> tuple[int, bytes] | None:
        """Number and JPEG of the newest picture after ``last``; None when the link broke."""
        with self._changed:
            self._changed.wait_for(lambda: (self._number > last and path in self._jpegs) or not self._delivering())
            return (self._number, self._jpegs[path]) if self._delivering() else None

    def _watched(self) -> list[str]:
        with self._changed:
            return [path for path, viewers in self._viewers.items() if viewers]

    def _delivering(self) -> bool:
        return self._open and self._link is not Link.DOWN

    def _count(self, path: str, change: int) -> None:
        with self._changed:
            self._viewers[path] += change
            self._changed.notify_all()

    def _take_pictures(self) -> None:
        due = time.monotonic()
        while self._wait_until(due):
            number, watched = self._number + 1, self._watched()
            jpegs = {path: self._shutters[path](number) for path in watched}
            with self._changed:
                self._number, self._jpegs = number, jpegs
                self._changed.notify_all()
            due = max(due + self._period, time.monotonic() - self._period)

    def _wait_until(self, due: float) -> bool:
        """Waits for the moment and for somebody who looks; False when the server closes."""
        with self._changed:
            while (left := due - time.monotonic()) > 0 and self._open:
                self._changed.wait(left)
            self._changed.wait_for(lambda: not self._open or (self._viewers.total() > 0 and self._link is Link.UP))
            return self._open
