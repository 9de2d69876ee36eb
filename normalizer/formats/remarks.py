"""Remarks to normalizer in a draft: comments that say what is to be left alone, and front matter.

`<!-- normalizer: ignore -->` is for its own line, or for the next one where it stands alone on its line;
`ignore-next` is for the next line that is not blank; `ignore-start` to `ignore-end`, or to the end of the
draft, for all between them. In LaTeX a remark stands behind %, in reStructuredText behind two dots
(`% normalizer: ignore`). What stands behind these words is for people. `accept Hanson, Hansen` is for the
whole draft, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, Final

from normalizer.text.places import LineMap
from normalizer.text.scope import Scope, Stretch

_SAYS: Final = r"\s*normalizer\s*:\s*(?P<word>[\w-]*)(?P<rest>[^<>]*)"
REMARK: Final = re.compile(f"<!--{_SAYS}-->", re.IGNORECASE)
_IN_COMMENT: Final = re.compile(rf"(?:%+|\.\.)\s*(?:<!--)?{_SAYS}(?:-->)?", re.IGNORECASE)
"""A remark in a comment of LaTeX or reStructuredText."""
_WORDS: Final = ("ignore", "ignore-next", "ignore-start", "ignore-end", "accept")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_LARGEST_FRONT_MATTER: Final = 1 << 16
_FENCE: Final = re.compile(r"\A(---|\+\+\+)[^\n\r]*|(?:---|\+\+\+|\.\.\.)\s*\Z")


def scope_of(source: str, comments: Iterable[Stretch], front_matter: str = "") -> Scope:
    """Read the remarks of a draft.

    Args:
        source: Its source.
        comments: Where comments stand in it, in order; those that are no remarks are passed over.
        front_matter: What stands before its text, with its fences.
    """
    ignored: list[Stretch] = []
    accepted: list[str] = []
    notes: list[str] = []
    since = -1
    lines, places = _Lines(source), None
    for start, end in comments:
        found = REMARK.fullmatch(source, start, end) or _IN_COMMENT.fullmatch(source, start, end)
        if found is None:
            continue
        word = found["word"].lower()
        if word == "accept":
            accepted += _names(found["rest"].split(","))
        elif word == "ignore-start":
            since = start if since < 0 else since
        elif word == "ignore-end" and since >= 0:
            ignored.append((since, end))
            since = -1
        elif word in ("ignore", "ignore-next"):
            ignored.append(lines.meant(start, end, is_next=word == "ignore-next"))
        else:
            places = LineMap(source) if places is None else places
            notes.append(f"{':'.join(map(str, places.place(start)))}: {_fault(word)}")
    if since >= 0:
        ignored.append((since, len(source)))
    if "normalizer" in front_matter:
        names, fault = _front_names(front_matter[:_LARGEST_FRONT_MATTER])
        accepted += names
        notes += [f"1:1: {fault}"] if fault else []
    return Scope(ignored=tuple(ignored), accepted=frozenset(accepted), notes=tuple(notes))


def remarks_in(text: str) -> Iterator[Stretch]:
    """Where remarks stand in a text that has no comments of its own."""
    return (found.span() for found in REMARK.finditer(text) if found["word"].lower() in _WORDS)


class _Lines:
    """The lines of a source that remarks are for; many remarks in one line cost no more than the line.

    Args:
        source: The source.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._own: Stretch = (0, 0)
        self._next: Stretch | None = None

    def meant(self, start: int, end: int, *, is_next: bool) -> Stretch:
        """The line of a comment, or the first one below it that is not blank.

        Args:
            start: Where the comment begins; it stands behind all that were asked about before.
            end: Where it ends.
            is_next: Whether the next line is asked for; it is, too, where the comment is alone on its line.
        """
        source, (first, last) = self._source, self._own
        is_alone = False
        if not (first <= start and end <= last):
            first = max(source.rfind("\n", last, start), source.rfind("\r", last, start), last - 1) + 1
            last = self._end_of_line(end)
            is_alone = not source[first:start].strip() and not source[end:last].strip()
            self._own, self._next = (first, last), None
        if not (is_next or is_alone):
            return self._own
        if self._next is None:
            begin = last
            while begin < len(source) and not source[begin : self._end_of_line(begin)].strip():
                begin = self._end_of_line(begin)
            self._next = begin, self._end_of_line(begin)
        return self._next

    def _end_of_line(self, place: int) -> int:
        found = _LINE.match(self._source, place)
        return found.end() if found is not None else place


def _fault(word: str) -> str:
    """What is wrong with a remark that is not understood."""
    if word == "ignore-end":
        return "ignore-end without an ignore-start above it; take it out, or write the other"
    near = get_close_matches(word, _WORDS, 1)
    advice = f"did you mean {near[0]}?" if near else f"write one of {', '.join(_WORDS)}"
    return f"a remark with {word!r} is not known and does nothing; {advice}"


def _front_names(front_matter: str) -> tuple[list[str], str]:
    """The names accepted in front matter of YAML or TOML, and what is wrong with it, if anything."""
    import tomllib  # only for the few drafts that have such front matter

    import yaml

    body = _FENCE.sub("", front_matter)
    try:
        if front_matter.startswith("+++"):
            content: Any = tomllib.loads(body)
        else:
            content = yaml.load(body, yaml.BaseLoader)  # makes texts, lists and tables only
    except (tomllib.TOMLDecodeError, yaml.YAMLError, ValueError, RecursionError):
        return [], ""  # somebody else's to complain of
    own = content.get("normalizer") if isinstance(content, dict) else None
    if own is None:
        return [], ""
    names = own.get("accept") if isinstance(own, dict) else None
    if isinstance(names, str):
        names = names.split(",")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return [], "“normalizer” in the front matter is not understood; write normalizer: {accept: [Hanson]}"
    return _names(names), ""


def _names(names: Iterable[str]) -> list[str]:
    return [name.strip() for name in names if name.strip()]
