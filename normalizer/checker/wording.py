"""Findings with their one line for the editor: made here from the evidence, and only here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import OSA

from normalizer.checker.draft import Draft
from normalizer.checker.heard import SAME_CONSONANTS
from normalizer.checker.known import Known
from normalizer.checker.reading import Account, Reading
from normalizer.checker.suspects import is_respelled, words_of
from normalizer.index import Form
from normalizer.model import Alias, Applicability, Candidate, Evidence, Finding, Fix, Span
from normalizer.text.case import transfer_case
from normalizer.text.folding import fold
from normalizer.text.tokens import Token, tokenize

_SENTENCES: Final[dict[str, str]] = {
    "right-form": "“{query}” stands in {name}",
    "introduced": "{query} is named elsewhere in the draft",
    "introduced-so": "spelled so beside a first name or title",
    "own-title": "“{query}” before it is a title of {entity}",
    "title": "“{query}” stands before it",
    "full-name": "the rest of the name is right",
    "own-first-name": "“{query}” stands before it",
    "whereabouts": "“{query}” stands before it",
    "verb-after": "subject of “{query}”",
    "word-as-subject": "subject of “{query}”",
    "joined": "joined to a known name (“{query}”)",
    "capital": "a capital in mid-sentence",
}
"""What is said for each piece of evidence in favour; evidence against is data only."""
_INTRODUCING: Final = frozenset({"own-title", "title", "full-name"})
"""Evidence that says already why a spelling counts as an introduction."""


UNSURE_CASE: Final = 0.7
"""Score of a known form in the wrong case that nothing in the draft speaks for: it may be a word (chosen)."""


def finding_of_account(rule: str, reading: Reading, account: Account) -> Finding:
    """Make the finding of a suspect."""
    draft, suspect = reading.draft, account.suspect
    best = account.candidates[0]
    full_surface = draft.surface(suspect.start, suspect.stop)
    start, stop, form = _differing(draft, suspect.start, suspect.stop, best)
    span, surface = draft.span(start, stop), draft.surface(start, stop)
    form = transfer_case(full_surface, form)
    if account.applicability is Applicability.DISPLAY:
        fix = Fix(None, Applicability.DISPLAY)
        likeness = "may be " + " or ".join(
            dict.fromkeys(_named(candidate) for candidate in account.candidates)
        )
    else:
        fix = Fix(form, account.applicability)
        likeness = f"{_likeness(best)} {_named(best)}"
    word = "an English word, but " if suspect.is_word else ""
    message = "; ".join([word + likeness, *_reasons(account.evidence, best)])
    return Finding(
        span=span,
        surface=surface,
        rule=rule,
        message=message,
        candidates=account.candidates,
        score=account.probability,
        evidence=(*best.evidence, *account.evidence),
        fix=fix,
    )


def finding_of_known(
    rule: str, reading: Reading, mention: Known, applicability: Applicability, why: str
) -> Finding:
    """Make the finding of a known form that is listed as wrong or stands in the wrong case."""
    draft = reading.draft
    span = draft.span(mention.start, mention.stop)
    surface = draft.surface(mention.start, mention.stop)
    present = tuple(form for form in mention.forms if reading.presence.has(form.entity.id))
    candidates = tuple(Candidate(form.entity, form.alias, 1.0) for form in present or mention.forms)
    first = mention.forms[0]
    form = first.alias.name if first.alias.kind.is_printable else _right_form(first)
    evidence = Evidence("alias", 1.0, 1.0, surface, first.alias.name)
    if not first.alias.kind.is_printable:
        candidates = (Candidate(first.entity, Alias(form), 1.0),)
    names = " or ".join(dict.fromkeys(_named(candidate) for candidate in candidates))
    fix = Fix(None if applicability is Applicability.DISPLAY else transfer_case(surface, form), applicability)
    return Finding(
        span=Span(span.start, span.end),
        surface=surface,
        rule=rule,
        message=f"{why} {names}",
        candidates=candidates,
        score=UNSURE_CASE if applicability is Applicability.UNSAFE else 1.0,
        evidence=(evidence,),
        fix=fix,
    )


def _right_form(wrong: Form) -> str:
    """The printable form of an entity that is nearest to a wrong one, of as many words if there is such."""
    size = wrong.key.count(" ")
    forms = [form.name for form in wrong.entity.forms() if form.kind.is_printable]
    return min(forms, key=lambda name: (fold(name).count(" ") != size, OSA.distance(fold(name), wrong.key)))


def _differing(draft: Draft, start: int, stop: int, candidate: Candidate) -> tuple[int, int, str]:
    """Leave the words out that are right already at both ends, so that a fix changes no more than it must.

    A word is right if it stands so in the form, or at its place in another printable form of as many words.

    Returns:
        The first place, the place behind the last, and what is to stand there.
    """
    name = candidate.alias.name
    tokens = list(tokenize(name))
    first, last = 0, len(tokens)
    if len(tokens) == stop - start:
        own = words_of(candidate.entity)
        while first < last - 1 and draft.words[start] in own:
            first, start = first + 1, start + 1
        while first < last - 1 and draft.words[stop - 1] in own:
            last, stop = last - 1, stop - 1
        return start, stop, name[tokens[first].start : tokens[last - 1].end]
    while first < last - 1 and start < stop - 1 and _same(tokens[first], draft.tokens[start]):
        first, start = first + 1, start + 1
    while first < last - 1 and start < stop - 1 and _same(tokens[last - 1], draft.tokens[stop - 1]):
        last, stop = last - 1, stop - 1
    return start, stop, name[tokens[first].start : tokens[last - 1].end]


def _same(wanted: Token, given: Token) -> bool:
    return wanted.key == given.key and (not wanted.suffix or wanted.suffix[-1:] == given.suffix[-1:])


def _named(candidate: Candidate) -> str:
    """A form, with the canonical name where that says more."""
    form, name = candidate.alias.name, candidate.entity.name
    return form if form == name else f"{form} ({name})"


def _likeness(candidate: Candidate) -> str:
    """In words, how the words of a stretch are like those of a form."""
    pairs = [item for item in candidate.evidence if is_respelled(item)]
    edits = sum(OSA.distance(item.query, item.name) for item in pairs)
    if not pairs:
        return "spaced or hyphenated otherwise than"
    if any(item.feature == SAME_CONSONANTS for item in pairs):
        return "has the consonants of"
    if edits > 1 and any(item.feature == "sound" for item in pairs):
        return "sounds like"
    return "one letter from" if edits == 1 else f"{edits} letters from"


def _reasons(evidence: Sequence[Evidence], candidate: Candidate) -> list[str]:
    said = {item.feature for item in evidence}
    return [
        _SENTENCES[item.feature].format(query=item.query, name=item.name, entity=candidate.entity.name)
        for item in evidence
        if item.feature in _SENTENCES and not (item.feature == "introduced-so" and said & _INTRODUCING)
    ]
