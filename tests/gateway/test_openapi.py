"""What the gateway publishes of itself is what it does: every address, every answer, and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import requests
from fastapi.routing import iter_route_contexts

from gateway.app import create_app
from gateway.books.settings import BooksSettings
from gateway.openapi import DESCRIBED
from gateway.settings import GatewaySettings
from kiosk.wire.envelope import FIRST, Header, Sealer
from kiosk.wire.messages import Answer, CertificateQuery, HolderQuery, Message, Query, ReferenceQuery, RosterQuery
from tests.gateway.serving import serving
from tests.records import Registered, SetClock, eligibility_case, person, rating

SEALED = ("/v1/records", "/v1/roster", "/v1/holders", "/v1/references", "/v1/certificates")
REFERENCE = "#/components/schemas/"


@pytest.fixture
def published(settings: GatewaySettings, tmp_path: Path) -> GatewaySettings:
    """Everything a gateway can serve."""
    (tmp_path / "bundles").mkdir()
    (tmp_path / "bundles/guides.1.json").write_text("{}")
    return settings.model_copy(update={"books": BooksSettings(bundles=tmp_path / "bundles")})


@pytest.fixture
def address(published: GatewaySettings, clock: SetClock) -> Iterator[str]:
    with serving(create_app(published, clock)) as address:
        yield address


def _document(address: str) -> dict[str, Any]:
    answer = requests.get(f"{address}/openapi.json", timeout=10)
    assert answer.headers["Content-Type"] == "application/json"
    return dict(answer.json())


@pytest.mark.parametrize("sandbox", [True, False])
@pytest.mark.parametrize("bundles", [True, False])
def test_every_address_for_programs_is_described_and_nothing_else(
    published: GatewaySettings, settings: GatewaySettings, clock: SetClock, sandbox: bool, bundles: bool
) -> None:
    chosen = (published if bundles else settings).model_copy(update={"sandbox": sandbox})
    app = create_app(chosen, clock)
    routes = {
        (route.path, method.lower())
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
        if route.path is not None and route.path.startswith("/v1") and method != "HEAD"
    }
    with serving(app) as address:
        document = _document(address)
        for path in SEALED:
            said = requests.post(f"{address}{path}", timeout=10).json()
            assert (said["answer"], said["reason"]) == ("refusal", "damaged")
            routes.add((path, "post"))
    assert {(path, method) for path, told in document["paths"].items() for method in told} == routes
    if sandbox and bundles:
        assert {(path, method.lower()) for method, path in DESCRIBED} == routes


def test_nothing_in_it_points_nowhere_and_no_page_is_served_for_it(address: str) -> None:
    document = _document(address)
    schemas = set(document["components"]["schemas"])
    assert set(_references(document)) == schemas
    assert requests.get(f"{address}/docs", timeout=10).status_code == 404


def test_every_answer_of_the_wire_is_in_it(address: str) -> None:
    document = _document(address)
    told = set(_references([path["responses"] for each in document["paths"].values() for path in each.values()]))
    union = get_args(get_args(Answer)[0])
    assert {message.__name__ for message in union} <= told
    for message in union:
        schema = document["components"]["schemas"][message.__name__]
        assert schema["properties"]["answer"]["const"] == message.model_fields["answer"].default


def test_sealed_requests_name_their_header_and_what_is_inside(
    address: str, registered: Registered, clock: SetClock
) -> None:
    document = _document(address)
    inside = {}
    for path in SEALED:
        body = document["paths"][path]["post"]["requestBody"]
        schema = body["content"]["application/octet-stream"]["schema"]
        assert schema["x-header"] == {"$ref": f"{REFERENCE}Header"}
        inside[path] = schema.get("x-sealed-content", {}).get("$ref", "").removeprefix(REFERENCE)
    assert list(inside.values()) == [
        "",
        *(each.__name__ for each in (RosterQuery, HolderQuery, ReferenceQuery, CertificateQuery)),
    ]
    envelope = registered.sealer(clock).seal_record(rating(), FIRST).data
    header = json.loads(envelope.partition(b"\n")[0])
    told = document["components"]["schemas"]["Header"]
    assert set(header) == set(told["properties"]) == set(Header.model_fields)
    assert set(told["required"]) <= set(header)


def test_real_answers_are_as_it_says(address: str, registered: Registered, clock: SetClock) -> None:
    document, sealer = _document(address), registered.sealer(clock)
    due = person("due")
    roster = RosterQuery(number=due.number.value, name=due.name.value)
    picture = ReferenceQuery(reference_of=due.number.value, name=due.name.value)
    certificate = CertificateQuery(certificate="insured")
    told = [
        _ask(document, address, "GET", "/v1/health"),
        _ask(document, address, "POST", "/v1/records", sealer.seal_record(eligibility_case(), FIRST).data),
        _ask(document, address, "POST", "/v1/records", sealer.seal_record(rating(), FIRST).data),
        _ask(document, address, "POST", "/v1/records", b"{}\n"),
        _ask(document, address, "POST", "/v1/roster", _query(sealer, roster, "a")),
        _ask(document, address, "POST", "/v1/references", _query(sealer, picture, "b")),
        _ask(document, address, "POST", "/v1/certificates", _query(sealer, certificate, "c")),
        _ask(document, address, "POST", "/v1/holders", _query(sealer, roster, "d")),
        _ask(document, address, "GET", "/v1/receipts/{number}"),
        _ask(document, address, "GET", "/v1/tickets/{number}"),
        _ask(document, address, "GET", "/v1/bundles/{name}"),
        _ask(document, address, "GET", "/v1/authority"),
        _ask(document, address, "GET", "/v1/keys"),
        _ask(document, address, "POST", "/v1/enrolments", b"{}"),
    ]
    assert told == [
        (200, "HealthMessage"),
        (200, "DecisionMessage"),
        (200, "StoredMessage"),
        (422, "RefusalMessage"),
        (200, "RosterEntryMessage"),
        (200, "NoReferenceMessage"),
        (200, "CertificateNumberMessage"),
        (422, "RefusalMessage"),
        (404, "ReceiptUnknownMessage"),
        (404, "RefusalMessage"),
        (404, "RefusalMessage"),
        (200, "AuthorityMessage"),
        (200, "KeyListMessage"),
        (422, "RefusalMessage"),
    ]


def _query(sealer: Sealer, query: Query, key: str) -> bytes:
    return sealer.seal_query(query, key).data


def _ask(document: dict[str, Any], address: str, method: str, path: str, body: bytes = b"") -> tuple[int, str]:
    """Status, and the one of the described messages that the answer is: read by its model, every member described."""
    asked = path.replace("{number}", "1").replace("{name}", "nothing")
    answer = requests.request(method, f"{address}{asked}", data=body, timeout=30)
    responses = document["paths"][path][method.lower()]["responses"]
    schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
    fitting = [name for name in _references(schema) if _fits(document["components"]["schemas"][name], name, answer)]
    assert len(fitting) == 1, answer.text
    return answer.status_code, fitting[0]


def _fits(schema: dict[str, Any], name: str, answer: requests.Response) -> bool:
    said = answer.json()
    if schema["properties"].get("answer", {}).get("const") != said.get("answer"):
        return False
    models = {each.__name__: each for described in DESCRIBED.values() for each in _messages(described.messages())}
    models[name].model_validate_json(answer.content)
    return set(said) == set(schema["properties"]) == set(schema["required"])


def _messages(answers: dict[int, tuple[type[Message], ...]]) -> Iterator[type[Message]]:
    for messages in answers.values():
        yield from messages


def _references(told: object) -> Iterator[str]:
    if isinstance(told, dict):
        for name, value in told.items():
            if name == "$ref":
                yield value.removeprefix(REFERENCE)
            yield from _references(value)
    elif isinstance(told, list):
        for value in told:
            yield from _references(value)
