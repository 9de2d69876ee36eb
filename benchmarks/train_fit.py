"""The two fits: a conditional logit over the candidates of a mention, a logistic regression over pairs."""

from __future__ import annotations

from typing import Final

import numpy
from scipy.optimize import minimize  # type: ignore[import-not-found, import-untyped, unused-ignore]

from benchmarks.train_data import TYPES, Array, Candidates, Pairs

SHRINK: Final = 0.3
"""What a weight costs, squared (ridge); that of all types alike."""
SHRINK_TYPE: Final = 0.8
"""What a type's deviation costs, squared: types differ where the data insist."""
MOST_CANDIDATES: Final = 10
"""Best candidates of a mention that a fit sees; the others have no probability to speak of."""
ROUNDS: Final = 3
"""Fits, each after the best form of each candidate has been chosen by the last one."""


def designed(values: Array, types: Array) -> Array:
    """Constant and features for all types, then once more for each type."""
    constant = numpy.ones((len(values), 1))
    blocks = [constant, values]
    for number in range(len(TYPES)):
        chosen = (types == number)[:, None]
        blocks += [constant * chosen, values * chosen]
    design: Array = numpy.concatenate(blocks, axis=1, dtype=numpy.float64)
    return design


def _costs(features: int) -> Array:
    one = numpy.r_[0.01, numpy.full(features, SHRINK)]
    costs: Array = numpy.concatenate([one, *[numpy.full(features + 1, SHRINK_TYPE)] * len(TYPES)])
    return costs


def scores(values: Array, types: Array, weights: Array) -> Array:
    """Log-odds of each row."""
    size = values.shape[1] + 1
    shared = weights[:size]
    found = numpy.empty(len(values))
    for number in range(-1, len(TYPES)):
        used = shared if number < 0 else shared + weights[size * (number + 1) : size * (number + 2)]
        chosen = types == number
        found[chosen] = values[chosen] @ used[1:] + used[0]
    return found


def best_rows(data: Candidates, odds: Array, most: int) -> Array:
    """The best form of each candidate, of each mention the best candidates, best first."""
    order = numpy.lexsort((-odds, data.entity))
    entity = data.entity[order]
    rows = order[numpy.r_[True, entity[1:] != entity[:-1]]]
    rows = rows[numpy.lexsort((-odds[rows], data.mention[rows]))]
    start = _starts(data.mention[rows])
    size = numpy.diff(numpy.r_[start, len(rows)])
    rank = numpy.arange(len(rows)) - numpy.repeat(start, size)
    kept: Array = rows[rank < most]
    return kept


def _starts(groups: Array) -> Array:
    starts: Array = numpy.r_[0, numpy.flatnonzero(groups[1:] != groups[:-1]) + 1]
    return starts


def first_guess(names: list[str]) -> Array:
    """Weights to begin with, so that the first choice of forms makes sense."""
    guess = numpy.zeros((len(names) + 1) * (len(TYPES) + 1))
    known = {"extra": -4, "missing": -3, "conflict": -2, "whole": -4, "lost": -4, "matched": 1.5}
    for name, weight in known.items():
        guess[1 + names.index(name)] = weight
    return guess


def fit_links(data: Candidates, taught: Array, weights: Array, rounds: int = ROUNDS) -> Array:
    """Fit the conditional logit.

    Args:
        data: All mentions.
        taught: Whether a mention is learned from.
        weights: Where to begin.
        rounds: How often the forms of candidates are chosen anew.

    Returns:
        Constant and weights for all types, then the deviations of each type.
    """
    share = {name: 1 / numpy.sqrt(max(1, (taught & (data.sets == name)).sum())) for name in set(data.sets)}
    costs = _costs(data.values.shape[1])
    for _ in range(rounds):
        rows = best_rows(data, scores(data.values, data.types, weights), MOST_CANDIDATES)
        rows = rows[taught[data.mention[rows]]]
        mention = data.mention[rows]
        design = designed(data.values[rows], data.types[rows])
        right = data.right[rows].astype(float)
        start = _starts(mention)
        size = numpy.diff(numpy.r_[start, len(rows)])
        is_known = numpy.add.reduceat(right, start) > 0
        count = numpy.array([share[name] for name in data.sets[mention[start]]])
        count *= len(count) / count.sum()

        def loss(weights: Array) -> tuple[float, Array]:
            odds = design @ weights  # noqa: B023 - used at once
            highest = numpy.maximum(numpy.maximum.reduceat(odds, start), 0)  # noqa: B023
            part = numpy.exp(odds - numpy.repeat(highest, size))  # noqa: B023
            total = numpy.add.reduceat(part, start) + numpy.exp(-highest)  # noqa: B023
            of_right = numpy.add.reduceat(part * right, start)  # noqa: B023
            chosen = numpy.where(is_known, of_right, numpy.exp(-highest)) / total  # noqa: B023
            held = numpy.where(is_known, 1 / numpy.maximum(of_right, 1e-300), 0)  # noqa: B023
            slope = part / numpy.repeat(total, size) - numpy.repeat(held, size) * part * right  # noqa: B023
            value = -(count * numpy.log(numpy.maximum(chosen, 1e-300))).sum()  # noqa: B023
            gradient = design.T @ (numpy.repeat(count, size) * slope)  # noqa: B023
            return value + (costs * weights**2).sum(), gradient + 2 * costs * weights

        weights = minimize(loss, weights, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return weights


def fit_pairs(data: Pairs, counts: Array) -> Array:
    """Fit the logistic regression.

    Args:
        data: All pairs.
        counts: How much each counts; those of 0 are left out.
    """
    taught = counts > 0
    design = designed(data.values[taught], data.types[taught])
    same, count = data.same[taught].astype(float), counts[taught]
    costs = _costs(data.values.shape[1]) / 3

    def loss(weights: Array) -> tuple[float, Array]:
        odds = design @ weights
        likely = 1 / (1 + numpy.exp(-odds))
        value = (count * (numpy.logaddexp(0, odds) - same * odds)).sum()
        return value + (costs * weights**2).sum(), design.T @ (count * (likely - same)) + 2 * costs * weights

    start = numpy.zeros(design.shape[1])
    fitted: Array = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return fitted
