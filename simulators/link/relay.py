"""A network cable between the terminal and its gateway: carries bytes both ways until it is cut."""

import socket
import threading
from contextlib import suppress

_CHUNK = 65536


class Relay:
    """Listens on 127.0.0.1 and carries every connection to ``target`` (host, port). A cut cable refuses connections."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._carried: set[socket.socket] = set()
        self._port = 0
        self.restore()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def whole(self) -> bool:
        return self._listener is not None

    def cut(self) -> None:
        """Drops what is under way and refuses what comes."""
        with self._lock:
            sockets = [*self._carried, *([self._listener] if self._listener else [])]
            self._listener = None
            self._carried.clear()
        for end in sockets:
            _close(end)

    def restore(self) -> None:
        """Takes connections again, on the same port."""
        with self._lock:
            if self._listener is not None:
                return
            listener = socket.create_server(("127.0.0.1", self._port))
            self._port = listener.getsockname()[1]
            self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), name="accept", daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(self._target, timeout=5)
            except OSError:
                if self._listener is not listener:
                    return
                continue
            far.settimeout(None)
            with self._lock:
                self._carried |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, sink), name="carry", daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                sink.sendall(chunk)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
        with self._lock:
            self._carried.discard(source)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
