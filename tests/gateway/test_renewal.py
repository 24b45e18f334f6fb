"""A gateway that is up for long makes its certificate anew, and shows it without a start."""

import pickle
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509

from gateway.app import create_app
from gateway.authority import SERVER_LIFE, ServerFiles
from gateway.renewal import LOOK_S, Renewal
from kiosk.app.system import SystemClock
from tests.gateway.serving import serving
from tests.gateway.trust import SecuredHall, present_clock, secured_hall
from tests.records import SetClock

AGE = timedelta(days=300)


@pytest.fixture
def clock() -> SetClock:
    """Long enough ago for the certificate to be old by the machine's clock, and good still."""
    clock = present_clock()
    clock.forward(-AGE.total_seconds())
    return clock


@pytest.fixture
def hall(tmp_path: Path, clock: SetClock) -> SecuredHall:
    return secured_hall(tmp_path / "hall", clock)


def _renewal(hall: SecuredHall) -> Renewal:
    """As a worker gets it."""
    assert hall.settings.tls is not None
    renewal = Renewal(hall.settings.key, hall.settings.tls.names, hall.clock)
    assert pickle.loads(pickle.dumps(replace(renewal, clock=SystemClock()))).names == renewal.names
    return renewal


def _shown(address: str, files: ServerFiles) -> x509.Certificate:
    """Checked as a terminal does, by the machine's clock."""
    place = urlsplit(address)
    assert place.hostname is not None
    assert place.port is not None
    pem = ssl.get_server_certificate((place.hostname, place.port), ca_certs=str(files.authority), timeout=30)
    return x509.load_pem_x509_certificate(pem.encode())


def test_whoever_connects_after_two_thirds_of_its_life_is_shown_a_new_one(hall: SecuredHall, clock: SetClock) -> None:
    files, renewal = hall.server_files(), _renewal(hall)
    with serving(create_app(hall.settings, clock), files, renewal=renewal) as address:
        first = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        clock.forward(LOOK_S)
        assert [_shown(address, files) for _ in range(2)] == [first] * 2
        clock.forward(AGE.total_seconds() - LOOK_S)
        _shown(address, files)
        later = _shown(address, files)
    assert later.not_valid_after_utc == clock.now() + SERVER_LIFE
    assert later.public_key() == first.public_key()


def test_a_key_that_cannot_be_read_keeps_the_certificate_that_is_there(
    hall: SecuredHall, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    files, renewal = hall.server_files(), _renewal(hall)
    with serving(create_app(hall.settings, clock), files, renewal=renewal) as address:
        first = _shown(address, files)
        files.key.write_text("no key")
        clock.forward(LOOK_S)
        assert [_shown(address, files) for _ in range(2)] == [first] * 2
    assert "cannot be looked at" in caplog.text
    caplog.clear()
