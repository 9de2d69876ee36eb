"""How like two names are: their words aligned, each pair weighed, what is left over counted against.

Token alignment found the right person more often than any string ratio on a million generated names
and on six of seven real sets; a string without spaces stands beside it for joined and split words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from normalizer.compare.parts import Part, name_parts
from normalizer.compare.words import INITIAL, word_likeness
from normalizer.model import Comparison, Evidence
from normalizer.text.folding import MAX_NAME, fold

Rarity = Callable[[str], float]
"""How much a word says because few names hold it: 1 for an ordinary one, more for a rare one."""

EXTRA_COST: Final = 0.8
"""What a word of the mention that has no partner costs, against one that has (chosen on the look-up sets)."""
MISSING_COST: Final = 0.55
"""What a word of the registry's form without a partner costs: people leave middle names out."""
MOST_WORDS: Final = 16
"""Words beyond this many are compared as one string only: alignment is quadratic."""
VETO_CEILING: Final = 0.6
"""The most that names with different numbers or generations can score."""
INITIALS_CEILING: Final = 0.8
"""The most that names with contradicting initials can score."""


def _no_rarity(word: str) -> float:
    return 1.0


def compare_names(first: str, second: str) -> Comparison:
    """Say how like two names as written are.

    Args:
        first: A name.
        second: Another name; the order does not matter to the score.

    Returns:
        A comparison; 0 without evidence when either is longer than a name may be or folds to nothing, 1
        only when both fold to the same.
    """
    if max(len(first), len(second)) > MAX_NAME:
        return Comparison(0.0)
    forward = compare_keys(fold(first), fold(second))
    backward = compare_keys(fold(second), fold(first))
    return forward if forward.score <= backward.score else Comparison(backward.score, forward.evidence)


def compare_keys(query: str, name: str, rarity: Rarity = _no_rarity) -> Comparison:
    """Compare two folded names; the first is what was met, the second what the registry holds."""
    if not query or not name:
        return Comparison(0.0)
    if query == name:
        return Comparison(1.0, (Evidence("equal", 1.0, 1.0, query, name),))
    a, b = name_parts(query), name_parts(name)
    if len(a) > MOST_WORDS or len(b) > MOST_WORDS:
        value = OSA.normalized_similarity(query, name)
        return Comparison(min(value, 0.99), (Evidence("whole", value, 1.0, query, name),))
    score, evidence = _align(a, b, rarity)
    joined = _joined_likeness(query, name)
    if joined > score:
        score, evidence = joined, [Evidence("joined", joined, 1.0, query, name)]
    for ceiling, conflict in _conflicts(a, b):
        evidence.append(conflict)
        score = min(score, ceiling)
    return Comparison(min(score, 0.99), tuple(evidence))


def _align(a: Sequence[Part], b: Sequence[Part], rarity: Rarity) -> tuple[float, list[Evidence]]:
    """Pair the words of two names, best pairs first, and sum up what they say."""
    pairs = []
    for i, left in enumerate(a):
        for j, right in enumerate(b):
            value, feature = word_likeness(left, right)
            if value > 0.0:
                # equal likeness: words in the same place first
                pairs.append((-value, abs(i - j), i, j, feature))
    pairs.sort()
    free_a, free_b = set(range(len(a))), set(range(len(b)))
    gained = total = 0.0
    found: list[tuple[int, Evidence]] = []
    for cost, _, i, j, feature in pairs:
        if i not in free_a or j not in free_b:
            continue
        free_a.remove(i)
        free_b.remove(j)
        value = -cost
        weight = _pair_weight(a[i], b[j], feature, rarity)
        gained += weight * value
        total += weight
        found.append((i, Evidence(feature, value, weight, a[i].word, b[j].word)))
    for i in free_a:
        weight = a[i].weight * rarity(a[i].word) * EXTRA_COST
        total += weight
        found.append((i, Evidence("extra", 1.0, -weight, a[i].word)))
    for j in free_b:
        weight = b[j].weight * rarity(b[j].word) * MISSING_COST
        total += weight
        found.append((len(a) + j, Evidence("missing", 1.0, -weight, "", b[j].word)))
    found.sort(key=lambda item: item[0])
    return (gained / total if total else 0.0), [evidence for _, evidence in found]


def _pair_weight(left: Part, right: Part, feature: str, rarity: Rarity) -> float:
    """What a pair of words weighs: an initial says as little as a letter can."""
    if feature == INITIAL:
        return min(left.weight, right.weight)
    return (left.weight * rarity(left.word) + right.weight * rarity(right.word)) / 2


@lru_cache(maxsize=1 << 14)
def _joined_likeness(query: str, name: str) -> float:
    """Likeness of the strings without spaces: Ki moon and Kimoon, Net anyahu and Netanyahu."""
    a, b = query.replace(" ", ""), name.replace(" ", "")
    if a == b:
        return 0.97
    if query.count(" ") == name.count(" ") or min(len(a), len(b)) < 6:
        return 0.0
    return max(0.0, OSA.normalized_similarity(a, b, score_cutoff=0.85) - 0.03)


def _conflicts(a: Sequence[Part], b: Sequence[Part]) -> list[tuple[float, Evidence]]:
    """What parts two names however alike: other numbers, other generations, other initials."""
    found = []
    numbers = [
        sorted(part.word for part in parts if part.is_number and not part.generation) for parts in (a, b)
    ]
    if numbers[0] != numbers[1] and numbers[0] and numbers[1]:
        found.append(
            (VETO_CEILING, Evidence("number", 1.0, -1.0, " ".join(numbers[0]), " ".join(numbers[1])))
        )
    counts = [Counter(part.word for part in parts) for parts in (a, b)]
    generations = [  # a word that both hold as often is a name in another order: Jinping Xi
        [part for part in parts if part.generation and counts[0][part.word] != counts[1][part.word]]
        for parts in (a, b)
    ]
    numerals = [max((part.generation for part in parts), default=0) for parts in generations]
    if numerals[0] != numerals[1]:
        words = [" ".join(part.word for part in parts) for parts in generations]
        found.append((VETO_CEILING, Evidence("generation", 1.0, -1.0, words[0], words[1])))
    initials = [[part.word for part in parts if part.is_initial] for parts in (a, b)]
    if initials[0] and initials[1] and len(initials[0]) != len(initials[1]):
        found.append(
            (INITIALS_CEILING, Evidence("initials", 1.0, -1.0, " ".join(initials[0]), " ".join(initials[1])))
        )
    return found
