"""The hall's bundles on the terminal's storage (``kiosk.ports.reference_cache``), fetched by a schedule of their own.

A row is a bundle as it came, signature and all, and is opened anew at every use: what was damaged or altered on the
disk is set aside, and the version before it serves. The last few versions are kept for that, and for one that is
published before the day from which it holds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import apsw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.china_time import CHINA
from kiosk.ports.audit import Audit
from kiosk.ports.clock import Clock
from kiosk.ports.platform import PlatformUnavailable
from kiosk.ports.reference_cache import (
    BundleAnswer,
    BundleFetched,
    BundleSource,
    BundleUnchanged,
    BundleUnknown,
    HeldBundle,
    NothingHeld,
)
from kiosk.wire.reference import MAX_SIGNED_BYTES, Bundle, BundleProblem, entity_tag, open_bundle
from offline_cache.rounds import Stop, never
from offline_cache.store import STORAGE_FULL, StorageTrouble, Store, has_room

KEPT_VERSIONS = 3


class ReferenceSettings(BaseModel):
    """What of the hall's publications this terminal keeps at hand."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    site_profile: str | None = Field(
        None,
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=48,
        description="name of the bundle with desk, hours and phones of this site; left out, those set here hold",
    )
    roster_snapshot: str | None = Field(
        None,
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=48,
        description="name of the bundle with this area's roster, where the site may hold one; left out, none is held",
    )
    every_s: float = Field(
        6 * 3600.0, ge=60, description="seconds between two questions for a newer version, on average"
    )
    first_within_s: float = Field(600.0, ge=0, description="seconds within which a new name is first asked for")
    again_s: float = Field(
        60.0, gt=0, description="seconds after a question without an answer; doubled at every further"
    )

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.site_profile, self.roster_snapshot) if name is not None)


@dataclass(frozen=True, slots=True)
class _Check:
    """When a name is asked for next, in wall time, and how many askings in a row had no answer."""

    next_at: float
    unanswered: int


class DurableReferenceCache:
    """Safe for several threads; ``run_due`` is for one."""

    def __init__(
        self,
        store: Store,
        source: BundleSource,
        public_key: Ed25519PublicKey | None,
        audit: Audit,
        clock: Clock,
        random: Callable[[], float],
        settings: ReferenceSettings,
    ) -> None:
        """``public_key`` is the hall's, of its certificates; ``random`` gives 0 to 1."""
        self._store = store
        self._source = source
        self._public_key = public_key
        self._audit = audit
        self._clock = clock
        self._random = random
        self._settings = settings

    def held(self, name: str) -> HeldBundle | NothingHeld:
        today = self._clock.now().astimezone(CHINA).date()
        reason: str | None = None
        rows = self._store.read(lambda connection: _rows(connection, name))
        if isinstance(rows, StorageTrouble):
            return NothingHeld(rows.reason)
        for data in rows:
            bundle = self._opened(name, data)
            if isinstance(bundle, str):
                reason = reason or bundle
            elif bundle.valid_from > today:
                reason = reason or "not-yet-valid"
            else:
                return HeldBundle(name, bundle.version, bundle.made_at, bundle.valid_from, bundle.content, reason)
        return NothingHeld(reason or "never-fetched")

    def run_due(self, stop: Stop = never) -> None:
        """Asks the hall for what is due, until ``stop`` says so. Whatever it answers, what is here stays until
        something better is."""
        for name in self._settings.names:
            if not stop() and self._due(name):
                self._refresh(name)

    def _due(self, name: str) -> bool:
        """A clock that was set back makes no name wait longer than the longest pause."""
        now = self._now()
        check = self._store.read(lambda connection: _check(connection, name))
        if isinstance(check, StorageTrouble):
            return False
        if check is None:
            self._schedule(name, _Check(now + self._settings.first_within_s * self._random(), 0))
            return False
        return check.next_at <= now or check.next_at > now + 2 * self._settings.every_s

    def _refresh(self, name: str) -> None:
        rows = self._store.read(lambda connection: _rows(connection, name))
        if isinstance(rows, StorageTrouble):
            return
        good = next((data for data in rows if not isinstance(self._opened(name, data), str)), None)
        answer = self._source.fetch(name, None if good is None else entity_tag(good))
        reason = self._settled(name, good, answer)
        if reason is not None:
            self._audit.record(AuditEvent(EventName.KNOWLEDGE_NOT_RENEWED, step=name, reason=reason))
        self._schedule(name, self._next_check(name, isinstance(answer, PlatformUnavailable)))

    def _settled(self, name: str, good: bytes | None, answer: BundleAnswer) -> str | None:
        """Why nothing newer is here now; None where it is, or where the hall has nothing newer."""
        match answer:
            case BundleFetched(data):
                return self._keep(name, good, data)
            case BundleUnchanged():
                return None
            case BundleUnknown():
                return "bundle-unknown"
            case PlatformUnavailable(reason):
                return reason

    def _keep(self, name: str, good: bytes | None, data: bytes) -> str | None:
        """A version is never followed by an older one: who replays last year's bundle changes nothing."""
        fetched = self._opened(name, data)
        if isinstance(fetched, str):
            return fetched
        before = None if good is None else self._opened(name, good)
        if isinstance(before, Bundle) and fetched.version <= before.version:
            return "older-version"

        def work(connection: apsw.Connection) -> StorageTrouble | None:
            if not has_room(connection, len(data)):
                return STORAGE_FULL
            connection.execute("INSERT OR REPLACE INTO bundle VALUES (?, ?, ?)", (name, fetched.version, data))
            connection.execute(
                "DELETE FROM bundle WHERE name = ?1 AND version NOT IN"
                " (SELECT version FROM bundle WHERE name = ?1 ORDER BY version DESC LIMIT ?2)",
                (name, KEPT_VERSIONS),
            )
            return None

        trouble = self._store.write(work)
        if isinstance(trouble, StorageTrouble):
            return trouble.reason
        self._audit.record(
            AuditEvent(EventName.KNOWLEDGE_RENEWED, step=name, figures=(("version", float(fetched.version)),))
        )
        return None

    def _opened(self, name: str, data: bytes) -> Bundle | str:
        """Or the word for what is wrong with it."""
        if self._public_key is None:
            return "no-key"
        if len(data) > MAX_SIGNED_BYTES:
            return "oversize"
        bundle = open_bundle(data, name, self._public_key)
        return bundle.value if isinstance(bundle, BundleProblem) else bundle

    def _next_check(self, name: str, unanswered: bool) -> _Check:
        """Between half and one and a half of ``every_s``, lest terminals keep step; sooner after no answer."""
        every = self._settings.every_s * (0.5 + self._random())
        if not unanswered:
            return _Check(self._now() + every, 0)
        check = self._store.read(lambda connection: _check(connection, name))
        times = check.unanswered if isinstance(check, _Check) else 0
        pause = self._settings.again_s * 2.0 ** min(times, 16) * (0.5 + self._random())
        return _Check(self._now() + min(every, pause), times + 1)

    def _schedule(self, name: str, check: _Check) -> None:
        self._store.note(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO bundle_check VALUES (?, ?, ?)", (name, check.next_at, check.unanswered)
            )
        )

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _rows(connection: apsw.Connection, name: str) -> tuple[bytes, ...]:
    """Newest first."""
    rows = connection.execute("SELECT data FROM bundle WHERE name = ? ORDER BY version DESC", (name,))
    return tuple(data for (data,) in rows)


def _check(connection: apsw.Connection, name: str) -> _Check | None:
    for next_at, unanswered in connection.execute(
        "SELECT next_at, unanswered FROM bundle_check WHERE name = ?", (name,)
    ):
        return _Check(next_at, unanswered)
    return None
