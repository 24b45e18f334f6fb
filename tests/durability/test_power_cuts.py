"""The power fails while cases are accepted and delivered: none is lost, none is doubled, none comes back.

As acknowledged counts only what was read before the cut: what a process tells while the disk is going proves nothing.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy import select as rows_of

from gateway.app import create_app
from gateway.settings import GatewaySettings
from gateway.tables import CaseRecord
from kiosk.app.system import SystemClock
from kiosk.wire.envelope import FIRST
from tests.durability.disk import Disk, disk
from tests.durability.lives import Engines, Told, await_end, ended, engines, kill
from tests.durability.outbox_engine import Life
from tests.gateway.serving import serving
from tests.records import register

ENGINE = "tests.durability.outbox_engine"
MOST_ACKNOWLEDGED = 20
"""In one life; a cut comes after the first, second or any up to that."""

LONGEST_AFTER_S = 0.006
"""From there to the cut: it falls into any part of the next accepting, delivering and removing."""


@dataclass
class Hall:
    """The gateway, and what it has."""

    folder: Path
    address: str = ""

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder}/hall.db"

    def records(self) -> list[tuple[str, str, str, str]]:
        """Key, digest, previous digest and receipt of each."""
        engine = create_engine(self.database)
        asked = rows_of(CaseRecord.key, CaseRecord.digest, CaseRecord.previous, CaseRecord.receipt)
        with engine.connect() as connection:
            rows = [(key, digest, previous, receipt) for key, digest, previous, receipt in connection.execute(asked)]
        engine.dispose()
        return rows


@contextmanager
def hall(folder: Path) -> Iterator[Hall]:
    made = Hall(folder)
    registered = register(folder)
    settings = GatewaySettings(
        database=made.database, key=registered.gateway_key_file, terminals=(registered.terminal_file,), sandbox=True
    )
    with serving(create_app(settings, SystemClock())) as made.address:
        yield made


@dataclass
class Ledger:
    """What was acknowledged: digests and receipts by key, and the keys whose removal was."""

    digests: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    returned: set[str] = field(default_factory=set)
    cuts: int = 0

    def take(self, told: Told) -> bool:
        """Whether it is an acknowledgement."""
        if "put" in told:
            key, digest, receipt = told["put"]
            self.digests[key], self.receipts[key] = digest, receipt
        if "gone" in told:
            self.gone.add(told["gone"])
        return "put" in told or "gone" in told

    def compare(self, held: dict[str, str], delivered: set[str]) -> None:
        """With what the disk holds and what the gateway has after a cut."""
        for key, digest in held.items():
            assert self.digests.setdefault(key, digest) == digest, f"{key} has other bytes than were acknowledged"
        self.returned |= self.gone & held.keys()
        missing = self.digests.keys() - held.keys() - self.gone
        self.lost |= missing - delivered
        self.gone |= missing


def cut_the_power(folder: Path, count: int, seed: int, careless: bool = False) -> Ledger:
    """``count`` lives and their cuts; then, unless ``careless``, everything is delivered and looked for in the hall."""
    chance, ledger, keys = random.Random(seed), Ledger(), folder / "keys"
    keys.mkdir()
    with disk(folder) as terminal, hall(keys) as there, engines(ENGINE) as started:
        life = Life(str(terminal.folder), str(keys), there.address, seed, careless)
        for number in range(count):
            _live_until_cut(started, terminal, ledger, there, replace(life, seed=seed + number), chance)
        if not careless:
            _deliver_the_rest(started, ledger, there, replace(life, drains=True))
    return ledger


def _live_until_cut(
    started: Engines, terminal: Disk, ledger: Ledger, there: Hall, life: Life, chance: random.Random
) -> None:
    process = started.begin(asdict(life))
    _compare(started, ledger, there)
    acknowledged = chance.randint(1, MOST_ACKNOWLEDGED)
    while acknowledged:
        acknowledged -= ledger.take(started.next())
    ended(process, chance.uniform(0, LONGEST_AFTER_S))
    for told in started.read_by_now():
        ledger.take(told)
    terminal.cut()
    kill(process)
    await_end(process)
    started.rest()
    terminal.comes_back()
    ledger.cuts += 1


def _compare(started: Engines, ledger: Ledger, there: Hall) -> None:
    """After its start and before its first act."""
    held = started.next()["held"]
    ledger.compare(held, {key for key, *_ in there.records()})


def _deliver_the_rest(started: Engines, ledger: Ledger, there: Hall, life: Life) -> None:
    process = started.begin(asdict(life))
    _compare(started, ledger, there)
    while "drained" not in (told := started.next()):
        ledger.take(told)
    await_end(process)
    _assert_each_stands_once(ledger, there.records())


def _assert_each_stands_once(ledger: Ledger, records: list[tuple[str, str, str, str]]) -> None:
    keys = [key for key, *_ in records]
    assert len(keys) == len(set(keys)), "doubled"
    digests = {key: digest for key, digest, *_ in records}
    assert ledger.digests.items() <= digests.items(), "what was acknowledged is not all there, byte by byte"
    assert ledger.receipts.items() <= {key: receipt for key, _, _, receipt in records}.items()
    assert len(set(ledger.receipts.values())) == len(ledger.receipts), "a receipt number was given twice"
    assert {previous for _, _, previous, _ in records} - set(digests.values()) == {FIRST}, "the chain has a hole"
    assert len({previous for _, _, previous, _ in records}) == len(records), "the chain forks"


def _report(ledger: Ledger) -> str:
    return f"{ledger.cuts} cuts, {len(ledger.digests)} records, lost {ledger.lost}, came back {ledger.returned}"


def _assert_nothing_lost(ledger: Ledger, cuts: int) -> None:
    assert ledger.cuts == cuts
    assert len(ledger.digests) > cuts, "hardly anything was accepted"
    assert ledger.gone, "nothing was delivered before a cut"
    assert not ledger.lost, _report(ledger)
    assert not ledger.returned, _report(ledger)


def test_sixty_power_cuts_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    _assert_nothing_lost(cut_the_power(tmp_path, 60, seed=20261127), 60)


def test_the_same_cuts_find_out_an_outbox_that_is_not_synced(tmp_path: Path) -> None:
    ledger = cut_the_power(tmp_path, 10, seed=7, careless=True)
    assert ledger.lost, _report(ledger)


@pytest.mark.nightly
def test_a_thousand_power_cuts_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    _assert_nothing_lost(cut_the_power(tmp_path, 1_000, seed=1_000), 1_000)


@pytest.mark.nightly
def test_a_hundred_of_the_same_cuts_find_out_an_outbox_that_is_not_synced(tmp_path: Path) -> None:
    ledger = cut_the_power(tmp_path, 100, seed=8, careless=True)
    assert len(ledger.lost) >= 100, _report(ledger)


def test_a_machine_without_loop_mounts_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(pytest.skip.Exception, match="NOT RUN"), disk(tmp_path):
        pass
