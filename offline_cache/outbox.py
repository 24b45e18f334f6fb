"""The outbox (``kiosk.ports.outbox``): records sealed, then kept on disk until the platform has them."""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.ports.device_status import CLOCK_DRIFT
from kiosk.ports.outbox import KnownReceipt, OutboxRefused, Queued, Record
from kiosk.ports.platform import DeliveryAnswer, PlatformUnavailable
from kiosk.wire.envelope import Sealer
from offline_cache.delivery import Delivery
from offline_cache.filing import Priority, filing_of
from offline_cache.queue import LimitReached, RecordQueue
from offline_cache.store import StorageTrouble


class SealedOutbox:
    """``put`` costs one sync. What is stored can be read by the gateway alone."""

    def __init__(
        self,
        queue: RecordQueue,
        sealer: Sealer,
        delivery: Delivery,
        clock_wrong: Callable[[], bool] = lambda: False,
    ) -> None:
        """``clock_wrong`` says what the platform last said of our clock: by a wrong one nothing is signed (E-28)
        but that a number is void, which is as true at any time."""
        self._clock_wrong = clock_wrong
        self._queue = queue
        self._sealer = sealer
        self._delivery = delivery
        self._lock = threading.Lock()
        self._tries: set[threading.Thread] = set()

    def put(self, record: Record) -> Queued | OutboxRefused:
        filing = filing_of(record)
        if filing.priority is not Priority.URGENT and self._clock_wrong():
            return OutboxRefused(CLOCK_DRIFT)
        try:
            problem = self._queue.add(filing, lambda previous: self._sealer.seal_record(record, previous))
        except ValueError:
            return OutboxRefused("record-out-of-bounds")
        return Queued(record.key) if problem is None else _refused(problem)

    def accepts(self) -> OutboxRefused | None:
        if self._clock_wrong():
            return OutboxRefused(CLOCK_DRIFT)
        problem = self._queue.obstacle()
        return None if problem is None else _refused(problem)

    def deliver(self, key: str, timeout_s: float) -> DeliveryAnswer:
        """After ``timeout_s`` the answer is PlatformUnavailable while the try goes on and settles the record."""
        answers: SimpleQueue[DeliveryAnswer] = SimpleQueue()

        def work() -> None:
            answers.put(self._delivery.deliver(key))
            with self._lock:
                self._tries.discard(threading.current_thread())

        thread = threading.Thread(target=work, name="deliver-now", daemon=True)
        with self._lock:
            self._tries.add(thread)
        thread.start()
        try:
            return answers.get(timeout=timeout_s)
        except Empty:
            return PlatformUnavailable("no-answer-in-time")

    def waiting(self) -> int:
        """0 also when the storage cannot be read: ``put`` will tell that."""
        count = self._queue.waiting()
        return 0 if isinstance(count, StorageTrouble) else count

    def recall(self, number: ReceiptNumber) -> KnownReceipt | None:
        return self._queue.recall(number)

    def close(self) -> None:
        """Returns after the tries under way have ended."""
        with self._lock:
            tries = tuple(self._tries)
        for thread in tries:
            thread.join()


def _refused(problem: StorageTrouble | LimitReached) -> OutboxRefused:
    return OutboxRefused(problem.value if isinstance(problem, LimitReached) else problem.reason)
