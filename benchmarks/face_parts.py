"""What each part of measuring a frame costs, beside the bare forward passes of the same networks.

Milliseconds are those of the one thread that works: other programs' share of the cores does not count.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from benchmarks.presentations import analysis_of
from devices.face_analyser.embedded.detector import BlazeFace
from devices.face_analyser.embedded.iris import IrisModel
from devices.face_analyser.embedded.mesh import FaceMesh, region_of_face
from devices.face_analyser.embedded.model_digests import DETECTOR, FIVE_POINTS, IRIS, MESH, RECOGNISER
from devices.face_analyser.embedded.recogniser import Recogniser, box_of
from devices.face_analyser.embedded.traits import TraitsOfFrames
from simulators.camera.pose import standing
from simulators.camera.renderer import Renderer
from simulators.camera.world import Scene, Subject
from simulators.portraits import HOPPER, Image

WARM_UP = 5
ROUNDS = 100
EMBEDDINGS = 10
"""One costs more than a hundred milliseconds."""

FRAME_S = 0.05
DETECTOR_SIDE, MESH_SIDE, IRIS_SIDE = 128, 192, 64


@dataclass(frozen=True, slots=True)
class Parts:
    """Median milliseconds by name: our parts, one whole ``observe`` of a followed face, and the bare networks."""

    ours: dict[str, float]
    observe: float
    bare: dict[str, float]

    @property
    def bare_frame(self) -> float:
        """Of the networks that every frame needs."""
        return sum(self.bare.values())


def measure_parts(models: Path) -> Parts:
    """On frames of 640x480 in which somebody stands before the camera."""
    cv2.setNumThreads(1)
    frames = _frames(models)
    image = frames[0]
    detector, mesh = BlazeFace(models / DETECTOR, 0.5), FaceMesh(models / MESH)
    recogniser = Recogniser(models / FIVE_POINTS, models / RECOGNISER)
    irises, traits = IrisModel(models / IRIS), TraitsOfFrames()
    region = region_of_face(detector.find(image)[0])
    landmarks = mesh.measure(image, region)
    assert landmarks is not None
    ours = {
        "detector": _ms(lambda number: detector.find(frames[number % len(frames)])),
        "mesh": _ms(lambda number: mesh.measure(frames[number % len(frames)], region)),
        "irises": _ms(lambda number: irises.measure(frames[number % len(frames)], landmarks)),
        "traits": _ms(lambda number: traits.measure(frames[number % len(frames)], landmarks)),
        "embedding": _ms(lambda _: recogniser.embed(image, box_of(landmarks)), EMBEDDINGS),
    }
    analysis = analysis_of(models)
    return Parts(
        ours,
        _ms(lambda number: analysis.observe(number, number * FRAME_S, frames[number % len(frames)])),
        {
            "detector": _bare(models / DETECTOR, DETECTOR_SIDE),
            "mesh": _bare(models / MESH, MESH_SIDE),
            "irises": 2 * _bare(models / IRIS, IRIS_SIDE),
        },
    )


def _frames(models: Path) -> list[Image]:
    renderer = Renderer(models)
    renderer.prepare(HOPPER.name)
    times = [number * FRAME_S for number in range(20)]
    return [renderer.frame(Scene(Subject.PERSON, HOPPER.name, standing(at)), number) for number, at in enumerate(times)]


def _bare(model: Path, side: int) -> float:
    net = cv2.dnn.readNetFromTFLite(str(model), engine=cv2.dnn.ENGINE_CLASSIC)
    outputs = net.getUnconnectedOutLayersNames()
    blob = np.random.default_rng(0).random((1, 3, side, side), np.float32)

    def forward(_number: int) -> None:
        net.setInput(blob)
        net.forward(outputs)

    return _ms(forward)


def _ms(work: Callable[[int], object], rounds: int = ROUNDS) -> float:
    numbers = count(1)
    for _ in range(WARM_UP):
        work(next(numbers))
    times = []
    for _ in range(rounds):
        began = time.thread_time()
        work(next(numbers))
        times.append((time.thread_time() - began) * 1000)
    return median(times)
