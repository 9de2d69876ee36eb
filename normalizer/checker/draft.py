"""A draft as the rules see it: its words, how they are joined, where sentences and headlines are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from functools import cached_property
from typing import Final

from normalizer.checker.masks import masked_spans
from normalizer.model import Document, Span
from normalizer.text.gaps import IN_ONE_NAME, STARTS, Gap, gap_between
from normalizer.text.tokens import Token, tokenize

_LONGEST_HEADLINE: Final = 18


class Draft:
    """The words of a document and their surroundings, read once.

    Attributes:
        document: What was read.
        text: Its text as it reads; the places of tokens are those in it.
        blocks: The stretches of that text that are prose of their own.
        tokens: Its words in order, those in URLs and the like left out.
        gaps: How each word is joined to the one before it.
        words: The keys of the words.
        capitalised: Which of the words begin with a capital.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._readable = document.readable()
        self.text = self._readable.text
        self.tokens: list[Token] = []
        self.gaps: list[Gap] = []
        self.blocks = [Span(*place) for place in self._readable.blocks]
        for block in self.blocks:
            position = block.start
            first_of_block = True
            for mask in [*masked_spans(self.text, block), Span(block.end, block.end)]:
                last = None
                for token in tokenize(self.text, position, mask.start):
                    if last is None:
                        gap = self._after_mask(token, first_of_block)
                        first_of_block = False
                    else:
                        gap = gap_between(self.text, last, token)
                    self.gaps.append(gap)
                    self.tokens.append(token)
                    last = token
                position = max(position, mask.end)
        self.words = [token.key for token in self.tokens]
        self.capitalised = [token.is_capitalised for token in self.tokens]

    def _after_mask(self, token: Token, first_of_block: bool) -> Gap:
        if first_of_block or not self.tokens:
            return Gap.SENTENCE
        between = self.text[self.tokens[-1].end : token.start]
        return Gap.SENTENCE if between.rstrip()[-1:] in (".", "!", "?") else Gap.OTHER

    @cached_property
    def _sentences(self) -> list[int]:
        """Places of the words that begin a sentence."""
        return [place for place, gap in enumerate(self.gaps) if gap in STARTS]

    def begins_sentence(self, place: int) -> bool:
        """Whether a word begins a sentence, where a capital says nothing."""
        return self.gaps[place] in STARTS

    def sentence(self, place: int) -> range:
        """The places of the words of the sentence that a word is in."""
        at = bisect_right(self._sentences, place) - 1
        stop = self._sentences[at + 1] if at + 1 < len(self._sentences) else len(self.tokens)
        return range(self._sentences[at], stop)

    def is_headline(self, place: int) -> bool:
        """Whether a word stands in a line of capitals, or a title-cased one, where case says nothing."""
        return self._sentences[bisect_right(self._sentences, place) - 1] in self._headlines

    @cached_property
    def _headlines(self) -> frozenset[int]:
        found = []
        for at, start in enumerate(self._sentences):
            stop = self._sentences[at + 1] if at + 1 < len(self._sentences) else len(self.tokens)
            long_words = [token for token in self.tokens[start:stop] if len(token.text) > 3]
            capitals = sum(token.is_capitalised for token in long_words)
            last = self.tokens[stop - 1]
            behind = self.text[last.end + len(last.suffix) : last.end + len(last.suffix) + 1]
            if behind == "." and not all(token.is_all_caps for token in long_words):
                continue  # headlines have no full stop
            if 2 <= len(long_words) <= _LONGEST_HEADLINE and capitals >= 0.8 * len(long_words):
                found.append(start)
        return frozenset(found)

    def reach(
        self,
        start: int,
        longest: int,
        gaps: Collection[Gap] = IN_ONE_NAME,
        over_possessives: bool = False,
    ) -> int:
        """How far a name that begins at a word may go: the place behind its last possible word.

        Args:
            start: Place of its first word.
            longest: Most words it may have.
            gaps: How its words may be joined.
            over_possessives: Whether possessives may stand inside it (People's Party).
        """
        stop = min(start + longest, len(self.tokens))
        for place in range(start + 1, stop):
            if self.gaps[place] not in gaps or (self.tokens[place - 1].suffix and not over_possessives):
                return place
        return stop

    def key(self, start: int, stop: int, with_last_suffix: bool = False) -> str:
        """The folded words of a stretch, possessives inside it written on; the last one's if asked for."""
        words = [
            token.key + "s" if len(token.suffix) > 1 else token.key for token in self.tokens[start : stop - 1]
        ]
        last = self.tokens[stop - 1]
        return " ".join([*words, last.key + "s" if with_last_suffix else last.key])

    def span(self, start: int, stop: int) -> Span:
        """The stretch of the document's text that words cover, the last one's possessive ending left out."""
        return self.in_source(self.tokens[start].start, self.tokens[stop - 1].end)

    def in_source(self, start: int, end: int) -> Span:
        """The stretch of the document's text that a stretch of `text` stands for."""
        return Span(*self._readable.in_source(start, end))

    def surface(self, start: int, stop: int) -> str:
        """The text that words cover, on one line."""
        return " ".join(self.text[self.tokens[start].start : self.tokens[stop - 1].end].split())
