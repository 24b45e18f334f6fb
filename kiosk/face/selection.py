"""Which frames go to the comparison."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A frame of the face track: its sequence, how far the nose was from the centre, how sharp it was."""

    sequence: int
    away: float
    sharpness: float


def chosen_frames(
    before: tuple[Candidate, ...], during: tuple[Candidate, ...], after: tuple[Candidate, ...], wanted: int
) -> tuple[int, ...]:
    """``wanted`` sequences in time order, spread over the session so that no single part of it outvotes the others.

    The face before the turn and the face after it get the same number, the moving face the rest; within each part
    the frames nearest the centre, then the sharpest, win, no two from the same stretch of it.
    """
    still = max(1, (wanted - 1) // 2)
    picked = [*_best(before, still), *_best(during, wanted - 2 * still), *_best(after, still)]
    return tuple(sorted(set(picked)))


def _best(candidates: tuple[Candidate, ...], count: int) -> list[int]:
    stretches = [candidates[len(candidates) * i // count : len(candidates) * (i + 1) // count] for i in range(count)]
    return [min(stretch, key=_order).sequence for stretch in stretches if stretch]


def _order(candidate: Candidate) -> tuple[float, float]:
    return round(candidate.away, 2), -candidate.sharpness
