"""The server's certificate, made anew while the server runs: a gateway that is up for a year shows one that counts."""

import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from gateway.authority import Authority, ServerFiles
from kiosk.ports.clock import Clock
from kiosk.wire.keys import KeyUnusable

LOOK_S = 600.0
"""How often its life is looked at, when somebody connects."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Renewal:
    """``beside`` is the gateway's key, ``names`` those it is known by. Several processes may each have one."""

    beside: Path
    names: tuple[str, ...]
    clock: Clock

    def context(self, _config: uvicorn.Config, make: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        """uvicorn's own, with an eye on its certificate: whoever connects after one that found it old is shown the new
        one. Connections that are there stay."""
        context, looked_at = make(), self.clock.monotonic()

        def met(_connection: object, _name: str | None, _context: ssl.SSLContext) -> None:
            nonlocal looked_at
            if self.clock.monotonic() - looked_at >= LOOK_S:
                looked_at = self.clock.monotonic()
                self._renew(context)

        context.sni_callback = met
        return context

    def _renew(self, context: ssl.SSLContext) -> None:
        try:
            files = self._files()
            if isinstance(files, ServerFiles):
                context.load_cert_chain(files.certificate, files.key)
                return
            reason = files.reason
        except OSError as trouble:
            reason = type(trouble).__name__
        _LOG.error("the server's certificate cannot be looked at: %s", reason)

    def _files(self) -> ServerFiles | KeyUnusable:
        now = self.clock.now()
        authority = Authority.load_or_create(self.beside, now)
        return authority if isinstance(authority, KeyUnusable) else authority.serve_as(self.beside, self.names, now)
