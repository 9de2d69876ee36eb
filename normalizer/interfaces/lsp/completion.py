"""Canonical names while they are typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lsprotocol.types import (
    CompletionItem,
    CompletionItemKind,
    MarkupContent,
    MarkupKind,
    TextEdit,
)

from normalizer.engine import Engine
from normalizer.interfaces.lsp.messages import entity_card
from normalizer.interfaces.lsp.positions import Lines

_LEAST: Final = 3
"""Letters from which names are proposed."""
_MOST: Final = 20
_TYPED: Final = re.compile(r"(?:[^\W\d_][\w.’'-]*[ ])*[^\W\d_][\w.’'-]*\Z")
_REACH: Final = 80
_MOST_WORDS: Final = 4


def names(engine: Engine, text: str, offset: int, lines: Lines) -> list[CompletionItem]:
    """The names that what stands before a place may become, the longest beginning first.

    Args:
        engine: Who knows the names.
        text: The text.
        offset: The place.
        lines: The lines of the text.
    """
    items: dict[str, CompletionItem] = {}
    for start in _beginnings(text, offset):
        written = text[start:offset]
        for form in engine.suggest(written, _MOST):
            entity = form.entity
            right = form.alias.name if form.alias.kind.is_printable else entity.name
            for rank, name in enumerate(dict.fromkeys((right, entity.name))):
                items.setdefault(
                    name,
                    CompletionItem(
                        label=name,
                        kind=CompletionItemKind.Reference,
                        detail=entity.titles[-1].name if entity.titles else entity.type.value,
                        documentation=MarkupContent(MarkupKind.Markdown, entity_card(entity)),
                        sort_text=f"{len(items):03}{rank}",
                        filter_text=written,
                        text_edit=TextEdit(lines.range(start, offset), name),
                    ),
                )
    return list(items.values())[:_MOST]


def _beginnings(text: str, offset: int) -> Iterator[int]:
    """Where a name that is being typed may begin: at a capital, over a few words."""
    found = _TYPED.search(text[max(0, offset - _REACH) : offset])
    if found is None:
        return
    first = max(0, offset - _REACH) + found.start()
    starts = [first, *(first + gap.end() for gap in re.finditer(" ", text[first:offset]))]
    for start in starts[-_MOST_WORDS:]:
        if offset - start >= _LEAST and text[start].isupper():
            yield start
