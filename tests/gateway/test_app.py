"""The gateway's door: who may come in, and how it starts and stops."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from gateway.app import GatewayNotConfiguredError, create_app
from gateway.database import DatabaseUnusableError, open_database
from gateway.settings import GatewaySettings
from kiosk.wire.envelope import FIRST, MAX_ENVELOPE_BYTES
from kiosk.wire.keys import KeyUnusable, load_gateway_registration
from kiosk.wire.messages import (
    HolderQuery,
    Query,
    ReferenceQuery,
    RefusalMessage,
    RosterQuery,
    parse_answer,
)
from tests.gateway.serving import serving
from tests.records import TERMINAL, Registered, SetClock, eligibility_case, receipt, register


def _post(address: str, path: str, body: bytes) -> tuple[int, object]:
    answer = requests.post(f"{address}{path}", data=body, timeout=10)
    return answer.status_code, parse_answer(answer.content)


def _refusal(reason: str, final: bool = True) -> tuple[int, RefusalMessage]:
    return 422, RefusalMessage(reason=reason, final=final)


def test_a_training_terminal_is_refused_by_a_real_hall(
    settings: GatewaySettings, registered: Registered, clock: SetClock
) -> None:
    real = settings.model_copy(update={"sandbox": False})
    with serving(create_app(real, clock)) as address:
        envelope = registered.sealer(clock).seal_record(eligibility_case(), FIRST).data
        assert _post(address, "/v1/records", envelope) == _refusal("training-terminal", final=False)
        assert requests.get(f"{address}/v1/sandbox/records", timeout=10).status_code == 404
        wish = {"number": "11010519491231002X"}
        assert requests.post(f"{address}/v1/sandbox/codes", json=wish, timeout=10).status_code == 404


def test_a_real_terminal_is_refused_by_the_sandbox(tmp_path: Path, clock: SetClock) -> None:
    registered = register(tmp_path, training=False)
    settings = GatewaySettings(
        database=f"sqlite:///{tmp_path}/hall.db",
        key=registered.gateway_key_file,
        terminals=(registered.terminal_file,),
        sandbox=True,
    )
    with serving(create_app(settings, clock)) as address:
        envelope = registered.sealer(clock).seal_record(eligibility_case(), FIRST).data
        assert _post(address, "/v1/records", envelope) == _refusal("sandbox", final=False)


def test_each_door_takes_its_own_kind_only(address: str, registered: Registered, clock: SetClock) -> None:
    sealer = registered.sealer(clock)
    queries: dict[str, Query] = {
        "/v1/roster": RosterQuery(number="11010519491231002X", name="李淑珍"),
        "/v1/holders": HolderQuery.of(b"a code", "ctid"),
        "/v1/references": ReferenceQuery(reference_of="11010519491231002X", name="李淑珍"),
    }
    record = sealer.seal_record(eligibility_case(), FIRST).data
    for own, query in queries.items():
        envelope = sealer.seal_query(query, "asking-1").data
        assert _post(address, own, envelope)[0] == 200
        assert _post(address, "/v1/records", envelope) == _refusal("not-a-record")
        for door in queries.keys() - {own}:
            assert _post(address, door, envelope) == _refusal("not-a-query")
        assert _post(address, own, record) == _refusal("not-a-query")


@pytest.mark.parametrize("code", ["never base64!", "A" * 1368], ids=["not base64", "longer than a code"])
def test_a_code_that_is_none_is_refused_whole(address: str, registered: Registered, clock: SetClock, code: str) -> None:
    query = HolderQuery.model_construct(issuer="ctid", code=code)
    envelope = registered.sealer(clock).seal_query(query, "asking-1").data
    assert _post(address, "/v1/holders", envelope) == _refusal("bad-content")


@pytest.mark.parametrize("path", ["/v1/roster", "/v1/holders", "/v1/references", "/v1/records"])
def test_other_bytes_open_no_door(address: str, path: str) -> None:
    assert _post(address, path, b"") == _refusal("damaged", final=False)
    assert _post(address, path, b"{}\n") == _refusal("not-an-envelope")


def test_a_body_without_end_is_not_read_to_its_end(address: str) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(MAX_ENVELOPE_BYTES // 65536 + 2):
            yield bytes(65536)

    answer = requests.post(f"{address}/v1/records", data=endless(), timeout=10)
    assert (answer.status_code, parse_answer(answer.content)) == _refusal("too-long")


@pytest.mark.parametrize("number", ["YL-20261120-0317-00001-X", "1' OR 1=1", "%00", receipt(7).value])
def test_a_receipt_that_is_not_there_is_unknown(address: str, number: str) -> None:
    answer = requests.get(f"{address}/v1/receipts/{number}", timeout=10)
    assert answer.status_code == 404
    assert answer.json() == {"answer": "receipt-unknown"}


def test_a_registration_that_cannot_be_used_stops_the_start(
    settings: GatewaySettings, registered: Registered, clock: SetClock
) -> None:
    registered.terminal_file.write_text("{}")
    with pytest.raises(GatewayNotConfiguredError, match="not-a-registration"):
        create_app(settings, clock)
    registered.gateway_key_file.chmod(0o644)
    with pytest.raises(GatewayNotConfiguredError, match="readable-by-others"):
        create_app(settings, clock)


def _older(database: Path) -> None:
    """What the first version of the gateway left behind, as far as it matters."""
    open_database(f"sqlite:///{database}").dispose()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TABLE alembic_version")
        connection.execute("DROP TABLE desk_record")
        connection.execute("ALTER TABLE beneficiary DROP COLUMN paused_until")
        connection.execute("ALTER TABLE case_record DROP COLUMN resumes_on")


def test_a_database_of_an_older_version_stops_the_start_and_is_left_as_it_was(
    settings: GatewaySettings, registered: Registered, clock: SetClock
) -> None:
    database = registered.folder / "hall.db"
    _older(database)
    with pytest.raises(GatewayNotConfiguredError, match="older version") as refused:
        create_app(settings, clock)
    told = str(refused.value)
    assert str(database) in told
    assert "beneficiary.paused_until" in told
    assert "case_record.resumes_on" in told
    with closing(sqlite3.connect(database)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "beneficiary" in tables
    assert "desk_record" not in tables


def test_a_database_made_again_by_the_same_version_is_opened(settings: GatewaySettings, clock: SetClock) -> None:
    open_database(settings.database).dispose()
    with serving(create_app(settings, clock)) as address:
        assert requests.get(f"{address}/v1/health", timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:////nowhere/at/all/hall.db", "unable to open"),
        ("sqlite:///{folder}/broken.db", "not a database"),
        ("no address", "URL"),
        ("postgresql+unheard_of://hall:secret@127.0.0.1:9/hall", "URL"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told_without_its_password(tmp_path: Path, url: str, told: str) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database" * 1000)
    with pytest.raises(DatabaseUnusableError, match=told) as refused:
        open_database(url.format(folder=tmp_path))
    assert "secret" not in str(refused.value)


def test_the_command_announces_itself_and_ends_on_sigterm(registered: Registered) -> None:
    command = [sys.executable, "-c", "from kiosk.cli.gateway import app; app()"]
    options = ["--sandbox", "--port", "0", "--database", str(registered.folder / "hall.db")]
    keys = ["--key", str(registered.gateway_key_file), "--terminal", str(registered.terminal_file)]
    with subprocess.Popen([*command, *options, *keys], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())["ready"]
            health = requests.get(f"{ready['address']}/v1/health", timeout=10).json()
            assert health["sandbox"] is True
            gateway = load_gateway_registration(Path(ready["registration"]))
            assert not isinstance(gateway, KeyUnusable)
            assert gateway.key_id == health["gateway_key_id"]
            assert gateway.receipt_keys == {TERMINAL: (registered.terminal.public_key,)}
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_a_command_that_cannot_start_says_why(registered: Registered) -> None:
    _older(registered.folder / "hall.db")
    command = [sys.executable, "-c", "from kiosk.cli.gateway import app; app()"]
    keys = ["--key", str(registered.gateway_key_file), "--terminal", str(registered.terminal_file)]
    finished = subprocess.run(
        [*command, "--database", str(registered.folder / "hall.db"), *keys], check=False, capture_output=True, text=True
    )
    assert finished.returncode == 1
    assert finished.stderr.startswith("The gateway cannot start: ")
    assert "made by an older version" in finished.stderr
    assert "Traceback" not in finished.stderr
