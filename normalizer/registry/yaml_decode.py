"""From a tree of marked nodes to entities, noting every fault at its place and going on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final, TypeAlias

from normalizer.model import Alias, AliasKind, Entity, EntityType, Guard, Title
from normalizer.registry.faults import FaultLog, quoted
from normalizer.registry.rules import (
    KINDS,
    TYPES,
    Complaint,
    complaint_about_form,
    complaint_about_id,
    complaint_about_length,
    complaint_about_never,
    forms_by_key,
)
from normalizer.registry.yaml_reader import Content, Mark, Node, place_of

ENTITY_FIELDS: Final = ("name", "type", "country", "titles", "aliases", "not", "keep", "ids")
ALIAS_FIELDS: Final = ("name", "kind", "lang", "guard", "source")
GUARD_FIELDS: Final = ("cased", "near")
TITLE_FIELDS: Final = ("name", "from", "until")

EXAMPLE: Final = "entities: {antony-blinken: {name: Antony Blinken, type: person}}"

Fields: TypeAlias = "dict[str, tuple[Mark, Node]]"


def decode_entities(root: Node | None, log: FaultLog) -> Iterator[tuple[Entity, int, int]]:
    """Give the entities of a file with their line and column.

    Args:
        root: The tree of the file; None where reading it has already been reported as a fault.
        log: Where faults go. After a fault in an entity the rest of it and of the file is still read.

    Yields:
        Entities in order of the file. One that has faults comes too, with what could be read of it: its
        id counts against those of other files.
    """
    if root is None:
        return
    decoder = _Decoder(log)
    fields = decoder.mapping(root, ("entities",), "a registry file", f"write {EXAMPLE}")
    if fields is None:
        return
    if "entities" not in fields:
        log.add(1, 0, "the file has no field entities", f"write {EXAMPLE}")
        return
    content = fields["entities"][1][1]
    if not isinstance(content, dict):
        what = f"entities must be a mapping of ids, not {_kind_of(content)}"
        decoder.note(fields["entities"][1], (what, "write {} for a registry of nobody"))
        return
    for entity_id, (mark, node) in content.items():
        complaint = complaint_about_id(entity_id)
        if complaint is not None:
            log.add(*place_of(mark), *complaint)
        yield decoder.entity(entity_id, mark, node), *place_of(mark)


class _Decoder:
    """Reads nodes as what they should be; what they are not goes into the log."""

    def __init__(self, log: FaultLog) -> None:
        self._log = log

    def note(self, node: Node, complaint: Complaint) -> None:
        """Note a fault at a node, unless one has been noted there already."""
        mark, content = node
        if content is not None:
            self._log.add(*place_of(mark), *complaint)

    def mapping(self, node: Node, known: Collection[str], whose: str, remedy: str) -> Fields | None:
        """The fields of a mapping, those that are not known left out."""
        content = node[1]
        if type(content) is not dict:
            self.note(node, (f"{whose} must be a mapping of fields, not {_kind_of(content)}", remedy))
            return None
        unknown = [key for key in content if key not in known]
        for key in unknown:
            mark = content.pop(key)[0]
            what = f"{whose} has no field {quoted(key)}"
            self._log.add(*place_of(mark), what, _advice(key, known))
        return content

    def text(self, node: Node, label: str) -> str | None:
        """A text that is not empty and not over-long."""
        content = node[1]
        if type(content) is not str:
            what = f"{label} must be text, not {_kind_of(content)}"
            self.note(node, (what, "write one value after the colon"))
        elif not content.strip():
            self.note(node, (f"{label} is empty", "write a value, or remove the field"))
        else:
            complaint = complaint_about_length(content)
            if complaint is None:
                return content
            self.note(node, complaint)
        return None

    def items(self, node: Node, label: str, example: str) -> list[Node]:
        """The members of a list."""
        content = node[1]
        if type(content) is list:
            return content
        self.note(node, (f"{label} must be a list, not {_kind_of(content)}", f"write {label}: {example}"))
        return []

    def one_or_more(self, node: Node, label: str, example: str) -> list[Node]:
        """One text, or the members of a list."""
        content = node[1]
        if type(content) is not dict:
            return content if type(content) is list else [node]
        self.note(node, (f"{label} must be text or a list, not a mapping", f"write {label}: {example}"))
        return []

    def choice(self, node: Node, label: str, known: Collection[str]) -> str | None:
        """One of a few known words."""
        content = node[1]
        if type(content) is str and content in known:
            return content
        if type(content) is str and content:
            self.note(node, (f"{label} {quoted(content)} is not known", _advice(content, known)))
        else:
            self.note(node, (f"{label} must be a word, not {_kind_of(content)}", f"write {_one_of(known)}"))
        return None

    def entity(self, entity_id: str, mark: Mark, node: Node) -> Entity:
        """One entity; what could not be read of it is left out."""
        whose = f"the entity {quoted(entity_id)}"
        fields = self.mapping(node, ENTITY_FIELDS, whose, "write its name and type under it")
        if fields is None:
            return Entity(entity_id, EntityType.OTHER, "")
        for required in ("name", "type"):
            if required not in fields:
                example = "name: Antony Blinken" if required == "name" else f"type: {_one_of(TYPES)}"
                self._log.add(*place_of(mark), f"{whose} has no {required}", f"add {example}")
        forms: dict[str, int] = {}
        name = ""
        if "name" in fields:
            name = self.form(fields["name"][1], "name", forms) or ""
        kind = self.choice(fields["type"][1], "type", TYPES) if "type" in fields else None
        aliases = self.items(fields["aliases"][1], "aliases", "[Blinken]") if "aliases" in fields else ()
        titles = self.items(fields["titles"][1], "titles", "[Chancellor]") if "titles" in fields else ()
        return Entity(
            entity_id,
            TYPES[kind] if kind is not None else EntityType.OTHER,
            name,
            tuple([alias for item in aliases if (alias := self.alias(item, forms)) is not None]),
            tuple([title for item in titles if (title := self.title(item)) is not None]),
            self.ids(fields["ids"][1]) if "ids" in fields else (),
            self.countries(fields["country"][1]) if "country" in fields else (),
            self.never(fields["not"][1], forms) if "not" in fields else (),
            self.keep(fields["keep"][1]) if "keep" in fields else (),
        )

    def form(self, node: Node, label: str, forms: dict[str, int]) -> str | None:
        """A surface form: text that can match and is new in its entity.

        Args:
            node: Where it stands.
            label: What it is called in messages.
            forms: The forms of the entity so far with their lines; the new one is added.
        """
        mark, content = node
        if type(content) is not str:
            what = f"{label} must be text, not {_kind_of(content)}"
            is_alias = label == "an alias"
            self.note(node, (what, f"write {'the name, or {name: …, kind: …}' if is_alias else 'one name'}"))
            return None
        complaint = complaint_about_form(content)
        if complaint is None and content in forms:
            what = f"the form {quoted(content)} stands twice in this entity, first on line {forms[content]}"
            complaint = what, "remove one of the two"
        if complaint is not None:
            self.note(node, complaint)
            return None
        forms[content] = mark.line + 1
        return content

    def countries(self, node: Node) -> tuple[str, ...]:
        """The countries an entity belongs to: a text, or a list of them."""
        items = self.one_or_more(node, "country", "Norway")
        return tuple([text for item in items if (text := self.text(item, "country")) is not None])

    def never(self, node: Node, forms: Iterable[str]) -> tuple[str, ...]:
        """The forms that are not the entity; none of them may be one of its own forms."""
        never: dict[str, int] = {}
        own_forms = forms_by_key(forms)
        for item in self.one_or_more(node, "not", "[Alan Blinken]"):
            form = self.form(item, "a form of not", never)
            complaint = None if form is None else complaint_about_never(form, own_forms)
            if complaint is not None:
                self.note(item, complaint)
        return tuple(never)

    def keep(self, node: Node) -> tuple[str, ...]:
        """The phrases that keep a spelling; none twice."""
        phrases: dict[str, int] = {}
        for item in self.one_or_more(node, "keep", "[chicken Kiev]"):
            self.form(item, "a phrase of keep", phrases)
        return tuple(phrases)

    def alias(self, node: Node, forms: dict[str, int]) -> Alias | None:
        """An alias: a form alone, or a mapping with what is known of it."""
        if type(node[1]) is not dict:
            form = self.form(node, "an alias", forms)
            return None if form is None else Alias(form)
        fields = self.mapping(node, ALIAS_FIELDS, "an alias", "") or {}
        if "name" not in fields:
            self.note(node, ("an alias has no name", "write {name: …}"))
        form = self.form(fields["name"][1], "the name of an alias", forms) if "name" in fields else None
        kind = self.choice(fields["kind"][1], "kind", KINDS) if "kind" in fields else None
        lang = self.text(fields["lang"][1], "lang") if "lang" in fields else None
        guard = self.guard(fields["guard"][1]) if "guard" in fields else None
        source = self.text(fields["source"][1], "source") if "source" in fields else None
        if form is None:
            return None
        return Alias(form, KINDS[kind] if kind is not None else AliasKind.ALIAS, lang, guard, source)

    def guard(self, node: Node) -> Guard | None:
        """A guard: whether capitals are needed, and the words that must be near."""
        fields = self.mapping(node, GUARD_FIELDS, "a guard", "write {cased: true} or {near: [word]}")
        if fields is None:
            return None
        cased = self.choice(fields["cased"][1], "cased", ("true", "false")) if "cased" in fields else None
        near = self.items(fields["near"][1], "near", "[word]") if "near" in fields else ()
        words = [word for item in near if (word := self.form(item, "a word of near", {})) is not None]
        return Guard(cased == "true", tuple(words))

    def title(self, node: Node) -> Title | None:
        """A title: text alone, or a mapping with the time it was held."""
        if type(node[1]) is not dict:
            name = self.text(node, "a title")
            return None if name is None else Title(name)
        fields = self.mapping(node, TITLE_FIELDS, "a title", "") or {}
        if "name" not in fields:
            self.note(node, ("a title has no name", "write {name: …}"))
        texts = {key: self.text(value, f"{key} of a title") for key, (_, value) in fields.items()}
        name = texts.get("name")
        return None if name is None else Title(name, texts.get("from"), texts.get("until"))

    def ids(self, node: Node) -> tuple[tuple[str, str], ...]:
        """Identifiers elsewhere, by scheme."""
        content = node[1]
        if type(content) is not dict:
            what = f"ids must be a mapping of schemes, not {_kind_of(content)}"
            self.note(node, (what, "write ids: {wikidata: Q…}"))
            return ()
        pairs = []
        for scheme, (mark, value) in content.items():
            if not scheme.strip():
                what = "the scheme of an id is empty"
                self._log.add(*place_of(mark), what, "write wikidata, iso …")
            text = self.text(value, f"the {scheme} of ids")
            if text is not None:
                pairs.append((scheme, text))
        return tuple(pairs)


def _kind_of(content: Content) -> str:
    """What a node is, in a reader's words."""
    if isinstance(content, str):
        return f"the text {quoted(content)}" if content else "nothing"
    return "a list" if isinstance(content, list) else "a mapping"


def _one_of(known: Collection[str]) -> str:
    *others, last = known
    return f"{', '.join(others)} or {last}" if others else last


def _advice(word: str, known: Collection[str]) -> str:
    """The known word that was probably meant, or all that are known."""
    from difflib import get_close_matches

    meant = EntityType.parse(word)
    if meant is not EntityType.OTHER and meant.value in known:
        return f"write {meant.value}"
    if "cased" not in known and "true" in known and word.lower() in ("yes", "on", "y", "true"):
        return "write true"
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}? known are {_one_of(known)}" if near else f"write {_one_of(known)}"
