"""What the hall publishes reaches a terminal over HTTP, once a version, and only whole."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import requests

from gateway.app import create_app
from gateway.books.settings import BooksSettings
from gateway.bundles import BundleFolder, NoBundle, parse_bundle_name
from gateway.settings import GatewaySettings
from kiosk.app.site_at_hand import site_at_hand
from kiosk.platform.bundles import HttpBundleSource
from kiosk.platform.settings import PlatformSettings
from kiosk.ports.platform import PlatformUnavailable
from kiosk.ports.reference_cache import BundleFetched, BundleUnchanged, BundleUnknown
from kiosk.wire.keys import KeyUnusable, load_or_create_signing_key
from kiosk.wire.reference import MAX_BUNDLE_BYTES, Bundle, entity_tag, open_bundle
from offline_cache.reference_cache import DurableReferenceCache, ReferenceSettings
from offline_cache.store import Store
from tests.gateway.serving import serving
from tests.kiosk.documents.specimens import SITE
from tests.records import START, RecordedAudit, Registered, SetClock

NAME = "site-0317"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bundles"
    folder.mkdir()
    return folder


@pytest.fixture
def address(settings: GatewaySettings, folder: Path, clock: SetClock) -> Iterator[str]:
    with serving(create_app(settings.model_copy(update={"books": BooksSettings(bundles=folder)}), clock)) as address:
        yield address


@pytest.fixture
def source(address: str, registered: Registered) -> HttpBundleSource:
    return HttpBundleSource(PlatformSettings(address=address, registration=registered.gateway_file))


def _publish(folder: Path, name: str, content: str) -> None:
    path = folder / name
    path.write_text(content)
    os.utime(path, (START.timestamp(), START.timestamp()))


def test_a_site_profile_reaches_a_terminal_and_serves_while_the_line_is_down(
    address: str, source: HttpBundleSource, folder: Path, settings: GatewaySettings, clock: SetClock, tmp_path: Path
) -> None:
    key = load_or_create_signing_key(settings.certificate_key)
    assert not isinstance(key, KeyUnusable)
    store = Store(tmp_path / "terminal.db", 16 * 1024 * 1024)
    wanted = ReferenceSettings(site_profile=NAME, first_within_s=0)
    cache = DurableReferenceCache(store, source, key.public_key(), RecordedAudit(), clock, lambda: 0.5, wanted)
    _publish(folder, "site-0317.1.json", '{"desk": "8 号窗口"}')
    for _ in range(2):
        cache.run_due()
    site = site_at_hand(SITE, cache, NAME)
    assert (site.desk, site.as_of) == ("8 号窗口", START.date())
    _publish(folder, "site-0317.2.json", '{"desk": "9 号窗口"}')
    clock.forward(2 * wanted.every_s)
    cache.run_due()
    gone = HttpBundleSource(PlatformSettings(address="http://127.0.0.1:9", registration=settings.key))
    later = DurableReferenceCache(store, gone, key.public_key(), RecordedAudit(), clock, lambda: 0.5, wanted)
    clock.forward(30 * 24 * 3600)
    later.run_due()
    assert site_at_hand(SITE, later, NAME).desk == "9 号窗口"
    store.close()


def test_a_version_travels_once(address: str, source: HttpBundleSource, folder: Path) -> None:
    assert source.fetch(NAME, None) == BundleUnknown()
    _publish(folder, "site-0317.1.json", "{}")
    fetched = source.fetch(NAME, None)
    assert isinstance(fetched, BundleFetched)
    tag = entity_tag(fetched.data)
    assert source.fetch(NAME, tag) == BundleUnchanged()
    answer = requests.get(f"{address}/v1/bundles/{NAME}", headers={"If-None-Match": f'"0", {tag}'}, timeout=30)
    assert (answer.status_code, answer.headers["etag"], answer.content) == (304, tag, b"")
    _publish(folder, "site-0317.2.json", "{}")
    assert isinstance(source.fetch(NAME, tag), BundleFetched)


def test_a_folder_that_cannot_be_read_and_a_file_too_long_are_told(source: HttpBundleSource, folder: Path) -> None:
    (folder / "site-0317.1.json").write_bytes(bytes(MAX_BUNDLE_BYTES + 1))
    answer = source.fetch(NAME, None)
    assert isinstance(answer, PlatformUnavailable)
    (folder / "site-0317.1.json").unlink()
    folder.rmdir()
    assert isinstance(source.fetch(NAME, None), PlatformUnavailable)


def test_the_highest_version_is_served_with_its_dates(folder: Path, registered: Registered) -> None:
    _publish(folder, "guides.9.txt", "nine")
    _publish(folder, "guides.10.2026-12-01.txt", "ten")
    _publish(folder, "guides.draft.txt", "draft")
    _publish(folder, "guides-old.11.txt", "of another name")
    signed = BundleFolder(folder, registered.signing_key).signed("guides")
    assert isinstance(signed, bytes)
    bundle = open_bundle(signed, "guides", registered.signing_key.public_key())
    assert bundle == Bundle("guides", 10, START, date(2026, 12, 1), b"ten")
    assert BundleFolder(folder, registered.signing_key).signed("../guides") == NoBundle("bundle-unknown")


@pytest.mark.parametrize(
    "name", ["guides", "guides.0", "guides.01", "Guides.1", "guides.1.2026-13-01", "-guides.1", "guides.1.json.swp", ""]
)
def test_other_files_are_not_published(name: str) -> None:
    assert parse_bundle_name(Path(name)) is None
