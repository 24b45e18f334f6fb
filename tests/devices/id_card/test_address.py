"""Where a reader is, in one word."""

import pytest
from pydantic import ValidationError

from devices.id_card.sam.address import Address, HidAddress, SerialPath, TcpAddress, parse_address
from devices.id_card.sam.settings import SamSettings


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("/dev/serial/by-id/usb-Maker_Reader:1.0", SerialPath("/dev/serial/by-id/usb-Maker_Reader:1.0")),
        ("COM3", SerialPath("COM3")),
        ("tcp:127.0.0.1:4001", TcpAddress("127.0.0.1", 4001)),
        ("tcp:reader.hall.example:65535", TcpAddress("reader.hall.example", 65535)),
        ("tcp:[::1]:4001", TcpAddress("::1", 4001)),
        ("hid:2B8B:2721", HidAddress(0x2B8B, 0x2721, None)),
        ("hid:2b8b:2721:00:12:AB", HidAddress(0x2B8B, 0x2721, "00:12:AB")),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    assert parse_address(text) == address


NO_TCP = ["tcp:", "tcp:4001", "tcp:host", "tcp:host:0", "tcp:host:65536", "tcp:::1:4001", "tcp:host:４００１"]
NO_HID = ["hid:", "hid:2B8B", "hid:2B8B:27211", "hid:2B8B:272", "hid:2B8B:2721:", "hid:XXXX:2721"]


@pytest.mark.parametrize("text", ["", *NO_TCP, *NO_HID])
def test_what_is_no_address_is_refused_with_the_settings(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be|is empty"):
        parse_address(text)
    with pytest.raises(ValidationError):
        SamSettings(port=text)
