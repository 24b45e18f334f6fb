"""The terminal before every species of attacker and every stratum of citizen, a few of each: the limits are kept."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from benchmarks.presentation_attacks import Plan, Record, run
from benchmarks.presentation_tally import attack_lines, broken_limits, citizen_lines
from benchmarks.presentations import Played
from simulators.camera.presentations import GENUINE, SPECIES
from tests.devices.face_analyser.pictures import require_models

PER_SPECIES, CITIZENS = 15, 22
ATTACK_FRAMES = 50
"""Finding the place, then three and a half seconds of the attack: enough for all of it, and not the minutes of all."""


@dataclass(frozen=True)
class Run:
    plan: Plan
    record: Record
    played: list[Played]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Run:
    record = Record(tmp_path_factory.mktemp("record") / "record.jsonl", "test")
    plan = Plan(
        per_species=PER_SPECIES, citizens=CITIZENS, attack_frames=ATTACK_FRAMES, models=require_models().absolute()
    )
    return Run(plan, record, run(plan, 2, record))


def test_attacks_stay_outside_and_citizens_pass(small: Run) -> None:
    attacks = [one for one in small.played if not one.subject.genuine]
    citizens = [one for one in small.played if one.subject.genuine]
    assert len(attacks) == PER_SPECIES * len(SPECIES)
    assert {one.subject.kind for one in citizens} == set(GENUINE)
    told = "\n".join([*attack_lines(attacks), *citizen_lines(citizens)])
    assert not broken_limits(attacks, citizens), told


def test_the_attacks_reached_the_asking(small: Run) -> None:
    """An attacker whom the terminal never asked for anything has not been held off by its liveness."""
    asked = [one for one in small.played if not one.subject.genuine and "positioning" not in one.tries[-1].end]
    assert len(asked) >= 0.8 * PER_SPECIES * len(SPECIES)


def test_what_is_recorded_is_not_played_again(small: Run, tmp_path: Path) -> None:
    """Where there are no models, only a record can answer."""
    assert run(replace(small.plan, models=tmp_path), 1, small.record) == small.played
