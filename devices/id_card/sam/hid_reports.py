"""Frames in USB-HID reports of 64 bytes, put there as they are and padded with zeros.

Readers that wrap frames in an envelope of their vendor are not served. Proven against a device object of the tests'
own; unproven on a real hidraw node.
"""

import math
from collections.abc import Callable
from typing import Any, Protocol

import hid

from devices.id_card.sam.address import HidAddress

_REPORT_BYTES = 64
_REPORT_ID = b"\0"
"""Goes before every report that is written, and comes before none that is read."""


class HidDevice(Protocol):
    """The part of ``hid.device`` that is used."""

    def open(self, vendor_id: int, product_id: int, serial_number: str | None, /) -> None: ...

    def close(self) -> None: ...

    def set_nonblocking(self, on: int, /) -> int: ...

    def write(self, data: bytes, /) -> int:
        """Bytes written, -1 when the device is gone."""

    def read(self, most: int, timeout_ms: int = 0, /) -> list[int]:
        """One report; empty when none came in time. 0 ms does not wait where ``set_nonblocking`` was called."""


class HidReports:
    def __init__(
        self,
        address: HidAddress,
        make_device: Callable[[], HidDevice] = hid.device,
        attached: Callable[[int, int], list[dict[str, Any]]] = hid.enumerate,
    ) -> None:
        self._address = address
        self._make_device = make_device
        self._attached = attached
        self._device: HidDevice | None = None

    def open(self, _wait_s: float, /) -> None:
        device = self._make_device()
        device.open(self._address.vendor, self._address.product, self._address.serial)
        device.set_nonblocking(1)
        self._device = device

    def close(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def gone(self) -> bool:
        """No such device is attached."""
        found = self._attached(self._address.vendor, self._address.product)
        wanted = self._address.serial
        return not any(wanted in (None, device["serial_number"]) for device in found)

    def drain(self) -> None:
        while self._opened().read(_REPORT_BYTES):
            pass

    def write(self, data: bytes, /) -> None:
        for at in range(0, len(data), _REPORT_BYTES):
            report = _REPORT_ID + data[at : at + _REPORT_BYTES].ljust(_REPORT_BYTES, b"\0")
            if self._opened().write(report) < 0:
                raise OSError("the device does not take reports any more")

    def read(self, wait_s: float, /) -> bytes:
        return bytes(self._opened().read(_REPORT_BYTES, math.ceil(max(0.0, wait_s) * 1000)))

    def _opened(self) -> HidDevice:
        assert self._device is not None
        return self._device
