"""A printer on a serial line, with the flow control that line has."""

import termios

import serial

from devices.printer.escpos.address import SerialAddress
from devices.printer.escpos.channel import DescriptorChannel


class SerialChannel(DescriptorChannel):
    """``OSError`` when the port is not there, may not be opened or is another program's.

    What came before the opening answers nobody here and is dropped. With XON/XOFF the kernel obeys and swallows both
    bytes: no status of an ESC/POS printer contains them.
    """

    def __init__(self, address: SerialAddress) -> None:
        self._port = serial.Serial(
            address.path,
            address.baud,
            rtscts=address.flow == "rtscts",
            xonxoff=address.flow == "xonxoff",
            timeout=0,
            exclusive=True,
        )
        self._port.reset_input_buffer()
        super().__init__(self._port.fileno())

    def close(self, abort: bool) -> None:
        """``abort`` drops what waits in the port: it would go out as soon as the printer is ready again."""
        try:
            if abort:
                self._port.reset_output_buffer()
        except (OSError, termios.error):
            pass
        finally:
            self._port.close()
            self.close_waker()
