"""``kiosk queue list``: what a technician sees, and never a body."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.cli.queue import app
from kiosk.ports.platform import PlatformRefused, PlatformUnavailable, SealedRecord
from tests.offline_cache.parts import Parts, build
from tests.records import PHOTO, eligibility_case, rating, register


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    parts = build(register(tmp_path))
    yield parts
    parts.close()


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["list", *arguments])
    return result.exit_code, result.output


def test_every_record_is_one_line_beside_the_running_terminal(parts: Parts) -> None:
    def answer(record: SealedRecord) -> PlatformRefused | PlatformUnavailable:
        return PlatformRefused("key-reused") if record.kind == "rating" else PlatformUnavailable("server-error")

    parts.platform.answer = answer
    case = eligibility_case(key="case-1", crop=PHOTO)
    parts.outbox.put(case)
    parts.outbox.put(rating(2, key="rating-1"))
    parts.delivery.run_due()
    parts.outbox.put(rating(3, key="rating-2"))
    code, output = _run("--json", "--database", str(parts.storage.path))
    assert code == 0
    lines = [json.loads(line) for line in output.splitlines()]
    assert [(line["key"], line["kind"], line["state"], line["attempts"], line["reason"]) for line in lines] == [
        ("case-1", "eligibility-case", "waiting", 1, None),
        ("rating-1", "rating", "dead", 1, "key-reused"),
        ("rating-2", "rating", "waiting", 0, None),
    ]
    assert lines[0]["next_at"].startswith("2026-11-20T02:30:02")
    assert case.document.name.value not in output


def test_the_table_for_eyes_has_a_line_each(parts: Parts) -> None:
    parts.outbox.put(rating(2, key="rating-1"))
    code, output = _run("--database", str(parts.storage.path))
    assert code == 0
    assert output.split()[:3] == ["rating-1", "rating", "waiting"]


def test_a_file_that_is_no_queue_is_told(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"something else" * 100)
    for name in ("other", "absent"):
        code, _ = _run("--database", str(tmp_path / name))
        assert code == 1
    assert not (tmp_path / "absent").exists()
