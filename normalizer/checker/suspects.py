"""Words of a draft that may be a name gone wrong, each with the forms it may stand for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from typing import Final

from rapidfuzz import fuzz, process

from normalizer.checker.draft import Draft
from normalizer.checker.heard import LEAST, SAME_CONSONANTS, add_heard, by_consonants, near_or_heard
from normalizer.checker.known import SMALL_WORDS, Known, KnownForms, Standing
from normalizer.compare import compare_keys
from normalizer.compare.likeness import RESPELLED, plain_likeness
from normalizer.lexicon import Lexicon
from normalizer.matcher import Matcher
from normalizer.model import Candidate, Entity, EntityType, Evidence
from normalizer.text.folding import fold
from normalizer.text.gaps import Gap
from normalizer.text.sound import sound_key

LIKELY: Final = 0.7
"""Likeness from which a form is considered at all."""
_ALIKE: Final = 65
"""Least ratio, in hundredths, of the whole strings."""
_LONGEST: Final = 6
"""Words of the longest stretch looked at."""
_SHORTEST: Final = 3
_BATCH: Final = 4096
"""Stretches held against the registry at once: bounds the memory of a long draft."""
_TWO_SCRIPTS: Final = re.compile("[a-z][\u0370-\u052f]|[\u0370-\u052f][a-z]")
"""Latin letters beside Greek or Cyrillic ones in one word, which look alike."""
_SPELLED_OUT: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa"}
)  # fmt: skip
_NAME_OPENERS: Final = frozenset("von van de da di del della le la al el bin ibn".split())


@dataclass(frozen=True, slots=True)
class Suspect:
    """A stretch of words that may be a name gone wrong.

    Attributes:
        start: Place of its first word.
        stop: Place behind its last word.
        candidates: The forms it may stand for, best first, each entity once.
        odd: Places of its words that differ from the first candidate's form.
        is_word: Whether these are all ordinary English words.
    """

    start: int
    stop: int
    candidates: tuple[Candidate, ...]
    odd: tuple[int, ...]
    is_word: bool

    @property
    def size(self) -> int:
        """How many words it has."""
        return self.stop - self.start


def find_suspects(draft: Draft, known: KnownForms, lexicon: Lexicon, matcher: Matcher) -> list[Suspect]:
    """Look through the capitalised words of a draft for stretches that are like a known form.

    All distinct stretches are held against the registry in batches.

    Returns:
        Suspects in order of their places; they may overlap.
    """
    mention_at = {place: m for m in known.mentions for place in range(m.start, m.stop)}
    windows = [
        window for window in _windows(draft, mention_at, lexicon) if not matcher.index.is_word(window[2])
    ]
    neighbours = _neighbours(dict.fromkeys(key for _, _, key in windows), known, lexicon, matcher)
    suspects = []
    for start, stop, key in windows:
        candidates = neighbours.get(key)
        if candidates and not _breaks_mentions(start, stop, mention_at, candidates):
            differing = set(differing_words(candidates[0]))
            wrong = tuple(place for place in range(start, stop) if draft.words[place] in differing)
            is_word = all(word in lexicon.words for word in differing)
            suspects.append(
                Suspect(start, stop, tuple(candidates), wrong or tuple(range(start, stop)), is_word)
            )
    return suspects


def _neighbours(
    keys: Iterable[str], known: KnownForms, lexicon: Lexicon, matcher: Matcher
) -> dict[str, list[Candidate]]:
    """The forms that each stretch may be a misspelling of; stretches that are like none are left out."""
    found: dict[str, list[Candidate]] = {}
    heard, parts = by_consonants(known), _by_pieces(known.parts)
    for batch in batched(keys, _BATCH):
        near = {
            key: [kept for candidate in some if (kept := near_or_heard(key, candidate, LIKELY)) is not None]
            for key, some in zip(batch, matcher.neighbours(batch, _ALIKE, LEAST), strict=True)
        }
        _add_parts(near, known, parts)
        add_heard(near, heard, lexicon)
        for key, candidates in near.items():
            misspelled = [c for c in candidates if _is_misspelling(key, c, lexicon)]
            if misspelled:
                found[key] = misspelled
    return found


def batched(items: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    """Give the items in runs of a size (itertools.batched, which Python 3.11 lacks)."""
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch


def _windows(
    draft: Draft, mention_at: Mapping[int, Known], lexicon: Lexicon
) -> Iterator[tuple[int, int, str]]:
    """Stretches that begin and end with a capital and hold a word that is in no known form.

    A word that is none of English and has its capital elsewhere in the draft is one, too.

    Yields:
        The place of the first word, the place behind the last, and the stretch's key.
    """
    tokens, words = draft.tokens, draft.words
    capitalised = set(compress(words, draft.capitalised))
    for start, token in enumerate(tokens):
        if not draft.capitalised[start] and token.key in capitalised and token.key not in lexicon.words:
            if start not in mention_at and len(token.key) >= _SHORTEST and not _cannot_be_a_name(token.key):
                yield start, start + 1, token.key
            continue
        opener = draft.capitalised[start] or words[start] in _NAME_OPENERS
        if not opener or not words[start]:
            continue
        reach = draft.reach(start, _LONGEST)
        for stop in range(start + 1, reach + 1):
            if not words[stop - 1]:
                break
            if not _is_name_word(draft, stop - 1, start):
                if words[stop - 1] not in SMALL_WORDS:
                    break
                continue
            places = range(start, stop)
            met = [mention_at[place] for place in places if place in mention_at]
            if any(mention.standing is not Standing.RIGHT for mention in met):
                break
            is_odd = any(
                place not in mention_at
                and _is_name_word(draft, place, start)
                and len(words[place]) >= _SHORTEST
                for place in places
            )
            if is_odd and not (stop - start == 1 and _cannot_be_a_name(words[start])):
                yield start, stop, " ".join(words[start:stop])


def _is_name_word(draft: Draft, place: int, start: int) -> bool:
    """Whether a word has a capital, or hangs by a hyphen on one that has (Ki-moon)."""
    if draft.capitalised[place]:
        return True
    return place > start and draft.gaps[place] is Gap.HYPHEN and draft.capitalised[place - 1]


def _cannot_be_a_name(word: str) -> bool:
    return len(word) < _SHORTEST or not word.replace(" ", "").isalpha()


def differing_words(candidate: Candidate) -> list[str]:
    """The words of the stretch that are not written as in the form."""
    joined = [item.query.split() for item in candidate.evidence if item.feature == "joined"]
    spelled = [item.query for item in candidate.evidence if is_respelled(item)]
    return joined[0] if joined else spelled


def is_respelled(item: Evidence) -> bool:
    """Whether two words are one in another spelling: a word of its own is none (Peter, Pyotr)."""
    if item.feature == SAME_CONSONANTS:
        return True
    return item.feature in RESPELLED and plain_likeness(item.query, item.name) > 0


def words_of(entity: Entity) -> set[str]:
    """The folded words of an entity's printable forms: each of them is right by itself."""
    return {word for form in entity.forms() if form.kind.is_printable for word in fold(form.name).split()}


def _is_misspelling(key: str, candidate: Candidate, lexicon: Lexicon) -> bool:
    """Whether a stretch is a form with a word spelled otherwise, not one with a word more or fewer.

    The words at its ends must have partners in the form, or the stretch is a longer or shorter one. Titles
    are no misspellings (the "Minister" of "Russian Foreign Minister"), nor is a name in other letters
    (Путин, ˈantoɲiːn); one of two scripts in a word is, for no search finds it.
    """
    if key.isascii() is not fold(candidate.alias.name).isascii() and not _TWO_SCRIPTS.search(key):
        return False
    differing = differing_words(candidate)
    if differing and all(word in lexicon.titles for word in differing):
        return False
    if " " in key and differing and set(differing) <= words_of(candidate.entity):
        return False
    features = {item.feature for item in candidate.evidence if item.weight > 0}
    if not differing or key in spelled_out(candidate.alias.name):
        return False
    if "joined" in features and candidate.entity.type is not EntityType.PERSON:
        return False
    extra = {
        item.query
        for item in candidate.evidence
        if item.feature == "extra" or (item.feature in RESPELLED and not is_respelled(item))
    }
    words = key.split()
    return not extra & {words[0], words[-1]}


def spelled_out(name: str) -> set[str]:
    """The keys of a name with its accented letters spelled out as their languages do without them.

    >>> sorted(spelled_out("Tåsinge")), sorted(spelled_out("Jürgen"))
    (['taasinge'], ['juergen'])
    """
    composed = unicodedata.normalize("NFC", name)
    return {fold(composed.translate(_SPELLED_OUT))} - {fold(name)}


def _breaks_mentions(
    start: int, stop: int, mention_at: Mapping[int, Known], candidates: Sequence[Candidate]
) -> bool:
    """Whether a stretch cuts a known form in two, or swallows one that is sure or of another entity."""
    wanted = {candidate.entity.id for candidate in candidates}
    for mention in {mention_at[place] for place in range(start, stop) if place in mention_at}:
        if mention.start < start or stop < mention.stop:
            return True
        owners = {form.entity.id for form in mention.forms}
        if mention.stop - mention.start > 1 and (mention.is_sure or not wanted & owners):
            return True
    return False


def _by_pieces(words: Iterable[str]) -> dict[str, list[str]]:
    """Words by what those have in common with them that are one letter off, or sound alike."""
    found: dict[str, list[str]] = {}
    for word in words:
        for piece in _pieces(word):
            found.setdefault(piece, []).append(word)
    return found


def _pieces(word: str) -> set[str]:
    """A word itself, less each of its letters, and its sound."""
    return {word, f" {sound_key(word)}", *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _add_parts(
    neighbours: dict[str, list[Candidate]], known: KnownForms, by_pieces: Mapping[str, Sequence[str]]
) -> None:
    """Hold the single words against the names of those introduced in full, too."""
    for key, candidates in neighbours.items():
        if " " in key or not by_pieces:
            continue
        parts = {part for piece in _pieces(key) for part in by_pieces.get(piece, ())}
        if not parts:
            continue
        for part, _, _ in process.extract(
            key, sorted(parts), scorer=fuzz.ratio, score_cutoff=_ALIKE - 10, limit=5
        ):
            comparison = compare_keys(key, part)
            likeness = 1.0 if key == part else comparison.likeness
            if likeness < LIKELY:
                continue
            for form in known.parts[part]:
                if all(candidate.entity.id != form.entity.id for candidate in candidates):
                    candidates.append(Candidate(form.entity, form.alias, likeness, comparison.evidence()))
        candidates.sort(key=lambda candidate: (-candidate.score, candidate.entity.id))
