"""Entities compiled into the content of an index file: everything in flat arrays, made by numpy at once."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from itertools import combinations, groupby, permutations
from math import log
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from normalizer.compare.knowledge import Role, words_of
from normalizer.compare.parts import ROLE_WEIGHTS
from normalizer.garbage import uncollected
from normalizer.index.container import packed
from normalizer.index.hash_lists import HashLists
from normalizer.index.hashing import hashes_of_all, pairs_of, spelled
from normalizer.index.one_word import (
    OF_A_SPELLING,
    initials,
    neighbours_joined,
    spelled_by_initials,
    spelled_by_neighbours,
)
from normalizer.index.scan.build import scan_sections
from normalizer.index.search import LETTERS, OF_A_PAIR, RARE
from normalizer.index.tables import Lists, Sections, TextLists, Texts
from normalizer.index.words import WordTable
from normalizer.model import Alias, Entity, EntityType, Title
from normalizer.text.folding import MAX_NAME, fold
from normalizer.text.script import romanized

if TYPE_CHECKING:
    from numpy import ndarray

_MOST_PAIRED: Final = 10
"""Words of a name that are looked up in pairs, the rarest."""
_WORTH: Final = 32
"""How finely the worth of a word is counted: in so many steps for names e times as few."""

_TYPES: Final = tuple(EntityType)

_encoder: Final = msgspec.msgpack.Encoder()


def compiled(entities: Iterable[Entity], version: str, source: str, code: str) -> bytearray:
    """Compile entities into the content of an index file.

    Args:
        entities: All entities of a registry.
        version: The registry's version.
        source: Digest of the files it was read from.
        code: Digest of the code that folds names and reads this file.
    """
    with uncollected():
        return _compiled(sorted(entities, key=lambda entity: entity.id), version, source, code)


def _compiled(ranked: Sequence[Entity], version: str, source: str, code: str) -> bytearray:
    import numpy

    sections: Sections = {}
    sections |= Texts.sections("ids", [entity.id for entity in ranked])
    sections |= _blobs("entities", [_encoder.encode(_told(entity)) for entity in ranked])
    keys, owners = _forms(ranked)
    sections |= Texts.sections("keys", keys)
    sections |= Lists.sections("owners", owners)
    sections |= scan_sections(keys, owners, ranked)
    type_of = [_TYPES.index(entity.type) for entity in ranked]
    types = numpy.array([type_of[owner[0]] for owner in owners], dtype=numpy.int64)
    del owners
    sections |= HashLists.sections("keys.at", hashes_of_all(keys), _counted(len(keys)))
    sections |= TextLists.sections("longest", {text: [size] for text, size in _longest(keys).items()})
    titles, never = _titles_and_vetoes(ranked)
    longest_title = max((title.count(" ") + 1 for title in titles), default=0)
    sections |= TextLists.sections("titles", titles)
    sections |= TextLists.sections("vetoes", never)
    for row, key in enumerate(keys):
        if not key.isascii():
            keys[row] = romanized(key)
    sections |= _name_sections(keys, types)
    head = {
        "version": version,
        "source": source,
        "code": code,
        "entities": len(ranked),
        "keys": len(keys),
        "longest_title": longest_title,
        "unknown_worth": _worth(len(keys), 1),
    }
    return packed(head, sections)


def _told(thing: Entity | Alias | Title) -> dict[str, Any]:
    """What is known of a thing, without what goes without saying."""
    return {
        name: tuple(map(_told, value)) if name in ("aliases", "titles") else value
        for name, default in _FIELDS[type(thing)]
        if (value := getattr(thing, name)) != default
    }


_FIELDS: Final = {
    kind: tuple((field.name, field.default) for field in fields(kind)) for kind in (Entity, Alias, Title)
}


def _counted(size: int) -> ndarray:
    import numpy

    return numpy.arange(size, dtype=numpy.uint32)


def _blobs(name: str, blobs: Sequence[bytes]) -> Sections:
    ends, end = [], 0
    for blob in blobs:
        end += len(blob)
        ends.append(end)
    return {f"{name}.bytes": b"".join(blobs), **Lists.sections(f"{name}.places", [ends])}


def _forms(entities: Sequence[Entity]) -> tuple[list[str], list[Sequence[int]]]:
    """All folded forms in order, and for each the numbers of its entities and of it among their forms."""
    folded: list[str] = []
    places = array("Q")
    for number, entity in enumerate(entities):
        names = (entity.name, *[alias.name for alias in entity.aliases])  # the order of `Entity.forms`
        for place, name in enumerate(names):
            key = fold(name) if len(name) <= MAX_NAME else ""
            if key:
                folded.append(key)
                places.append(number << 32 | place)
    keys: list[str] = []
    owners: list[Sequence[int]] = []
    for key, alike in groupby(sorted(range(len(folded)), key=folded.__getitem__), folded.__getitem__):
        keys.append(key)
        owners.append(tuple([part for at in alike for part in divmod(places[at], 1 << 32)]))
    return keys, owners


def _longest(keys: Iterable[str]) -> dict[str, int]:
    """How many words the longest key has that begins with a word."""
    longest: dict[str, int] = {}
    for key in keys:
        first, _, rest = key.partition(" ")
        longest[first] = max(longest.get(first, 0), 1 + (rest.count(" ") + 1 if rest else 0))
    return longest


def _titles_and_vetoes(
    entities: Sequence[Entity],
) -> tuple[dict[str, Sequence[int]], dict[str, Sequence[int]]]:
    """Title → its bearers, and form → the entities it is known not to mean, by number."""
    titles: dict[str, dict[int, None]] = defaultdict(dict)
    never: dict[str, dict[int, None]] = defaultdict(dict)
    for number, entity in enumerate(entities):
        for name in entity.never:
            never[fold(name)][number] = None
        for title in entity.titles:
            titles[fold(title.name)][number] = None
    titles.pop("", None)
    return {text: list(ids) for text, ids in titles.items()}, {text: list(ids) for text, ids in never.items()}


class _Held(NamedTuple):
    """Which names hold which words, each pair once, in order of names.

    Attributes:
        words: The words, sorted.
        names: A name of each pair.
        of: Its word.
        sizes: How many words each name has.
    """

    words: list[str]
    names: ndarray
    of: ndarray
    sizes: ndarray


def _held(latin: Sequence[str]) -> _Held:
    import numpy

    numbers: dict[str, int] = {}
    of, sizes = array("I"), array("I")
    for key in latin:
        own = dict.fromkeys(key.split())
        sizes.append(len(own))
        for word in own:
            of.append(numbers.setdefault(word, len(numbers)))
    words = sorted(numbers)
    place = numpy.empty(len(words), dtype=numpy.uint32)
    place[[numbers[word] for word in words]] = numpy.arange(len(words))
    counts = numpy.frombuffer(sizes, dtype=numpy.uint32)
    names = numpy.repeat(numpy.arange(len(latin), dtype=numpy.uint32), counts)
    return _Held(words, names, place[numpy.frombuffer(of, dtype=numpy.uint32)], counts)


def _types_of_words(held: _Held, types: ndarray) -> list[EntityType]:
    """For each word the type of most of the names that hold it."""
    import numpy

    cells = held.of.astype(numpy.int64) * len(_TYPES) + types[held.names]
    counts = numpy.bincount(cells, minlength=len(held.words) * len(_TYPES))
    return [_TYPES[place] for place in counts.reshape(-1, len(_TYPES)).argmax(axis=1).tolist()]


def _role(word: str, type: EntityType) -> Role:
    return words_of(type).roles.get(word, Role.TELLING)


def _worth(names: int, holders: int, role: Role = Role.TELLING) -> int:
    """What a word says that so many of so many names hold, in whole numbers: less if it is there for form."""
    return max(1, round(_WORTH * ROLE_WEIGHTS[role] * log(1 + names / holders)))


def _name_sections(latin: Sequence[str], types: ndarray) -> Sections:
    """The sections by which names are found that hold some words.

    Args:
        latin: The names in Latin letters.
        types: For each the place of its first owner's type among all types.
    """
    import numpy

    held = _held(latin)
    count = len(held.words)
    often = numpy.bincount(held.of, minlength=count)
    told = zip(held.words, often.tolist(), _types_of_words(held, types), strict=True)
    worth = numpy.array([_worth(len(latin), n, _role(word, type)) for word, n, type in told], numpy.uint16)
    said = numpy.bincount(held.names, weights=worth[held.of], minlength=len(latin))
    shortest_first = numpy.lexsort((held.names, held.sizes[held.names], held.of))
    return {
        **WordTable.sections(held.words, often, worth),
        "names.worth": numpy.minimum(said, 0xFFFF).astype(numpy.uint16).tobytes(),
        "names.words.numbers": held.of.astype(numpy.uint32).tobytes(),
        "names.words.ends": numpy.cumsum(held.sizes).astype(numpy.uint32).tobytes(),
        "holders.numbers": held.names[shortest_first].tobytes(),
        "holders.ends": numpy.cumsum(often).astype(numpy.uint32).tobytes(),
        **HashLists.sections("pairs", *_pairs(held, often), OF_A_PAIR),
        **HashLists.sections("spelled", *_spelled(latin), OF_A_SPELLING),
    }


def _pairs(held: _Held, often: ndarray) -> tuple[ndarray, ndarray]:
    """Hashes of two common words, or of a common word and another's initial, with their names.

    The shortest names come first.
    """
    import numpy

    letters = numpy.array(
        [LETTERS.find(word[0]) if len(word) > 1 else -1 for word in held.words], dtype=numpy.int64
    )
    starts = numpy.cumsum(held.sizes, dtype=numpy.int64) - held.sizes
    hashes, rows = [numpy.zeros(0, dtype=numpy.uint32)], [numpy.zeros(0, dtype=numpy.uint32)]
    for size in numpy.unique(held.sizes).tolist():
        names = numpy.flatnonzero(held.sizes == size)
        words = held.of[starts[names][:, None] + numpy.arange(size)]
        if size > _MOST_PAIRED:
            rarest = numpy.argsort(often[words], axis=1, kind="stable")[:, :_MOST_PAIRED]
            words = numpy.take_along_axis(words, rarest, axis=1)
        is_common = often[words] > RARE
        for i, j in combinations(range(words.shape[1]), 2):
            both = numpy.flatnonzero(is_common[:, i] & is_common[:, j])
            hashes.append(pairs_of(words[both, i], words[both, j]))
            rows.append(names[both].astype(numpy.uint32))
        for i, j in permutations(range(words.shape[1]), 2):
            letter = letters[words[:, j]]
            lettered = numpy.flatnonzero(is_common[:, i] & (letter >= 0))
            hashes.append(pairs_of(words[lettered, i], len(held.words) + letter[lettered]))
            rows.append(names[lettered].astype(numpy.uint32))
    return numpy.concatenate(hashes), numpy.concatenate(rows)


def _spelled(latin: Sequence[str]) -> tuple[ndarray, ndarray]:
    """Hashes of what a name may be written as in fewer words, with their names."""
    import numpy

    hashes, counts = array("I"), array("I")
    for key in latin:
        words = key.split()
        if len(words) == 1:
            forms = [spelled(key)]
        else:
            forms = [spelled("".join(words))]
            forms += map(spelled_by_neighbours, neighbours_joined(words))
            forms += map(spelled_by_initials, initials(words))
        hashes.extend(forms)
        counts.append(len(forms))
    rows = numpy.repeat(numpy.arange(len(latin), dtype=numpy.uint32), counts)
    return numpy.frombuffer(hashes, dtype=numpy.uint32), rows
