"""One HTTP connection to the camera."""

import contextlib
import http.client
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from devices.camera.mjpeg.multipart import declared_boundary

_READ_SIZE = 65536


@dataclass(frozen=True, slots=True)
class LinkTrouble:
    """``reason`` is a stable word: unreachable, refused, no-stream, stalled or broken."""

    reason: str


class Link:
    """An open stream. ``read`` belongs to one thread; ``hang_up`` may come from any and ends a waiting ``read``."""

    def __init__(self, boundary: str, line: socket.socket, response: http.client.HTTPResponse) -> None:
        self.boundary = boundary
        self._line = line
        self._response = response

    def read(self) -> bytes | LinkTrouble:
        """The next bytes, at least one; stalled when none come within the connection's time limit."""
        try:
            data = self._response.read1(_READ_SIZE)
        except TimeoutError:
            return LinkTrouble("stalled")
        except (OSError, ValueError, http.client.HTTPException):
            return LinkTrouble("broken")
        return data or LinkTrouble("broken")

    def hang_up(self) -> None:
        with contextlib.suppress(OSError):  # the camera may have been faster
            self._line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._response.close()
        self._line.close()


def dial(url: str, timeout_s: float) -> Link | LinkTrouble:
    """Asks for the stream at ``url``; no single wait lasts longer than ``timeout_s`` seconds."""
    try:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=timeout_s)
        connection.connect()
    except (OSError, ValueError, http.client.InvalidURL):  # ValueError: a name that no resolver can be asked for
        return LinkTrouble("unreachable")
    try:
        connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        line, response = connection.sock, connection.getresponse()
    except (OSError, ValueError, http.client.HTTPException) as problem:
        connection.close()
        return LinkTrouble("stalled" if isinstance(problem, TimeoutError) else "broken")
    boundary = declared_boundary(response.getheader("Content-Type", ""))
    if response.status == http.client.OK and boundary is not None:
        return Link(boundary, line, response)
    response.close()
    connection.close()
    return LinkTrouble("no-stream" if response.status == http.client.OK else "refused")
