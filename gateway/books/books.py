"""The hall's books as a whole: what the gateway's other parts add to their application in one line."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter
from sqlalchemy import Engine

from gateway import bundles
from gateway.books import day_pages, rating_pages, ticket_pages
from gateway.books.ratings import RatingUploads
from gateway.books.settings import BooksSettings
from gateway.books.tickets import Tickets
from gateway.desk.door import DeskDoor
from kiosk.ports.clock import Clock


def routers(
    engine: Engine, clock: Clock, door: DeskDoor, settings: BooksSettings, signing_key: Ed25519PrivateKey
) -> tuple[APIRouter, ...]:
    """Pages of days, ratings and tickets, and the bundles where there is a folder of them."""
    pages = (
        day_pages.router(door, engine, clock),
        rating_pages.router(door, RatingUploads(engine, clock, settings.upload), clock),
        ticket_pages.router(door, Tickets(engine, clock, settings), clock),
    )
    published = () if settings.bundles is None else (bundles.router(settings.bundles, signing_key),)
    return (*pages, *published)
