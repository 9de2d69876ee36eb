"""What speaks against writing a fix unseen: signs that a spelling is another's, or is meant as it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final

from normalizer.checker.draft import Draft
from normalizer.checker.grammar import Grammar
from normalizer.checker.known import SMALL_WORDS
from normalizer.checker.presence import Presence
from normalizer.checker.suspects import Suspect, words_of
from normalizer.model import Candidate, EntityType
from normalizer.text.folding import fold
from normalizer.text.gaps import BETWEEN_WORDS, STARTS, Gap

_JOINING: Final = frozenset({"or", "and", "not", "nor", "but"})
"""Words between two spellings that a text holds against each other."""
_RECURS: Final = 3
"""How often a spelling stands in a draft that seems to hold on to it."""


class Doubts:
    """The signs of one draft.

    Args:
        draft: The draft.
        presence: What it holds.
        grammar: Its words read as English.
        suspects: All suspects of it: a surname that is wrong beside a right first name, while the right
            full name stands there too, may be a second person's wherever it stands.
    """

    def __init__(
        self, draft: Draft, presence: Presence, grammar: Grammar, suspects: Sequence[Suspect]
    ) -> None:
        self._draft, self._presence, self._grammar = draft, presence, grammar
        self._suspected = {
            place: suspect.candidates[0].entity.id
            for suspect in suspects
            for place in range(suspect.start, suspect.stop)
        }
        self._second_persons = {
            draft.words[place]
            for suspect in suspects
            if any(self._is_second_full_name(suspect, candidate) for candidate in suspect.candidates)
            for place in suspect.odd
        }
        odd = {draft.words[place] for suspect in suspects for place in suspect.odd}
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(draft.words):
            if word in odd:
                self._places[word].append(place)

    def any(self, suspect: Suspect, candidate: Candidate, is_sure: bool, is_certain: bool) -> bool:
        """Whether something speaks against a fix.

        Args:
            suspect: The words.
            candidate: Whose name they are taken for.
            is_sure: Whether the rest of the name says that nobody else is meant.
            is_certain: Whether the entity's own title and first name say so.
        """
        return (
            (not is_certain and self._stands_by_itself(suspect, candidate, is_sure))
            or (self._runs_on(suspect) and not (is_sure and self._is_of_words(suspect, candidate)))
            or self._is_held_against_another(suspect, candidate)
            or self._is_in_anothers_name(suspect, candidate, is_certain)
            or (not is_certain and self._stands_beside_the_right_name(suspect, candidate))
        )

    def _is_second_full_name(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether a person's right full name stands in the draft beside this one: maybe two people."""
        if candidate.entity.type is not EntityType.PERSON:
            return False
        size = sum(self._draft.words[p] not in SMALL_WORDS for p in range(suspect.start, suspect.stop))
        return size > 1 and self._presence.is_named_in_full(candidate.entity.id, suspect)

    def _stands_by_itself(self, suspect: Suspect, candidate: Candidate, is_sure: bool) -> bool:
        """Whether the spelling may be a name of its own.

        It begins otherwise, or without surer signs the draft holds on to it and writes the right form less
        often, or it is the surname of a second full name.
        """
        words = [self._draft.words[place] for place in suspect.odd]
        if suspect.size == 1 and words[0][0] != fold(candidate.alias.name)[0]:
            return True
        right = self._presence.sightings(candidate.entity.id)
        return not is_sure and any(
            ((count := self._presence.count(word)) >= _RECURS and right < count)
            or word in self._second_persons
            for word in words
        )

    def _stands_beside_the_right_name(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether a person's right name stands in the same sentence: who meets Morris is not Morris."""
        if candidate.entity.type is not EntityType.PERSON:
            return False
        sentence = self._draft.sentence(suspect.start)
        return self._presence.is_in(candidate.entity.id, sentence, suspect)

    def _is_in_anothers_name(self, suspect: Suspect, candidate: Candidate, is_certain: bool) -> bool:
        """Whether a capitalised word that is not the entity's stands before it, here or elsewhere.

        As in Julia de Micheo and David Kellogg Cartter: the surname of somebody else.
        """
        own = words_of(candidate.entity)
        titles = {fold(title.name) for title in candidate.entity.titles}
        if self._follows_another_name(suspect.start, own, titles):
            return True
        words = {self._draft.words[place] for place in suspect.odd}
        return not is_certain and any(
            self._follows_another_name(place, own, titles)
            or (suspect.size == 1 and self._grammar.introduces(place + 1))
            for word in words
            for place in self._places[word]
            if not suspect.start <= place < suspect.stop
        )

    def _follows_another_name(self, place: int, own: Collection[str], titles: Collection[str]) -> bool:
        """Whether the word before a place is part of its name, and none of an entity's own words."""
        draft = self._draft
        if place == 0 or draft.gaps[place] not in BETWEEN_WORDS:
            return False
        before = place - 1
        if draft.words[before] in SMALL_WORDS and draft.words[before] not in own and before > 0:
            is_particle = draft.words[before] not in ("of", "the", "for", "and", "in", "on", "at", "and")
            return is_particle and draft.tokens[before - 1].is_capitalised
        token = draft.tokens[before]
        return (
            token.is_capitalised
            and not token.suffix
            and token.key not in own
            and not (draft.begins_sentence(before) and token.key in self._grammar.lexicon.words)
            and not draft.is_headline(before)
            and not self._grammar.title_before(place, titles)[0]
        )

    def _is_held_against_another(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether the same name stands beside it in another spelling: then the text is about spellings.

        As in "Lukaschenko, Lukashenka, Lukashenko" and "Blinken, not Blinkon".
        """
        own = {self._draft.words[place] for place in suspect.odd}
        sides = ((suspect.start, -1), (suspect.stop, 1))
        return any(self._is_named_beside(place, step, candidate, own) for place, step in sides)

    def _is_named_beside(self, place: int, step: int, candidate: Candidate, own: Collection[str]) -> bool:
        """Whether the neighbour before (-1) or behind (1) a place is the same name, parted and not alike."""
        words, gaps = self._draft.words, self._draft.gaps
        beside = place - 1 if step < 0 else place
        is_parted = 0 <= beside < len(words) and gaps[place] in (Gap.COMMA, Gap.OTHER)
        if 0 <= beside < len(words) and words[beside] in _JOINING and gaps[place] not in STARTS:
            place, beside, is_parted = place + step, beside + step, True
        if not (is_parted and 0 <= beside < len(words)) or gaps[place] in STARTS or words[beside] in own:
            return False
        here = self._presence.known_at.get(beside, frozenset())
        return candidate.entity.id in here or self._suspected.get(beside) == candidate.entity.id

    def _is_of_words(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether a place or organization has a name of several words, which others may follow."""
        return suspect.size > 1 and candidate.entity.type is not EntityType.PERSON

    def _runs_on(self, suspect: Suspect) -> bool:
        """Whether a capitalised word behind it may belong to the name (Stollenberg Castle)."""
        stop = suspect.stop
        if suspect.size > 1 and stop - 1 not in suspect.odd:
            return False
        if stop >= len(self._draft.tokens) or self._draft.gaps[stop] is not Gap.SPACE:
            return False
        after = self._draft.tokens[stop]
        return after.is_capitalised and not after.is_all_caps and not self._draft.tokens[stop - 1].suffix
