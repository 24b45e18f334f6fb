"""What one session remembers of the codes held out to it: by its digest, when each was first seen, and that it was
sent. A code is worth a minute and one asking (domain.md 2.3)."""

import threading

from kiosk.ports.code_scanner import CodeSeen

CODE_LIFE_S = 60.0


class CodeLedger:
    """Times are monotonic seconds. Used from several threads; goes with the session."""

    def __init__(self) -> None:
        self._first_seen: dict[str, float] = {}
        self._sent: set[str] = set()
        self._turn = threading.Lock()

    def note(self, code: CodeSeen, now: float) -> None:
        with self._turn:
            self._first_seen.setdefault(code.digest, now)

    def may_send(self, code: CodeSeen, now: float) -> bool:
        """True once for a code that was seen here within its minute; it counts as sent from then on."""
        digest = code.digest
        with self._turn:
            seen = self._first_seen.get(digest)
            if seen is None or now - seen > CODE_LIFE_S or digest in self._sent:
                return False
            self._sent.add(digest)
            return True
