"""Requests that come together are answered together, and each gets its own answer."""

import asyncio
import threading
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
        assert await asyncio.gather(*map(gathering.ask, range(200))) == [2 * each for each in range(200)]

    asyncio.run(ask())
    assert batches == [1, 8, 8, 1, 128, 72]


def test_a_second_batch_goes_beside_the_first_only_when_it_is_whole() -> None:
    begun: list[int] = []
    whole_begun, released = threading.Event(), threading.Event()

    def kept_waiting(asked: Sequence[int]) -> Sequence[int]:
        begun.append(len(asked))
        if len(asked) == 128:
            whole_begun.set()
        assert released.wait(30)
        return asked

    async def ask() -> None:
        gathering = Gathering(kept_waiting)
        first = asyncio.create_task(gathering.ask(0))
        while not begun:
            await asyncio.sleep(0)
        others = [asyncio.create_task(gathering.ask(each)) for each in range(1, 128)]
        await asyncio.sleep(0)
        assert begun == [1], "127 wait for the one before them"
        others += [asyncio.create_task(gathering.ask(each)) for each in range(128, 300)]
        while not whole_begun.is_set():
            await asyncio.sleep(0)
        released.set()
        assert await asyncio.gather(first, *others) == list(range(300))

    asyncio.run(ask())
    assert begun == [1, 128, 128, 43]


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


@pytest.mark.parametrize("failing", [0, 128])
def test_of_two_batches_at_work_one_that_fails_costs_the_other_no_answer(failing: int) -> None:
    both = threading.Barrier(2, timeout=30)

    def one_fails(asked: Sequence[int]) -> Sequence[int]:
        if asked[0] in (0, 128):
            both.wait()
        if asked[0] == failing:
            raise ZeroDivisionError
        return asked

    async def ask() -> None:
        gathering = Gathering(one_fails)
        told = await asyncio.gather(*map(gathering.ask, range(256)), return_exceptions=True)
        failed = range(failing, failing + 128)
        assert [at for at, each in enumerate(told) if isinstance(each, ZeroDivisionError)] == list(failed)
        assert [each for each in told if isinstance(each, int)] == [each for each in range(256) if each not in failed]
        assert await gathering.ask(300) == 300
        assert await asyncio.gather(*map(gathering.ask, range(300, 600))) == list(range(300, 600))

    asyncio.run(ask())
