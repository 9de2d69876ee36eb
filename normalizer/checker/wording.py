"""Findings with their one line for the editor: made here from the evidence, and only here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from normalizer.checker.draft import Draft
from normalizer.checker.known import Known
from normalizer.checker.reading import Account, Reading
from normalizer.model import Applicability, Candidate, Evidence, Finding, Fix, Span
from normalizer.text.case import transfer_case
from normalizer.text.tokens import tokenize

_SENTENCES: Final[dict[str, str]] = {
    "right-form": "“{query}” stands elsewhere in the draft",
    "own-title": "“{query}” before it is a title of {entity}",
    "title": "“{query}” stands before it",
    "full-name": "the rest of the name is right",
    "verb-after": "subject of “{query}”",
    "joined": "joined to a known name (“{query}”)",
    "capital": "a capital in mid-sentence",
}
"""What is said for each piece of evidence in favour; evidence against is data only."""


def finding_of_account(rule: str, reading: Reading, account: Account) -> Finding:
    """Make the finding of a suspect."""
    draft, suspect = reading.draft, account.suspect
    best = account.candidates[0]
    full_surface = draft.surface(suspect.start, suspect.stop)
    start, stop, form = _differing(draft, suspect.start, suspect.stop, best.alias.name)
    span, surface = draft.span(start, stop), draft.surface(start, stop)
    form = transfer_case(full_surface, form)
    reasons = [_likeness(best), *_reasons(account.evidence, best)]
    if account.applicability is Applicability.DISPLAY:
        named = " or ".join(dict.fromkeys(f"{c.alias.name} ({c.entity.name})" for c in account.candidates))
        message = f"{surface}: {named}? " + "; ".join(reasons)
        fix = Fix(None, Applicability.DISPLAY)
    else:
        meant = "" if form == best.entity.name else f" ({best.entity.name})"
        word = " is an English word; here" if suspect.is_word else ":"
        message = f"{surface}{word} probably {form}{meant}: " + "; ".join(reasons)
        fix = Fix(form, account.applicability)
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


def finding_of_known(rule: str, reading: Reading, mention: Known, applicability: Applicability, why: str) -> Finding:
    """Make the finding of a known form that is listed as wrong or stands in the wrong case."""
    draft = reading.draft
    span = draft.span(mention.start, mention.stop)
    surface = draft.surface(mention.start, mention.stop)
    candidates = tuple(Candidate(form.entity, form.alias, 1.0) for form in mention.forms)
    first = mention.forms[0]
    form = first.alias.name if first.alias.kind.is_printable else first.entity.name
    evidence = Evidence("alias", 1.0, 1.0, surface, first.alias.name)
    names = " or ".join(dict.fromkeys(candidate.entity.name for candidate in candidates))
    meant = "" if names == form else f" ({names})"
    fix = Fix(None if applicability is Applicability.DISPLAY else transfer_case(surface, form), applicability)
    return Finding(
        span=Span(span.start, span.end),
        surface=surface,
        rule=rule,
        message=f"{surface}: written {form}{meant}: {why}",
        candidates=candidates,
        score=1.0,
        evidence=(evidence,),
        fix=fix,
    )


def _differing(draft: Draft, start: int, stop: int, name: str) -> tuple[int, int, str]:
    """Leave the words out that are right already at both ends, so that a fix changes no more than it must.

    Returns:
        The first place, the place behind the last, and what is to stand there.
    """
    tokens = list(tokenize(name))
    first, last = 0, len(tokens)
    while first < last - 1 and start < stop - 1 and tokens[first].key == draft.words[start]:
        first, start = first + 1, start + 1
    while first < last - 1 and start < stop - 1 and tokens[last - 1].key == draft.words[stop - 1]:
        last, stop = last - 1, stop - 1
    return start, stop, name[tokens[first].start : tokens[last - 1].end]


def _likeness(candidate: Candidate) -> str:
    """In words, how a surface is like a form."""
    features = {item.feature: item for item in candidate.evidence if item.weight > 0 and item.feature != "equal"}
    if "sound" in features:
        return f"sounds like {features['sound'].name.title()}"
    if "spelling" in features:
        item = features["spelling"]
        edits = round((1.0 - item.value) * max(len(item.query), len(item.name)))
        return f"{'one letter' if edits == 1 else f'{edits} letters'} from {candidate.alias.name}"
    return f"like {candidate.alias.name}"


def _reasons(evidence: Iterable[Evidence], candidate: Candidate) -> list[str]:
    return [
        _SENTENCES[item.feature].format(query=item.query, entity=candidate.entity.name)
        for item in evidence
        if item.feature in _SENTENCES
    ]
