"""One connection, carried both ways and spoiled on the way as told."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

from simulators.link.spoil import Harm, Spoil, Way

_CHUNK = 65536
_TEAR_DOWN = struct.pack("ii", 1, 0)
"""SO_LINGER: closing sends RST."""


class Line:
    """``answer_arrives`` is asked once, when the first of the answer has come: it holds it back as long as it likes and
    says whether it goes on. ``again`` opens one more connection to the gateway. ``struck`` is told that the spoil was
    done, so that who dealt it knows; ``let_go`` ends a delay."""

    def __init__(
        self,
        near: socket.socket,
        far: socket.socket,
        spoil: Spoil | None,
        *,
        again: Callable[[], socket.socket],
        answer_arrives: Callable[[], bool],
        struck: Callable[[Spoil], None],
        let_go: threading.Event,
    ) -> None:
        self._near = near
        self._far = far
        self._spoil = spoil
        self._again = again
        self._answer_arrives = answer_arrives
        self._struck = struck
        self._let_go = let_go
        self._twin: socket.socket | None = None
        self._request = bytearray()
        self._torn = False

    def carry(self) -> None:
        """Returns when both sides are done."""
        if self._does(Harm.DUPLICATE):
            self._double()
        back = threading.Thread(target=self._carry_back, name="carry", daemon=True)
        back.start()
        self._pass_on(self._near, self._far, Way.TO_GATEWAY)
        back.join()
        self._close()

    def cut(self) -> None:
        for end in (self._near, self._far):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _carry_back(self) -> None:
        answered = False
        with suppress(OSError):
            answered = bool(self._far.recv(1, socket.MSG_PEEK))
        if answered and self._does(Harm.REPLAY):
            self._replay()
        if answered and not self._answer_arrives():
            self.cut()
        self._pass_on(self._far, self._near, Way.BACK)

    def _double(self) -> None:
        with suppress(OSError):
            self._twin = self._again()
            self._strikes()

    def _replay(self) -> None:
        with suppress(OSError), self._again() as second:
            second.sendall(self._request)
            self._strikes()
            _read_out(second)

    def _pass_on(self, source: socket.socket, sink: socket.socket, way: Way) -> None:
        spoil = self._spoil if self._spoil is not None and self._spoil.way is way else None
        carried = 0
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                unharmed = len(chunk) if spoil is None else max(0, spoil.at - carried)
                self._send(sink, chunk[:unharmed])
                if unharmed < len(chunk):
                    if not self._strike(source):
                        return
                    spoil = None
                    self._send(sink, chunk[unharmed:])
                carried += len(chunk)
        if not self._torn:
            with suppress(OSError):
                sink.shutdown(socket.SHUT_WR)

    def _send(self, sink: socket.socket, data: bytes) -> None:
        if sink is self._far:
            self._request += data
            if self._twin is not None:
                with suppress(OSError):
                    self._twin.sendall(data)
        sink.sendall(data)

    def _strike(self, source: socket.socket) -> bool:
        """Whether what follows goes on. A whole request is nothing to strike at."""
        assert self._spoil is not None
        match self._spoil.harm:
            case Harm.DROP:
                self._strikes()
                _read_out(source)
                if source is self._near:
                    self.cut()
                return False
            case Harm.TRUNCATE:
                self._strikes()
                self.cut()
                return False
            case Harm.RESET:
                self._strikes()
                self._tear_down()
                return False
            case Harm.DELAY:
                self._strikes()
                self._let_go.wait(self._spoil.seconds)
                return True
            case Harm.DUPLICATE | Harm.REPLAY:
                return True

    def _tear_down(self) -> None:
        """No end is told before the reset: whoever still reads is woken without a word on the wire."""
        self._torn = True
        for end in (self._near, self._far):
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _TEAR_DOWN)
                end.shutdown(socket.SHUT_RD)

    def _close(self) -> None:
        if not self._torn:
            self.cut()
        self._near.close()
        self._far.close()
        if self._twin is not None:
            with suppress(OSError):
                self._twin.shutdown(socket.SHUT_WR)
                _read_out(self._twin)
            self._twin.close()

    def _does(self, harm: Harm) -> bool:
        return self._spoil is not None and self._spoil.harm is harm

    def _strikes(self) -> None:
        assert self._spoil is not None
        self._struck(self._spoil)


def _read_out(source: socket.socket) -> None:
    while source.recv(_CHUNK):
        pass
