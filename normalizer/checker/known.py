"""The registry's own forms in a draft: which stand right, which in the wrong case, which are mere words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from normalizer.checker.draft import Draft
from normalizer.index import Form, Index
from normalizer.index.scan.guards import is_near, starts_alike
from normalizer.lexicon import Lexicon
from normalizer.model import Alias, AliasKind, EntityType
from normalizer.text.case import cased_letters, is_all_caps
from normalizer.text.folding import fold
from normalizer.text.gaps import BETWEEN_WORDS, LOOSE_GAPS, Gap

LONGEST_FORM: Final = 12
"""Words of the longest form looked for in running text."""
SMALL_WORDS: Final = frozenset(
    (
        "of the for and in on at de la le du des der den del della di da do dos e y et von van zu al el "
        "bin ibn ben abu"
    ).split()
)
"""Words that stand inside names and are no names by themselves."""
_SHORTEST_PART: Final = 3


class Standing(Enum):
    """How a known form stands in the text."""

    RIGHT = "right"
    WRONG_CASE = "wrong-case"
    MISSPELLING = "misspelling"


@dataclass(frozen=True, slots=True)
class Known:
    """A known form in a draft.

    Attributes:
        start: Place of its first word.
        stop: Place behind its last word.
        forms: The forms it may be, of one or more entities.
        standing: Whether it is right.
        is_sure: Whether it cannot be an ordinary word: it proves that its entity is spoken of.
    """

    start: int
    stop: int
    forms: tuple[Form, ...]
    standing: Standing
    is_sure: bool


class KnownForms:
    """Finds known forms, the longest first, from left to right.

    Attributes:
        mentions: What was found, in order; they do not overlap.
        parts: Words of persons' full names that stand in the draft, as forms of their own: who was
            introduced as Olaf Scholz is Scholz from then on.
    """

    def __init__(self, draft: Draft, index: Index, lexicon: Lexicon) -> None:
        self._draft, self._index, self._lexicon = draft, index, lexicon
        self.parts: dict[str, tuple[Form, ...]] = {}
        self._longest = self._longest_forms()
        self._judged: dict[int, Known | None] = {}
        self.mentions = self._scan()
        self._add_parts()
        if self.parts:
            self.mentions = self._scan()

    def forms_of(self, key: str) -> tuple[Form, ...]:
        """The forms of a key: those of the registry, or the names of those introduced in full."""
        return self._index.exact(key) or self.parts.get(key, ())

    def _longest_forms(self) -> dict[int, int]:
        """The places where forms may begin, and how many words the longest has that begins with the word."""
        draft = self._draft
        longest = {word: self._index.longest_from(word) for word in dict.fromkeys(draft.words)}
        found = {place: longest[word] for place, word in enumerate(draft.words) if longest[word]}
        for place, token in enumerate(draft.tokens):
            if len(token.suffix) > 1 and (size := self._index.longest_from(token.key + "s")):
                found[place] = max(longest[token.key], size)
        return found

    def _scan(self) -> list[Known]:
        """All mentions; words that are no part are judged once."""
        words, gaps = self._draft.words, self._draft.gaps
        hyphenated = {place - 1 for place, gap in enumerate(gaps) if gap is Gap.LINE_HYPHEN}
        parts = {place for place, word in enumerate(words) if word in self.parts} if self.parts else set()
        found: list[Known] = []
        free = 0
        for place in sorted({*self._longest, *hyphenated, *parts}):
            if place < free:
                continue
            if place in parts or place in hyphenated or place not in self._judged:
                self._judged[place] = self._at(place)
            known = self._judged[place]
            if known is not None:
                found.append(known)
                free = known.stop
        return found

    def _at(self, start: int) -> Known | None:
        """The longest known form that begins at a word and counts there."""
        words, reach = self._draft.words, self._reach(start)
        for stop in range(reach, start, -1):
            for whole in (True, False) if len(self._draft.tokens[stop - 1].suffix) > 1 else (False,):
                forms = self._index.exact(self._draft.key(start, stop, with_last_suffix=whole))
                if Gap.COMMA in self._draft.gaps[start + 1 : stop]:
                    forms = tuple(form for form in forms if "," in form.alias.name)
                if not forms and stop == start + 1 and not whole:
                    forms = self.parts.get(words[start], ())
                if forms and (known := self._judge(start, stop, forms, whole)) is not None:
                    return known
        return self._hyphenated(start)

    def _reach(self, start: int) -> int:
        """How far a form may go that begins at a word."""
        draft = self._draft
        longest = max(1, min(self._longest.get(start, 0), LONGEST_FORM))
        reach = draft.reach(start, longest, LOOSE_GAPS, over_possessives=True)
        for stop in range(start + 2, reach):
            is_possessive = len(draft.tokens[stop - 1].suffix) > 1
            if not self._index.goes_on(draft.key(start, stop, with_last_suffix=is_possessive)):
                return stop
        return reach

    def _continues_line(self, start: int) -> bool:
        return start + 1 < len(self._draft.gaps) and self._draft.gaps[start + 1] is Gap.LINE_HYPHEN

    def _hyphenated(self, start: int) -> Known | None:
        """A form that is hyphenated over a line end."""
        if not self._continues_line(start):
            return None
        key = self._draft.words[start] + self._draft.words[start + 1]
        forms = self._index.exact(key) or self.parts.get(key, ())
        return Known(start, start + 2, forms, Standing.RIGHT, True) if forms else None

    def _judge(self, start: int, stop: int, forms: tuple[Form, ...], is_whole: bool) -> Known | None:
        """How a form stands at its place; None when it is an ordinary word there.

        Args:
            start: Place of its first word.
            stop: Place behind its last word.
            forms: The forms of that key.
            is_whole: Whether the possessive ending is part of the form (McDonald’s).
        """
        draft = self._draft
        surface = draft.text[draft.tokens[start].start : draft.tokens[stop - 1].end]
        if is_whole:
            surface += draft.tokens[stop - 1].suffix
        counting = tuple(form for form in forms if self._guard_holds(form, start, stop, surface))
        if not counting:
            return None
        is_words = all(
            word in self._lexicon.words or len(word) < _SHORTEST_PART for word in draft.words[start:stop]
        )
        free_capital = draft.begins_sentence(start) or draft.is_headline(start)
        right = tuple(form for form in counting if self._case_is_right(surface, form.alias, free_capital))
        is_judged_word = self._index.is_word(forms[0].key)
        if right:
            if all(form.alias.kind is AliasKind.MISSPELLING for form in right):
                if is_judged_word:
                    return None
                return Known(start, stop, right, Standing.MISSPELLING, is_sure=True)
            printable = tuple(form for form in right if form.alias.kind.is_printable)
            sure = not is_words or (stop - start > 1 and not draft.is_headline(start))
            return Known(start, stop, printable, Standing.RIGHT, is_sure=sure)
        if (
            is_whole
            or is_judged_word
            or self._hangs_on_capital(start)
            or (is_words and not self._introduced(start, counting))
        ):
            return None
        if max(len(word) for word in draft.words[start:stop]) < _SHORTEST_PART:
            return None
        wrong = tuple(form for form in counting if form.alias.kind.is_printable)
        return Known(start, stop, wrong, Standing.WRONG_CASE, is_sure=False) if wrong else None

    def _hangs_on_capital(self, start: int) -> bool:
        """Whether a word is the second half of another name (the lai of Siu-lai)."""
        draft = self._draft
        return draft.gaps[start] is Gap.HYPHEN and draft.tokens[start - 1].is_capitalised

    def _case_is_right(self, surface: str, alias: Alias, free_capital: bool) -> bool:
        """Whether a surface has the capitals of a form, or such as print allows instead.

        Capitals throughout are right everywhere, one more capital at the head of a sentence or headline, an
        acronym written as a word (Nato, Unesco), another case of common words in a name whose other words
        are right (Aviamotornaya street, University Of Leeds), and any case behind a hyphen.
        """
        if surface == alias.name or is_all_caps(surface):
            return True
        given, wanted = cased_letters(surface), cased_letters(alias.name)
        if given == wanted:
            return True
        if wanted.isupper() and len(wanted) > 3 and given[:1].isupper() and given[1:].islower():
            return True
        if free_capital and given[:1].isupper() and given[1:] == wanted[1:]:
            return True
        words = [cased_letters(word) for word in surface.split()]
        model = [cased_letters(word) for word in alias.name.split()]
        if len(words) != len(model):
            return False
        differing = [(a, b) for a, b in zip(words, model, strict=True) if a != b]
        return len(differing) < len(words) and all(
            fold(b) in self._lexicon.words or len(b) <= 3 or _same_but_behind_hyphen(a, b, alias.name)
            for a, b in differing
        )

    def _introduced(self, start: int, forms: tuple[Form, ...]) -> bool:
        """Whether a title or given name before a word says that it is a person's name ("President bush")."""
        if start == 0 or self._draft.begins_sentence(start) or self._draft.gaps[start] not in BETWEEN_WORDS:
            return False
        if not any(form.entity.type is EntityType.PERSON for form in forms):
            return False
        before = self._draft.tokens[start - 1]
        given = {word for form in forms for word in fold(form.entity.name).split()[:1]}
        return before.is_capitalised and (before.key in self._lexicon.titles or before.key in given)

    def _guard_holds(self, form: Form, start: int, stop: int, surface: str) -> bool:
        guard = form.alias.guard
        if guard is None:
            return True
        if guard.cased and not starts_alike(surface, form.alias.name):
            return self._introduced(start, (form,))
        return not guard.near or is_near(
            guard, {self._draft.words[place] for place in self._draft.sentence(start)}
        )

    def _add_parts(self) -> None:
        """Take the surnames and given names of the persons named in full."""
        parts: dict[str, list[Form]] = {}
        for known in self.mentions:
            if known.standing is not Standing.RIGHT or known.stop - known.start < 2:
                continue
            for form in known.forms:
                if form.entity.type is not EntityType.PERSON:
                    continue
                for word in form.alias.name.replace("-", " ").split():
                    key = fold(word)
                    is_small = len(key) < _SHORTEST_PART or key in SMALL_WORDS
                    if is_small or not word[0].isupper() or self._index.exact(key):
                        continue
                    part = Form(form.entity, Alias(word.strip(".,"), AliasKind.SHORT), key)
                    if part not in parts.setdefault(key, []):
                        parts[key].append(part)
        self.parts = {key: tuple(forms) for key, forms in sorted(parts.items())}


def _same_but_behind_hyphen(given: str, wanted: str, name: str) -> bool:
    """Whether two words differ in the case of letters behind a hyphen only (Hee-Chan, Hee-chan)."""
    return "-" in name and given[:1] == wanted[:1]
