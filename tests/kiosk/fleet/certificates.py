"""A hall's authority and the certificates it gave, as files in a folder."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.x509 import load_pem_x509_csr

from gateway.authority import Authority, authority_file
from kiosk.wire.enrolment import certificate_request
from kiosk.wire.keys import KeyUnusable
from kiosk.wire.tls_key import load_or_create_tls_key

NOW = datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key."""

    certificate: Path
    key: Path


class HallAuthority:
    """As the gateway has it (``gateway.authority``)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        made = Authority.load_or_create(folder / "gateway.pem", NOW - timedelta(days=200))
        assert not isinstance(made, KeyUnusable)
        self._authority = made

    @property
    def file(self) -> Path:
        return authority_file(self._folder / "gateway.pem")

    def server(self, *names: str, at: datetime = NOW) -> Pair:
        made = self._authority.serve_as(self._folder / f"{names[0]}-{at:%Y%m%d}.pem", names, at)
        assert not isinstance(made, KeyUnusable)
        return Pair(made.certificate, made.key)

    def client(self, name: str, at: datetime = NOW) -> Pair:
        """Counts for 90 days from ``at``."""
        pair = Pair(self._folder / f"{name}-{at:%Y%m%d}.crt", self._folder / f"{name}-{at:%Y%m%d}.key")
        key = load_or_create_tls_key(pair.key)
        assert not isinstance(key, KeyUnusable)
        request = certificate_request(name, "0" * 16, key)
        pair.certificate.write_text(
            self._authority.issue(load_pem_x509_csr(request.encode()), name, "0" * 16, at), encoding="ascii"
        )
        return pair
