"""``CardService`` over pcsc-lite (pcscd) through the low-level calls of pyscard; its classes would start threads."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from smartcard import scard

from devices.smart_card.pcsc.service import CardConnection, Insertion, Look, Trouble

_SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
_PROTOCOL_HEADERS = {scard.SCARD_PROTOCOL_T0: scard.SCARD_PCI_T0, scard.SCARD_PROTOCOL_T1: scard.SCARD_PCI_T1}
_NOT_THERE = scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE | scard.SCARD_STATE_IGNORE

_TROUBLES: dict[int, Trouble] = {
    scard.SCARD_E_NO_SERVICE: Trouble.NO_SERVICE,
    scard.SCARD_E_SERVICE_STOPPED: Trouble.NO_SERVICE,
    scard.SCARD_E_INVALID_HANDLE: Trouble.NO_SERVICE,
    scard.SCARD_F_COMM_ERROR: Trouble.NO_SERVICE,
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
    """``wanted`` is part of the reader's name, empty for the first. A service that ends is found again when it is back.

    libpcsclite reads the place of pcscd's socket once in a process, from its environment: the first ``socket`` counts.
    """

    def __init__(self, wanted: str, socket: Path | None) -> None:
        if socket is not None:
            os.environ[_SOCKET_VARIABLE] = str(socket)
        self._wanted = wanted
        self._turn = threading.Lock()
        self._context: int | None = None
        self._run = 0

    def reader(self) -> str | Trouble:
        return _in_context(self._choose)

    def look(self, before: Look | None, wait_s: float) -> Look | Trouble:
        with self._turn:
            kept = self._context is not None
            seen = self._in_kept_context(before, wait_s)
            if seen is Trouble.NO_SERVICE and kept and before is None:
                return self._in_kept_context(before, wait_s)
            return seen

    def connect(self, reader: str) -> CardConnection | Trouble:
        code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        if code != scard.SCARD_S_SUCCESS:
            return _trouble(code)
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
            code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
            if code != scard.SCARD_S_SUCCESS:
                return _trouble(code)
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
        scard.SCardDisconnect(self._card, scard.SCARD_UNPOWER_CARD)
        scard.SCardReleaseContext(self._context)


def _in_context(ask: Callable[[int], str | Trouble]) -> str | Trouble:
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    if code != scard.SCARD_S_SUCCESS:
        return _trouble(code)
    try:
        return ask(context)
    finally:
        scard.SCardReleaseContext(context)


def _trouble(code: int) -> Trouble:
    return _TROUBLES.get(code, Trouble.FAILED)
