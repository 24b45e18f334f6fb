"""Keys are made once, kept to the owner, and never replaced behind his back."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.wire.keys import (
    KeyUnusable,
    load_gateway_registration,
    load_or_create_sealing_key,
    load_or_create_signing_key,
    load_terminal_registration,
    register_gateway,
    write_registration,
)
from tests.records import TERMINAL, register


def test_a_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "terminal.pem"
    key = load_or_create_signing_key(path)
    again = load_or_create_signing_key(path)
    assert not isinstance(key, KeyUnusable)
    assert not isinstance(again, KeyUnusable)
    assert key.private_bytes_raw() == again.private_bytes_raw()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_an_unusable_key_file_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "terminal.pem"
    path.write_bytes(b"not a key")
    path.chmod(0o600)
    assert load_or_create_signing_key(path) == KeyUnusable("not-a-key")
    assert path.read_bytes() == b"not a key"
    path.chmod(0o644)
    assert load_or_create_signing_key(path) == KeyUnusable("readable-by-others")


def test_a_key_of_the_other_kind_is_refused(tmp_path: Path) -> None:
    load_or_create_sealing_key(tmp_path / "gateway.pem")
    assert load_or_create_signing_key(tmp_path / "gateway.pem") == KeyUnusable("other-kind-of-key")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert load_or_create_signing_key(tmp_path / "file" / "terminal.pem") == KeyUnusable("unreadable")


def test_registrations_carry_public_keys_only(tmp_path: Path) -> None:
    registered = register(tmp_path)
    assert registered.terminal.terminal == TERMINAL
    assert registered.terminal.training
    assert registered.terminal.public_key == registered.signing_key.public_key()
    assert registered.gateway.public_key == registered.sealing_key.public_key()


def test_a_gateway_publishes_the_keys_its_terminals_sign_with(tmp_path: Path) -> None:
    registered = register(tmp_path)
    assert registered.gateway.receipt_keys == {}, "a file of before is read as well"
    earlier = replace(registered.terminal, public_key=Ed25519PrivateKey.generate().public_key())
    other = replace(registered.terminal, terminal="0318")
    published = register_gateway(registered.sealing_key, (registered.terminal, earlier, other))
    write_registration(registered.gateway_file, published)
    gateway = load_gateway_registration(registered.gateway_file)
    assert not isinstance(gateway, KeyUnusable)
    assert gateway.receipt_keys == {
        TERMINAL: (registered.terminal.public_key, earlier.public_key),
        "0318": (registered.terminal.public_key,),
    }


def test_a_published_key_that_is_none_makes_the_file_unusable(tmp_path: Path) -> None:
    registered = register(tmp_path)
    file = json.loads(registered.gateway_file.read_text())
    file["receipt_keys"] = [{"terminal": "0317", "public_key": "c2hvcnQ="}]
    registered.gateway_file.write_text(json.dumps(file))
    assert load_gateway_registration(registered.gateway_file) == KeyUnusable("not-a-registration")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"key_id": "0" * 16}, "key-id-differs"),
        ({"public_key": "c2hvcnQ="}, "not-a-registration"),
        ({"surprise": True}, "not-a-registration"),
    ],
)
def test_an_altered_registration_is_refused(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    registered = register(tmp_path)
    for path in (registered.terminal_file, registered.gateway_file):
        path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert load_terminal_registration(registered.terminal_file) == KeyUnusable(reason)
    assert load_gateway_registration(registered.gateway_file) == KeyUnusable(reason)
    assert load_gateway_registration(tmp_path / "absent") == KeyUnusable("unreadable")
