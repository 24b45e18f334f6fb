"""Setting a terminal up with its gateway: the first contact trusts nobody but the code (``kiosk.wire.enrolment``)."""

import http.client
import ssl
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.platform.exchange import NoResponse, exchange
from kiosk.platform.line import Line
from kiosk.platform.trouble import reason_of, remedy_of
from kiosk.wire.enrolment import (
    AUTHORITY_PATH,
    ENROLMENT_PATH,
    MAX_ENROLLED_BYTES,
    MAX_REQUEST_BYTES,
    AuthorityMessage,
    EnrolledMessage,
    EnrolmentCode,
    EnrolmentRequest,
    certificate_request,
    parse_enrolled,
    signed_enrolment,
)
from kiosk.wire.keys import TerminalRegistration
from kiosk.wire.private_files import replace_whole

_REMEDIES = {
    "other-authority": "check the address and type the code again; if both are right, somebody else answers there",
    "code-wrong": "type the code again as the gateway shows it for this terminal's number; five wrong ones lock it",
    "code-locked": "five wrong codes were sent: have a new one shown at the gateway",
    "code-used": "another terminal was set up with this code: have a new one shown at the gateway",
    "code-expired": "the code's time is over: have a new one shown at the gateway",
    "training-differs": "site.training and the code differ: have a code shown for what this terminal is",
    "not-a-gateway": "check the address: no gateway answers there",
    "revoked": "this terminal's keys were revoked: move signing_key aside, so that new ones are made, and enrol anew",
    "key-of-other-terminal": "this signing key is another number's or kind's: move signing_key aside, and enrol anew",
    "clock-drift": "set the terminal's clock by the time server (timedatectl set-ntp true), then enrol again",
}


@dataclass(frozen=True, slots=True)
class EnrolmentRefused:
    """``reason`` is a stable word, ``remedy`` one line for the technician."""

    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the gateway gave: PEM of its authority and of the terminal's certificate, its registration and its present
    sealing keys, as they are kept in files."""

    authority: bytes
    certificate: bytes
    registration: bytes
    keys: bytes


@dataclass(frozen=True, slots=True)
class Applicant:
    """The terminal as it will be known; both keys stay with it."""

    registration: TerminalRegistration
    signing_key: Ed25519PrivateKey
    tls_key: EllipticCurvePrivateKey


def enrol(line: Line, code: EnrolmentCode, applicant: Applicant, now: datetime) -> Enrolled | EnrolmentRefused:
    """``line`` leads to the gateway, https, without files; its authority is written to ``line.authority`` once the code
    has proven it, and the code's secret is said to that authority's server alone. Raises OSError when the file
    cannot be written."""
    authority = _first_contact(line)
    if isinstance(authority, EnrolmentRefused):
        return authority
    if not code.fits(authority):
        return _refused("other-authority")
    pem = authority.public_bytes(serialization.Encoding.PEM)
    assert line.authority is not None
    replace_whole(line.authority, pem)
    terminal = applicant.registration
    request = EnrolmentRequest(
        code=code.secret,
        terminal=terminal,
        request=certificate_request(terminal.terminal, terminal.key_id, applicant.tls_key),
        made_at=now,
    )
    body = signed_enrolment(request, applicant.signing_key).model_dump_json().encode()
    response = exchange(line.unshown(), "POST", ENROLMENT_PATH, body, MAX_ENROLLED_BYTES)
    if isinstance(response, NoResponse):
        return _refused(response.reason)
    answer = parse_enrolled(response.body)
    if not isinstance(answer, EnrolledMessage):
        return _refused("not-a-gateway" if answer is None else answer.reason)
    certificate, registration = answer.certificate.encode(), answer.gateway.encode()
    return Enrolled(pem, certificate, registration, answer.keys.model_dump_json().encode())


def _first_contact(line: Line) -> x509.Certificate | EnrolmentRefused:
    """Whatever certificate the other side shows: nothing is told to it, and what it says is checked by the code."""
    unverified = ssl.create_default_context()
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    place, proxy = urlsplit(line.address), None if line.proxy is None else urlsplit(line.proxy)
    direct = place if proxy is None else proxy
    connection = http.client.HTTPSConnection(
        direct.hostname or "", direct.port, timeout=line.connect_s + line.read_s, context=unverified
    )
    if proxy is not None:
        connection.set_tunnel(place.hostname or "", place.port)
    try:
        connection.request("GET", AUTHORITY_PATH, headers={"Connection": "close"})
        said = connection.getresponse().read(MAX_REQUEST_BYTES)
        message = AuthorityMessage.model_validate_json(said)
        return x509.load_pem_x509_certificate(message.certificate.encode())
    except ValueError:
        return _refused("not-a-gateway")
    except (OSError, http.client.HTTPException) as problem:
        reason = reason_of(problem)
        return _refused("no-link" if reason == "not-http" else reason)
    finally:
        connection.close()


def _refused(reason: str) -> EnrolmentRefused:
    return EnrolmentRefused(reason, _REMEDIES.get(reason) or remedy_of(reason))
