"""What is behind the citizen, painted, out of focus and still: the service hall, or a room at home."""

import cv2
import numpy as np

from simulators.camera.cutout import HEIGHT, WIDTH
from simulators.portraits import Image


def paint_hall() -> Image:
    """Shape (480, 640, 3), BGR."""
    light = np.linspace(1.0, 0.82, WIDTH)[None, :] * np.linspace(1.03, 0.9, HEIGHT)[:, None]
    hall = (np.array([196, 203, 205]) * light[:, :, None]).astype(np.uint8)
    for x in range(-40, WIDTH, 170):
        cv2.line(hall, (x, 0), (x, HEIGHT), (168, 176, 180), 3)
    cv2.rectangle(hall, (410, 40), (600, 190), (226, 222, 214), -1)
    cv2.rectangle(hall, (410, 40), (600, 190), (150, 160, 170), 5)
    cv2.rectangle(hall, (30, 70), (150, 150), (120, 105, 60), -1)
    cv2.rectangle(hall, (0, 330), (WIDTH, HEIGHT), (150, 158, 164), -1)
    cv2.ellipse(hall, (70, 300), (46, 70), 0, 0, 360, (96, 128, 92), -1)
    cv2.rectangle(hall, (40, 340), (100, 420), (120, 130, 150), -1)
    return np.asarray(cv2.GaussianBlur(hall, (0, 0), 7), dtype=np.uint8)


def paint_room() -> Image:
    """Where a video was recorded: a wall, a bookcase and a lamp. Shape (480, 640, 3), BGR."""
    light = np.linspace(0.86, 1.0, WIDTH)[None, :] * np.linspace(1.0, 0.88, HEIGHT)[:, None]
    room = (np.array([168, 190, 204]) * light[:, :, None]).astype(np.uint8)
    cv2.rectangle(room, (20, 60), (190, 480), (70, 96, 130), -1)
    for shelf in range(120, 480, 90):
        cv2.rectangle(room, (20, shelf), (190, shelf + 8), (52, 74, 104), -1)
        for number, x in enumerate(range(28, 180, 17)):
            tall = 44 + (number * 37 + shelf) % 29
            colour = (60 + (number * 53) % 130, 70 + (number * 31 + shelf) % 110, 80 + (number * 71) % 120)
            cv2.rectangle(room, (x, shelf - tall), (x + 13, shelf), colour, -1)
    cv2.line(room, (560, 250), (560, 480), (90, 92, 96), 7)
    cv2.ellipse(room, (560, 215), (58, 46), 0, 0, 360, (205, 236, 246), -1)
    return np.asarray(cv2.GaussianBlur(room, (0, 0), 4), dtype=np.uint8)
