"""The gateway's sealing keys: one to seal to now, and those before it, which are opened for a time.

The list stands in ``<key>.keys.json`` beside the first key; a later key is ``<key>.<key id>.pem``. Without a list
there is the first key alone. A running gateway reads the list anew when the file has changed, so that a rotation
needs no restart; several machines of one gateway share these files.

The first key stays for good: staff answers rest on it (``kiosk.wire.staff_answer``), whatever is sealed to today.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.ports.clock import Clock
from kiosk.wire.key_list import KeyList, KeyListMessage, PublishedKey, publish, published
from kiosk.wire.keys import KeyUnusable, key_id, load_or_create_sealing_key
from kiosk.wire.private_files import replace_whole

OPENED_DAYS = 90
"""A record waits a week at a terminal (``storage.max_age_days``), a dead letter until somebody looks."""


@dataclass(frozen=True, slots=True)
class _Ring:
    keys: KeyList
    private: dict[str, X25519PrivateKey]
    message: KeyListMessage
    stamp: tuple[int, int] | None


class SealingKeys:
    """Safe for several threads: a ring is replaced whole."""

    def __init__(self, first: Path, ring: _Ring, certificate_key: Ed25519PrivateKey, clock: Clock) -> None:
        self._first = first
        self._list_file = str(_list_file(first))
        self._ring = ring
        self._certificate_key = certificate_key
        self._clock = clock

    @classmethod
    def load(cls, first: Path, certificate_key: Ed25519PrivateKey, clock: Clock) -> "SealingKeys | KeyUnusable":
        """``first`` is made where it is not there; ``certificate_key`` signs the list."""
        ring = _load(first, certificate_key)
        return ring if isinstance(ring, KeyUnusable) else cls(first, ring, certificate_key, clock)

    def newest_id(self) -> str:
        return self._present().keys.keys[0].key_id

    def private(self, wanted: str) -> X25519PrivateKey | None:
        """What opens envelopes sealed to the key of this id; None for a key of another gateway, or whose time is
        over."""
        ring = self._present()
        listed = next((key for key in ring.keys.keys if key.key_id == wanted), None)
        return None if listed is None or _over(listed, self._clock.now()) else ring.private.get(wanted)

    def message(self) -> KeyListMessage:
        return self._present().message

    def _present(self) -> _Ring:
        """A list that cannot be used leaves the one before in force."""
        if _stamp(self._list_file) != self._ring.stamp:
            ring = _load(self._first, self._certificate_key)
            if isinstance(ring, _Ring):
                self._ring = ring
        return self._ring


def rotate(first: Path, now: datetime, opened_days: int = OPENED_DAYS) -> KeyList | KeyUnusable:
    """Makes a key to seal to from now on. Envelopes sealed to the one before are opened for ``opened_days`` more; keys
    whose time is over are destroyed, all but the first. Raises OSError; the keys are then as they were."""
    keys = listed_keys(first)
    if isinstance(keys, KeyUnusable):
        return keys
    fresh = X25519PrivateKey.generate()
    made = load_or_create_sealing_key(_file_of(first, key_id(fresh.public_key())), fresh)
    if isinstance(made, KeyUnusable):
        return made
    last = keys.keys[0].model_copy(update={"opened_until": now + timedelta(days=opened_days)})
    kept = tuple(key for key in (last, *keys.keys[1:]) if not _over(key, now))
    turned = KeyList(number=keys.number + 1, keys=(published(made.public_key(), now), *kept))
    replace_whole(_list_file(first), (turned.model_dump_json(indent=1) + "\n").encode(), 0o644)
    for key in keys.keys[1:]:
        if _over(key, now):
            _file_of(first, key.key_id).unlink(missing_ok=True)
    return turned


def _load(first: Path, certificate_key: Ed25519PrivateKey) -> _Ring | KeyUnusable:
    stamp = _stamp(str(_list_file(first)))
    keys = listed_keys(first)
    if isinstance(keys, KeyUnusable):
        return keys
    private = {}
    for listed in keys.keys:
        path = _file_of(first, listed.key_id)
        key = load_or_create_sealing_key(path if path.exists() else first)
        if isinstance(key, KeyUnusable):
            return key
        if key_id(key.public_key()) != listed.key_id:
            return KeyUnusable("key-missing")
        private[listed.key_id] = key
    return _Ring(keys, private, publish(keys, certificate_key), stamp)


def listed_keys(first: Path) -> KeyList | KeyUnusable:
    """Those that are opened, the one to seal to first. ``first`` is made where it is not there."""
    key = load_or_create_sealing_key(first)
    if isinstance(key, KeyUnusable):
        return key
    path = _list_file(first)
    try:
        if path.exists():
            return KeyList.model_validate_json(path.read_bytes())
        made_at = datetime.fromtimestamp(int(first.stat().st_mtime), UTC)
    except OSError:
        return KeyUnusable("unreadable")
    except ValueError:
        return KeyUnusable("not-a-key-list")
    return KeyList(number=1, keys=(published(key.public_key(), made_at),))


def _over(key: PublishedKey, now: datetime) -> bool:
    return key.opened_until is not None and key.opened_until <= now


def _list_file(first: Path) -> Path:
    return first.with_suffix(".keys.json")


def _file_of(first: Path, wanted: str) -> Path:
    return first.with_suffix(f".{wanted}.pem")


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino
