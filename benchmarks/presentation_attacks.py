"""Prints, bars, screens, still and looped pictures, other people: what the terminal takes for a living citizen.

``python -m benchmarks.presentation_attacks`` presents every species of the virtual hall's attackers and its citizens in
all their strata to the analyser and the terminal's own decisions. Every presentation follows from the seed, lasts at
most 100 frames of an injected clock and asks for one action, spread over all actions. An attack counts as accepted when
liveness was proven, all frames show one person, and that person matches the victim's chip picture; the column
``alive`` counts those whose liveness alone was proven. Terms of ISO/IEC 30107-3: APCER for each species, BPCER after
two tries; limits are those of the tally, and the exit code is 1 when one is broken.

``--resume FILE`` keeps every finished presentation as a line of JSON; a run of the same seed, settings and code goes on
where the file ends. ``--clips DIR`` also presents every video and every folder of pictures in DIR, injected and shown
on a screen; nothing of them is written anywhere. ``--infrared`` fits the camera pair.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")

import argparse
import hashlib
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypeVar

import cv2

import benchmarks
import devices.face_analyser.embedded
import kiosk.face
import simulators.camera
from benchmarks.presentation_clips import ClipTask, clip_tasks, play_clip
from benchmarks.presentation_tally import attack_lines, broken_limits, citizen_lines, time_line
from benchmarks.presentations import FRAMES, Bench, Played, Subject, Try
from kiosk.face.settings import FaceSettings
from simulators.camera.presentations import GENUINE, SPECIES

T = TypeVar("T")
R = TypeVar("R")

PER_SPECIES = 150
CITIZENS = 300
JOBS = 2
MODELS = Path("var/models")
TOLD_EVERY = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run presents and by what it is judged."""

    seed: int = 0
    per_species: int = PER_SPECIES
    citizens: int = CITIZENS
    infrared: bool = False
    attack_frames: int = FRAMES
    models: Path = MODELS

    def subjects(self) -> list[Subject]:
        """In turns, so that a run that was cut short has some of everything."""
        attacks = [[Subject(kind, number, genuine=False) for number in range(self.per_species)] for kind in SPECIES]
        shares = [len(range(place, self.citizens, len(GENUINE))) for place in range(len(GENUINE))]
        strata = [
            [Subject(kind, number, genuine=True) for number in range(share)]
            for kind, share in zip(GENUINE, shares, strict=True)
        ]
        return [one for row in zip_longest(*attacks, *strata) for one in row if one is not None]

    def digest(self) -> str:
        """Of everything a verdict rests on but the numbers: seed, settings, and the code that draws and judges."""
        digest = hashlib.sha256(f"{self.seed} {self.infrared} {self.attack_frames} {FaceSettings()}".encode())
        rooms = (kiosk.face, devices.face_analyser.embedded, simulators.camera)
        files = [file for room in rooms for file in sorted(Path(room.__path__[0]).glob("*.py"))]
        for file in [*files, Path(benchmarks.__path__[0]) / "presentations.py"]:
            digest.update(file.read_bytes())
        return digest.hexdigest()[:16]


class Record:
    """Finished presentations, a line of JSON each, in a file or nowhere. Lines of another digest are passed over."""

    def __init__(self, path: Path | None, digest: str) -> None:
        self._path = path
        self._digest = digest

    def done(self) -> dict[Subject, Played]:
        if self._path is None or not self._path.exists():
            return {}
        lines = [_parsed(line) for line in self._path.read_text(encoding="utf-8").splitlines()]
        known = [_played(line) for line in lines if line is not None and line["digest"] == self._digest]
        return {one.subject: one for one in known}

    def add(self, played: Played) -> None:
        if self._path is None:
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"digest": self._digest, **asdict(played)}) + "\n")


def _parsed(line: str) -> dict[str, Any] | None:
    """None for a line that the end of its run cut short."""
    try:
        read: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return read


def _played(line: dict[str, Any]) -> Played:
    tries = tuple(Try(**one) for one in line["tries"])
    return Played(Subject(**line["subject"]), line["portrait"], tries, line["cpu_s"])


_bench: list[Bench] = []
"""Of a process that plays."""


def _begin_process(plan: Plan) -> None:
    """Two processes share two cores; each looks with one thread."""
    cv2.setNumThreads(1)
    _set_up(plan)


def _set_up(plan: Plan) -> None:
    _bench[:] = [Bench(plan.models, FaceSettings(), infrared=plan.infrared)]


def _play(task: tuple[Subject, int, int]) -> Played:
    return _bench[0].play(*task)


def _play_clip(task: tuple[ClipTask, int]) -> Played | None:
    return play_clip(_bench[0], *task)


Told = Callable[[int, int], None]
"""Hears how many of how many are finished."""


def run(plan: Plan, jobs: int, record: Record, told: Told = lambda _done, _of: None) -> list[Played]:
    """Everything of the plan, in its order; what the record knows is not presented again."""
    subjects, done = plan.subjects(), record.done()
    left = [subject for subject in subjects if subject not in done]
    for played in _all_played(plan, left, jobs):
        record.add(played)
        done[played.subject] = played
        told(len(left) - len(subjects) + len(done), len(left))
    return [done[subject] for subject in subjects]


def _all_played(plan: Plan, left: Sequence[Subject], jobs: int) -> Iterator[Played]:
    return _in_processes(plan, _play, [(subject, plan.seed, plan.attack_frames) for subject in left], jobs)


def run_clips(plan: Plan, jobs: int, folder: Path) -> list[Played]:
    """Both ways of every clip in the folder; says which of them cannot be used."""
    tasks = clip_tasks(folder)
    if not tasks:
        print(f"no clips in {folder}: nothing is said about real recordings")
    played = list(_in_processes(plan, _play_clip, [(task, plan.seed) for task in tasks], jobs))
    usable = len([one for one in played if one is not None])
    print(f"{len(tasks)} presentations of clips, {len(tasks) - usable} of them without a face or no pictures at all")
    return sorted((one for one in played if one is not None), key=lambda one: one.subject.number)


def _in_processes(plan: Plan, play: Callable[[T], R], tasks: Sequence[T], jobs: int) -> Iterator[R]:
    """What comes of the tasks, in any order."""
    if jobs > 1 and tasks:
        with multiprocessing.get_context("spawn").Pool(jobs, _begin_process, (plan,)) as pool:
            yield from pool.imap_unordered(play, tasks)
    elif tasks:
        _set_up(plan)
        yield from map(play, tasks)
        _bench.clear()


def report(played: Sequence[Played], wall_s: float) -> bool:
    """Prints the tables; True when every limit is kept."""
    attacks = [one for one in played if not one.subject.genuine]
    citizens = [one for one in played if one.subject.genuine]
    print(*attack_lines(attacks), "", *citizen_lines(citizens), "", sep="\n")
    print(time_line(citizens))
    people = len({one.portrait for one in played})
    print(f"{people} identities stand behind all this: nothing is claimed about matching")
    frames, cpu_s = sum(each.frames for one in played for each in one.tries), sum(one.cpu_s for one in played)
    print(f"{len(played)} presentations, {frames} frames, {cpu_s / max(frames, 1) * 1000:.1f} ms of a core a frame")
    print(f"{cpu_s / 60:.1f} minutes of a core, {wall_s / 60:.1f} minutes of this run")
    broken = broken_limits(attacks, citizens)
    print(*(f"BROKEN {what}" for what in broken), "" if broken else "all limits kept", sep="\n")
    return not broken


class _Teller:
    """A line now and then: how far the run is and how long it will take."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        if done % TOLD_EVERY == 0 or done == of:
            so_far = time.monotonic() - self._began
            print(f"{done} of {of} presented, {so_far:.0f} s, {so_far / done * (of - done):.0f} s to go", flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.presentation_attacks", description="Presents attacks and citizens to the terminal."
    )
    parser.add_argument("--per-species", type=int, default=PER_SPECIES, help=f"attacks, {PER_SPECIES} unless told")
    parser.add_argument("--genuine", type=int, default=CITIZENS, help=f"citizens, {CITIZENS} unless told")
    parser.add_argument("--seed", type=int, default=0, help="of everything drawn, 0 unless told")
    parser.add_argument("--clips", type=Path, default=None, help="folder of videos and folders of pictures")
    parser.add_argument("--jobs", type=int, default=JOBS, help=f"processes, {JOBS} unless told")
    parser.add_argument("--resume", type=Path, default=None, help="file of finished presentations")
    parser.add_argument("--models", type=Path, default=MODELS, help="the models folder")
    parser.add_argument("--infrared", action="store_true", help="as with a camera pair")
    options = parser.parse_args(argv)
    plan = Plan(options.seed, options.per_species, options.genuine, options.infrared, FRAMES, options.models)
    began = time.monotonic()
    played = run(plan, options.jobs, Record(options.resume, plan.digest()), _Teller())
    kept = report(played, time.monotonic() - began)
    if options.clips is not None:
        print("", *attack_lines(run_clips(plan, options.jobs, options.clips)), sep="\n")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
