"""``kiosk queue``: what waits for the hall platform, and the way out of a dead letter."""

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kiosk.app.system import SystemClock
from offline_cache.dead_letters import NotExported, NotPutBack, Sheet, export, put_back, put_back_all, sheet
from offline_cache.queue import QueueEntry, entries
from offline_cache.store import StorageTrouble

app = typer.Typer(add_completion=False, no_args_is_help=True, help="What waits for the hall platform; never a body.")

_Database = Annotated[Path, typer.Option(help="the terminal's database file")]
_Key = Annotated[str, typer.Argument(help="the record's key, as `kiosk queue list` tells it")]
_Json = Annotated[bool, typer.Option("--json", help="one JSON object a line")]
_Members = dict[str, str | int | None]


@app.callback()
def queue() -> None:
    """What waits for the hall platform; never a body. All of it may be done beside the running terminal."""


@app.command("list")
def list_records(database: _Database, as_json: _Json = False) -> None:
    """Every undelivered record: key, kind, state, attempts, next time."""
    found = entries(database, SystemClock().now())
    if isinstance(found, StorageTrouble):
        _unreadable(found)
    for entry in found:
        members = _members(entry)
        print(json.dumps(members) if as_json else "  ".join(str(value or "-") for value in members.values()))


@app.command()
def show(key: _Key, database: _Database, as_json: _Json = False) -> None:
    """What is known of one record beside its sealed body."""
    found = sheet(database, key, SystemClock().now())
    if isinstance(found, StorageTrouble):
        _unreadable(found)
    if found is None:
        _fail(f"There is no record {key}.")
    members = _sheet_members(found)
    if as_json:
        print(json.dumps(members))
    else:
        for name, value in members.items():
            print(f"{name.replace('_', ' '):<16}{'-' if value is None else value}")


@app.command()
def retry(
    database: _Database,
    key: Annotated[str | None, typer.Argument(help="the record's key; left out with --dead")] = None,
    dead: Annotated[bool, typer.Option("--dead", help="every dead letter, after a mistake of the hall's")] = False,
) -> None:
    """Put a dead letter back, or have a waiting record tried at once. The terminal notes it in its log."""
    if (key is None) != dead:
        _fail("Name one record, or all with --dead.")
    if key is not None:
        _retry_one(key, database)
        return
    done = put_back_all(database, SystemClock().now())
    if isinstance(done, StorageTrouble):
        _unreadable(done)
    print(f"{done} dead letters are tried again as soon as the line allows.")


def _retry_one(key: str, database: Path) -> None:
    problem = put_back(database, key, SystemClock().now())
    match problem:
        case None:
            print(f"{key} is tried again as soon as the line allows.")
        case StorageTrouble():
            _unreadable(problem)
        case NotPutBack.ABSENT:
            _fail(f"There is no record {key}.")
        case NotPutBack.UNDER_WAY:
            _fail(f"{key} is being sent right now.")


@app.command("export")
def export_record(
    key: _Key,
    database: _Database,
    to: Annotated[Path, typer.Option(help="folder, of a USB stick for example", exists=True, file_okay=False)],
) -> None:
    """Copy a record, sealed as it is, for the staff of the hall's gateway. It stays in the queue."""
    done = export(database, key, to)
    match done:
        case Path():
            print(f"{done}: only the hall's gateway can open it.")
        case StorageTrouble():
            _unreadable(done)
        case NotExported(reason):
            _fail(f"Not copied: {reason}")
        case None:
            _fail(f"There is no record {key}.")


def _members(entry: QueueEntry) -> _Members:
    return {
        "key": entry.key,
        "kind": entry.kind,
        "state": entry.state.value,
        "attempts": entry.attempts,
        "next_at": None if entry.next_at is None else entry.next_at.isoformat(timespec="seconds"),
        "reason": entry.reason,
    }


def _sheet_members(found: Sheet) -> _Members:
    header = found.header
    return {
        **_members(found.entry),
        "receipt": found.receipt,
        "queued_at": found.queued_at.isoformat(timespec="seconds"),
        "bytes": found.size,
        "sha256": found.digest,
        "suite": None if header is None else header.suite,
        "terminal_key": None if header is None else header.terminal_key_id,
        "gateway_key": None if header is None else header.gateway_key_id,
    }


def _unreadable(trouble: StorageTrouble) -> NoReturn:
    _fail(f"The queue cannot be read: {trouble.reason}")


def _fail(words: str) -> NoReturn:
    print(words, file=sys.stderr)
    raise typer.Exit(1)
