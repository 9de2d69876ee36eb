"""The sentence that evidence about two names makes; it is made here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from normalizer.model import Evidence
from normalizer.report.visible import shortened

_PART: Final = 30
"""Most columns of a part of a name in a sentence."""

_PAIRED: Final[dict[str, str]] = {
    "spelling": "{query} is spelled much like {name}",
    "sound": "{query} sounds like {name}",
    "script": "{query} is {name} in another script",
    "initial": "{query} may stand for {name}",
    "nickname": "{query} and {name} are short and long for one name",
    "variant": "{query} and {name} are forms of one word",
    "abbreviation": "{query} and {name} may be short and long for one word",
    "joined": "{query} and {name} differ in where the words part",
    "acronym": "{query} and {name} are initials and words of one name",
    "initials": "{query} are other initials than {name}",
    "known-apart": "{query} and {name} are known as two places, or may be",
    "known-as-one": "{query} and {name} are known as one place",
    "which-one": "{which} says which of two places",
    "type": "{query} was asked for, and this is of type {name}",
    "alias": "{query} is a known form",
}
_SINGLE: Final[dict[str, str]] = {
    "other-name": "{query} is in no name of theirs",
    "other-kind": "{which} says what kind of thing it is, and not the same",
    "shared-name": "{query} is a name of several",
    "initials-alone": "{query} is nothing but initials",
    "title": "“{query}” is a title of theirs",
    "other-title": "“{query}” is not known as a title of theirs",
    "context": "“{query}” stands in the context",
    "guard": "{query} counts as {name} only under a condition that is not met",
}
"""What is said of each feature; words that are equal go without saying."""
_PARTING: Final = frozenset({"number", "generation", "initials", "which-one"})
"""Features whose words need not be told once more as left over."""


def reason(evidence: Iterable[Evidence]) -> str:
    """Say in one sentence what a comparison or a candidate rests on.

    Args:
        evidence: The pieces, in the order they came.

    Returns:
        Clauses parted by semicolons, without a full stop; empty when all words are equal.
    """
    items = list(evidence)
    told = {
        word for item in items if item.feature in _PARTING for word in f"{item.query} {item.name}".split()
    }
    clauses = [_clause(item) for item in items]
    clauses += _left_over(items, "extra", lambda item: item.query, "is not in the other name", told)
    clauses += _left_over(items, "missing", lambda item: item.name, "is left out", told)
    return "; ".join(filter(None, clauses))


def _clause(item: Evidence) -> str:
    query, name = shortened(item.query, _PART), shortened(item.name, _PART)
    if item.feature in ("generation", "number"):
        return f"{query} is not {name}" if query and name else f"only one is {query or name}"
    template = _PAIRED.get(item.feature) or _SINGLE.get(item.feature, "")
    return template.format(query=query, name=name, which=" or ".join(filter(None, (query, name))))


def _left_over(
    items: Iterable[Evidence], feature: str, part: Callable[[Evidence], str], what: str, told: set[str]
) -> list[str]:
    """One clause for all words of a side that have no partner."""
    left = [part(item) for item in items if item.feature == feature]
    words = [shortened(word, _PART) for word in left if word not in told]
    if not words:
        return []
    return [f"{' '.join(words)} {what}"]
