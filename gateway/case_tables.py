"""What a batch of cases asks of the tables and changes in them, once for all of it.

On PostgreSQL that is one statement to look and one to write: the way there and back costs as much as deciding several
cases. Any other database is asked in the portable way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic_core import to_json
from sqlalchemy import Connection, Table, bindparam, func, insert, select, union_all, update
from sqlalchemy.dialects import postgresql

from gateway.decide import RosterLine
from gateway.roster import CHANGING, LINE, PERSON, line_of
from gateway.tables import Base, CaseRecord, DeskRecord, ProofRecord
from kiosk.domain.eligibility import ConfirmationSource, RosterStatus

CASE = Base.metadata.tables[CaseRecord.__tablename__]
_NUMBERED = [Base.metadata.tables[each.__tablename__] for each in (CaseRecord, ProofRecord, DeskRecord)]


@dataclass(frozen=True, slots=True)
class Found:
    """Receipt numbers that stand for a record, and the people's lines by their numbers, locked."""

    standing: set[str]
    lines: dict[str, RosterLine]


class CaseTables(Protocol):
    def find(self, connection: Connection, receipts: Sequence[str], numbers: Sequence[str]) -> Found:
        """Lines are locked in their numbers' order, so that batches never wait for each other in a ring."""

    def write(
        self, connection: Connection, rows: Sequence[Mapping[str, Any]], changes: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """``rows`` are new cases, whole but for the id; ``changes`` are columns of people's lines, by number."""


def tables_of(connection: Connection) -> CaseTables:
    return _POSTGRESQL if connection.dialect.name == "postgresql" else _PORTABLE


class _Portable:
    def __init__(self) -> None:
        self._standing = union_all(
            *(
                select(table.c.receipt).where(table.c.receipt.in_(bindparam("receipts", expanding=True)))
                for table in _NUMBERED
            )
        )
        people = select(*LINE).where(PERSON.c.number.in_(bindparam("numbers", expanding=True)))
        self._people = people.order_by(PERSON.c.number).with_for_update()
        new = {
            each.name: func.coalesce(bindparam(f"new_{each.name}", type_=each.type), each)
            for each in (PERSON.c[name] for name in CHANGING)
        }
        self._change = update(PERSON).where(PERSON.c.number == bindparam("changed")).values(new)

    def find(self, connection: Connection, receipts: Sequence[str], numbers: Sequence[str]) -> Found:
        standing = set(connection.scalars(self._standing, {"receipts": receipts}))
        people = connection.execute(self._people, {"numbers": numbers})
        return Found(standing, {each.number: line_of(each) for each in people})

    def write(
        self, connection: Connection, rows: Sequence[Mapping[str, Any]], changes: Mapping[str, Mapping[str, Any]]
    ) -> None:
        if rows:
            connection.execute(insert(CASE), rows)
        if changes:
            connection.execute(
                self._change,
                [
                    {"changed": number, **{f"new_{name}": columns.get(name) for name in CHANGING}}
                    for number, columns in changes.items()
                ],
            )


class _PostgreSQL:
    """Values travel as one array or one JSON document, whatever their number, so that the statements stay prepared."""

    def __init__(self) -> None:
        self._find, self._write = _find_statement(), _write_statement()

    def find(self, connection: Connection, receipts: Sequence[str], numbers: Sequence[str]) -> Found:
        found = Found(set(), {})
        for person, number, *line in connection.exec_driver_sql(self._find, {"receipts": receipts, "numbers": numbers}):
            if person:
                found.lines[number] = _line(*line)
            else:
                found.standing.add(number)
        return found

    def write(
        self, connection: Connection, rows: Sequence[Mapping[str, Any]], changes: Mapping[str, Mapping[str, Any]]
    ) -> None:
        if not rows and not changes:
            return
        values = {
            "envelopes": [row["envelope"] for row in rows],
            "rows": _document({**row, "envelope": None, "outcome": row["outcome"].name} for row in rows),
            "numbers": list(changes),
            "changes": _document({"number": number, **_named(columns)} for number, columns in changes.items()),
        }
        connection.exec_driver_sql(self._write, values)


def _line(name: str, scheme: str, area: str, status: str, *more: Any) -> RosterLine:
    confirmed_on, due_on, source, *others = more
    known_source = None if source is None else ConfirmationSource[source]
    return RosterLine(name, scheme, area, RosterStatus[status], confirmed_on, due_on, known_source, *others)


def _named(columns: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**columns, "source": columns["source"].name} if "source" in columns else columns


def _document(rows: Iterable[Mapping[str, Any]]) -> str:
    return to_json(list(rows)).decode()


def _find_statement() -> str:
    line = ", ".join(column.name for column in LINE)
    nothing = ", NULL" * (len(LINE) - 1)
    standing = " ".join(
        f"UNION ALL SELECT false, receipt{nothing} FROM {table.name} WHERE receipt = any(%(receipts)s)"  # noqa: S608
        for table in _NUMBERED
    )
    return f"""
        WITH people AS (
            SELECT {line} FROM {PERSON.name} WHERE number = any(%(numbers)s) ORDER BY number FOR UPDATE
        )
        SELECT true, {line} FROM people {standing}
    """  # noqa: S608 -- of names in our own tables


def _write_statement() -> str:
    """Envelopes travel as they are, beside the document of the other columns (psycopg's ``%b``). The array of numbers
    says nothing new, but PostgreSQL knows its length beforehand, and looks the lines up instead of reading all."""
    names = [column.name for column in CASE.c if column.name not in ("id", "envelope")]
    listed = ", ".join(names)
    new = ", ".join(f"{name} = coalesce(new.{name}, {PERSON.name}.{name})" for name in CHANGING)
    return f"""
        WITH fresh AS (
            INSERT INTO {CASE.name} ({listed}, envelope)
            SELECT {listed}, envelope FROM ROWS FROM (
                json_to_recordset(%(rows)s::json) AS ({_typed(CASE, names)}), unnest(%(envelopes)b::bytea[])
            ) AS fresh ({listed}, envelope)
        )
        UPDATE {PERSON.name} SET {new}
        FROM json_to_recordset(%(changes)s::json) AS new ({_typed(PERSON, ("number", *CHANGING))})
        WHERE {PERSON.name}.number = any(%(numbers)s) AND {PERSON.name}.number = new.number
    """  # noqa: S608 -- of names in our own tables


def _typed(table: Table, names: Sequence[str]) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return ", ".join(f"{name} {table.c[name].type.compile(dialect)}" for name in names)


_PORTABLE, _POSTGRESQL = _Portable(), _PostgreSQL()
