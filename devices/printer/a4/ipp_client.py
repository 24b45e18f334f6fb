"""One IPP question and its answer over HTTP: to CUPS by its socket, or to a printer on the network."""

import http.client
import itertools
import socket
import ssl
from dataclasses import dataclass
from getpass import getuser
from urllib.parse import urlsplit

from devices.printer.a4.ipp_message import NotIpp, Operation, Request, Response, decode, encode

_LARGEST_ANSWER = 1 << 20
_IPP_PORT = 631
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class IppServer:
    """``host`` is a name or address, or the path of a Unix socket; ``resource`` the HTTP path requests go to."""

    host: str
    port: int = _IPP_PORT
    resource: str = "/"
    encrypted: bool = False

    @property
    def local(self) -> bool:
        return self.host.startswith("/")


@dataclass(frozen=True, slots=True)
class NoIppAnswer:
    """``reason``: unreachable when nobody listens, no-answer when nothing sensible came in time."""

    reason: str


def server_of(printer_uri: str) -> IppServer | None:
    """Where an ``ipp://`` or ``ipps://`` printer answers; None for any other address."""
    try:
        parts = urlsplit(printer_uri)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("ipp", "ipps") or not parts.hostname:
        return None
    return IppServer(parts.hostname, port or _IPP_PORT, parts.path or "/", parts.scheme == "ipps")


@dataclass(frozen=True, slots=True)
class IppClient:
    """Asks one server; every answer within ``seconds`` per step. On a Unix socket the server checks who we are."""

    server: IppServer
    seconds: float

    def ask(
        self,
        operation: Operation,
        target: str,
        wanted: tuple[str, ...] = (),
        extra: dict[str, bool | int | str] | None = None,
    ) -> Response | NoIppAnswer:
        """``target`` is the address of a queue or printer; ``extra`` as in ``Request``."""
        request = Request(operation, target, getuser(), wanted, extra or {})
        connection = self._connection()
        try:
            connection.connect()
        except OSError:
            connection.close()
            return NoIppAnswer("unreachable")
        try:
            connection.request("POST", self.server.resource, encode(request, next(_numbers)), self._headers())
            answer = connection.getresponse()
            body = answer.read(_LARGEST_ANSWER)
        except (OSError, http.client.HTTPException):
            return NoIppAnswer("no-answer")
        finally:
            connection.close()
        response = decode(body) if answer.status == http.client.OK else NotIpp()
        return NoIppAnswer("no-answer") if isinstance(response, NotIpp) else response

    def _headers(self) -> dict[str, str]:
        """``PeerCred`` has CUPS take the socket's user for ours (cupsd.conf(5), AuthType)."""
        headers = {"Content-Type": "application/ipp"}
        return headers | {"Authorization": f"PeerCred {getuser()}"} if self.server.local else headers

    def _connection(self) -> http.client.HTTPConnection:
        server = self.server
        if server.local:
            return _SocketConnection(server.host, self.seconds)
        if server.encrypted:
            return http.client.HTTPSConnection(server.host, server.port, timeout=self.seconds, context=_any_printer())
        return http.client.HTTPConnection(server.host, server.port, timeout=self.seconds)


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: str, seconds: float) -> None:
        super().__init__("localhost", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _any_printer() -> ssl.SSLContext:
    """Printers sign their own certificates; as CUPS itself does, we take what is there."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
