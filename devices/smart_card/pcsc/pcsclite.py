"""``CardService`` over pcsc-lite (pcscd) through the low-level calls of pyscard; its classes would start threads."""

import atexit
import functools
import os
import shutil
import tempfile
import threading
from pathlib import Path

from smartcard import scard

from devices.smart_card.pcsc.service import CardConnection, Insertion, Look, Trouble

_SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
_PROTOCOL_HEADERS = {scard.SCARD_PROTOCOL_T0: scard.SCARD_PCI_T0, scard.SCARD_PROTOCOL_T1: scard.SCARD_PCI_T1}
_POINTING = threading.Lock()
"""Held from pointing libpcsclite to a socket until it has opened it."""

_NOT_THERE = scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE | scard.SCARD_STATE_IGNORE

_TROUBLES: dict[int, Trouble] = {
    scard.SCARD_E_NO_SERVICE: Trouble.NO_SERVICE,
    scard.SCARD_E_SERVICE_STOPPED: Trouble.NO_SERVICE,
    scard.SCARD_E_INVALID_HANDLE: Trouble.NO_SERVICE,
    scard.SCARD_F_COMM_ERROR: Trouble.NO_SERVICE,
    scard.SCARD_W_SECURITY_VIOLATION: Trouble.NOT_ALLOWED,
    scard.SCARD_E_NO_READERS_AVAILABLE: Trouble.NO_READER,
    scard.SCARD_E_UNKNOWN_READER: Trouble.NO_READER,
    scard.SCARD_E_READER_UNAVAILABLE: Trouble.NO_READER,
    scard.SCARD_E_SHARING_VIOLATION: Trouble.IN_USE,
    scard.SCARD_E_NO_SMARTCARD: Trouble.CARD_GONE,
    scard.SCARD_W_REMOVED_CARD: Trouble.CARD_GONE,
    scard.SCARD_W_UNRESPONSIVE_CARD: Trouble.CARD_MUTE,
    scard.SCARD_W_UNPOWERED_CARD: Trouble.CARD_MUTE,
    scard.SCARD_W_UNSUPPORTED_CARD: Trouble.CARD_MUTE,
    scard.SCARD_E_PROTO_MISMATCH: Trouble.CARD_MUTE,
    scard.SCARD_E_NOT_TRANSACTED: Trouble.NO_ANSWER,
    scard.SCARD_E_COMM_DATA_LOST: Trouble.NO_ANSWER,
}


class PcscliteService:
    """``wanted`` is part of the reader's name, empty for the first; ``socket`` is pcscd's, None for the system's. A
    service that ends is found again when it is back."""

    def __init__(self, wanted: str, socket: Path | None) -> None:
        self._wanted = wanted
        self._socket = socket
        self._turn = threading.Lock()
        self._context: int | None = None
        self._run = 0

    def reader(self) -> str | Trouble:
        context = self._establish()
        if isinstance(context, Trouble):
            return context
        try:
            return self._choose(context)
        finally:
            scard.SCardReleaseContext(context)

    def look(self, before: Look | None, wait_s: float) -> Look | Trouble:
        with self._turn:
            kept = self._context is not None
            seen = self._in_kept_context(before, wait_s)
            if seen is Trouble.NO_SERVICE and kept and before is None:
                return self._in_kept_context(before, wait_s)
            return seen

    def connect(self, reader: str) -> CardConnection | Trouble:
        context = self._establish()
        if isinstance(context, Trouble):
            return context
        code, card, protocol = scard.SCardConnect(
            context, reader, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        )
        if code != scard.SCARD_S_SUCCESS:
            scard.SCardReleaseContext(context)
            return _trouble(code)
        return _Connection(context, card, _PROTOCOL_HEADERS[protocol])

    def close(self) -> None:
        with self._turn:
            self._release()

    def _in_kept_context(self, before: Look | None, wait_s: float) -> Look | Trouble:
        """The context that is kept dates what is seen; trouble ends it, and the next call begins another run."""
        if self._context is None:
            context = self._establish()
            if isinstance(context, Trouble):
                return context
            self._context = context
            self._run += 1
        seen = self._see(self._context, before, wait_s)
        if isinstance(seen, Trouble):
            self._release()
        return seen

    def _see(self, context: int, before: Look | None, wait_s: float) -> Look | Trouble:
        reader = self._choose(context) if before is None else before.reader
        if isinstance(reader, Trouble):
            return reader
        known = scard.SCARD_STATE_UNAWARE if before is None else before.state
        code, states = scard.SCardGetStatusChange(context, int(wait_s * 1000), [(reader, known)])
        if code not in (scard.SCARD_S_SUCCESS, scard.SCARD_E_TIMEOUT):
            return _trouble(code)
        state = states[0][1] & ~scard.SCARD_STATE_CHANGED
        if state & _NOT_THERE:
            return Trouble.NO_READER
        return Look(
            reader=reader,
            present=bool(state & scard.SCARD_STATE_PRESENT),
            mute=bool(state & scard.SCARD_STATE_MUTE),
            insertion=Insertion(self._run, state >> 16),
            state=state,
        )

    def _establish(self) -> int | Trouble:
        with _POINTING:
            if self._socket is not None:
                _point_to(self._socket)
            code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        return int(context) if code == scard.SCARD_S_SUCCESS else _trouble(code)

    def _choose(self, context: int) -> str | Trouble:
        code, readers = scard.SCardListReaders(context, [])
        if code != scard.SCARD_S_SUCCESS:
            return _trouble(code)
        return next((name for name in readers if self._wanted in name), Trouble.NO_READER)

    def _release(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            scard.SCardReleaseContext(context)


class _Connection:
    """One powered card, with a context of its own: a command that hangs holds up nobody else."""

    def __init__(self, context: int, card: int, header: int) -> None:
        self._context = context
        self._card = card
        self._header = header

    def transmit(self, command: bytes) -> bytes | Trouble:
        """Some reader drivers tell a lost card by an empty answer."""
        code, answer = scard.SCardTransmit(self._card, self._header, list(command))
        if code != scard.SCARD_S_SUCCESS:
            return _trouble(code)
        return bytes(answer) or Trouble.NO_ANSWER

    def close(self) -> None:
        """pcscd powers down an unused card itself. Told to do it to a card that has just left, it would think the slot
        empty until the next card has left too."""
        scard.SCardDisconnect(self._card, scard.SCARD_LEAVE_CARD)
        scard.SCardReleaseContext(self._context)


@functools.cache
def _link() -> Path:
    """libpcsclite asks its environment once in a process where pcscd is: it is told of a link, which can be moved."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-pcsc-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[_SOCKET_VARIABLE] = str(folder / "socket")
    return folder / "socket"


def _point_to(socket: Path) -> None:
    link = _link()
    following = link.with_name("following")
    following.unlink(missing_ok=True)
    following.symlink_to(socket.absolute())
    following.replace(link)


def _trouble(code: int) -> Trouble:
    return _TROUBLES.get(code, Trouble.FAILED)
