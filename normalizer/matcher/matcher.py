"""From a mention to a link: exact key, else candidates, features, probability, decision.

The three-way decision is Fellegi and Sunter's (1969): a match, a link that a person must look at, or
nobody we know. Exact knowledge beats likeness, a "not the same" beats both; a tie is never settled by
anything but evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp
from typing import Final

from normalizer.compare import Asked, Model, compare_keys
from normalizer.compare.score import HIGHEST, capped
from normalizer.garbage import uncollected
from normalizer.index import Form, Index
from normalizer.matcher.choice import Choice
from normalizer.matcher.context import SPOKEN_FOR, folded_context, found_in_context
from normalizer.matcher.doubts import hold_back
from normalizer.matcher.exact import exact_choices, scored_exactly, titled_choices, types_differ
from normalizer.model import AliasKind, Candidate, Decision, EntityType, Evidence, Link, Mention
from normalizer.settings import Bounds, Thresholds
from normalizer.text.folding import MAX_NAME, fold

SHORTLIST: Final = 20
"""Most names compared in full, beside those that a mention writes in fewer or more words."""
NEIGHBOURS: Final = 8
"""Keys compared in full for a stretch of running text."""
WORTH_KEEPING: Final = 0.005
"""Probability from which a candidate is in the answer; many that share the first place may have less each."""
PREFERRED_FORM: Final = 0.5
"""Log-odds that an accepted form must be ahead of a preferred one of the same entity to be named instead."""
HOPELESS: Final = -12.0
"""Log-odds below which a candidate is dropped: a hundred thousand of them would not weigh on the others."""
OTHER_SCRIPT: Final = 3.0
"""Log-odds that a form in another script must be ahead of one in the mention's own."""
OTHER_TYPE: Final = 0.5
"""Share of the probability that is left when mention and entity are of different types: never a match."""
TIED: Final = 0.5
"""Share of the first candidate's probability from which another counts as meant as well as it."""
_FEW: Final = 8
"""Mentions fewer than which leave the garbage collector alone."""
_MOST_MET: Final = 10_000
"""Stretches of running text whose neighbours are kept (chosen): those of a few long drafts."""
_ROUNDING: Final = 1e-9
"""Less than any difference of scores that means something: binary fractions decide nothing."""


class Matcher:
    """Links mentions to the entities of one index.

    Args:
        index: The compiled names.
        thresholds: Where the decisions lie.
    """

    def __init__(self, index: Index, thresholds: Thresholds) -> None:
        self.index = index
        self.thresholds = thresholds
        self._met: dict[tuple[str, int, float], list[Candidate]] = {}

    def link(self, mention: Mention, limit: int = 5) -> Link:
        """Link one mention.

        Args:
            mention: Any name; one that is empty, folds to nothing or is longer than `MAX_NAME` code
                points is nobody's.
            limit: Most candidates in the answer.

        Returns:
            A link, its candidates best first, ties in order of their ids. Unknown names are an answer
            (`NIL`), never an exception.
        """
        return self.link_many([mention], limit)[0]

    def link_many(self, mentions: Sequence[Mention], limit: int = 5) -> list[Link]:
        """Link many mentions, each distinct one once; the answers are in the order asked."""
        if len(mentions) < _FEW:
            return self._link_many(mentions, limit)
        with uncollected():
            return self._link_many(mentions, limit)

    def _link_many(self, mentions: Sequence[Mention], limit: int) -> list[Link]:
        links: dict[Mention, Link] = {}
        unknown: dict[Mention, str] = {}
        for mention in dict.fromkeys(mentions):
            key = fold(mention.surface) if len(mention.surface) <= MAX_NAME else ""
            choices = self._known(mention, key) if key else []
            if choices:
                links[mention] = self._decide(mention, choices, limit)
            elif key:
                unknown[mention] = key
            else:
                links[mention] = Link(mention, Decision.NIL)
        keys = list(dict.fromkeys(unknown.values()))
        shortlists = dict(zip(keys, self.index.candidates(keys, SHORTLIST), strict=True))
        for mention, key in unknown.items():
            choices = self._alike(mention, key, shortlists[key])
            links[mention] = self._decide(mention, choices, limit)
        return [links[mention] for mention in mentions]

    def neighbours(self, keys: Sequence[str], alike: int, floor: float) -> list[list[Candidate]]:
        """For folded stretches of running text the entities whose forms are spelled or sound much like them.

        Args:
            keys: Folded stretches, distinct.
            alike: Least likeness of the whole strings, in hundredths, to be compared at all.
            floor: Least likeness of a candidate.

        Returns:
            For each key its candidates, likest first, exact owners too; they are kept for who asks again, and
            not to be changed. Their score is the plain likeness: what it is worth in a draft is the checker's
            to weigh.
        """
        met = self._met  # who takes another in another thread leaves this one as it is
        new = [key for key in keys if (key, alike, floor) not in met]
        if len(met) + len(new) > _MOST_MET:
            self._met = met = {}
            new = list(keys)
        for key, shortlist in zip(new, self.index.candidates(new, NEIGHBOURS, alike), strict=True):
            met[key, alike, floor] = self._neighbours(key, shortlist, floor)
        return [met[key, alike, floor] for key in keys]

    def _neighbours(self, key: str, shortlist: Iterable[str], floor: float) -> list[Candidate]:
        best: dict[str, Candidate] = {}
        vetoed = self.index.never(key)
        asked: dict[EntityType, Asked] = {}
        for name in shortlist:
            for type, forms in self.index.by_type(name).items():
                comparison = self._asked(asked, key, type).compared(name)
                likeness = 1.0 if key == name else comparison.likeness
                if likeness < floor:
                    continue
                evidence = comparison.evidence()
                for form in forms:
                    candidate = Candidate(form.entity, form.alias, likeness, evidence)
                    rival = best.get(form.entity.id)
                    is_better = rival is None or _likeness_order(candidate) < _likeness_order(rival)
                    if is_better and form.entity.id not in vetoed:
                        best[form.entity.id] = candidate
        return sorted(best.values(), key=lambda candidate: (-candidate.score, candidate.entity.id))

    def sole(self, name: str) -> Form | None:
        """The form of a name that is one entity's and nobody else's, if nothing else is to be weighed."""
        key = fold(name) if len(name) <= MAX_NAME else ""
        forms = self.index.exact(key) if key else ()
        if len(forms) != 1 or forms[0].alias.guard is not None or self.index.never(key):
            return None
        return forms[0]

    def _known(self, mention: Mention, key: str) -> list[Choice]:
        """The owners of the form, or of the form behind a title, weighed."""
        vetoed = self.index.never(key)
        forms = [form for form in self.index.exact(key) if form.entity.id not in vetoed]
        choices = exact_choices(forms, mention) if forms else titled_choices(self.index, mention, key)
        choices = [choice for choice in choices if choice.entity.id not in vetoed]
        if choices:
            self._hear_context(mention, choices)
            scored_exactly(choices)
        return choices

    def _alike(self, mention: Mention, key: str, shortlist: Iterable[str]) -> list[Choice]:
        """Compare a mention with each key of its shortlist; the best form of each entity stays."""
        best: dict[str, Choice] = {}
        is_latin = key.isascii()
        vetoed = self.index.never(key)
        asked: dict[EntityType, Asked] = {}
        for name in shortlist:
            for own_type, forms in self.index.by_type(name).items():
                type = _asked_type(mention) or own_type
                comparison = self._asked(asked, key, type).compared(name)
                odds = comparison.log_odds(Model.LINK)
                if odds < HOPELESS:
                    continue
                for form in forms:
                    choice = Choice(form.entity, form.alias, odds=odds, comparison=comparison)
                    choice.is_latin = form.key.isascii()
                    choice.is_held_back = bool(comparison.conflicts)
                    if types_differ(mention.type, form.entity.type):
                        choice.odds = capped(odds, OTHER_TYPE)
                        choice.is_held_back = True
                        choice.evidence.append(
                            Evidence("type", 1.0, -1.0, type.value, form.entity.type.value)
                        )
                    rival = best.get(form.entity.id)
                    is_better = rival is None or _odds_order(choice, is_latin) < _odds_order(rival, is_latin)
                    if is_better and form.entity.id not in vetoed:
                        best[form.entity.id] = choice
        choices = [choice for choice in best.values() if not self._is_known_not_to_be(key, choice)]
        if choices:
            hold_back(choices)
            self._hear_context(mention, choices)
            _share_probability(choices)
        return self._worth_keeping(mention, choices)

    def _asked(self, asked: dict[EntityType, Asked], key: str, type: EntityType) -> Asked:
        """A mention taken for a type, made ready for comparisons once."""
        found = asked.get(type)
        if found is None:
            found = asked[type] = Asked(key, type, self.index.rarity)
        return found

    def _worth_keeping(self, mention: Mention, choices: Sequence[Choice]) -> list[Choice]:
        """The choices for an answer: the probable ones, and all that share the first place for review."""
        if not choices:
            return []
        shared = _tied(choices)
        least = WORTH_KEEPING
        if sum(choice.score for choice in shared) >= self._bounds(mention, choices).review:
            least = min(least, *(choice.score for choice in shared))
        return [choice for choice in choices if choice.score >= least]

    def _is_known_not_to_be(self, key: str, choice: Choice) -> bool:
        """Whether a mention is at least as like a form that the entity is known not to have."""
        for name in choice.entity.never:
            comparison = compare_keys(key, fold(name), choice.entity.type, self.index.rarity)
            if fold(name) == key or comparison.log_odds(Model.LINK) >= choice.odds:
                return True
        return False

    def _hear_context(self, mention: Mention, choices: Sequence[Choice]) -> None:
        """Let the context, and a title in front, speak for those they name."""
        context = folded_context(mention.context)
        for choice in choices:
            word = found_in_context(choice.entity, choice.alias, context) if context else ""
            if word:
                choice.evidence.append(Evidence("context", 1.0, SPOKEN_FOR, word))
                choice.gained = SPOKEN_FOR
            elif any(item.feature == "title" for item in choice.evidence):
                choice.gained = SPOKEN_FOR

    def _decide(self, mention: Mention, choices: list[Choice], limit: int) -> Link:
        """Order the choices and draw the decision from the probabilities."""
        ranked = sorted(choices, key=_rank)
        if not ranked:
            return Link(mention, Decision.NIL)
        top = ranked[0]
        margin = top.score - ranked[1].score if len(ranked) > 1 else None
        bounds = self._bounds(mention, ranked)
        is_clear = margin is None or margin >= self.thresholds.margin - _ROUNDING
        someone = sum(choice.score for choice in _tied(ranked))
        if top.score >= bounds.match and is_clear and not top.is_held_back:
            decision = Decision.MATCH
        elif someone >= bounds.review:
            decision = Decision.REVIEW
        else:
            decision = Decision.NIL
        candidates = tuple(choice.candidate() for choice in ranked[: max(1, limit)])
        return Link(mention, decision, candidates, margin)

    def _bounds(self, mention: Mention, choices: Sequence[Choice]) -> Bounds:
        """Where the decisions lie for a mention: by its type, else by that of its first choice."""
        return self.thresholds.of(_asked_type(mention) or min(choices, key=_rank).entity.type)


def _asked_type(mention: Mention) -> EntityType | None:
    """The type that was asked for, if it says anything."""
    return None if mention.type is EntityType.OTHER else mention.type


def _share_probability(choices: Sequence[Choice]) -> None:
    """Turn log-odds against nobody into probabilities: the rivals, and nobody, share what there is.

    What the context gains for one is taken from the others, not from nobody.
    """
    highest = max(0.0, *(choice.odds for choice in choices))
    parts = [exp(choice.odds - highest) for choice in choices]
    somebody = sum(parts) / (sum(parts) + exp(-highest))
    heard = [part * choice.gain for choice, part in zip(choices, parts, strict=True)]
    total = sum(heard)
    for choice, part in zip(choices, heard, strict=True):
        choice.score = min(HIGHEST, somebody * part / total)


def _rank(choice: Choice) -> tuple[float, str]:
    return -choice.score, choice.entity.id


def _tied(choices: Sequence[Choice]) -> list[Choice]:
    """The choices that are meant as well as the most probable one."""
    highest = max(choice.score for choice in choices)
    return [choice for choice in choices if choice.score >= TIED * highest]


def _odds_order(choice: Choice, is_latin: bool) -> tuple[float, str]:
    """Order of the forms of one entity: nearly as like, the form that the house prefers comes first.

    A form in another script than the mention's must be far ahead.
    """
    gained = PREFERRED_FORM if _is_preferred(choice.alias.kind) else 0.0
    lost = OTHER_SCRIPT if choice.is_latin is not is_latin else 0.0
    return lost - choice.odds - gained, choice.alias.name


def _likeness_order(candidate: Candidate) -> tuple[float, str]:
    preferred = PREFERRED_LIKENESS if _is_preferred(candidate.alias.kind) else 0.0
    return -candidate.score - preferred, candidate.alias.name


PREFERRED_LIKENESS: Final = 0.06
"""How much less like a preferred form may be than an accepted one of the same entity, and still be named."""


def _is_preferred(kind: AliasKind) -> bool:
    return kind in (AliasKind.ALIAS, AliasKind.SHORT)
