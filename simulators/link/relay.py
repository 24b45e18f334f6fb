"""A network cable between the terminal and its gateway: carries bytes both ways until it is cut, slowly if told to."""

import math
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from simulators.link.line import Line
from simulators.link.spoil import Spoil


class Relay:
    """Listens on 127.0.0.1 and carries every connection to ``target`` (host, port). A cut cable refuses connections.

    An answer is what first comes back on a connection: the terminal asks once on each. ``struck`` counts the spoils
    that were done.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._lines: set[Line] = set()
        self._port = 0
        self._delay_s = 0.0
        self._to_lose = 0.0
        self._let_go = threading.Event()
        self._spoils: Iterator[Spoil | None] = iter(())
        self.struck: Counter[Spoil] = Counter()
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
            lines = tuple(self._lines)
            self._release()
        if listener is not None:
            _close(listener)
        for line in lines:
            line.cut()

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

    def spoil(self, spoils: Iterator[Spoil | None]) -> None:
        """Deals one to every connection from now on, None to leave it whole; all are whole when they are used up."""
        with self._lock:
            self._spoils = spoils

    def restore(self) -> None:
        """A good cable again, on the same port: answers held back arrive now, and none is lost or spoiled any more."""
        with self._lock:
            self._delay_s, self._to_lose = 0.0, 0.0
            self._spoils = iter(())
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
                far = self._reach()
            except OSError:
                near.close()
                continue
            threading.Thread(target=self._join, args=(listener, near, far), name="join", daemon=True).start()

    def _reach(self) -> socket.socket:
        far = socket.create_connection(self._target, timeout=5)
        far.settimeout(None)
        return far

    def _join(self, listener: socket.socket, near: socket.socket, far: socket.socket) -> None:
        """Carries until both sides are done, or closes at once what came while the cable was being cut."""
        with self._lock:
            whole = self._listener is listener
            line = Line(
                near,
                far,
                next(self._spoils, None),
                again=self._reach,
                answer_arrives=self._arrives,
                struck=self._strike,
                let_go=self._let_go,
            )
            if whole:
                self._lines.add(line)
        if not whole:
            line.cut()
        line.carry()
        with self._lock:
            self._lines.discard(line)

    def _strike(self, spoil: Spoil) -> None:
        with self._lock:
            self.struck[spoil] += 1

    def _arrives(self) -> bool:
        """Holds an answer back as long as it is to be late; False for one that is to be lost."""
        with self._lock:
            delay_s, let_go = self._delay_s, self._let_go
            lost = self._to_lose > 0
            self._to_lose -= lost
        let_go.wait(delay_s)
        return not lost


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
