"""How often a comparison of two pictures errs, on any list of pairs.

``python -m benchmarks.face_pairs PAIRS.csv`` takes the columns ``path_a``, ``path_b`` and ``same`` (1 or 0, true or
false, yes or no; a header is optional, paths are relative to the list). ``path_a`` becomes a card's picture: cut about
the face, 102x126 pixels, and as a WebP of at most 1,024 bytes, which stands in for the chip's own codec. ``path_b`` is
seen as the terminal's camera sees it, no larger than 640 pixels. Both then go the terminal's own way.

It prints FMR and FNMR at the terminal's two thresholds, the EER, and FNMR at FMR 1 % and 0.1 % where the pairs bear it.
A genuine pair in which no face is found counts as not matched and is told apart as well (FTA); such an impostor pair
counts nowhere. Rows that cannot be used are named and counted. Ends with 2 when no pair is left.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")

import argparse
import csv
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.card_pictures import (
    CHIP_HEIGHT,
    CHIP_WIDTH,
    Image,
    NoPictureError,
    compressed,
    cut_as_card_picture,
    no_larger,
    read,
)
from benchmarks.face_rates import RULE_OF, Rate, Scores, impostors_needed
from devices.face_analyser.embedded.analysis import Analysis
from devices.face_analyser.embedded.model_digests import model_trouble
from devices.face_analyser.embedded.recogniser import Embedding
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from kiosk.domain.face import Landmarks
from kiosk.face.settings import FaceSettings

FMRS = (0.01, 0.001)
NOTHING_USABLE = 2

_HEADER = ("path_a", "path_b", "same")
_TRUTH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_FRAME_SIDE = 640
_PORTRAIT_SIDE = 1280
_APART_S = 60.0
_TELL_EVERY = 200


@dataclass(frozen=True, slots=True)
class Pair:
    line: int
    reference: Path
    probe: Path
    same: bool


@dataclass(slots=True)
class Embeddings:
    """Every distinct picture is embedded once in each part; None where no face is found."""

    analysis: Analysis
    _references: dict[Path, Embedding | None] = field(default_factory=dict)
    _probes: dict[Path, Embedding | None] = field(default_factory=dict)
    _seen: int = 0

    def reference(self, path: Path) -> Embedding | None:
        return _once(self._references, path, self._reference_of)

    def probe(self, path: Path) -> Embedding | None:
        return _once(self._probes, path, self._probe_of)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "references": len(self._references),
            "references_without_face": sum(one is None for one in self._references.values()),
            "probes": len(self._probes),
            "probes_without_face": sum(one is None for one in self._probes.values()),
        }

    def _reference_of(self, path: Path) -> Embedding | None:
        picture = no_larger(read(path), _PORTRAIT_SIDE)
        if picture.shape[:2] != (CHIP_HEIGHT, CHIP_WIDTH):
            landmarks = self._observed(picture)
            if landmarks is None:
                return None
            picture = cut_as_card_picture(picture, landmarks)
        return self.analysis.portrait_embedding(compressed(picture))

    def _probe_of(self, path: Path) -> Embedding | None:
        landmarks = self._observed(no_larger(read(path), _FRAME_SIDE))
        return None if landmarks is None else self.analysis.frame_embedding(self._seen)

    def _observed(self, picture: Image) -> Landmarks | None:
        """So long after the last one that no face is followed from picture to picture."""
        self._seen += 1
        if self._seen % _TELL_EVERY == 0:
            print(f"{self._seen} pictures", file=sys.stderr)
        return self.analysis.observe(self._seen, self._seen * _APART_S, picture).landmarks


@dataclass(slots=True)
class Outcome:
    """Distances of the pairs, those without a face (genuine, impostor), and what was wrong with the others."""

    genuine: list[float] = field(default_factory=list)
    impostor: list[float] = field(default_factory=list)
    genuine_without_face: int = 0
    impostor_without_face: int = 0
    with_itself: int = 0
    problems: list[str] = field(default_factory=list)


def read_pairs(listing: Path) -> tuple[list[Pair], list[str]]:
    """Pairs, and what is wrong with other rows. ``OSError`` and ``UnicodeDecodeError`` when it is no list."""
    pairs: list[Pair] = []
    problems: list[str] = []
    order = (0, 1, 2)
    with listing.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            names = [cell.lower() for cell in cells]
            if not pairs and not problems and set(_HEADER) <= set(names):
                first, second, third = (names.index(name) for name in _HEADER)
                order = (first, second, third)
                continue
            pair = _pair(rows.line_num, cells, order, listing.parent)
            if isinstance(pair, Pair):
                pairs.append(pair)
            else:
                problems.append(pair)
    return pairs, problems


def _pair(line: int, cells: list[str], order: tuple[int, int, int], folder: Path) -> Pair | str:
    if len(cells) <= max(order):
        return f"line {line}: {len(cells)} columns, path_a, path_b and same are needed"
    reference, probe, same = (cells[index] for index in order)
    if same.lower() not in _TRUTH:
        return f"line {line}: same is {same!r}, neither 1 nor 0"
    return Pair(line, folder / reference, folder / probe, _TRUTH[same.lower()])


def compare(pairs: list[Pair], embeddings: Embeddings) -> Outcome:
    outcome = Outcome()
    for pair in pairs:
        try:
            reference, probe = embeddings.reference(pair.reference), embeddings.probe(pair.probe)
        except NoPictureError as problem:
            outcome.problems.append(f"line {pair.line}: {problem}")
            continue
        outcome.with_itself += pair.reference == pair.probe
        _count(outcome, pair.same, reference, probe)
    return outcome


def _count(outcome: Outcome, same: bool, reference: Embedding | None, probe: Embedding | None) -> None:
    found = reference is not None and probe is not None
    distance = float(np.linalg.norm(reference - probe)) if reference is not None and probe is not None else inf
    if same:
        outcome.genuine.append(distance)
        outcome.genuine_without_face += not found
    elif found:
        outcome.impostor.append(distance)
    else:
        outcome.impostor_without_face += 1


def _once(
    known: dict[Path, Embedding | None], path: Path, embed: Callable[[Path], Embedding | None]
) -> Embedding | None:
    if path not in known:
        known[path] = embed(path)
    return known[path]


def figures(outcome: Outcome, embeddings: Embeddings) -> dict[str, Any]:
    """What is printed, as plain values."""
    scores, settings = Scores(outcome.genuine, outcome.impostor), FaceSettings()
    eer = scores.eer()
    return {
        "model": embeddings.analysis.model,
        "refused": list(embeddings.analysis.refused),
        "genuine": len(outcome.genuine),
        "impostor": len(outcome.impostor),
        "bad_rows": len(outcome.problems),
        "with_itself": outcome.with_itself,
        "fta": {"genuine": outcome.genuine_without_face, "impostor": outcome.impostor_without_face},
        **embeddings.counts,
        "thresholds": [
            {"threshold": threshold, "fmr": _shown(scores.fmr(threshold)), "fnmr": _shown(scores.fnmr(threshold))}
            for threshold in (settings.match_threshold, settings.grey_threshold)
        ],
        "eer": None if eer is None else {"share": eer[0], "threshold": eer[1]},
        "at_fmr": [_at_fmr(scores, fmr) for fmr in FMRS],
    }


def _shown(rate: Rate) -> dict[str, Any]:
    low, high = rate.bounds
    return {"errors": rate.errors, "of": rate.count, "share": rate.share, "low": low, "high": high}


def _at_fmr(scores: Scores, fmr: float) -> dict[str, Any]:
    threshold = scores.threshold_at(fmr)
    if threshold is None:
        return {"fmr": fmr, "impostors_needed": impostors_needed(fmr)}
    return {"fmr": fmr, "threshold": threshold, "fnmr": _shown(scores.fnmr(threshold))}


def _told(result: dict[str, Any]) -> str:
    fta = result["fta"]
    lines = [
        f"recogniser {result['model']}",
        *(f"placed model refused: {refused}" for refused in result["refused"]),
        f"{result['genuine']} genuine and {result['impostor']} impostor pairs of {result['references']} references and "
        f"{result['probes']} probes; {result['bad_rows']} rows could not be used",
        f"no face found in {result['references_without_face']} references and {result['probes_without_face']} probes: "
        f"FTA of {fta['genuine']} genuine pairs (count as not matched) and {fta['impostor']} impostor pairs (left out)",
    ]
    if result["with_itself"]:
        lines.append(f"{result['with_itself']} pairs compare a picture with itself and flatter the figures")
    for one in result["thresholds"]:
        lines += [f"at distance {one['threshold']:.2f}", f"  FMR  {_line(one['fmr'])}", f"  FNMR {_line(one['fnmr'])}"]
    lines.append(_eer_line(result["eer"]))
    lines += [_at_fmr_line(one, result["impostor"]) for one in result["at_fmr"]]
    return "\n".join(lines)


def _line(rate: dict[str, Any]) -> str:
    if rate["share"] is None:
        return "no such pairs"
    bears = "" if rate["errors"] >= RULE_OF else f"; under {RULE_OF} errors: indicative only"
    interval = f"95 %: {100 * rate['low']:.3f} to {100 * rate['high']:.3f} %"
    return f"{100 * rate['share']:.3f} % ({rate['errors']} of {rate['of']}; {interval}{bears})"


def _eer_line(eer: dict[str, float] | None) -> str:
    if eer is None:
        return "EER: needs pairs of both kinds"
    return f"EER {100 * eer['share']:.2f} % at distance {eer['threshold']:.3f}"


def _at_fmr_line(one: dict[str, Any], impostors: int) -> str:
    title = f"FNMR at FMR {100 * one['fmr']:g} %"
    if "fnmr" not in one:
        needed = one["impostors_needed"]
        return f"{title}: not told from {impostors} impostor pairs; the rule of {RULE_OF} asks for {needed}"
    return f"{title}, distance {one['threshold']:.3f}: {_line(one['fnmr'])}"


def main(argv: list[str] | None = None) -> int:
    options = _options(argv)
    trouble = model_trouble(options.models)
    if trouble is not None:
        return _unusable(f"{trouble} in {options.models}: kiosk models install")
    try:
        pairs, problems = read_pairs(options.pairs)
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        return _unusable(f"{options.pairs} is no list of pairs: {problem}")
    cv2.setNumThreads(1)
    settings = EmbeddedFaceSettings(models=options.models, upgrade=options.upgrade)
    analysis = Analysis(
        settings.models, settings.detection_score, settings.bystander_share, settings.kept_frames, settings.upgrade
    )
    embeddings = Embeddings(analysis)
    outcome = compare(pairs, embeddings)
    outcome.problems = problems + outcome.problems
    for line in outcome.problems:
        print(line, file=sys.stderr)
    result = figures(outcome, embeddings)
    print(json.dumps(result, ensure_ascii=False) if options.json else _told(result))
    if not outcome.genuine and not outcome.impostor:
        return _unusable(f"no pair in {options.pairs} can be used")
    return 0


def _unusable(problem: str) -> int:
    print(problem, file=sys.stderr)
    return NOTHING_USABLE


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.face_pairs", description="Error rates on any pairs.")
    parser.add_argument("pairs", type=Path, help="CSV with path_a, path_b and same")
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="the models folder")
    parser.add_argument("--upgrade", type=Path, default=None, help="folder of placed models with manifest.toml")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
