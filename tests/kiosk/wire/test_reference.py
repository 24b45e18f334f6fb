"""A bundle is the hall's, whole and the one that was asked for, or nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.site import Site
from kiosk.wire.reference import MAX_BUNDLE_BYTES, Bundle, BundleProblem, entity_tag, open_bundle, sign_bundle
from kiosk.wire.site_profile import parse_site_profile, with_profile

KEY = Ed25519PrivateKey.generate()
MADE_AT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
BUNDLE = Bundle("guides", 3, MADE_AT, date(2026, 11, 20), b"one\ntwo\n\nthree")
SITE = Site(
    terminal="0317",
    training=False,
    hall="大厅",
    place="一楼",
    agency="社保中心",
    agency_phone="0791-1",
    desk="5 号窗口",
    desk_hours="9:00-17:00",
    verification_url="HTTPS://A.EXAMPLE",
    rules_version="1",
)


@given(st.binary(max_size=200))
def test_a_bundle_comes_back_as_it_was(content: bytes) -> None:
    bundle = replace(BUNDLE, content=content)
    data = sign_bundle(bundle, KEY)
    assert data == sign_bundle(bundle, KEY)
    assert open_bundle(data, "guides", KEY.public_key()) == bundle


@given(place=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_one_changed_byte_refuses_the_whole(place: int, flip: int) -> None:
    data = bytearray(sign_bundle(BUNDLE, KEY))
    place %= len(data)
    data[place] ^= flip
    assert isinstance(open_bundle(bytes(data), "guides", KEY.public_key()), BundleProblem)


@given(st.integers(0, 10_000))
def test_a_torn_bundle_is_none(length: int) -> None:
    data = sign_bundle(BUNDLE, KEY)
    assert isinstance(open_bundle(data[: length % len(data)], "guides", KEY.public_key()), BundleProblem)


@given(st.binary(max_size=300))
def test_other_bytes_are_no_bundle(data: bytes) -> None:
    assert isinstance(open_bundle(data, "guides", KEY.public_key()), BundleProblem)


def test_each_refusal_has_its_reason() -> None:
    data = sign_bundle(BUNDLE, KEY)
    stranger = Ed25519PrivateKey.generate()
    assert open_bundle(data, "questions", KEY.public_key()) is BundleProblem.OTHER_NAME
    assert open_bundle(sign_bundle(BUNDLE, stranger), "guides", KEY.public_key()) is BundleProblem.FORGED
    assert open_bundle(data + b" ", "guides", KEY.public_key()) is BundleProblem.DAMAGED
    assert open_bundle(b"{}\n\n", "guides", KEY.public_key()) is BundleProblem.NOT_A_BUNDLE
    with pytest.raises(ValueError, match="length"):
        sign_bundle(replace(BUNDLE, content=bytes(MAX_BUNDLE_BYTES + 1)), KEY)


def test_every_version_has_a_tag_of_its_own() -> None:
    tags = {entity_tag(sign_bundle(replace(BUNDLE, version=version), KEY)) for version in (1, 2)}
    assert len(tags) == 2


def test_a_profile_changes_what_it_names_and_is_dated() -> None:
    profile = parse_site_profile('{"desk": "8 号窗口", "other_areas": ["东湖区"]}'.encode())
    assert profile is not None
    site = with_profile(SITE, profile, date(2026, 11, 20))
    assert site == replace(SITE, desk="8 号窗口", other_areas=("东湖区",), as_of=date(2026, 11, 20))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"terminal": "0318"}', b'{"training": false}', b'{"answer_days": 0}', b'{"desk": 5}']
)
def test_what_is_no_profile_changes_nothing(content: bytes) -> None:
    assert parse_site_profile(content) is None
