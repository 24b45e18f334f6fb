"""Records survive the wire exactly, and nothing but a record is taken for one."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.case import EligibilityCase, Finding, ProofSlip, Rating
from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.wire.record import MAX_CROP_BYTES, decode_record, encode_record
from tests.records import eligibility_case, proof, rating

_figures = st.floats(allow_nan=False, allow_infinity=False)
_moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
_cases = st.builds(
    eligibility_case,
    slug=st.sampled_from(["due", "suspended", "rare-name"]),
    counter=st.integers(1, 99_999),
    key=st.uuids().map(str),
    liveness=st.builds(
        LivenessResult,
        st.booleans(),
        st.sampled_from(["turn-left", "nod"]),
        st.dictionaries(st.text(max_size=20), _figures, max_size=5),
    ),
    comparison=st.none() | st.builds(FaceComparison, _figures, _figures, st.integers(0, 20), st.text(max_size=20)),
    finding=st.sampled_from(Finding),
    offline=st.booleans(),
    expired=st.booleans(),
    crop=st.none() | st.binary(max_size=300),
    at=_moments,
)


@given(_cases)
def test_a_case_comes_back_as_it_was(case: EligibilityCase) -> None:
    assert decode_record(encode_record(case)) == case


@pytest.mark.parametrize("record", [rating(), rating(grade=1, tags=()), rating(3, 2, ("207",))])
def test_a_rating_comes_back_as_it_was(record: Rating) -> None:
    assert decode_record(encode_record(record)) == record


@pytest.mark.parametrize("record", [proof(), replace(proof("rare-name", 2), confirmed_on=None, due_on=None)])
def test_a_proof_comes_back_as_it_was(record: ProofSlip) -> None:
    assert decode_record(encode_record(record)) == record


def test_the_same_record_gives_the_same_bytes() -> None:
    case = eligibility_case(key="one")
    assert encode_record(case) == encode_record(eligibility_case(key="one"))


@given(st.binary(max_size=400))
def test_other_bytes_are_no_record(data: bytes) -> None:
    assert decode_record(data) is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("document", "number"), "110105194912310021"),
        (("receipt",), "YL-20261120-0317-00001-X"),
        (("surprise",), 1),
        (("offline",), "yes"),
        (("finding",), "PASSED"),
        (("closed_at",), "2026-11-20T02:30:00"),
        (("crop",), "not base64!"),
        (("consent", "version"), ""),
        (("liveness", "signals"), {"nose_shift": float("inf")}),
    ],
)
def test_one_wrong_member_refuses_the_whole(path: tuple[str, ...], value: object) -> None:
    members = json.loads(encode_record(eligibility_case()))
    place = members
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    assert decode_record(json.dumps(members).encode()) is None


def test_a_picture_beyond_the_bound_is_not_sent() -> None:
    encode_record(eligibility_case(crop=bytes(MAX_CROP_BYTES)))
    with pytest.raises(ValueError, match="crop"):
        encode_record(eligibility_case(crop=bytes(MAX_CROP_BYTES + 3)))
