"""Receipt numbers are never used twice."""

from datetime import timedelta

from kiosk.domain.receipt_number import ReceiptKind
from kiosk.ports.receipt_issuer import IssuedReceipt, NoReceipt
from kiosk.wire.paper_check import PaperKeys, Standing, check_paper
from offline_cache.receipts import DurableReceiptIssuer
from offline_cache.store import Store
from tests.records import START, TERMINAL, Registered

URL = "https://hall.example/v"


def _issuer(registered: Registered, store: Store) -> DurableReceiptIssuer:
    return DurableReceiptIssuer(store, TERMINAL, registered.signing_key, URL)


def _issued(answer: IssuedReceipt | NoReceipt) -> IssuedReceipt:
    assert isinstance(answer, IssuedReceipt)
    return answer


def test_numbers_go_on_over_a_restart_and_start_anew_each_day(registered: Registered) -> None:
    numbers = []
    for _ in range(3):
        store = Store(registered.folder / "terminal.db", 1024 * 1024)
        issuer = _issuer(registered, store)
        numbers += [_issued(issuer.issue(ReceiptKind.ELIGIBILITY, START)).number.value for _ in range(2)]
        store.close()
    assert [number.split("-")[3] for number in numbers] == ["00001", "00002", "00003", "00004", "00005", "00006"]
    store = Store(registered.folder / "terminal.db", 1024 * 1024)
    tomorrow = _issued(_issuer(registered, store).issue(ReceiptKind.ELIGIBILITY, START + timedelta(days=1)))
    assert tomorrow.number.value.startswith(f"YL-20261121-{TERMINAL}-00001-")
    store.close()


def test_a_receipt_can_be_checked(registered: Registered) -> None:
    store = Store(registered.folder / "terminal.db", 1024 * 1024)
    issued = _issued(_issuer(registered, store).issue(ReceiptKind.ELIGIBILITY, START))
    store.close()
    keys = PaperKeys({TERMINAL: (registered.terminal.public_key,)}, None)
    assert check_paper(issued.verification.qr_text, keys) == (issued.number, Standing.GENUINE)


def test_without_a_counter_on_disk_there_is_no_number(registered: Registered) -> None:
    (registered.folder / "broken.db").write_bytes(b"x" * 5000)
    store = Store(registered.folder / "broken.db", 1024 * 1024)
    answer = _issuer(registered, store).issue(ReceiptKind.ELIGIBILITY, START)
    assert answer == NoReceipt("storage-damaged")


def test_the_last_number_of_a_day_is_the_last(registered: Registered) -> None:
    store = Store(registered.folder / "terminal.db", 1024 * 1024)
    store.write(
        lambda connection: connection.execute("INSERT INTO receipt_counter VALUES ('YL', '2026-11-20', 99998)").get
    )
    issuer = _issuer(registered, store)
    assert _issued(issuer.issue(ReceiptKind.ELIGIBILITY, START)).number.value.split("-")[3] == "99999"
    assert issuer.issue(ReceiptKind.ELIGIBILITY, START) == NoReceipt("no-number-left-today")
    store.close()
