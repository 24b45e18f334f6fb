"""The arithmetic of presentations, and that a record goes on where it ended."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.presentation_attacks import Plan, Record
from benchmarks.presentation_tally import LIMITS, attack_lines, broken_limits, citizen_lines, time_line, upper_bound
from benchmarks.presentations import DECLINED, MATCHED, Played, Subject, Try, drawn_actions
from kiosk.domain.face import FaceAction
from simulators.camera.presentations import GENUINE, SPECIES

STOPPED = Try("nod", "flat", False, 60, 4.8, None, None, {"frames": 60.0})
PASSED = Try("nod", MATCHED, True, 50, 4.0, 0.3, 0.2, {"frames": 50.0})
LACKING = Try("blink", DECLINED, False, 40, 3.2, None, None, {})


def attack(kind: str, number: int, *tries: Try) -> Played:
    return Played(Subject(kind, number, genuine=False), "hopper", tries, 1.0)


def citizen(number: int, *tries: Try) -> Played:
    return Played(Subject("plain", number, genuine=True), "hopper", tries, 1.0)


@pytest.mark.parametrize(
    ("events", "of", "bound"), [(0, 150, 0.01977), (0, 1, 0.95), (1, 10, 0.39416), (3, 150, 0.05106), (7, 7, 1.0)]
)
def test_the_upper_bound_is_clopper_and_pearsons(events: int, of: int, bound: float) -> None:
    """The rule of three where nothing was seen; the others from tables of the F distribution."""
    assert upper_bound(events, of) == pytest.approx(bound, abs=5e-4)


def test_one_accepted_print_breaks_its_limit_and_two_in_a_hundred_bent_ones_do_not() -> None:
    attacks = [attack(kind, number, STOPPED) for kind in LIMITS for number in range(100)]
    citizens = [citizen(number, PASSED) for number in range(20)]
    assert broken_limits(attacks, citizens) == []
    bent = [*attacks, *(attack("bent-print", number, PASSED) for number in (100, 101))]
    assert broken_limits(bent, citizens) == []
    assert broken_limits([*bent, attack("bent-print", 102, PASSED)], citizens) == [
        "APCER of bent-print: 3 of 103, at most 2%"
    ]
    assert broken_limits([*attacks, attack("flat-print", 100, PASSED)], citizens) == [
        "APCER of flat-print: 1 of 101, at most 0%"
    ]


def test_citizens_are_judged_after_two_tries_and_what_is_missing_is_told() -> None:
    attacks = [attack(kind, 0, STOPPED) for kind in LIMITS]
    late = [citizen(number, STOPPED, PASSED) for number in range(19)]
    assert broken_limits(attacks, [*late, citizen(19, STOPPED, STOPPED)]) == []
    assert broken_limits(attacks, [*late[1:], *(citizen(number, STOPPED, STOPPED) for number in (18, 19))]) == [
        "BPCER: 2 of 20, at most 5%"
    ]
    assert broken_limits(attacks[1:], []) == ["flat-print was not presented", "no citizen was presented"]


def test_the_tables_tell_what_ended_a_presentation() -> None:
    lines = "\n".join(attack_lines([attack("flat-print", 0, STOPPED), attack("flat-print", 1, PASSED)]))
    assert "1/2" in lines
    assert "FAIL" in lines
    assert "ended by flat 1, matched 1" in lines
    assert "accepted at nod 1" in lines
    citizens = [citizen(0, LACKING, PASSED), citizen(1, STOPPED, PASSED)]
    told = citizen_lines(citizens)
    assert told[1].split() == ["plain", "0/2", "0.0%", "77.6%", "1"]
    assert "flat at nod 1" in told[2]
    assert "declined" not in told[2]
    assert time_line(citizens).endswith("median 8.0, 95th percentile 8.8")


def test_every_action_is_asked_first_as_often_as_the_others() -> None:
    firsts = [drawn_actions(number, Subject("plain", number, genuine=True).draw(0))[0] for number in range(150)]
    assert {firsts.count(action) for action in FaceAction} == {30}
    drawn = [drawn_actions(5, Subject("plain", 5, genuine=True).draw(seed)) for seed in range(9)]
    assert all(set(actions) == set(FaceAction) for actions in drawn)
    assert len({tuple(actions) for actions in drawn}) > 1


def test_a_plan_has_the_same_number_of_every_species_and_spreads_the_citizens() -> None:
    subjects = Plan(per_species=4, citizens=2 * len(GENUINE) + 1).subjects()
    kinds = [one.kind for one in subjects if not one.genuine]
    assert {kinds.count(kind) for kind in SPECIES} == {4}
    strata = [one.kind for one in subjects if one.genuine]
    assert sorted({strata.count(kind) for kind in GENUINE}) in ([2, 3], [3])
    assert len(set(subjects)) == len(subjects)


def test_a_record_knows_what_is_done_and_nothing_of_other_code_or_a_cut_line(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    kept = [attack("flat-print", 0, STOPPED), citizen(0, LACKING, PASSED)]
    for one in kept:
        Record(path, "now").add(one)
    Record(path, "before").add(attack("flat-print", 1, STOPPED))
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + whole.splitlines()[0][:40], encoding="utf-8")
    assert Record(path, "now").done() == {one.subject: one for one in kept}
    assert Record(None, "now").done() == {}


def test_another_seed_or_camera_is_another_run() -> None:
    plan = Plan()
    others = [replace(plan, seed=1), replace(plan, infrared=True), replace(plan, attack_frames=50)]
    assert len({one.digest() for one in (plan, *others)}) == 4
    assert replace(plan, per_species=3, citizens=5).digest() == plan.digest()
