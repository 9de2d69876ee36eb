"""Who and what a draft speaks of: entities in a right form or introduced in a wrong one, words counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Final

from normalizer.checker.draft import Draft
from normalizer.checker.grammar import Grammar, is_like_any
from normalizer.checker.known import Known, KnownForms, Standing
from normalizer.checker.suspects import Suspect
from normalizer.model import EntityType
from normalizer.text.folding import fold
from normalizer.text.places import LineMap

_MENDED: Final = "the draft, to be mended"
"""Where an entity stands that a safe fix puts there."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A place where an entity stands in a right form, or will once a safe fix is in.

    Attributes:
        start: Place of its first word.
        stop: Place behind its last word.
        surface: How it stands there.
        where: The place in words ("line 9").
    """

    start: int
    stop: int
    surface: str
    where: str


class Presence:
    """What a draft holds, for the evidence to look up.

    Attributes:
        known_at: Place of a word → ids of the entities whose form it is in.
        introduced: Id of an entity named in full or with its title in a wrong form → the folded words that
            are wrong in it.
        mended: Id of an entity → the wrong words in its full name that safe fixes mend.
        first_names: Folded word → the first names that stand before it.
        lower: Words that stand in lower case somewhere.
    """

    def __init__(self, draft: Draft, known: KnownForms, grammar: Grammar) -> None:
        self._draft, self._grammar = draft, grammar
        self.known_at: dict[int, frozenset[str]] = {}
        self.introduced: dict[str, set[str]] = defaultdict(set)
        self.mended: dict[str, set[str]] = defaultdict(set)
        self.first_names: dict[str, set[str]] = defaultdict(set)
        self._counts = Counter(token.key for token in draft.tokens)
        self._sightings: dict[str, list[Sighting]] = defaultdict(list)
        for mention in known.mentions:
            ids = frozenset(form.entity.id for form in mention.forms)
            self.known_at.update(dict.fromkeys(range(mention.start, mention.stop), ids))
        lines = LineMap(draft.document.text)
        for mention in known.mentions:
            self._see(mention, lines)
        self.lower = {token.key for token in draft.tokens if not token.is_capitalised}
        for place, token in enumerate(draft.tokens):
            if token.is_capitalised and (first := self.first_name_before(place)):
                self.first_names[token.key].add(first)

    def first_name_before(self, place: int) -> str:
        """The first name that stands before a word and says whose surname it is, folded; "" if none."""
        return self._grammar.first_name_before(place, place - 1 in self.known_at)

    def seen(self, entity_id: str, besides: Suspect) -> Sighting | None:
        """The first sighting of an entity that is not in a suspect itself."""
        return next((s for s in self._sightings.get(entity_id, ()) if not _overlap(s, besides)), None)

    def is_spoken_of(self, entity_id: str, besides: Suspect) -> bool:
        """Whether an entity stands in the draft outside a suspect, rightly or introduced in a wrong form."""
        return entity_id in self.introduced or self.seen(entity_id, besides) is not None

    def has(self, entity_id: str) -> bool:
        """Whether an entity stands in the draft in a right form."""
        return bool(self._sightings.get(entity_id))

    def sightings(self, entity_id: str) -> int:
        """How often an entity stands in the draft in a right form."""
        return len(self._sightings.get(entity_id, ()))

    def is_named_in_full(self, entity_id: str, besides: Suspect) -> bool:
        """Whether a right form of two words or more of an entity stands outside a suspect."""
        sightings = self._sightings.get(entity_id, ())
        return any(s.stop - s.start > 1 and not _overlap(s, besides) for s in sightings)

    def is_in(self, entity_id: str, places: range, besides: Suspect) -> bool:
        """Whether an entity stands in a right form among some words now, outside a suspect."""
        sightings = self._sightings.get(entity_id, ())
        return any(s.start in places and s.where != _MENDED and not _overlap(s, besides) for s in sightings)

    def count(self, word: str) -> int:
        """How often a folded word stands in the draft."""
        return self._counts[word]

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
        places = range(suspect.start, suspect.stop)
        news = any(place not in self.known_at for place in places)
        for place in places:
            self.known_at.setdefault(place, frozenset({entity_id}))
        if is_introduced:
            wrong = {self._draft.words[place] for place in suspect.odd}
            news |= not wrong <= self.introduced[entity_id]
            self.introduced[entity_id] |= wrong
            if is_safe and suspect.size > 1 and not wrong <= self.mended[entity_id]:
                self.mended[entity_id] |= wrong
                news = True
        if is_safe and not any(_overlap(s, suspect) for s in self._sightings[entity_id]):
            surface = self._draft.surface(suspect.start, suspect.stop)
            self._sightings[entity_id].append(Sighting(suspect.start, suspect.stop, surface, _MENDED))
            news = True
        return news

    def _see(self, mention: Known, lines: LineMap) -> None:
        """Note whom a right mention shows to be there; a surname behind another's first name shows nobody."""
        if mention.standing is not Standing.RIGHT or not mention.is_sure:
            return
        draft = self._draft
        first = self.first_name_before(mention.start) if mention.stop - mention.start == 1 else ""
        surface = draft.surface(mention.start, mention.stop)
        offset = draft.span(mention.start, mention.stop).start
        paragraph = draft.document.paragraph(offset)
        where = paragraph.label if paragraph is not None else f"line {lines.place(offset)[0]}"
        for form in mention.forms:
            own = fold(form.entity.name).split()
            if form.entity.type is EntityType.PERSON and first and not is_like_any(first, own):
                continue
            self._sightings[form.entity.id].append(Sighting(mention.start, mention.stop, surface, where))


def _overlap(sighting: Sighting, suspect: Suspect) -> bool:
    return sighting.start < suspect.stop and suspect.start < sighting.stop
