"""The model files this driver was measured with; others are refused."""

import hashlib
from pathlib import Path
from typing import Final

DETECTOR: Final = "face_detection_short_range.tflite"
MESH: Final = "face_landmark.tflite"
IRIS: Final = "iris_landmark.tflite"
FIVE_POINTS: Final = "shape_predictor_5_face_landmarks.dat"
RECOGNISER: Final = "dlib_face_recognition_resnet_model_v1.dat"

DIGESTS: Final = {
    DETECTOR: "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
    MESH: "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
    IRIS: "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
    FIVE_POINTS: "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
    RECOGNISER: "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
}

MODEL_NAME: Final = f"dlib-resnet-v1/{DIGESTS[RECOGNISER][:8]}"


def model_trouble(folder: Path) -> str | None:
    """``model-missing`` or ``model-altered`` when a file is not the one measured, None when all are right."""
    for name, digest in DIGESTS.items():
        try:
            with (folder / name).open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return "model-missing"
        if found != digest:
            return "model-altered"
    return None
