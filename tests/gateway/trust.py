"""A hall that serves TLS by its own authority, and terminals that are set up with it, each in a folder of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.app import create_app, publish_registration, server_files
from gateway.authority import Authority, ServerFiles
from gateway.database import open_database
from gateway.enrolment import CodeDesk
from gateway.registry import Registry
from gateway.settings import GatewaySettings
from gateway.tls_settings import TlsSettings
from kiosk.platform.client import HttpHallPlatform
from kiosk.platform.enrolment import Applicant, Enrolled, EnrolmentRefused, enrol
from kiosk.platform.line import Line
from kiosk.platform.renewals import Identity, key_file_beside
from kiosk.platform.settings import PlatformSettings
from kiosk.wire import keys
from kiosk.wire.enrolment import EnrolmentCode, certificate_request
from kiosk.wire.envelope import Sealer
from kiosk.wire.private_files import replace_whole
from kiosk.wire.tls_key import load_or_create_tls_key
from tests.gateway.serving import serving
from tests.records import TERMINAL, SetClock


def present_clock() -> SetClock:
    """TLS judges certificates by the machine's own clock."""
    return SetClock(datetime.now(UTC).replace(microsecond=0))


@dataclass(frozen=True)
class SecuredHall:
    """A gateway for real people; ``settings.tls`` wants terminals' certificates."""

    folder: Path
    clock: SetClock
    settings: GatewaySettings

    def authority(self) -> Authority:
        authority = Authority.load_or_create(self.settings.key, self.clock.now())
        assert isinstance(authority, Authority)
        return authority

    def server_files(self) -> ServerFiles:
        files = server_files(self.settings, self.clock)
        assert files is not None
        return files

    @contextmanager
    def serving(self, files: ServerFiles | None = None) -> Iterator[str]:
        with serving(create_app(self.settings, self.clock), files or self.server_files()) as address:
            yield address

    @contextmanager
    def registry(self) -> Iterator[Registry]:
        engine = open_database(self.settings.database)
        yield Registry(engine, self.clock)
        engine.dispose()

    def code(self, terminal: str = TERMINAL, site: str | None = None, training: bool = False) -> EnrolmentCode:
        engine = open_database(self.settings.database)
        code = CodeDesk(engine, self.authority(), self.clock).show(terminal, site, training, timedelta(hours=24))
        engine.dispose()
        assert code is not None
        return code

    def registration(self) -> bytes:
        return publish_registration(self.settings).read_bytes()


def secured_hall(folder: Path, clock: SetClock) -> SecuredHall:
    folder.mkdir()
    tls = TlsSettings(names=("127.0.0.1",))
    return SecuredHall(
        folder,
        clock,
        GatewaySettings(database=f"sqlite:///{folder}/hall.db", key=folder / "gateway.pem", tls=tls),
    )


@dataclass(frozen=True)
class SetUp:
    """A terminal with its keys; ``settle`` writes what enrolling gave it."""

    folder: Path
    clock: SetClock
    signing_key: Ed25519PrivateKey
    tls_key: ec.EllipticCurvePrivateKey
    number: str = TERMINAL
    training: bool = False

    def platform_settings(self, address: str, proxy: str | None = None) -> PlatformSettings:
        return PlatformSettings(
            address=address,
            registration=self.folder / "gateway.registration.json",
            authority=self.folder / "ca.crt",
            certificate=self.folder / "terminal.crt",
            tls_key=self.folder / "tls.pem",
            proxy=proxy,
        )

    def line(self, address: str, proxy: str | None = None) -> Line:
        return Line.of(self.platform_settings(address, proxy))

    def enrol(self, address: str, code: EnrolmentCode, proxy: str | None = None) -> Enrolled | EnrolmentRefused:
        registration = keys.register_terminal(self.number, self.training, self.signing_key)
        applicant = Applicant(registration, self.signing_key, self.tls_key)
        answer = enrol(self.line(address, proxy), code, applicant, self.clock.now())
        if isinstance(answer, Enrolled):
            self.settle(answer.certificate, answer.registration, answer.keys)
        return answer

    def settle(self, certificate: bytes, registration: bytes, key_list: bytes | None = None) -> None:
        replace_whole(self.folder / "terminal.crt", certificate)
        replace_whole(self.folder / "gateway.registration.json", registration)
        if key_list is not None:
            replace_whole(key_file_beside(self.folder / "gateway.registration.json"), key_list)

    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.folder / "terminal.crt").read_bytes())

    def sealer(self) -> Sealer:
        gateway = keys.load_gateway_registration(self.folder / "gateway.registration.json")
        assert isinstance(gateway, keys.GatewayKey)
        return Sealer(self.number, self.signing_key, gateway, self.clock)

    def identity(self) -> Identity:
        registration = self.folder / "gateway.registration.json"
        gateway = keys.load_gateway_registration(registration)
        assert isinstance(gateway, keys.GatewayKey)
        return Identity(self.number, self.signing_key, gateway.certificate_key, key_file_beside(registration))

    def platform(self, address: str, sealer: Sealer | None = None, proxy: str | None = None) -> HttpHallPlatform:
        settings = self.platform_settings(address, proxy)
        return HttpHallPlatform(settings, sealer or self.sealer(), self.clock, self.identity())

    def certified(self, by: Authority, at: datetime) -> bytes:
        """A certificate of ``by``, made at this moment."""
        key_id = keys.key_id(self.signing_key.public_key())
        request = x509.load_pem_x509_csr(certificate_request(self.number, key_id, self.tls_key).encode())
        return by.issue(request, self.number, key_id, at).encode()


def new_terminal(folder: Path, clock: SetClock, number: str = TERMINAL) -> SetUp:
    folder.mkdir()
    signing_key = keys.load_or_create_signing_key(folder / "terminal.pem")
    tls_key = load_or_create_tls_key(folder / "tls.pem")
    assert isinstance(signing_key, Ed25519PrivateKey)
    assert isinstance(tls_key, ec.EllipticCurvePrivateKey)
    return SetUp(folder, clock, signing_key, tls_key, number)


def settled(folder: Path, hall: SecuredHall, number: str = TERMINAL) -> SetUp:
    """A terminal that was set up with ``hall``, without asking it over the line."""
    terminal = new_terminal(folder, hall.clock, number)
    registered = keys.registered_terminal(keys.register_terminal(number, False, terminal.signing_key))
    assert isinstance(registered, keys.RegisteredTerminal)
    with hall.registry() as registry:
        registry.take_in((registered,))
    terminal.settle(terminal.certified(hall.authority(), hall.clock.now()), hall.registration())
    replace_whole(folder / "ca.crt", hall.server_files().authority.read_bytes())
    return terminal


def mode(path: Path) -> int:
    return os.stat(path).st_mode & 0o777  # noqa: PTH116
