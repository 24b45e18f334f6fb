"""Forms as browsers send them (application/x-www-form-urlencoded)."""

from urllib.parse import parse_qs

from fastapi import Request
from starlette.requests import ClientDisconnect

_MAX_BYTES = 2048
_MAX_FIELDS = 16


async def read_form(request: Request) -> dict[str, str]:
    """The fields, of two of one name the first; none when the form is longer than any, or has more."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MAX_BYTES:
                return {}
    except ClientDisconnect:
        return {}
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MAX_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}
