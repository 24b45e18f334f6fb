"""A USB bus of ours, below pyusb: one printer, whose two bulk endpoints end in the simulated printer's port."""

import contextlib
import errno
import select
import socket
from array import array
from dataclasses import dataclass, field
from typing import Any

import usb.backend
import usb.core

VENDOR, PRODUCT = 0x04B8, 0x0202
ADDRESS = f"usb:{VENDOR:04x}:{PRODUCT:04x}"
OUT, IN = 0x01, 0x82
_BULK, _PRINTER_CLASS = 2, 7


@dataclass
class Descriptor:
    """Every field a descriptor of any kind may have; those that matter are given."""

    bLength: int = 18  # noqa: N815  the standard's own names
    bDescriptorType: int = 1  # noqa: N815
    bcdUSB: int = 0x0200  # noqa: N815
    bDeviceClass: int = 0  # noqa: N815
    bDeviceSubClass: int = 0  # noqa: N815
    bDeviceProtocol: int = 0  # noqa: N815
    bMaxPacketSize0: int = 64  # noqa: N815
    idVendor: int = VENDOR  # noqa: N815
    idProduct: int = PRODUCT  # noqa: N815
    bcdDevice: int = 0x0100  # noqa: N815
    iManufacturer: int = 0  # noqa: N815
    iProduct: int = 0  # noqa: N815
    iSerialNumber: int = 0  # noqa: N815
    bNumConfigurations: int = 1  # noqa: N815
    address: int = 1
    bus: int = 1
    port_number: int = 1
    port_numbers: tuple[int, ...] = (1,)
    speed: int = 2
    wTotalLength: int = 32  # noqa: N815
    bNumInterfaces: int = 1  # noqa: N815
    bConfigurationValue: int = 1  # noqa: N815
    iConfiguration: int = 0  # noqa: N815
    bmAttributes: int = _BULK  # noqa: N815
    bMaxPower: int = 1  # noqa: N815
    bInterfaceNumber: int = 0  # noqa: N815
    bAlternateSetting: int = 0  # noqa: N815
    bNumEndpoints: int = 2  # noqa: N815
    bInterfaceClass: int = _PRINTER_CLASS  # noqa: N815
    bInterfaceSubClass: int = 1  # noqa: N815
    bInterfaceProtocol: int = 2  # noqa: N815
    iInterface: int = 0  # noqa: N815
    bEndpointAddress: int = OUT  # noqa: N815
    wMaxPacketSize: int = 64  # noqa: N815
    bInterval: int = 0  # noqa: N815
    bRefresh: int = 0  # noqa: N815
    bSynchAddress: int = 0  # noqa: N815
    extra_descriptors: list[int] = field(default_factory=list)


class SimulatedBus(usb.backend.IBackend):  # type: ignore[misc]
    """``printer`` is HOST:PORT; None: nothing is plugged in."""

    def __init__(self, printer: str | None) -> None:
        self._printer = printer
        self._socket: socket.socket | None = None

    def enumerate_devices(self) -> list[str]:
        return [] if self._printer is None else [self._printer]

    def get_device_descriptor(self, dev: str) -> Descriptor:
        return Descriptor()

    def get_configuration_descriptor(self, dev: str, config: int) -> Descriptor:
        if config:
            raise IndexError
        return Descriptor()

    def get_interface_descriptor(self, dev: str, intf: int, alt: int, config: int) -> Descriptor:
        if intf or alt:
            raise IndexError
        return Descriptor()

    def get_endpoint_descriptor(self, dev: str, ep: int, intf: int, alt: int, config: int) -> Descriptor:
        return Descriptor(bEndpointAddress=(OUT, IN)[ep])

    def open_device(self, dev: str) -> str:
        host, port = dev.rsplit(":", 1)
        try:
            self._socket = socket.create_connection((host, int(port)))
        except OSError:
            raise _gone() from None
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        return dev

    def close_device(self, dev_handle: str) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def get_configuration(self, dev_handle: str) -> int:
        return 1

    def claim_interface(self, dev_handle: str, intf: int) -> None:
        assert intf == 0

    def release_interface(self, dev_handle: str, intf: int) -> None:
        assert intf == 0

    def is_kernel_driver_active(self, dev_handle: str, intf: int) -> bool:
        return False

    def bulk_write(self, dev_handle: str, ep: int, intf: int, data: "array[int]", timeout: int) -> int:
        assert ep == OUT
        return int(self._within(timeout, writing=True, act=lambda host: host.send(data)))

    def bulk_read(self, dev_handle: str, ep: int, intf: int, buff: "array[int]", timeout: int) -> int:
        assert ep == IN
        data = self._within(timeout, writing=False, act=lambda host: host.recv(len(buff)))
        if not data:
            raise _gone()
        buff[: len(data)] = array("B", data)
        return len(data)

    def _within(self, timeout: int, writing: bool, act: Any) -> Any:
        assert self._socket is not None
        own = (self._socket,)
        ready = select.select(() if writing else own, own if writing else (), (), timeout / 1000)
        if any(ready):
            with contextlib.suppress(BlockingIOError):
                try:
                    return act(self._socket)
                except ConnectionError:
                    raise _gone() from None
        raise usb.core.USBTimeoutError("timed out", -7, errno.ETIMEDOUT)


def _gone() -> usb.core.USBError:
    return usb.core.USBError("no such device", -4, errno.ENODEV)
