"""The ESC/POS commands a paper needs, as bytes (Epson application programming guide)."""

INITIALISE = bytes((0x1B, 0x40))
MOTION_UNIT_ONE_DOT = bytes((0x1D, 0x50, 203, 203))
"""``GS P``: feeds count in 1/203 inch from here on, whatever the model's own unit is."""

AUTO_STATUS_ON = bytes((0x1D, 0x61, 0x0F))
AUTO_STATUS_OFF = bytes((0x1D, 0x61, 0x00))
CUT = bytes((0x1D, 0x56, 0x42, 0x00))
CLEAR_BUFFERS = bytes((0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08))


RECOVER_AND_CLEAR = bytes((0x10, 0x05, 0x02))
"""``DLE ENQ 2``: leave a mended error and drop what is in the buffers."""

IN_ORDER_STATUS = bytes((0x1D, 0x72, 0x01))
FULL_STATUS = bytes((0x10, 0x04, 0x14))
"""``DLE EOT 20`` of Custom."""


def status_request(number: int) -> bytes:
    """``DLE EOT n``, n from 1 to 4: answered at once, also off line."""
    return bytes((0x10, 0x04, number))


def job_end_request(job_id: bytes) -> bytes:
    """``GS ( H`` function 48: answered when everything before it is printed. ``job_id``: 4 bytes of 20 to 7E."""
    return bytes((0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30)) + job_id


def name_request(number: int) -> bytes:
    """``GS I n``: 66 maker, 67 model, 68 serial number, 69 font of Chinese characters."""
    return bytes((0x1D, 0x49, number))
