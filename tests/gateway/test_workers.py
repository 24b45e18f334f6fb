"""Several workers on one port and one PostgreSQL: none of them knows of the other, and the hall is one."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from benchmarks.postgres import Cluster
from gateway.database import open_database
from gateway.hall import Hall
from gateway.settings import DecisionPolicy
from gateway.tables import CaseRecord
from kiosk.app.system import SystemClock
from kiosk.wire.envelope import FIRST
from tests.records import Registered, eligibility_case, register

COMMAND = [sys.executable, "-c", "from kiosk.cli.gateway import app; app()"]


@dataclass(frozen=True, slots=True)
class Workers:
    address: str
    database: str
    registered: Registered


@pytest.fixture
def workers(postgres: Cluster, tmp_path: Path) -> Iterator[Workers]:
    registered = register(tmp_path, training=False)
    database = postgres.new_database()
    engine = open_database(database)
    Hall(engine, DecisionPolicy(), SystemClock()).settle_sandbox()
    engine.dispose()
    options = tmp_path / "gateway.toml"
    options.write_text(
        f'database = "{database}"\nkey = "{registered.gateway_key_file}"\nport = 0\nworkers = 2\n'
        f'terminals = ["{registered.terminal_file}"]\n'
    )
    with subprocess.Popen([*COMMAND, "--settings", str(options)], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield Workers(json.loads(process.stdout.readline())["ready"]["address"], database, registered)
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def _all_at_once(workers: Workers, envelopes: list[bytes]) -> list[dict[str, object]]:
    """Each over a connection of its own, so that both workers have some."""

    def post(envelope: bytes) -> dict[str, object]:
        answer = requests.post(f"{workers.address}/v1/records", data=envelope, timeout=60)
        told: dict[str, object] = answer.json()
        return told

    with ThreadPoolExecutor(len(envelopes)) as threads:
        return list(threads.map(post, envelopes))


def test_one_key_one_person_and_one_receipt_stay_one_among_workers(workers: Workers) -> None:
    clock = SystemClock()
    sealer = workers.registered.sealer(clock)
    now = clock.now()

    def sealed(*cases: object) -> list[bytes]:
        return [sealer.seal_record(case, FIRST).data for case in cases]  # type: ignore[arg-type]

    one_key = eligibility_case("due", 1, key="one", at=now)
    told = _all_at_once(workers, sealed(*[one_key] * 8))
    assert told == [told[0]] * 8
    assert told[0]["outcome"] == "PASSED"
    one_person = [eligibility_case("due-2", counter, at=now) for counter in range(2, 10)]
    outcomes = Counter(str(each["outcome"]) for each in _all_at_once(workers, sealed(*one_person)))
    assert outcomes == {"PASSED": 1, "CANCELLED": 7}
    one_receipt = [replace(eligibility_case(slug, 10, at=now)) for slug in ("due-3", "due-4", "due-5", "due-6")]
    answers = Counter(str(each.get("reason", "taken")) for each in _all_at_once(workers, sealed(*one_receipt)))
    assert answers == {"taken": 1, "receipt-reused": 3}
    engine = create_engine(workers.database)
    with Session(engine) as session:
        assert session.scalar(select(func.count(CaseRecord.id))) == 10
        assert session.scalar(select(CaseRecord.arrivals).where(CaseRecord.key == "one")) == 8
    engine.dispose()
    figures = requests.get(f"{workers.address}/metrics", timeout=60).text
    assert 'hall_records_total{kind="eligibility-case",outcome="passed"} 10.0' in figures, "of both workers together"


def test_several_workers_need_a_server_below(tmp_path: Path) -> None:
    flags = ["--database", str(tmp_path / "hall.db"), "--key", str(tmp_path / "key.pem"), "--workers", "2"]
    finished = subprocess.run([*COMMAND, *flags], check=False, capture_output=True, text=True)
    assert finished.returncode == 1
    assert finished.stderr.startswith("The gateway cannot start: ")
    assert "PostgreSQL" in finished.stderr


def test_an_option_nobody_knows_stops_the_start(tmp_path: Path) -> None:
    options = tmp_path / "gateway.toml"
    options.write_text('database = "sqlite:///x.db"\nkey = "key.pem"\nprot = 1\n')
    finished = subprocess.run([*COMMAND, "--settings", str(options)], check=False, capture_output=True, text=True)
    assert (finished.returncode, "prot" in finished.stderr) == (1, True)
