"""The fleet's page for technicians, ``/desk/fleet``, and the same for their programs, ``/desk/fleet.json``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, FastAPI, Request, Response
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from gateway.desk.door import DeskDoor
from gateway.desk.frame import framed
from gateway.desk.tables import Role
from gateway.door import response
from gateway.fleet_book import FleetBook
from gateway.fleet_listener import FleetListener
from gateway.fleet_page import NO_BROKER, TITLE, Show, Wish, fleet_body
from gateway.fleet_view import FleetWatch, Places, fleet_message
from gateway.watch import Watch
from kiosk.ports.clock import Clock
from kiosk.wire.broker import BrokerSettings
from kiosk.wire.messages import RefusalMessage

_MOST_PAGE = 10_000
_BROKER = "mqtt"
"""Where the gateway's figures and log count what the broker brought."""


def router(
    settings: BrokerSettings | None,
    engine: Engine,
    clock: Clock,
    places: Places,
    door: DeskDoor,
    hall_watch: Watch,
) -> APIRouter:
    """Listens as long as the application runs; without ``settings`` there is no broker, and only a page that says
    so."""
    book = FleetBook(engine, clock)
    watch = FleetWatch(book, places, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if settings is None:
            yield
            return
        listener = FleetListener(settings, book, clock, partial(hall_watch.passed_over, _BROKER))
        listener.start()
        yield
        await run_in_threadpool(listener.close)

    routes = APIRouter(lifespan=lifespan)

    @routes.get("/desk/fleet.json", include_in_schema=False)
    def fleet(request: Request) -> Response:
        visitor = door.admit(request, Role.TECHNICIAN)
        if isinstance(visitor, Response):
            return response(RefusalMessage(reason="not-a-technician", final=False), 403)
        return response(fleet_message(watch.look()))

    @routes.get("/desk/fleet", include_in_schema=False)
    def page(request: Request, show: str = "", site: str = "", page: str = "1") -> Response:
        visitor = door.admit(request, Role.TECHNICIAN)
        if isinstance(visitor, Response):
            return visitor
        body = NO_BROKER if settings is None else fleet_body(watch.look(), _wish(show, site, page))
        return framed(visitor, TITLE, body, here="fleet")

    return routes


def _wish(show: str, site: str, page: str) -> Wish:
    known = next((each for each in Show if each.value == show), Show.ALL)
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Wish(known, site, min(number, _MOST_PAGE))
