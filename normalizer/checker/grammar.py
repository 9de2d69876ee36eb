"""The little grammar that the evidence needs: finite verbs, titles, first names, derived words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from rapidfuzz.distance import OSA

from normalizer.checker.draft import Draft
from normalizer.lexicon import Lexicon
from normalizer.text.gaps import BETWEEN_WORDS, IN_ONE_NAME, Gap

_ADVERBS: Final = frozenset(
    "again ago also already always away back even ever first here instead just last later never next now "
    "often once only perhaps soon still then there today together tomorrow tonight too twice "
    "yesterday yet".split()
)
_IRREGULAR_PAST: Final = frozenset(
    "sent held led made built brought bought left kept put set cut paid lost spent fed felt found read "
    "ran flew drew stood sold taught thought understood won hung heard hit drove shot".split()
)
_BEFORE_OBJECT: Final = frozenset(
    "a an the that this these those his her its their him them it to on in at for from with by back out "
    "up off no".split()
)
AFTER_GERUND: Final = frozenset(
    "a an the at on in of for to with from by into over under up down out off away his her its their our "
    "my your this that these those is are was too".split()
)
WHEREABOUTS: Final = frozenset("in from to into through throughout across near outside around".split())
"""Prepositions that stand before places."""
SPEECH_VERBS: Final = frozenset(
    "said says told tells added adds asked asks replied replies warned warns urged urges argued argues "
    "insisted insists promised announced declared denied explained admitted joked wrote answered".split()
)
_POSSIBLE_VERB: Final = 0.5
"""How surely a past form is a finite verb before anything but an object or adverbial (promised repairs)."""
_DERIVING: Final = ("ians", "ian", "ean", "ese", "ish", "ism", "ist", "ite")
_NAME_BEGINNERS: Final = frozenset({"st", "saint", "san", "santa", "mount", "mt", "lake", "fort", "port"})
_DESCRIBING: Final = frozenset({"a", "an", "the"})
_CONJUNCTIONS: Final = frozenset({"and", "or", "but", "who", "as", "if", "when"})
_LONGEST_TITLE: Final = 5
"""Words."""


class Grammar:
    """Reads the words around a place of a draft.

    Args:
        draft: The draft.
        lexicon: What is known of English.
    """

    def __init__(self, draft: Draft, lexicon: Lexicon) -> None:
        self.draft, self.lexicon = draft, lexicon

    def is_verb(self, place: int) -> bool:
        """Whether a word is a finite verb, an adverb before one passed over ("later urged").

        A past form that may as well be a participle is one when an object or adverbial follows it.
        """
        word = self.draft.words[place]
        if word in self.lexicon.verbs:
            return True
        if place + 1 >= len(self.draft.tokens) or self.draft.gaps[place + 1] is not Gap.SPACE:
            return False
        after = self.draft.words[place + 1]
        if word.endswith("ly") or word in _ADVERBS:
            return after in self.lexicon.verbs
        is_followed = after in _BEFORE_OBJECT or self.draft.tokens[place + 1].is_capitalised
        return is_followed and self._is_past(word)

    def verb(self, place: int) -> float:
        """How surely a word is a finite verb, 0 to 1."""
        if self.is_verb(place):
            return 1.0
        return _POSSIBLE_VERB if self._is_past(self.draft.words[place]) else 0.0

    def _is_past(self, word: str) -> bool:
        """Whether a word may be a past form."""
        return word in _IRREGULAR_PAST or (
            word.endswith("ed") and len(word) > 4 and word in self.lexicon.words
        )

    def is_plain_noun(self, place: int) -> bool:
        """Whether a word may be the noun that a word before it describes ("Blinking lights")."""
        word = self.draft.tokens[place]
        return (
            not word.is_capitalised
            and word.key in self.lexicon.words
            and word.key not in AFTER_GERUND
            and word.key not in _ADVERBS
            and word.key not in _CONJUNCTIONS
            and not self.verb(place)
        )

    def introduces(self, stop: int) -> bool:
        """Whether what follows a name introduces its bearer: an age, an indefinite description, "of Ohio"."""
        draft = self.draft
        if stop >= len(draft.tokens):
            return False
        after = draft.tokens[stop]
        if draft.gaps[stop] is Gap.COMMA:
            return after.key.isdigit() or after.key in _DESCRIBING
        if draft.gaps[stop] is Gap.SPACE and after.key == "of" and stop + 1 < len(draft.tokens):
            return draft.tokens[stop + 1].is_capitalised
        return False

    def title_before(self, start: int, own: Collection[str]) -> tuple[str, bool]:
        """The longest title that ends before a word, and whether it is one of an entity's `own`."""
        words, gaps = self.draft.words, self.draft.gaps
        longest = min(1, start)
        while longest < min(_LONGEST_TITLE, start) and gaps[start - longest] in IN_ONE_NAME:
            longest += 1
        for begin in range(start - longest, start):
            title = " ".join(words[begin:start])
            if title in own or title in self.lexicon.titles:
                return self.draft.surface(begin, start), title in own
        return "", False

    def first_name_behind_comma(self, place: int) -> str:
        """The given name of "Schulz, Martin"."""
        draft = self.draft
        if place + 1 >= len(draft.tokens) or draft.gaps[place + 1] is not Gap.COMMA:
            return ""
        after = draft.tokens[place + 1]
        return after.key if after.is_capitalised and after.key in self.lexicon.given_names else ""

    def first_name_before(self, place: int, is_known: bool) -> str:
        """The first name that stands before a word and says whose surname it is, folded; "" if none.

        Args:
            place: Place of the word.
            is_known: Whether the word before it is in a known form.
        """
        draft = self.draft
        if place == 0 or draft.gaps[place] not in (*BETWEEN_WORDS, Gap.HYPHEN):
            return ""
        before = draft.tokens[place - 1]
        if (
            not before.is_capitalised
            or before.suffix
            or not before.key
            or (before.is_all_caps and len(before.key) > 2)
        ):
            return ""
        if before.key in self.lexicon.titles or before.key.rstrip("s") in self.lexicon.titles:
            return ""
        if before.key in self.lexicon.given_names or before.key in _NAME_BEGINNERS:
            return before.key
        if before.key in self.lexicon.words or before.key in self.lexicon.capitalised or is_known:
            return ""
        return before.key


def is_derived(key: str, name: str) -> bool:
    """Whether a word is made from a name by an ending: its plural, or a longer word that begins with it.

    >>> is_derived("gazprombank", "gazprom"), is_derived("trudea", "trudeau")
    (True, False)
    >>> is_derived("pachomian", "pachomius")
    True
    """
    if key.startswith(name) and key != name:
        rest = key[len(name) :]
        return (rest in ("s", "n", "i", "r") and rest != name[-1]) or len(rest) > 1
    ending = next((ending for ending in _DERIVING if key.endswith(ending)), "")
    return (
        bool(ending) and not name.endswith(ending) and key[: -len(ending)] == name[: len(key) - len(ending)]
    )


def is_like_any(first_name: str, own: Collection[str]) -> bool:
    """Whether a first name is one of an entity's words, misspelled perhaps, or an initial of one."""
    return any(
        first_name == word
        or (len(first_name) == 1 and word.startswith(first_name))
        or OSA.normalized_similarity(first_name, word) >= 0.75
        for word in own
    )
