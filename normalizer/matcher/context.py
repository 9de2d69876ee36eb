"""What the context of a mention says for one candidate: other names, titles and countries met with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from normalizer.compare.knowledge import country_forms
from normalizer.model import Alias, Entity
from normalizer.text.folding import fold

SPOKEN_FOR: Final = 4.0
"""Log-odds that a candidate gains on the others when the context names it.

It decides between candidates. Nobody's part stays as it is, or Eric Trump would be Donald Trump wherever
both are spoken of.
"""


def folded_context(context: Iterable[str]) -> list[str]:
    """Fold context word by word: it may be longer than a name."""
    return [" ".join(filter(None, map(fold, text.split()))) for text in context]


def found_in_context(entity: Entity, alias: Alias, context: Iterable[str]) -> str:
    """Find what speaks for an entity in a folded context.

    Args:
        entity: The candidate.
        alias: Its form that is like the mention; it is no evidence beyond itself.
        context: Folded texts.

    Returns:
        The name, title or country of the entity that stands there; empty if none does.
    """
    own = fold(alias.name)
    telling = [fold(form.name) for form in entity.forms()]
    telling += [fold(title.name) for title in entity.titles]
    countries = [form for country in entity.countries for form in country_forms(fold(country))]
    for text in context:
        padded = f" {text} "
        for name in telling:
            if name and name != own and f" {name} " in padded:
                return name
        for name in countries:
            # two letters are a country only where nothing else stands
            if name == text or (len(name) > 2 and f" {name} " in padded):
                return name
    return ""
