"""Opens the gateway's database and brings its tables to the schema of this version."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

FIRST_REVISION = "0001"
"""The schema of gateways that made their tables themselves and wrote no revision down."""

MIGRATIONS = Path(__file__).with_name("migrations")
_UPGRADE_LOCK = 0x6B696F736B
"""PostgreSQL's advisory lock under which one process upgrades and the others wait."""

_READING = "hall_reading"


class DatabaseUnusableError(Exception):
    """It cannot be opened, or is of no version this one can go on from; the text names it without its password."""


def open_database(url: str) -> Engine:
    """An engine whose tables are those of this version: made where there are none, brought up to date where an older
    version left them. On SQLite every transaction but those of ``reading`` takes the write lock at once, so that two
    cases of one person are decided one after the other; PostgreSQL locks the person's row. Errors never show what was
    stored. Raises DatabaseUnusableError; the database is then as it was."""
    try:
        engine = create_engine(url, hide_parameters=True)
        shown = make_url(url).render_as_string(hide_password=True)
    except (SQLAlchemyError, ImportError) as problem:
        raise DatabaseUnusableError(f"the database's URL: {type(problem).__name__}") from None
    if engine.dialect.name == "sqlite":
        take_write_lock_at_once(engine)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
            refused = _bring_up_to_date(connection)
    except SQLAlchemyError as problem:
        engine.dispose()
        reason = problem.orig if isinstance(problem, DBAPIError) else type(problem).__name__
        raise DatabaseUnusableError(f"{shown}: {reason}") from None
    if refused is not None:
        engine.dispose()
        raise DatabaseUnusableError(f"{shown}: {refused}")
    return engine


def upgrade(connection: Connection, revision: str = "heads") -> None:
    """Runs the migrations up to ``revision`` in the connection's transaction."""
    command.upgrade(_config(connection), revision)


def take_write_lock_at_once(engine: Engine) -> None:
    """SQLite only: WAL, every commit on the disk, erased rows overwritten."""
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)


def reading(engine: Engine) -> Engine:
    """``engine`` for transactions that only read: on SQLite they take no write lock, so that records are stored while
    staff look at a page; PostgreSQL refuses to change anything in them."""
    return engine.execution_options(**{_READING: True, "postgresql_readonly": True})


def _bring_up_to_date(connection: Connection) -> str | None:
    """None when the tables are those of this version now; otherwise why nothing was done."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    known = {script.revision for script in scripts.walk_revisions()}
    there = set(MigrationContext.configure(connection).get_current_heads())
    if there - known:
        return "made by a newer version of the gateway; start that one"
    if there == set(scripts.get_heads()):
        return None
    if not there:
        lacking = _lacking_of_first(connection)
        if lacking is None:
            command.stamp(_config(connection), FIRST_REVISION)
        elif lacking:
            return f"made by an older version, without {', '.join(lacking)}; keep that file and name a new one"
    upgrade(connection)
    return None


def _lacking_of_first(connection: Connection) -> list[str] | None:
    """Columns of the first revision that a database without a written revision lacks: none where it is empty, None
    where it is of the first revision."""
    there = _columns(connection)
    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with engine.begin() as scratch:
            upgrade(scratch, FIRST_REVISION)
            first = _columns(scratch)
    finally:
        engine.dispose()
    tables = {table for table, _ in first}
    if not any(table in tables for table, _ in there):
        return []
    return [f"{table}.{column}" for table, column in sorted(first - there)] or None


def _columns(connection: Connection) -> set[tuple[str, str]]:
    inspector = inspect(connection)
    return {
        (table, column["name"])
        for table in inspector.get_table_names()
        if table != "alembic_version"
        for column in inspector.get_columns(table)
    }


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _sqlite_begin(connection: Connection) -> None:
    only_reads = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def _sqlite_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA busy_timeout=5000")
