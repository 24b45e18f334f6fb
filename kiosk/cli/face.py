"""kiosk face: measures liveness and comparison on a recorded clip, with the terminal's own analyser and decision."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import numpy.typing as npt
import typer

from devices.face_analyser.embedded.driver import EmbeddedFaceAnalyser
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from kiosk.domain.face import FaceAction, FaceComparison, FaceObservation, LivenessResult
from kiosk.domain.picture import Frame, Picture
from kiosk.face.matching import decide
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import NotProven, Proven
from kiosk.face.trace import Trace, begin, give_up, observe
from kiosk.ports.face_analyser import AnalyserFault, FaceAnalyser, NoReferenceFace

app = typer.Typer(add_completion=False, help="Faces: measure a recorded clip.", no_args_is_help=True)

NOTHING_SHOWN = LivenessResult(proven=False, action="none", signals={})
NOT_PASSED = 1
CANNOT_MEASURE = 2
_FRAME_SIDE = 640
_REFERENCE_SIDE = 1280
_PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".webp"}

Image = npt.NDArray[np.uint8]
"""Shape (height, width, 3), BGR."""


class Decision(Enum):
    MATCHED = "matched"
    NOT_MATCHED = "not-matched"
    NOT_PROVEN = "not-proven"


@dataclass(frozen=True, slots=True)
class ClipMeasured:
    decision: Decision
    signals: dict[str, float]
    comparison: FaceComparison | None
    frames: int


@dataclass(frozen=True, slots=True)
class CannotMeasure:
    problem: str


@app.callback()
def face() -> None:
    """Faces: measure a recorded clip."""


@app.command()
def check(
    reference: Annotated[Path, typer.Option(help="Picture to compare with.", show_default=False)],
    clip: Annotated[Path, typer.Option(help="Video, or folder of pictures in order.", show_default=False)],
    models: Annotated[Path, typer.Option(help="The models folder.")] = Path("var/models"),
    rate: Annotated[float, typer.Option(help="Frames a second of a folder of pictures.", min=1)] = 20.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say whether a clip shows a living head that turns, to either side, and the person of the reference.

    Ends with 0 when both hold, 1 when not, 2 when it cannot be measured. A clip that shows no turn is compared all the
    same, on five of its frames.
    """
    start = time.perf_counter()
    analyser = EmbeddedFaceAnalyser(EmbeddedFaceSettings(models=models))
    try:
        outcome = measure(analyser, reference, clip, rate)
    finally:
        analyser.close()
    ms = round((time.perf_counter() - start) * 1000, 1)
    raise typer.Exit(_report(outcome, ms, as_json))


def measure(analyser: FaceAnalyser, reference: Path, clip: Path, rate: float) -> ClipMeasured | CannotMeasure:
    picture = _read(reference)
    if picture is None:
        return CannotMeasure(f"{reference} is no picture")
    ready = analyser.set_reference(_picture(picture, _REFERENCE_SIDE))
    if isinstance(ready, NoReferenceFace):
        return CannotMeasure(f"no face found in {reference}")
    if isinstance(ready, AnalyserFault):
        return CannotMeasure(f"{ready.reason}: kiosk models verify --models tells more")
    return _watch(analyser, clip, rate)


def _watch(analyser: FaceAnalyser, clip: Path, rate: float) -> ClipMeasured | CannotMeasure:
    settings = FaceSettings()
    traces = [begin(settings, (action,), 0.0) for action in (FaceAction.TURN_LEFT, FaceAction.TURN_RIGHT)]
    with_face: list[int] = []
    count = 0
    for frame in _frames(clip, rate):
        seen = analyser.observe(frame)
        if isinstance(seen, AnalyserFault):
            return CannotMeasure(seen.reason)
        count += 1
        if seen.landmarks is not None:
            with_face.append(seen.sequence)
        traces = [_watched(trace, seen) for trace in traces]
        if any(isinstance(trace.stage, Proven) for trace in traces):
            break
    if count == 0:
        return CannotMeasure(f"no frame in {clip}")
    best = max(traces, key=lambda trace: (isinstance(trace.stage, Proven), trace.progress))
    return _decided(analyser, give_up(best), with_face, count)


def _watched(trace: Trace, seen: FaceObservation) -> Trace:
    """A clip may hold several tries: a session that ended without proof starts anew."""
    if isinstance(trace.stage, NotProven):
        trace = begin(trace.settings, trace.actions, seen.at)
    return observe(trace, seen)


def _decided(analyser: FaceAnalyser, trace: Trace, with_face: list[int], count: int) -> ClipMeasured | CannotMeasure:
    settings = trace.settings
    proven = isinstance(trace.stage, Proven)
    frames = trace.stage.frames if isinstance(trace.stage, Proven) else _spread(with_face, settings.comparison_frames)
    distances = analyser.compare(frames)
    if isinstance(distances, AnalyserFault):
        return CannotMeasure(distances.reason)
    result = trace.stage.result if isinstance(trace.stage, Proven | NotProven) else NOTHING_SHOWN
    comparison = decide(distances, settings, result, None)
    matched = comparison is not None and comparison.matched
    decision = (Decision.MATCHED if matched else Decision.NOT_MATCHED) if proven else Decision.NOT_PROVEN
    return ClipMeasured(decision, result.signals, comparison, count)


def _spread(sequences: list[int], wanted: int) -> tuple[int, ...]:
    """Up to ``wanted`` of the newest, which the analyser still keeps, evenly apart."""
    newest = sequences[-300:]
    return tuple(newest[len(newest) * i // wanted] for i in range(wanted)) if len(newest) >= wanted else tuple(newest)


def _frames(clip: Path, rate: float) -> Iterator[Frame]:
    images, step = (_folder(clip), 1 / rate) if clip.is_dir() else _video(clip)
    for sequence, image in enumerate(images, start=1):
        yield Frame(sequence, sequence * step, _picture(image, _FRAME_SIDE))


def _folder(folder: Path) -> Iterator[Image]:
    for path in sorted(folder.iterdir()):
        image = _read(path) if path.suffix.lower() in _PICTURES else None
        if image is not None:
            yield image


def _read(path: Path) -> Image | None:
    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError:
        return None
    image = cv2.imdecode(content, cv2.IMREAD_COLOR) if content.size else None
    return None if image is None else np.asarray(image, np.uint8)


def _video(path: Path) -> tuple[Iterator[Image], float]:
    video = cv2.VideoCapture(str(path))
    rate = video.get(cv2.CAP_PROP_FPS)

    def images() -> Iterator[Image]:
        try:
            while True:
                there, image = video.read()
                if not there:
                    return
                yield np.asarray(image, np.uint8)
        finally:
            video.release()

    return images(), 1 / rate if rate > 0 else 0.05


def _picture(image: Image, side: int) -> Picture:
    """No larger than ``side``: the figures of the decision hold for the terminal's own camera, 640x480."""
    scale = side / max(image.shape[:2])
    if scale < 1:
        image = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
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
        "signals": outcome.signals,
        "distance": None if comparison is None else round(comparison.distance, 4),
        "threshold": FaceSettings().match_threshold,
        "frames": outcome.frames,
        "ms": ms,
    }
    if as_json:
        typer.echo(json.dumps(line, ensure_ascii=False))
    else:
        typer.echo("\n".join(f"{name}: {value}" for name, value in line.items()))
    return 0 if outcome.decision is Decision.MATCHED else NOT_PASSED
