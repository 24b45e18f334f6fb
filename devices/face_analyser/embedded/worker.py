"""The analyser's own process: ``python -m devices.face_analyser.embedded.worker``, started by the driver only.

It answers one request after another until the driver's end of the channel closes. Nothing is written anywhere; an
answer that names trouble names a place in the code, never a value.
"""

import argparse
import mmap
import socket
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

import cv2
import numpy as np

from devices.child_channel import ChannelClosedError, receive, send
from devices.child_process import leave_no_core
from devices.face_analyser.embedded.analysis import Analysis
from devices.face_analyser.embedded.detector import Image
from devices.face_analyser.embedded.model_digests import model_trouble
from devices.face_analyser.embedded.observed import packed
from devices.face_analyser.embedded.settings import PICTURE_BYTES
from devices.private_memory import open_for_child

Answer = tuple[dict[str, Any], bytes]


class Worker:
    def __init__(self, analysis: Analysis, memory: mmap.mmap) -> None:
        self._analysis = analysis
        self._memory = memory
        self._verbs = {
            "set_reference": self._set_reference,
            "observe": self._observe,
            "compare": self._compare,
            "crop": self._crop,
            "forget": self._forget,
        }

    def answer(self, request: dict[str, Any]) -> Answer:
        try:
            return self._verbs[request["do"]](request)
        except Exception as problem:
            return {"fault": _place(problem)}, b""

    def _set_reference(self, request: dict[str, Any]) -> Answer:
        found = self._analysis.set_reference(self._picture(request))
        return {"found": found, "model": self._analysis.model, "refused": self._analysis.refused}, b""

    def _observe(self, request: dict[str, Any]) -> Answer:
        image, infrared = self._picture(request), self._infrared(request)
        return packed(self._analysis.observe(request["sequence"], request["at"], image, infrared))

    def _compare(self, request: dict[str, Any]) -> Answer:
        distances, spread = self._analysis.compare(tuple(request["sequences"]), tuple(request["witnesses"]))
        return {"distances": distances, "spread": spread, "model": self._analysis.model}, b""

    def _crop(self, request: dict[str, Any]) -> Answer:
        jpeg = self._analysis.crop(request["sequence"])
        return ({"fault": "frame-not-kept"}, b"") if jpeg is None else ({}, jpeg)

    def _forget(self, _request: dict[str, Any]) -> Answer:
        self._analysis.forget()
        return {}, b""

    def _picture(self, request: dict[str, Any]) -> Image:
        width, height = request["width"], request["height"]
        return np.frombuffer(self._memory, np.uint8, width * height * 3).reshape(height, width, 3)

    def _infrared(self, request: dict[str, Any]) -> Image | None:
        """Lies behind the picture; grey, with one byte a pixel or three equal ones."""
        if "infrared" not in request:
            return None
        width, height, depth = request["infrared"]
        begins = request["width"] * request["height"] * 3
        pixels = np.frombuffer(self._memory, np.uint8, width * height * depth, begins)
        return pixels.reshape(height, width, depth)[:, :, 0]


def main() -> int:
    options = _options()
    leave_no_core()
    cv2.setNumThreads(1)
    trouble = model_trouble(options.models)
    with (
        socket.socket(fileno=options.channel) as channel,
        open_for_child(options.pictures, PICTURE_BYTES, writing=False) as memory,
    ):
        try:
            if trouble is not None:
                send(channel, {"fault": trouble})
                return 1
            analysis = Analysis(
                options.models,
                options.detection_score,
                options.bystander_share,
                options.kept_frames,
                options.upgrade,
            )
            _serve(channel, Worker(analysis, memory))
        except ChannelClosedError:
            return 0


def _serve(channel: socket.socket, worker: Worker) -> NoReturn:
    send(channel, {"ready": True})
    while True:
        request, _ = receive(channel)
        send(channel, *worker.answer(request))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--channel", type=int, required=True)
    parser.add_argument("--pictures", type=int, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--upgrade", type=Path)
    parser.add_argument("--detection-score", type=float, required=True)
    parser.add_argument("--bystander-share", type=float, required=True)
    parser.add_argument("--kept-frames", type=int, required=True)
    return parser.parse_args()


def _place(problem: Exception) -> str:
    last = traceback.extract_tb(problem.__traceback__)[-1]
    return f"{type(problem).__name__} in {Path(last.filename).name} line {last.lineno}"


if __name__ == "__main__":
    sys.exit(main())
