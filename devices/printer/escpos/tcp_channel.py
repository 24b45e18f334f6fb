"""A printer on its raw TCP port."""

import socket
import struct

from devices.printer.escpos.address import TcpAddress
from devices.printer.escpos.channel import DescriptorChannel

_SEND_BUFFER = 8192
_LINGER_NOT = struct.pack("ii", 1, 0)


class TcpChannel(DescriptorChannel):
    """``OSError`` when there is nobody to connect to, whatever stands in ``address``.

    The send buffer is kept small, so that bytes wait here, where they can still be taken back, and not in the system.
    """

    def __init__(self, address: TcpAddress, connect_seconds: float) -> None:
        try:
            self._socket = socket.create_connection((address.host, address.port), timeout=connect_seconds)
        except ValueError as problem:  # a name that no resolver can be asked for
            raise OSError("not an address") from problem
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(self._socket.fileno())

    def close(self, abort: bool) -> None:
        """``abort`` resets the connection."""
        if abort:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self._socket.close()
        self.close_waker()
