"""A network cable between the terminal and its gateway: carries bytes both ways until it is cut, slowly if told to."""

import math
import socket
import threading
from contextlib import suppress

_CHUNK = 65536


class Relay:
    """Listens on 127.0.0.1 and carries every connection to ``target`` (host, port). A cut cable refuses connections.

    An answer is what first comes back on a connection: the terminal asks once on each.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._carried: set[socket.socket] = set()
        self._port = 0
        self._delay_s = 0.0
        self._to_lose = 0.0
        self._let_go = threading.Event()
        self.restore()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def whole(self) -> bool:
        return self._listener is not None

    @property
    def delay_s(self) -> float:
        return self._delay_s

    @property
    def losing(self) -> bool:
        return self._to_lose > 0

    def cut(self) -> None:
        """Drops what is under way and refuses what comes."""
        with self._lock:
            listener, self._listener = self._listener, None
            carried = tuple(self._carried)
            self._release()
        if listener is not None:
            _close(listener)
        for end in carried:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def slow(self, seconds: float) -> None:
        """Every answer from now on arrives ``seconds`` late."""
        if not 0 <= seconds <= 600:
            raise ValueError("seconds must be 0 to 600")
        self._delay_s = seconds

    def lose_answers(self, count: int | None = None) -> None:
        """Requests still arrive; of the answers from now on the first ``count`` do not, None for all of them."""
        if count is not None and count < 1:
            raise ValueError("count must be at least 1, or left out")
        self._to_lose = math.inf if count is None else count

    def restore(self) -> None:
        """A good cable again, on the same port: answers held back arrive now, and none is lost any more."""
        with self._lock:
            self._delay_s, self._to_lose = 0.0, 0.0
            self._release()
            if self._listener is not None:
                return
            listener = socket.create_server(("127.0.0.1", self._port))
            self._port = listener.getsockname()[1]
            self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), name="accept", daemon=True).start()

    def _release(self) -> None:
        """Ends every delay under way. The caller holds the lock."""
        self._let_go.set()
        self._let_go = threading.Event()

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
            back = threading.Thread(target=self._carry_back, args=(far, near), name="carry", daemon=True)
            back.start()
            _carry(near, far)
            back.join()
        with self._lock:
            self._carried -= {near, far}
        _close(near)
        _close(far)

    def _carry_back(self, far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            chunk = far.recv(_CHUNK)
            if chunk and not self._arrives():
                near.shutdown(socket.SHUT_RDWR)
                far.shutdown(socket.SHUT_RDWR)
                return
            near.sendall(chunk)
        _carry(far, near)

    def _arrives(self) -> bool:
        """Holds an answer back as long as it is to be late; False for one that is to be lost."""
        with self._lock:
            delay_s, let_go = self._delay_s, self._let_go
            lost = self._to_lose > 0
            self._to_lose -= lost
        let_go.wait(delay_s)
        return not lost


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
