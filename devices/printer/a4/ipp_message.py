"""IPP requests and responses as bytes (RFC 8010), as far as a terminal asks: jobs, printers and their attributes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

Value = int | bool | str | bytes | None
"""Integers and enums, booleans, every kind of text and name, octets; None for the out-of-band "no-value"."""

Attributes = Mapping[str, tuple[Value, ...]]

_VERSION = b"\x02\x00"
_OPERATION_GROUP, _END = 0x01, 0x03
_INTEGER, _BOOLEAN, _ENUM = 0x21, 0x22, 0x23
_KEYWORD, _URI, _CHARSET, _LANGUAGE, _NAME = 0x44, 0x45, 0x47, 0x48, 0x42
_TEXTS = range(0x41, 0x60)
_WITH_LANGUAGE = (0x35, 0x36)
_BEGIN_COLLECTION, _END_COLLECTION = 0x34, 0x37
_FIRST_VALUE = 0x10


class Operation(IntEnum):
    """RFC 8011, 5.4.15."""

    CANCEL_JOB = 0x0008
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


@dataclass(frozen=True, slots=True)
class Request:
    """``target`` is the address of a queue or printer. ``wanted`` names the attributes asked for; ``extra`` holds
    further operation attributes (bool, int, or str for a keyword), ``job-id`` among them where it is about a job."""

    operation: Operation
    target: str
    user: str
    wanted: tuple[str, ...] = ()
    extra: Mapping[str, bool | int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """``status`` below 0x0100 is success. ``groups`` are the jobs or printers, in the order they came."""

    status: int
    groups: tuple[Attributes, ...]

    @property
    def successful(self) -> bool:
        return self.status < 0x0100


@dataclass(frozen=True, slots=True)
class NotIpp:
    """The bytes are no IPP response."""


def encode(request: Request, number: int) -> bytes:
    """The body of an HTTP POST; ``number`` is the request id, at least 1."""
    parts = [
        _VERSION,
        request.operation.to_bytes(2, "big"),
        number.to_bytes(4, "big"),
        bytes((_OPERATION_GROUP,)),
        _attribute(_CHARSET, "attributes-charset", b"utf-8"),
        _attribute(_LANGUAGE, "attributes-natural-language", b"en"),
        _attribute(_URI, "printer-uri", request.target.encode()),
        *(_typed(name, value) for name, value in request.extra.items() if name == "job-id"),
        _attribute(_NAME, "requesting-user-name", request.user.encode()),
        *(_typed(name, value) for name, value in request.extra.items() if name != "job-id"),
    ]
    for index, name in enumerate(request.wanted):
        parts.append(_attribute(_KEYWORD, "" if index else "requested-attributes", name.encode()))
    return b"".join((*parts, bytes((_END,))))


def decode(data: bytes) -> Response | NotIpp:
    """Members of collections are left out: their attribute is one None."""
    if len(data) < 9:
        return NotIpp()
    groups: list[dict[str, tuple[Value, ...]]] = []
    position, name, depth = 8, "", 0
    while position < len(data):
        tag = data[position]
        position += 1
        if tag == _END:
            return Response(int.from_bytes(data[2:4], "big"), tuple(groups[1:]))
        if tag < _FIRST_VALUE:
            groups.append({})
            continue
        key, position = _counted(data, position)
        octets, position = _counted(data, position)
        if key is None or octets is None or not groups:
            return NotIpp()
        inside = depth > 0
        depth += (tag == _BEGIN_COLLECTION) - (tag == _END_COLLECTION)
        if inside:
            continue
        name = key.decode(errors="replace") or name
        groups[-1][name] = (*groups[-1].get(name, ()), _value(tag, octets))
    return NotIpp()


def texts(attributes: Attributes, name: str) -> tuple[str, ...]:
    return tuple(value for value in attributes.get(name, ()) if isinstance(value, str))


def number(attributes: Attributes, name: str) -> int | None:
    values: Sequence[Value] = attributes.get(name, ())
    return next((value for value in values if isinstance(value, int) and not isinstance(value, bool)), None)


def _attribute(tag: int, name: str, value: bytes) -> bytes:
    key = name.encode()
    return b"".join((bytes((tag,)), len(key).to_bytes(2, "big"), key, len(value).to_bytes(2, "big"), value))


def _typed(name: str, value: bool | int | str) -> bytes:
    match value:
        case bool():
            return _attribute(_BOOLEAN, name, bytes((value,)))
        case int():
            return _attribute(_INTEGER, name, value.to_bytes(4, "big", signed=True))
        case str():
            return _attribute(_KEYWORD, name, value.encode())


def _counted(data: bytes, position: int) -> tuple[bytes | None, int]:
    """The octets after their two-byte count; None when they are cut short."""
    end = position + 2 + int.from_bytes(data[position : position + 2], "big")
    return (data[position + 2 : end], end) if end <= len(data) else (None, end)


def _value(tag: int, octets: bytes) -> Value:
    if tag in (_INTEGER, _ENUM) and len(octets) == 4:
        return int.from_bytes(octets, "big", signed=True)
    if tag == _BOOLEAN and len(octets) == 1:
        return octets != b"\0"
    if tag in _TEXTS:
        return octets.decode(errors="replace")
    if tag in _WITH_LANGUAGE:
        _, after = _counted(octets, 0)
        text, _ = _counted(octets, after)
        return None if text is None else text.decode(errors="replace")
    return octets if octets else None
