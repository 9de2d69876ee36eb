"""What a draft says for and against a suspect being a certain name: weighed, not decided one by one.

Each piece of evidence is a number from 0 to 1 with a weight in log-odds; their sum through the logistic
function is the probability that the suspect is the candidate's name gone wrong. The weights are in
`normalizer.checker.weights`.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Final

from normalizer.checker.draft import Draft
from normalizer.checker.grammar import (
    AFTER_GERUND,
    SPEECH_VERBS,
    WHEREABOUTS,
    Grammar,
    is_derived,
    is_like_any,
)
from normalizer.checker.presence import Presence
from normalizer.checker.suspects import Suspect
from normalizer.checker.weights import BIAS, WEIGHTS, likeness_log_odds
from normalizer.model import Candidate, EntityType, Evidence
from normalizer.text.folding import fold
from normalizer.text.gaps import BETWEEN_WORDS, Gap
from normalizer.text.sound import sound_key
from normalizer.text.tokens import Token

Feature = tuple[str, float, str, str]
"""Name, value from 0 to 1, the part of the draft looked at, the part of the form it is held against."""
_CAPITAL_OF_NOBODY: Final = 0.7
"""What the capital of a word says for an entity that stands nowhere else in the draft."""
_BEHIND_FIRST_NAME: Final = 0.7
"""What the dictionary says for another name right behind the entity's own first name."""
_AT_HAND: Final = 1.3
"""How much more a word in lower case says in the same sentence than elsewhere."""
_ARTICLES: Final = frozenset({"the", "a", "an"})


class Surroundings:
    """Reads the evidence of one draft.

    Args:
        draft: The draft.
        presence: Who and what is spoken of in it.
        grammar: Its words read as English.
        without: Names of evidence to leave out (ablation).
    """

    def __init__(
        self, draft: Draft, presence: Presence, grammar: Grammar, without: Collection[str] = ()
    ) -> None:
        self.draft, self.presence, self.without = draft, presence, without
        self.lexicon, self._grammar = grammar.lexicon, grammar

    def probability(self, suspect: Suspect, candidate: Candidate) -> tuple[float, tuple[Evidence, ...]]:
        """Weigh everything for one candidate of a suspect.

        Returns:
            The probability from 0 to 1, and the evidence, the likeness first.
        """
        likeness = Evidence(
            "likeness",
            candidate.score,
            likeness_log_odds(candidate.score) / candidate.score,
            self.draft.surface(suspect.start, suspect.stop),
            candidate.alias.name,
        )
        found = [
            likeness,
            *(
                Evidence(feature, value, WEIGHTS[feature], query, name)
                for feature, value, query, name in self._features(suspect, candidate)
                if value and feature not in self.without
            ),
        ]
        total = BIAS + sum(evidence.value * evidence.weight for evidence in found)
        return 1.0 / (1.0 + math.exp(-total)), tuple(found)

    def _features(self, suspect: Suspect, candidate: Candidate) -> list[Feature]:
        draft, name = self.draft, candidate.alias.name
        surface = draft.surface(suspect.start, suspect.stop)
        key = " ".join(draft.words[suspect.start : suspect.stop])
        features: list[Feature] = []
        introduced = self.presence.introduced.get(candidate.entity.id, ())
        sighting = self.presence.seen(candidate.entity.id, besides=suspect)
        if sighting is not None:
            features.append(("right-form", 1.0, sighting.surface, sighting.where))
        elif introduced and suspect.size == 1:
            features.append(("introduced", 1.0, candidate.entity.name, ""))
        if key in introduced and suspect.size == 1:
            features.append(("introduced-so", 1.0, surface, ""))
        features += self._before(suspect, candidate)
        features += self._after(suspect, candidate)
        is_full = suspect.size > 1 and any(
            e.feature == "equal" and e.weight > 0.4 for e in candidate.evidence
        )
        if is_full:
            backed = {feature for feature, *_ in features} & {"right-form", "own-title", "title"}
            features.append(("full-name", 1.0 if backed else 0.6, surface, name))
        share = 0.5 if is_full else 1.0
        if suspect.is_word:
            is_named = any(feature == "own-first-name" for feature, *_ in features)
            features += self._as_word(
                suspect, candidate, share, is_named, sighting is not None or bool(introduced)
            )
        features += self._as_other(suspect, candidate, key)
        return features

    def _before(self, suspect: Suspect, candidate: Candidate) -> list[Feature]:
        """Titles and articles before, names joined before."""
        draft, start = self.draft, suspect.start
        if start == 0 or draft.gaps[start] is Gap.SENTENCE:
            return []
        gap, before = draft.gaps[start], draft.tokens[start - 1]
        stop = suspect.stop
        coupled = stop < len(draft.tokens) and draft.gaps[stop] is Gap.HYPHEN  # the Biden-Putin meeting
        found: list[Feature] = []
        if gap in BETWEEN_WORDS:
            own_titles = {fold(title.name) for title in candidate.entity.titles}
            title, own = self._grammar.title_before(start, own_titles)
            if title:
                is_place = candidate.entity.type is EntityType.PLACE and not own
                feature = "own-title" if own else "title-of-person" if is_place else "title"
                found.append((feature, 1.0, title, ""))
            elif self._is_longer_before(suspect, candidate):
                found.append(("longer-name", 1.0, before.text, ""))
            elif before.key in _ARTICLES and not coupled and self._takes_no_article(suspect, candidate):
                found.append(("article", 1.0, before.text, ""))
            if suspect.is_word and before.key in WHEREABOUTS and candidate.entity.type is EntityType.PLACE:
                found.append(("whereabouts", 1.0, before.text, ""))
            elif suspect.size == 1 and self._is_own_first_name(before, candidate):
                found.append(("own-first-name", 1.0, before.text, ""))
        if before.key in ("and", "with", "or") and start > 1 and start - 2 in self.presence.known_at:
            found.append(("joined", 1.0, f"{draft.tokens[start - 2].text} {before.text}", ""))
        elif gap in (Gap.COMMA, Gap.HYPHEN) and start - 1 in self.presence.known_at:
            found.append(("joined", 0.5, before.text, ""))
        return found

    def _is_own_first_name(self, before: Token, candidate: Candidate) -> bool:
        """Whether a word is a person's own first name and no other word of theirs."""
        first, *rest = fold(candidate.entity.name).split()
        return (
            candidate.entity.type is EntityType.PERSON
            and before.is_capitalised
            and before.key == first
            and bool(rest)
            and not before.suffix
        )

    def _takes_no_article(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether an article speaks against it: before a person, or a word that may be a place."""
        type = candidate.entity.type
        return type is EntityType.PERSON or (
            type is EntityType.PLACE and suspect.is_word and suspect.size == 1
        )

    def _is_longer_before(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether another capitalised word before it belongs to the name of a place or organization.

        An English word in place of a surname may be the end of such a name, too (10th Street, Gap Street).
        """
        draft, before = self.draft, suspect.start - 1
        word = draft.words[before]
        if candidate.entity.type is EntityType.PERSON:
            if not suspect.is_word or word in self.lexicon.given_names or len(word) == 1:
                return False
            if word[:1].isdigit():
                return True
        return (
            draft.tokens[before].is_capitalised
            and not draft.begins_sentence(before)
            and not draft.tokens[before].suffix
            and before not in self.presence.known_at
            and not draft.is_headline(before)
        )

    def _after(self, suspect: Suspect, candidate: Candidate) -> list[Feature]:
        """A finite verb after, names joined after."""
        draft, stop = self.draft, suspect.stop
        if stop >= len(draft.tokens) or draft.begins_sentence(stop):
            return []
        found: list[Feature] = []
        gap, after = draft.gaps[stop], draft.tokens[stop]
        if draft.tokens[stop - 1].suffix:
            return []
        if self._grammar.introduces(stop):
            found.append(("apposition", 1.0, after.text, ""))
        if gap is Gap.SPACE and (verb := self._grammar.verb(stop)):
            found.append(self._subject(suspect, candidate, verb, after.text))
        is_longer = gap is Gap.SPACE and after.is_capitalised and stop not in self.presence.known_at
        is_longer = is_longer and not draft.is_headline(stop)
        articled = suspect.start > 0 and draft.tokens[suspect.start - 1].key in _ARTICLES
        is_part = suspect.size > 1 or suspect.is_word or articled
        if is_longer and (is_part or after.key not in self.lexicon.words):
            found.append(("longer-name", 1.0, after.text, ""))
        if after.key in ("and", "or") and stop + 1 in self.presence.known_at:
            found.append(("joined", 1.0, f"{after.text} {draft.tokens[stop + 1].text}", ""))
            verb = stop + 1
            while verb in self.presence.known_at and verb < len(draft.tokens):
                verb += 1
            if verb < len(draft.tokens) and draft.gaps[verb] is Gap.SPACE and self._grammar.is_verb(verb):
                found.append(self._subject(suspect, candidate, 0.8, draft.tokens[verb].text))
        elif gap in (Gap.COMMA, Gap.HYPHEN) and stop in self.presence.known_at:
            found.append(("joined", 0.5, after.text, ""))
        return found

    def _subject(self, suspect: Suspect, candidate: Candidate, value: float, verb: str) -> Feature:
        """The evidence of a verb: of an English word it says little while nobody speaks of the entity.

        Unless the word is a gerund and the verb one of speaking: activities do not speak.
        """
        if not suspect.is_word:
            return "verb-after", value, verb, ""
        own_titles = {fold(title.name) for title in candidate.entity.titles}
        spoken_of = (
            self.presence.is_spoken_of(candidate.entity.id, besides=suspect)
            or self._grammar.title_before(suspect.start, own_titles)[1]
        )
        speaks = verb in SPEECH_VERBS and self.draft.words[suspect.stop - 1].endswith("ing")
        return "word-as-subject", value if spoken_of or speaks else 0.3 * value, verb, ""

    def _as_word(
        self, suspect: Suspect, candidate: Candidate, share: float, is_named: bool, is_spoken_of: bool
    ) -> list[Feature]:
        """What speaks of an ordinary word, and what in spite of it of a name.

        Args:
            suspect: The words.
            candidate: Whose name they are taken for.
            share: How much the English word counts: less in a name whose other words are right.
            is_named: Whether a first name stands before, so that nothing behind is described (the Andy Warily
                exhibit).
            is_spoken_of: Whether the entity stands elsewhere in the draft.
        """
        draft = self.draft
        word = draft.tokens[suspect.odd[0]]
        found = [("english-word", share, word.text, "")]
        if any(draft.words[place] in self.presence.lower for place in suspect.odd):
            is_at_hand = self._is_a_word_at_hand(suspect)
            found.append(("word-elsewhere", _AT_HAND if is_at_hand else 1.0, word.text, ""))
        first = suspect.odd[0]
        if draft.begins_sentence(first) or draft.is_headline(first):
            found.append(("sentence-start", share, word.text, ""))
        elif not word.is_all_caps:
            found.append(("capital", 1.0 if is_spoken_of else _CAPITAL_OF_NOBODY, word.text, ""))
        stop = suspect.stop
        if suspect.size > 1 or is_named or stop >= len(draft.tokens):
            return found
        if draft.gaps[stop] in (Gap.SPACE, Gap.HYPHEN) and not draft.tokens[stop - 1].suffix:
            after = draft.tokens[stop]
            if word.key.endswith("ing") and after.key in AFTER_GERUND:
                found.append(("gerund", 1.0, after.text, ""))
            elif self._grammar.is_plain_noun(stop):
                found.append(("attributive", self._described(first, candidate), after.text, ""))
        return found

    def _is_a_word_at_hand(self, suspect: Suspect) -> bool:
        """Whether the word stands in lower case in the same sentence (off the shoals; Shoals shift)."""
        draft = self.draft
        odd = {draft.words[place] for place in suspect.odd}
        return any(
            draft.words[place] in odd and not draft.tokens[place].is_capitalised
            for place in draft.sentence(suspect.start)
        )

    def _described(self, first: int, candidate: Candidate) -> float:
        """How much a noun behind a word speaks against a name.

        Behind a capital in mid-sentence it says little of a person, and of others nothing: their names
        describe nouns (Wikinews reporter).
        """
        if self.draft.begins_sentence(first) or self.draft.is_headline(first):
            return 1.0
        return 0.5 if candidate.entity.type is EntityType.PERSON else 0.0

    def _as_other(self, suspect: Suspect, candidate: Candidate, key: str) -> list[Feature]:
        """What speaks of another name, or of a word made from this one."""
        found: list[Feature] = []
        name = fold(candidate.alias.name)
        if suspect.size == 1:
            other, sure = self._other_first_name(suspect.start, key, candidate)
            if other:
                found.append(("other-person", sure, other, ""))
            elif key in self.lexicon.given_names and self._is_first_name(suspect.stop):
                found.append(("other-person", 1.0, key, ""))
            elif key in self.lexicon.given_names and name not in self.lexicon.given_names:
                found.append(("given-name", 1.0, key, ""))
            if len(key) <= 4:
                found.append(("short", 1.0, key, name))
            spoken_of = self.presence.is_spoken_of(candidate.entity.id, besides=suspect)
            count = self.presence.count(key)
            if suspect.is_word:
                recurs = count > 5 and count > self.presence.sightings(candidate.entity.id)
            else:
                recurs = count > 2 and not spoken_of
            if recurs:
                found.append(("recurs", 1.0, key, ""))
            if not self.draft.tokens[suspect.start].is_capitalised:
                found.append(("lower-case", 1.0, key, ""))
        odd = [self.draft.words[place] for place in suspect.odd]
        is_adjective = suspect.is_word and candidate.entity.type is EntityType.PLACE  # Antarctic
        if not suspect.is_word and all(
            word in self.lexicon.capitalised or word in self.lexicon.words for word in odd
        ):
            is_named = suspect.size == 2 and key.split()[0] == fold(candidate.entity.name).split()[0]
            found.append(("dictionary-name", _BEHIND_FIRST_NAME if is_named else 1.0, odd[0], ""))
        elif not suspect.is_word and any(self.lexicon.is_somebodys(word) for word in odd):
            found.append(("known-name", 1.0, odd[0], ""))
        if is_derived(key, name):
            found.append(("derived", 1.0, key, name))
        elif name.startswith(key) and (len(name) - len(key) > 1 or is_adjective):
            found.append(("cut-short", 1.0, key, name))
        if key[0] != name[0] and sound_key(key.split()[0]) != sound_key(name.split()[0]):
            found.append(("first-letter", 1.0, key[0], name[0]))
        return found

    def _is_first_name(self, stop: int) -> bool:
        """Whether a surname follows: a capitalised word that is in no known form."""
        if stop >= len(self.draft.tokens) or self.draft.gaps[stop] not in BETWEEN_WORDS:
            return False
        after = self.draft.tokens[stop]
        return after.is_capitalised and not after.is_all_caps and stop not in self.presence.known_at

    def _other_first_name(self, place: int, key: str, candidate: Candidate) -> tuple[str, float]:
        """A first name that is not the candidate's, and how surely it says that another is meant.

        One that stands right before the word settles it; one that introduced the same surname elsewhere
        does so too, unless the candidate was introduced by that spelling as well.
        """
        own = set(fold(candidate.entity.name).split())
        here = self.presence.first_name_before(place)
        if here:
            return ("", 0.0) if is_like_any(here, own) else (here, 1.0)
        following = self._grammar.first_name_behind_comma(place)
        if following and not is_like_any(following, own):
            return following, 1.0
        elsewhere = self.presence.first_names.get(key, set())
        others = sorted(name for name in elsewhere if not is_like_any(name, own))
        if not others:
            return "", 0.0
        return others[0], 1.0 if len(others) == len(elsewhere) else 0.2
