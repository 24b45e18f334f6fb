"""The gateway's own small certificate authority: for its server certificate and those of its terminals (X.509).

Beside the gateway's key stand ``<key>.ca.pem`` (private, mode 0600) and ``<key>.ca.crt``, ``<key>.tls.pem`` (private)
and ``<key>.tls.crt``. The authority's key never leaves the gateway; no certificate but its own may sign others.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.wire.enrolment import renewal_due, terminal_name
from kiosk.wire.keys import KeyUnusable
from kiosk.wire.private_files import replace_whole
from kiosk.wire.tls_key import load_or_create_tls_key

AUTHORITY_LIFE = timedelta(days=3650)
SERVER_LIFE = timedelta(days=397)
TERMINAL_LIFE = timedelta(days=90)
_CLOCKS_DIFFER = timedelta(minutes=5)
"""A certificate counts from a little before it was made, for clocks that are behind."""


@dataclass(frozen=True, slots=True)
class ServerFiles:
    """What a side of a TLS line reads: its certificate, its key, and the authority that the other's must be of."""

    certificate: Path
    key: Path
    authority: Path


@dataclass(frozen=True, slots=True)
class Authority:
    """``certificate`` is what terminals pin."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def load_or_create(cls, beside: Path, now: datetime) -> "Authority | KeyUnusable":
        """``beside`` is the gateway's key. Raises OSError when a file cannot be written."""
        key = load_or_create_tls_key(beside.with_suffix(".ca.pem"))
        if isinstance(key, KeyUnusable):
            return key
        path = authority_file(beside)
        if not path.exists():
            replace_whole(path, _pem(_self_signed(key, now)), 0o644)
        try:
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
        except ValueError:
            return KeyUnusable("not-a-certificate")
        return cls(certificate, key) if certificate.public_key() == key.public_key() else KeyUnusable("other-key")

    def issue(self, request: x509.CertificateSigningRequest, terminal: str, key_id: str, now: datetime) -> str:
        """A client certificate for a terminal, whatever else the request asks for; PEM."""
        subject = terminal_name(terminal, key_id)
        issued = self._issue(subject, request.public_key(), now, TERMINAL_LIFE, ExtendedKeyUsageOID.CLIENT_AUTH)
        return _pem(issued.sign(self.key, hashes.SHA256())).decode()

    def serve_as(self, beside: Path, names: tuple[str, ...], now: datetime) -> ServerFiles | KeyUnusable:
        """The server's certificate for these names and addresses: made anew when two thirds of its life are over, or
        when it is for others. Raises OSError when a file cannot be written."""
        return self._made(beside, names, now, ExtendedKeyUsageOID.SERVER_AUTH)

    def speak_as(self, beside: Path, name: str, now: datetime) -> ServerFiles | KeyUnusable:
        """As ``serve_as``, for one of the hall's own programs that another one knows by ``name``."""
        return self._made(beside, (name,), now, ExtendedKeyUsageOID.CLIENT_AUTH)

    def _made(
        self, beside: Path, names: tuple[str, ...], now: datetime, usage: x509.ObjectIdentifier
    ) -> ServerFiles | KeyUnusable:
        files = ServerFiles(beside.with_suffix(".tls.crt"), beside.with_suffix(".tls.pem"), authority_file(beside))
        key = load_or_create_tls_key(files.key)
        if isinstance(key, KeyUnusable):
            return key
        if not self._good(files.certificate, key, names, now):
            subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
            issued = self._issue(subject, key.public_key(), now, SERVER_LIFE, usage)
            issued = issued.add_extension(_alternatives(names), critical=False)
            replace_whole(files.certificate, _pem(issued.sign(self.key, hashes.SHA256())), 0o644)
        return files

    def _good(self, path: Path, key: ec.EllipticCurvePrivateKey, names: tuple[str, ...], now: datetime) -> bool:
        try:
            there = x509.load_pem_x509_certificate(path.read_bytes())
            there.verify_directly_issued_by(self.certificate)
            found = there.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            return False
        fresh = not renewal_due(there.not_valid_before_utc, there.not_valid_after_utc, now)
        return fresh and there.public_key() == key.public_key() and found == _alternatives(names)

    def _issue(
        self,
        subject: x509.Name,
        public_key: object,
        now: datetime,
        life: timedelta,
        usage: x509.ObjectIdentifier,
    ) -> x509.CertificateBuilder:
        signer = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        return (
            _builder(subject, self.certificate.subject, public_key, now, life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(signer), critical=False)
        )


def authority_file(beside: Path) -> Path:
    return beside.with_suffix(".ca.crt")


def _self_signed(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """Named after its key, so that the authorities of two gateways are told apart."""
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Hall gateway {identifier.digest.hex()[:16]}")])
    builder = _builder(name, name, key.public_key(), now, AUTHORITY_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return builder.add_extension(_usage(key_cert_sign=True), critical=True).sign(key, hashes.SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: object, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _alternatives(names: tuple[str, ...]) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([_general_name(name) for name in names])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
