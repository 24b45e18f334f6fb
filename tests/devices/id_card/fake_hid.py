"""A USB-HID reader as ``hid.device`` shows one: reports of 64 bytes in, zero-padded reports of 64 bytes out."""

from collections import deque
from collections.abc import Callable

REPORT_BYTES = 64


class FakeHidDevice:
    """``answer`` gives the frame for a request frame. ``present`` is whether it is plugged in."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer
        self._reports: deque[bytes] = deque()
        self._blocking = True
        self.present = True
        self.opened: tuple[int, int, str | None] | None = None
        self.written: list[bytes] = []

    def open(self, vendor_id: int, product_id: int, serial_number: str | None, /) -> None:
        if not self.present:
            raise OSError("open failed")
        self.opened = (vendor_id, product_id, serial_number)

    def close(self) -> None:
        self.opened = None
        self._reports.clear()

    def set_nonblocking(self, on: int, /) -> int:
        self._blocking = not on
        return 0

    def write(self, data: bytes, /) -> int:
        if not self.present:
            return -1
        assert len(data) == 1 + REPORT_BYTES
        assert data[0] == 0, "report id"
        self.written.append(data)
        request = data[1 : 8 + data[7]]
        assert not any(data[1 + len(request) :]), "padding"
        self.send(self._answer(request))
        return len(data)

    def send(self, frame: bytes) -> None:
        for at in range(0, len(frame), REPORT_BYTES):
            self._reports.append(frame[at : at + REPORT_BYTES].ljust(REPORT_BYTES, b"\0"))

    def read(self, most: int, timeout_ms: int = 0, /) -> list[int]:
        if not self.present:
            raise OSError("read error")
        assert most == REPORT_BYTES
        if self._reports:
            return list(self._reports.popleft())
        assert timeout_ms or not self._blocking, "would wait for ever"
        return []
