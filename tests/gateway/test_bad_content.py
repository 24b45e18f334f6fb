"""A record that no hall can take is refused for good, and none of those that came with it pays for it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from kiosk.domain.day_summary import DaySummary
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST
from kiosk.wire.record import encode_record, kind_of
from tests.records import START, Registered, SetClock, eligibility_case, receipt, voided_number

CASE = eligibility_case("due", 99)
DAY = DaySummary("day-1", START.date(), START, 0, (), ())
TOGETHER = 64


def _sealed(registered: Registered, clock: SetClock, record: Record, moment: bytes) -> bytes:
    """With each of its moments at the end of all years, as only a broken or a bad terminal seals it."""
    content = encode_record(record).replace(moment, b"9999-12-31T23:59:59Z")
    assert b"9999" in content
    return registered.sealer(clock)._seal(record.key, kind_of(record), content, FIRST, {"receipt_code": None}).data


@pytest.mark.parametrize("record", [CASE, DAY, voided_number(98)], ids=lambda record: type(record).__name__)
def test_one_bad_record_among_many_is_refused_alone(
    address: str, registered: Registered, clock: SetClock, record: Record
) -> None:
    content = encode_record(record).decode()
    moment = content[content.index("T", content.index('_at":"')) - 10 :].split('"')[0].encode()
    bad = _sealed(registered, clock, record, moment)
    sealer = registered.sealer(clock)
    good = [sealer.seal_record(eligibility_case("due", number), FIRST).data for number in range(1, TOGETHER)]
    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = pool.map(lambda data: requests.post(f"{address}/v1/records", data=data, timeout=60), [bad, *good])
    refused, *taken = answers
    assert (refused.status_code, refused.json()) == (
        422,
        {"answer": "refusal", "reason": "bad-content", "final": True},
    )
    assert {answer.status_code for answer in taken} == {200}
    assert requests.get(f"{address}/v1/receipts/{receipt(1).value}", timeout=10).json()["answer"] == "decision"
