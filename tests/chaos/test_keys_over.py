"""What is sealed to a key whose time is over, or signed by one that was taken out of service, is refused over HTTP."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from sqlalchemy import MetaData, create_engine

from gateway.app import create_app
from gateway.registry import REMEMBERED_S, Registry
from gateway.sealing_keys import rotate
from gateway.settings import GatewaySettings
from kiosk.wire.envelope import FIRST
from kiosk.wire.key_list import KeyList
from kiosk.wire.keys import key_id, load_or_create_sealing_key
from kiosk.wire.messages import RefusalMessage
from tests.chaos.forging import envelope, parts
from tests.chaos.receiving import CASE, GENUINE, Place
from tests.gateway.serving import serving
from tests.records import SetClock, register


def test_a_revoked_terminal_is_refused_within_seconds_and_what_it_sent_before_stays(tmp_path: Path) -> None:
    own, clock = register(tmp_path), SetClock()
    database = f"sqlite:///{tmp_path}/hall.db"
    known = GatewaySettings(database=database, key=own.gateway_key_file, terminals=(own.terminal_file,), sandbox=True)
    engine, tables = create_engine(database), MetaData()
    with serving(create_app(known, clock)) as address:
        tables.reflect(engine)
        place = Place(own, own, address, engine, tables, clock, b"")
        assert place.send(own.sealer(clock).seal_record(GENUINE, FIRST).data)[0] == 200
        assert Registry(engine, clock).revoke("0317", "stolen") == 1
        clock.forward(REMEMBERED_S)
        before = place.stored()
        late = own.sealer(clock).seal_record(CASE, FIRST).data
        assert place.send(late) == (422, RefusalMessage(reason="revoked", final=False))
        assert place.stored() == before
    engine.dispose()


def test_a_record_sealed_to_a_key_whose_time_is_over_is_refused_and_to_the_one_before_the_newest_taken(
    tmp_path: Path,
) -> None:
    own, clock = register(tmp_path), SetClock()
    database = f"sqlite:///{tmp_path}/hall.db"
    known = GatewaySettings(database=database, key=own.gateway_key_file, terminals=(own.terminal_file,), sandbox=True)
    engine, tables = create_engine(database), MetaData()
    with serving(create_app(known, clock)) as address:
        tables.reflect(engine)
        place = Place(own, own, address, engine, tables, clock, b"")
        second = _turned(place)
        in_time, too_late = (parts(each, "0317", own.signing_key, second) for each in (GENUINE, CASE))
        _turned(place)
        assert place.send(envelope(in_time))[0] == 200
        clock.forward(86_400)
        before = place.stored()
        refused = 422, RefusalMessage(reason="other-gateway", final=False)
        assert place.send(envelope(too_late)) == refused
        _turned(place)
        assert not own.gateway_key_file.with_suffix(f".{key_id(second)}.pem").exists()
        assert place.send(envelope(too_late)) == refused
        assert place.stored() == before
    engine.dispose()


def _turned(place: Place) -> X25519PublicKey:
    """The key that is sealed to from now on; the one before is opened for one more day."""
    turned = rotate(place.own.gateway_key_file, place.clock.now(), opened_days=1)
    assert isinstance(turned, KeyList)
    private = load_or_create_sealing_key(place.own.gateway_key_file.with_suffix(f".{turned.keys[0].key_id}.pem"))
    assert isinstance(private, X25519PrivateKey)
    return private.public_key()
