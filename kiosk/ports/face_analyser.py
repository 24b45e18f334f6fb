"""Face measurements from pictures. Pictures and embeddings stay behind this port."""

from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.face import FaceObservation
from kiosk.domain.picture import Frame, Picture
from kiosk.ports.device_status import DeviceStatus


@dataclass(frozen=True, slots=True)
class ReferenceReady:
    """The reference picture holds one usable face; ``model`` names recogniser and digest prefix. ``refused`` names the
    placed model files that were not used, each with the reason: ``file: digest``."""

    model: str
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoReferenceFace:
    """No face was found in the reference picture."""


@dataclass(frozen=True, slots=True)
class Distances:
    """Distance of each asked frame to the reference, in the order asked; frames without a usable face are left out.
    ``spread`` is the largest distance between any two faces of the asked frames and the witnesses."""

    values: tuple[float, ...]
    model: str
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class AnalyserFault:
    """The analyser is gone or its models are missing or altered."""

    reason: str


class FaceAnalyser(Protocol):
    def status(self) -> DeviceStatus: ...

    def set_reference(self, picture: Picture) -> ReferenceReady | NoReferenceFace | AnalyserFault: ...

    def observe(self, frame: Frame) -> FaceObservation | AnalyserFault:
        """Measures a frame and keeps its aligned face for ``compare`` and ``crop`` until ``forget``."""

    def compare(self, sequences: tuple[int, ...], witnesses: tuple[int, ...] = ()) -> Distances | AnalyserFault:
        """Distances of observed frames to the reference. ``witnesses`` are frames that need not be like the reference,
        only of the same person as the others."""

    def crop(self, sequence: int) -> bytes | AnalyserFault:
        """A JPEG of the face in an observed frame, for sealed evidence only."""

    def forget(self) -> None:
        """Overwrites reference, kept faces and embeddings. Returns when done."""

    def close(self) -> None: ...
