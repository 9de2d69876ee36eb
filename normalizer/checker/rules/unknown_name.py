"""unknown-name: the names of a draft that are in no registry, each once, with its count.

The roster that a subeditor prints and checks by hand. An unknown name is no error: off by default.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from normalizer.checker.findings import finding_at, times
from normalizer.checker.fixed_phrases import DATES
from normalizer.checker.reading import Reading
from normalizer.model import Finding
from normalizer.text.gaps import BETWEEN_WORDS, Gap

ID: Final = "unknown-name"
_DEMONYMS: Final = ("an", "ese", "ish", "ic", "ench", "utch", "reek", "wiss", "i")
_LONGEST: Final = 6
"""Words of the longest name."""


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule, in order."""
    found: dict[str, list[range]] = defaultdict(list)
    surnames: dict[str, str] = {}
    for words in _names(reading):
        key = " ".join(reading.draft.words[place] for place in words)
        if len(words) > 1:
            surnames.setdefault(reading.draft.words[words.stop - 1], key)
        found[surnames.get(key, key)].append(words)
    for same in found.values():
        message = f"in no registry; stands in the draft {times(len(same))}"
        yield finding_at(ID, reading.draft, same[0], message, score=0.5)


def _names(reading: Reading) -> Iterator[range]:
    """Runs of capitalised words in no known name, ordinary words at the head of sentences left out."""
    draft, place = reading.draft, 0
    suspected = {
        place for account in reading.accounts for place in range(account.suspect.start, account.suspect.stop)
    }
    while place < len(draft.tokens):
        start = place
        while place < len(draft.tokens) and place - start < _LONGEST and _belongs(reading, place, suspected):
            if place > start and draft.gaps[place] not in (*BETWEEN_WORDS, Gap.HYPHEN):
                break
            if place > start and draft.begins_sentence(place):
                break
            place += 1
            if draft.tokens[place - 1].suffix:
                break
        while start < place and (draft.words[start] in reading.lexicon.titles or _is_free(reading, start)):
            start += 1
        words = range(start, place)
        is_name = any(_is_no_word(reading, one) for one in words)
        if is_name and not (len(words) == 1 and _is_of_dictionary(reading, draft.words[start])):
            yield words
        place = max(place, start + 1)


def _belongs(reading: Reading, place: int, suspected: set[int]) -> bool:
    token = reading.draft.tokens[place]
    is_name = token.is_capitalised and token.key.isalpha() and not token.key.isdigit()
    return is_name and place not in reading.presence.known_at and place not in suspected


def _is_free(reading: Reading, place: int) -> bool:
    """Whether a word has its capital from the sentence or headline it begins."""
    draft = reading.draft
    return draft.words[place] in reading.lexicon.words and (
        draft.begins_sentence(place) or draft.is_headline(place)
    )


def _is_of_dictionary(reading: Reading, key: str) -> bool:
    """Whether a word has its capital for another reason than that it is a name: Tuesday, Norwegian."""
    is_demonym = key in reading.lexicon.capitalised and key.endswith(_DEMONYMS)
    return key in DATES or (is_demonym and key not in reading.lexicon.given_names)


def _is_no_word(reading: Reading, place: int) -> bool:
    key = reading.draft.words[place]
    return len(key) > 1 and key not in reading.lexicon.words and key not in reading.presence.lower
