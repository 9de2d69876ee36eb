"""What a fix would change, as a unified diff that `patch` takes."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff as compare_lines
from typing import Final

from normalizer.report.checked import Style
from normalizer.report.visible import visible

_COLORS: Final = {"+": 32, "-": 31, "@": 36}


def unified_diff(name: str, before: str, after: str, style: Style, *, escape: bool) -> Iterator[str]:
    """Give the lines of a diff between two texts.

    Args:
        name: The file's name.
        before: The text as it is.
        after: The text as it would be.
        style: Whether there are colours.
        escape: Whether control characters are escaped, as a screen wants; `patch` wants them as they are.
    """
    name = visible(name)
    for line in compare_lines(_lines(before), _lines(after), name, name):
        content = line.removesuffix("\n")
        shown = visible(content.removesuffix("\r")) if escape else content
        color = _COLORS.get(line[0])
        yield (shown if color is None else style.paint(shown, color)) + "\n"
        if content == line:
            yield "\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines with their ends; only LF ends one here, as in `diff`."""
    pieces = text.split("\n")
    return [piece + "\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])
