"""``kiosk queue``: what a technician sees, never a body, and how a dead letter is brought back."""

import hashlib
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.cli.queue import app
from kiosk.domain.audit_event import EventName
from kiosk.ports.platform import PlatformRefused, PlatformUnavailable, SealedRecord
from kiosk.wire import keys
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from tests.offline_cache.parts import DECIDED, Parts, build
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


def _call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_a_record_is_shown_without_its_body(parts: Parts) -> None:
    case = eligibility_case(key="case-1", crop=PHOTO)
    parts.outbox.put(case)
    code, output = _call("show", "case-1", "--json", "--database", str(parts.storage.path))
    assert code == 0
    told = json.loads(output)
    assert (told["receipt"], told["kind"], told["state"]) == (case.receipt.value, "eligibility-case", "waiting")
    record = parts.queue.lease("case-1")
    assert isinstance(record, SealedRecord)
    assert (told["bytes"], told["sha256"]) == (len(record.envelope), hashlib.sha256(record.envelope).hexdigest())
    assert told["gateway_key"] == keys.key_id(parts.registered.gateway.public_key)
    code, output = _call("show", "case-1", "--database", str(parts.storage.path))
    assert code == 0
    assert "attempts        1" in output
    assert case.document.name.value not in output


def test_a_dead_letter_is_put_back_beside_the_running_terminal_which_notes_it(parts: Parts) -> None:
    parts.platform.answer = lambda _: PlatformRefused("unknown-terminal")
    case = eligibility_case(key="case-1")
    parts.outbox.put(case)
    parts.delivery.run_due()
    parts.platform.answer = lambda _: DECIDED
    assert _call("retry", "case-1", "--database", str(parts.storage.path))[0] == 0
    parts.clock.forward(timedelta(days=365).total_seconds())
    parts.delivery.run_due()
    assert parts.outbox.waiting() == 0
    assert [record.key for record in parts.platform.sent] == ["case-1", "case-1"]
    noted = [event.receipt for event in parts.audit.events if event.name is EventName.RECORD_PUT_BACK]
    assert noted == [case.receipt.value], "once"


def test_all_dead_letters_are_put_back_after_a_mistake_of_the_hall_s(parts: Parts) -> None:
    parts.platform.answer = lambda _: PlatformRefused("unknown-terminal")
    for counter in range(1, 6):
        parts.outbox.put(rating(counter, key=f"rating-{counter}"))
    parts.delivery.run_due()
    parts.platform.answer = lambda _: DECIDED
    code, output = _call("retry", "--dead", "--database", str(parts.storage.path))
    assert (code, output) == (0, "5 dead letters are tried again as soon as the line allows.\n")
    parts.clock.forward(timedelta(days=365).total_seconds())
    parts.delivery.run_due()
    assert parts.outbox.waiting() == 0
    assert [event.name for event in parts.audit.events].count(EventName.RECORD_PUT_BACK) == 5


@pytest.mark.parametrize("names", [(), ("rating-1", "--dead")])
def test_a_retry_names_one_or_all(parts: Parts, names: tuple[str, ...]) -> None:
    code, output = _call("retry", *names, "--database", str(parts.storage.path))
    assert (code, output) == (1, "Name one record, or all with --dead.\n")


def test_a_record_that_is_being_sent_is_left_alone(parts: Parts) -> None:
    parts.clock.forward(max(0.0, time.time() - parts.clock.now().timestamp()))
    parts.outbox.put(rating(key="rating-1"))
    parts.queue.lease("rating-1")
    code, output = _call("retry", "rating-1", "--database", str(parts.storage.path))
    assert (code, output) == (1, "rating-1 is being sent right now.\n")


def test_an_exported_record_can_be_opened_by_the_gateway_only_and_stays(parts: Parts, tmp_path: Path) -> None:
    parts.platform.answer = lambda _: PlatformRefused("key-reused")
    case = eligibility_case(key="case-1", crop=PHOTO)
    parts.outbox.put(case)
    parts.delivery.run_due()
    stick = tmp_path / "stick"
    stick.mkdir()
    code, _ = _call("export", "case-1", "--database", str(parts.storage.path), "--to", str(stick))
    assert code == 0
    assert [path.name for path in stick.iterdir()] == ["case-1.envelope"]
    sealed = (stick / "case-1.envelope").read_bytes()
    known = {keys.key_id(parts.registered.terminal.public_key): parts.registered.terminal}
    opened = open_envelope(sealed, parts.registered.sealing_key, known)
    assert isinstance(opened, OpenedEnvelope)
    assert opened.content == case
    assert case.document.name.value.encode() not in sealed
    assert "dead" in _run("--database", str(parts.storage.path))[1]


@pytest.mark.parametrize("command", [("show",), ("retry",), ("export", "--to", ".")])
def test_a_record_that_is_not_there_is_told(parts: Parts, command: tuple[str, ...]) -> None:
    parts.outbox.put(rating(key="rating-1"))
    code, output = _call(*command, "absent", "--database", str(parts.storage.path))
    assert (code, output) == (1, "There is no record absent.\n")


@pytest.mark.parametrize("command", [("show",), ("retry",), ("export", "--to", ".")])
def test_no_command_makes_or_changes_a_file_that_is_no_queue(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "other").write_bytes(b"something else" * 100)
    for name in ("other", "absent"):
        assert _call(*command, "any", "--database", str(tmp_path / name))[0] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["other"]
    assert (tmp_path / "other").read_bytes() == b"something else" * 100


def test_a_stick_without_room_is_told_and_left_clean(parts: Parts, tmp_path: Path) -> None:
    parts.outbox.put(rating(key="rating-1"))
    stick = tmp_path / "stick"
    (stick / "rating-1.envelope").mkdir(parents=True)
    code, output = _call("export", "rating-1", "--database", str(parts.storage.path), "--to", str(stick))
    assert code == 1
    assert output.startswith("Not copied: ")
    assert [path.name for path in stick.iterdir()] == ["rating-1.envelope"]
