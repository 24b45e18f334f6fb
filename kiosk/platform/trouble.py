"""Why no answer came, from what the HTTP and TLS libraries raise, and what a technician does about each reason."""

import socket
import ssl
from collections.abc import Iterator

import requests
from urllib3.exceptions import ProtocolError
from urllib3.exceptions import ProxyError as UrllibProxyError
from urllib3.exceptions import TimeoutError as UrllibTimeoutError

from kiosk.ports.device_status import CLOCK_DRIFT

_EXPIRED = 10
"""OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED."""

_OURS = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED")
"""In the name of an alert: the other side does not take our certificate."""

REMEDIES = {
    "no-link": "check the terminal's network cable and the switch, then that platform.address can be reached",
    "name-not-found": "write platform.address as a number, or its host into the terminal's hosts file or name server",
    "refused": "check that the hall platform runs and the port of platform.address is right",
    "timeout": "check the cables beyond the terminal, the router and the firewall, then platform.address",
    "proxy-failed": "check platform.proxy, and that the proxy lets this terminal reach platform.address",
    "certificate-missing": "set the terminal up with the hall: `kiosk enrol` writes the files platform.* names",
    "certificate-expired": "look at the terminal's clock first; then have the hall renew its platform's certificate",
    "certificate-not-trusted": "check platform.address and platform.authority; if both are right, somebody listens in",
    "certificate-refused": "the hall does not take this terminal's certificate: set it up anew with `kiosk enrol`",
    "not-tls": "the platform speaks no TLS at this port: check scheme and port of platform.address",
    CLOCK_DRIFT: "set the terminal's clock: it is more than a minute off",
    "revoked": "the hall took this terminal out of service: ask the hall; `kiosk enrol` with new keys brings it back",
    "unknown-terminal": "the hall does not know this terminal: register it there, or set it up with `kiosk enrol`",
    "other-gateway": "register this terminal and the platform with each other again",
    "server-error": "the hall platform has a fault of its own: tell the hall to look at its log",
    "database-down": "the hall platform runs, its database does not: tell the hall",
    "database-busy": "the hall platform's database is locked or overloaded: if it stays, tell the hall",
    "storage-full": "the hall platform's disk is full: tell the hall to make room; records wait here meanwhile",
    "storage-down": "the hall platform cannot write to its disk: tell the hall; records wait here meanwhile",
}
OTHERWISE = "check the cable, the address and that the hall platform runs"


def remedy_of(reason: str) -> str:
    return REMEDIES.get(reason, OTHERWISE)


def reason_of(problem: Exception) -> str:
    """A stable word: one of ``REMEDIES``, or incomplete, or not-http."""
    chain = list(_chain(problem))
    for each in chain:
        match each:
            case ssl.SSLCertVerificationError(verify_code=code):
                return "certificate-expired" if code == _EXPIRED else "certificate-not-trusted"
            case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
                continue
            case ssl.SSLError(reason=str(words)):
                refused = "ALERT" in words and any(word in words for word in _OURS)
                return "certificate-refused" if refused else "not-tls"
    if any(isinstance(each, UrllibProxyError) for each in chain):
        return "proxy-failed"
    if any(isinstance(each, socket.gaierror) for each in chain):
        return "name-not-found"
    match problem:
        case requests.Timeout() | TimeoutError() | UrllibTimeoutError():
            return "timeout"
        case requests.ConnectionError() | ConnectionError():
            return "refused" if any(isinstance(each, ConnectionRefusedError) for each in chain) else "no-link"
        case ProtocolError():
            return "incomplete"
        case _:
            return "not-http"


def _chain(problem: BaseException) -> Iterator[BaseException]:
    """``problem`` and all it was made of: causes, contexts, and what libraries put into arguments."""
    waiting, seen = [problem], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        within = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        waiting.extend(part for part in within if isinstance(part, BaseException))
