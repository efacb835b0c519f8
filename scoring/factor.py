"""One common factor by maximum likelihood, for omega (measurement design, 3.8, P16)."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.arrays import Flags, Floats, Integers

SMALLEST: Final = 0.005
"""The smallest error variance of an item, as a share of its own variance."""

_LOWEST = float(np.log(SMALLEST))
_HALVINGS = 20
_ROUNDING = 1e-9
_PRECISION = 1e-14
_SINGULAR = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Factor:
    """Loadings and uniquenesses (items,) of standardised items; the loadings add up to 0 or more.

    `heywood` tells that a uniqueness is at its bound.
    """

    loadings: Floats
    uniquenesses: Floats
    heywood: bool


class _Places:
    """Where the fits of several matrices stand: logarithms of the uniquenesses (matrices, items), with the discrepancy
    there (matrices,), its slope (matrices, items) and its curvature (matrices, items, items)."""

    def __init__(self, correlations: Floats, log_psi: Floats) -> None:
        values, vectors = _eigen(correlations, log_psi)
        g, w = values[:, :-1], vectors[:, :, :-1]
        self.log_psi = log_psi
        self.value: Floats = (g - np.log(g) - 1).sum(axis=1)
        self.slope: Floats = (w**2 @ (1 - g)[:, :, np.newaxis])[:, :, 0]
        self.curve: Floats = (w @ w.swapaxes(1, 2)) ** 2

    def put(self, at: Integers, other: "_Places", which: Flags) -> None:
        """Puts some of other places in here."""
        self.log_psi[at], self.value[at] = other.log_psi[which], other.value[which]
        self.slope[at], self.curve[at] = other.slope[which], other.curve[which]


def one_factor(correlation: Floats, *, steps: int = 500) -> Factor | None:
    """The factor of a correlation matrix (items x items) of 3 or more items: `factors` of this one."""
    (found,) = factors(correlation[np.newaxis], steps=steps)
    return found


def factors(correlations: Floats, *, steps: int = 500) -> list[Factor | None]:
    """The factor of each of some correlation matrices (matrices, items, items) of 3 or more items.

    None for a singular matrix, and where so many steps don't come to an end.

    With the uniquenesses psi, and g and w the eigenvalues and eigenvectors of Psi^-1/2 R Psi^-1/2 without the largest,
    the likelihood is best where f = sum (g - log g - 1) is smallest (Joreskog 1967). Newton's steps in log psi, with
    slopes sum_m (1 - g_m) w_im^2 and curvatures (sum_m w_im w_jm)^2; each psi stays between .005 and 1, and a step that
    does not lessen f is halved. The loadings are those of the largest eigenvalue: sqrt(psi_i (g - 1)) w_i.
    """
    found: list[Factor | None] = [None] * len(correlations)
    regular = np.flatnonzero(np.linalg.eigvalsh(correlations)[:, 0] >= _SINGULAR)
    of = correlations[regular]
    unique = (1 - 0.5 / of.shape[1]) / np.diagonal(np.linalg.inv(of), axis1=1, axis2=2)
    here = _Places(of, np.log(np.clip(unique, SMALLEST, 1.0)))
    moving = np.arange(len(of))
    for _ in range(steps):
        moved = _improved(of, here, moving)
        for one in moving[~moved].tolist():
            found[regular[one]] = _factor(of[one], here.log_psi[one])
        moving = moving[moved]
        if not moving.size:
            break
    return found


def _eigen(correlations: Floats, log_psi: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues, the largest last, and eigenvectors in columns, of each matrix scaled by its uniquenesses."""
    scale = np.exp(-log_psi / 2)
    values, vectors = np.linalg.eigh(correlations * (scale[:, :, np.newaxis] * scale[:, np.newaxis, :]))
    return values, vectors


def _improved(correlations: Floats, here: _Places, moving: Integers) -> Flags:
    """Moves those of the places to smaller discrepancies that have any within the bounds, and tells which these are."""
    step = _steps(here, moving)
    # What the step promises to win; below this the discrepancy's own rounding would decide.
    tried = np.flatnonzero(-(here.slope[moving] * step).sum(axis=1) >= _PRECISION)
    moved = np.zeros(moving.size, dtype=np.bool_)
    halving = 0
    while tried.size and halving < _HALVINGS:
        of = moving[tried]
        there = _Places(correlations[of], np.clip(here.log_psi[of] + step[tried] / 2**halving, _LOWEST, 0.0))
        less = there.value < here.value[of]
        here.put(of[less], there, less)
        moved[tried[less]] = True
        tried = tried[~less]
        halving += 1
    return moved


def _steps(here: _Places, moving: Integers) -> Floats:
    """Newton's steps of the uniquenesses that are not held at a bound, (moving, items)."""
    slope = here.slope[moving]
    free = ~_held(here.log_psi[moving], slope)
    # One that is held has a line and a column of its own. A little is added so that a flat direction has a solution.
    both = free[:, :, np.newaxis] & free[:, np.newaxis, :]
    curve = np.where(both, here.curve[moving], 0.0)
    places = np.arange(slope.shape[1])
    curve[:, places, places] += np.where(free, _ROUNDING, 1.0)
    found: Floats = -np.linalg.solve(curve, np.where(free, slope, 0.0)[:, :, np.newaxis])[:, :, 0]
    return found


def _held(log_psi: Floats, slope: Floats) -> Flags:
    """Which uniquenesses are at a bound and would go beyond it."""
    at_bottom, at_top = log_psi <= _LOWEST, log_psi >= 0.0
    held: Flags = (at_bottom & (slope > 0)) | (at_top & (slope < 0))
    return held


def _factor(correlation: Floats, log_psi: Floats) -> Factor:
    values, vectors = _eigen(correlation[np.newaxis], log_psi[np.newaxis])
    psi = np.exp(log_psi)
    loadings = np.sqrt(psi * max(0.0, float(values[0, -1]) - 1)) * vectors[0, :, -1]
    return Factor(
        loadings=-loadings if loadings.sum() < 0 else loadings,
        uniquenesses=psi,
        heywood=bool((log_psi <= _LOWEST + _ROUNDING).any()),
    )
