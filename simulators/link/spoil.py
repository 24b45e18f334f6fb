"""What a bad line does to one connection, told to the byte."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

MAX_DELAY_S = 600.0


class Harm(Enum):
    """DROP: what follows vanishes and nobody is told. TRUNCATE: both ends see the connection end in good order. RESET:
    both see it torn down. DELAY: what follows comes late. DUPLICATE: the request reaches the gateway twice at once.
    REPLAY: it reaches the gateway a second time when the first was answered."""

    DROP = "drop"
    TRUNCATE = "truncate"
    RESET = "reset"
    DELAY = "delay"
    DUPLICATE = "duplicate"
    REPLAY = "replay"


class Way(Enum):
    """The request's way, or the answer's."""

    TO_GATEWAY = "to-gateway"
    BACK = "back"


WHOLE_REQUEST = frozenset({Harm.DUPLICATE, Harm.REPLAY})
"""Harms that take the request as it is: their byte does not matter, their way is to the gateway."""

HARMS = tuple((harm, way) for harm in Harm for way in Way if way is Way.TO_GATEWAY or harm not in WHOLE_REQUEST)
"""Every harm there is, with its way."""


@dataclass(frozen=True, slots=True)
class Spoil:
    """``at`` bytes of that way arrive unharmed, then ``harm`` strikes; a shorter connection is spared. ``seconds`` are
    a DELAY's."""

    harm: Harm
    way: Way
    at: int
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.at < 0:
            raise ValueError("at must be 0 or more")
        if not 0 <= self.seconds <= MAX_DELAY_S:
            raise ValueError("seconds must be 0 to 600")
        if self.harm in WHOLE_REQUEST and self.way is not Way.TO_GATEWAY:
            raise ValueError("a whole request must be on its way to the gateway")


def dealt(
    seed: int, share: float, request_bytes: int = 2500, answer_bytes: int = 350, delay_s: float = 0.02
) -> Iterator[Spoil | None]:
    """For connection after connection, without end: a harm of any kind for ``share`` (0 to 1) of them, at any byte of
    the first ``request_bytes`` or ``answer_bytes``. The same seed deals the same."""
    dice = random.Random(seed)
    while True:
        harm, way = dice.choice(HARMS)
        strikes = dice.random() < share
        at = dice.randrange(request_bytes if way is Way.TO_GATEWAY else answer_bytes)
        yield Spoil(harm, way, at, delay_s if harm is Harm.DELAY else 0.0) if strikes else None
