"""The hall's bundles over HTTP (``kiosk.ports.reference_cache.BundleSource``); whoever keeps what came opens it."""

from dataclasses import replace

from kiosk.platform.exchange import NoResponse, exchange
from kiosk.platform.line import Line
from kiosk.platform.settings import PlatformSettings
from kiosk.ports.platform import PlatformUnavailable
from kiosk.ports.reference_cache import BundleAnswer, BundleFetched, BundleUnchanged, BundleUnknown
from kiosk.wire.reference import MAX_SIGNED_BYTES

_TOTAL_S = 60.0
"""A bundle may be long and the line slow; nobody waits for it."""


class HttpBundleSource:
    """Holds no connection. Reasons are those of ``HttpHallPlatform``."""

    def __init__(self, settings: PlatformSettings) -> None:
        self._line = replace(Line.of(settings), total_s=_TOTAL_S)

    def fetch(self, name: str, entity_tag: str | None) -> BundleAnswer:
        held = {} if entity_tag is None else {"If-None-Match": entity_tag}
        response = exchange(self._line, "GET", f"/v1/bundles/{name}", None, MAX_SIGNED_BYTES, held)
        if isinstance(response, NoResponse):
            return PlatformUnavailable(response.reason)
        match response.status:
            case 200:
                return BundleFetched(response.body)
            case 304 if entity_tag is not None:
                return BundleUnchanged()
            case 404:
                return BundleUnknown()
            case status:
                return PlatformUnavailable(
                    "server-error" if status >= 500 else "not-the-agreed-message", response.retry_after_s
                )
