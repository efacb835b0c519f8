"""One common factor by maximum likelihood, for omega (measurement design, 3.8, P16)."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.arrays import Flags, Floats

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Place:
    """Logarithms of the uniquenesses, with the discrepancy there, its slope and its curvature."""

    log_psi: Floats
    value: float
    slope: Floats
    curve: Floats


def one_factor(correlation: Floats, *, steps: int = 500) -> Factor | None:
    """The factor of a correlation matrix (items x items) of 3 or more items.

    None for a singular matrix, and where so many steps don't come to an end.

    With the uniquenesses psi, and g and w the eigenvalues and eigenvectors of Psi^-1/2 R Psi^-1/2 without the largest,
    the likelihood is best where f = sum (g - log g - 1) is smallest (Joreskog 1967). Newton's steps in log psi, with
    slopes sum_m (1 - g_m) w_im^2 and curvatures (sum_m w_im w_jm)^2; each psi stays between .005 and 1, and a step that
    does not lessen f is halved. The loadings are those of the largest eigenvalue: sqrt(psi_i (g - 1)) w_i.
    """
    if np.linalg.eigvalsh(correlation)[0] < _SINGULAR:
        return None
    unique = (1 - 0.5 / len(correlation)) / np.diag(np.linalg.inv(correlation))
    here = _at(correlation, np.log(np.clip(unique, SMALLEST, 1.0)))
    for _ in range(steps):
        better = _better(correlation, here)
        if better is None:
            return _factor(correlation, here.log_psi)
        here = better
    return None


def _eigen(correlation: Floats, log_psi: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues, the largest last, and eigenvectors in columns, of the matrix scaled by the uniquenesses."""
    scale = np.exp(-log_psi / 2)
    values, vectors = np.linalg.eigh(correlation * np.outer(scale, scale))
    return values, vectors


def _at(correlation: Floats, log_psi: Floats) -> _Place:
    values, vectors = _eigen(correlation, log_psi)
    g, w = values[:-1], vectors[:, :-1]
    return _Place(log_psi=log_psi, value=float((g - np.log(g) - 1).sum()), slope=w**2 @ (1 - g), curve=(w @ w.T) ** 2)


def _better(correlation: Floats, here: _Place) -> _Place | None:
    """A place with a smaller discrepancy; None where there is none within the bounds."""
    step = _step(here)
    # What the step promises to win; below this the discrepancy's own rounding would decide.
    if -float(here.slope @ step) < _PRECISION:
        return None
    halved = (np.clip(here.log_psi + step / 2**halving, _LOWEST, 0.0) for halving in range(_HALVINGS))
    return next((tried for place in halved if (tried := _at(correlation, place)).value < here.value), None)


def _step(here: _Place) -> Floats:
    """Newton's step of the uniquenesses that are not held at a bound."""
    step = np.zeros(here.slope.size)
    free = ~_held(here)
    # A little is added so that a flat direction has a solution.
    curve = here.curve[np.ix_(free, free)] + _ROUNDING * np.eye(int(free.sum()))
    step[free] = -np.linalg.solve(curve, here.slope[free])
    return step


def _held(here: _Place) -> Flags:
    """Which uniquenesses are at a bound and would go beyond it."""
    at_bottom, at_top = here.log_psi <= _LOWEST, here.log_psi >= 0.0
    held: Flags = (at_bottom & (here.slope > 0)) | (at_top & (here.slope < 0))
    return held


def _factor(correlation: Floats, log_psi: Floats) -> Factor:
    values, vectors = _eigen(correlation, log_psi)
    psi = np.exp(log_psi)
    loadings = np.sqrt(psi * max(0.0, float(values[-1]) - 1)) * vectors[:, -1]
    return Factor(
        loadings=-loadings if loadings.sum() < 0 else loadings,
        uniquenesses=psi,
        heywood=bool((log_psi <= _LOWEST + _ROUNDING).any()),
    )
