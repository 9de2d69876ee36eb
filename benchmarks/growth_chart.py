"""Small diagrams side by side as one SVG picture, both axes logarithmic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

Point = tuple[float, float]
WIDTH: Final = 236
HEIGHT: Final = 170
LEFT: Final = 52
TOP: Final = 34
BELOW: Final = 40
COLUMNS: Final = 4
LINE: Final = "#2e86ab"
MARK: Final = "#d1495b"


@dataclass(frozen=True)
class Diagram:
    """One diagram.

    Attributes:
        title: What is drawn.
        unit: Its unit.
        points: Across and up, both above zero, in order.
        marks: Bounds that are drawn as short bars.
    """

    title: str
    unit: str
    points: Sequence[Point]
    marks: Sequence[Point] = ()


class _Axis:
    """A logarithmic axis over whole powers of ten that hold some values."""

    def __init__(self, values: Sequence[float], start: float, length: float) -> None:
        self.low = math.floor(math.log10(min(values)))
        self.high = max(self.low + 1, math.ceil(math.log10(max(values)) - 1e-9))
        self._start = start
        self._length = length

    def place(self, value: float) -> float:
        return self._start + self._length * (math.log10(value) - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def chart(diagrams: Sequence[Diagram], across: str, line: str, mark: str) -> str:
    """Draw diagrams in rows of four.

    Args:
        diagrams: What to draw; those without points are left out.
        across: What the horizontal axes are.
        line: What the line is.
        mark: What the marks are.
    """
    drawn = [diagram for diagram in diagrams if diagram.points]
    cell_width, cell_height = WIDTH + LEFT + 16, HEIGHT + TOP + BELOW
    rows = -(-len(drawn) // COLUMNS)
    width, height = cell_width * min(COLUMNS, len(drawn)), cell_height * rows + 24
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
        '<g font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for number, diagram in enumerate(drawn):
        x, y = cell_width * (number % COLUMNS), cell_height * (number // COLUMNS)
        lines.append(f'<g transform="translate({x} {y})">{_diagram(diagram, across)}</g>')
    y = height - 10
    lines.append(f'<path d="M{LEFT} {y - 4}h18" stroke="{LINE}" stroke-width="2"/>')
    lines.append(f'<text x="{LEFT + 24}" y="{y}">{escape(line)}</text>')
    lines.append(f'<path d="M{LEFT + 110} {y - 4}h18" stroke="{MARK}" stroke-width="3"/>')
    lines.append(f'<text x="{LEFT + 134}" y="{y}">{escape(mark)}</text>')
    return "\n".join([*lines, "</g>", "</svg>\n"])


def _diagram(diagram: Diagram, across: str) -> str:
    everything = [*diagram.points, *diagram.marks]
    x = _Axis([point[0] for point in everything], LEFT, WIDTH)
    y = _Axis([point[1] for point in everything], TOP + HEIGHT, -HEIGHT)
    title = escape(f"{diagram.title}, {diagram.unit}")
    lines = [
        f'<text x="{LEFT}" y="{TOP - 12}" font-weight="bold">{title}</text>',
        f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>',
    ]
    for tick in x.ticks():
        place = x.place(tick)
        lines.append(f'<path d="M{place:.1f} {TOP}v{HEIGHT}" stroke="#e4e4e4"/>')
        lines.append(
            f'<text x="{place:.1f}" y="{TOP + HEIGHT + 14}" text-anchor="middle">{_tick(tick)}</text>'
        )
    for tick in y.ticks():
        place = y.place(tick)
        lines.append(f'<path d="M{LEFT} {place:.1f}h{WIDTH}" stroke="#e4e4e4"/>')
        lines.append(f'<text x="{LEFT - 5}" y="{place + 4:.1f}" text-anchor="end">{_tick(tick)}</text>')
    for across_mark, up_mark in diagram.marks:
        left = x.place(across_mark) - 9
        lines.append(f'<path d="M{left:.1f} {y.place(up_mark):.1f}h18" stroke="{MARK}" stroke-width="3"/>')
    path = "L".join(f"{x.place(a):.1f} {y.place(b):.1f}" for a, b in diagram.points)
    lines.append(f'<path d="M{path}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    for a, b in diagram.points:
        lines.append(f'<circle cx="{x.place(a):.1f}" cy="{y.place(b):.1f}" r="3" fill="{LINE}"/>')
    middle = LEFT + WIDTH / 2
    lines.append(f'<text x="{middle}" y="{TOP + HEIGHT + 30}" text-anchor="middle">{escape(across)}</text>')
    return "".join(lines)


def _tick(value: float) -> str:
    if value >= 1_000_000:
        return f"{value / 1_000_000:g}M"
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"
