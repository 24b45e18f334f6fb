"""Where a sealed envelope with a picture of a face lies while staff may have to look at it: in the case's row, or as an
object in S3-compatible storage. What is put there is sealed, and its name says nothing of anybody."""

import os
import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urlsplit

from obstore.exceptions import BaseError
from obstore.store import S3Store

from kiosk.ports.clock import Clock

if TYPE_CHECKING:
    from obstore.store import S3Config

IN_DATABASE = "database"
EVIDENCE_URL = r"^(database|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9/_-]+)?)$"

_CONNECT = timedelta(seconds=3)
_CALL = timedelta(seconds=10)
_REST_S = 15.0
"""After a call that failed the storage is left alone for so long: who asks meanwhile is told at once."""

Answer = TypeVar("Answer")


class EvidenceAwayError(OSError):
    """The storage does not answer, or not as it should; nothing is lost, and it may be asked again."""


class CredentialsMissingError(Exception):
    """The text names the variables of the environment."""


class EvidenceStore(Protocol):
    """Safe for several threads and processes. Every call may raise EvidenceAwayError."""

    def put(self, envelope: bytes) -> str | None:
        """The name it can be had back by, under which nothing was before; None: it is the row's to keep."""

    def get(self, name: str) -> bytes | None:
        """None when it is gone."""

    def drop(self, names: Sequence[str]) -> None:
        """Those that are gone already are none the worse."""

    def names_before(self, moment: datetime) -> Sequence[str]:
        """Of all that was put before ``moment``."""


class InRow:
    """Keeps nothing itself: every envelope lies in its case's row."""

    def put(self, envelope: bytes) -> str | None:  # noqa: ARG002
        return None

    def get(self, name: str) -> bytes | None:  # noqa: ARG002
        return None

    def drop(self, names: Sequence[str]) -> None:
        """There is nothing to drop."""

    def names_before(self, moment: datetime) -> Sequence[str]:  # noqa: ARG002
        return ()


class InObjects:
    """Objects of ``store``, each under a random name."""

    def __init__(self, store: S3Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._rests_until: float | None = None

    def put(self, envelope: bytes) -> str | None:
        name = secrets.token_hex(16)
        self._asked(lambda: self._store.put(name, envelope, use_multipart=False))
        return name

    def get(self, name: str) -> bytes | None:
        def got() -> bytes | None:
            try:
                return bytes(self._store.get(name).bytes())
            except FileNotFoundError:
                return None

        return self._asked(got)

    def drop(self, names: Sequence[str]) -> None:
        if names:
            self._asked(lambda: self._store.delete(list(names)))

    def names_before(self, moment: datetime) -> Sequence[str]:
        def listed() -> list[str]:
            return [each["path"] for chunk in self._store.list() for each in chunk if each["last_modified"] < moment]

        return self._asked(listed)

    def _asked(self, call: Callable[[], Answer]) -> Answer:
        with self._lock:
            if self._rests_until is not None and self._clock.monotonic() < self._rests_until:
                raise EvidenceAwayError("resting")
        try:
            answer = call()
        except (BaseError, OSError) as error:
            with self._lock:
                self._rests_until = self._clock.monotonic() + _REST_S
            # The driver's own text names the address and the object.
            raise EvidenceAwayError(type(error).__name__) from None
        with self._lock:
            self._rests_until = None
        return answer


def evidence_store(url: str, endpoint: str | None, region: str, clock: Clock) -> EvidenceStore:
    """``url`` as in the settings; the credentials are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Asks nothing of
    the storage yet. Raises CredentialsMissingError."""
    if url == IN_DATABASE:
        return InRow()
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not key or not secret:
        raise CredentialsMissingError("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
    place = urlsplit(url)
    config: S3Config = {"access_key_id": key, "secret_access_key": secret, "region": region}
    if endpoint is not None:
        config["endpoint"] = endpoint
    store = S3Store(
        place.netloc,
        prefix=place.path.strip("/") or None,
        config=config,
        client_options={
            "allow_http": endpoint is not None and endpoint.startswith("http://"),
            "connect_timeout": _CONNECT,
            "timeout": _CALL,
        },
        retry_config={"max_retries": 1, "retry_timeout": _CALL},
    )
    return InObjects(store, clock)
