"""Entities compiled into the content of an index file: everything in flat arrays, made by numpy at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, fields
from functools import cache, partial
from itertools import combinations, permutations
from math import log
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from normalizer.compare.knowledge import Role, words_of
from normalizer.compare.parts import ROLE_WEIGHTS
from normalizer.garbage import uncollected
from normalizer.index.container import packed
from normalizer.index.forms import Forms
from normalizer.index.hash_lists import HashLists
from normalizer.index.hashing import pairs_of
from normalizer.index.name_words import Held, NameWords
from normalizer.index.one_word import OF_A_SPELLING
from normalizer.index.scan.build import scan_sections
from normalizer.index.search import LETTERS, OF_A_PAIR, RARE
from normalizer.index.tables import Lists, Sections, TextLists, Texts
from normalizer.index.words import WordTable
from normalizer.model import Alias, Entity, EntityType, Title
from normalizer.text.folding import fold
from normalizer.text.script import romanized

if TYPE_CHECKING:
    from numpy import ndarray

_MOST_PAIRED: Final = 10
"""Words of a name that are looked up in pairs, the rarest."""
_WORTH: Final = 32
"""How finely the worth of a word is counted: in so many steps for names e times as few."""

_TYPES: Final = tuple(EntityType)
_PLACE_OF_TYPE: Final = {type: place for place, type in enumerate(_TYPES)}

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
    forms = Forms.of(ranked)
    keys = forms.keys
    sections |= Texts.sections("keys", keys)
    sections |= forms.owners()
    sections |= scan_sections(keys, forms.flags)
    type_of = numpy.array([_PLACE_OF_TYPE[entity.type] for entity in ranked], dtype=numpy.int64)
    types = type_of[forms.entities[forms.begins]]
    del forms
    titles, never = _titles_and_vetoes(ranked)
    sections |= TextLists.sections("titles", titles)
    sections |= TextLists.sections("vetoes", never)
    head = {
        "version": version,
        "source": source,
        "code": code,
        "entities": len(ranked),
        "keys": len(keys),
        "longest_key": _most_words(keys),
        "longest_title": _most_words(titles),
        "unknown_worth": _worth(len(keys), 1),
    }
    for row, key in enumerate(keys):
        if not key.isascii():
            keys[row] = " ".join(romanized(key).split())
    sections |= _name_sections(keys, types)
    return packed(head, sections)


def _most_words(texts: Iterable[str]) -> int:
    return max((text.count(" ") + 1 for text in texts), default=0)


class _Fields(NamedTuple):
    """The fields of a kind of thing: those that it always has, and those that have a default."""

    always: tuple[str, ...]
    values: Callable[[object], tuple[Any, ...]]
    others: tuple[str, ...]
    other_values: Callable[[object], tuple[Any, ...]]
    defaults: tuple[Any, ...]

    @classmethod
    def of(cls, kind: type[Entity | Alias | Title]) -> _Fields:
        always = tuple(field.name for field in fields(kind) if field.default is MISSING)
        others = {field.name: field.default for field in fields(kind) if field.default is not MISSING}
        names = always if len(always) > 1 else always * 2  # of a single one there would be no tuple
        return cls(always, attrgetter(*names), tuple(others), attrgetter(*others), tuple(others.values()))


def _told(thing: Entity | Alias | Title) -> dict[str, Any]:
    """What is known of a thing, without what goes without saying."""
    known = _FIELDS[type(thing)]
    told = dict(zip(known.always, known.values(thing), strict=False))
    values = known.other_values(thing)
    if values != known.defaults:
        for name, value, default in zip(known.others, values, known.defaults, strict=True):
            if value != default:
                told[name] = tuple(map(_told, value)) if name in ("aliases", "titles") else value
    return told


_FIELDS: Final = {kind: _Fields.of(kind) for kind in (Entity, Alias, Title)}


def _blobs(name: str, blobs: Sequence[bytes]) -> Sections:
    ends, end = [], 0
    for blob in blobs:
        end += len(blob)
        ends.append(end)
    return {f"{name}.bytes": b"".join(blobs), **Lists.sections(f"{name}.places", [ends])}


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


def _types_of_words(held: Held, types: ndarray) -> list[EntityType]:
    """For each word the type of most of the names that hold it."""
    import numpy

    cells = held.of.astype(numpy.int64) * len(_TYPES) + types[held.names]
    counts = numpy.bincount(cells, minlength=len(held.words) * len(_TYPES))
    return [_TYPES[place] for place in counts.reshape(-1, len(_TYPES)).argmax(axis=1).tolist()]


def _worths(held: Held, often: ndarray, types: ndarray) -> ndarray:
    """What each word says."""
    import numpy

    roles = {type: words_of(type).roles for type in _TYPES}
    worth = cache(partial(_worth, len(held.sizes)))
    told = zip(held.words, often.tolist(), _types_of_words(held, types), strict=True)
    found = [worth(holders, roles[type].get(word, Role.TELLING)) for word, holders, type in told]
    return numpy.array(found, dtype=numpy.uint16)


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

    words = NameWords.read(latin)
    held = words.held()
    often = numpy.bincount(held.of, minlength=len(held.words))
    worth = _worths(held, often, types)
    said = numpy.bincount(held.names, weights=worth[held.of], minlength=len(latin))
    shortest_first = numpy.lexsort((held.sizes[held.names], held.of))
    return {
        **WordTable.sections(held.words, often, worth),
        "names.worth": numpy.minimum(said, 0xFFFF).astype(numpy.uint16).tobytes(),
        "names.words.numbers": held.of.astype(numpy.uint32).tobytes(),
        "names.words.ends": numpy.cumsum(held.sizes).astype(numpy.uint32).tobytes(),
        "holders.numbers": held.names[shortest_first].tobytes(),
        "holders.ends": numpy.cumsum(often).astype(numpy.uint32).tobytes(),
        **HashLists.sections("pairs", *_pairs(held, often), OF_A_PAIR),
        **HashLists.sections("spelled", *words.spelled(), OF_A_SPELLING, is_ordered=True),
    }


def _pairs(held: Held, often: ndarray) -> tuple[ndarray, ndarray]:
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
