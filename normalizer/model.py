"""All value types: what the rooms hand to each other. Immutable, comparable, without behaviour of weight.

Offsets are half-open and count Unicode code points of the original text. Scores run from 0 to 1.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

from normalizer.rulebook import Level
from normalizer.text.edits import Edit, composed
from normalizer.text.markup import Escapes, Markup, Readable, Rewrite, applied, rewrites, stretches
from normalizer.text.scope import WHOLE, Scope

# --- the registry's side ----------------------------------------------------------------------------


class EntityType(StrEnum):
    """What kind of thing an entity is."""

    PERSON = "person"
    ORGANIZATION = "organization"
    PLACE = "place"
    OTHER = "other"

    @classmethod
    def parse(cls, text: str) -> EntityType:
        """Read a type as other systems name it; an unknown one is `OTHER`.

        Company and legal entity are organizations (FollowTheMoney's schemata).
        """
        word = text.strip().casefold()
        if word in ("company", "legalentity", "organisation"):
            return cls.ORGANIZATION
        return cls(word) if word in cls._value2member_map_ else cls.OTHER


class AliasKind(StrEnum):
    """How a surface form relates to its entity, and whether it may stand in print."""

    ALIAS = "alias"
    SHORT = "short"
    ACCEPTED = "accepted"
    ACRONYM = "acronym"
    FORMER = "former"
    NICKNAME = "nickname"
    TRANSLITERATION = "transliteration"
    MISSPELLING = "misspelling"

    @property
    def is_printable(self) -> bool:
        """Whether the form is right as it stands; only a listed misspelling is not."""
        return self is not AliasKind.MISSPELLING


@dataclass(frozen=True, slots=True)
class Guard:
    """When a surface form counts in running text.

    Attributes:
        cased: Only when its capitals are there ("Bush", not "bush").
        near: Only when one of these words stands in the same sentence; empty for anywhere.
    """

    cased: bool = False
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    """A known surface form of an entity.

    Attributes:
        name: The form, letter for letter.
        kind: How it relates to the entity.
        lang: Language code (BCP 47), if known.
        guard: When it counts in running text, if not always.
        source: Where it was seen or who decided on it, if known.
    """

    name: str
    kind: AliasKind = AliasKind.ALIAS
    lang: str | None = None
    guard: Guard | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it is printed before or after a name.

    Attributes:
        name: The title ("Secretary of State").
        since: First day, as written (ISO 8601, may be a year); `from` in the files.
        until: Last day, likewise.
    """

    name: str
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """One person, organization, place or other thing that has a name.

    Attributes:
        id: Its identifier in the registry.
        type: What kind of thing it is.
        name: The canonical name: the form that is printed.
        aliases: Its other known surface forms.
        titles: Titles it carries or carried.
        ids: Identifiers elsewhere, pairs of scheme and value ("wikidata", "Q…").
        countries: Countries it belongs to, by name or by ISO 3166 code, as the house writes them; `country`
            in the files.
        never: Forms that are not this entity, however alike; `not` in the files.
        keep: Phrases in which another of its spellings stays beside the preferred one ("chicken Kiev").
    """

    id: str
    type: EntityType
    name: str
    aliases: tuple[Alias, ...] = ()
    titles: tuple[Title, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    countries: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    def forms(self) -> tuple[Alias, ...]:
        """All surface forms, the canonical name first."""
        return (Alias(self.name), *self.aliases)

    def form(self, place: int) -> Alias:
        """The surface form of a place among `forms`."""
        return self.aliases[place - 1] if place else Alias(self.name)


# --- the matcher's side -----------------------------------------------------------------------------


class Decision(StrEnum):
    """The three answers of a matcher (Fellegi and Sunter 1969)."""

    MATCH = "match"
    REVIEW = "review"
    NIL = "nil"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of a text in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it was met.

    Attributes:
        surface: The name as written.
        type: What it is known to be, if anything; text is read as `EntityType.parse` does.
        context: Other names and titles met with it.
    """

    surface: str
    type: EntityType | None = None
    context: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.type is not None and not isinstance(self.type, EntityType):
            object.__setattr__(self, "type", EntityType.parse(self.type))
        if not isinstance(self.context, tuple):
            object.__setattr__(self, "context", tuple(self.context))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against, as data.

    Attributes:
        feature: What was looked at ("spelling", "sound", "title-before" …).
        value: How much of it there was, 0 to 1.
        weight: What it counts for; below 0 it speaks against.
        query: The part of the mention, or of the draft, that was looked at.
        name: The part of the registry's form it was held against, if any.
    """

    feature: str
    value: float
    weight: float
    query: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How like two names are.

    Attributes:
        score: 0 to 1.
        evidence: What the score is made of.
    """

    score: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a mention may mean, by its form that is nearest to the mention."""

    entity: Entity
    alias: Alias
    score: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """The matcher's answer for one mention.

    Attributes:
        mention: What was asked.
        decision: Match, review or nil.
        candidates: Who came near, best first, each entity once.
        margin: Score of the first candidate over the second; None with fewer than two.
    """

    mention: Mention
    decision: Decision
    candidates: tuple[Candidate, ...] = ()
    margin: float | None = None

    @property
    def entity(self) -> Entity | None:
        """The entity meant, when the decision is a match."""
        return self.candidates[0].entity if self.decision is Decision.MATCH else None

    @property
    def score(self) -> float:
        """The first candidate's score; 0 without any."""
        return self.candidates[0].score if self.candidates else 0.0


# --- the checker's side -----------------------------------------------------------------------------


class Paragraph(NamedTuple):
    """A paragraph of a draft that has paragraphs in place of lines, such as a Word file.

    Attributes:
        start: Where its text begins in the document's text.
        part: The part of the file that it is in ("word/document.xml", "word/footnotes.xml").
        number: Which paragraph of that part it is, from 1; empty ones count.
    """

    start: int
    part: str
    number: int

    @property
    def label(self) -> str:
        """The paragraph for people: "¶12" in the body, "header1 ¶2" elsewhere."""
        story = self.part.rpartition("/")[2].removesuffix(".xml")
        return f"¶{self.number}" if story == "document" else f"{story} ¶{self.number}"


class Signature(NamedTuple):
    """Who changes a draft, and when, for formats that record it.

    Attributes:
        author: A name.
        date: Local time as in ISO 8601, to the second, with a Z, as Word writes it ("2026-11-23T17:05:00Z").
    """

    author: str
    date: str


@dataclass(frozen=True, slots=True)
class Document:
    """A draft, read.

    Attributes:
        name: The file as the user named it; "-" is standard input.
        text: The source as decoded, without a byte order mark, markup and line ends included.
        blocks: The stretches of `text` that are prose to check, in order.
        encoding: The codec that made `text` of the bytes, and makes the bytes of a corrected text.
        bom: The byte order mark that stood before it, if any.
        markup: What does not read as it stands inside the blocks, in order.
        escapes: What cannot stand in `text` as it is, and how it is written there.
        paragraphs: What its places are told by, in order; none where they are told by lines.
        edits: What was written into the text since it was read, at its places in the text as read.
        scope: What of it is to be judged.
    """

    name: str
    text: str
    blocks: tuple[Span, ...]
    encoding: str = "utf-8"
    bom: bytes = b""
    markup: tuple[Markup, ...] = ()
    escapes: Escapes = ()
    paragraphs: tuple[Paragraph, ...] = ()
    edits: tuple[Edit, ...] = ()
    scope: Scope = WHOLE

    def paragraph(self, offset: int) -> Paragraph | None:
        """The paragraph that a place is in, where the draft has such."""
        at = bisect_right(self.paragraphs, offset, key=lambda paragraph: paragraph.start)
        return self.paragraphs[at - 1] if at else None

    def readable(self) -> Readable:
        """All that is prose, as it reads, with the way to the places in `text` and back."""
        return Readable(self.text, [(block.start, block.end) for block in self.blocks], self.markup)

    def read(self, start: int, end: int) -> str:
        """What a part of the text reads as; neither end may be inside of markup."""
        if not self.markup:
            return self.text[start:end]
        return "".join(piece.reads for piece in stretches(self.text, start, end, self.markup))

    def rewrites(self, finding: Finding) -> list[Rewrite]:
        """The changes of the text that a finding's fix comes to; none where only a person can decide."""
        wanted, span = finding.fix.replacement, finding.span
        if wanted is None:
            return []
        return rewrites(self.text, span.start, span.end, wanted, self.markup, self.escapes)

    def with_fixes(self, findings: Sequence[Finding]) -> Document:
        """The same draft with fixes written into it, its blocks, markup and paragraphs moved along.

        Args:
            findings: Whose fixes to write, in order of their places; they do not overlap.
        """
        changes = [change for finding in findings for change in self.rewrites(finding)]
        edits = [Edit(change.start, change.end, change.text) for change in changes]
        places = [edit.start for edit in edits]
        shifts = [0, *accumulate(edit.growth for edit in edits)]

        def moved(offset: int) -> int:
            return offset + shifts[bisect_left(places, offset)]

        def stays(piece: Markup) -> bool:
            before = bisect_left(places, piece.end) - 1
            return before < 0 or changes[before].end <= piece.start

        markup = [
            Markup(moved(piece.start + 1) - 1, moved(piece.end), piece.reads)
            for piece in self.markup
            if stays(piece)
        ]
        for change, shift in zip(changes, shifts, strict=False):
            first = change.start + shift
            markup += [Markup(first + start, first + end, reads) for start, end, reads in change.markup]
        return replace(
            self,
            text=applied(self.text, changes),
            blocks=tuple(Span(moved(block.start), moved(block.end)) for block in self.blocks),
            markup=tuple(sorted(markup)),
            paragraphs=tuple(item._replace(start=moved(item.start)) for item in self.paragraphs),
            edits=composed(self.edits, self.text, edits),
            scope=self.scope.moved(moved),
        )

    @classmethod
    def of_text(cls, text: str, name: str = "-") -> Document:
        """A draft that is all prose, from a text at hand."""
        return cls(name, text, (Span(0, len(text)),))


class Applicability(StrEnum):
    """Who may write a fix into the draft."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


@dataclass(frozen=True, slots=True)
class Fix:
    """What would be written in place of a finding's span.

    Attributes:
        replacement: The new text; None where only a person can decide.
        applicability: `SAFE` goes in with --fix, `UNSAFE` on demand, `DISPLAY` never by itself.
    """

    replacement: str | None
    applicability: Applicability


@dataclass(frozen=True, slots=True)
class Finding:
    """One place of a draft where a name is wrong, or may be.

    Attributes:
        span: The place, in code points of the document's text.
        surface: The name as it stands there, readable.
        rule: The word id of the rule ("misspelled-name").
        message: One line for the editor: what and why.
        candidates: Whom it may mean, best first.
        score: How sure the finding is, 0 to 1.
        evidence: What it rests on, from the names and from the draft.
        fix: What to write.
        level: How much it weighs, as its rule or the user says.
    """

    span: Span
    surface: str
    rule: str
    message: str
    candidates: tuple[Candidate, ...]
    score: float
    evidence: tuple[Evidence, ...]
    fix: Fix
    level: Level = Level.WARNING
