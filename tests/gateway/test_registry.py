"""The registry of terminals, and the tree of sites they stand in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gateway.database import open_database
from gateway.registry import REMEMBERED_S, ReceiptKeys, Registry, Site, SiteRefused
from gateway.sites import SiteLevel, level_of, parent_of
from kiosk.wire.keys import RegisteredTerminal
from tests.records import TERMINAL, SetClock, register

VILLAGE = "320102001003"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def registry(engine: Engine, clock: SetClock) -> Registry:
    return Registry(engine, clock)


def _terminal(folder: Path, number: str = TERMINAL) -> RegisteredTerminal:
    folder.mkdir()
    return register(folder, number=number).terminal


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("320000000000", SiteLevel.PROVINCE, None),
        ("320100000000", SiteLevel.CITY, "320000000000"),
        ("320102000000", SiteLevel.COUNTY, "320100000000"),
        ("320102001000", SiteLevel.TOWNSHIP, "320102000000"),
        (VILLAGE, SiteLevel.VILLAGE, "320102001000"),
    ],
)
def test_a_code_tells_its_level_and_the_place_above(code: str, level: SiteLevel, parent: str | None) -> None:
    assert (level_of(code), parent_of(code)) == (level, parent)


@pytest.mark.parametrize(
    "code", ["", "32", "000000000000", "320002000000", "320100001000", "32010200100X", "\uff13" * 12]
)
def test_no_place_has_such_a_code(code: str) -> None:
    assert level_of(code) is None
    with pytest.raises(ValueError, match="not the code"):
        parent_of(code)


def test_the_tree_grows_from_above(registry: Registry) -> None:
    assert registry.add_site("320100000000", "示范市") == SiteRefused("parent-unknown")
    assert registry.add_site("3201", "示范市") == SiteRefused("not-a-site-code")
    for code, name in (("320000000000", "示范省"), ("320100000000", "示范市"), ("320100000000", "样例市")):
        assert isinstance(registry.add_site(code, name), Site)
    assert registry.sites() == [
        Site("320000000000", None, SiteLevel.PROVINCE, "示范省"),
        Site("320100000000", "320000000000", SiteLevel.CITY, "样例市"),
    ]


def test_a_registration_file_is_taken_in_once_and_never_brings_a_revoked_terminal_back(
    registry: Registry, tmp_path: Path
) -> None:
    terminal = _terminal(tmp_path / "terminal")
    for _ in range(2):
        registry.take_in((terminal,))
    (listed,) = registry.listed()
    assert (listed.registered.key_id, listed.revoked_because) == (terminal.key_id, None)
    assert registry.standing(terminal.key_id) == "active"
    registry.revoke(TERMINAL, "lost")
    registry.take_in((terminal,))
    assert registry.standing(terminal.key_id) == "revoked"
    assert registry.standing("0" * 16) == "unknown-terminal"
    assert [each.revoked_because for each in registry.listed()] == ["lost"]


def test_another_workers_revocation_is_known_within_seconds(
    registry: Registry, engine: Engine, clock: SetClock, tmp_path: Path
) -> None:
    terminal = _terminal(tmp_path / "terminal")
    registry.take_in((terminal,))
    assert registry.standing(terminal.key_id) == "active"
    Registry(engine, clock).revoke(TERMINAL, "stolen")
    assert registry.standing(terminal.key_id) == "active"
    clock.forward(REMEMBERED_S)
    assert registry.standing(terminal.key_id) == "revoked"


def test_papers_of_every_key_are_known_and_staff_answer_the_last_in_service(
    registry: Registry, engine: Engine, tmp_path: Path
) -> None:
    first, second = (_terminal(tmp_path / name) for name in ("first", "second"))
    registry.take_in((first, second))
    keys = ReceiptKeys(engine)
    assert {key.public_bytes_raw() for key in keys[TERMINAL]} == {
        each.public_key.public_bytes_raw() for each in (first, second)
    }
    assert (list(keys), len(keys), keys.get("0999")) == ([TERMINAL], 1, None)
    assert second.staff_key is not None
    found = registry.staff_key(TERMINAL)
    assert found is not None
    assert found.public_bytes_raw() == second.staff_key.public_bytes_raw()
    registry.revoke(TERMINAL, "replaced")
    assert registry.staff_key(TERMINAL) is None
    assert len(keys[TERMINAL]) == 2
