"""What a draft says for and against a suspect being a certain name: weighed, not decided one by one.

Each piece of evidence is a number from 0 to 1 with a weight in log-odds; their sum through the logistic
function is the probability that the suspect is the candidate's name gone wrong. The weights were set on
the written and the real development drafts (`benchmarks/drafts.py`, which can leave out any of them).
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import OSA

from normalizer.checker.draft import Draft, Gap
from normalizer.checker.known import KnownForms, Standing
from normalizer.checker.suspects import Suspect
from normalizer.lexicon import Lexicon
from normalizer.model import Candidate, EntityType, Evidence
from normalizer.text.folding import fold
from normalizer.text.sound import sound_key

WEIGHTS: Final[dict[str, float]] = {
    "likeness": 1.0,  # log-odds of the likeness itself, see `_likeness`
    "right-form": 2.4,  # the entity stands in the draft in its right form
    "introduced": 1.6,  # the entity is named in full elsewhere, misspelled
    "introduced-so": 2.4,  # and with this very spelling
    "own-title": 2.2,  # a title of the entity before it
    "title": 1.2,  # some title before it
    "full-name": 1.6,  # another telling word of the name beside it is right
    "verb-after": 0.9,  # the subject of a finite verb
    "word-as-subject": 3.6,  # an English word that is the subject of a finite verb: Blinking asked
    "joined": 0.9,  # joined by "and" or a comma to a known name
    "capital": 1.4,  # an English word, with a capital in mid-sentence
    "english-word": -3.0,
    "dictionary-name": -2.6,  # the dictionary knows it as a name or other capitalised word
    "given-name": -1.2,  # a common given name standing alone
    "sentence-start": -1.2,  # an English word at the head of a sentence or headline
    "attributive": -2.5,  # an English word before a plain noun: Blinking lights
    "gerund": -2.5,  # an -ing form before a preposition or article: Blinking at the cameras
    "article": -1.5,  # an article before it: the Merkle
    "other-person": -5.0,  # another first name before it, here or elsewhere in the draft
    "longer-name": -2.0,  # the first words of a longer capitalised name
    "cut-short": -2.0,  # the name without its last two letters or more: Netanya
    "derived": -4.5,  # the name with an ending: Bidenomics, Gazprombank, Icelandic
    "short": -1.0,  # four letters or fewer
    "first-letter": -1.2,  # another first letter and another sound
    "recurs": -1.0,  # stands three times and more, the right form never
    "word-elsewhere": -0.8,  # an English word that stands in lower case elsewhere in the draft
}
"""Log-odds of each piece of evidence."""
BIAS: Final = -0.6
"""Log-odds that a word as like a name as `_EVEN` is that name, before anything of the draft is known."""
_EVEN: Final = 0.82
_SLOPE: Final = 16.0
_ADVERBS: Final = frozenset({"later", "also", "then", "never", "now", "once", "too"})
_IRREGULAR_PAST: Final = frozenset(
    "sent held led made built brought bought left kept put set cut paid lost spent fed felt found read ran flew drew "
    "stood sold taught thought understood won hung heard hit drove shot".split()
)
_BEFORE_OBJECT: Final = frozenset(
    "a an the that this these those his her its their him them it to on in at for from with by back out up off no".split()
)
_AFTER_GERUND: Final = frozenset(
    "a an the at on in of for to with from by into over under up down out off away his her its their our my your this "
    "that these those is are was too".split()
)
_DERIVING: Final = ("ians", "ian", "ean", "ese", "ish", "ism", "ist", "ite", "ic", "an")
_ARTICLES: Final = frozenset({"the", "a", "an"})


@dataclass(slots=True)
class Surroundings:
    """Reads the evidence of one draft.

    Attributes:
        draft: The draft.
        known: The known forms in it.
        lexicon: What is known of English.
        without: Names of evidence to leave out (ablation).
        present: Ids of the entities that stand in the draft in a right form, or will once its safe fixes
            are in.
        introduced: Id of each entity that is named in full or with its title in a wrong form → the
            folded words that are wrong in it.
    """

    draft: Draft
    known: KnownForms
    lexicon: Lexicon
    without: Collection[str] = ()
    present: set[str] = field(default_factory=set)
    introduced: dict[str, set[str]] = field(default_factory=dict)
    _known_at: dict[int, frozenset[str]] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _first_names: dict[str, set[str]] = field(default_factory=dict)
    _lower: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for mention in self.known.mentions:
            ids = frozenset(form.entity.id for form in mention.forms)
            for place in range(mention.start, mention.stop):
                self._known_at[place] = ids
            if mention.standing is Standing.RIGHT and mention.is_sure:
                self.present |= ids
        for place, token in enumerate(self.draft.tokens):
            self._counts[token.key] = self._counts.get(token.key, 0) + 1
            if not token.is_capitalised:
                self._lower.add(token.key)
            elif other := self._first_name_before(place):
                self._first_names.setdefault(token.key, set()).add(other)

    def take_for_granted(self, suspect: Suspect, entity_id: str, is_introduced: bool, is_safe: bool) -> bool:
        """Let what one suspect turned out to be speak for the others.

        Args:
            suspect: The words.
            entity_id: Whose name they are.
            is_introduced: Whether they name the entity in full or with its title.
            is_safe: Whether the right form will stand there when the safe fixes are in.

        Returns:
            Whether this is news.
        """
        news = False
        for place in range(suspect.start, suspect.stop):
            if place not in self._known_at:
                self._known_at[place] = frozenset({entity_id})
                news = True
        if is_introduced:
            wrong = {self.draft.words[place] for place in suspect.odd}
            news |= not wrong <= self.introduced.get(entity_id, set())
            self.introduced.setdefault(entity_id, set()).update(wrong)
        if is_safe and entity_id not in self.present:
            self.present.add(entity_id)
            news = True
        return news

    def probability(self, suspect: Suspect, candidate: Candidate) -> tuple[float, tuple[Evidence, ...]]:
        """Weigh everything for one candidate of a suspect.

        Returns:
            The probability from 0 to 1, and the evidence, the likeness first.
        """
        found = [
            Evidence(feature, value, WEIGHTS[feature], query, name)
            for feature, value, query, name in self._features(suspect, candidate)
            if value and feature not in self.without
        ]
        total = BIAS + sum(evidence.value * evidence.weight for evidence in found)
        return 1.0 / (1.0 + math.exp(-total)), tuple(found)

    def _features(self, suspect: Suspect, candidate: Candidate) -> list[tuple[str, float, str, str]]:
        draft, name = self.draft, candidate.alias.name
        surface = draft.surface(suspect.start, suspect.stop)
        key = " ".join(draft.words[suspect.start : suspect.stop])
        features = [("likeness", _likeness(candidate.score), surface, name)]
        introduced = self.introduced.get(candidate.entity.id, ())
        if candidate.entity.id in self.present:
            features.append(("right-form", 1.0, candidate.entity.name, ""))
        elif introduced and suspect.size == 1:
            features.append(("introduced", 1.0, candidate.entity.name, ""))
        if key in introduced and suspect.size == 1:
            features.append(("introduced-so", 1.0, surface, ""))
        features += self._before(suspect, candidate)
        features += self._after(suspect)
        if suspect.size > 1 and any(e.feature == "equal" and e.weight > 0.4 for e in candidate.evidence):
            features.append(("full-name", 1.0, surface, name))
        if suspect.is_word:
            features += self._as_word(suspect, 0.5 if features[-1][0] == "full-name" else 1.0)
        features += self._as_other(suspect, candidate, key)
        return features

    def _before(self, suspect: Suspect, candidate: Candidate) -> list[tuple[str, float, str, str]]:
        """Titles and articles before, names joined before."""
        draft, start = self.draft, suspect.start
        if start == 0 or draft.begins_sentence(start):
            return []
        gap, before = draft.gaps[start], draft.tokens[start - 1]
        found: list[tuple[str, float, str, str]] = []
        if gap in (Gap.SPACE, Gap.DOT):
            title, own = self._title_before(start, candidate)
            if title and candidate.entity.type is not EntityType.PLACE:
                found.append(("own-title" if own else "title", 1.0, title, ""))
            elif self._joins_next(suspect.stop):
                pass
            elif before.key in _ARTICLES and candidate.entity.type is EntityType.PERSON:
                found.append(("article", 1.0, before.text, ""))
        if before.key in ("and", "with", "or") and start > 1 and start - 2 in self._known_at:
            found.append(("joined", 1.0, f"{draft.tokens[start - 2].text} {before.text}", ""))
        elif gap in (Gap.COMMA, Gap.HYPHEN) and start - 1 in self._known_at:
            found.append(("joined", 0.5, before.text, ""))
        return found

    def _joins_next(self, stop: int) -> bool:
        """Whether a name is coupled to the next one by a hyphen (the Biden-Putin meeting)."""
        return stop < len(self.draft.tokens) and self.draft.gaps[stop] is Gap.HYPHEN

    def _after(self, suspect: Suspect) -> list[tuple[str, float, str, str]]:
        """A finite verb after, names joined after."""
        draft, stop = self.draft, suspect.stop
        if stop >= len(draft.tokens) or draft.begins_sentence(stop):
            return []
        found: list[tuple[str, float, str, str]] = []
        gap, after = draft.gaps[stop], draft.tokens[stop]
        if draft.tokens[stop - 1].suffix:
            return []
        if gap is Gap.SPACE and self._is_verb(stop):
            found.append(("word-as-subject" if suspect.is_word else "verb-after", 1.0, after.text, ""))
        is_longer = gap is Gap.SPACE and after.is_capitalised and stop not in self._known_at
        if is_longer and not draft.is_headline(stop) and after.key not in self.lexicon.words:
            found.append(("longer-name", 1.0, after.text, ""))
        elif is_longer and suspect.size > 1 and not draft.is_headline(stop):
            found.append(("longer-name", 1.0, after.text, ""))
        if after.key in ("and", "or") and stop + 1 in self._known_at:
            found.append(("joined", 1.0, f"{after.text} {draft.tokens[stop + 1].text}", ""))
            verb = stop + 1
            while verb in self._known_at and verb < len(draft.tokens):
                verb += 1
            if verb < len(draft.tokens) and draft.gaps[verb] is Gap.SPACE and self._is_verb(verb):
                feature = "word-as-subject" if suspect.is_word else "verb-after"
                found.append((feature, 0.8, draft.tokens[verb].text, ""))
        elif gap in (Gap.COMMA, Gap.HYPHEN) and stop in self._known_at:
            found.append(("joined", 0.5, after.text, ""))
        return found

    def _is_verb(self, place: int) -> bool:
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
        is_past = (word.endswith("ed") and len(word) > 4 and word in self.lexicon.words) or word in _IRREGULAR_PAST
        return is_past and (after in _BEFORE_OBJECT or self.draft.tokens[place + 1].is_capitalised)

    def _as_word(self, suspect: Suspect, share: float) -> list[tuple[str, float, str, str]]:
        """What speaks of an ordinary word, and what in spite of it of a name.

        Args:
            suspect: The words.
            share: How much the English word counts: less in a name whose other words are right.
        """
        draft = self.draft
        word = draft.tokens[suspect.odd[0]]
        found = [("english-word", share, word.text, "")]
        if any(draft.words[place] in self._lower for place in suspect.odd):
            found.append(("word-elsewhere", 1.0, word.text, ""))
        first = suspect.odd[0]
        if draft.begins_sentence(first) or draft.is_headline(first):
            found.append(("sentence-start", share, word.text, ""))
        elif not word.is_all_caps:
            found.append(("capital", 1.0, word.text, ""))
        stop = suspect.stop
        if suspect.size > 1 or stop >= len(draft.tokens):
            return found
        if draft.gaps[stop] in (Gap.SPACE, Gap.HYPHEN) and not draft.tokens[stop - 1].suffix:
            after = draft.tokens[stop]
            if word.key.endswith("ing") and after.key in _AFTER_GERUND:
                found.append(("gerund", 1.0, after.text, ""))
            elif not after.is_capitalised and after.key not in _AFTER_GERUND and not self._is_verb(stop) and (
                after.key in self.lexicon.words and after.key not in ("and", "or", "but", "who", "as", "if", "when")
            ):
                found.append(("attributive", 1.0, after.text, ""))
        return found

    def _as_other(self, suspect: Suspect, candidate: Candidate, key: str) -> list[tuple[str, float, str, str]]:
        """What speaks of another name, or of a word made from this one."""
        found: list[tuple[str, float, str, str]] = []
        name = fold(candidate.alias.name)
        if suspect.size == 1:
            other, sure = self._other_first_name(suspect.start, key, candidate)
            if other:
                found.append(("other-person", sure, other, ""))
            elif key in self.lexicon.given_names and name not in self.lexicon.given_names:
                found.append(("given-name", 1.0, key, ""))
            if len(key) <= 4:
                found.append(("short", 1.0, key, name))
            spoken_of = candidate.entity.id in self.present or candidate.entity.id in self.introduced
            if self._counts.get(key, 0) > 2 and not spoken_of:
                found.append(("recurs", 1.0, key, ""))
        odd = [self.draft.words[place] for place in suspect.odd]
        if not suspect.is_word and all(word in self.lexicon.capitalised or word in self.lexicon.words for word in odd):
            found.append(("dictionary-name", 1.0, odd[0], ""))
        if is_derived(key, name):
            found.append(("derived", 1.0, key, name))
        elif name.startswith(key) and len(name) - len(key) > 1:
            found.append(("cut-short", 1.0, key, name))
        if key[0] != name[0] and sound_key(key.split()[0]) != sound_key(name.split()[0]):
            found.append(("first-letter", 1.0, key[0], name[0]))
        return found

    def _title_before(self, start: int, candidate: Candidate) -> tuple[str, bool]:
        """The longest title that ends before a word, and whether it is the candidate's own."""
        own = {fold(title.name) for title in candidate.entity.titles}
        words = self.draft.words
        for size in (5, 4, 3, 2, 1):
            begin = start - size
            if begin < 0 or any(self.draft.gaps[p] is Gap.SENTENCE for p in range(begin + 1, start)):
                continue
            title = " ".join(words[begin:start])
            if title in own or title in self.lexicon.titles:
                return self.draft.surface(begin, start), title in own
        return "", False

    def _other_first_name(self, place: int, key: str, candidate: Candidate) -> tuple[str, float]:
        """A first name that is not the candidate's, and how surely it says that another is meant.

        One that stands right before the word settles it; one that introduced the same surname elsewhere
        does so too, unless the candidate was introduced by that spelling as well.
        """
        own = set(fold(candidate.entity.name).split())
        here = self._first_name_before(place)
        if here:
            return ("", 0.0) if _is_like_any(here, own) else (here, 1.0)
        following = self._first_name_behind_comma(place)
        if following and not _is_like_any(following, own):
            return following, 1.0
        elsewhere = self._first_names.get(key, set())
        others = sorted(name for name in elsewhere if not _is_like_any(name, own))
        if not others:
            return "", 0.0
        return others[0], 1.0 if len(others) == len(elsewhere) else 0.2

    def _first_name_behind_comma(self, place: int) -> str:
        """The given name of "Schulz, Martin"."""
        draft = self.draft
        if place + 1 >= len(draft.tokens) or draft.gaps[place + 1] is not Gap.COMMA:
            return ""
        after = draft.tokens[place + 1]
        return after.key if after.is_capitalised and after.key in self.lexicon.given_names else ""

    def _first_name_before(self, place: int) -> str:
        """The first name that stands before a word and says whose surname it is, folded; "" if none."""
        draft = self.draft
        if place == 0 or draft.gaps[place] not in (Gap.SPACE, Gap.DOT, Gap.HYPHEN):
            return ""
        before = draft.tokens[place - 1]
        if not before.is_capitalised or before.suffix or not before.key or before.is_all_caps and len(before.key) > 2:
            return ""
        if before.key in self.lexicon.titles or before.key.rstrip("s") in self.lexicon.titles:
            return ""
        if before.key in self.lexicon.given_names:
            return before.key
        if before.key in self.lexicon.words or before.key in self.lexicon.capitalised or place - 1 in self._known_at:
            return ""
        return before.key


def is_derived(key: str, name: str) -> bool:
    """Whether a word is made from a name by an ending: its plural, or a longer word that begins with it.

    >>> is_derived("gazprombank", "gazprom"), is_derived("clintons", "clinton"), is_derived("trudea", "trudeau")
    (True, True, False)
    >>> is_derived("pachomian", "pachomius")
    True
    """
    if key.startswith(name) and key != name:
        rest = key[len(name) :]
        return rest in ("s", "n", "i", "r") or len(rest) > 1
    ending = next((ending for ending in _DERIVING if key.endswith(ending)), "")
    return bool(ending) and not name.endswith(ending) and key[: -len(ending)] == name[: len(key) - len(ending)]


def _is_like_any(first_name: str, own: Collection[str]) -> bool:
    """Whether a first name is one of an entity's words, misspelled perhaps, or an initial of one."""
    return any(
        first_name == word
        or (len(first_name) == 1 and word.startswith(first_name))
        or OSA.normalized_similarity(first_name, word) >= 0.75
        for word in own
    )


def _likeness(score: float) -> float:
    """Log-odds of a likeness: 0 at `_EVEN`, cut off where more of it would outvote the draft."""
    return max(-4.0, min(2.4, _SLOPE * (score - _EVEN)))
