"""What a control verb or a scenario says of a card or a fault, checked and taken at its word.

Every function raises ValueError, in words for the person who wrote it, for anything it does not know.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from simulators.card_reader.card import (
    FINGERPRINT_BYTES,
    LAYOUTS,
    MANAGEMENT_NUMBER_BYTES,
    MOST_ADDRESSES,
    MOST_FINGERPRINTS,
    Card,
    address_record,
    text_block,
)
from simulators.card_reader.faults import Fault, FaultKind, WrongBaud
from simulators.card_reader.photo import BLANK_PHOTO, PHOTO_BYTES, chip_photo
from simulators.portraits import Image
from simulators.rates import SPEEDS

WRONG_BAUD = "wrong-baud"

_CARD_MEMBERS = frozenset({"kind", "portrait", "photo", "addresses", "fingerprints", "management_number", "delays_ms"})
_FAULT_MEMBERS = frozenset({"kind", "lasting", "command", "at"})
_OWN_MEMBERS = {
    FaultKind.STATUS: frozenset({"status", "card_status"}),
    FaultKind.SPLIT: frozenset({"pause_ms"}),
    FaultKind.CARD_SWAPPED: frozenset({"card"}),
}
_PAUSE_MS = 50
_LONGEST_MS = 600_000


def card_from(members: Mapping[str, Any], picture_of: Callable[[str], Image]) -> Card:
    """The fields of the card's layout, and: ``kind`` (the type character), ``portrait`` (a name) or ``photo`` (path of
    1,024 bytes), else the photo is blank; ``addresses`` (appended, newest first), ``fingerprints`` (how many),
    ``management_number`` (hexadecimal), ``delays_ms`` (milliseconds by command, ``{"3001": 700}``)."""
    kind = members.get("kind", " ")
    if kind not in LAYOUTS:
        raise ValueError(f"no card of kind {kind!r}; there are: {', '.join(repr(one) for one in LAYOUTS)}")
    fields = {name for _, _, name in LAYOUTS[kind]}
    _refuse_unknown("this card has no field", set(members) - fields - _CARD_MEMBERS)
    text = text_block(kind, {name: value for name, value in members.items() if name in fields})
    return Card(
        text,
        _photo(members, picture_of),
        _addresses(members.get("addresses", ())),
        bytes(FINGERPRINT_BYTES * _whole(members.get("fingerprints", 0), MOST_FINGERPRINTS, "fingerprints")),
        _management_number(members.get("management_number"), text),
        {_code(command): _seconds(ms) for command, ms in members.get("delays_ms", {}).items()},
    )


def fault_from(members: Mapping[str, Any], picture_of: Callable[[str], Image]) -> Fault | WrongBaud:
    """``kind`` names the fault; ``lasting`` keeps it beyond one answer; ``command``, ``status`` and ``card_status`` are
    hexadecimal, as in the protocol; ``at`` is a byte of the answer; ``pause_ms`` lies between the parts of a split
    one; ``card`` is the one laid down by a swap; ``baud`` goes with ``wrong-baud`` alone."""
    name = members["kind"]
    if name == WRONG_BAUD:
        _refuse_unknown(f"{name} has no", set(members) - {"kind", "baud"})
        return WrongBaud(_rate(members.get("baud")))
    names = [kind.value for kind in FaultKind]
    if name not in names:
        raise ValueError(f"no fault {name!r}; there are: {', '.join([*names, WRONG_BAUD])}")
    kind = FaultKind(name)
    _refuse_unknown(f"{name} has no", set(members) - _FAULT_MEMBERS - _OWN_MEMBERS.get(kind, frozenset()))
    if kind is FaultKind.CARD_SWAPPED and "card" not in members:
        raise ValueError(f"{name} needs the card that is laid down")
    command, at = members.get("command"), members.get("at")
    return Fault(
        kind,
        lasting=bool(members.get("lasting", False)),
        command=_code(command) if command is not None else None,
        at=_whole(at, 0xFFFF, "at") if at is not None else None,
        status=_hexadecimal(members.get("status", "00"), 0xFF),
        card_status=_hexadecimal(members.get("card_status", "0000"), 0xFFFF),
        pause_s=_seconds(members.get("pause_ms", _PAUSE_MS)),
        card=card_from(members["card"], picture_of) if "card" in members else None,
    )


def delay_from(members: Mapping[str, Any]) -> tuple[int, float]:
    """``command``, and the milliseconds ``ms`` the reader takes over it; as (code, seconds)."""
    _refuse_unknown("a delay has no", set(members) - {"command", "ms"})
    return _code(members["command"]), _seconds(members["ms"])


def _refuse_unknown(words: str, unknown: Collection[str]) -> None:
    if unknown:
        raise ValueError(f"{words} {', '.join(sorted(unknown))}")


def _photo(members: Mapping[str, Any], picture_of: Callable[[str], Image]) -> bytes:
    portrait, file = members.get("portrait"), members.get("photo")
    if portrait is not None and file is not None:
        raise ValueError("a card has a portrait or a photo, not both")
    if portrait is not None:
        return chip_photo(picture_of(portrait))
    return BLANK_PHOTO if file is None else _photo_file(Path(file))


def _photo_file(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as trouble:
        raise ValueError(f"{path}: {trouble.strerror}") from trouble
    if len(data) != PHOTO_BYTES:
        raise ValueError(f"{path}: a chip photo has {PHOTO_BYTES} bytes, this file {len(data)}")
    return data


def _addresses(addresses: Any) -> tuple[bytes, ...]:
    if isinstance(addresses, str) or len(addresses) > MOST_ADDRESSES:
        raise ValueError(f"addresses are a list of at most {MOST_ADDRESSES}")
    return tuple(address_record(str(address)) for address in addresses)


def _management_number(hexadecimal: str | None, text: bytes) -> bytes:
    """Another number for every text, where none is given."""
    number = hashlib.sha256(text).digest()[:MANAGEMENT_NUMBER_BYTES]
    if hexadecimal is not None:
        number = bytes.fromhex(hexadecimal)
    if len(number) != MANAGEMENT_NUMBER_BYTES:
        raise ValueError(f"a management number has {MANAGEMENT_NUMBER_BYTES} bytes, not {len(number)}")
    return number


def _whole(value: Any, most: int, name: str) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"{name} is a whole number from 0 to {most}, not {value!r}")
    return value


def _seconds(milliseconds: Any) -> float:
    if type(milliseconds) not in (int, float) or not 0 <= milliseconds <= _LONGEST_MS:
        raise ValueError(f"a time is a number of milliseconds from 0 to {_LONGEST_MS}, not {milliseconds!r}")
    return float(milliseconds / 1000)


def _code(command: Any) -> int:
    """``"3001"``; a control line that reads digits as a number may have made it 3001."""
    return _hexadecimal(command, 0xFFFF)


def _hexadecimal(value: Any, most: int) -> int:
    try:
        number = int(str(value), 16)
    except ValueError:
        number = -1
    if not 0 <= number <= most:
        raise ValueError(f"{value!r} is no hexadecimal number up to {most:X}")
    return number


def _rate(baud: Any) -> int:
    if baud not in SPEEDS:
        raise ValueError(f"no rate {baud!r}; there are: {', '.join(str(speed) for speed in SPEEDS)}")
    return int(baud)
