"""Records survive the wire exactly, and nothing but a record is taken for one."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.case import (
    Consent,
    DeskReason,
    DeskReferral,
    EligibilityCase,
    Finding,
    Helper,
    HomeVisitRequest,
    ProofSlip,
    Rating,
    VoidedNumber,
)
from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.domain.identity_document import IdentityWay
from kiosk.domain.person_name import PersonName
from kiosk.ports.outbox import Record
from kiosk.wire.record import decode_record, encode_record
from kiosk.wire.record_messages import MAX_CHIP_PHOTO_BYTES, MAX_CROP_BYTES
from tests.records import START, desk_referral, eligibility_case, home_visit, person, proof, rating, receipt

_figures = st.floats(allow_nan=False, allow_infinity=False)
_moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
_names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).map(PersonName)
_keys = st.uuids().map(str)
_receipts = st.builds(receipt, st.integers(1, 99_999))
_consents = st.builds(Consent, st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20), _moments)
_plain_cases = st.builds(
    eligibility_case,
    slug=st.sampled_from(["due", "suspended", "rare-name"]),
    counter=st.integers(1, 99_999),
    key=_keys,
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
_cases = st.builds(
    replace,
    _plain_cases,
    identified_by=st.sampled_from(IdentityWay),
    keeping=st.none() | _consents,
    chip_photo=st.none() | st.binary(max_size=MAX_CHIP_PHOTO_BYTES),
    reference_digest=st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex),
    resume=st.booleans(),
    helper=st.none() | st.builds(Helper, _names, st.just(person("helper").number)),
)
_referrals = st.builds(
    DeskReferral,
    _keys,
    _receipts,
    st.sampled_from(DeskReason),
    st.sampled_from([person("renamed").number, person("other-province").number]),
    st.none() | _names,
    _moments,
)
_visits = st.builds(
    HomeVisitRequest,
    key=_keys,
    receipt=_receipts,
    document=st.just(person("bedridden").document(date(2026, 11, 20))),
    phone=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    wished_on=st.dates(),
    asked_at=_moments,
)
_voids = st.builds(
    VoidedNumber,
    key=_keys,
    receipt=_receipts,
    reason=st.sampled_from(["print-unknown", "retracted"]),
    voided_at=_moments,
    replaced_by=st.none() | _receipts,
    staff=st.from_regex(r"[0-9A-Za-z]{0,16}", fullmatch=True),
    way=st.sampled_from(["", "pin", "challenge"]),
)


@given(_cases)
def test_a_case_comes_back_as_it_was(case: EligibilityCase) -> None:
    assert decode_record(encode_record(case)) == case


@given(_referrals | _visits)
def test_what_goes_to_a_desk_comes_back_as_it_was(record: DeskReferral | HomeVisitRequest) -> None:
    assert decode_record(encode_record(record)) == record


@pytest.mark.parametrize("record", [rating(), rating(grade=1, tags=()), rating(3, 2, ("207",))])
def test_a_rating_comes_back_as_it_was(record: Rating) -> None:
    assert decode_record(encode_record(record)) == record


@pytest.mark.parametrize("record", [proof(), replace(proof("rare-name", 2), confirmed_on=None, due_on=None)])
def test_a_proof_comes_back_as_it_was(record: ProofSlip) -> None:
    assert decode_record(encode_record(record)) == record


@given(_voids)
def test_a_voided_number_comes_back_as_it_was(record: VoidedNumber) -> None:
    assert decode_record(encode_record(record)) == record


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("reason", "the printer said nothing"),
        ("replaced_by", "YL-20261120-0317-00002-X"),
        ("replaced_by", ""),
        ("staff", "李淑珍"),
        ("way", "face"),
        ("voided_at", "2026-11-20T02:30:00"),
    ],
)
def test_one_wrong_member_refuses_a_voided_number(member: str, value: object) -> None:
    void = VoidedNumber("void-1", receipt(1), "print-unknown", START, receipt(2), "1001", "pin")
    assert decode_record(_altered(void, (member,), value)) is None


def test_a_way_nobody_agreed_on_is_not_sent() -> None:
    with pytest.raises(ValueError, match="way"):
        encode_record(VoidedNumber("void-1", receipt(1), "print-unknown", START, receipt(2), "1001", "face"))


def test_the_same_record_gives_the_same_bytes() -> None:
    case = eligibility_case(key="one")
    assert encode_record(case) == encode_record(eligibility_case(key="one"))


@given(st.binary(max_size=400))
def test_other_bytes_are_no_record(data: bytes) -> None:
    assert decode_record(data) is None


def _altered(record: Record, path: tuple[str, ...], value: object) -> bytes:
    members = json.loads(encode_record(record))
    place = members
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return json.dumps(members).encode()


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
        (("identified_by",), "FACE"),
        (("keeping",), {"version": "1"}),
        (("chip_photo",), "not base64!"),
        (("chip_photo",), "A" * 1368),
        (("reference_digest",), "0F" * 32),
        (("resume",), 1),
        (("helper",), {"name": "邓小艳", "number": "100101198803210021"}),
        (("helper",), {"name": "邓小艳", "number": "100101198803210020", "phone": "1"}),
    ],
)
def test_one_wrong_member_refuses_the_whole(path: tuple[str, ...], value: object) -> None:
    assert decode_record(_altered(eligibility_case(), path, value)) is None


@pytest.mark.parametrize(
    ("record", "member", "value"),
    [
        (desk_referral(), "reason", "any"),
        (desk_referral(), "number", "110105194912310021"),
        (desk_referral(), "name", "长" * 65),
        (desk_referral(), "phone", "13800002071"),
        (desk_referral(), "kind", "home-visit"),
        (home_visit(), "phone", "110"),
        (home_visit(), "phone", "13800002071\n"),
        (home_visit(), "phone", "１３８００００２０７１"),
        (home_visit(), "wished_on", "tomorrow"),
        (home_visit(), "document", None),
    ],
)
def test_one_wrong_member_refuses_what_goes_to_a_desk(record: Record, member: str, value: object) -> None:
    assert decode_record(_altered(record, (member,), value)) is None


def test_a_case_queued_before_an_update_still_arrives() -> None:
    """Terminals learned of the later members by an update, with records waiting on disk."""
    case = eligibility_case()
    members = json.loads(encode_record(case))
    for later in ("identified_by", "keeping", "chip_photo", "reference_digest", "resume", "helper"):
        del members[later]
    assert decode_record(json.dumps(members).encode()) == case


def test_a_picture_beyond_the_bound_is_not_sent() -> None:
    longest = replace(eligibility_case(crop=bytes(MAX_CROP_BYTES)), chip_photo=bytes(MAX_CHIP_PHOTO_BYTES))
    assert decode_record(encode_record(longest)) == longest
    for beyond in (
        replace(longest, crop=bytes(MAX_CROP_BYTES + 1)),
        replace(longest, chip_photo=bytes(MAX_CHIP_PHOTO_BYTES + 1)),
    ):
        with pytest.raises(ValueError, match="too long"):
            encode_record(beyond)
