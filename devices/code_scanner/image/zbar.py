"""QR codes through zbar with its binary switch on, which pyzbar's own ``decode`` does not offer.

Without the switch zbar guesses a character set and ruins GB18030 and binary payloads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import string_at
from typing import Any

import numpy as np
import numpy.typing as npt
from pyzbar import wrapper as zbar

_EVERY_SYMBOLOGY = 0
_BINARY = 4
"""ZBAR_CFG_BINARY of zbar 0.23's ``zbar.h``."""

_GREY = int.from_bytes(b"Y800", "little")


def read_qr(grey: npt.NDArray[np.uint8]) -> list[tuple[bytes, list[tuple[int, int]]]]:
    """Payload and outline points of every QR code zbar sees in ``grey``, shape (height, width)."""
    pixels = np.ascontiguousarray(grey)
    with _scanner() as scanner, _image() as image:
        zbar.zbar_image_set_format(image, _GREY)
        zbar.zbar_image_set_size(image, grey.shape[1], grey.shape[0])
        zbar.zbar_image_set_data(image, pixels.ctypes.data, pixels.size, None)
        if zbar.zbar_scan_image(scanner, image) <= 0:
            return []
        return list(_symbols(image))


@contextmanager
def _scanner() -> Iterator[Any]:
    scanner = zbar.zbar_image_scanner_create()
    try:
        qr = zbar.ZBarSymbol.QRCODE
        zbar.zbar_image_scanner_set_config(scanner, _EVERY_SYMBOLOGY, zbar.ZBarConfig.CFG_ENABLE, 0)
        zbar.zbar_image_scanner_set_config(scanner, qr, zbar.ZBarConfig.CFG_ENABLE, 1)
        zbar.zbar_image_scanner_set_config(scanner, qr, _BINARY, 1)
        yield scanner
    finally:
        zbar.zbar_image_scanner_destroy(scanner)


@contextmanager
def _image() -> Iterator[Any]:
    image = zbar.zbar_image_create()
    try:
        yield image
    finally:
        zbar.zbar_image_destroy(image)


def _symbols(image: Any) -> Iterator[tuple[bytes, list[tuple[int, int]]]]:
    symbol = zbar.zbar_image_first_symbol(image)
    while symbol:
        if symbol.contents.type == zbar.ZBarSymbol.QRCODE:
            size = zbar.zbar_symbol_get_loc_size(symbol)
            outline = [
                (zbar.zbar_symbol_get_loc_x(symbol, at), zbar.zbar_symbol_get_loc_y(symbol, at)) for at in range(size)
            ]
            length = zbar.zbar_symbol_get_data_length(symbol)
            yield string_at(zbar.zbar_symbol_get_data(symbol), length), outline
        symbol = zbar.zbar_symbol_next(symbol)
