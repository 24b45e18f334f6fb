"""The door for sealed envelopes: who may come in, and how an address that takes them answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from kiosk.wire.envelope import (
    MAX_ENVELOPE_BYTES,
    MAX_HEADER_BYTES,
    EnvelopeProblem,
    EnvelopeRefused,
    OpenedEnvelope,
    open_envelope,
)
from kiosk.wire.keys import RegisteredTerminal
from kiosk.wire.messages import Message, ReceiptUnknownMessage, RefusalMessage

Answering = Callable[[OpenedEnvelope, bytes], Message]
"""From an opened envelope and its bytes to the answer; may block, and runs in a thread of its own."""

NOT_A_QUERY = RefusalMessage(reason="not-a-query", final=True)

_TRY_AGAIN = frozenset({EnvelopeProblem.DAMAGED, EnvelopeProblem.UNKNOWN_TERMINAL})
"""Well again when the bytes come whole, or when the terminal has been registered."""


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in."""

    key: X25519PrivateKey
    certificate_key: Ed25519PrivateKey
    terminals: dict[str, RegisteredTerminal]
    sandbox: bool

    def open(self, envelope: bytes) -> OpenedEnvelope | RefusalMessage:
        opened = open_envelope(envelope, self.key, self.terminals)
        if isinstance(opened, EnvelopeRefused):
            return RefusalMessage(reason=opened.problem.value, final=opened.problem not in _TRY_AGAIN)
        if opened.terminal.training and not self.sandbox:
            return RefusalMessage(reason="training-terminal", final=True)
        if self.sandbox and not opened.terminal.training:
            return RefusalMessage(reason="sandbox", final=True)
        return opened

    def endpoint(self, answering: Answering) -> Callable[[Request], Awaitable[Response]]:
        """Takes an envelope as the body of a request; what ``answering`` says of it is the response."""

        def answer(envelope: bytes) -> Message:
            opened = self.open(envelope)
            return opened if isinstance(opened, RefusalMessage) else answering(opened, envelope)

        async def take(request: Request) -> Response:
            envelope = await _body(request)
            if isinstance(envelope, RefusalMessage):
                return response(envelope)
            return response(await run_in_threadpool(answer, envelope))

        return take


def response(message: Message) -> Response:
    match message:
        case RefusalMessage():
            status = 422
        case ReceiptUnknownMessage():
            status = 404
        case _:
            status = 200
    return Response(message.model_dump_json(), status, media_type="application/json")


async def _body(request: Request) -> bytes | RefusalMessage:
    """Unless it is longer than any envelope, or its sender left in the middle of it."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_ENVELOPE_BYTES + MAX_HEADER_BYTES:
                return RefusalMessage(reason="too-long", final=True)
    except ClientDisconnect:
        return RefusalMessage(reason=EnvelopeProblem.DAMAGED.value, final=False)
    return bytes(body)
