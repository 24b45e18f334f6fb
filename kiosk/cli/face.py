"""kiosk face: measures liveness and comparison on a recorded clip, with the terminal's own analyser and decision."""

import json
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer

from devices.face_analyser.embedded.driver import EmbeddedFaceAnalyser
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from kiosk.cli.recording import USUAL_RATE, Image, read_image, recorded_images
from kiosk.domain.face import FaceAction, FaceComparison, FaceObservation, LivenessResult
from kiosk.domain.picture import Frame, Picture
from kiosk.face.blinks import Blink, find_blinks
from kiosk.face.matching import decide, one_person
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import NotProven, Proven
from kiosk.face.trace import Trace, begin, give_up, observe
from kiosk.ports.face_analyser import AnalyserFault, Distances, FaceAnalyser, NoReferenceFace

app = typer.Typer(add_completion=False, help="Faces: measure a recorded clip.", no_args_is_help=True)

ACTIONS = (FaceAction.TURN_LEFT, FaceAction.TURN_RIGHT, FaceAction.NOD, FaceAction.BLINK)
"""What a clip may show of its own accord; nobody follows a dot that was not there."""

NOTHING_SHOWN = LivenessResult(proven=False, action="none", signals={})
NOT_PASSED = 1
CANNOT_MEASURE = 2
_FRAME_SIDE = 640
_REFERENCE_SIDE = 1280
_NEWEST = 300
"""The analyser keeps at least so many faces."""


class Decision(Enum):
    MATCHED = "matched"
    NOT_MATCHED = "not-matched"
    PROVEN = "proven"
    """Without a reference to compare with."""

    NOT_PROVEN = "not-proven"


@dataclass(frozen=True, slots=True)
class ClipMeasured:
    """``proven`` are the actions the clip shows; ``signals`` belong to the first of them, else to the best try."""

    decision: Decision
    signals: dict[str, float]
    proven: tuple[FaceAction, ...]
    blinks: tuple[Blink, ...]
    comparison: FaceComparison | None
    frames: int


@dataclass(frozen=True, slots=True)
class CannotMeasure:
    problem: str


@dataclass(frozen=True, slots=True)
class _Compared:
    distances: Distances
    comparison: FaceComparison | None


@app.callback()
def face() -> None:
    """Faces: measure a recorded clip."""


@app.command()
def check(
    clip: Annotated[str, typer.Option(help="Video, or folder of pictures in the order of names.", show_default=False)],
    reference: Annotated[Path | None, typer.Option(help="Picture to compare with.", show_default=False)] = None,
    models: Annotated[Path, typer.Option(help="The models folder.")] = Path("var/models"),
    rate: Annotated[float, typer.Option(help="Frames a second of a folder of pictures.", min=1)] = USUAL_RATE,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say whether a clip shows a living head that turns to either side, nods or blinks, where it blinks, and whether it
    is the person of the reference.

    Ends with 0 when both hold, 1 when not, 2 when it cannot be measured. A clip that shows no action is compared all
    the same, on five of its frames. Frames are counted from 0.
    """
    start = time.perf_counter()
    analyser = EmbeddedFaceAnalyser(EmbeddedFaceSettings(models=models))
    try:
        outcome = measure(analyser, reference, clip, rate)
    finally:
        analyser.close()
    ms = round((time.perf_counter() - start) * 1000, 1)
    raise typer.Exit(_report(outcome, ms, as_json))


def measure(analyser: FaceAnalyser, reference: Path | None, clip: str, rate: float) -> ClipMeasured | CannotMeasure:
    problem = None if reference is None else _set_reference(analyser, reference)
    return problem or _Watch(analyser, reference is not None).over(clip, rate)


def _set_reference(analyser: FaceAnalyser, reference: Path) -> CannotMeasure | None:
    picture = read_image(reference)
    if picture is None:
        return CannotMeasure(f"{reference} is no picture")
    ready = analyser.set_reference(_picture(picture, _REFERENCE_SIDE))
    if isinstance(ready, NoReferenceFace):
        return CannotMeasure(f"no face found in {reference}")
    return _gone(ready) if isinstance(ready, AnalyserFault) else None


def _gone(fault: AnalyserFault) -> CannotMeasure:
    return CannotMeasure(f"{fault.reason}: kiosk models verify --models tells more")


class _Watch:
    """One clip, watched to its end. Every action has a session of its own, begun anew when it ended without proof."""

    def __init__(self, analyser: FaceAnalyser, compares: bool) -> None:
        self._analyser = analyser
        self._compares = compares
        self._settings = FaceSettings()
        self._traces: list[Trace] = []
        self._seen: list[FaceObservation] = []
        self._first: Trace | None = None
        self._compared: _Compared | AnalyserFault | None = None

    def over(self, clip: str, rate: float) -> ClipMeasured | CannotMeasure:
        images, step = recorded_images(clip, rate)
        self._traces = [begin(self._settings, (action,), -step) for action in ACTIONS]
        for number, image in enumerate(images):
            seen = self._analyser.observe(Frame(number, number * step, _picture(image, _FRAME_SIDE)))
            if isinstance(seen, AnalyserFault):
                return _gone(seen)
            self._seen.append(seen)
            self._traces = [_watched(trace, seen) for trace in self._traces]
            self._compare_first_proven()
        if not self._seen:
            return CannotMeasure(f"no frame in {clip}")
        return self._measured()

    def _compare_first_proven(self) -> None:
        """At once, while the analyser still keeps the faces of the proof."""
        if self._first is None:
            self._first = next((trace for trace in self._traces if isinstance(trace.stage, Proven)), None)
            if self._first is not None:
                self._compare(self._first)

    def _measured(self) -> ClipMeasured | CannotMeasure:
        best = self._first or give_up(max(self._traces, key=lambda trace: trace.progress))
        if self._first is None:
            self._compare(best)
        if isinstance(self._compared, AnalyserFault):
            return _gone(self._compared)
        proven = tuple(trace.actions[0] for trace in self._traces if isinstance(trace.stage, Proven))
        blinks = find_blinks(tuple(self._seen), self._settings)
        comparison = None if self._compared is None else self._compared.comparison
        signals = _result(best).signals
        if self._compared is not None:
            signals = {**signals, "face_spread": round(self._compared.distances.spread, 4)}
        return ClipMeasured(self._decision(best), signals, proven, blinks, comparison, len(self._seen))

    def _decision(self, best: Trace) -> Decision:
        if not isinstance(best.stage, Proven):
            return Decision.NOT_PROVEN
        if not isinstance(self._compared, _Compared):
            return Decision.PROVEN
        comparison, distances = self._compared.comparison, self._compared.distances
        matched = comparison is not None and comparison.matched and one_person(distances, self._settings)
        return Decision.MATCHED if matched else Decision.NOT_MATCHED

    def _compare(self, trace: Trace) -> None:
        if not self._compares:
            return
        if isinstance(trace.stage, Proven):
            distances = self._analyser.compare(trace.stage.frames, trace.stage.witnesses)
        else:
            with_face = [seen.sequence for seen in self._seen if seen.landmarks is not None]
            distances = self._analyser.compare(_spread(with_face, self._settings.comparison_frames))
        if isinstance(distances, AnalyserFault):
            self._compared = distances
        else:
            self._compared = _Compared(distances, decide(distances, self._settings, _result(trace), None))


def _result(trace: Trace) -> LivenessResult:
    return trace.stage.result if isinstance(trace.stage, Proven | NotProven) else NOTHING_SHOWN


def _watched(trace: Trace, seen: FaceObservation) -> Trace:
    """A clip may hold several tries: a session that ended without proof starts anew."""
    if isinstance(trace.stage, NotProven):
        trace = begin(trace.settings, trace.actions, seen.at)
    return observe(trace, seen)


def _spread(sequences: list[int], wanted: int) -> tuple[int, ...]:
    """Up to ``wanted`` of the newest, which the analyser still keeps, evenly apart."""
    newest = sequences[-_NEWEST:]
    return tuple(newest[len(newest) * i // wanted] for i in range(wanted)) if len(newest) >= wanted else tuple(newest)


def _picture(image: Image, side: int) -> Picture:
    """No larger than ``side``: the figures of the decision hold for the terminal's own camera, 640x480."""
    scale = side / max(image.shape[:2])
    if scale < 1:
        size = [max(1, round(length * scale)) for length in image.shape[1::-1]]
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    return Picture(image.shape[1], image.shape[0], image.tobytes())


def _report(outcome: ClipMeasured | CannotMeasure, ms: float, as_json: bool) -> int:
    if isinstance(outcome, CannotMeasure):
        if as_json:
            typer.echo(json.dumps({"problem": outcome.problem, "ms": ms}, ensure_ascii=False))
        typer.echo(outcome.problem, err=True)
        return CANNOT_MEASURE
    comparison = outcome.comparison
    line = {
        "decision": outcome.decision.value,
        "proven": [action.value for action in outcome.proven],
        "signals": outcome.signals,
        "distance": None if comparison is None else round(comparison.distance, 4),
        "threshold": FaceSettings().match_threshold,
        "blinks": [_shown(blink) for blink in outcome.blinks],
        "frames": outcome.frames,
        "ms": ms,
    }
    if as_json:
        typer.echo(json.dumps(line, ensure_ascii=False))
    else:
        typer.echo("\n".join(f"{name}: {value}" for name, value in line.items()))
    return 0 if outcome.decision in {Decision.MATCHED, Decision.PROVEN} else NOT_PASSED


def _shown(blink: Blink) -> dict[str, Any]:
    """First closed frame, the frame that was open again, seconds of the clip, least openness by the usual one."""
    return {"frame": blink.frame, "until": blink.until, "at": round(blink.at, 3), "depth": round(blink.depth, 3)}
