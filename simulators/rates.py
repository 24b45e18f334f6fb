"""Rates of a serial line, as a pseudo-terminal knows them."""

import termios

SPEEDS = {
    115200: termios.B115200,
    57600: termios.B57600,
    38400: termios.B38400,
    19200: termios.B19200,
    9600: termios.B9600,
}
