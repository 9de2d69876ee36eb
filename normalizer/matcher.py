"""From a mention to a link: exact key, else candidates, features, score, decision.

The three-way decision is Fellegi and Sunter's (1969): a match, a link that a person must look at, or
nobody we know. Exact knowledge beats likeness; a tie is never settled by anything but evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from normalizer.compare import compare_keys
from normalizer.index import Form, Index
from normalizer.model import AliasKind, Candidate, Decision, EntityType, Evidence, Link, Mention
from normalizer.settings import Thresholds
from normalizer.text.folding import MAX_NAME, fold

SHORTLIST: Final = 20
"""Keys compared in full by each of the two ways to find candidates."""
NEIGHBOURS: Final = 8
"""Keys compared in full for a stretch of running text."""
NEAR: Final = 0.3
"""Score from which a candidate is kept; people are shown those from `report.names.WORTH_SHOWING` on."""
PREFERRED_FORM: Final = 0.06
"""How much less like a preferred form may be than an accepted one of the same entity, and still be named."""
OTHER_TYPE: Final = 0.9
"""What is left of the score when mention and entity are known to be of different types: never a match."""
OTHER_TITLE: Final = 0.92
"""Score of a known form behind a title that its owner is not known to carry: never a match."""
_HOLDS_BACK: Final = frozenset({"type", "guard", "other-title"})
"""Evidence against a candidate with which it is never a match."""
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
        links: dict[Mention, Link] = {}
        unknown: dict[Mention, str] = {}
        for mention in dict.fromkeys(mentions):
            key = fold(mention.surface) if len(mention.surface) <= MAX_NAME else ""
            forms = self.index.exact(key) if key else ()
            if forms:
                links[mention] = self._decide(mention, _exact_candidates(forms, mention), limit)
            elif key and (titled := self._titled_candidates(mention, key)):
                links[mention] = self._decide(mention, titled, limit)
            elif key:
                unknown[mention] = key
            else:
                links[mention] = Link(mention, Decision.NIL)
        keys = list(dict.fromkeys(unknown.values()))
        shortlists = dict(zip(keys, self.index.candidates(keys, SHORTLIST), strict=True))
        for mention, key in unknown.items():
            links[mention] = self._decide(mention, self._compare(mention, key, shortlists[key]), limit)
        return [links[mention] for mention in mentions]

    def _titled_candidates(self, mention: Mention, key: str) -> list[Candidate]:
        """The owners of a known form behind a known title ("Secretary of State Clinton").

        Those who carry the title come first. A person not known to carry it may be somebody else of that
        name: for a person to look at, never a match. What is no person has no title (Queen Victoria is not
        the city).
        """
        title, name, bearers = self.index.title_of(key)
        forms = self.index.exact(name) if name else ()
        found = []
        for candidate in _exact_candidates(forms, mention) if forms else []:
            score, evidence = candidate.score, Evidence("title", 1.0, 1.0, title)
            if candidate.entity.id not in bearers:
                if candidate.entity.type is not EntityType.PERSON:
                    continue
                score, evidence = min(score, OTHER_TITLE), Evidence("other-title", 1.0, -1.0, title)
            found.append(Candidate(candidate.entity, candidate.alias, score, (*candidate.evidence, evidence)))
        return found

    def neighbours(self, keys: Sequence[str], alike: int, floor: float) -> list[list[Candidate]]:
        """For folded stretches of running text the entities whose forms are spelled or sound much like them.

        Args:
            keys: Folded stretches, distinct.
            alike: Least likeness of the whole strings, in hundredths, to be compared at all.
            floor: Least score of a candidate.

        Returns:
            For each key its candidates, best first, exact owners too.
        """
        shortlists = self.index.candidates(keys, NEIGHBOURS, alike)
        return [
            _ranked(self._compare(Mention(key), key, shortlist, floor))
            for key, shortlist in zip(keys, shortlists, strict=True)
        ]

    def _compare(
        self, mention: Mention, key: str, shortlist: Iterable[str], floor: float = NEAR
    ) -> list[Candidate]:
        """Compare a mention with each key of its shortlist; the best form of each entity stays."""
        best: dict[str, Candidate] = {}
        type = mention.type if mention.type is not None else EntityType.OTHER
        for name in shortlist:
            comparison = compare_keys(key, name, self.index.rarity)
            if comparison.score < floor:
                continue
            for form in self.index.exact(name):
                score, evidence = comparison.score, comparison.evidence
                if _types_differ(type, form.entity.type):
                    score *= OTHER_TYPE
                    evidence = (*evidence, Evidence("type", 1.0, -1.0, type.value, form.entity.type.value))
                candidate = Candidate(form.entity, form.alias, score, evidence)
                rival = best.get(form.entity.id)
                if rival is None or _preference(candidate) < _preference(rival):
                    best[form.entity.id] = candidate
        return list(best.values())

    def _decide(self, mention: Mention, candidates: list[Candidate], limit: int) -> Link:
        """Order the candidates and draw the decision from score and margin."""
        ranked = _ranked(candidates)
        if not ranked:
            return Link(mention, Decision.NIL)
        margin = _margin(ranked)
        if margin is not None and margin < self.thresholds.margin and mention.context:
            ranked = self._settle_by_context(mention, ranked)
            margin = _margin(ranked)
        top = ranked[0].score
        is_clear = margin is None or margin >= self.thresholds.margin - _ROUNDING
        is_held_back = any(item.feature in _HOLDS_BACK for item in ranked[0].evidence)
        if top >= self.thresholds.match and is_clear and not is_held_back:
            decision = Decision.MATCH
        elif top >= self.thresholds.review:
            decision = Decision.REVIEW
        else:
            decision = Decision.NIL
        return Link(mention, decision, tuple(ranked[: max(1, limit)]), margin)

    def _settle_by_context(self, mention: Mention, ranked: list[Candidate]) -> list[Candidate]:
        """Put the one candidate that the context speaks for ahead of those it ties with.

        The others lose what keeps them a margin behind. Where the context speaks for none, or for
        more than one, the tie stays a tie.
        """
        margin = self.thresholds.margin
        tied = [candidate for candidate in ranked if ranked[0].score - candidate.score < margin]
        context = _fold_context(mention.context)
        spoken_for = [
            (candidate, word) for candidate in tied if (word := _found_in_context(candidate, context))
        ]
        if len(spoken_for) != 1:
            return ranked
        chosen, word = spoken_for[0]
        top = ranked[0].score
        settled = Candidate(
            chosen.entity, chosen.alias, top, (*chosen.evidence, Evidence("context", 1.0, 1.0, word))
        )
        others = [
            Candidate(
                candidate.entity,
                candidate.alias,
                min(candidate.score, top - margin),
                (*candidate.evidence, Evidence("context", 1.0, -margin, word)),
            )
            for candidate in ranked
            if candidate is not chosen
        ]
        return [settled, *others]


def _exact_candidates(forms: Sequence[Form], mention: Mention) -> list[Candidate]:
    """The owners of a form; those of another type than asked stand back if one of the type is there."""
    best: dict[str, Form] = {}
    for form in forms:
        if form.entity.id not in best or form.alias.name == mention.surface:
            best[form.entity.id] = form
    wanted = mention.type if mention.type is not None else EntityType.OTHER
    agreeing = [form for form in best.values() if not _types_differ(wanted, form.entity.type)]
    found = []
    for form in best.values():
        equal = Evidence("alias", 1.0, 1.0, mention.surface, form.alias.name)
        if form in agreeing and _guard_holds(form, mention):
            found.append(Candidate(form.entity, form.alias, 1.0, (equal,)))
        elif form in agreeing:
            guard = Evidence("guard", 1.0, -1.0, mention.surface, form.alias.name)
            found.append(Candidate(form.entity, form.alias, OTHER_TYPE, (equal, guard)))
        else:
            other = Evidence("type", 1.0, -1.0, wanted.value, form.entity.type.value)
            found.append(Candidate(form.entity, form.alias, OTHER_TYPE, (equal, other)))
    return found


def _guard_holds(form: Form, mention: Mention) -> bool:
    """Whether a form counts as it was met: with its capitals, and near the words it wants.

    A list of names in small letters has no capitals to go by, but a form with a guard is a word, too.
    Without any context there is nothing to be near to, and the form counts.
    """
    guard = form.alias.guard
    if guard is None:
        return True
    if guard.cased and mention.surface.islower() and not form.alias.name.islower():
        return False
    if not guard.near or not mention.context:
        return True
    context = set(" ".join(_fold_context(mention.context)).split())
    return any(set(fold(near).split()) <= context for near in guard.near)


def _fold_context(context: Iterable[str]) -> list[str]:
    """Fold context word by word: it may be longer than a name."""
    return [" ".join(filter(None, map(fold, text.split()))) for text in context]


def _ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.entity.id))


def _preference(candidate: Candidate) -> tuple[float, str]:
    """Order of the forms of one entity: nearly as like, the form that the house prefers comes first."""
    alias = candidate.alias
    is_preferred = alias.kind in (AliasKind.ALIAS, AliasKind.SHORT)
    return -candidate.score - (PREFERRED_FORM if is_preferred else 0.0), alias.name


def _types_differ(first: EntityType, second: EntityType) -> bool:
    return EntityType.OTHER not in (first, second) and first is not second


def _margin(ranked: Sequence[Candidate]) -> float | None:
    return ranked[0].score - ranked[1].score if len(ranked) > 1 else None


def _found_in_context(candidate: Candidate, context: Sequence[str]) -> str:
    """The name or title of an entity that the context holds, beyond the form the mention is itself."""
    own = fold(candidate.alias.name)
    names = [fold(alias.name) for alias in candidate.entity.forms()]
    names += [fold(title.name) for title in candidate.entity.titles]
    for text in context:
        padded = f" {text} "
        for name in names:
            if name and name != own and f" {name} " in padded:
                return name
    return ""
