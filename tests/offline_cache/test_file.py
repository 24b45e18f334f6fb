"""What lies on the disk: nothing of a citizen, and nothing at all once it is delivered."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kiosk.ports.platform import SealedRecord
from kiosk.wire.envelope import FIRST
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from kiosk.wire.record import canonical
from kiosk.wire.staff_answer import terminal_staff_key
from tests.offline_cache.parts import Parts, build
from tests.records import PHOTO, Registered, eligibility_case, rating

HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _on_disk(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_no_number_name_address_or_face_is_readable(parts: Parts) -> None:
    case = eligibility_case("rare-name", offline=True, crop=PHOTO)
    parts.outbox.put(case)
    parts.outbox.put(rating(2))
    stored = _on_disk(parts.storage.path)
    document = case.document
    assert case.key.encode() in stored, "the key is there: the right file was searched"
    secrets = (document.number.value, document.name.value, document.address, document.authority)
    for secret in secrets:
        for encoding in ("utf-8", "gb18030", "utf-16-le"):
            assert secret.encode(encoding) not in stored
    assert document.number.value[6:14].encode() not in stored
    assert PHOTO not in stored
    assert PHOTO[:24] not in stored


def test_the_terminals_own_keys_open_nothing_of_it(parts: Parts, registered: Registered) -> None:
    """With everything a thief of the machine has: the file, the signing key, and the key that is derived of it."""
    case = eligibility_case(crop=PHOTO)
    parts.outbox.put(case)
    sealed = parts.queue.lease(case.key)
    assert isinstance(sealed, SealedRecord)
    header, _, body = sealed.envelope.partition(b"\n")
    members = json.loads(header)
    names = canonical({name: value for name, value in members.items() if name not in ("length", "sha256")})
    assert case.key.encode() in HPKE.decrypt(body, registered.sealing_key, info=names), "the gateway's key opens it"
    raw = registered.signing_key.private_bytes_raw()
    for key in (terminal_staff_key(registered.signing_key), X25519PrivateKey.from_private_bytes(raw)):
        with pytest.raises(InvalidTag):
            HPKE.decrypt(body, key, info=names)
    for readable in (PHOTO, PHOTO[:24], case.document.number.value.encode(), case.document.name.value.encode()):
        assert base64.b64encode(readable)[:-4] not in _on_disk(parts.storage.path)


@pytest.mark.parametrize("foreground", [False, True])
def test_a_delivered_record_leaves_no_byte_behind(parts: Parts, foreground: bool) -> None:
    parts.outbox.put(eligibility_case(crop=PHOTO * 30))
    sealed = parts.queue.lease(parts.queue.due()[0])
    assert isinstance(sealed, SealedRecord)
    samples = [sealed.envelope[place : place + 64] for place in range(0, len(sealed.envelope) - 64, 4096)]
    assert all(sample in _on_disk(parts.storage.path) for sample in samples)
    parts.clock.forward(3600)
    if foreground:
        parts.outbox.deliver(sealed.key, 5.0)
    parts.delivery.run_due()
    assert parts.outbox.waiting() == 0
    assert not any(sample in _on_disk(parts.storage.path) for sample in samples)


def test_each_record_names_the_one_before_it_also_over_a_restart(registered: Registered) -> None:
    links = []
    for counter in range(4):
        parts = build(registered)
        parts.outbox.put(rating(counter + 1, key=f"rating-{counter}"))
        parts.close()
    parts = build(registered)
    parts.delivery.run_due()
    for record in parts.platform.sent:
        opened = open_envelope(
            record.envelope, registered.sealing_key, {registered.terminal.key_id: registered.terminal}
        )
        assert isinstance(opened, OpenedEnvelope)
        links.append((opened.previous, opened.digest))
    parts.close()
    assert links[0][0] == FIRST
    assert [previous for previous, _ in links[1:]] == [digest for _, digest in links[:-1]]
