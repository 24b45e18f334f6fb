"""Pictures drawn by the project: line icons on a 24 grid, and drawings of the device."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

_FOLDER = Path(__file__).parent / "qml"
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#{tint}" stroke-width="{stroke}" '
    'stroke-linecap="round" stroke-linejoin="round">{shapes}</svg>'
)


@cache
def icon_shapes() -> dict[str, str]:
    shapes: dict[str, str] = json.loads((_FOLDER / "icons.json").read_text(encoding="utf-8"))
    return shapes


def _paint(svg: str, size: QSize, requested: QSize) -> QImage:
    """Fills in ``size`` with the drawing's own size, as Qt asks."""
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    own = renderer.defaultSize()
    _tell(size, own)
    target = own if requested.isEmpty() else requested
    image = QImage(target, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, target.width(), target.height()))
    painter.end()
    return image


def _tell(size: QSize, own: QSize) -> None:
    size.setWidth(own.width())
    size.setHeight(own.height())


class IconProvider(QQuickImageProvider):
    """``image://icon/<name>/<rrggbb>/<stroke>``"""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, request: str, size: QSize, requested: QSize) -> QImage:  # noqa: N802
        name, tint, stroke = request.split("/")
        shapes = icon_shapes()[name].replace('fill="self"', f'fill="#{tint}"')
        return _paint(_ICON.format(tint=tint, stroke=stroke, shapes=shapes), size, requested)


class DrawingProvider(QQuickImageProvider):
    """``image://drawing/<name>/<mode>``: an SVG of ``qml/drawings`` whose ``{role}`` are coloured for the mode."""

    def __init__(self, colours: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._colours = colours

    def requestImage(self, request: str, size: QSize, requested: QSize) -> QImage:  # noqa: N802
        name, mode = request.split("/")
        svg = (_FOLDER / "drawings" / f"{name}.svg").read_text(encoding="utf-8")
        for role, colour in self._colours[mode].items():
            svg = svg.replace(f"{{{role}}}", colour)
        return _paint(svg, size, requested)
