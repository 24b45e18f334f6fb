"""Frames of 1280x720 grey pixels as a terminal's camera sees a phone held before it, with and without a code.

Every frame follows from seed, kind and number alone. The way of the light is that of a real one: a screen is drawn in
its own pixels, put into the hall by a perspective, sampled by the sensor (with its aperture, so that a pixel raster
beats against it), dimmed, veiled and blurred in linear light, given shot and read noise, gamma and JPEG.

FROZEN: decoders are judged by frames nobody has seen. A change here makes earlier figures worthless, so a test holds
this file's digest.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

Grey = npt.NDArray[np.uint8]
"""Shape (height, width), 0 black."""

Plane = npt.NDArray[np.float32]
"""Shape (height, width); screens in display values, scenes in linear light, 0 to 1."""

WIDTH, HEIGHT = 1280, 720
PER_KIND = 30
PER_EMPTY_KIND = 12
_SUPERSAMPLING = 2
_GAMMA = 2.2
_SCREEN = (390, 844)
"""A phone's screen in units of its interface, width and height."""


@dataclass(frozen=True, slots=True)
class Frame:
    """``text`` is what the code says, None without one."""

    kind: str
    number: int
    pixels: Grey = field(repr=False)
    text: str | None


@dataclass(frozen=True, slots=True)
class Shot:
    """How a frame is taken. Lengths in camera pixels, angles in degrees, light in shares of white.

    ``module`` is the width of a module of the code in the middle of the frame, ``pitch`` that of a pixel of the
    screen (0: too fine to matter), ``motion`` the way the phone moves while the shutter is open, ``noise`` the read
    noise in grey levels at a gain of 1, ``gain`` what the camera adds to a dark scene, ``quality`` JPEG's.
    """

    module: float
    turn: float
    tilt: float
    tilt_axis: float
    screen: float = 0.8
    hall: float = 0.25
    veil: float = 0.0
    contrast: float = 1.0
    glares: int = 0
    blur: float = 0.7
    motion: float = 0.0
    pitch: float = 0.0
    gain: float = 1.0
    noise: float = 1.5
    quality: int = 88
    inverted: bool = False
    cracks: int = 0
    stains: int = 0
    finger: float = 0.0


def _usual(rng: np.random.Generator) -> Shot:
    return Shot(
        module=rng.uniform(3.0, 6.0),
        turn=rng.normal(0, 10),
        tilt=rng.uniform(0, 14),
        tilt_axis=rng.uniform(0, 360),
        screen=rng.uniform(0.55, 0.95),
        hall=rng.uniform(0.08, 0.4),
        blur=rng.uniform(0.5, 0.95),
        noise=rng.uniform(1.0, 2.5),
        quality=int(rng.integers(78, 94)),
    )


def _perspective(rng: np.random.Generator, shot: Shot) -> Shot:
    return replace(shot, tilt=rng.uniform(38, 62), module=rng.uniform(3.6, 6.0), turn=rng.normal(0, 25))


def _glare(rng: np.random.Generator, shot: Shot) -> Shot:
    return replace(shot, glares=int(rng.integers(1, 3)), veil=rng.uniform(0.0, 0.12))


def _moire(rng: np.random.Generator, shot: Shot) -> Shot:
    return replace(shot, pitch=rng.uniform(0.7, 2.0), blur=rng.uniform(0.35, 0.65), module=rng.uniform(3.0, 6.5))


def _motion(rng: np.random.Generator, shot: Shot) -> Shot:
    return replace(shot, motion=shot.module * rng.uniform(0.7, 1.9))


def _low_light(rng: np.random.Generator, shot: Shot) -> Shot:
    return replace(
        shot,
        screen=shot.screen * rng.uniform(0.016, 0.08),
        hall=shot.hall * rng.uniform(0.005, 0.03),
        gain=rng.uniform(2.2, 6.0),
        blur=rng.uniform(0.8, 1.5),
    )


def _low_contrast(rng: np.random.Generator, shot: Shot) -> Shot:
    return replace(shot, contrast=rng.uniform(0.12, 0.5), screen=rng.uniform(0.3, 0.6), veil=rng.uniform(0.05, 0.3))


def _dark_mode(rng: np.random.Generator, shot: Shot) -> Shot:
    return replace(shot, inverted=True, blur=rng.uniform(0.6, 1.1))


def _small(rng: np.random.Generator, shot: Shot) -> Shot:
    return replace(shot, module=rng.uniform(1.6, 2.5), blur=rng.uniform(0.4, 0.7))


def _damage(rng: np.random.Generator, shot: Shot) -> Shot:
    return replace(
        shot, cracks=int(rng.integers(1, 3)), stains=int(rng.integers(0, 3)), finger=max(0.0, rng.uniform(-0.25, 0.13))
    )


def _mixed(rng: np.random.Generator, shot: Shot) -> Shot:
    """Two faults at once, some of them milder than alone."""
    faults = (_perspective, _glare, _moire, _motion, _low_contrast, _damage, _dark_mode)
    for at in rng.choice(len(faults), 2, replace=False):
        shot = faults[at](rng, shot)
    return replace(shot, tilt=min(shot.tilt, 45.0), motion=shot.motion * 0.5, contrast=max(shot.contrast, 0.35))


KINDS: dict[str, Callable[[np.random.Generator, Shot], Shot]] = {
    "perspective": _perspective,
    "glare": _glare,
    "moire": _moire,
    "motion": _motion,
    "low light": _low_light,
    "low contrast": _low_contrast,
    "dark mode": _dark_mode,
    "small": _small,
    "damage": _damage,
    "mixed": _mixed,
}


def frames_with_code(seed: int, per_kind: int = PER_KIND) -> Iterator[Frame]:
    for index, (kind, fault) in enumerate(KINDS.items()):
        for number in range(per_kind):
            rng = np.random.default_rng([seed, index, number])
            text, modules = _code(rng)
            shot = fault(rng, _usual(rng))
            screen, side = _code_screen(rng, modules, shot)
            yield Frame(kind, number, _taken(rng, screen, shot, shot.module * len(modules) / side), text)


def frames_without_code(seed: int, per_kind: int = PER_EMPTY_KIND) -> Iterator[Frame]:
    for index, (kind, draw) in enumerate(EMPTY_KINDS.items()):
        for number in range(per_kind):
            rng = np.random.default_rng([seed, 100 + index, number])
            yield Frame(kind, number, draw(rng), None)


def _code(rng: np.random.Generator) -> tuple[str, Grey]:
    """A text and the modules of its code, versions 2 to 10, 0 dark, without a quiet zone."""
    while True:
        text = (_token, _address, _chinese)[int(rng.integers(3))](rng)
        level = "LMQ"[int(rng.integers(3))]
        barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
        modules = np.array(barcode.to_image(scale=1, add_quiet_zones=False), dtype=np.uint8)
        if 25 <= len(modules) <= 57:
            return text, modules


_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789-_"


def _letters(rng: np.random.Generator, fewest: int, most: int) -> str:
    return "".join(_LETTERS[at] for at in rng.integers(0, len(_LETTERS), int(rng.integers(fewest, most + 1))))


def _token(rng: np.random.Generator) -> str:
    return _letters(rng, 20, 120)


def _address(rng: np.random.Generator) -> str:
    return f"https://hall{int(rng.integers(1, 99))}.example.invalid/r?c={_letters(rng, 12, 70)}"


def _chinese(rng: np.random.Generator) -> str:
    return "".join(chr(at) for at in rng.integers(0x4E00, 0x9FA5, int(rng.integers(8, 40))))


def _code_screen(rng: np.random.Generator, modules: Grey, shot: Shot) -> tuple[Plane, int]:
    """A screen with the code in its middle and the code's side in pixels of that screen. As finely drawn as the frame
    needs it: a module is 8 pixels."""
    module = 8
    side = module * len(modules)
    scale = side / 270
    width, height = (round(length * scale) for length in _SCREEN)
    screen = np.full((height, width), 0.12 if shot.inverted else rng.uniform(0.55, 1.0), np.float32)
    paper, ink = (0.08, 0.95) if shot.inverted else (1.0, 0.04)
    quiet = round(module * rng.uniform(2.0, 4.0))
    left, top = (width - side) // 2, (height - side) // 2
    card = np.s_[
        top - quiet - round(40 * scale) : top + side + quiet + round(30 * scale), left - quiet : left + side + quiet
    ]
    screen[card] = paper
    code = cv2.resize(modules, (side, side), interpolation=cv2.INTER_NEAREST).astype(np.float32) / 255
    screen[top : top + side, left : left + side] = ink + (paper - ink) * code
    if rng.random() < 0.25:
        _badge(rng, screen[top : top + side, left : left + side], len(modules), module)
    _words(rng, screen, (left, top - quiet - round(32 * scale)), side, round(20 * scale), ink)
    for line in range(3):
        _words(rng, screen, (left, round((60 + 34 * line) * scale)), side, round(17 * scale), ink)
    for line in range(4):
        _words(rng, screen, (left, height - round((60 + 34 * line) * scale)), side, round(15 * scale), ink)
    _hurt(rng, screen, (left, top, side), shot)
    return screen, side


def _badge(rng: np.random.Generator, code: Plane, modules: int, module: int) -> None:
    """The emblem many writers put into the middle of a code: at most a seventh of its side."""
    half = module * (modules // 14)
    middle = code.shape[0] // 2
    place = code[middle - half : middle + half, middle - half : middle + half]
    place[:] = 0.95
    inner = max(2, half // 4)
    place[inner:-inner, inner:-inner] = rng.uniform(0.3, 0.7)


def _words(rng: np.random.Generator, screen: Plane, at: tuple[int, int], width: int, size: int, ink: float) -> None:
    """A line of glyphs out of random strokes in a square each, as dense as Chinese print."""
    x, y = at
    for _ in range(int(rng.integers(3, max(4, width // size)))):
        for _ in range(7):
            start, end = rng.integers(1, max(2, size - 2), 2), rng.integers(1, max(2, size - 2), 2)
            straight = (int(end[0]), int(start[1])) if rng.random() < 0.5 else (int(start[0]), int(end[1]))
            first = (x + int(start[0]), y + int(start[1]))
            cv2.line(screen, first, (x + straight[0], y + straight[1]), ink, max(1, size // 10), cv2.LINE_AA)
        x += size + size // 8
        if x + size > at[0] + width:
            return


def _hurt(rng: np.random.Generator, screen: Plane, place: tuple[int, int, int], shot: Shot) -> None:
    """Cracks of the glass, stains on it and a finger's tip over an edge of the code."""
    left, top, side = place
    for _ in range(shot.cracks):
        points = [np.array([left, top]) + rng.uniform(-0.1, 1.1, 2) * side]
        direction = rng.uniform(0, 2 * np.pi)
        for _ in range(int(rng.integers(4, 9))):
            direction += rng.normal(0, 0.35)
            step = rng.uniform(0.08, 0.22) * side
            points.append(points[-1] + step * np.array([np.cos(direction), np.sin(direction)]))
        path = np.array(points, np.int32)
        cv2.polylines(screen, [path], False, float(rng.choice([0.0, 1.0, 0.7])), int(rng.integers(2, 7)), cv2.LINE_AA)
    for _ in range(shot.stains):
        middle = np.array([left, top]) + rng.uniform(0, 1, 2) * side
        axes = (rng.uniform(0.02, 0.07, 2) * side).astype(int)
        centre = (int(middle[0]), int(middle[1]))
        angle, colour = float(rng.uniform(0, 180)), float(rng.uniform(0.05, 0.9))
        cv2.ellipse(screen, centre, (int(axes[0]), int(axes[1])), angle, 0, 360, colour, -1, cv2.LINE_AA)
    if shot.finger > 0:
        at = rng.uniform(0.1, 0.9) * side
        edge = ((left, top + at), (left + side, top + at), (left + at, top + side))[int(rng.integers(3))]
        radius = shot.finger * side
        cv2.circle(
            screen, (round(edge[0]), round(edge[1])), round(radius), float(rng.uniform(0.3, 0.6)), -1, cv2.LINE_AA
        )


def _taken(rng: np.random.Generator, screen: Plane, shot: Shot, scale: float) -> Grey:
    """``scale`` is camera pixels by pixel of ``screen`` in the middle of the frame."""
    matrix = _pose(rng, screen, shot, scale)
    phone, cover = _seen(screen, matrix)
    light = shot.hall * _hall(rng)
    emitted = shot.screen * (1 - shot.contrast + shot.contrast * phone**_GAMMA)
    if shot.pitch > 0:
        emitted = emitted * _raster(matrix, shot.pitch / scale)
    light = light * (1 - cover) + cover * emitted
    light = light + shot.veil * _slope(rng)
    light = light + _glares(rng, screen, matrix, shot.glares)
    return _developed(rng, _blurred(rng, light, shot), shot)


def _pose(rng: np.random.Generator, screen: Plane, shot: Shot, scale: float) -> npt.NDArray[np.float64]:
    """Maps pixels of ``screen`` to the frame's: turned in its plane, tilted about an axis in it, seen from a distance
    of about 1.5 frame widths, moved so that the code stays in the picture."""
    height, width = screen.shape
    to_middle = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]], np.float64)
    axis, tilt = np.radians(shot.tilt_axis), np.radians(shot.tilt)
    rotation = cv2.Rodrigues(tilt * np.array([np.cos(axis), np.sin(axis), 0.0]))[0]
    rotation = rotation @ cv2.Rodrigues(np.array([0.0, 0.0, np.radians(shot.turn)]))[0]
    distance = 1900.0
    plane = np.column_stack([rotation[:, 0] * scale, rotation[:, 1] * scale, [0.0, 0.0, distance]])
    reach = 0.35 * width * scale
    x = WIDTH / 2 + rng.uniform(-1, 1) * max(0.0, WIDTH / 2 - 1.9 * reach)
    y = HEIGHT / 2 + rng.uniform(-1, 1) * max(0.0, HEIGHT / 2 - 1.9 * reach)
    lens = np.array([[distance, 0, x], [0, distance, y], [0, 0, 1]], np.float64)
    return np.asarray(lens @ plane @ to_middle, np.float64)


def _seen(screen: Plane, matrix: npt.NDArray[np.float64]) -> tuple[Plane, Plane]:
    """The screen in the frame and how far it covers each pixel of it, with a dark rim around the glass."""
    rim = max(4, screen.shape[1] // 24)
    body = np.pad(screen, rim, constant_values=0.03)
    shrunk = _halved_until(body, matrix)
    factor = body.shape[1] / shrunk.shape[1]
    fine = np.diag([_SUPERSAMPLING, _SUPERSAMPLING, 1.0])
    fine[:2, 2] = (_SUPERSAMPLING - 1) / 2
    place = np.array([[factor, 0, (factor - 1) / 2 - rim], [0, factor, (factor - 1) / 2 - rim], [0, 0, 1]])
    size = (WIDTH * _SUPERSAMPLING, HEIGHT * _SUPERSAMPLING)
    picture, cover = (
        cv2.warpPerspective(plane, fine @ matrix @ place, size, flags=cv2.INTER_LINEAR)
        for plane in (shrunk, np.ones_like(shrunk))
    )
    small = (WIDTH, HEIGHT)
    return (
        cv2.resize(picture, small, interpolation=cv2.INTER_AREA).astype(np.float32),
        cv2.resize(cover, small, interpolation=cv2.INTER_AREA).astype(np.float32),
    )


def _halved_until(screen: Plane, matrix: npt.NDArray[np.float64]) -> Plane:
    """Averaged down to about the supersampled frame's fineness, so that nothing aliases but what a sensor would."""
    height, width = screen.shape
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    mapped = cv2.perspectiveTransform(corners, matrix)[0]
    shrink = np.sqrt(abs(cv2.contourArea(mapped.astype(np.float32))) / (width * height)) * _SUPERSAMPLING
    if shrink >= 1:
        return screen
    size = (max(8, round(width * shrink)), max(8, round(height * shrink)))
    return np.asarray(cv2.resize(screen, size, interpolation=cv2.INTER_AREA), np.float32)


def _raster(matrix: npt.NDArray[np.float64], pitch: float) -> Plane:
    """What each camera pixel gets through the screen's raster of red, green and blue stripes with dark gaps, ``pitch``
    pixels of the drawn screen apart. The sensor's aperture is 0.6 of its pixel, its grey the usual mean of colours."""
    back = np.linalg.inv(matrix)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    total = np.zeros((HEIGHT, WIDTH), np.float32)
    steps = (-0.2, 0.0, 0.2)
    for dx in steps:
        for dy in steps:
            w = back[2, 0] * (x + dx) + back[2, 1] * (y + dy) + back[2, 2]
            u = (back[0, 0] * (x + dx) + back[0, 1] * (y + dy) + back[0, 2]) / w / pitch
            v = (back[1, 0] * (x + dx) + back[1, 1] * (y + dy) + back[1, 2]) / w / pitch
            row = np.abs((v % 1) - 0.5) < 0.33
            stripes = sum(
                share * (np.abs(((u - shift) % 1) - 0.5) < 0.12)
                for share, shift in ((0.30, -1 / 3), (0.59, 0.0), (0.11, 1 / 3))
            )
            total += row * stripes
    return np.asarray(total / (len(steps) ** 2 * 0.66 * 0.24), np.float32)


def _hall(rng: np.random.Generator) -> Plane:
    """Walls, counters, people: soft shapes of many sizes."""
    scene = np.full((HEIGHT // 4, WIDTH // 4), rng.uniform(0.2, 0.6), np.float32)
    for _ in range(int(rng.integers(8, 22))):
        x, y = int(rng.integers(0, WIDTH // 4)), int(rng.integers(0, HEIGHT // 4))
        w, h = (int(length) for length in rng.integers(6, 90, 2))
        if rng.random() < 0.7:
            cv2.rectangle(scene, (x - w, y - h), (x + w, y + h), float(rng.uniform(0, 1)), -1)
        else:
            cv2.ellipse(scene, (x, y), (w, h), 0, 0, 360, float(rng.uniform(0, 1)), -1)
    soft = cv2.GaussianBlur(scene, (0, 0), float(rng.uniform(0.6, 3.0)))
    return np.asarray(cv2.resize(soft, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC).clip(0, 1), np.float32)


def _slope(rng: np.random.Generator) -> Plane:
    """Light that falls off across the frame, 1 at its brightest."""
    angle, depth = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 0.8)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    ramp = np.cos(angle) * (x / WIDTH - 0.5) + np.sin(angle) * (y / HEIGHT - 0.5)
    return np.asarray(1 - depth * (ramp - ramp.min()) / np.ptp(ramp), np.float32)


def _glares(rng: np.random.Generator, screen: Plane, matrix: npt.NDArray[np.float64], count: int) -> Plane:
    """Lamps mirrored in the glass: bars and discs brighter than white, with a soft rim, over the code's part."""
    light = np.zeros((HEIGHT, WIDTH), np.float32)
    height, width = screen.shape
    for _ in range(count):
        place = np.array([[[width * rng.uniform(0.15, 0.85), height / 2 + width * rng.uniform(-0.35, 0.35)]]])
        x, y = cv2.perspectiveTransform(place, matrix)[0, 0]
        size = np.sqrt(abs(np.linalg.det(matrix[:2, :2] / matrix[2, 2]))) * width
        axes = (size * rng.uniform(0.012, 0.06), size * rng.uniform(0.05, 0.25))
        blob = np.zeros_like(light)
        centre, angle = (int(x), int(y)), float(rng.uniform(0, 180))
        cv2.ellipse(blob, centre, (max(1, int(axes[0])), max(1, int(axes[1]))), angle, 0, 360, 1.0, -1, cv2.LINE_AA)
        soft = cv2.GaussianBlur(blob, (0, 0), max(1.0, size * float(rng.uniform(0.008, 0.04))))
        light += np.float32(rng.uniform(0.3, 2.0)) * soft
    return light


def _blurred(rng: np.random.Generator, light: Plane, shot: Shot) -> Plane:
    light = np.asarray(cv2.GaussianBlur(light, (0, 0), shot.blur), np.float32)
    if shot.motion < 1:
        return light
    length = shot.motion
    size = 2 * int(np.ceil(length)) + 3
    angle, bend = rng.uniform(0, 2 * np.pi), rng.normal(0, 0.15)
    kernel = np.zeros((size, size), np.float32)
    for t in np.linspace(-0.5, 0.5, 8 * size):
        way = angle + bend * t
        px, py = size // 2 + t * length * np.cos(way), size // 2 + t * length * np.sin(way)
        ix, iy = int(px), int(py)
        fx, fy = px - ix, py - iy
        kernel[iy : iy + 2, ix : ix + 2] += np.outer([1 - fy, fy], [1 - fx, fx])
    return np.asarray(cv2.filter2D(light, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.float32)


def _developed(rng: np.random.Generator, light: Plane, shot: Shot) -> Grey:
    """Shot noise of a sensor that holds 6,000 electrons, read noise, a camera's smoothing at high gain, gamma, JPEG."""
    full_well = 6000.0
    electrons = light * full_well
    noise = rng.standard_normal(light.shape, np.float32) * np.sqrt(electrons + (shot.noise * full_well / 255) ** 2 / 4)
    exposed = (electrons + noise) / full_well * shot.gain
    if shot.gain > 2:
        exposed = cv2.GaussianBlur(exposed, (0, 0), 0.6)
    levels = np.clip(exposed, 0, 1) ** (1 / _GAMMA) * 255
    return _compressed(np.rint(levels).astype(np.uint8), shot.quality)


def _compressed(pixels: Grey, quality: int) -> Grey:
    _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE), np.uint8)


def _empty_screen(rng: np.random.Generator) -> Plane:
    width, height = (length * 2 for length in _SCREEN)
    return np.full((height, width), rng.uniform(0.7, 1.0), np.float32)


def _phone(rng: np.random.Generator, screen: Plane) -> Grey:
    shot = replace(_usual(rng), module=1.0)
    return _taken(rng, screen, shot, float(rng.uniform(0.28, 0.55)))


def _text_page(rng: np.random.Generator) -> Grey:
    screen = _empty_screen(rng)
    for y in range(80, screen.shape[0] - 80, int(rng.integers(44, 70))):
        _words(rng, screen, (50, y), screen.shape[1] - 100, int(rng.integers(24, 40)), 0.1)
    return _phone(rng, screen)


def _icons(rng: np.random.Generator) -> Grey:
    screen = _empty_screen(rng) * np.float32(rng.uniform(0.3, 1))
    for y in range(90, screen.shape[0] - 150, 190):
        for x in range(50, screen.shape[1] - 120, 180):
            cv2.rectangle(screen, (x, y), (x + 120, y + 120), float(rng.uniform(0, 1)), -1)
            for _ in range(int(rng.integers(1, 4))):
                middle = (x + int(rng.integers(30, 90)), y + int(rng.integers(30, 90)))
                cv2.circle(screen, middle, int(rng.integers(8, 40)), float(rng.uniform(0, 1)), int(rng.choice([-1, 6])))
            _words(rng, screen, (x, y + 130), 120, 26, 0.05)
    return _phone(rng, screen)


def _keyboard(rng: np.random.Generator) -> Grey:
    screen = _empty_screen(rng)
    key = int(rng.integers(56, 74))
    for y in range(200, screen.shape[0] - key, key + 14):
        for x in range(10, screen.shape[1] - key, key + 10):
            cv2.rectangle(screen, (x, y), (x + key, y + key), float(rng.uniform(0.2, 0.5)), -1)
            _words(rng, screen, (x + key // 4, y + key // 4), key // 2, key // 2, 0.95)
    return _phone(rng, screen)


def _logos(rng: np.random.Generator) -> Grey:
    """Nested squares like a code's corners, one to four of them, and no code between."""
    screen = _empty_screen(rng)
    side, unit = int(rng.integers(300, 560)), int(rng.integers(8, 18))
    left, top = (screen.shape[1] - side) // 2, (screen.shape[0] - side) // 2
    places = [(left, top), (left + side - 7 * unit, top), (left, top + side - 7 * unit)]
    places.append((left + side - 7 * unit, top + side - 7 * unit))
    for x, y in places[: int(rng.integers(1, 5))]:
        for inset, colour in ((0, 0.05), (1, 0.95), (2, 0.05)):
            corner = (x + inset * unit, y + inset * unit)
            end = (x + (7 - inset) * unit - 1, y + (7 - inset) * unit - 1)
            cv2.rectangle(screen, corner, end, colour, -1)
    if rng.random() < 0.5:
        cv2.circle(screen, (left + side // 2, top + side // 2), side // 6, 0.3, -1)
    _words(rng, screen, (left, top + side + 40), side, 36, 0.1)
    return _phone(rng, screen)


def _stripes(rng: np.random.Generator) -> Grey:
    """Bars of random widths: clothes, blinds, the look of a barcode that says nothing."""
    screen = _empty_screen(rng)
    x = 60
    while x < screen.shape[1] - 60:
        bar, gap = (int(length) for length in rng.integers(3, 22, 2))
        screen[500:1000, x : x + bar] = 0.06
        x += bar + gap
    return _phone(rng, screen)


def _shirt(rng: np.random.Generator) -> Grey:
    """A chequered cloth over the frame, softly bent."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    pitch, angle = rng.uniform(6, 30), rng.uniform(0, np.pi)
    bend = 14 * np.sin(x / rng.uniform(90, 300) + y / rng.uniform(90, 300))
    u, v = np.cos(angle) * x + np.sin(angle) * y + bend, np.cos(angle) * y - np.sin(angle) * x + bend
    check = 0.5 * ((u // pitch) % 2) + 0.5 * ((v // pitch) % 2)
    light = (0.15 + 0.6 * check) * _slope(rng) * _light_level(rng)
    shot = _usual(rng)
    return _developed(rng, _blurred(rng, light.astype(np.float32), shot), shot)


def _light_level(rng: np.random.Generator) -> float:
    return float(rng.uniform(0.25, 0.9))


def _people(rng: np.random.Generator) -> Grey:
    """The hall with somebody in it."""
    scene = _light_level(rng) * _hall(rng)
    x, y, size = int(rng.integers(400, 880)), int(rng.integers(250, 400)), int(rng.integers(80, 190))
    skin = float(rng.uniform(0.2, 0.6))
    cv2.ellipse(scene, (x, y + 3 * size), (2 * size, 2 * size), 0, 0, 360, float(rng.uniform(0, 0.8)), -1)
    cv2.ellipse(scene, (x, y), (size, int(1.3 * size)), 0, 0, 360, skin, -1, cv2.LINE_AA)
    cv2.ellipse(scene, (x, y - size // 2), (int(1.05 * size), size), 0, 180, 360, 0.03, -1, cv2.LINE_AA)
    for side in (-1, 1):
        cv2.ellipse(scene, (x + side * size // 3, y), (size // 7, size // 14), 0, 0, 360, 0.9 * skin, -1)
        cv2.circle(scene, (x + side * size // 3, y), size // 16, 0.02, -1)
    cv2.ellipse(scene, (x, y + size // 2), (size // 4, size // 12), 0, 0, 360, 0.4 * skin, -1)
    texture = cv2.GaussianBlur(rng.standard_normal((HEIGHT, WIDTH), np.float32), (0, 0), 1.5)
    shot = _usual(rng)
    return _developed(rng, _blurred(rng, np.clip(scene + 0.03 * texture, 0, None), shot), shot)


def _noise(rng: np.random.Generator) -> Grey:
    """A covered lens at full gain, or a coarse texture."""
    shot = replace(_usual(rng), gain=float(rng.uniform(3, 7)))
    grain = cv2.GaussianBlur(rng.standard_normal((HEIGHT, WIDTH), np.float32), (0, 0), float(rng.uniform(0.6, 4)))
    light = rng.uniform(0.005, 0.08) * _slope(rng) * np.clip(1 + grain / grain.std() * rng.uniform(0, 0.5), 0, None)
    return _developed(rng, light.astype(np.float32), shot)


def _plain_hall(rng: np.random.Generator) -> Grey:
    shot = _usual(rng)
    return _developed(rng, _blurred(rng, _light_level(rng) * _hall(rng), shot), shot)


EMPTY_KINDS: dict[str, Callable[[np.random.Generator], Grey]] = {
    "text": _text_page,
    "icons": _icons,
    "keyboard": _keyboard,
    "logos": _logos,
    "stripes": _stripes,
    "shirt": _shirt,
    "people": _people,
    "noise": _noise,
    "hall": _plain_hall,
}
