"""A terminal's day survives the wire exactly, and the longest one fits into an envelope."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.case import Outcome
from kiosk.domain.day_summary import DayPaper, DayRecord, DaySummary, PaperStanding, RecordStanding
from kiosk.wire.envelope import FIRST, MAX_ENVELOPE_BYTES
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from kiosk.wire.reconciliation import MAX_DAY_ROWS
from kiosk.wire.record import CASE_KIND, RATING_KIND, REFERRAL_KIND, VOID_KIND, decode_record, encode_record
from tests.records import START, SetClock, receipt, register

DAY = DaySummary("day-20261120", START.date(), START, 0, (), ())
_receipts = st.builds(receipt, st.integers(1, 99_999))
_days = st.builds(
    DaySummary,
    key=st.from_regex(r"[0-9A-Za-z-]{1,64}", fullmatch=True),
    day=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    made_at=st.just(START),
    issued=st.integers(0, 99_999),
    records=st.lists(
        st.builds(
            DayRecord,
            _receipts,
            st.sampled_from([CASE_KIND, RATING_KIND, VOID_KIND, REFERRAL_KIND]),
            st.sampled_from(RecordStanding),
            st.none() | st.sampled_from(Outcome),
            st.none() | _receipts,
        ),
        max_size=8,
    ).map(tuple),
    papers=st.lists(st.builds(DayPaper, _receipts, st.sampled_from(PaperStanding)), max_size=8).map(tuple),
)


@given(_days)
def test_a_day_comes_back_as_it_was(day: DaySummary) -> None:
    assert decode_record(encode_record(day)) == day


def test_the_longest_day_fits_into_an_envelope(tmp_path: Path) -> None:
    terminal = register(tmp_path, number="ABCDEFGH")
    number = receipt(99_999, "ABCDEFGH")
    record = DayRecord(number, CASE_KIND, RecordStanding.WAITING, Outcome.CANCELLED, number)
    paper = DayPaper(number, PaperStanding.NOT_PRINTED)
    day = replace(DAY, issued=99_999, records=(record,) * MAX_DAY_ROWS, papers=(paper,) * MAX_DAY_ROWS)
    data = terminal.sealer(SetClock()).seal_record(day, FIRST).data
    assert len(data) < MAX_ENVELOPE_BYTES
    opened = open_envelope(data, terminal.sealing_key, {terminal.terminal.key_id: terminal.terminal})
    assert isinstance(opened, OpenedEnvelope)
    assert opened.content == day
    assert opened.receipt_code is None
    with pytest.raises(ValueError, match="records"):
        encode_record(replace(day, records=(*day.records, record)))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("issued", -1),
        ("day", "today"),
        ("made_at", "2026-11-20T02:30:00"),
        ("records", [{"receipt": "YL-20261120-0317-00001-X", "kind": "rating", "standing": "sent", "outcome": None}]),
        ("papers", [{"receipt": receipt().value, "standing": "perhaps"}]),
        ("papers", [{"receipt": receipt().value, "standing": "printed", "name": "李淑珍"}]),
    ],
)
def test_one_wrong_member_refuses_the_day(member: str, value: object) -> None:
    members = json.loads(encode_record(DAY))
    members[member] = value
    assert decode_record(json.dumps(members).encode()) is None
