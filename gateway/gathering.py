"""Requests that come while others are being answered wait for each other and are answered together, so that a
transaction's way to the disk is gone once for many."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gateway.troubles import GatewayBusyError

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

_MOST_TOGETHER = 128
_AT_ONCE = 2
"""Where a whole batch waits, it is begun while the one before it waits for the disk."""
_MOST_WAITING = 1000
_COMPANY_S = 0.003
"""How long a batch waits to become as large as the one before it: those who were answered together come again
together. Where one came alone before, the next is taken at once."""


@dataclass(slots=True)
class Gathering(Generic[Asked, Answer]):
    """``answer_all`` gives an answer each, in order. It runs in a thread of this, and beside itself in a second where a
    whole batch waits. For one event loop."""

    answer_all: Callable[[Sequence[Asked]], Sequence[Answer]]
    _waiting: deque[tuple[Asked, asyncio.Future[Answer]]] = field(default_factory=deque)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_AT_ONCE, "gathering"))
    _work: set[asyncio.Task[None]] = field(default_factory=set)
    _together: int = 1
    _enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, asked: Asked) -> Answer:
        """Raises GatewayBusyError when too many wait already, and what ``answer_all`` raises."""
        if len(self._waiting) >= _MOST_WAITING:
            raise GatewayBusyError
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((asked, answer))
        if len(self._waiting) >= self._together:
            self._enough.set()
        if not self._work or (len(self._work) < _AT_ONCE and self._whole_batch_waits()):
            task = loop.create_task(self._answer(loop))
            self._work.add(task)
        return await answer

    async def _answer(self, loop: asyncio.AbstractEventLoop) -> None:
        """The last one at work leaves nobody waiting."""
        task = asyncio.current_task(loop)
        assert task is not None
        try:
            while self._waiting and (len(self._work) == 1 or self._whole_batch_waits()):
                await self._company()
                batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST_TOGETHER))]
                if batch:
                    self._together = len(batch)
                    await self._answer_together(loop, batch)
        finally:
            self._work.remove(task)

    def _whole_batch_waits(self) -> bool:
        return len(self._waiting) >= _MOST_TOGETHER

    async def _company(self) -> None:
        if len(self._waiting) >= self._together:
            return
        self._enough.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(_COMPANY_S):
                await self._enough.wait()

    async def _answer_together(
        self, loop: asyncio.AbstractEventLoop, batch: Sequence[tuple[Asked, asyncio.Future[Answer]]]
    ) -> None:
        try:
            answers = await loop.run_in_executor(self._thread, self.answer_all, [asked for asked, _ in batch])
        except Exception as error:  # each asker is told
            for _, waiting in batch:
                if not waiting.done():
                    waiting.set_exception(error)
            return
        for (_, waiting), answer in zip(batch, answers, strict=True):
            if not waiting.done():
                waiting.set_result(answer)
