"""ASGI layers around everything FastAPI puts around its own routes: what they answer themselves does not go through."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp


class Layered(FastAPI):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._layers: list[Callable[[ASGIApp], ASGIApp]] = []

    def lay(self, layer: Callable[[ASGIApp], ASGIApp]) -> None:
        """Around those before it. To be called before anything is served."""
        self._layers.append(layer)

    def build_middleware_stack(self) -> ASGIApp:
        app = super().build_middleware_stack()
        for layer in self._layers:
            app = layer(app)
        return app
