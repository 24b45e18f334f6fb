"""Reed-Solomon codes of QR Code: over GF(256) modulo x^8+x^4+x^3+x^2+1, roots a^0 upwards (ISO/IEC 18004, annex A).

Decoding corrects errors, whose places nobody knows, and erasures, whose places are told: with ``checks`` check
codewords any number of both with 2 * errors + erasures <= checks.
"""

from collections.abc import Sequence

_EXP = [1] * 510
_LOG = [0] * 256
for _power in range(1, 255):
    _EXP[_power] = _EXP[_power - 1] << 1 ^ (0x11D if _EXP[_power - 1] & 0x80 else 0)
for _power in range(255):
    _EXP[_power + 255] = _EXP[_power]
    _LOG[_EXP[_power]] = _power


def corrected(block: bytes, checks: int, erased: Sequence[int]) -> bytes | None:
    """``block`` with its errors put right, None when they are too many. ``erased`` are indices into it."""
    syndromes = _syndromes(block, checks)
    if not any(syndromes):
        return block
    if len(erased) > checks:
        return None
    last = len(block) - 1
    locator = [1]
    for index in erased:
        locator = _product(locator, [1, _EXP[last - index]])
    known = _product(syndromes, locator)[:checks]
    locator = _product(_error_locator(known[len(erased) :]), locator)
    while locator[-1] == 0:
        locator.pop()
    wrong = len(locator) - 1
    if 2 * (wrong - len(erased)) + len(erased) > checks:
        return None
    powers = [power for power in range(last + 1) if not _value(locator, 255 - power)]
    if len(powers) != wrong:
        return None
    evaluator = _product(syndromes, locator)[:checks]
    derivative = [term if at % 2 == 0 else 0 for at, term in enumerate(locator[1:])]
    right = bytearray(block)
    for power in powers:
        slope = _value(derivative, 255 - power)
        if not slope:
            return None
        magnitude = _quotient(_value(evaluator, 255 - power), slope)
        right[last - power] ^= _times(magnitude, _EXP[power])
    return None if any(_syndromes(right, checks)) else bytes(right)


def _times(a: int, b: int) -> int:
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def _quotient(a: int, b: int) -> int:
    return _EXP[_LOG[a] + 255 - _LOG[b]] if a else 0


def _product(a: Sequence[int], b: Sequence[int]) -> list[int]:
    """Of two polynomials, lowest power first."""
    product = [0] * (len(a) + len(b) - 1)
    for shift, term in enumerate(b):
        if term:
            log = _LOG[term]
            for at, other in enumerate(a):
                if other:
                    product[at + shift] ^= _EXP[_LOG[other] + log]
    return product


def _value(polynomial: Sequence[int], power: int) -> int:
    """At a^power, 0 <= power <= 255."""
    value, at = 0, 0
    for term in polynomial:
        if term:
            value ^= _EXP[_LOG[term] + at]
        at = (at + power) % 255
    return value


def _syndromes(block: Sequence[int], checks: int) -> list[int]:
    syndromes = []
    for power in range(checks):
        value = 0
        for codeword in block:
            value = (_EXP[_LOG[value] + power] if value else 0) ^ codeword
        syndromes.append(value)
    return syndromes


def _error_locator(syndromes: Sequence[int]) -> list[int]:
    """Berlekamp and Massey's: the shortest recurrence that yields ``syndromes``."""
    current, previous = [1], [1]
    length, gap, before = 0, 1, 1
    for at, syndrome in enumerate(syndromes):
        miss = syndrome
        for back in range(1, min(length, len(current) - 1) + 1):
            miss ^= _times(current[back], syndromes[at - back])
        if miss == 0:
            gap += 1
            continue
        factor = _quotient(miss, before)
        shifted = [0] * gap + [_times(factor, term) for term in previous]
        width = max(len(current), len(shifted))
        changed = [
            (current[i] if i < len(current) else 0) ^ (shifted[i] if i < len(shifted) else 0) for i in range(width)
        ]
        if 2 * length <= at:
            length, previous, before, gap = at + 1 - length, current, miss, 1
        else:
            gap += 1
        current = changed
    return current
