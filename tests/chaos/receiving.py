"""A gateway that takes or refuses what is sent to it, with its database looked into."""

from dataclasses import dataclass
from typing import Any

import requests
from sqlalchemy import Column, Engine, MetaData, Table, select

from kiosk.wire.messages import Message, parse_answer
from tests.chaos.forging import Parts, parts
from tests.records import Registered, SetClock, eligibility_case

CASE = eligibility_case(key="case-1")
GENUINE = eligibility_case("overdue", 7, key="genuine")


@dataclass(frozen=True)
class Place:
    """A gateway that knows the terminals 0317 and 0318, and has taken one case of the first."""

    own: Registered
    other: Registered
    address: str
    engine: Engine
    tables: MetaData
    clock: SetClock
    taken: bytes

    def send(self, body: bytes, path: str = "/v1/records", digest: str | None = None) -> tuple[int, Message | None]:
        headers = {} if digest is None else {"Content-Digest": digest}
        answer = requests.post(self.address + path, data=body, headers=headers, timeout=60)
        return answer.status_code, parse_answer(answer.content)

    def stored(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, but for how often a known key came."""
        with self.engine.connect() as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(select(*_but_arrivals(table)))), key=repr)
                for table in self.tables.sorted_tables
            }

    def parts(self) -> Parts:
        """Of terminal 0317, genuine so far."""
        return parts(CASE, "0317", self.own.signing_key, self.own.gateway.public_key)


def _but_arrivals(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name != "arrivals"]
