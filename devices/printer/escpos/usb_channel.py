"""A printer on USB, spoken to through its two bulk endpoints."""

from typing import Any

import usb.core
import usb.util

from devices.printer.escpos.address import UsbAddress

_PRINTER_CLASS = 7
_PIECE = 4096
_READ_MS = 50
"""A read cannot be woken; it looks up so often."""


class UsbChannel:
    """``OSError`` when no such printer is plugged in, or it is another program's (``usb.core.USBError`` is one).

    The device is neither reset nor configured anew where it is configured: both make it drop off the bus for a while.
    ``backend`` is pyusb's way to the bus, None its own choice.
    """

    def __init__(self, address: UsbAddress, backend: Any = None) -> None:
        try:
            self._device = _found(address, backend)
            self._interface, self._out, self._in = _endpoints(_configuration(self._device))
            self._number = self._interface.bInterfaceNumber
            self._had_driver = _kernel_driver_taken_off(self._device, self._number)
            usb.util.claim_interface(self._device, self._number)
        except usb.core.NoBackendError as problem:
            raise OSError("libusb is not installed") from problem

    def write(self, data: bytes, wait_s: float) -> int:
        try:
            return int(self._out.write(data[:_PIECE], timeout=max(1, round(wait_s * 1000))))
        except usb.core.USBTimeoutError:
            return 0

    def read(self) -> bytes:
        try:
            return bytes(self._in.read(_PIECE, timeout=_READ_MS))
        except usb.core.USBTimeoutError:
            return b""

    def wake(self) -> None:
        """The read looks up by itself."""

    def close(self, abort: bool) -> None:  # noqa: ARG002
        """Nothing waits in the system: a bulk transfer is in the printer or was not taken."""
        try:
            usb.util.release_interface(self._device, self._number)
            if self._had_driver:
                self._device.attach_kernel_driver(self._number)
        except usb.core.USBError:
            pass
        finally:
            usb.util.dispose_resources(self._device)


def _found(address: UsbAddress, backend: Any) -> Any:
    for device in usb.core.find(True, backend, idVendor=address.vendor, idProduct=address.product):
        if address.serial is None or device.serial_number == address.serial:
            return device
    raise OSError("no such USB device")


def _configuration(device: Any) -> Any:
    try:
        return device.get_active_configuration()
    except usb.core.USBError:
        device.set_configuration()
        return device.get_active_configuration()


def _endpoints(configuration: Any) -> tuple[Any, Any, Any]:
    """Interface, bulk OUT and bulk IN; the printer class before the vendor's own."""
    for interface in sorted(configuration, key=lambda each: each.bInterfaceClass != _PRINTER_CLASS):
        bulk = [each for each in interface if usb.util.endpoint_type(each.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK]
        ways = {usb.util.endpoint_direction(each.bEndpointAddress): each for each in bulk}
        if usb.util.ENDPOINT_OUT in ways and usb.util.ENDPOINT_IN in ways:
            return interface, ways[usb.util.ENDPOINT_OUT], ways[usb.util.ENDPOINT_IN]
    raise OSError("the USB device has no pair of bulk endpoints")


def _kernel_driver_taken_off(device: Any, number: int) -> bool:
    try:
        if device.is_kernel_driver_active(number):
            device.detach_kernel_driver(number)
            return True
    except (NotImplementedError, usb.core.USBError):
        return False
    return False
