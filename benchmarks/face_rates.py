"""Error rates of a comparison of faces, and how much the pairs behind them bear (ISO/IEC 19795-1 terms)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

RULE_OF = 30
"""Doddington: a rate is known to within about 30 per cent once this many errors were seen."""

_Z = 1.96


@dataclass(frozen=True, slots=True)
class Rate:
    """``errors`` of ``count`` trials."""

    errors: int
    count: int

    @property
    def share(self) -> float | None:
        return self.errors / self.count if self.count else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Between these the true share lies with 95 % confidence (Wilson's interval)."""
        if not self.count:
            return 0.0, 1.0
        share, n = self.errors / self.count, self.count
        middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        reach = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class Scores:
    """Distances of pairs. A genuine pair in which no face was found has an infinite one; an impostor pair in which none
    was found is left out, for a camera that sees nobody is no merit of the comparison."""

    genuine: Sequence[float]
    impostor: Sequence[float]

    def fmr(self, threshold: float) -> Rate:
        """Impostor pairs at ``threshold`` or nearer."""
        return Rate(sum(distance <= threshold for distance in self.impostor), len(self.impostor))

    def fnmr(self, threshold: float) -> Rate:
        """Genuine pairs further apart."""
        return Rate(sum(distance > threshold for distance in self.genuine), len(self.genuine))

    def eer(self) -> tuple[float, float] | None:
        """The rate at which both errors are equally frequent, and its threshold; None without pairs of both kinds."""
        if not self.genuine or not self.impostor:
            return None
        own, others = np.sort(self.genuine), np.sort(self.impostor)
        thresholds = np.unique(np.concatenate([own, others]))
        thresholds = thresholds[np.isfinite(thresholds)]
        matched = np.searchsorted(others, thresholds, side="right") / len(others)
        missed = 1 - np.searchsorted(own, thresholds, side="right") / len(own)
        at = int(np.abs(matched - missed).argmin())
        return float((matched[at] + missed[at]) / 2), float(thresholds[at])

    def threshold_at(self, fmr: float) -> float | None:
        """The widest threshold with no more than this FMR; None where the impostor pairs are too few to tell."""
        if len(self.impostor) < impostors_needed(fmr):
            return None
        others = sorted(self.impostor)
        allowed = int(fmr * len(others) + 1e-9)
        beyond = others[allowed] if allowed < len(others) else inf
        return max((distance for distance in others if distance < beyond), default=-inf)


def impostors_needed(fmr: float) -> int:
    """So many that ``RULE_OF`` false matches are to be expected."""
    return round(RULE_OF / fmr)
