"""The last good version serves, whatever comes after it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.domain.audit_event import EventName
from kiosk.ports.platform import PlatformUnavailable
from kiosk.ports.reference_cache import (
    BundleAnswer,
    BundleFetched,
    BundleUnchanged,
    BundleUnknown,
    HeldBundle,
    NothingHeld,
)
from kiosk.wire.reference import Bundle, entity_tag, sign_bundle
from offline_cache.reference_cache import DurableReferenceCache, ReferenceSettings
from offline_cache.store import Store
from tests.records import START, RecordedAudit, SetClock

NAME = "site-0317"
KEY, STRANGER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
PUBLIC_KEY = KEY.public_key()
TODAY = START.date()
SETTINGS = ReferenceSettings(site_profile=NAME)


def signed(version: int, *, name: str = NAME, valid_from: date = TODAY, content: bytes = b"{}") -> bytes:
    return sign_bundle(Bundle(name, version, START, valid_from, content), KEY)


@dataclass
class Hall:
    """Answers as a test tells it, and as HTTP would where the tag is the one it has; every tag asked with is kept."""

    answer: BundleAnswer = field(default_factory=BundleUnknown)
    asked: list[str | None] = field(default_factory=list)

    def fetch(self, name: str, entity_tag_held: str | None) -> BundleAnswer:
        assert name == NAME
        self.asked.append(entity_tag_held)
        if isinstance(self.answer, BundleFetched) and entity_tag(self.answer.data) == entity_tag_held:
            return BundleUnchanged()
        return self.answer


class Bench:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.hall = Hall()
        self.clock = SetClock()
        self.audit = RecordedAudit()
        self.cache = self.built()

    def built(self, key: Ed25519PublicKey | None = PUBLIC_KEY) -> DurableReferenceCache:
        return DurableReferenceCache(self.store, self.hall, key, self.audit, self.clock, lambda: 0.5, SETTINGS)

    def offer(self, answer: BundleAnswer) -> HeldBundle | NothingHeld:
        """The hall has ``answer`` from now on, and is asked."""
        self.hall.answer = answer
        self.clock.forward(2 * SETTINGS.every_s)
        self.cache.run_due()
        return self.cache.held(NAME)

    def reasons(self) -> list[str | None]:
        return [event.reason for event in self.audit.events if event.name is EventName.KNOWLEDGE_NOT_RENEWED]

    def on_disk(self, statement: str) -> None:
        self.store.write(lambda connection: connection.execute(statement).fetchall())


@pytest.fixture
def bench(store: Store) -> Bench:
    bench = Bench(store)
    bench.cache.run_due()
    return bench


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "terminal.db", 16 * 1024 * 1024)
    yield store
    store.close()


def version(held: HeldBundle | NothingHeld) -> int:
    assert isinstance(held, HeldBundle)
    return held.version


def test_a_new_name_is_asked_for_within_its_window_and_then_now_and_then(bench: Bench) -> None:
    assert bench.hall.asked == []
    bench.hall.answer = BundleFetched(signed(1))
    bench.clock.forward(SETTINGS.first_within_s * 0.5 - 1)
    bench.cache.run_due()
    assert bench.hall.asked == []
    bench.clock.forward(1)
    bench.cache.run_due()
    bench.cache.run_due()
    assert bench.hall.asked == [None]
    bench.clock.forward(SETTINGS.every_s - 1)
    bench.built().run_due()
    assert bench.hall.asked == [None]
    bench.clock.forward(1)
    bench.built().run_due()
    assert bench.hall.asked == [None, entity_tag(signed(1))]


def test_what_was_never_fetched_is_not_held(bench: Bench) -> None:
    assert bench.cache.held(NAME) == NothingHeld("never-fetched")
    assert bench.offer(BundleUnknown()) == NothingHeld("never-fetched")
    assert bench.reasons() == ["bundle-unknown"]


def test_a_version_is_held_with_its_dates(bench: Bench) -> None:
    held = bench.offer(BundleFetched(signed(7, content=b'{"desk":"8"}')))
    assert held == HeldBundle(NAME, 7, START, START.date(), b'{"desk":"8"}', None)
    assert bench.built().held(NAME) == held
    assert [event.name for event in bench.audit.events] == [EventName.KNOWLEDGE_RENEWED]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (BundleFetched(b""), "not-a-bundle"),
        (BundleFetched(signed(3)[:-1]), "damaged"),
        (BundleFetched(sign_bundle(Bundle(NAME, 3, START, START.date(), b"{}"), STRANGER)), "forged"),
        (BundleFetched(signed(3, name="guides")), "other-name"),
        (BundleFetched(signed(1)), "older-version"),
        (BundleFetched(signed(2, content=b"[]")), "older-version"),
        (BundleFetched(signed(3, content=bytes(3_000_000) + b"1")), "storage-full"),
        (BundleUnknown(), "bundle-unknown"),
        (PlatformUnavailable("no-link"), "no-link"),
    ],
)
def test_the_last_good_version_outlives_whatever_comes(bench: Bench, answer: BundleAnswer, reason: str) -> None:
    bench.offer(BundleFetched(signed(2)))
    bench.on_disk("PRAGMA max_page_count=300")
    assert version(bench.offer(answer)) == 2
    assert bench.reasons() == [reason]


def test_a_row_damaged_on_the_disk_is_set_aside_and_fetched_anew(bench: Bench) -> None:
    bench.offer(BundleFetched(signed(1)))
    bench.offer(BundleFetched(signed(2)))
    bench.on_disk("UPDATE bundle SET data = substr(data, 1, length(data) - 1) WHERE version = 2")
    held = bench.cache.held(NAME)
    assert isinstance(held, HeldBundle)
    assert (held.version, held.set_aside) == (1, "damaged")
    held = bench.offer(BundleFetched(signed(2)))
    assert isinstance(held, HeldBundle)
    assert (held.version, held.set_aside) == (2, None)
    bench.on_disk("UPDATE bundle SET data = x'00'")
    assert bench.cache.held(NAME) == NothingHeld("not-a-bundle")
    assert version(bench.offer(BundleFetched(signed(2)))) == 2


def test_a_version_of_tomorrow_waits_for_its_day(bench: Bench) -> None:
    bench.offer(BundleFetched(signed(1)))
    day = (bench.clock.now() + timedelta(days=3)).date()
    held = bench.offer(BundleFetched(signed(2, valid_from=day)))
    assert isinstance(held, HeldBundle)
    assert (held.version, held.set_aside) == (1, "not-yet-valid")
    bench.clock.forward(3 * 24 * 3600)
    assert version(bench.cache.held(NAME)) == 2


def test_only_the_last_few_versions_stay(bench: Bench) -> None:
    for each in range(1, 7):
        bench.offer(BundleFetched(signed(each)))
    kept = bench.store.read(
        lambda connection: [row[0] for row in connection.execute("SELECT version FROM bundle ORDER BY version")]
    )
    assert kept == [4, 5, 6]


def test_without_an_answer_the_hall_is_asked_sooner_and_ever_more_rarely(bench: Bench) -> None:
    bench.offer(PlatformUnavailable("no-link"))
    asked = []
    for _ in range(5000):
        bench.clock.forward(10)
        before = len(bench.hall.asked)
        bench.cache.run_due()
        if len(bench.hall.asked) > before:
            asked.append(bench.clock.now())
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(asked)]
    assert pauses[:6] == [120, 240, 480, 960, 1920, 3840]
    assert max(pauses) <= SETTINGS.every_s


def test_a_clock_set_back_makes_no_name_wait_longer_than_the_longest_pause(bench: Bench) -> None:
    bench.offer(BundleFetched(signed(1)))
    bench.clock.forward(-365 * 24 * 3600)
    asked = len(bench.hall.asked)
    bench.cache.run_due()
    assert len(bench.hall.asked) == asked + 1


def test_a_terminal_that_knows_no_key_of_the_hall_believes_nothing(bench: Bench) -> None:
    bench.offer(BundleFetched(signed(1)))
    assert bench.built(None).held(NAME) == NothingHeld("no-key")


def test_a_broken_store_is_told(tmp_path: Path, bench: Bench) -> None:
    bench.store.close()
    (tmp_path / "terminal.db").write_bytes(b"not a database" * 500)
    assert bench.cache.held(NAME) == NothingHeld("storage-damaged")
    bench.cache.run_due()
