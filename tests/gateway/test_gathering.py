"""Requests that come together are answered together, and each gets its own answer."""

import asyncio
from collections.abc import Sequence

import pytest

from gateway.gathering import Gathering


def test_those_who_come_together_are_answered_together_and_one_alone_at_once() -> None:
    batches: list[int] = []

    def doubled(asked: Sequence[int]) -> list[int]:
        batches.append(len(asked))
        return [2 * each for each in asked]

    async def ask() -> None:
        gathering = Gathering(doubled)
        assert await gathering.ask(1) == 2
        for _ in range(2):
            assert await asyncio.gather(*map(gathering.ask, range(8))) == [2 * each for each in range(8)]
        assert await gathering.ask(3) == 6, "who comes alone after many waits for nobody who does not come"
        assert await asyncio.gather(*map(gathering.ask, range(100))) == [2 * each for each in range(100)]

    asyncio.run(ask())
    assert batches == [1, 8, 8, 1, 64, 36]


def test_what_befalls_a_batch_is_told_to_each_and_the_next_is_answered() -> None:
    def odd_only(asked: Sequence[int]) -> Sequence[int]:
        if any(each % 2 == 0 for each in asked):
            raise ZeroDivisionError
        return asked

    async def ask() -> None:
        gathering = Gathering(odd_only)
        told = await asyncio.gather(*map(gathering.ask, (1, 2, 3)), return_exceptions=True)
        assert [type(each) for each in told] == [ZeroDivisionError] * 3
        with pytest.raises(ZeroDivisionError):
            await gathering.ask(4)
        assert await gathering.ask(5) == 5

    asyncio.run(ask())
