"""An area's roster goes to its terminals, and serves there while the line is down."""

import os
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from gateway.books.settings import BooksSettings
from gateway.bundles import BundleFolder
from gateway.database import open_database
from gateway.hall import Hall
from gateway.roster_snapshot import people_of, publish_snapshot
from gateway.sandbox import AREA, SandboxPerson, sandbox_people
from gateway.settings import DecisionPolicy
from kiosk.cli.commands import app
from kiosk.domain.china_time import CHINA
from kiosk.domain.eligibility import RosterStatus
from kiosk.ports.reference_cache import BundleFetched
from kiosk.wire.roster_snapshot import Listed
from offline_cache.reference_cache import DurableReferenceCache, ReferenceSettings
from offline_cache.roster_snapshot import BundledRoster
from offline_cache.store import Store
from tests.records import START, RecordedAudit, Registered, SetClock

NAME = "roster-training"
NOW = START.astimezone(CHINA)
POLICY = DecisionPolicy()
PEOPLE = {person.slug: person for person in sandbox_people(NOW.date())}


@pytest.fixture
def engine(hall: Hall, database: str) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bundles"
    folder.mkdir()
    return folder


def _listed(people: list[Listed]) -> set[str]:
    return {each.number for each in people}


def test_the_area_s_people_are_in_it_but_none_whose_card_is_blocked(engine: Engine) -> None:
    there = _listed(people_of(engine, AREA, NOW, POLICY))
    wanted = {p.number.value for p in PEOPLE.values() if p.in_roster and (p.area == AREA or p.other_place)}
    blocked = {p.number.value for p in PEOPLE.values() if p.in_roster and p.blocked}
    assert blocked & wanted
    assert there == wanted - blocked
    assert not people_of(engine, "示范市哪里也不是", NOW, POLICY)


def test_a_terminal_without_a_line_knows_what_the_hall_would_have_said(
    engine: Engine, folder: Path, registered: Registered, tmp_path: Path
) -> None:
    """Through the signed bundle and the terminal's own file."""
    path = publish_snapshot(folder, NAME, people_of(engine, AREA, NOW, POLICY), NOW)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    signed = BundleFolder(folder, registered.signing_key).signed(NAME)
    assert isinstance(signed, bytes)
    clock, store = SetClock(), Store(tmp_path / "terminal.db", 16 * 1024 * 1024)
    wanted = ReferenceSettings(roster_snapshot=NAME, first_within_s=0)
    cache = DurableReferenceCache(
        store, Published(signed), registered.signing_key.public_key(), RecordedAudit(), clock, lambda: 0.5, wanted
    )
    for _ in range(2):
        cache.run_due()
    clock.forward(timedelta(days=2).total_seconds())
    roster = BundledRoster(cache, NAME, clock)
    assert _status(roster, PEOPLE["suspended"]) is RosterStatus.SUSPENDED
    assert _status(roster, PEOPLE["stopped"]) is RosterStatus.STOPPED
    assert _status(roster, PEOPLE["reported-lost"]) is None
    clock.forward(timedelta(days=6).total_seconds())
    assert _status(roster, PEOPLE["suspended"]) is None
    raw = b"".join(file.read_bytes() for file in tmp_path.glob("terminal.db*"))
    assert not [p for p in PEOPLE.values() if p.number.value.encode() in raw or p.name.value.encode() in raw]
    store.close()


class Published:
    def __init__(self, signed: bytes) -> None:
        self._signed = signed

    def fetch(self, name: str, entity_tag: str | None) -> BundleFetched:
        assert (name, entity_tag) == (NAME, None)
        return BundleFetched(self._signed)


def _status(roster: BundledRoster, person: SandboxPerson) -> RosterStatus | None:
    held = roster.find(person.number, person.name)
    return None if held is None else held.entry.status


def test_the_newest_takes_the_place_of_those_before(folder: Path) -> None:
    (folder / "roster-other.7.roster").write_bytes(b"of another area")
    first = publish_snapshot(folder, NAME, [], NOW)
    second = publish_snapshot(folder, NAME, [], NOW + timedelta(days=1))
    assert not first.exists()
    assert sorted(folder.iterdir()) == sorted([second, folder / "roster-other.7.roster"])


@pytest.mark.parametrize("name", ["", "Roster", "roster_1", "../roster"])
def test_what_is_no_bundle_s_name_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name of a bundle"):
        publish_snapshot(folder, name, [], NOW)
    assert not list(folder.iterdir())


def _settings(tmp_path: Path, folder: Path | None, database: str) -> Path:
    books = "" if folder is None else f'[books]\nbundles = "{folder}"\n'
    path = tmp_path / "gateway.toml"
    path.write_text(f'database = "{database}"\nkey = "{tmp_path}/gateway.pem"\n{books}')
    assert BooksSettings.model_validate(tomllib.loads(path.read_text()).get("books", {})).bundles == folder
    return path


def test_a_technician_publishes_it_by_a_command(hall: Hall, database: str, folder: Path, tmp_path: Path) -> None:
    settings = _settings(tmp_path, folder, database)
    told = CliRunner().invoke(app, ["publish-roster", NAME, AREA, "--settings", str(settings)])
    (path,) = folder.iterdir()
    assert (told.exit_code, told.output.split()[0]) == (0, str(path))


@pytest.mark.parametrize("trouble", ["nobody", "no folder", "no settings", "bad settings", "no name", "folder gone"])
def test_a_command_that_cannot_says_why_in_one_line(
    hall: Hall, database: str, folder: Path, tmp_path: Path, trouble: str
) -> None:
    settings = _settings(tmp_path, None if trouble == "no folder" else folder, database)
    name, area = ("Roster" if trouble == "no name" else NAME), ("无人区" if trouble == "nobody" else AREA)
    if trouble == "no settings":
        settings.unlink()
    if trouble == "bad settings":
        settings.write_text("workers = 0\nhost = 7\n")
    if trouble == "folder gone":
        folder.rmdir()
        folder.write_text("a file")
    told = CliRunner().invoke(app, ["publish-roster", name, area, "--settings", str(settings)])
    assert told.exit_code == 1
    assert len(told.output.strip().splitlines()) == 1
