"""The engine: opens settings, registry, index, matcher and checker once, and offers all that interfaces call.

Every face of normalizer (command line, HTTP, and what comes later) is a thin layer over this class.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import cache, cached_property
from itertools import chain, islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from normalizer.compare import CONFLICTS, compare_names
from normalizer.configuration import registry_path
from normalizer.errors import NormalizerError, StoreError, UnknownEntityError
from normalizer.index import CompiledIndex, ContainerError, index_of, kept_path, opened_index, read_index
from normalizer.index.cache import code_digest
from normalizer.index.candidates import Form
from normalizer.judgements import Force, Ledger, in_force
from normalizer.matcher import Matcher
from normalizer.model import (
    Alias,
    AliasKind,
    Applicability,
    Comparison,
    Decision,
    Document,
    Entity,
    EntityType,
    Finding,
    Link,
    Mention,
)
from normalizer.registry import Registry, load_registry
from normalizer.rulebook import Rules
from normalizer.settings import Settings
from normalizer.text.folding import fold

if TYPE_CHECKING:
    from normalizer.checker import Checker
    from normalizer.index.overlay import OverlayIndex
    from normalizer.lexicon import Lexicon
    from normalizer.upkeep import Remark

_MOST_ROUNDS = 10
_MOST_SUGGESTED_KEYS = 10_000
"""Names that are looked at to suggest some, so that a rare type costs no walk through a whole registry."""
_SAMPLED = 1_000
"""Entities that are looked at to tell the schemes of identifiers."""
_judging = Lock()


class Engine:
    """A registry made ready to answer.

    Args:
        registry: The entities, or the compiled index that holds them.
        settings: What it was opened with.
        notes: What the user should be told of the kept index; damage that is found in use is told last.

    Attributes:
        ledger: The store of judgements and what was read of it; None where there is none.
        path: The registry's files; None where it came from none.
    """

    def __init__(
        self, registry: Registry | CompiledIndex, settings: Settings | None = None, notes: Sequence[str] = ()
    ) -> None:
        self.settings = settings if settings is not None else Settings()
        self.notes = notes
        self.ledger: Ledger | None = None
        self.path: str | None = None
        self._opened = _Opened(registry, self.settings)
        self._is_as_settings_say = False

    def __copy__(self) -> Engine:
        """Answer from the same index; what one of both is taught later the other does not know."""
        twin = object.__new__(Engine)
        twin.__dict__.update(self.__dict__)
        return twin

    def __reduce__(self) -> tuple[Callable[..., Engine], tuple[object, ...]]:
        """Pickle how it was opened, or its entities where it was not opened or was taught something since."""
        if self._is_as_settings_say:
            return Engine.open, (self.settings,)
        return Engine, (self.registry, self.settings)

    @classmethod
    def open(cls, settings: Settings, say: Callable[[str], None] | None = None) -> Engine:
        """Open the registry that the settings name, or the one that comes with the package.

        Where the settings name a cache folder, its compiled index is kept there, and opened from there. The
        judgements in force are laid over it; if their store cannot be read, somebody is told.

        Args:
            settings: What to open it with.
            say: Is told at once what the user should know of the kept index; without it, it is in `notes`.

        Raises:
            RegistryError: The registry cannot be used; the error lists every fault in it.
        """
        notes: list[str] = []
        engine = cls.unjudged(settings, say or notes.append)
        engine.notes = notes
        place = judgements_place(settings)
        if place is not None:
            engine.ledger = Ledger(place)
            try:
                if engine.ledger.catch_up():
                    engine.lay(in_force(engine.ledger.log))
            except StoreError as error:
                (say or notes.append)(f"{error}; until then the answers are without them")
            engine.ledger.close()
        return engine

    @classmethod
    def unjudged(cls, settings: Settings, say: Callable[[str], None]) -> Engine:
        """Open the registry that the settings name, without what was judged.

        Args:
            settings: What to open it with.
            say: Is told at once what the user should know of the kept index.

        Raises:
            RegistryError: The registry cannot be used; the error lists every fault in it.
        """
        path, limit = registry_path(settings), settings.limits.registry_file
        if settings.cache is None:
            engine = cls(load_registry(path, size_limit=limit), settings)
        else:
            engine = cls(opened_index(path, settings.cache, limit, say), settings)
        engine.path = path
        engine._is_as_settings_say = True
        return engine

    @property
    def parcel(self) -> tuple[memoryview, Force]:
        """What another machine needs to answer the same: an index file's content, and what lies over it."""
        index = self._opened.index
        if isinstance(index, CompiledIndex):
            return index.container.content, Force()
        names = [(entity_id, one) for entity_id, judged in index.laid.judged.items() for one in judged]
        return index.base.container.content, Force(tuple(names), index.laid.words)

    @classmethod
    def unparcelled(cls, path: str, judgements: Force, settings: Settings) -> Engine:
        """Open what `parcel` gave, without the registry's own files.

        Args:
            path: The index file, which is mapped.
            judgements: What is laid over it.
            settings: Where the thresholds are.

        Raises:
            ContainerError: The file is damaged, or other code than this made it.
            OSError: It cannot be read.
        """
        index = read_index(Path(path))
        if index.code != code_digest():
            raise ContainerError(
                f"{path}: was made by another normalizer; install the same one on all machines"
            )
        engine = cls(index, settings)
        if judgements != Force():
            engine.lay(judgements)
        return engine

    @property
    def index_version(self) -> str:
        """The hash of the registry's content and of what was judged: with it an answer can be reproduced."""
        return self._opened.source.version

    @property
    def registry_version(self) -> str:
        """The hash of the registry's content alone, whatever was judged."""
        return getattr(self._opened.source, "base", self._opened.source).version

    @property
    def entity_count(self) -> int:
        """How many entities there are."""
        source = self._opened.source
        return len(source) if isinstance(source, Registry) else source.entity_count

    def in_order(self) -> Iterator[Entity]:
        """All entities as they are now, in order of id, one by one."""
        return self._opened.index.in_order()

    @property
    def name_count(self) -> int:
        """How many names there are; those that fold alike are one."""
        return self._opened.index.key_count

    @property
    def registry(self) -> Registry:
        """All entities; those of a compiled index are read at its first use."""
        return self._opened.registry

    @property
    def matcher(self) -> Matcher:
        """The matcher over this registry, made at its first use."""
        return self._opened.matcher

    @property
    def checker(self) -> Checker:
        """The checker over this registry, made at its first use."""
        return self._opened.checker

    @property
    def lexicon(self) -> Lexicon:
        """What is known of English, read at its first use."""
        return _english()

    def snapshot(self) -> Engine:
        """This engine as it is now: what is judged later does not change it."""
        return copy(self)

    def link(self, mention: Mention | str, limit: int = 5) -> Link:
        """Link one mention to an entity, to several that a person must choose from, or to nobody.

        Args:
            mention: A name, or a name with its type and context.
            limit: Most candidates in the answer.
        """
        return self.link_many([mention], limit)[0]

    def link_many(self, mentions: Sequence[Mention | str], limit: int = 5) -> list[Link]:
        """Link many mentions; each distinct one is matched once. Answers are in the order asked."""
        asked = [Mention(mention) if isinstance(mention, str) else mention for mention in mentions]
        return self.matcher.link_many(asked, limit)

    def sole(self, name: str) -> Form | None:
        """The form of a name that is one entity's and nobody else's, whatever it is met with.

        `link` makes a match of it, with a score of 1 and no rival; asking this first costs less.
        """
        return self.matcher.sole(name)

    def check(self, document: Document | str, rules: Rules | None = None) -> list[Finding]:
        """Find the wrong names of a draft, in order of their places.

        Args:
            document: The draft.
            rules: Which rules count; those of the settings if not given.
        """
        if isinstance(document, str):
            document = Document.of_text(document)
        settings = self.settings.at(os.path.abspath(document.name))  # noqa: PTH100  (of a text, not a Path)
        scope = replace(document.scope.accepting(settings.accept), quotes=settings.quotes)
        return self.checker.check(replace(document, scope=scope), settings.rules if rules is None else rules)

    def fix(
        self, document: Document, allowed: Collection[Applicability], rules: Rules | None = None
    ) -> tuple[Document, list[Finding], int]:
        """Write the fixes of a draft that are allowed, until none is left to write.

        A name that is mended speaks for other places, so that a fix there may become as sure.

        Args:
            document: The draft.
            allowed: Which fixes may be written.
            rules: Which rules count; those of the settings if not given.

        Returns:
            The corrected draft, what is still found in it, and how many fixes are in it.
        """
        from normalizer.checker import apply_fixes

        total = 0
        findings = self.check(document, rules)
        for _ in range(_MOST_ROUNDS):
            document, written = apply_fixes(document, findings, allowed)
            if not written:
                break
            total += len(written)
            findings = self.check(document, rules)
        return document, findings, total

    def remarks(self) -> list[Remark]:
        """Say what is odd in the registry, by entity id: what `normalizer aliases check` lists."""
        from normalizer.upkeep import remarks_on

        same = self.settings.thresholds.compare.match
        return remarks_on(self.registry, self.matcher, self.lexicon, same)

    def entity(self, entity_id: str) -> Entity:
        """Give an entity by its id.

        Raises:
            UnknownEntityError: The registry does not hold it.
        """
        source = self._opened.source
        entity = source.entities.get(entity_id) if isinstance(source, Registry) else source.entity(entity_id)
        if entity is None:
            raise UnknownEntityError.of(entity_id)
        return entity

    def suggest(self, prefix: str, limit: int = 10, type: EntityType | None = None) -> list[Form]:
        """Find the entities that a name may become while it is typed.

        Those whose id is the text, then those with a form that begins with it, then those with a form of
        which another word begins with it; in the order of the forms. Each entity comes once.

        Args:
            prefix: What was typed so far.
            limit: Most entities.
            type: What they must be, if anything.
        """
        index, key = self._opened.index, fold(prefix)
        found: dict[str, Form] = {}
        named = index.entity(prefix)
        forms = [Form(named, Alias(named.name), fold(named.name))] if named is not None else []
        keys = islice(index.beginning(key), _MOST_SUGGESTED_KEYS) if key else ()
        for form in chain(forms, chain.from_iterable(map(index.exact, keys))):
            if len(found) >= limit:
                break
            if type is None or form.entity.type is type:
                found.setdefault(form.entity.id, form)
        return list(found.values())

    def id_schemes(self) -> list[str]:
        """The schemes of identifiers elsewhere that the first entities of the registry carry, in order."""
        entities = islice(self._opened.index.in_order(), _SAMPLED)
        return sorted({scheme for entity in entities for scheme, _ in entity.ids})

    def accept(
        self, name: str, entity_id: str, kind: AliasKind = AliasKind.ALIAS, source: str | None = None
    ) -> Entity:
        """Take a name for an entity's from now on. A judgement is kept in this engine alone.

        A name that is listed for the entity stays as it is listed.

        Args:
            name: The name as it is written.
            entity_id: Whose it is.
            kind: How it relates to the entity.
            source: Where it was seen or who decided on it.

        Returns:
            The entity as it is now.

        Raises:
            UnknownEntityError: The registry does not hold the entity.
            JudgementError: It can be nobody's name, or is known not to be the entity's.
        """
        return self._judge(
            entity_id, lambda index: index.with_alias(Alias(name, kind, source=source), entity_id)
        )

    def veto(self, name: str, entity_id: str) -> Entity:
        """Know from now on that a name does not mean an entity, whatever else says that it does.

        Args:
            name: The name; all that fold alike are vetoed with it.
            entity_id: Whose it is not.

        Returns:
            The entity as it is now.

        Raises:
            UnknownEntityError: The registry does not hold the entity.
            JudgementError: It can be nobody's name, or is the one that the entity is listed under.
        """
        return self._judge(entity_id, lambda index: index.with_veto(name, entity_id))

    def withdraw(self, name: str, entity_id: str) -> Entity:
        """Take back that a name was accepted or vetoed for an entity, which is then as it is listed.

        Returns:
            The entity as it is now.

        Raises:
            UnknownEntityError: The registry does not hold the entity.
            JudgementError: It was neither accepted nor vetoed.
        """
        return self._judge(entity_id, lambda index: index.without(name, entity_id))

    def lay(self, judgements: Force) -> list[str]:
        """Let judgements be in force, and none of those that were.

        Returns:
            Why some of them have no effect: their entity is not there, or the registry says otherwise.
        """
        from normalizer.index.overlay import OverlayIndex
        from normalizer.index.relay import relaid

        with _judging:
            index = self._opened.index
            overlay = index if isinstance(index, OverlayIndex) else OverlayIndex(index)
            laid, refused = relaid(overlay.with_words(judgements.words), judgements.names)
            self._opened = _Opened(laid, self.settings)
        return [reason for _, _, reason in refused]

    def lay_more(self, judgements: Force) -> list[str]:
        """Let judgements be in force besides those that are, as `lay` does with all of them.

        Returns:
            Why some of them have no effect.
        """
        from normalizer.index.overlay import OverlayIndex

        refused: list[str] = []
        with _judging:
            index = self._opened.index
            overlay = index if isinstance(index, OverlayIndex) else OverlayIndex(index)
            for entity_id, judged in judgements.names:
                try:
                    overlay = (
                        overlay.with_alias(judged, entity_id)
                        if isinstance(judged, Alias)
                        else overlay.with_veto(judged, entity_id)
                    )
                except NormalizerError as error:
                    refused.append(str(error))
            overlay = overlay.with_words(overlay.laid.words | judgements.words)
            self._opened = _Opened(overlay, self.settings)
        return refused

    def _judge(self, entity_id: str, judged: Callable[[OverlayIndex], OverlayIndex]) -> Entity:
        """Put an index with one more judgement in the place of this one; who reads it goes on reading it."""
        from normalizer.index.overlay import OverlayIndex

        with _judging:
            index = self._opened.index
            overlay = index if isinstance(index, OverlayIndex) else OverlayIndex(index)
            self._opened = _Opened(judged(overlay), self.settings)
            self._is_as_settings_say = False
            return self.entity(entity_id)


class _Opened:
    """What an engine answers from between two judgements, each part made at its first use.

    Args:
        source: The entities.
        settings: Where the thresholds are.
    """

    def __init__(self, source: Registry | CompiledIndex | OverlayIndex, settings: Settings) -> None:
        self.source = source
        self._settings = settings

    @cached_property
    def registry(self) -> Registry:
        return self.source if isinstance(self.source, Registry) else Registry(self.source.entities())

    @cached_property
    def index(self) -> CompiledIndex | OverlayIndex:
        return index_of(self.source) if isinstance(self.source, Registry) else self.source

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(self.index, self._settings.thresholds)

    @cached_property
    def checker(self) -> Checker:
        from normalizer.checker import Checker

        return Checker(self.matcher, _english())


@cache
def _english() -> Lexicon:
    from importlib import resources

    from normalizer.lexicon import Lexicon

    return Lexicon.load(resources.files("normalizer") / "data" / "english")


def compare(
    first: str, second: str, type: EntityType = EntityType.OTHER, settings: Settings | None = None
) -> tuple[Comparison, Decision]:
    """Say how likely two names are of one entity, and what the thresholds make of it. Needs no registry.

    Args:
        first: A name.
        second: Another name.
        type: What both are names of.
        settings: Where the thresholds come from; the defaults if not given.
    """
    comparison = compare_names(first, second, type)
    bounds = (settings if settings is not None else Settings()).thresholds.compare
    is_parted = any(item.feature in CONFLICTS for item in comparison.evidence)
    if comparison.score >= bounds.match and not is_parted:
        return comparison, Decision.MATCH
    return comparison, Decision.REVIEW if comparison.score >= bounds.review else Decision.NIL


def judgements_place(settings: Settings) -> str | None:
    """Where the judgements of the registry in use are kept: a path or URL, or None for nowhere."""
    if settings.judgements is not None or settings.data is None:
        return settings.judgements or None
    return str(kept_path(settings.data, registry_path(settings)).with_suffix(".judgements"))
