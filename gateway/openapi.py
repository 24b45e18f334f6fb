"""What the gateway publishes of itself for programs: ``GET /openapi.json`` (OpenAPI 3.1) tells of every address below
``/v1`` that it serves, and each message as the models of the wire have it. The staff's and citizens' pages are not in
it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, get_args

from fastapi import FastAPI, Response
from fastapi.routing import iter_route_contexts
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from gateway.books.ticket_pages import TicketMessage
from gateway.roster import RosterMessage
from gateway.taking import RecordMessage
from gateway.troubles import TOLD
from kiosk.wire.enrolment import (
    AUTHORITY_PATH,
    ENROLMENT_PATH,
    RENEWAL_PATH,
    AuthorityMessage,
    EnrolledMessage,
    EnrolmentRequest,
    RenewalRequest,
    RenewedMessage,
)
from kiosk.wire.envelope import Header
from kiosk.wire.key_list import KEYS_PATH, KeyListMessage
from kiosk.wire.messages import (
    CertificateNumberMessage,
    CertificateQuery,
    CodeExpiredMessage,
    DecisionMessage,
    HealthMessage,
    HolderMessage,
    HolderQuery,
    Message,
    NoReferenceMessage,
    ReceiptUnknownMessage,
    ReferenceMessage,
    ReferenceQuery,
    RefusalMessage,
    RosterQuery,
)
from kiosk.wire.reference import BundleHeader

MACHINES = "/v1/"
"""Every address for programs begins so."""

_TROUBLED: dict[int, tuple[type[Message], ...]] = {told.status: (RefusalMessage,) for told in TOLD.values()}
_UNAUTHORISED: dict[int, tuple[type[Message], ...]] = {403: (RefusalMessage,)}
_BYTES = "application/octet-stream"
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A body that is an envelope: one line of JSON (``Header``), a line feed, the sealed bytes. ``content`` is what is
    inside, None for records, whose form is the terminal's and the hall's alone."""

    content: type[Message] | None


@dataclass(frozen=True, slots=True)
class Described:
    """One address. ``answers`` by status; every address may answer a trouble below the gateway as well, and those that
    want a terminal's certificate (``certified``) may miss it."""

    summary: str
    answers: Mapping[int, tuple[type[Message], ...]]
    body: Sealed | type[Message] | None = None
    certified: bool = True
    more: Mapping[str, Any] = field(default_factory=dict)
    """Answers that are no message: OpenAPI's own words, by status."""

    def messages(self) -> dict[int, tuple[type[Message], ...]]:
        return _TROUBLED | (_UNAUTHORISED if self.certified else {}) | dict(self.answers)


def _sealed(summary: str, content: type[Message] | None, *answers: type[Message]) -> Described:
    """Refused by content or envelope: 422; for coming too often: 429 with Retry-After."""
    said = tuple(each for each in answers if each is not RefusalMessage)
    return Described(summary, {200: said, 422: (RefusalMessage,), 429: (RefusalMessage,)}, Sealed(content))


def _plain(description: str, media_type: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": schema}}}


_INVALID = _plain("The request is not of the form asked for", _JSON, {"type": "object"})
_BUNDLE = _plain(
    "One line of JSON (x-header), one line with its signature in base64, the content",
    _BYTES,
    {"type": "string", "format": "binary", "x-header": {"$ref": "#/components/schemas/BundleHeader"}},
)
_COUNTS = _plain("What the sandbox holds, by receipt number", _JSON, {"type": "array", "items": {"type": "object"}})
_CODE = _plain("A code that can be used once, or null", _JSON, {"type": "object", "required": ["code"]})

DESCRIBED: Mapping[tuple[str, str], Described] = {
    ("GET", "/v1/health"): Described(
        "Whether the gateway is well, and how a terminal's key stands", {200: (HealthMessage,)}
    ),
    ("POST", "/v1/records"): _sealed("Deliver a record", None, *get_args(RecordMessage)),
    ("POST", "/v1/roster"): _sealed("Ask for a line of the roster", RosterQuery, *get_args(RosterMessage)),
    ("POST", "/v1/holders"): _sealed("Ask whose code this is", HolderQuery, HolderMessage, CodeExpiredMessage),
    ("POST", "/v1/references"): _sealed(
        "Ask for a person's picture of record", ReferenceQuery, ReferenceMessage, NoReferenceMessage
    ),
    ("POST", "/v1/certificates"): _sealed("Ask for a certificate's number", CertificateQuery, CertificateNumberMessage),
    ("GET", "/v1/receipts/{number}"): Described(
        "What became of a receipt's case; names nobody",
        {200: (DecisionMessage,), 404: (ReceiptUnknownMessage,)},
        certified=False,
    ),
    ("GET", "/v1/tickets/{number}"): Described(
        "How far a ticket is; names nobody",
        {200: (TicketMessage,), 404: (RefusalMessage,)},
        certified=False,
        more={"422": _INVALID},
    ),
    ("GET", "/v1/bundles/{name}"): Described(
        "What the hall publishes for its terminals; 304 to If-None-Match",
        {404: (RefusalMessage,)},
        more={"200": _BUNDLE, "304": {"description": "Not Modified"}},
    ),
    ("GET", AUTHORITY_PATH): Described(
        "Who signs certificates here; a code proves it", {200: (AuthorityMessage,)}, certified=False
    ),
    ("GET", KEYS_PATH): Described("The keys to seal to, signed", {200: (KeyListMessage,)}, certified=False),
    ("POST", ENROLMENT_PATH): Described(
        "Set a terminal up with a code", {200: (EnrolledMessage,), 422: (RefusalMessage,)}, EnrolmentRequest, False
    ),
    ("POST", RENEWAL_PATH): Described(
        "Renew a terminal's certificate", {200: (RenewedMessage,), 422: (RefusalMessage,)}, RenewalRequest, False
    ),
    ("GET", "/v1/sandbox/records"): Described("Training only: what is held", {}, more={"200": _COUNTS}),
    ("POST", "/v1/sandbox/codes"): Described(
        "Training only: show a code of a made-up person", {}, more={"200": _CODE, "404": _CODE, "422": _INVALID}
    ),
}


def add_openapi(app: FastAPI, sealed: Iterable[str] = ()) -> None:
    """To be added after every address it is to tell of; ``sealed`` are those that are answered before ``app`` looks
    for its way."""
    addresses = served(app) | {("POST", path) for path in sealed}
    document = json.dumps(describe(addresses), ensure_ascii=False).encode()

    @app.get("/openapi.json")
    def told() -> Response:
        return Response(document, media_type=_JSON)


def served(app: FastAPI) -> set[tuple[str, str]]:
    """Method and address, as ``app`` has them now, of all that is for programs."""
    return {
        (method, route.path)
        for route in iter_route_contexts(app.routes)
        if route.path is not None and route.path.startswith(MACHINES)
        for method in (route.methods or ())
        if method != "HEAD"
    }


def describe(addresses: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Raises KeyError for an address that ``DESCRIBED`` does not know."""
    told = {address: DESCRIBED[address] for address in sorted(addresses)}
    references, components = _components(told.values())
    paths: dict[str, dict[str, Any]] = {}
    for (method, path), described in told.items():
        paths.setdefault(path, {})[method.lower()] = _operation(path, described, references)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Hall gateway", "version": "1"},
        "paths": paths,
        "components": {"schemas": components},
    }


class _AsWritten(GenerateJsonSchema):
    """Every member of an answer stands in it, those with a default too."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)


_References = Mapping[Any, Mapping[str, Any]]
"""By message and mode."""


def _components(described: Iterable[Described]) -> tuple[_References, dict[str, Any]]:
    """Requests as they are read, answers as they are written: there every member stands."""
    wanted: dict[tuple[type[Message], JsonSchemaMode], None] = {(BundleHeader, "validation"): None}
    for each in described:
        wanted |= {(message, "serialization"): None for said in each.messages().values() for message in said}
        wanted |= {(message, "validation"): None for message in _asked(each.body)}
    references, schemas = models_json_schema(
        list(wanted), ref_template="#/components/schemas/{model}", schema_generator=_AsWritten
    )
    return references, schemas["$defs"]


def _asked(body: Sealed | type[Message] | None) -> tuple[type[Message], ...]:
    match body:
        case None:
            return ()
        case Sealed(content):
            return (Header,) if content is None else (Header, content)
        case _:
            return (body,)


def _operation(path: str, described: Described, references: _References) -> dict[str, Any]:
    responses = dict(described.more)
    for status, messages in described.messages().items():
        said = [references[message, "serialization"] for message in messages]
        schema = said[0] if len(said) == 1 else {"oneOf": said, "discriminator": {"propertyName": "answer"}}
        responses[str(status)] = _plain(HTTPStatus(status).phrase, _JSON, schema)
    operation: dict[str, Any] = {"summary": described.summary, "responses": dict(sorted(responses.items()))}
    if described.body is not None:
        operation["requestBody"] = {"required": True, "content": _content(described.body, references)}
    places = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    if places:
        operation["parameters"] = [
            {"name": place, "in": "path", "required": True, "schema": {"type": "string"}} for place in places
        ]
    return operation


def _content(body: Sealed | type[Message], references: _References) -> dict[str, Any]:
    if not isinstance(body, Sealed):
        return {_JSON: {"schema": references[body, "validation"]}}
    schema: dict[str, Any] = {
        "type": "string",
        "format": "binary",
        "description": "An envelope: one line of JSON (x-header), a line feed, the sealed bytes",
        "x-header": references[Header, "validation"],
    }
    if body.content is not None:
        schema["x-sealed-content"] = references[body.content, "validation"]
    return {_BYTES: {"schema": schema}}
