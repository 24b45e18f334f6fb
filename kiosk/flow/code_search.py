"""One search for a code by several sources at once: the camera, and every scanner that is fitted."""

import threading
from collections.abc import Callable

from kiosk.ports.code_scanner import CodeReading, CodeSeen, NoCode, ScannerFault


class CodeSearch:
    """Sources report from their own threads; ``tell`` is called once. The first code other than ``known`` (its
    digest) ends the search by setting ``ended``; without one the last source speaks, and a fault counts only when
    every source has one."""

    def __init__(
        self, sources: int, known: str | None, ended: threading.Event, tell: Callable[[CodeReading], None]
    ) -> None:
        self.ended = ended
        self._left = sources
        self._known = known
        self._tell = tell
        self._turn = threading.Lock()
        self._fault: ScannerFault | None = None
        self._looked_in_vain = False

    def wanted(self, code: CodeSeen) -> bool:
        return code.digest != self._known

    def report(self, reading: CodeReading) -> None:
        """The last word of one source."""
        with self._turn:
            self._left -= 1
            match reading:
                case CodeSeen():
                    self._finish(reading)
                case NoCode():
                    self._looked_in_vain = True
                case ScannerFault():
                    self._fault = self._fault or reading
            if self._left == 0:
                self._finish(NoCode() if self._looked_in_vain or self._fault is None else self._fault)

    def _finish(self, reading: CodeReading) -> None:
        if not self.ended.is_set():
            self._tell(reading)
            self.ended.set()
