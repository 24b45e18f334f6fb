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
            listener, self._listener = self._listener, None
            carried = tuple(self._carried)
        if listener is not None:
            _close(listener)
        for end in carried:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

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
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            threading.Thread(target=self._join, args=(listener, near, far), name="join", daemon=True).start()

    def _join(self, listener: socket.socket, near: socket.socket, far: socket.socket) -> None:
        """Carries until both sides are done, or closes at once what came while the cable was being cut."""
        with self._lock:
            whole = self._listener is listener
            if whole:
                self._carried |= {near, far}
        if whole:
            back = threading.Thread(target=_carry, args=(far, near), name="carry", daemon=True)
            back.start()
            _carry(near, far)
            back.join()
        with self._lock:
            self._carried -= {near, far}
        _close(near)
        _close(far)


def _carry(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(_CHUNK):
            sink.sendall(chunk)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
