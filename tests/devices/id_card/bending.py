"""Streams bent in every way, by scripts of bytes: hypothesis draws a script in one go and shrinks it well."""

from functools import reduce
from operator import xor

PREAMBLE = bytes.fromhex("AAAAAA9669")
_ORDER_BYTES = 5


def bend(stream: bytes, script: bytes) -> bytes:
    """``stream`` after the orders of ``script``, five bytes each: what, where (two bytes), two of how. Bytes are
    changed, cut out, put in, doubled, the end cut off. An order cut short is left out; no order, nothing bent."""
    bent = bytearray(stream)
    for at in range(0, len(script) - _ORDER_BYTES + 1, _ORDER_BYTES):
        _obey(bent, script[at : at + _ORDER_BYTES])
    return bytes(bent)


def _obey(bent: bytearray, order: bytes) -> None:
    place = int.from_bytes(order[1:3], "big") % (len(bent) + 1)
    value, size = order[3], order[4] % 41
    match order[0] % 8:
        case 0 | 1 if place < len(bent):
            bent[place] ^= value or 0xFF
        case 2:
            del bent[place : place + 1 + size]
        case 3:
            bent[place:place] = bytes([value]) * size
        case 4:
            bent[place:place] = PREAMBLE[value % 5 :]
        case 5:
            bent[place:place] = bent[place : place + size * 8]
        case 6:
            del bent[max(place, 4) :]
        case 7:
            head = bytes([value % 6, order[4]])
            bent[place:place] = PREAMBLE + head
        case _:
            bent.append(value)


def mended(body: bytes) -> bytes:
    """An answer of ``body`` (SW1 SW2 SW3 and data) with the length and check byte it ought to have."""
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes([reduce(xor, counted)])


def pieces(stream: bytes, count: int) -> list[bytes]:
    """``stream`` cut into about ``count`` equal pieces."""
    size = max(1, len(stream) // max(1, count))
    return [stream[at : at + size] for at in range(0, len(stream), size)]
