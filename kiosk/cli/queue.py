"""``kiosk queue``: what waits for the hall platform."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from kiosk.app.system import SystemClock
from offline_cache.queue import QueueEntry, entries
from offline_cache.store import StorageTrouble

app = typer.Typer(add_completion=False, no_args_is_help=True, help="What waits for the hall platform; never a body.")


@app.callback()
def queue() -> None:
    """What waits for the hall platform; never a body."""


@app.command("list")
def list_records(
    database: Annotated[Path, typer.Option(help="the terminal's database file")],
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Every undelivered record: key, kind, state, attempts, next time."""
    found = entries(database, SystemClock().now())
    if isinstance(found, StorageTrouble):
        print(f"The queue cannot be read: {found.reason}", file=sys.stderr)
        raise typer.Exit(1)
    for entry in found:
        print(json.dumps(_members(entry)) if as_json else "  ".join(str(value or "-") for value in _row(entry)))


def _members(entry: QueueEntry) -> dict[str, str | int | None]:
    return dict(zip(("key", "kind", "state", "attempts", "next_at", "reason"), _row(entry), strict=True))


def _row(entry: QueueEntry) -> tuple[str | int | None, ...]:
    next_at = None if entry.next_at is None else entry.next_at.isoformat(timespec="seconds")
    return (entry.key, entry.kind, entry.state.value, entry.attempts, next_at, entry.reason)
