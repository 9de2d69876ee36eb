"""spacing-hyphen: a known name with a blank or hyphen too many, too few, or one for the other.

Net anyahu for Netanyahu, Ban Kimoon and Ban Ki moon for Ban Ki-moon. A hyphen at the end of a line is no
fault. A name cut in two is found where its second half has a small letter and is no word, and the whole is
a known name, or stands elsewhere in the draft: that needs no registry.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.checker.findings import finding_at
from normalizer.checker.known import Known, Standing
from normalizer.checker.reading import Account, Reading
from normalizer.checker.wording import finding_of_account
from normalizer.index import Form
from normalizer.model import Applicability, Candidate, Finding
from normalizer.text.gaps import Gap

ID: Final = "spacing-hyphen"
_SHORTEST: Final = 6
"""Letters of a name that is looked for cut in two."""


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule."""
    for account in reading.accounts:
        if is_of_spacing(account):
            yield finding_of_account(ID, reading, account)
    yield from _cut_in_two(reading)
    for mention in reading.known.mentions:
        if mention.standing is Standing.RIGHT:
            yield from _hyphen_lost(reading, mention)


def is_of_spacing(account: Account) -> bool:
    """Whether a suspect has the letters of its name, joined otherwise."""
    if account.suspect.is_word:
        return False
    found = {item.feature for item in account.candidates[0].evidence if item.weight > 0}
    return "joined" in found and found <= {"joined", "equal", "order"}


def _cut_in_two(reading: Reading) -> Iterator[Finding]:
    draft, known = reading.draft, reading.presence.known_at
    whole_words = {
        token.key: token.text for token in draft.tokens if token.is_capitalised and not token.is_all_caps
    }
    for place in range(1, len(draft.tokens)):
        first, second = draft.tokens[place - 1], draft.tokens[place]
        if draft.gaps[place] not in (Gap.SPACE, Gap.HYPHEN) or not first.is_capitalised or first.suffix:
            continue
        if second.is_capitalised or not second.key.isalpha() or _is_word(reading, second.key):
            continue
        key = first.key + second.key
        if len(key) < _SHORTEST or place in known or place - 1 in known:
            continue
        forms = [form for form in reading.known.forms_of(key) if form.alias.kind.is_printable]
        if forms:
            yield _whole(reading, place, forms[0].alias.name, forms)
        elif key in whole_words and key not in reading.lexicon.words:
            yield _whole(reading, place, whole_words[key], [])


def _is_word(reading: Reading, key: str) -> bool:
    lexicon = reading.lexicon
    return key in lexicon.words or key in lexicon.verbs or (len(key) < 3 and key in lexicon.capitalised)


def _whole(reading: Reading, place: int, name: str, forms: list[Form]) -> Finding:
    """The finding of a name that a blank cuts in two."""
    entities = {form.entity.id: Candidate(form.entity, form.alias, 1.0) for form in forms}
    is_safe = len(entities) == 1 and reading.draft.gaps[place] is Gap.SPACE
    mark = "blank" if reading.draft.gaps[place] is Gap.SPACE else "hyphen"
    known = "" if forms else ", as it stands elsewhere in the draft"
    return finding_at(
        ID,
        reading.draft,
        range(place - 1, place + 1),
        f"a {mark} inside {name}{known}",
        replacement=name,
        applicability=Applicability.SAFE if is_safe else Applicability.UNSAFE,
        candidates=list(entities.values()),
        score=0.95 if forms else 0.85,
    )


def _hyphen_lost(reading: Reading, mention: Known) -> Iterator[Finding]:
    """A known name with a blank where all forms of that many words have a hyphen before a small letter."""
    draft = reading.draft
    lost = [
        place
        for place in range(mention.start + 1, mention.stop)
        if draft.gaps[place] is Gap.SPACE and draft.tokens[place].text[0].islower()
    ]
    if not lost or mention.start in reading.quoted:
        return
    surface = draft.surface(mention.start, mention.stop)
    named = [form for form in mention.forms if form.alias.name.replace("-", " ") == surface]
    if not named or any(form.alias.name == surface for form in mention.forms):
        return
    form = named[0]
    yield finding_at(
        ID,
        draft,
        range(mention.start, mention.stop),
        f"a blank for the hyphen of {form.alias.name}",
        replacement=form.alias.name,
        applicability=Applicability.SAFE if len({f.entity.id for f in named}) == 1 else Applicability.UNSAFE,
        candidates=[Candidate(form.entity, form.alias, 1.0) for form in named],
        score=0.95,
    )
