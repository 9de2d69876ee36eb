"""The scan of running text as a peer of the tagging harness: `build(names)` and `tag(texts)`.

The harness gives names without entities and guards; each is an entity by itself. Only the sections of an
index file that a scan reads are made, and they are scanned in memory as they would be from the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapidfuzz.fuzz import ratio

from normalizer.index.build import compiled
from normalizer.index.candidates import Form
from normalizer.index.compiled import CompiledIndex
from normalizer.index.container import Container, packed
from normalizer.index.scan.build import HAS_COMMA, scan_sections
from normalizer.index.scan.scanner import Scanner
from normalizer.index.tables import Texts
from normalizer.model import Alias, Entity, EntityType
from normalizer.text.folding import fold

LEAST_LIKE: Final = 85
"""Ratio from which a stretch is taken for a name, as by the peers."""
SHORTEST: Final = 5
"""Letters of the shortest stretch that is looked up, as by the peers."""


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
        flags = bytes(HAS_COMMA * ("," in names[position]) for position in self._positions)
        content = packed({}, Texts.sections("keys", keys) | scan_sections(keys, flags))
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


class FuzzyTagger:
    """Finds the exact forms and, in the capitalised stretches that are none, names much like a form."""

    name = "normalizer, fuzzy"
    note = f"stretches of one to three capitalised words, Indel ratio from {LEAST_LIKE}"

    def build(self, names: Sequence[str]) -> None:
        """Compile the names, each as an entity by itself, and open the index."""
        entities = [Entity(str(position), EntityType.OTHER, name) for position, name in enumerate(names)]
        self._index = CompiledIndex(Container(memoryview(compiled(entities, "", "", "")), "in memory"))

    def tag(self, texts: Sequence[str]) -> list[list[tuple[int, int, int]]]:
        """Find the names in texts: start, end, position of the name."""
        index, scanner = self._index, self._index.scanner
        hits = scanner.scan(texts)
        found = [
            [
                (200.0, hit.start, hit.end, self._position(index.keys[hit.row]))
                for hit in own
                if text[hit.start].isupper()
            ]
            for text, own in zip(texts, hits, strict=True)
        ]
        places = {key: own for key, own in scanner.capitalised(texts, hits).items() if len(key) >= SHORTEST}
        for key, near in zip(places, index.candidates(list(places), 1, LEAST_LIKE), strict=True):
            if near and (likeness := _likeness(key, near[0])) >= LEAST_LIKE:
                position = self._position(near[0])
                for place in places[key]:
                    found[place.text].append((likeness, place.start, place.end, position))
        return [_apart(own) for own in found]

    def _position(self, key: str) -> int:
        return int(self._index.exact(key)[-1].entity.id)


def _likeness(key: str, name: str) -> float:
    """The better ratio of the words in order and sorted, as the peers take it."""
    return max(ratio(key, name), ratio(" ".join(sorted(key.split())), " ".join(sorted(name.split()))))


def _apart(found: list[tuple[float, int, int, int]]) -> list[tuple[int, int, int]]:
    """The likest and longest stretches that do not overlap."""
    taken: list[tuple[int, int, int]] = []
    for _, start, end, position in sorted(found, key=lambda one: (-one[0], one[1] - one[2])):
        if all(end <= first or start >= last for first, last, _ in taken):
            taken.append((start, end, position))
    return taken


def _entity(name: str) -> Entity:
    return Entity(name, EntityType.OTHER, name)
