"""From an address to an open channel."""

from typing import assert_never

from devices.printer.escpos.address import PrinterAddress, RawQueueAddress, SerialAddress, TcpAddress, UsbAddress
from devices.printer.escpos.channel import Channel
from devices.printer.escpos.raw_queue_channel import RawQueueChannel
from devices.printer.escpos.serial_channel import SerialChannel
from devices.printer.escpos.tcp_channel import TcpChannel
from devices.printer.escpos.usb_channel import UsbChannel


def open_channel(address: PrinterAddress, connect_seconds: float) -> Channel:
    """``OSError`` when nobody is there."""
    match address:
        case TcpAddress():
            return TcpChannel(address, connect_seconds)
        case SerialAddress():
            return SerialChannel(address)
        case UsbAddress():
            return UsbChannel(address)
        case RawQueueAddress():
            return RawQueueChannel(address)
        case _:
            assert_never(address)
