"""Requests that come while others are being answered wait for each other and are answered together, so that a
transaction's way to the disk is gone once for many."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

from gateway.troubles import GatewayBusyError

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

_MOST_TOGETHER = 64
_AT_ONCE = 1
"""Batches under way: one is read and judged while the other waits for the disk."""
_MOST_WAITING = 1000


@dataclass(slots=True)
class Gathering(Generic[Asked, Answer]):
    """``answer_all`` runs in a thread and gives one answer each, in order; an exception among them is the asker's
    alone. For one event loop."""

    answer_all: Callable[[Sequence[Asked]], Sequence[Answer | Exception]]
    _waiting: deque[tuple[Asked, asyncio.Future[Answer]]] = field(default_factory=deque)
    _working: set[asyncio.Task[None]] = field(default_factory=set)

    async def ask(self, asked: Asked) -> Answer:
        """Raises GatewayBusyError when too many wait already, and whatever ``answer_all`` says of this one."""
        if len(self._waiting) >= _MOST_WAITING:
            raise GatewayBusyError
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if len(self._working) < _AT_ONCE:
            task = asyncio.create_task(self._work())
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        return await answer

    async def _work(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST_TOGETHER))]
            try:
                answers = await run_in_threadpool(self.answer_all, [asked for asked, _ in batch])
            except Exception as error:
                answers = [error] * len(batch)
            for (_, waiting), answer in zip(batch, answers, strict=True):
                if waiting.done():
                    continue
                if isinstance(answer, Exception):
                    waiting.set_exception(answer)
                else:
                    waiting.set_result(answer)
