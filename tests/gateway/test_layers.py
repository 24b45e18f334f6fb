"""What lies around the gateway's addresses: the sealed doors, and the date on every answer."""

from email.utils import format_datetime

import pytest
import requests

from gateway.app import create_app
from gateway.hall import Hall
from gateway.settings import GatewaySettings
from kiosk.wire.envelope import FIRST
from kiosk.wire.messages import RosterQuery
from tests.gateway.serving import serving
from tests.records import START, Registered, SetClock, eligibility_case, person


def _bodies(registered: Registered, clock: SetClock) -> dict[str, bytes]:
    """One that is answered at a door for itself, and one that is answered together with others."""
    citizen, sealer = person(), registered.sealer(clock)
    query = RosterQuery(number=citizen.number.value, name=citizen.name.value)
    return {
        "/v1/roster": sealer.seal_query(query, "asking-1").data,
        "/v1/records": sealer.seal_record(eligibility_case(), FIRST).data,
    }


@pytest.mark.parametrize(("path", "method"), [("/v1/roster", "query"), ("/v1/records", "take_all")])
def test_a_mistake_behind_a_sealed_door_costs_one_answer_and_not_the_next(
    settings: GatewaySettings,
    registered: Registered,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    path: str,
    method: str,
) -> None:
    well, mistakes = getattr(Hall, method), [ZeroDivisionError("secret")]

    def mistaken_once(hall: Hall, *asked: object) -> object:
        if mistakes:
            raise mistakes.pop()
        return well(hall, *asked)

    monkeypatch.setattr(Hall, method, mistaken_once)
    body = _bodies(registered, clock)[path]
    with serving(create_app(settings, clock)) as address:
        failed = requests.post(f"{address}{path}", data=body, timeout=30)
        assert failed.status_code == 500
        assert "secret" not in failed.text
        assert requests.post(f"{address}{path}", data=body, timeout=30).status_code == 200
    assert "ZeroDivisionError" in caplog.text, "for whoever has to mend it"
    caplog.clear()


def test_every_answer_bears_the_date_of_the_gateways_own_clock(
    address: str, registered: Registered, clock: SetClock
) -> None:
    answers = [
        requests.post(f"{address}{path}", data=body, timeout=30) for path, body in _bodies(registered, clock).items()
    ]
    answers.append(requests.post(f"{address}/v1/records", data=b"nothing sealed", timeout=30))
    answers += [requests.get(f"{address}{path}", timeout=30) for path in ("/v1/health", "/nowhere")]
    assert [answer.status_code for answer in answers] == [200, 200, 422, 200, 404]
    assert {answer.headers["Date"] for answer in answers} == {format_datetime(START, usegmt=True)}
