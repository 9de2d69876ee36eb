"""The library in the harnesses that measure peers: classes with `build(names)` and `tag(texts)`."""

from __future__ import annotations

from collections.abc import Sequence

from normalizer.index.candidates import Form
from normalizer.index.container import Container, packed
from normalizer.index.scan import Scanner
from normalizer.index.scan_build import scan_sections
from normalizer.index.tables import Texts
from normalizer.model import Alias, Entity, EntityType
from normalizer.text.folding import fold


class ExactTagger:
    """The scan of running text over the sections of a compiled index that it reads, in memory."""

    name = "normalizer scan"
    note = "word-prefix hash table, mapped; nothing is built at start"

    def build(self, names: Sequence[str]) -> None:
        """Lay the sections out and open them."""
        rows = {fold(name): row for row, name in enumerate(names)}
        rows.pop("", None)
        keys = sorted(rows)
        self._positions = [rows[key] for key in keys]
        entities = [Entity(name, EntityType.OTHER, name) for name in names]
        owners = [(row, 0) for row in self._positions]
        content = packed({}, Texts.sections("keys", keys) | scan_sections(keys, owners, entities))
        container = Container(memoryview(content), "the index in memory")
        self._scanner = Scanner(container, lambda key: [_form(names[rows[key]], key)])

    def tag(self, texts: Sequence[str]) -> list[list[tuple[int, int, int]]]:
        """Find the names in texts: start, end, position of the name."""
        places = self._positions
        return [[(start, end, places[row]) for start, end, row in hits] for hits in self._scanner.scan(texts)]


def _form(name: str, key: str) -> Form:
    return Form(Entity(name, EntityType.OTHER, name), Alias(name), key)
