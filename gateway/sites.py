"""The tree of sites by its codes: pure. Twelve digits as in the national statistics' division codes: two for the
province, two for the city, two for the county (GB/T 2260), three for the township (GB/T 10114), three for the village.
"""

from enum import IntEnum


class SiteLevel(IntEnum):
    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWNSHIP = 4
    VILLAGE = 5


_DIGITS = {
    SiteLevel.PROVINCE: 2,
    SiteLevel.CITY: 4,
    SiteLevel.COUNTY: 6,
    SiteLevel.TOWNSHIP: 9,
    SiteLevel.VILLAGE: 12,
}


def level_of(code: str) -> SiteLevel | None:
    """The level of the place with this code; None when no place has such a code."""
    if len(code) != 12 or not (code.isascii() and code.isdigit()):
        return None
    level = next(level for level, digits in _DIGITS.items() if not code[digits:].strip("0"))
    return level if all(_part(code, each).strip("0") for each in SiteLevel if each <= level) else None


def parent_of(code: str) -> str | None:
    """The code of the place above; None for a province. Raises ValueError when ``code`` is none."""
    level = level_of(code)
    if level is None:
        raise ValueError("not the code of a site")
    return None if level is SiteLevel.PROVINCE else code[: _DIGITS[SiteLevel(level - 1)]].ljust(12, "0")


def _part(code: str, level: SiteLevel) -> str:
    start = 0 if level is SiteLevel.PROVINCE else _DIGITS[SiteLevel(level - 1)]
    return code[start : _DIGITS[level]]
