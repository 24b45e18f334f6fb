"""What is left on the roll, counted down over restarts and over a disk that fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from offline_cache.paper_roll import DurablePaperRoll
from offline_cache.store import Store

MAX_BYTES = 1024 * 1024


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "disk").mkdir()
    store = Store(tmp_path / "disk" / "terminal.db", MAX_BYTES)
    yield store
    store.close()


def _restarted(store: Store) -> DurablePaperRoll:
    store.close()
    return DurablePaperRoll(store)


def test_nobody_said_how_long_it_is(store: Store) -> None:
    roll = DurablePaperRoll(store)
    roll.use(120)
    assert (roll.remaining(), roll.full()) == (None, None)
    assert _restarted(store).remaining() is None


def test_it_is_counted_down_over_restarts(store: Store) -> None:
    DurablePaperRoll(store).change(80_000)
    for left in (79_850, 79_700, 79_550):
        roll = _restarted(store)
        roll.use(150)
        assert roll.remaining() == left
    assert roll.full() == 80_000
    roll.change(30_000)
    assert (_restarted(store).remaining(), _restarted(store).full()) == (30_000, 30_000)


def test_of_a_roll_of_before_only_what_is_left_is_known(store: Store) -> None:
    store.write(lambda connection: connection.execute("INSERT INTO paper_roll VALUES (1, 9000, NULL)").get)
    roll = DurablePaperRoll(store)
    roll.use(100)
    assert (_restarted(store).remaining(), _restarted(store).full()) == (8900, None)


def test_it_never_owes_paper(store: Store) -> None:
    roll = DurablePaperRoll(store)
    roll.change(100)
    roll.use(150)
    assert roll.remaining() == 0
    assert _restarted(store).remaining() == 0


def test_what_cannot_be_written_is_counted_and_comes_with_the_next(store: Store, tmp_path: Path) -> None:
    roll = DurablePaperRoll(store)
    roll.change(1000)
    _disk_goes(store, tmp_path)
    roll.use(100)
    assert roll.remaining() == 900
    _disk_comes(store, tmp_path)
    roll.use(100)
    assert _restarted(store).remaining() == 800


def test_what_is_used_before_the_disk_can_be_read_is_not_forgotten(store: Store, tmp_path: Path) -> None:
    DurablePaperRoll(store).change(1000)
    _disk_goes(store, tmp_path)
    roll = DurablePaperRoll(store)
    assert roll.remaining() is None
    roll.use(100)
    _disk_comes(store, tmp_path)
    assert roll.remaining() == 900
    roll.use(50)
    assert _restarted(store).remaining() == 850


def test_a_new_roll_counts_although_the_disk_is_gone(store: Store, tmp_path: Path) -> None:
    _disk_goes(store, tmp_path)
    roll = DurablePaperRoll(store)
    roll.use(100)
    roll.change(5000)
    roll.use(100)
    assert (roll.remaining(), roll.full()) == (4900, 5000)


def _disk_goes(store: Store, folder: Path) -> None:
    store.close()
    (folder / "disk").rename(folder / "elsewhere")
    (folder / "disk").touch()


def _disk_comes(store: Store, folder: Path) -> None:
    store.close()
    (folder / "disk").unlink()
    (folder / "elsewhere").rename(folder / "disk")
