"""The door for sealed envelopes: who may come in, and how an address that takes them answers."""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Response
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.gathering import Gathering
from gateway.limits import TerminalLimits
from gateway.registry import Registry
from gateway.sealing_keys import SealingKeys
from gateway.troubles import EXPECTED, TOLD, Trouble, trouble_of
from gateway.watch import Watch
from kiosk.wire.envelope import (
    MAX_ENVELOPE_BYTES,
    MAX_HEADER_BYTES,
    EnvelopeProblem,
    EnvelopeRefused,
    Header,
    read_header,
)
from kiosk.wire.keys import RegisteredTerminal
from kiosk.wire.messages import Message, ReceiptUnknownMessage, RefusalMessage
from kiosk.wire.opening import OpenedEnvelope, ReadEnvelope, open_all

Answering = Callable[[OpenedEnvelope, bytes], Message]
"""From an opened envelope and its bytes to the answer; may block, and runs in a thread of its own."""

AnsweringAll = Callable[[Sequence[tuple[OpenedEnvelope, bytes]]], Sequence[Message | Exception]]
"""The same for several at once, one answer each; an exception is one that ``gateway.troubles`` expects."""

Endpoint = Callable[[bytes | RefusalMessage], Awaitable[Response]]
"""From a request's body, or why it is not to be opened, to the response. May raise what ``gateway.troubles``
expects."""

NOT_A_QUERY = RefusalMessage(reason="not-a-query", final=True)

_TRY_AGAIN = frozenset({EnvelopeProblem.DAMAGED, EnvelopeProblem.UNKNOWN_TERMINAL, EnvelopeProblem.OTHER_GATEWAY})
"""Well again when the bytes come whole, the terminal has been registered, or its address leads to its own hall."""
_SHA256 = re.compile(r"(?:^|[,\s])sha-256=:([A-Za-z0-9+/=]+):")
_DAMAGED = RefusalMessage(reason=EnvelopeProblem.DAMAGED.value, final=False)
_TOO_MANY = RefusalMessage(reason="too-many-requests", final=False)


@dataclass(frozen=True, slots=True)
class SealedDoors:
    """An ASGI layer around ``app``: a request to one of the addresses of ``endpoints`` is answered before anything
    looks for its way. ``troubled`` answers what befell one that is expected."""

    app: ASGIApp
    endpoints: Mapping[str, Endpoint]
    troubled: Callable[[str, Exception], Response]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] == "POST"
        endpoint = self.endpoints.get(scope["path"]) if asked else None
        if endpoint is None:
            await self.app(scope, receive, send)
            return
        try:
            response = await endpoint(await _body(scope, receive))
        except EXPECTED as error:
            response = self.troubled(scope["path"], error)
        await response(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in."""

    keys: SealingKeys
    certificate_key: Ed25519PrivateKey
    registry: Registry
    sandbox: bool
    limits: TerminalLimits
    watch: Watch

    def open(self, envelope: bytes) -> OpenedEnvelope | RefusalMessage:
        """What a terminal in service sent."""
        return self.open_all([envelope])[0]

    def open_all(self, envelopes: Sequence[bytes]) -> list[OpenedEnvelope | RefusalMessage]:
        return [self._in_service(each) for each in self.open_kept(envelopes)]

    def open_kept(self, envelopes: Sequence[bytes]) -> Sequence[OpenedEnvelope | EnvelopeRefused]:
        """What was taken in earlier, too: its terminal may have been revoked since."""
        headers = [read_header(each) for each in envelopes]
        wanted = {each.gateway_key_id for each in headers if isinstance(each, Header)}
        private = {key_id: self.keys.private(key_id) for key_id in wanted}
        read = [
            ReadEnvelope(envelope, header, private[header.gateway_key_id], self._terminal(header.terminal_key_id))
            for envelope, header in zip(envelopes, headers, strict=True)
            if isinstance(header, Header)
        ]
        opened = iter(open_all(read))
        return [next(opened) if isinstance(each, Header) else EnvelopeRefused(each) for each in headers]

    def _terminal(self, key_id: str) -> RegisteredTerminal | None:
        listed = self.registry.find(key_id)
        return None if listed is None else listed.registered

    def _in_service(self, opened: OpenedEnvelope | EnvelopeRefused) -> OpenedEnvelope | RefusalMessage:
        if isinstance(opened, EnvelopeRefused):
            return RefusalMessage(reason=opened.problem.value, final=opened.problem not in _TRY_AGAIN)
        listed = self.registry.find(opened.terminal.key_id)
        if listed is None or listed.revoked_because is not None:
            return RefusalMessage(reason="revoked", final=False)
        if opened.terminal.training and not self.sandbox:
            return RefusalMessage(reason="training-terminal", final=False)
        if self.sandbox and not opened.terminal.training:
            return RefusalMessage(reason="sandbox", final=False)
        return opened

    def endpoint(self, address: str, answering: Answering) -> Endpoint:
        """Takes an envelope as the body of a request to ``address``; what ``answering`` says of it is the response."""

        def answer(envelope: bytes, since: float) -> Response:
            opened = self._admitted(address, self.open(envelope), since)
            if isinstance(opened, Response):
                return opened
            return self._told(address, opened, answering(opened, envelope), since)

        async def take(envelope: bytes | RefusalMessage) -> Response:
            since = self.watch.now()
            if isinstance(envelope, RefusalMessage):
                return self._told(address, None, envelope, since)
            return await run_in_threadpool(answer, envelope, since)

        return take

    def gathered(self, address: str, answering: AnsweringAll) -> Endpoint:
        """The same for envelopes that are answered together."""

        def answer_all(asked: Sequence[tuple[bytes, float]]) -> Sequence[Response]:
            known = self.open_all([envelope for envelope, _ in asked])
            admitted = [self._admitted(address, each, since) for each, (_, since) in zip(known, asked, strict=True)]
            opened = [(each, asked[at][0]) for at, each in enumerate(admitted) if isinstance(each, OpenedEnvelope)]
            messages = iter(answering(opened) if opened else ())
            return [
                each if isinstance(each, Response) else self._answered(address, each, next(messages), since)
                for each, (_, since) in zip(admitted, asked, strict=True)
            ]

        gathering = Gathering(answer_all)

        async def take(envelope: bytes | RefusalMessage) -> Response:
            since = self.watch.now()
            if isinstance(envelope, RefusalMessage):
                return self._told(address, None, envelope, since)
            return await gathering.ask((envelope, since))

        return take

    def _admitted(
        self, address: str, opened: OpenedEnvelope | RefusalMessage, since: float
    ) -> OpenedEnvelope | Response:
        if isinstance(opened, RefusalMessage):
            return self._told(address, None, opened, since)
        wait_s = self.limits.take(opened.terminal.terminal)
        return opened if wait_s is None else self._told(address, opened, _TOO_MANY, since, wait_s)

    def _answered(self, address: str, opened: OpenedEnvelope, message: Message | Exception, since: float) -> Response:
        if isinstance(message, Exception):
            return self.troubled(address, message)
        return self._told(address, opened, message, since)

    def troubled(self, address: str, error: Exception) -> Response:
        """The answer to whom ``error`` befell, which is one of ``gateway.troubles.EXPECTED``."""
        trouble = trouble_of(error)
        self.watch.troubled(address, trouble)
        return refusal_of(trouble)

    def _told(
        self, address: str, opened: OpenedEnvelope | None, message: Message, since: float, wait_s: int | None = None
    ) -> Response:
        self.watch.answered(address, opened, message, since)
        return response(message) if wait_s is None else response(message, 429, wait_s)


def response(message: Message, status: int | None = None, retry_after_s: int | None = None) -> Response:
    """``status`` None: the message's own."""
    headers = None if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    return Response(message.model_dump_json(), status or _status(message), headers, media_type="application/json")


def refusal_of(trouble: Trouble) -> Response:
    told = TOLD[trouble]
    return response(RefusalMessage(reason=trouble.value, final=False), told.status, told.retry_after_s)


def _status(message: Message) -> int:
    match message:
        case RefusalMessage():
            return 422
        case ReceiptUnknownMessage():
            return 404
        case _:
            return 200


async def _body(scope: Scope, receive: Receive) -> bytes | RefusalMessage:
    """Unless it is longer than any envelope, its sender left in the middle of it, or it is not what its digest says
    (``Content-Digest``, RFC 9530): a damage on the way must not read as an envelope that is none."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return _DAMAGED
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_ENVELOPE_BYTES + MAX_HEADER_BYTES:
            return RefusalMessage(reason="too-long", final=True)
    digest = next((value for name, value in scope["headers"] if name == b"content-digest"), None)
    return _DAMAGED if digest is not None and _differs(digest.decode("latin-1"), body) else bytes(body)


def _differs(digest: str, body: bytearray) -> bool:
    """Whether the header names another SHA-256 than the body's; of another algorithm's there is nothing to compare."""
    named = _SHA256.search(digest)
    return named is not None and named[1] != base64.b64encode(hashlib.sha256(body).digest()).decode()
