"""The service hall behind the citizen, painted: a wall, a window and a plant pot, out of focus and still."""

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
