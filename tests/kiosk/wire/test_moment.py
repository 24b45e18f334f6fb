"""A moment on the wire has a name in every zone's calendar: of each message and record, whichever it is."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.domain.day_summary import DaySummary
from kiosk.ports.outbox import Record
from kiosk.wire.fleet import PresenceMessage, StatusMessage, parse_fleet_message, presence_topic, status_topic
from kiosk.wire.record import decode_record, encode_record
from tests.kiosk.fleet.statuses import AT, WELL
from tests.records import START, desk_referral, eligibility_case, home_visit, proof, rating, voided_number

RECORDS: tuple[Record, ...] = (
    eligibility_case(),
    proof(),
    rating(),
    desk_referral(),
    home_visit(),
    voided_number(),
    DaySummary("day-1", START.date(), START, 0, (), ()),
)
BEYOND = ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2200-01-01T00:00:00Z")
WITHIN = ("1970-01-01T00:00:00Z", "2199-12-31T23:59:59Z")


def _moments(members: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Every member that is a moment, at any depth."""
    if isinstance(members, dict):
        for name, value in members.items():
            if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
                yield members, name
            yield from _moments(value)
    elif isinstance(members, list):
        for value in members:
            yield from _moments(value)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_of_a_time_beyond_all_calendars_is_none(record: Record) -> None:
    members = json.loads(encode_record(record))
    found = list(_moments(members))
    assert found or record == rating()
    for holder, name in found:
        true = holder[name]
        for text in BEYOND:
            holder[name] = text
            assert decode_record(json.dumps(members).encode()) is None, (name, text)
        for text in WITHIN:
            holder[name] = text
            assert decode_record(json.dumps(members).encode()) is not None, (name, text)
        holder[name] = true


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        (status_topic("0317"), StatusMessage.of(WELL)),
        (presence_topic("0317"), PresenceMessage(presence="here", at=AT)),
    ],
)
def test_what_a_terminal_tells_of_such_a_time_is_passed_over(
    topic: str, message: StatusMessage | PresenceMessage
) -> None:
    members = message.model_dump(mode="json")
    for holder, name in list(_moments(members)):
        true = holder[name]
        for text in BEYOND:
            holder[name] = text
            assert parse_fleet_message(topic, json.dumps(members).encode()) is None, (name, text)
        holder[name] = true
    assert parse_fleet_message(topic, json.dumps(members).encode()) == ("0317", message)
