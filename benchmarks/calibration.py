"""Whether scores mean what they say: calibration error with its interval, and the reliability diagram.

The bins hold equally many answers each; the error is the mean distance of score and share of right answers
(expected calibration error, Naeini et al. 2015; equal-mass bins as Nixon et al. 2019 advise).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

BINS: Final = 10
RESAMPLES: Final = 200
T = TypeVar("T")
Answer = tuple[float, bool]
"""The score of a first candidate, and whether it is right."""


def bins(answers: Sequence[Answer]) -> list[tuple[float, float, int]]:
    """Mean score, share of right answers and number of answers of each bin, lowest first."""
    ranked = sorted(answers)
    found = []
    for number in range(BINS):
        part = ranked[len(ranked) * number // BINS : len(ranked) * (number + 1) // BINS]
        if part:
            score = sum(score for score, _ in part) / len(part)
            found.append((score, sum(right for _, right in part) / len(part), len(part)))
    return found


def calibration_error(answers: Sequence[Answer]) -> float:
    """Mean distance of score and share of right answers over the bins."""
    return sum(abs(score - right) * count for score, right, count in bins(answers)) / max(1, len(answers))


def interval(items: Sequence[T], figure: Callable[[Sequence[T]], float]) -> tuple[float, float]:
    """The middle 95 % of a figure over resamples of the items, drawn with replacement (Efron 1979)."""
    chance = random.Random(20261123)
    found = sorted(figure(chance.choices(items, k=len(items))) for _ in range(RESAMPLES))
    return found[round(0.025 * (RESAMPLES - 1))], found[round(0.975 * (RESAMPLES - 1))]


def reliability_svg(curves: Sequence[tuple[str, Sequence[Answer]]]) -> str:
    """A reliability diagram: mean score across, share of right answers up, a line a curve.

    Args:
        curves: Names with their answers; the first is drawn in a heavy line.
    """
    size, edge = 420, 46

    def across(x: float) -> float:
        return edge + x * size

    def up(y: float) -> float:
        return edge / 2 + (1 - y) * size

    colors = "#1b1b1b #d1495b #2e86ab #66a182 #8d6a9f #edae49 #00798c #a23b72 #5c6b73 #c73e1d #3b5998 #e07be0"
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + edge + 150} {size + 2 * edge}" '
            'font-family="sans-serif" font-size="11">'
        ),
        f'<rect x="{edge}" y="{edge / 2}" width="{size}" height="{size}" fill="#fff" stroke="#999"/>',
        f'<path d="M{across(0)} {up(0)}L{across(1)} {up(1)}" stroke="#bbb" stroke-dasharray="4 4"/>',
    ]
    for tick in range(0, 11, 2):
        x, y = across(tick / 10), up(tick / 10)
        lines.append(f'<text x="{x}" y="{up(0) + 16}" text-anchor="middle">{tick / 10}</text>')
        lines.append(f'<text x="{edge - 6}" y="{y + 4}" text-anchor="end">{tick / 10}</text>')
    for number, (name, answers) in enumerate(curves):
        color = colors.split()[number % 12]
        width = 1.2 if number else 3
        points = "L".join(f"{across(score):.1f} {up(right):.1f}" for score, right, _ in bins(answers))
        lines.append(f'<path d="M{points}" fill="none" stroke="{color}" stroke-width="{width}"/>')
        y = edge / 2 + 14 + 18 * number
        lines.append(f'<path d="M{across(1) + 12} {y - 4}h18" stroke="{color}" stroke-width="{width}"/>')
        lines.append(f'<text x="{across(1) + 36}" y="{y}">{name}</text>')
    middle = across(0.5)
    lines.append(f'<text x="{middle}" y="{up(0) + 34}" text-anchor="middle">score</text>')
    lines.append(
        f'<text transform="translate(12 {up(0.5)}) rotate(-90)" text-anchor="middle">'
        "share of right answers</text>"
    )
    return "\n".join([*lines, "</svg>\n"])
