"""The scan of running text as a peer of the tagging harness: `build(names)` and `tag(texts)`.

The harness gives names without entities and guards; each is an entity by itself. Only the sections of an
index file that a scan reads are made, and they are scanned in memory as they would be from the file.
"""

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
    """Finds the exact forms, folded; of names that fold to the same the last one is meant."""

    name = "normalizer"
    note = "table of word beginnings, mapped from the index file"

    def build(self, names: Sequence[str]) -> None:
        """Lay the sections out and open them."""
        self._names = names
        positions = {fold(name): position for position, name in enumerate(names)}
        positions.pop("", None)
        keys = sorted(positions)
        self._positions = [positions[key] for key in keys]
        owners = [(position, 0) for position in self._positions]
        entities = [_entity(name) for name in names]
        content = packed({}, Texts.sections("keys", keys) | scan_sections(keys, owners, entities))
        container = Container(memoryview(content), "the index in memory")
        self._keys = Texts(container, "keys")
        self._scanner = Scanner(container, self._forms)

    def tag(self, texts: Sequence[str]) -> list[list[tuple[int, int, int]]]:
        """Find the names in texts: start, end, position of the name."""
        positions = self._positions
        found = self._scanner.scan(texts)
        return [[(start, end, positions[row]) for start, end, row in hits] for hits in found]

    def _forms(self, key: str) -> list[Form]:
        name = self._names[self._positions[self._keys.find(key)]]
        return [Form(_entity(name), Alias(name), key)]


def _entity(name: str) -> Entity:
    return Entity(name, EntityType.OTHER, name)
