"""Words with the consonants of a name: speech recognizers and spelling checkers put them in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from normalizer.checker.known import KnownForms, Standing
from normalizer.index import Form
from normalizer.lexicon import Lexicon
from normalizer.model import Candidate, Evidence
from normalizer.text.folding import fold
from normalizer.text.sound import consonants

SAME_CONSONANTS: Final = "same-consonants"
"""Feature of an English word that has the consonants of a name which stands in the draft: Warily, Warhol."""
_CONSONANTS_LIKENESS: Final = 0.78
"""What such a word is as like as."""
_FEWEST_CONSONANTS: Final = 3
_MOST: Final = 8
"""Names of one draft with the same consonants that a word is held against: of more it could mean any."""
_HEARD_IN_FULL: Final = 0.86
"""What a full name is as like as in which one word has the consonants of the right one: Justin Trudow."""
LEAST: Final = 0.4
"""Likeness of a full name of which one word is like nothing."""


def near_or_heard(key: str, candidate: Candidate, likely: float) -> Candidate | None:
    """A candidate that is likely enough, or is one word of the same consonants away from a longer name."""
    if candidate.score >= likely:
        return candidate
    pairs = list(zip(key.split(), words := fold(candidate.alias.name).split(), strict=False))
    odd = [(query, name) for query, name in pairs if query != name]
    if len(words) != key.count(" ") + 1 or len(pairs) < 2 or len(odd) != 1:
        return None
    query, name = odd[0]
    if len(consonants(query)) < _FEWEST_CONSONANTS or consonants(query) != consonants(name):
        return None
    right = [item for item in candidate.evidence if item.feature == "equal"]
    evidence = (*right, Evidence(SAME_CONSONANTS, _CONSONANTS_LIKENESS, 1.0, query, name))
    return Candidate(candidate.entity, candidate.alias, _HEARD_IN_FULL, evidence)


def by_consonants(known: KnownForms) -> dict[str, list[Form]]:
    """The single-word names that stand in the draft, or in a full name there, by their consonants."""
    forms = {
        (form.entity.id, form.key): form
        for mention in known.mentions
        if mention.standing is Standing.RIGHT and mention.is_sure and mention.stop - mention.start == 1
        for form in mention.forms
    }
    forms |= {(form.entity.id, form.key): form for some in known.parts.values() for form in some}
    heard: dict[str, list[Form]] = {}
    for form in forms.values():
        key = consonants(form.key)
        if len(key) >= _FEWEST_CONSONANTS and " " not in form.key and len(heard.get(key, ())) < _MOST:
            heard.setdefault(key, []).append(form)
    return heard


def add_heard(
    neighbours: dict[str, list[Candidate]], heard: Mapping[str, Sequence[Form]], lexicon: Lexicon
) -> None:
    """Hold the English words against the names of the draft that have the same consonants.

    Speech recognizers and spelling checkers put such words in place of names that they do not know.
    """
    for key, candidates in neighbours.items():
        if key not in lexicon.words:
            continue
        for form in heard.get(consonants(key), ()):
            if form.key == key or any(
                candidate.entity.id == form.entity.id and candidate.score >= _CONSONANTS_LIKENESS
                for candidate in candidates
            ):
                continue
            evidence = Evidence(SAME_CONSONANTS, _CONSONANTS_LIKENESS, 1.0, key, form.key)
            candidates[:] = [other for other in candidates if other.entity.id != form.entity.id]
            candidates.append(Candidate(form.entity, form.alias, _CONSONANTS_LIKENESS, (evidence,)))
        candidates.sort(key=lambda candidate: (-candidate.score, candidate.entity.id))
