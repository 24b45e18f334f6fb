"""Two ASGI layers around the gateway: who stands behind a TLS connection, and the time on every answer.

The certificate comes as ASGI's TLS extension tells it (``scope["extensions"]["tls"]["client_cert_chain"]``), which
``gateway.server`` fills and other servers do too. TLS itself has proven that it is of our authority and in time.
"""

from datetime import UTC, datetime
from email.utils import format_datetime

from cryptography import x509
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.door import refusal_of
from gateway.registry import Registry
from gateway.troubles import EXPECTED, trouble_of
from gateway.watch import Watch
from kiosk.ports.clock import Clock
from kiosk.wire.enrolment import AUTHORITY_PATH, ENROLMENT_PATH, RENEWAL_PATH, key_id_in
from kiosk.wire.key_list import KEYS_PATH
from kiosk.wire.messages import RefusalMessage

_PUBLIC = ("/v1/receipts/", "/v1/tickets/")
"""Anybody may ask here, who shows no certificate."""

_WITHOUT = frozenset({AUTHORITY_PATH, ENROLMENT_PATH, RENEWAL_PATH, KEYS_PATH})
"""What a terminal needs before it has a certificate, or after it has lost it."""


class ClientCertificates:
    """Lets terminals in by their certificates, at every address of theirs (``/v1/``). A revoked one is told so, and
    expected trouble with the registry's database in the wire's words."""

    def __init__(self, app: ASGIApp, registry: Registry, watch: Watch) -> None:
        self._app = app
        self._registry = registry
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            refused = await self._refused(scope)
        except EXPECTED as error:
            trouble = trouble_of(error)
            self._watch.troubled("certificates", trouble)
            await refusal_of(trouble)(scope, receive, send)
            return
        if refused is None:
            await self._app(scope, receive, send)
            return
        message = RefusalMessage(reason=refused, final=False)
        await Response(message.model_dump_json(), 403, media_type="application/json")(scope, receive, send)

    async def _refused(self, scope: Scope) -> str | None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/") or scope["path"] in _WITHOUT:
            return None
        chain = scope.get("extensions", {}).get("tls", {}).get("client_cert_chain")
        if not chain:
            return None if scope["path"].startswith(_PUBLIC) else "certificate-required"
        key_id = key_id_in(x509.load_pem_x509_certificate(chain[0].encode()))
        terminal = None if key_id is None else await run_in_threadpool(self._registry.find, key_id)
        if terminal is None:
            return "unknown-terminal"
        return None if terminal.revoked_because is None else "revoked"


class Dated:
    """Puts the gateway's time on every answer, by which a terminal judges its own clock (E-28)."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self._app = app
        self._clock = clock
        self._second = datetime.min.replace(tzinfo=UTC)
        self._date = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"date", self._now())]
            await send(message)

        await self._app(scope, receive, dated)

    def _now(self) -> bytes:
        """Written anew once a second."""
        now = self._clock.now().replace(microsecond=0)
        if now != self._second:
            self._second, self._date = now, format_datetime(now.astimezone(UTC), usegmt=True).encode()
        return self._date
