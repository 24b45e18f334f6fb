"""The gateway's HTTP face: the platform's side of ``kiosk.wire``, and the pages of ``gateway.public``.

Roster queries and records come signed and sealed. A receipt may be looked up by anybody: the answer is outcome and
dates, and names nobody. Without ``settings.tls`` TLS is the business of the proxy before it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from gateway.authority import Authority, ServerFiles
from gateway.books.books import routers as books_routers
from gateway.client_certificates import ClientCertificates, Dated
from gateway.database import DatabaseUnusableError, open_database
from gateway.desk.desk import make_desk
from gateway.desk.evidence import References, record_opener
from gateway.desk.tables import Role
from gateway.desk.waiting import count_waiting
from gateway.door import NOT_A_QUERY, Answering, Door, SealedDoors, response
from gateway.enrolment import Enrolments
from gateway.enrolment import router as enrolment_router
from gateway.evidence_keeping import EvidenceKeeping
from gateway.evidence_store import CredentialsMissingError, EvidenceStore, evidence_store
from gateway.fleet_routes import router as fleet_router
from gateway.fleet_view import Place, places_of
from gateway.hall import Hall
from gateway.layers import Layered
from gateway.limits import TerminalLimits
from gateway.openapi import add_openapi
from gateway.public import add_staff_page, add_verification
from gateway.registry import ReceiptKeys, Registry, listed_terminals
from gateway.sandbox import AREA, CODE_ISSUERS, STAFF
from gateway.sealing_keys import SealingKeys
from gateway.settings import DecisionPolicy, GatewaySettings
from gateway.staff import StaffDesk, StaffFile, StaffFileUnusable, load_staff
from gateway.state import add_health, add_metrics, add_troubles
from gateway.troubles import EXPECTED, trouble_of
from gateway.watch import GatewayEvent, Journal, Watch
from kiosk.domain.receipt_number import parse_receipt_number
from kiosk.ports.clock import Clock
from kiosk.ports.photo_decoder import PhotoDecoder
from kiosk.wire.keys import (
    GatewayRegistration,
    KeyUnusable,
    RegisteredTerminal,
    load_or_create_sealing_key,
    load_or_create_signing_key,
    load_terminal_registration,
    register_gateway,
    write_registration,
)
from kiosk.wire.messages import (
    CertificateQuery,
    HealthMessage,
    HolderQuery,
    Message,
    ReceiptUnknownMessage,
    ReferenceQuery,
    RosterQuery,
    Word,
)
from kiosk.wire.opening import OpenedEnvelope
from kiosk.wire.paper_check import PaperKeys

_KEEPING_ROUND_S = 600.0


class GatewayNotConfiguredError(Exception):
    """Its key, its database or a terminal's registration cannot be used; the text names file and reason."""


class CodeWish(Message):
    """Whose code, and of which issuer, the sandbox shall show."""

    number: Annotated[str, Field(min_length=18, max_length=18)]
    issuer: Word = "social-security-card"


def create_app(settings: GatewaySettings, clock: Clock, decoder: PhotoDecoder | None = None) -> FastAPI:
    """Raises GatewayNotConfiguredError; the database is opened, and made where it is not there. ``decoder`` opens the
    sealed portraits of cards for staff, where one is fitted."""
    watch = _watch(settings, clock)
    limits = TerminalLimits(settings.limits, clock)
    staff = _staff(settings).staff
    engine = _engine(settings)
    keys, registry = _sealing_keys(settings, clock), _registry(settings, engine, clock)
    door = Door(keys, _certificate_key(settings), registry, settings.sandbox, limits, watch)
    portraits, issuers = (settings.portraits, CODE_ISSUERS) if settings.sandbox else (None, None)
    evidence = _evidence(settings, clock)
    hall = Hall(engine, _policy(settings), clock, portraits, issuers, evidence)
    rounds = partial(_end_pictures, hall, EvidenceKeeping(engine, evidence, clock), watch)
    if settings.sandbox:
        hall.settle_sandbox()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        watch.started()
        await rounds()
        keeping = asyncio.create_task(_end_pictures_in_time(rounds))
        yield
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        engine.dispose()
        watch.close()

    app = Layered(title="Hall gateway", openapi_url=None, lifespan=lifespan)
    add_troubles(app, watch)
    add_health(
        app,
        engine,
        watch,
        lambda key: HealthMessage(
            now=clock.now(),
            gateway_key_id=keys.newest_id(),
            sandbox=settings.sandbox,
            standing=None if key is None else registry.standing(key),
        ),
    )
    add_metrics(app, watch, partial(_waiting, engine))

    endpoints = {path: door.endpoint(path, answering) for path, answering in _sealed(hall, door).items()}
    endpoints["/v1/records"] = door.gathered("/v1/records", hall.take_all)
    app.lay(partial(SealedDoors, endpoints=endpoints, troubled=door.troubled))

    @app.get("/v1/receipts/{number}")
    def receipt(number: str) -> Response:
        parsed = parse_receipt_number(number)
        return response(ReceiptUnknownMessage() if parsed is None else hall.look_up(parsed))

    if settings.sandbox:

        @app.get("/v1/sandbox/records")
        def counts() -> JSONResponse:
            return JSONResponse(hall.counts())

        @app.post("/v1/sandbox/codes")
        def code(wish: CodeWish) -> JSONResponse:
            issued = hall.issue_code(wish.number, wish.issuer)
            return JSONResponse({"code": issued}, 404 if issued is None else 200)

    if staff:
        add_staff_page(app, StaffDesk(engine, clock, _key(settings), registry.staff_key, staff))
    desk = make_desk(
        engine,
        clock,
        _policy(settings),
        settings.desk,
        record_opener(door),
        References(decoder, portraits),
        evidence,
        settings.sandbox,
    )
    places = partial(_places, registry)
    fleet = fleet_router(settings.fleet, engine, clock, places, desk.door, watch)
    books = books_routers(engine, clock, desk.door, settings.books, door.certificate_key)
    for pages in (*desk.routers, fleet, *books, desk.elsewhere):
        app.include_router(pages)
    enrolments = Enrolments(engine, _authority(settings, clock), keys, clock, partial(_registration, settings, engine))
    app.include_router(enrolment_router(enrolments, keys))
    paper_keys = PaperKeys(ReceiptKeys(engine), door.certificate_key.public_key())
    add_verification(app, hall, paper_keys, settings.sandbox)
    add_openapi(app, endpoints)
    if settings.tls is not None and settings.tls.client_certificates:
        app.lay(partial(ClientCertificates, registry=registry, watch=watch))
    app.lay(partial(Dated, clock=clock))
    return app


async def _end_pictures_in_time(rounds: Callable[[], Awaitable[None]]) -> NoReturn:
    while True:
        await asyncio.sleep(_KEEPING_ROUND_S)
        await rounds()


async def _end_pictures(hall: Hall, keeping: EvidenceKeeping, watch: Watch) -> None:
    """A database or a storage that is away now is asked again at the next round."""
    try:
        watch.dropped(GatewayEvent.PICTURES_DROPPED, await run_in_threadpool(hall.drop_expired_pictures))
        await run_in_threadpool(keeping.drop)
        watch.dropped(GatewayEvent.ORPHANS_DROPPED, await run_in_threadpool(keeping.sweep))
    except EXPECTED as error:
        watch.troubled("keeping", trouble_of(error))


def publish_registration(settings: GatewaySettings) -> Path:
    """Writes the file that terminals need, beside the key: the gateway's keys, those its terminals sign with, and the
    staff whose PINs they may check. Raises GatewayNotConfiguredError and OSError."""
    path = settings.key.with_suffix(".registration.json")
    engine = _engine(settings)
    try:
        write_registration(path, _registration(settings, engine))
    finally:
        engine.dispose()
    return path


def server_files(settings: GatewaySettings, clock: Clock) -> ServerFiles | None:
    """What TLS is served with, None without it. Raises GatewayNotConfiguredError and OSError."""
    if settings.tls is None:
        return None
    files = _authority(settings, clock).serve_as(settings.key, settings.tls.names, clock.now())
    if isinstance(files, KeyUnusable):
        raise GatewayNotConfiguredError(f"the key for TLS beside {settings.key}: {files.reason}")
    return files


def _registration(settings: GatewaySettings, engine: Engine) -> GatewayRegistration:
    """The terminals of the registry, and those of files it has not taken in yet."""
    certificate_key, hall_staff = _certificate_key(settings).public_key(), _staff(settings)
    staff = hall_staff.staff if hall_staff.at_terminals else ()
    known = {each.registered.key_id: each.registered for each in listed_terminals(engine)}
    terminals = (known | _terminals(settings)).values()
    return register_gateway(_key(settings), terminals, certificate_key, staff)


def _sealed(hall: Hall, door: Door) -> dict[str, Answering]:
    """The addresses that take sealed envelopes."""

    def roster(opened: OpenedEnvelope, _: bytes) -> Message:
        query = opened.content
        return hall.query(query, opened.made_at) if isinstance(query, RosterQuery) else NOT_A_QUERY

    def holders(opened: OpenedEnvelope, _: bytes) -> Message:
        query = opened.content
        return hall.resolve(query, opened.made_at) if isinstance(query, HolderQuery) else NOT_A_QUERY

    def references(opened: OpenedEnvelope, _: bytes) -> Message:
        query = opened.content
        return hall.reference(query, opened.made_at) if isinstance(query, ReferenceQuery) else NOT_A_QUERY

    def certificates(opened: OpenedEnvelope, _: bytes) -> Message:
        query = opened.content
        if not isinstance(query, CertificateQuery):
            return NOT_A_QUERY
        return hall.certify(query, opened, door.certificate_key)

    return {
        "/v1/roster": roster,
        "/v1/holders": holders,
        "/v1/references": references,
        "/v1/certificates": certificates,
    }


def check_configured(settings: GatewaySettings, clock: Clock) -> None:
    """Brings the database up to date and reads what several workers will read. Raises GatewayNotConfiguredError."""
    _sealing_keys(settings, clock), _authority(settings, clock), _staff(settings), _evidence(settings, clock)
    engine = _engine(settings)
    _registry(settings, engine, clock)
    engine.dispose()


def _evidence(settings: GatewaySettings, clock: Clock) -> EvidenceStore:
    try:
        return evidence_store(settings.evidence, settings.evidence_endpoint, settings.evidence_region, clock)
    except CredentialsMissingError as problem:
        raise GatewayNotConfiguredError(f"evidence in {settings.evidence}: {problem}") from None


def _engine(settings: GatewaySettings) -> Engine:
    try:
        return open_database(settings.database)
    except DatabaseUnusableError as problem:
        raise GatewayNotConfiguredError(str(problem)) from None


def _waiting(engine: Engine) -> dict[str, int]:
    with Session(engine) as session, session.begin():
        return {queue.value: count for queue, count in count_waiting(session, Role.SUPERVISOR).items()}


def _watch(settings: GatewaySettings, clock: Clock) -> Watch:
    try:
        return Watch(Journal(settings.log, clock), clock)
    except OSError as problem:
        raise GatewayNotConfiguredError(f"{settings.log}: {problem.strerror}") from None


def _policy(settings: GatewaySettings) -> DecisionPolicy:
    """The sandbox is the hall of one area, and gives the pictures it made up."""
    policy = settings.policy
    return policy.model_copy(update={"give_references": True, "home_area": AREA}) if settings.sandbox else policy


def _registry(settings: GatewaySettings, engine: Engine, clock: Clock) -> Registry:
    """With the terminals of registration files."""
    registry = Registry(engine, clock)
    registry.take_in(_terminals(settings).values())
    return registry


def _places(registry: Registry) -> dict[str, tuple[Place, ...]]:
    return places_of(registry.listed(), registry.sites())


def _sealing_keys(settings: GatewaySettings, clock: Clock) -> SealingKeys:
    keys = SealingKeys.load(settings.key, _certificate_key(settings), clock)
    if isinstance(keys, KeyUnusable):
        raise GatewayNotConfiguredError(f"{settings.key}: {keys.reason}")
    return keys


def _authority(settings: GatewaySettings, clock: Clock) -> Authority:
    try:
        authority = Authority.load_or_create(settings.key, clock.now())
    except OSError as problem:
        raise GatewayNotConfiguredError(f"the authority beside {settings.key}: {problem.strerror}") from None
    if isinstance(authority, KeyUnusable):
        raise GatewayNotConfiguredError(f"the authority beside {settings.key}: {authority.reason}")
    return authority


def _key(settings: GatewaySettings) -> X25519PrivateKey:
    key = load_or_create_sealing_key(settings.key)
    if isinstance(key, KeyUnusable):
        raise GatewayNotConfiguredError(f"{settings.key}: {key.reason}")
    return key


def _certificate_key(settings: GatewaySettings) -> Ed25519PrivateKey:
    key = load_or_create_signing_key(settings.certificate_key)
    if isinstance(key, KeyUnusable):
        raise GatewayNotConfiguredError(f"{settings.certificate_key}: {key.reason}")
    return key


def _staff(settings: GatewaySettings) -> StaffFile:
    """The sandbox has staff of its own where it is given none."""
    staff = load_staff(settings.staff_file)
    if isinstance(staff, StaffFileUnusable):
        raise GatewayNotConfiguredError(f"{settings.staff_file}: {staff.reason}")
    return StaffFile(at_terminals=True, staff=(STAFF,)) if settings.sandbox and not staff.staff else staff


def _terminals(settings: GatewaySettings) -> dict[str, RegisteredTerminal]:
    terminals = {}
    for path in settings.terminals:
        terminal = load_terminal_registration(path)
        if isinstance(terminal, KeyUnusable):
            raise GatewayNotConfiguredError(f"{path}: {terminal.reason}")
        terminals[terminal.key_id] = terminal
    return terminals
