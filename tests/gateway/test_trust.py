"""Terminal and gateway prove themselves to each other: set up by a code, over TLS, renewed, revoked, and lied to."""

import socket
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from fastapi import FastAPI, Request, Response

from gateway.authority import ServerFiles
from gateway.registry import REMEMBERED_S
from gateway.tls_settings import TlsSettings
from kiosk.platform.enrolment import Enrolled, EnrolmentRefused
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.platform import PlatformUnavailable, ReceiptUnknown
from kiosk.wire.enrolment import AUTHORITY_PATH, AuthorityMessage
from tests.gateway.serving import serving
from tests.gateway.trust import SecuredHall, mode, new_terminal, present_clock, secured_hall, settled
from tests.kiosk.platform.tunnel import tunnel
from tests.records import TERMINAL, SetClock, receipt


@pytest.fixture
def clock() -> SetClock:
    return present_clock()


@pytest.fixture
def hall(tmp_path: Path, clock: SetClock) -> SecuredHall:
    return secured_hall(tmp_path / "hall", clock)


def _reason(status: object) -> str:
    assert isinstance(status, Unavailable)
    assert status.remedy
    return status.reason


def test_a_terminal_is_set_up_by_its_code_and_served_from_then_on(
    hall: SecuredHall, clock: SetClock, tmp_path: Path
) -> None:
    terminal = new_terminal(tmp_path / "terminal", clock)
    with hall.registry() as registry:
        registry.add_site("110000000000", "示范省")
    with hall.serving() as address:
        assert isinstance(terminal.enrol(address, hall.code(site="110000000000")), Enrolled)
        platform = terminal.platform(address)
        assert platform.status() == Ready()
        assert platform.look_up(receipt()) == ReceiptUnknown()
    assert all(mode(path) == 0o600 for path in terminal.folder.iterdir())
    assert mode(hall.settings.key.with_suffix(".ca.pem")) == 0o600
    with hall.registry() as registry:
        (listed,) = registry.listed()
    assert (listed.registered.terminal, listed.site, listed.registered.training) == (TERMINAL, "110000000000", False)
    assert listed.certificate_serial == f"{terminal.certificate().serial_number:x}"


def test_a_code_lets_one_terminal_in_however_often_its_answer_is_lost(
    hall: SecuredHall, clock: SetClock, tmp_path: Path
) -> None:
    terminal, copied = (new_terminal(tmp_path / name, clock) for name in ("terminal", "copied"))
    code = hall.code()
    with hall.serving() as address:
        assert isinstance(terminal.enrol(address, code), Enrolled)
        assert isinstance(terminal.enrol(address, code), Enrolled)
        replayed = copied.enrol(address, code)
    assert isinstance(replayed, EnrolmentRefused)
    assert (replayed.reason, bool(replayed.remedy)) == ("code-used", True)


def test_five_wrong_codes_lock_the_right_one(hall: SecuredHall, clock: SetClock, tmp_path: Path) -> None:
    terminal = new_terminal(tmp_path / "terminal", clock)
    code = hall.code()
    wrong = replace(code, secret="0" * 16)
    with hall.serving() as address:
        told = [terminal.enrol(address, each) for each in (*(wrong,) * 5, code)]
        assert isinstance(terminal.enrol(address, hall.code()), Enrolled)
    assert [answer.reason for answer in told if isinstance(answer, EnrolmentRefused)] == [
        *("code-wrong",) * 5,
        "code-locked",
    ]


def test_a_code_counts_for_its_time_its_number_and_its_kind(hall: SecuredHall, clock: SetClock, tmp_path: Path) -> None:
    terminal = new_terminal(tmp_path / "terminal", clock)
    other = new_terminal(tmp_path / "other", clock, "0318")
    late = hall.code()
    hall.code("0318")
    with hall.serving() as address:
        clock.forward(24 * 3600)
        for each, code, reason in (
            (terminal, late, "code-expired"),
            (other, late, "code-wrong"),
            (other, hall.code("0318", training=True), "training-differs"),
        ):
            answer = each.enrol(address, code)
            assert isinstance(answer, EnrolmentRefused)
            assert answer.reason == reason


def test_another_gateway_at_the_address_is_found_out_before_the_secret_is_said(
    hall: SecuredHall, clock: SetClock, tmp_path: Path
) -> None:
    terminal = new_terminal(tmp_path / "terminal", clock)
    code = hall.code()
    with secured_hall(tmp_path / "other", clock).serving() as address:
        answer = terminal.enrol(address, code)
    assert isinstance(answer, EnrolmentRefused)
    assert answer.reason == "other-authority"
    assert not (terminal.folder / "ca.crt").exists()


def test_who_stands_between_and_shows_the_true_authority_hears_no_secret(
    hall: SecuredHall, clock: SetClock, tmp_path: Path
) -> None:
    heard: list[str] = []
    app = FastAPI(openapi_url=None)
    true = AuthorityMessage(certificate=hall.server_files().authority.read_text())

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def listen(request: Request) -> Response:
        heard.append(request.url.path)
        return Response(true.model_dump_json(), media_type="application/json")

    terminal = new_terminal(tmp_path / "terminal", clock)
    with serving(app, secured_hall(tmp_path / "between", clock).server_files()) as address:
        answer = terminal.enrol(address, hall.code())
    assert isinstance(answer, EnrolmentRefused)
    assert answer.reason == "certificate-not-trusted"
    assert heard == [AUTHORITY_PATH]


def test_a_gateway_whose_certificate_is_over_or_another_s_is_not_believed(
    hall: SecuredHall, clock: SetClock, tmp_path: Path
) -> None:
    terminal = settled(tmp_path / "terminal", hall)
    other = secured_hall(tmp_path / "other", clock)
    long_ago = clock.now() - timedelta(days=500)
    for files, reason in (
        (_files(hall, tmp_path / "over.pem", ("127.0.0.1",), long_ago), "certificate-expired"),
        (_files(hall, tmp_path / "elsewhere.pem", ("gateway.example",), clock.now()), "certificate-not-trusted"),
        (other.server_files(), "certificate-not-trusted"),
    ):
        with hall.serving(files) as address:
            platform = terminal.platform(address)
            assert _reason(platform.status()) == reason
            assert platform.look_up(receipt()) == PlatformUnavailable(reason)
            assert _reason(platform.present()) == reason


def _files(hall: SecuredHall, beside: Path, names: tuple[str, ...], at: object) -> ServerFiles:
    """A certificate of the hall's own authority, as it was made at another time or for another name."""
    files = hall.authority().serve_as(beside, names, at)  # type: ignore[arg-type]
    assert isinstance(files, ServerFiles)
    return replace(files, authority=hall.server_files().authority)


def test_a_terminal_without_a_certificate_of_the_hall_is_not_let_in(
    hall: SecuredHall, clock: SetClock, tmp_path: Path
) -> None:
    terminal = settled(tmp_path / "terminal", hall)
    foreign = secured_hall(tmp_path / "other", clock)
    foreign.server_files()
    with hall.serving() as address:
        bare = terminal.platform_settings(address).model_copy(update={"certificate": None, "tls_key": None})
        unshown = type(terminal.platform(address))(bare, terminal.sealer(), clock)
        assert _reason(unshown.status()) == "certificate-refused"
        terminal.settle(terminal.certified(foreign.authority(), clock.now()), hall.registration())
        assert _reason(terminal.platform(address).status()) == "certificate-refused"
        (terminal.folder / "ca.crt").unlink()
        assert _reason(terminal.platform(address).status()) == "certificate-missing"


def test_a_terminal_that_was_registered_by_file_gets_its_first_certificate_by_itself(
    hall: SecuredHall, tmp_path: Path
) -> None:
    terminal = settled(tmp_path / "terminal", hall)
    for file in ("terminal.crt", "tls.pem"):
        (terminal.folder / file).unlink()
    with hall.serving() as address:
        assert terminal.platform(address).status() == Ready()
    assert mode(terminal.folder / "tls.pem") == mode(terminal.folder / "terminal.crt") == 0o600


def test_a_revoked_terminal_is_told_so_and_its_records_stay(hall: SecuredHall, clock: SetClock, tmp_path: Path) -> None:
    terminal = settled(tmp_path / "terminal", hall)
    with hall.serving() as address:
        platform = terminal.platform(address)
        assert platform.status() == Ready()
        with hall.registry() as registry:
            assert registry.revoke(TERMINAL, "stolen") == 1
            assert registry.revoke(TERMINAL, "stolen") == 0
        clock.forward(REMEMBERED_S)
        assert _reason(platform.status()) == "revoked"
        assert platform.look_up(receipt()) == PlatformUnavailable("revoked")


@pytest.mark.parametrize("age_days", [61, 91])
def test_a_certificate_is_renewed_in_idle_time_even_when_it_is_over(
    hall: SecuredHall, clock: SetClock, tmp_path: Path, age_days: int
) -> None:
    terminal = settled(tmp_path / "terminal", hall)
    old = terminal.certified(hall.authority(), clock.now() - timedelta(days=age_days))
    terminal.settle(old, hall.registration())
    before = terminal.certificate()
    with hall.serving() as address:
        platform = terminal.platform(address)
        assert platform.status() == Ready()
        after = terminal.certificate()
        assert platform.status() == Ready()
    assert after.not_valid_after_utc == clock.now() + timedelta(days=90)
    assert after.public_key() == before.public_key()
    assert terminal.certificate() == after


def test_a_revoked_terminal_gets_no_new_certificate(hall: SecuredHall, clock: SetClock, tmp_path: Path) -> None:
    terminal = settled(tmp_path / "terminal", hall)
    terminal.settle(terminal.certified(hall.authority(), clock.now() - timedelta(days=91)), hall.registration())
    with hall.registry() as registry:
        registry.revoke(TERMINAL, "lost")
    before = terminal.certificate()
    with hall.serving() as address:
        assert isinstance(terminal.platform(address).status(), Unavailable)
    assert terminal.certificate() == before


def test_the_line_may_lead_through_a_proxy(hall: SecuredHall, clock: SetClock, tmp_path: Path) -> None:
    terminal = new_terminal(tmp_path / "terminal", clock)
    with hall.serving() as address, tunnel() as proxy:
        assert isinstance(terminal.enrol(address, hall.code(), proxy.address), Enrolled)
        assert terminal.platform(address, proxy=proxy.address).status() == Ready()
        assert proxy.asked == [address.removeprefix("https://")] * 3
        proxy.refuses = True
        assert _reason(terminal.platform(address, proxy=proxy.address).status()) == "proxy-failed"
    assert _reason(terminal.platform(address, proxy=proxy.address).status()) == "proxy-failed"


def test_the_gateway_makes_its_own_certificate_anew_in_time(hall: SecuredHall, clock: SetClock) -> None:
    first = hall.server_files().certificate.read_bytes()
    assert hall.server_files().certificate.read_bytes() == first
    clock.forward(397 * 86400 * 2 / 3)
    later = hall.server_files().certificate.read_bytes()
    assert later != first
    renamed = replace(hall, settings=hall.settings.model_copy(update={"tls": TlsSettings(names=("hall.example",))}))
    assert renamed.server_files().certificate.read_bytes() != later


def test_plain_http_at_a_secured_address_is_told(clock: SetClock, hall: SecuredHall, tmp_path: Path) -> None:
    terminal = settled(tmp_path / "terminal", hall)

    def answer(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.recv(1)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.recv(65536)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        platform = terminal.platform(f"https://127.0.0.1:{listener.getsockname()[1]}")
        assert _reason(platform.status()) == "not-tls"
        thread.join()


@pytest.mark.parametrize("change", [{"number": "0400"}, {"training": True}])
def test_a_terminal_that_is_numbered_anew_needs_a_new_key(
    hall: SecuredHall, clock: SetClock, tmp_path: Path, change: dict[str, Any]
) -> None:
    """Its key is registered for what it was: under the new number nothing of it would be taken."""
    terminal = settled(tmp_path / "terminal", hall)
    certificate = terminal.certificate()
    changed = replace(terminal, **change)
    with hall.serving() as address:
        answer = changed.enrol(address, hall.code(changed.number, training=changed.training))
        assert isinstance(answer, EnrolmentRefused)
        assert (answer.reason, "move signing_key aside" in answer.remedy) == ("key-of-other-terminal", True)
        assert changed.certificate() == certificate
        renewed = replace(new_terminal(tmp_path / "anew", clock, changed.number), training=changed.training)
        assert isinstance(renewed.enrol(address, hall.code(renewed.number, training=renewed.training)), Enrolled)


def test_what_names_nobody_is_told_to_anybody(hall: SecuredHall) -> None:
    authority = str(hall.server_files().authority)
    with hall.serving() as address:
        told = {
            path: requests.get(f"{address}/v1/{path}", verify=authority, timeout=30).status_code
            for path in (f"receipts/{receipt().value}", "tickets/GD-1", "health")
        }
    assert told == {f"receipts/{receipt().value}": 404, "tickets/GD-1": 404, "health": 403}
