"""Receipt numbers (``kiosk.ports.receipt_issuer``): a durable counter a day, synced before its number is shown."""

from datetime import datetime

import apsw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.ports.receipt_issuer import IssuedReceipt, NoReceipt
from kiosk.wire.receipt_code import verification
from offline_cache.store import StorageTrouble, Store

MAX_A_DAY = 99_999


class DurableReceiptIssuer:
    """Counts per kind and local day of ``at``. A number lost to a power cut stays unused; none is used twice."""

    def __init__(self, store: Store, terminal: str, signing_key: Ed25519PrivateKey, verification_url: str) -> None:
        self._store = store
        self._terminal = terminal
        self._signing_key = signing_key
        self._verification_url = verification_url

    def issue(self, kind: ReceiptKind, at: datetime) -> IssuedReceipt | NoReceipt:
        day = at.date()

        def work(connection: apsw.Connection) -> int:
            return int(
                connection.execute(
                    "INSERT INTO receipt_counter (kind, day, last) VALUES (?, ?, 1)"
                    " ON CONFLICT (kind, day) DO UPDATE SET last = last + 1 RETURNING last",
                    (kind.value, day.isoformat()),
                ).get
            )

        counter = self._store.write(work)
        if isinstance(counter, StorageTrouble):
            return NoReceipt(counter.reason)
        if counter > MAX_A_DAY:
            return NoReceipt("no-number-left-today")
        number = compose_receipt_number(kind, day, self._terminal, counter)
        return IssuedReceipt(number, verification(number, self._signing_key, self._verification_url))
