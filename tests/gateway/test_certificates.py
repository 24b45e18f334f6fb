"""A certificate's number comes from the gateway, once for each asking, and proves itself without a network."""

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.app import publish_registration
from gateway.hall import Hall
from gateway.papers import HallEntry
from gateway.settings import GatewaySettings
from kiosk.domain.case import VoidedNumber
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber, compose_receipt_number
from kiosk.wire.envelope import FIRST
from kiosk.wire.keys import GatewayKey, KeyUnusable, load_gateway_registration
from kiosk.wire.messages import CertificateNumberMessage, CertificateQuery, RefusalMessage, parse_answer
from kiosk.wire.paper_check import PaperKeys, Standing, check_paper
from kiosk.wire.receipt_code import verification, verification_of
from tests.gateway.conftest import Send
from tests.records import START, TERMINAL, Registered, SetClock

URL = "https://hall.example"


@pytest.fixture
def gateway(settings: GatewaySettings) -> GatewayKey:
    """What a terminal of this gateway holds."""
    gateway = load_gateway_registration(publish_registration(settings))
    assert not isinstance(gateway, KeyUnusable)
    return gateway


def _ask(address: str, registered: Registered, clock: SetClock, key: str, certificate: str = "insured") -> object:
    query = CertificateQuery(certificate=certificate)
    envelope = registered.sealer(clock).seal_query(query, key).data
    return parse_answer(requests.post(f"{address}/v1/certificates", data=envelope, timeout=10).content)


def _issued(answer: object) -> tuple[ReceiptNumber, str]:
    assert isinstance(answer, CertificateNumberMessage)
    return ReceiptNumber(answer.receipt), answer.signature


def test_each_asking_has_its_number_and_keeps_it(address: str, registered: Registered, clock: SetClock) -> None:
    first, second = (_ask(address, registered, clock, key) for key in ("asking-1", "asking-2"))
    assert _ask(address, registered, clock, "asking-1") == first
    assert [_issued(answer)[0] for answer in (first, second)] == [
        compose_receipt_number(ReceiptKind.CERTIFICATE, START.date(), TERMINAL, counter) for counter in (1, 2)
    ]
    reused = RefusalMessage(reason="key-reused", final=True)
    assert _ask(address, registered, clock, "asking-1", "contributions") == reused
    clock.forward(24 * 3600)
    assert _issued(_ask(address, registered, clock, "asking-3"))[0].value.startswith("ZM-20261121-0317-00001-")


def test_the_paper_proves_itself_by_the_gateways_key_alone(
    address: str, registered: Registered, clock: SetClock, gateway: GatewayKey
) -> None:
    receipt, signature = _issued(_ask(address, registered, clock, "asking-1"))
    paper = verification_of(receipt, signature, URL)
    keys = PaperKeys({TERMINAL: (registered.terminal.public_key,)}, gateway.certificate_key)
    assert check_paper(paper.qr_text, keys) == (receipt, Standing.GENUINE)
    by_the_terminal = verification(receipt, registered.signing_key, URL)
    assert check_paper(by_the_terminal.qr_text, keys) == (receipt, Standing.FORGED)
    assert gateway.certificate_key is not None
    page = f"{address}/{receipt}"
    assert "社会保险参保证明" in requests.get(f"{page}/{signature}", timeout=10).text
    forged = by_the_terminal.qr_text.rpartition("/")[2]
    assert "不是本系统签发" in requests.get(f"{page}/{forged}", timeout=10).text
    typed = {"number": receipt.value.replace("-", ""), "code": paper.short_code}
    assert "编号有效" in requests.get(address, params=typed, timeout=10).text


def test_without_the_gateways_key_nothing_is_said_of_a_certificate() -> None:
    key = Ed25519PrivateKey.generate()
    certificate = compose_receipt_number(ReceiptKind.CERTIFICATE, START.date(), TERMINAL, 1)
    qr_text = verification(certificate, key, URL).qr_text
    assert check_paper(qr_text, PaperKeys({TERMINAL: (key.public_key(),)}, None)) == (certificate, Standing.NOT_OURS)


def test_a_doubtful_certificate_is_void_and_only_an_issued_number_replaces_it(
    hall: Hall, send: Send, address: str, registered: Registered, clock: SetClock
) -> None:
    old, new = (_issued(_ask(address, registered, clock, key))[0] for key in ("asking-1", "asking-2"))
    never_issued = compose_receipt_number(ReceiptKind.CERTIFICATE, START.date(), TERMINAL, 3)
    void = VoidedNumber("void-1", old, "print-unknown", START, never_issued, "1001", "pin")
    assert send(void) == RefusalMessage(reason="certificate-not-issued", final=True)
    send(VoidedNumber("void-1", old, "print-unknown", START, new, "1001", "pin"))
    entry = hall.entry(old)
    assert entry is not None
    assert entry.void is not None
    assert (entry.certificate, entry.void.replaced_by) == ("insured", new)
    assert hall.entry(new) == HallEntry(None, "insured", None)


def test_an_asking_that_was_overheard_is_worth_nothing_later(
    address: str, registered: Registered, clock: SetClock
) -> None:
    envelope = registered.sealer(clock).seal_query(CertificateQuery(certificate="insured"), "asking-1").data
    clock.forward(301)
    answer = parse_answer(requests.post(f"{address}/v1/certificates", data=envelope, timeout=10).content)
    assert answer == RefusalMessage(reason="stale-query", final=False)


def test_a_record_is_no_asking(address: str, registered: Registered, clock: SetClock) -> None:
    void = VoidedNumber("void-1", ReceiptNumber("YL-20261120-0317-00001-6"), "print-unknown", START)
    envelope = registered.sealer(clock).seal_record(void, FIRST).data
    answer = parse_answer(requests.post(f"{address}/v1/certificates", data=envelope, timeout=10).content)
    assert answer == RefusalMessage(reason="not-a-query", final=True)
