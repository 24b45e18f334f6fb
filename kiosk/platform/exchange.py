"""One HTTP request with a deadline that holds however slowly the other side drips.

Time-outs of sockets start anew with every byte. Here a timer cuts the connection at the deadline, also while the
headers come in. Name look-up is the one thing it cannot cut: on terminals addresses are numbers or in /etc/hosts.
"""

import logging
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.exceptions import TimeoutError as UrllibTimeoutError

_CHUNK_BYTES = 4096

# urllib3 logs what a strange server sent; every trouble is told by NoResponse instead.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer: as many bytes as its header promised, and not too many."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class NoResponse:
    """``reason``: no-link, timeout, incomplete, oversize, not-http."""

    reason: str


class _Deadline:
    """Cuts the sockets it watches after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.passed = False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "_Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def watch(self, connection: socket.socket) -> None:
        with self._lock:
            self._sockets.append(connection)
            if self.passed:
                _cut(connection)

    def _cut(self) -> None:
        with self._lock:
            self.passed = True
            for connection in self._sockets:
                _cut(connection)


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


_DEADLINE: ContextVar[_Deadline] = ContextVar("deadline")


class _PlainConnection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        assert self.sock is not None
        _DEADLINE.get().watch(self.sock)


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        assert self.sock is not None
        _DEADLINE.get().watch(self.sock)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _WatchedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: int, **options: object) -> None:
        super().init_poolmanager(*args, **options)  # type: ignore[arg-type]
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


def exchange(
    method: Literal["GET", "POST"],
    url: str,
    body: bytes | None,
    connect_s: float,
    total_s: float,
    max_bytes: int,
    headers: Mapping[str, str] | None = None,
) -> Response | NoResponse:
    """Follows no redirect, keeps no connection, uses no proxy of the environment, takes no compressed answer."""
    with requests.Session() as session, _Deadline(total_s) as deadline:
        session.trust_env = False
        session.mount("http://", _WatchedAdapter())
        session.mount("https://", _WatchedAdapter())
        token = _DEADLINE.set(deadline)
        try:
            answer = session.request(
                method,
                url,
                data=body,
                headers={"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
                | ({} if body is None else {"Content-Type": "application/octet-stream"})
                | dict(headers or {}),
                timeout=(connect_s, total_s),
                allow_redirects=False,
                stream=True,
            )
            with answer:
                result = _read(answer, max_bytes)
        except (requests.RequestException, HTTPError, OSError) as problem:
            result = NoResponse(_reason(problem))
        finally:
            _DEADLINE.reset(token)
    return NoResponse("timeout") if deadline.passed else result


def _read(answer: requests.Response, max_bytes: int) -> Response | NoResponse:
    promised = answer.headers.get("Content-Length")
    body = bytearray()
    while chunk := answer.raw.read1(_CHUNK_BYTES, decode_content=False):
        body += chunk
        if len(body) > max_bytes:
            return NoResponse("oversize")
    if promised is not None and promised != str(len(body)):
        return NoResponse("incomplete")
    return Response(answer.status_code, bytes(body))


def _reason(problem: Exception) -> str:
    match problem:
        case requests.Timeout() | TimeoutError() | UrllibTimeoutError():
            return "timeout"
        case requests.ConnectionError():
            return "no-link"
        case ProtocolError():
            return "incomplete"
        case _:
            return "not-http"
