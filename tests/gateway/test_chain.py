"""A record taken out of a terminal's queue, a copied queue and a new disk each show in the chain."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from gateway.chain import LOOKED_BACK, WAITED_FOR, ChainGaps, Link, chain_of, gaps
from gateway.hall import Hall
from kiosk.wire.envelope import FIRST
from tests.gateway.conftest import Send
from tests.records import START, TERMINAL, SetClock, eligibility_case, rating

LATER = START + WAITED_FOR + timedelta(seconds=1)
WHOLE = ChainGaps(0, 0, 0)


def _chain(length: int) -> list[Link]:
    digests = [FIRST, *(f"{number:064x}" for number in range(1, length + 1))]
    return [Link(digest, before, START) for before, digest in pairwise(digests)]


@given(st.integers(0, 12).flatmap(lambda length: st.permutations(_chain(length))))
def test_a_whole_chain_is_whole_in_any_order(links: list[Link]) -> None:
    assert gaps(links, LATER) == WHOLE


@given(st.integers(3, 12), st.data())
def test_each_record_taken_out_of_the_middle_is_missed_once(length: int, data: st.DataObject) -> None:
    taken = data.draw(st.integers(0, length - 2))
    links = _chain(length)
    del links[taken]
    assert gaps(links, LATER) == ChainGaps(1, 0, 0)
    assert gaps(links, LATER - timedelta(days=1)) == WHOLE, "it may still wait at the terminal"


def test_a_copied_queue_forks_and_a_new_disk_begins_anew() -> None:
    links = _chain(4)
    assert gaps([*links, Link("f" * 64, links[2].digest, START)], LATER) == ChainGaps(0, 1, 0)
    assert gaps([*links, Link("f" * 64, FIRST, START)], LATER) == ChainGaps(0, 0, 1)


def test_the_hall_looks_at_all_records_of_a_terminal(hall: Hall, send: Send) -> None:
    send(eligibility_case("due", 1))
    send(rating(1))
    with Session(hall._engine) as session:
        assert chain_of(session, TERMINAL, LATER) == ChainGaps(0, 0, 1), "the test seals both as first ones"
        assert chain_of(session, "0318", LATER) == WHOLE


def test_what_is_older_than_a_quarter_counts_beside_what_is_new_alone(hall: Hall, send: Send, clock: SetClock) -> None:
    send(eligibility_case("due", 1))
    clock.forward(LOOKED_BACK.total_seconds() + 1)
    send(rating(1))
    with Session(hall._engine) as session:
        assert chain_of(session, TERMINAL, clock.now()) == ChainGaps(0, 0, 1)
    older, recent = _chain(2)
    assert gaps([recent], LATER, [older]) == WHOLE
    assert gaps([recent], LATER) == ChainGaps(1, 0, 0)
    assert gaps([recent], LATER, [older, Link("f" * 64, older.digest, START)]) == ChainGaps(0, 1, 0)
