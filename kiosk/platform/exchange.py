"""One HTTP request with a deadline that holds however slowly the other side drips.

Time-outs of sockets start anew with every byte. Here a timer cuts the connection at the deadline, also while a proxy
or the headers come in; TLS is agreed on within the connection's own time. Name look-up is the one thing it cannot cut:
on terminals addresses are numbers or in /etc/hosts.
"""

import base64
import hashlib
import logging
import socket
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from kiosk.platform.line import Line
from kiosk.platform.trouble import reason_of

LONGEST_RETRY_AFTER_S = 86_400.0
"""Nobody on the line may silence a terminal for longer."""

_CHUNK_BYTES = 4096

# urllib3 logs what a strange server sent; every trouble is told by NoResponse instead.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer: as many bytes as its header promised, and not too many. ``date`` is the other side's clock where
    it told one, to the second; ``retry_after_s`` is how long it wants not to be asked again."""

    status: int
    body: bytes = field(repr=False)
    date: datetime | None = None
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class NoResponse:
    """``reason``: oversize, or as ``kiosk.platform.trouble`` tells them apart."""

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
    def _new_conn(self) -> socket.socket:
        return _watched(super()._new_conn())


class _SecureConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _watched(super()._new_conn())

    def connect(self) -> None:
        super().connect()
        assert self.sock is not None
        _watched(self.sock)


def _watched(connection: socket.socket) -> socket.socket:
    """TLS makes another socket of the same connection: it is watched in its turn."""
    _DEADLINE.get().watch(connection)
    return connection


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _WatchedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: int, **options: object) -> None:
        super().init_poolmanager(*args, **options)  # type: ignore[arg-type]
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> ProxyManager:
        manager: ProxyManager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


_POOLS = {"http": _PlainPool, "https": _SecurePool}


def exchange(
    line: Line,
    method: Literal["GET", "POST"],
    path: str,
    body: bytes | None,
    max_bytes: int,
    headers: Mapping[str, str] | None = None,
) -> Response | NoResponse:
    """Follows no redirect, keeps no connection, uses no proxy but the line's, takes no compressed answer. A body goes
    with its digest (RFC 9530), so that what came to harm on the way is known as such."""
    if line.files_missing():
        return NoResponse("certificate-missing")
    with requests.Session() as session, _Deadline(line.total_s) as deadline:
        session.trust_env = False
        session.mount("http://", _WatchedAdapter())
        session.mount("https://", _WatchedAdapter())
        token = _DEADLINE.set(deadline)
        try:
            answer = session.request(
                method,
                line.address + path,
                data=body,
                headers=_headers(body) | dict(headers or {}),
                timeout=(line.connect_s, line.read_s),
                allow_redirects=False,
                stream=True,
                proxies={} if line.proxy is None else {"http": line.proxy, "https": line.proxy},
                verify=True if line.authority is None else str(line.authority),
                cert=None if line.certificate is None else (str(line.certificate), str(line.key)),
            )
            with answer:
                result = _read(answer, max_bytes)
        except (requests.RequestException, HTTPError, OSError) as problem:
            result = NoResponse(reason_of(problem))
            _let_go(problem)
        finally:
            _DEADLINE.reset(token)
    return NoResponse("timeout") if deadline.passed else result


def _let_go(problem: BaseException) -> None:
    """Empties the frames behind ``problem``. urllib3 keeps a failure in a variable of the very call that its traceback
    names; from such a ring hang all who called, with the name and the number they asked for, until Python looks through
    what is old, which it seldom does."""
    failure: BaseException | None = problem
    while failure is not None:
        traceback.clear_frames(failure.__traceback__)
        failure = failure.__context__


def _headers(body: bytes | None) -> dict[str, str]:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
    if body is not None:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers |= {"Content-Type": "application/octet-stream", "Content-Digest": f"sha-256=:{digest}:"}
    return headers


def _read(answer: requests.Response, max_bytes: int) -> Response | NoResponse:
    promised = answer.headers.get("Content-Length")
    body = bytearray()
    while chunk := answer.raw.read1(_CHUNK_BYTES, decode_content=False):
        body += chunk
        if len(body) > max_bytes:
            return NoResponse("oversize")
    if promised is not None and promised != str(len(body)):
        return NoResponse("incomplete")
    date = _moment(answer.headers.get("Date"))
    wait_s = _seconds(answer.headers.get("Retry-After"), date)
    return Response(answer.status_code, bytes(body), date, wait_s)


def _moment(text: str | None) -> datetime | None:
    """None where there is no date or none that can be read."""
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _seconds(text: str | None, now: datetime | None) -> float | None:
    """Retry-After: seconds, or a moment by the other side's clock (RFC 9110, 10.2.3)."""
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(float(text), LONGEST_RETRY_AFTER_S)
    moment = _moment(text)
    if moment is None or now is None:
        return None
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER_S)
