"""Small ONNX networks with the inputs and outputs of YuNet, SFace and MiniFASNet, written byte by byte.

They know nothing of faces: the detector sees one wherever 32x32 pixels are pure green, the recogniser compares coarse
light and shade, the advisor finds bright pictures alive. Field numbers are those of ``onnx.proto``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

Weights = npt.NDArray[np.float32]

_VARINT, _BYTES = 0, 2
_FLOAT, _INT64 = 1, 7
_INTS = 7
"""``AttributeProto.type`` of a list of whole numbers."""

DETECTOR_SIDE = 320
FACE_SIDE = 192
"""Width and height of every face the detector finds, pixels of its input."""


@dataclass(frozen=True)
class Constant:
    name: str
    values: npt.NDArray[np.float32] | npt.NDArray[np.int64]


def recogniser(numbers: int = 128) -> bytes:
    """1x3x112x112 to 1x``numbers``: ``numbers`` / 16 filters without a mean, on 4x4 fields."""
    filters = np.random.default_rng(7).normal(size=(numbers // 16, 3, 28, 28)).astype(np.float32)
    shade = np.repeat(np.repeat(filters[:, :1, ::7, ::7], 7, axis=2), 7, axis=3).repeat(3, axis=1)
    shade -= shade.mean(axis=(1, 2, 3), keepdims=True)
    nodes = [_convolution("data", "shade", "fields", 28), _node("Flatten", ["fields"], ["fc1"])]
    return _model(nodes, [Constant("shade", shade)], ("data", (1, 3, 112, 112)), ["fc1"])


def advisor(classes: int = 3) -> bytes:
    """1x3x80x80 to 1x``classes``: the second grows with the light, from 0 at grey 128."""
    weights = np.zeros((classes, 3, 80, 80), np.float32)
    weights[1] = 1 / (3 * 80 * 80) / 16
    bias = np.zeros(classes, np.float32)
    bias[1] = -128 / 16
    nodes = [_convolution("input", "mean", "classes", 80, "dark"), _node("Flatten", ["classes"], ["output"])]
    return _model(nodes, [Constant("mean", weights), Constant("dark", bias)], ("input", (1, 3, 80, 80)), ["output"])


def detector(strides: Sequence[int] = (8, 16, 32)) -> bytes:
    """The twelve outputs of YuNet. Faces come from the coarsest grid only."""
    nodes, constants, outputs = [], [], []
    for stride in strides:
        seen = _green(stride) if stride == 32 else np.zeros((1, 3, stride, stride), np.float32)
        size = log(FACE_SIDE / stride)
        eye, mouth = 1.2 * 32 / stride, 1.6 * 32 / stride
        places = [0.5 - eye, 0.5 - eye, 0.5 + eye, 0.5 - eye, 0.5, 0.5, 0.5 - eye, 0.5 + mouth, 0.5 + eye, 0.5 + mouth]
        parts = {
            "cls": (seen, [-100.0]),
            "obj": (seen, [-100.0]),
            "bbox": (np.zeros((4, 3, stride, stride), np.float32), [0.5, 0.5, size, size]),
            "kps": (np.zeros((10, 3, stride, stride), np.float32), places),
        }
        for part, (weights, bias) in parts.items():
            name = f"{part}_{stride}"
            rows = Constant(f"{name}_rows", np.array([1, -1, len(bias)], np.int64))
            constants += [Constant(f"{name}_w", weights), Constant(f"{name}_b", np.array(bias, np.float32)), rows]
            score = part in {"cls", "obj"}
            nodes += [
                _convolution("input", f"{name}_w", f"{name}_grid", stride, f"{name}_b"),
                _node("Transpose", [f"{name}_grid"], [f"{name}_last"], perm=(0, 2, 3, 1)),
                _node("Reshape", [f"{name}_last", rows.name], [f"{name}_raw" if score else name]),
            ]
            if score:
                nodes.append(_node("Sigmoid", [f"{name}_raw"], [name]))
            outputs.append(name)
    outputs.sort(key=lambda name: ("cls", "obj", "bbox", "kps").index(name.split("_")[0]))
    return _model(nodes, constants, ("input", (1, 3, DETECTOR_SIDE, DETECTOR_SIDE)), outputs)


def _green(stride: int) -> Weights:
    """Blue, green, red: 255 x (green - blue - red), so that pure green outweighs the bias and skin never does."""
    weights = np.empty((1, 3, stride, stride), np.float32)
    weights[0] = np.array([-1, 1, -1], np.float32)[:, None, None] / (stride * stride)
    return weights


def _convolution(source: str, weights: str, target: str, side: int, bias: str | None = None) -> bytes:
    inputs = [source, weights] if bias is None else [source, weights, bias]
    return _node("Conv", inputs, [target], kernel_shape=(side, side), strides=(side, side))


def _node(operator: str, inputs: list[str], outputs: list[str], **attributes: tuple[int, ...]) -> bytes:
    message = b"".join(_text(1, name) for name in inputs) + b"".join(_text(2, name) for name in outputs)
    message += _text(3, outputs[0]) + _text(4, operator)
    for name, values in attributes.items():
        whole = b"".join(_number(8, value) for value in values)
        message += _field(5, _text(1, name) + whole + _number(20, _INTS))
    return message


def _model(
    nodes: list[bytes], constants: list[Constant], source: tuple[str, tuple[int, ...]], ends: list[str]
) -> bytes:
    graph = b"".join(_field(1, node) for node in nodes) + _text(2, "net")
    graph += b"".join(_field(5, _tensor(constant)) for constant in constants)
    graph += _field(11, _value(source[0], source[1])) + b"".join(_field(12, _value(name, ())) for name in ends)
    return _number(1, 8) + _field(7, graph) + _field(8, _text(1, "") + _number(2, 13))


def _tensor(constant: Constant) -> bytes:
    values = constant.values
    kind = _FLOAT if values.dtype == np.float32 else _INT64
    shape = b"".join(_number(1, length) for length in values.shape)
    return shape + _number(2, kind) + _text(8, constant.name) + _field(9, values.tobytes())


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    dimensions = b"".join(_field(1, _number(1, length)) for length in shape)
    tensor = _number(1, _FLOAT) + _field(2, dimensions)
    return _text(1, name) + _field(2, _field(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(value)


def _text(field: int, text: str) -> bytes:
    return _field(field, text.encode())


def _field(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    rest = bytearray()
    while value > 0x7F:
        rest.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*rest, value])
