"""From every revision to this version's tables, and nowhere from a newer one."""

from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    create_engine,
    inspect,
    text,
)
from sqlalchemy.types import TypeEngine

from gateway.database import FIRST_REVISION, MIGRATIONS, DatabaseUnusableError, open_database, upgrade
from gateway.schema import METADATA

NOW = datetime(2026, 11, 20, tzinfo=UTC)
REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))]


def _fill(connection: Connection) -> int:
    """One row in every table, made up from the types of its columns; how many."""
    there = MetaData()
    there.reflect(connection)
    tables = [table for table in there.sorted_tables if table.name != "alembic_version"]
    for table in tables:
        connection.execute(table.insert().values({column.name: _made_up(column.type) for column in table.columns}))
    return len(tables)


def _made_up(kind: TypeEngine[Any]) -> object:
    values: tuple[tuple[type[TypeEngine[Any]], object], ...] = (
        (JSON, {}),
        (Boolean, False),
        (Numeric, 1),
        (Integer, 1),
        (DateTime, NOW),
        (Date, NOW.date()),
        (LargeBinary, b"sealed"),
        (String, "A"),
    )
    return next(value for each, value in values if isinstance(kind, each))


def _rows(engine: Engine) -> dict[str, int]:
    there = MetaData()
    there.reflect(engine)
    with engine.connect() as connection:
        return {table.name: _count(connection, table) for table in there.sorted_tables}


def _count(connection: Connection, table: Table) -> int:
    return len(connection.execute(table.select()).all())


def _forget_revision(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    engine.dispose()


def test_the_migrations_lead_to_the_tables_of_this_version(database: str) -> None:
    engine = open_database(database)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_there_is_one_way_through_the_revisions() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert scripts.get_bases() == [FIRST_REVISION]
    assert len(scripts.get_heads()) == 1


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_every_revision_goes_on_with_its_rows(database: str, revision: str) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        upgrade(connection, revision)
        filled = _fill(connection)
    engine.dispose()
    engine = open_database(database)
    rows = _rows(engine)
    assert sum(rows.values()) >= filled + 1
    assert set(METADATA.tables) <= set(rows)
    engine.dispose()
    open_database(database).dispose()


def test_a_database_that_wrote_no_revision_down_is_taken_over(database: str) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        upgrade(connection, FIRST_REVISION)
        _fill(connection)
    engine.dispose()
    _forget_revision(database)
    engine = open_database(database)
    assert _rows(engine)["case_record"] == 1
    assert inspect(engine).has_table("alembic_version")
    engine.dispose()


def test_a_database_of_a_newer_gateway_is_refused_and_left_alone(database: str) -> None:
    engine = open_database(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = _rows(engine)
    engine.dispose()
    with pytest.raises(DatabaseUnusableError, match="newer version"):
        open_database(database)
    engine = create_engine(database)
    assert _rows(engine) == before
    engine.dispose()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["case_record", "desk_record"])
def test_sealed_envelopes_are_stored_without_a_try_to_compress_them(database: str, table: str) -> None:
    engine = open_database(database)
    with engine.begin() as connection:
        asked = "SELECT attstorage::text FROM pg_attribute WHERE attrelid = CAST(:name AS regclass) AND attname = :of"
        assert connection.scalar(text(asked), {"name": table, "of": "envelope"}) == "e"
    engine.dispose()
