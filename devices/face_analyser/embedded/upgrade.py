"""The upgrade slot: ONNX models a technician placed beside the embedded ones.

A file that is missing, is not the one the manifest names, does not load or does not answer as a network of its role is
refused with its reason, and the embedded model does its work. The bytes that were checked are the bytes that run.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np

from devices.face_analyser.embedded.mesh import FaceMesh
from devices.face_analyser.embedded.minifasnet import MiniFasNet, fits_minifasnet
from devices.face_analyser.embedded.sface import SFace, fits_sface
from devices.face_analyser.embedded.upgrade_manifest import MANIFEST, InputSpec, PlacedFile, read_manifest
from devices.face_analyser.embedded.yunet import YuNet, fits_yunet

_Model = TypeVar("_Model")
_Placed = TypeVar("_Placed", bound=PlacedFile)


class Refusal(Enum):
    MISSING = "missing"
    DIGEST = "digest"
    DOES_NOT_LOAD = "does-not-load"
    SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class PlacedModels:
    """None where the embedded model does the work. ``name`` is the recogniser's, with the beginning of its digest;
    ``refused`` names files and reasons: ``face.onnx: digest``."""

    detector: YuNet | None = None
    recogniser: SFace | None = None
    advisor: MiniFasNet | None = None
    name: str | None = None
    refused: tuple[str, ...] = ()


def placed_models(folder: Path, mesh: FaceMesh) -> PlacedModels:
    try:
        manifest = read_manifest(folder)
    except OSError:
        return _no_manifest(Refusal.MISSING)
    if manifest is None:
        return _no_manifest(Refusal.DOES_NOT_LOAD)
    slot = _Slot(folder)
    detector = slot.take(manifest.detector, fits_yunet, lambda model, _, placed: YuNet(model, placed))
    recogniser = slot.take(manifest.recogniser, fits_sface, lambda model, _, placed: SFace(model, placed, mesh))
    advisor = slot.take(manifest.advisor, fits_minifasnet, lambda _, network, placed: MiniFasNet(network, placed))
    name = None if recogniser is None or manifest.recogniser is None else _name(manifest.recogniser)
    return PlacedModels(detector, recogniser, advisor, name, tuple(slot.refused))


def _no_manifest(why: Refusal) -> PlacedModels:
    return PlacedModels(refused=(f"{MANIFEST}: {why.value}",))


def _name(placed: PlacedFile) -> str:
    return f"{Path(placed.file).stem}/{placed.sha256[:8]}"


@dataclass(slots=True)
class _Slot:
    folder: Path
    refused: list[str] = field(default_factory=list)

    def take(
        self,
        placed: _Placed | None,
        fits: Callable[[Any, InputSpec], bool],
        make: Callable[[bytes, Any, _Placed], _Model],
    ) -> _Model | None:
        """What ``make`` builds of the file's bytes, the network in them and its entry."""
        if placed is None:
            return None
        checked = _checked(self.folder / placed.file, placed, fits)
        if isinstance(checked, Refusal):
            self.refused.append(f"{placed.file}: {checked.value}")
            return None
        return make(*checked, placed)


def _checked(path: Path, placed: PlacedFile, fits: Callable[[Any, InputSpec], bool]) -> tuple[bytes, Any] | Refusal:
    try:
        model = path.read_bytes()
    except OSError:
        return Refusal.MISSING
    if hashlib.sha256(model).hexdigest() != placed.sha256:
        return Refusal.DIGEST
    try:
        network = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
    except cv2.error:
        return Refusal.DOES_NOT_LOAD
    try:
        return (model, network) if fits(network, placed) else Refusal.SHAPE
    except cv2.error:
        return Refusal.SHAPE
